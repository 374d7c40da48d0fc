"""The core that all hosted models share: one chat completion, opened by an SDK, read as ModelEvents.

`groq` and `openai` have objects of the same shape, so only opening a stream differs (`groq.py`,
`openai_compatible.py`); what the chunks, headers and errors mean stands here and in `failures.py`. Neither SDK is
imported here.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Protocol

from bot.errors import BrokenStreamError, GenerationTimeoutError
from bot.models import Message, Remark, Switched, Token, Usage
from bot.models.failures import ParameterRefused, failure_of
from bot.models.reading import Reading, SdkObject, number

CONNECT_SECONDS = 5.0
SDK_SECONDS = 1_800.0
"""Longer than any wait of ours: who decides that a model is silent is this room, not the SDK."""
LIST_SECONDS = 10.0
LONGEST_ANSWER_SECONDS = 900.0
"""A stream that dribbles on for this long is ended, however lively it is."""


@dataclass(frozen=True, slots=True)
class Completion:
    """One request, in the words that all providers share."""

    model: str
    messages: Sequence[Message]
    max_tokens: int
    stop: tuple[str, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)
    """Parameters of this provider or family."""


@dataclass(frozen=True, slots=True)
class Silence:
    """For how many seconds a model may say nothing: before its first word, and between two."""

    first: float = 60.0
    between: float = 60.0


@dataclass(frozen=True, slots=True)
class Served:
    """One model on a provider's list."""

    id: str
    created: float = 0.0
    context: int | None = None
    max_completion: int | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A stream whose headers have arrived."""

    headers: Mapping[str, str]
    chunks: AsyncIterator[SdkObject]


class Host(Protocol):
    """One provider behind its SDK. Requests are never repeated by the SDK: pacing and the chain decide that."""

    @property
    def provider(self) -> str: ...

    @property
    def label(self) -> str:
        """What people call it, e.g. `Groq`."""
        ...

    @property
    def failures(self) -> tuple[type[Exception], ...]:
        """What the SDK and its HTTP library raise."""
        ...

    async def ready(self) -> None:
        """Import the SDK, which takes a second or two, so that no question's clock pays for it."""
        ...

    async def open(self, completion: Completion, refused: Mapping[str, str | None]) -> Opened:
        """Send the request; parameters in `refused` are left out, or sent under the other name given there."""
        ...

    async def served(self) -> tuple[Served, ...]: ...

    async def aclose(self) -> None: ...


def name_of(host: Host, model: str) -> str:
    """Return what people call a model of this host."""
    return f"{host.provider}/{short_name(model)}"


def short_name(model: str) -> str:
    """Return an id without what nobody needs to read: Google's prefix, or the folder that llama.cpp's file lies in."""
    is_path = model.startswith(("/", "\\", ".", "~")) or model[1:3] in (":/", ":\\")
    return re.split(r"[/\\]", model)[-1] if is_path else model.removeprefix("models/")


async def create(client: SdkObject, completion: Completion, length: str, refused: Mapping[str, str | None]) -> Opened:
    """Send a completion with either SDK's client; `length` is what this provider calls the longest completion."""
    optional: dict[str, object] = {
        length: completion.max_tokens,
        "temperature": 0.0,
        "stream_options": {"include_usage": True},
        **({"stop": list(completion.stop)} if completion.stop else {}),
        **completion.extra,
    }
    named = ((refused.get(name, name), value) for name, value in optional.items())
    stream = await client.chat.completions.create(
        model=completion.model,
        messages=[{"role": message.role, "content": message.content} for message in completion.messages],
        stream=True,
        extra_body={name: value for name, value in named if name is not None},
    )
    return Opened(stream.response.headers, stream)


async def list_served(client: SdkObject) -> tuple[Served, ...]:
    """Read the list of models with either SDK's client; of all fields only `id` is sure to be there."""
    listed = await client.models.list(timeout=LIST_SECONDS)
    return tuple(
        Served(
            id=str(model.id),
            created=number(model, "created") or 0.0,
            context=_context(model),
            max_completion=int(number(model, "max_completion_tokens") or 0) or None,
        )
        for model in listed.data or ()
        if getattr(model, "active", True) is not False
    )


def _context(model: SdkObject) -> int | None:
    """Return the context length, under the names that Groq, vLLM and llama.cpp have for it."""
    meta = getattr(model, "meta", None)
    known = number(model, "context_window") or number(model, "max_model_len") or number(meta, "n_ctx")
    return int(known) if known else None


async def open_stream(host: Host, completion: Completion, silence: Silence, refused: dict[str, str | None]) -> Opened:
    """Send a request and return at its headers; a parameter that the host refuses is remembered and dropped."""
    await host.ready()
    for _ in range(4):
        try:
            async with asyncio.timeout(silence.first):
                return await host.open(completion, refused)
        except TimeoutError as error:
            raise _silent(host, completion.model) from error
        except host.failures as error:
            failure = failure_of(error, host.label, short_name(completion.model))
            if isinstance(failure, ParameterRefused) and failure.name not in refused:
                refused[failure.name] = failure.instead
                continue
            raise failure from error
    raise BrokenStreamError(f"{host.label} did not accept the request for {short_name(completion.model)}.")


async def read_stream(
    host: Host, opened: Opened, completion: Completion, silence: Silence
) -> AsyncGenerator[Token | Usage | Remark | Switched, None]:
    """Yield the visible text, then remarks and the usage. A stream without a proper end raises BrokenStreamError."""
    reading = Reading(name_of(host, completion.model))

    def may_be_silent() -> float:
        return silence.between if reading.has_begun else silence.first

    async with aclosing(_chunks(host, opened, completion.model, may_be_silent)) as chunks:
        async for chunk in chunks:
            for event in reading.take(chunk):
                yield event
            if reading.is_over:
                break
    for last in reading.end(host.label):
        yield last


def _silent(host: Host, model: str) -> GenerationTimeoutError:
    return GenerationTimeoutError(f"{host.label}'s {short_name(model)} did not answer in time.")


async def _chunks(
    host: Host, opened: Opened, model: str, may_be_silent: Callable[[], float]
) -> AsyncGenerator[SdkObject, None]:
    """Yield the SDK's chunks; silence, a lost connection and errors inside the stream become errors of ours."""
    loop = asyncio.get_running_loop()
    latest = loop.time() + LONGEST_ANSWER_SECONDS
    iterator = aiter(opened.chunks)
    try:
        while True:
            try:
                async with asyncio.timeout_at(min(loop.time() + may_be_silent(), latest)):
                    chunk = await anext(iterator)
            except StopAsyncIteration:
                return
            yield chunk
    except TimeoutError as error:
        raise _silent(host, model) from error
    except host.failures as error:
        raise failure_of(error, host.label, short_name(model), streaming=True) from error
    finally:
        with suppress(*host.failures):
            await _close(opened.chunks)


async def _close(chunks: AsyncIterator[SdkObject]) -> None:
    close = getattr(chunks, "close", None) or getattr(chunks, "aclose", None)
    if close is not None:
        await close()
