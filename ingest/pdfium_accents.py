"""Letters that a page draws as two glyphs, an accent and a letter, as TeX does with its old fonts: put together.

Only where the accent is proves that it belongs to a letter: a backtick in code, a caret or a tilde stay what they are.
Runs in worker processes, on the text that `pdfium_lines.py` reads.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

_ABOVE = {
    "`": "\u0300",
    "´": "\u0301",
    "ˆ": "\u0302",
    "^": "\u0302",
    "˜": "\u0303",
    "~": "\u0303",
    "¯": "\u0304",
    "ˉ": "\u0304",
    "˘": "\u0306",
    "˙": "\u0307",
    "¨": "\u0308",
    "˚": "\u030a",
    "˝": "\u030b",
    "ˇ": "\u030c",
}
_BELOW = {"¸": "\u0327", "˛": "\u0328"}
_MARKS = _ABOVE | _BELOW

_ACCENT = re.compile(f"[{re.escape(''.join(_MARKS))}]")
_ACCENT_IN_SPACE = re.compile(rf" *{_ACCENT.pattern} *")

_DOTTED = {"ı": "i", "ȷ": "j"}

SEARCHES = 500
"""On one page; each looks at all its characters, so that a page of nothing but accents would take minutes."""

_Index = Callable[[int], int]
"""From a place in the text to PDFium's count of characters."""


class Composed(NamedTuple):
    """A text and where each of its characters, and its end, stand in the text that it was made of."""

    text: str
    places: list[int]


def composed(text: str, textpage: PdfTextPage, index: _Index) -> Composed | None:
    """Return a page's text with its accents on their letters; None where it has none, as on most pages."""
    if _ACCENT.search(text) is None:
        return None
    page = _Accents(text, textpage, index)
    gone = {accent.start() for accent in _ACCENT.finditer(text) if page.put_on_letter(accent.start())}
    return page.without(gone) if gone else None


class _Box(NamedTuple):
    """Where a character is, turned as the character stands: `bottom` is less than `top`."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        return self.top - self.bottom


class _Accents:
    """Asks PDFium where the accents of one page are, and what is under and above them."""

    def __init__(self, text: str, textpage: PdfTextPage, index: _Index) -> None:
        from pypdfium2 import raw

        self._raw: Any = raw
        self._textpage = textpage.raw  # its wrapper would be looked through at every call
        self._index = index
        self._text = text
        self._letters = list(text)
        self._searches = SEARCHES

    def put_on_letter(self, accent: int) -> bool:
        """Put an accent on the letter that it belongs to: next to it in the text, or else where the page has one.

        A capital's accent is so high that PDFium counts it to some other word, or to the line above.
        """
        mark = _MARKS[self._text[accent]]
        for find in (self._behind, self._before, self._on_page):
            letter = find(accent)
            if letter is None:
                continue
            both = _joined(self._letters[letter], mark)
            if both and _fits(self._ink(accent), self._ink(letter), is_above=mark in _ABOVE.values()):
                self._letters[letter] = both
                return True
        return False

    def _behind(self, accent: int) -> int | None:
        return accent + 1 if accent + 1 < len(self._text) else None

    def _before(self, accent: int) -> int | None:
        return accent - 1 if accent else None

    def _on_page(self, accent: int) -> int | None:
        """Return the place of what stands half a letter below the accent, or above it."""
        self._searches -= 1
        if self._searches < 0:
            return None
        ink, size = self._ink(accent), self._turned(accent, is_loose=True).height
        x, y = (ink.left + ink.right) / 2, ink.bottom - size / 4
        if self._text[accent] in _BELOW:
            y = ink.top + size / 4
        x, y = _turned_back(x, y, self._turns(accent))
        found = self._raw.FPDFText_GetCharIndexAtPos(self._textpage, x, y, 0.0, 0.0)
        if found < 0:
            return None
        letter = bisect_left(range(len(self._text)), found, key=self._index)
        return letter if letter < len(self._text) and self._index(letter) == found else None

    def without(self, gone: set[int]) -> Composed:
        """Return the text without these accents, nor the spaces that PDFium put around one of some other line."""
        places: list[int] = []
        position = 0
        for match in _ACCENT_IN_SPACE.finditer(self._text):
            accent = match.start() + match[0].index(match[0].strip())
            if accent not in gone:
                continue
            places += range(position, match.start())
            position = match.end()
            if " " in match[0] and self._is_gap(match.start() - 1, match.end()):
                places.append(match.start() if accent > match.start() else accent + 1)
        places += range(position, len(self._text))
        return Composed("".join(self._letters[place] for place in places), [*places, len(self._text)])

    def _is_gap(self, before: int, behind: int) -> bool:
        """Whether there is room for a space between two characters."""
        if before < 0 or behind >= len(self._text) or {self._text[before], self._text[behind]} & set("\r\n"):
            return False
        left, right = self._turned(before, is_loose=True), self._turned(behind, is_loose=True)
        return right.left - left.right > left.height / 8

    def _ink(self, position: int) -> _Box:
        return self._turned(position, is_loose=False)

    def _turned(self, position: int, *, is_loose: bool) -> _Box:
        left, bottom, right, top = self._rectangle(self._index(position), is_loose=is_loose)
        turns = self._turns(position)
        if turns == 1:
            return _Box(-top, left, -bottom, right)
        if turns == 2:
            return _Box(-right, -top, -left, -bottom)
        if turns == 3:
            return _Box(bottom, -right, top, -left)
        return _Box(left, bottom, right, top)

    def _rectangle(self, index: int, *, is_loose: bool) -> tuple[float, float, float, float]:
        if is_loose:
            box = self._raw.FS_RECTF()
            self._raw.FPDFText_GetLooseCharBox(self._textpage, index, box)
            return box.left, box.bottom, box.right, box.top
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        self._raw.FPDFText_GetCharBox(self._textpage, index, left, right, bottom, top)
        return left.value, bottom.value, right.value, top.value

    def _turns(self, position: int) -> int:
        angle: float = self._raw.FPDFText_GetCharAngle(self._textpage, self._index(position))
        return round(angle / (math.pi / 2)) % 4


def _turned_back(x: float, y: float, turns: int) -> tuple[float, float]:
    return ((x, y), (y, -x), (-x, -y), (-y, x))[turns]


def _joined(letter: str, mark: str) -> str:
    """Return a letter with a mark on it in one character; empty where there is none."""
    both = unicodedata.normalize("NFC", _DOTTED.get(letter, letter) + mark)
    return both if letter.isalpha() and len(both) == 1 else ""


def _fits(accent: _Box, letter: _Box, *, is_above: bool) -> bool:
    """Whether an accent stands close above a letter, or close below it; slanted, it leans over the letter's end."""
    shared = min(accent.right, letter.right) - max(accent.left, letter.left)
    middle, lean = (accent.left + accent.right) / 2, letter.height / 8
    if shared < (accent.right - accent.left) / 4 or not letter.left - lean < middle < letter.right + lean:
        return False
    distance = accent.bottom - letter.top if is_above else letter.bottom - accent.top
    return -accent.height / 2 - letter.height / 8 < distance < letter.height / 2
