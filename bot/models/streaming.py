"""The core that all hosted models share: one chat completion, opened by an SDK, read as ModelEvents.

`groq` and `openai` have objects of the same shape, so only opening a stream differs (`groq.py`,
`openai_compatible.py`); what the chunks, headers and errors mean stands here and in `failures.py`. Neither SDK is
imported here.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.errors import BrokenStreamError, GenerationError, GenerationRefusedError, GenerationTimeoutError
from bot.models import Message, Remark, Switched, Token, Usage
from bot.models.failures import ParameterRefused, failure_of
from bot.models.visible import VisibleText

SdkObject = Any
"""An object of either SDK: the same attributes, different classes."""

CONNECT_SECONDS = 5.0
LIST_SECONDS = 10.0
LONGEST_ANSWER_SECONDS = 900.0
"""A stream that dribbles on for this long is ended, however lively it is."""

_CUT = frozenset({"length", "max_tokens"})
_REFUSED = frozenset({"content_filter", "safety", "recitation", "blocklist", "prohibited_content", "spii"})

CUT_REMARK = "The answer was cut at its length limit."
HIDDEN_REMARK = "The end of the answer was the model's own reasoning and was left out."


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
    """Return what people call a model: Google lists `models/gemma-…`, and answers to either."""
    return f"{host.provider}/{model.removeprefix('models/')}"


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
            created=_number(model, "created") or 0.0,
            context=_context(model),
            max_completion=_whole(_number(model, "max_completion_tokens"), None),
        )
        for model in listed.data or ()
        if getattr(model, "active", True) is not False
    )


def _context(model: SdkObject) -> int | None:
    """Return the context length, under the names that Groq, vLLM and llama.cpp have for it."""
    meta = getattr(model, "meta", None)
    for number in (_number(model, "context_window"), _number(model, "max_model_len"), _number(meta, "n_ctx")):
        if number:
            return int(number)
    return None


async def open_stream(host: Host, completion: Completion, seconds: float, refused: dict[str, str | None]) -> Opened:
    """Send a request and return at its headers; a parameter that the host refuses is remembered and dropped."""
    await host.ready()
    for _ in range(4):
        try:
            async with asyncio.timeout(seconds):
                return await host.open(completion, refused)
        except TimeoutError as error:
            raise silent(host, completion.model) from error
        except host.failures as error:
            failure = failure_of(error, host.label, completion.model)
            if isinstance(failure, ParameterRefused) and failure.name not in refused:
                refused[failure.name] = failure.instead
                continue
            raise failure from error
    raise BrokenStreamError(f"{host.label} did not accept the request for {completion.model}.")


async def read_stream(
    host: Host, opened: Opened, completion: Completion, seconds: float
) -> AsyncGenerator[Token | Usage | Remark | Switched, None]:
    """Yield the visible text, then remarks and the usage. A stream without a proper end raises BrokenStreamError."""
    visible, end = VisibleText(), _End(name_of(host, completion.model))
    shown = False
    async for chunk in _chunks(host, opened, completion.model, seconds):
        text = end.take(chunk)
        if not text:
            continue
        piece = visible.feed(text)
        if piece.void and shown:
            shown = False
            yield Switched(end.name, "")
        if piece.text:
            shown = True
            yield Token(piece.text)
    end.check(host.label)
    if rest := visible.close():
        shown = True
        yield Token(rest)
    if not shown:
        failure = GenerationError if end.finish in _CUT else BrokenStreamError
        raise failure(f"{host.label}'s {completion.model} gave no answer, only reasoning or nothing.")
    if end.finish in _CUT:
        yield Remark(CUT_REMARK)
    elif visible.hidden_at_end:
        yield Remark(HIDDEN_REMARK)
    yield end.usage


def silent(host: Host, model: str) -> GenerationTimeoutError:
    return GenerationTimeoutError(f"{host.label}'s {model} did not answer in time.")


async def _chunks(host: Host, opened: Opened, model: str, seconds: float) -> AsyncIterator[SdkObject]:
    """Yield the SDK's chunks; silence, a lost connection and errors inside the stream become errors of ours."""
    loop = asyncio.get_running_loop()
    latest = loop.time() + LONGEST_ANSWER_SECONDS
    iterator = aiter(opened.chunks)
    try:
        while True:
            try:
                async with asyncio.timeout_at(min(loop.time() + seconds, latest)):
                    chunk = await anext(iterator)
            except StopAsyncIteration:
                return
            yield chunk
    except TimeoutError as error:
        raise silent(host, model) from error
    except host.failures as error:
        raise failure_of(error, host.label, model, streaming=True) from error
    finally:
        with suppress(*host.failures):
            await _close(opened.chunks)


async def _close(chunks: AsyncIterator[SdkObject]) -> None:
    close = getattr(chunks, "close", None) or getattr(chunks, "aclose", None)
    if close is not None:
        await close()


class _End:
    """Gathers, chunk by chunk, what says how a stream ended and what it cost."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.finish = ""
        self.usage = Usage(name)
        self._error = ""

    def take(self, chunk: SdkObject) -> str:
        """Return the chunk's text for people; hosts differ in which of the other fields they send."""
        x_groq = getattr(chunk, "x_groq", None)
        self._error = _get(x_groq, "error") or self._error
        self._read_usage(_get(x_groq, "usage") or getattr(chunk, "usage", None), getattr(chunk, "timings", None))
        choices = getattr(chunk, "choices", None)
        if not choices:
            return ""
        self.finish = str(getattr(choices[0], "finish_reason", None) or self.finish).lower()
        content = getattr(getattr(choices[0], "delta", None), "content", None)
        return content if isinstance(content, str) else ""

    def check(self, label: str) -> None:
        """Raise unless the model itself ended its answer, or its length limit did."""
        if self._error:
            raise BrokenStreamError(f"{label} broke the answer off.") from RuntimeError(self._error)
        if not self.finish:
            raise BrokenStreamError(f"The connection to {label} broke off in the middle of the answer.")
        if self.finish in _REFUSED:
            raise GenerationRefusedError(f"{label}'s content filter refused this question or its Sources.")

    def _read_usage(self, usage: object, timings: object) -> None:
        """Take the provider's figures; llama.cpp has its own under `timings`."""
        seconds = _number(usage, "completion_time")
        if seconds is None and (milliseconds := _number(timings, "predicted_ms")):
            seconds = milliseconds / 1000
        self.usage = Usage(
            self.name,
            prompt_tokens=_whole(_number(usage, "prompt_tokens"), self.usage.prompt_tokens),
            completion_tokens=_whole(_number(usage, "completion_tokens"), self.usage.completion_tokens),
            queue=_first(_number(usage, "queue_time"), self.usage.queue),
            completion_seconds=_first(seconds, self.usage.completion_seconds),
        )


def _get(value: object, name: str) -> SdkObject:
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def _number(value: object, name: str) -> float | None:
    number = _get(value, name)
    return float(number) if isinstance(number, (int, float)) and number >= 0 else None


def _whole(number: float | None, otherwise: int | None) -> int | None:
    return otherwise if number is None else int(number)


def _first(number: float | None, otherwise: float | None) -> float | None:
    return otherwise if number is None else number
