"""What the chunks of one stream say: visible text, how it ended, and what it cost. Pure; knows no SDK by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.errors import BrokenStreamError, GenerationError, GenerationRefusedError
from bot.models import Remark, Switched, Token, Usage
from bot.models.failures import broken_off
from bot.models.runaway import Runaway, without_stump
from bot.models.visible import VisibleText

SdkObject = Any
"""An object of either SDK: the same attributes, different classes."""

_CUT = frozenset({"length", "max_tokens"})
_REFUSED = frozenset({"content_filter", "safety", "recitation", "blocklist", "prohibited_content", "spii"})

CUT_REMARK = "The answer was cut at its length limit."
HIDDEN_REMARK = "The end of the answer was the model's own reasoning and was left out."
REPEATED_REMARK = "The model began to repeat itself; the answer ends there."


class Reading:
    """Reads one stream, chunk by chunk, as ModelEvents."""

    def __init__(self, name: str) -> None:
        self.is_over = False
        """The answer ended although the stream goes on."""
        self._name = name
        self._ending = _Ending(name)
        self._visible = VisibleText()
        self._answer = Runaway()

    @property
    def has_begun(self) -> bool:
        """The model has said something, if only to itself."""
        return self._ending.has_begun

    def take(self, chunk: SdkObject) -> Iterator[Token | Switched]:
        """Yield what the next chunk makes visible; a Switched voids everything before."""
        piece = self._visible.feed(self._ending.take(chunk))
        if piece.void and self._answer.text:
            self._answer = Runaway()
            yield Switched(self._name, "")
        if not piece.text:
            return
        self.is_over = self._answer.take(piece.text)
        if not self.is_over:
            yield Token(piece.text)
        elif self._answer.text:
            yield Switched(self._name, "")
            yield Token(self._answer.text)

    def end(self, label: str) -> Iterator[Token | Switched | Remark | Usage]:
        """Yield the rest, remarks and usage; raise unless the answer is one."""
        if not self.is_over:
            self._ending.check(label)
            if rest := self._visible.close():
                self._answer.take(rest)
                yield Token(rest)
        if not self._answer.text.strip():
            failure = GenerationError if self._ending.finish in _CUT else BrokenStreamError
            raise failure(f"{self._name} gave no answer, only reasoning or nothing.")
        if self._ending.finish in _CUT and not self.is_over:
            yield from self._without_stump()
        if remark := self._remark():
            yield Remark(remark)
        yield self._ending.usage

    def _without_stump(self) -> Iterator[Token | Switched]:
        """Take back half a sentence: it may say the opposite of the whole one."""
        kept = without_stump(self._answer.text)
        if kept != self._answer.text:
            yield Switched(self._name, "")
            yield Token(kept)

    def _remark(self) -> str:
        if self._answer.is_repeating:
            return REPEATED_REMARK
        if self._ending.finish in _CUT:
            return CUT_REMARK
        return HIDDEN_REMARK if self._visible.hidden_at_end else ""


class _Ending:
    """Gathers, chunk by chunk, what says how a stream ended and what it cost."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.finish = ""
        self.has_begun = False
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
        delta = getattr(choices[0], "delta", None)
        content = getattr(delta, "content", None)
        thought = getattr(delta, "reasoning", None) or getattr(delta, "reasoning_content", None)
        self.has_begun = self.has_begun or bool(content or thought)
        return content if isinstance(content, str) else ""

    def check(self, label: str) -> None:
        """Raise unless the model itself ended its answer, or its length limit did."""
        if self._error:
            raise BrokenStreamError(f"{label} broke the answer off.") from RuntimeError(self._error)
        if not self.finish:
            raise broken_off(label)
        if self.finish in _REFUSED:
            raise GenerationRefusedError(f"{label}'s content filter refused this question or its Sources.")

    def _read_usage(self, usage: object, timings: object) -> None:
        """Take the provider's figures; llama.cpp has its own under `timings`."""
        seconds = number(usage, "completion_time")
        if seconds is None and (milliseconds := number(timings, "predicted_ms")):
            seconds = milliseconds / 1000
        self.usage = Usage(
            self.name,
            prompt_tokens=_whole(number(usage, "prompt_tokens"), self.usage.prompt_tokens),
            completion_tokens=_whole(number(usage, "completion_tokens"), self.usage.completion_tokens),
            queue=_first(number(usage, "queue_time"), self.usage.queue),
            completion_seconds=_first(seconds, self.usage.completion_seconds),
        )


def _get(value: object, name: str) -> SdkObject:
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def number(value: object, name: str) -> float | None:
    found = _get(value, name)
    return float(found) if isinstance(found, (int, float)) and found >= 0 else None


def _whole(number: float | None, otherwise: int | None) -> int | None:
    return otherwise if number is None else int(number)


def _first(number: float | None, otherwise: float | None) -> float | None:
    return otherwise if number is None else number
