"""Where a model's text stops being an answer: small models repeat themselves, or go on with Sources of their own."""

from __future__ import annotations

import re

_CHECK_EVERY = 40
_SHORTEST, _LONGEST = 20, 240
"""Characters of what is repeated; tables have shorter repetitions by right."""
_TIMES = 3
_ECHO = re.compile(r"\s*</?sources?\b", re.IGNORECASE)


class Runaway:
    """Watches one answer as it grows."""

    def __init__(self) -> None:
        self.text = ""
        """The answer, cut where it ran away."""
        self.is_repeating = False
        self._checked = 0

    def take(self, piece: str) -> bool:
        """Add the next piece; return True when the answer is over, whatever else the model has to say."""
        self.text += piece
        if echo := _ECHO.search(self.text, max(0, len(self.text) - len(piece) - 12)):
            self.text = self.text[: echo.start()]
            return True
        if len(self.text) - self._checked < _CHECK_EVERY:
            return False
        self._checked = len(self.text)
        period = _period(self.text)
        if period:
            self.text = _whole_sentences(self.text[: len(self.text) - (_TIMES - 1) * period])
            self.is_repeating = True
        return self.is_repeating


def without_stump(text: str) -> str:
    """Return a text without the sentence or line that its end cuts off; the whole text where nothing else is."""
    whole = _whole_sentences(text) if _SENTENCE_END.search(text) else ""
    lines = text.rpartition("\n")[0].rstrip()
    return max(whole, lines, key=len) or text


_SENTENCE_END = re.compile(r"[.!?。！？][\])\"”]*(?: ?\[\d+\]\.?)*(?=\s|$)")


def _whole_sentences(text: str) -> str:
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    return text[: ends[-1]] if ends else text.rstrip()


def _period(text: str) -> int:
    """Return the length of what the text ends with three times over, 0 where it does not."""
    for length in range(_SHORTEST, min(_LONGEST, len(text) // _TIMES) + 1):
        last = text[-length:]
        if text.endswith(last * _TIMES) and len(set(last)) > 6:
            return length
    return 0
