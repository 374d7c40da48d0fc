"""Small real implementations of the seams, fed by the test; each keeps what it was called with."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.answer import Answer, Retrieved, Source
from bot.errors import GenerationError
from bot.models import Message, ModelEvent, Prompt, Token
from bot.question import Question
from ingest.documents import Document


def document(name: str = "handbook.pdf", **changes: object) -> Document:
    """A document of workspace `local` that everybody there may read."""
    values: dict[str, object] = {
        "id": hashlib.sha256(name.encode()).hexdigest()[:32],
        "workspace": "local",
        "scope": "workspace",
        "name": name,
        "title": name.removesuffix(".pdf").title(),
        "source": f"/{name}",
        "content_sha256": hashlib.sha256(name.encode()).hexdigest(),
        "pages": 12,
        "pages_without_text": (),
        "pages_by_ocr": (),
        "chunks": 24,
        "opening": "",
        "uploader": "",
        "link": "",
        "indexed_at": datetime(2026, 1, 5, tzinfo=UTC),
    }
    return Document(**{**values, **changes})  # type: ignore[arg-type]


def source(number: int, text: str, page: int = 0, **changes: object) -> Source:
    """A Source of `handbook.pdf`; its page is its number unless told."""
    page = page or number
    values: dict[str, object] = {
        "number": number,
        "document": document(),
        "page": page,
        "label": str(page),
        "text": text,
        "page_text": text,
        "score": 0.9,
    }
    return Source(**{**values, **changes})  # type: ignore[arg-type]


@dataclass
class FakeRetriever:
    """Finds the same Sources for every question."""

    sources: Sequence[Source] = ()
    nearest: Sequence[Source] = ()
    calls: list[Question] = field(default_factory=list)

    async def retrieve(self, question: Question) -> Retrieved:
        self.calls.append(question)
        return Retrieved(tuple(self.sources), tuple(self.nearest))

    async def documents(self, question: Question) -> Sequence[Document]:
        return tuple({each.document.id: each.document for each in self.sources}.values())


@dataclass
class FakeChatModel:
    """Streams what it is given: strings become Tokens, errors are raised."""

    events: Sequence[str | ModelEvent | GenerationError]
    name: str = "fake/model"
    delay: float = 0.0
    calls: list[Prompt] = field(default_factory=list)
    closed: int = 0

    async def stream(self, prompt: Prompt) -> AsyncGenerator[ModelEvent, None]:
        self.calls.append(prompt)
        try:
            for event in self.events:
                await asyncio.sleep(self.delay)
                if isinstance(event, GenerationError):
                    raise event
                yield Token(event) if isinstance(event, str) else event
        finally:
            self.closed += 1


@dataclass
class FakeShortCompletion:
    """Says what it is told to, after a while."""

    says: str | Exception = ""
    seconds: float = 0.0
    calls: list[Sequence[Message]] = field(default_factory=list)

    async def complete(self, messages: Sequence[Message], max_tokens: int) -> str:
        self.calls.append(messages)
        await asyncio.sleep(self.seconds)
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


class SameQuestion:
    """A Condenser and a Translator that leave every question as it is."""

    async def condense(self, question: Question) -> Question:
        return question

    async def translate(self, question: Question, documents: Sequence[Document]) -> Question | None:
        return None


@dataclass
class FakeReply:
    """Keeps what was shown, with the time, and the answer."""

    interval: float = 0.0
    slowness: float = 0.0
    shown: list[tuple[float, str]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    async def show(self, text: str) -> None:
        await asyncio.sleep(self.slowness)
        self.shown.append((asyncio.get_running_loop().time(), text))

    async def finish(self, answer: Answer) -> None:
        self.answers.append(answer)

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.shown]
