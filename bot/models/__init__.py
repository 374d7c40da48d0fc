"""Chat models: the protocol that all share, and what flows through it. Each implementation has a file of its own."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.answer import Source, Waiting
from bot.question import Question


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is given: the (condensed) question with its turns, and the Sources, best first.

    A model that cannot take all of it drops Sources from the end; the numbers of the others stay.
    """

    question: Question
    sources: Sequence[Source]
    likelihood: float = 1.0
    """That the Sources hold an answer, as it was judged before any model was asked."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat completion, as every provider takes it."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """The provider's own figures for one completion; None where it gives none. Times are seconds."""

    model: str
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    queue: float | None = None
    completion_seconds: float | None = None
    paced: float = 0.0
    """What the question waited in our own queue, before it was sent."""


@dataclass(frozen=True, slots=True)
class Switched:
    """From here on `model` writes the answer; whatever was streamed before is void.

    Comes first in every stream of a chain. `reason` is for people: why not an earlier model, or why once more; empty
    where the chain's first choice simply answers.
    """

    model: str
    reason: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about this answer that people must be told beside it, e.g. that it was cut at the limit."""

    text: str


ModelEvent = Token | Usage | Waiting | Switched | Remark


class ChatModel(Protocol):
    """Writes a draft from a Prompt.

    Raises `bot.errors.GenerationError` (a subclass says what happened). A stream that breaks off raises; it never just
    ends. Closing the generator (`contextlib.aclosing`) stops the request: a deleted question costs nothing more.
    """

    @property
    def name(self) -> str:
        """Shown under every answer, e.g. `groq/openai/gpt-oss-20b`."""
        ...

    def stream(self, prompt: Prompt) -> AsyncGenerator[ModelEvent, None]: ...
