"""The part of a model's text that people may see: reasoning and the chat template's own tokens are left out."""

from __future__ import annotations

import re
from dataclasses import dataclass

_THOUGHTS = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "<reasoning>": "</reasoning>",
    "<reflection>": "</reflection>",
    "<|channel|>analysis": "<|end|>",
    "<|channel|>commentary": "<|end|>",
    "<|channel>thought": "<channel|>",
}
_TEMPLATE = (
    "<|start|>assistant",
    "<|channel|>final",
    "<|message|>",
    "<|return|>",
    "<|end|>",
    "<|im_end|>",
    "<|eot_id|>",
    "<end_of_turn>",
    "<turn|>",
    "<channel|>",
    "<eos>",
    "</s>",
)
_STRAY = tuple(closer for closer in _THOUGHTS.values() if closer.startswith("</"))
_TAGS = (*_THOUGHTS, *_STRAY, *_TEMPLATE)
_LONGEST = max(map(len, _TAGS))
_ANY = re.compile("|".join(map(re.escape, sorted(_TAGS, key=len, reverse=True))), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """What one piece of the stream adds. `void`: all text so far turned out to be reasoning."""

    text: str
    void: bool = False


class VisibleText:
    """Takes a stream's text piece by piece and gives back what may be shown, however the tags are split."""

    def __init__(self) -> None:
        self._buffer = ""
        self._closer = ""
        self._started = False
        self.hidden_at_end = False
        """The text ended inside reasoning; what would have followed is missing."""

    def feed(self, text: str) -> Piece:
        """Take the next text and return what it makes visible."""
        self._buffer += text
        visible, void = "", False
        while True:
            if self._closer:
                if not self._skip_thought():
                    break
                continue
            match = _ANY.search(self._buffer)
            if not match:
                break
            visible += self._buffer[: match.start()]
            self._buffer = self._buffer[match.end() :]
            tag = match[0].lower()
            if tag in _STRAY:
                visible, void, self._started = "", True, False
            self._closer = _THOUGHTS.get(tag, "")
        if not self._closer:
            kept = len(self._buffer) - _unfinished(self._buffer)
            visible += self._buffer[:kept]
            self._buffer = self._buffer[kept:]
        return Piece(self._trimmed(visible), void)

    def close(self) -> str:
        """Return what was held back in case it was the beginning of a tag."""
        self.hidden_at_end = bool(self._closer)
        rest = "" if self._closer else self._buffer
        self._buffer = ""
        return self._trimmed(rest)

    def _skip_thought(self) -> bool:
        found = re.search(re.escape(self._closer), self._buffer, re.IGNORECASE)
        if not found:
            self._buffer = self._buffer[-(len(self._closer) - 1) :]
            return False
        self._buffer = self._buffer[found.end() :]
        self._closer = ""
        return True

    def _trimmed(self, text: str) -> str:
        """Drop blank lines before the first visible character."""
        if self._started:
            return text
        text = text.lstrip()
        self._started = bool(text)
        return text


def _unfinished(text: str) -> int:
    """Return how many characters at the end may be the beginning of a tag."""
    start = text.rfind("<", max(0, len(text) - _LONGEST))
    if start < 0:
        return 0
    tail = text[start:].lower()
    return len(text) - start if any(tag.startswith(tail) for tag in _TAGS) else 0
