"""The lines of one page as PDFium gives them, with the look of their ends, in the order in which people read them.

Runs in worker processes, on a page that `pdfium.py` opened. On the way from PDFium's text to a line nothing loops over
characters in Python, but for right-to-left text.
"""

from __future__ import annotations

import ctypes
import itertools
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ingest.pdfium_accents import composed
from ingest.pdfium_text import FontLostError, has_lost_font, is_garbage, text_of
from ingest.table_rows import Placed, in_rows

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

BOLD = 700

FONT_NAME = 128
"""Bytes; no font is told by what comes after them."""

_DROPPED = re.compile(
    "[\x00\x01\x03-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\uffff\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
"""Invisible in every viewer, and a nuisance in every database: some turn the text after them round in a chat, some
spell what only a model reads. U+0002 and U+FFFE mark hyphens and stay for now."""

_SPACE = re.compile("[\t\n\r\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")

_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_RIGHT_TO_LEFT_WORD = re.compile(f"[{_RIGHT_TO_LEFT}]{{2,}}")
_WORD = re.compile(r"\S+")

_UNREADABLE = re.compile(f"{_DROPPED.pattern}|{_SPACE.pattern}|[{_RIGHT_TO_LEFT}]")
"""A page without any such character is read as PDFium gives it: most are."""

_MARK = re.compile(
    r"\d(?:(?:(?<=[^\W\d_]\d)|(?<=[^\W\d_][.,;:!?)\]\"'”’»]\d))\d{0,2}(?!\w)"
    r"|(?P<leading>(?<![^\n]\d)\d{0,2}(?=[^\W\d_])))"
)
"""Where a footnote's mark may stand: behind a word, and before the note itself. Begins with a digit, to be fast."""

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

_DIRECTIONS = re.compile(
    rf"(?P<right>[{_RIGHT_TO_LEFT}](?:\W*[{_RIGHT_TO_LEFT}])*)"
    rf"|(?P<left>[^{_RIGHT_TO_LEFT}\W](?:\W*[^{_RIGHT_TO_LEFT}\W])*)"
    r"|(?P<neither>.)",
    re.DOTALL,
)
"""Runs of one direction of writing."""

_MIRRORED = dict(zip("()[]{}<>«»", ")(][}{><»«", strict=True))


class Line(NamedTuple):
    """One line of text in reading order, with the look of its ends."""

    text: str
    top: float = 0.0
    """Distance from the page's upper edge as people see it, in points."""
    size: float = 0.0
    """Height of the type in points; 0 where it is not known or does not stand upright."""
    weight: int = 0
    is_italic: bool = False


Lines = Sequence[Line]
"""Of one page."""
Place = tuple[int, int]
"""Index of a page, index of a line on it."""


def cleaned(text: str) -> str:
    """Return text without what is invisible, and with plain spaces for all kinds of white space."""
    return _DROPPED.sub("", _SPACE.sub(" ", text))


def text_lines(page: PdfPage, textpage: PdfTextPage) -> Iterator[Line]:
    """Yield the lines of a page; none when its glyphs do not tell their characters, so that OCR reads it.

    Raises:
        FontLostError: there was text, which OCR could not read either.
    """
    text = text_of(textpage)
    is_lost = has_lost_font(text, textpage)
    if not text.strip() or (not is_lost and is_garbage(text, textpage)):
        return
    look = _Look(page, textpage, text)
    placed = _placed_lines(look, look.text(), is_lost=is_lost)
    rows = list(in_rows(_right_column_first(placed)))
    if is_lost and not rows:
        raise FontLostError
    for row in rows:
        yield row.line


def _placed_lines(look: _Look, text: str, *, is_lost: bool) -> Iterator[Placed]:
    """Yield the lines in PDFium's order, but those of a font that is lost, if one is."""
    for position, raw_line in _raw_lines(text):
        for start, piece, is_upright in look.pieces(raw_line, position):
            clean = look.readable(piece, start).rstrip()
            if not clean:
                continue
            first, last = start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()) - 1
            if is_lost and (look.is_half(first) or look.is_half(last)):
                continue
            placed = look.line(clean, first, last, is_upright=is_upright)
            if placed is not None:
                yield placed


def _right_column_first(lines: Iterable[Placed]) -> Iterator[Placed]:
    """Turn round columns of vertical writing that PDFium gives from left to right."""
    columns: list[Placed] = []
    for placed in lines:
        if columns and not (placed.is_vertical and placed.left > columns[-1].left):
            yield from reversed(columns)
            columns = []
        if placed.is_vertical:
            columns.append(placed)
        else:
            yield placed
    yield from reversed(columns)


def text_with_places(page: PdfPage, textpage: PdfTextPage) -> tuple[str, list[int]]:
    """Return a page's text in the order in which it is read, and PDFium's index of each of its characters."""
    look = _Look(page, textpage, text_of(textpage))
    characters: list[tuple[str, int]] = []
    for position, line in _raw_lines(look.text()):
        characters += [*look.in_reading_order(line, position), ("\n", position + len(line))]
    return "".join(character for character, _ in characters), [look.index(place) for _, place in characters]


def _raw_lines(text: str) -> Iterator[tuple[int, str]]:
    position = 0
    for line in text.split("\r\n"):
        yield position, line
        position += len(line) + 2


def _is_one_baseline(a: tuple[int, float, float], b: tuple[int, float, float]) -> bool:
    return a[0] == b[0] and abs(a[1] - b[1]) < 0.7 * max(a[2], b[2])


class _Place(NamedTuple):
    """A character's box as people see the page: from the left, from the top; `size` is its height."""

    left: float
    right: float
    top: float
    size: float
    is_visible: bool


def _is_column(start: _Place, end: _Place, characters: int) -> bool:
    """Whether so many characters stand one below the other, as in vertical writing."""
    is_below = end.top - start.top > 0.6 * start.size * (characters - 1)
    return characters > 3 and is_below and abs(end.left - start.left) < start.size / 2


class _Look:
    """Asks PDFium how characters of one page look; only the ends of a line are asked for, to stay fast."""

    def __init__(self, page: PdfPage, textpage: PdfTextPage, text: str) -> None:
        from pypdfium2 import raw

        self._raw: Any = raw
        self._textpage = textpage.raw  # its wrapper would be looked through at every call
        self._quarter_turns: int = page.get_rotation() // 90
        self._upright = -self._quarter_turns % 4
        self._left, self._bottom, self._right, self._top = page.get_bbox()
        self._box = raw.FS_RECTF()
        self._font, self._flags = ctypes.create_string_buffer(FONT_NAME), ctypes.c_int()
        self._units = None if len(text) == textpage.count_chars() else _units(text)
        self._composed = composed(text, textpage, self._raw_index)
        self._text = text if self._composed is None else self._composed.text
        self._has_right_to_left = not text.isascii() and _RIGHT_TO_LEFT_WORD.search(text) is not None
        self._is_readable = _UNREADABLE.search(text.replace("\r\n", "")) is None

    def line(self, text: str, first: int, last: int, *, is_upright: bool) -> Placed | None:
        """Return the line whose ends stand at these places of the page's text; None if it is outside of the page."""
        first, last = self.index(first), self.index(last)
        start, end = self._place(first), self._place(last)
        if not (start.is_visible or end.is_visible):
            return None
        weight, is_italic = self._type(first)
        last_weight, is_last_italic = self._type(last)
        is_vertical = _is_column(start, end, len(text))
        size = min(start.size, end.size) if is_upright and not is_vertical else 0.0
        line = Line(text, start.top, size, min(weight, last_weight), is_italic and is_last_italic)
        return Placed(line, start.left, end.right, is_vertical)

    def text(self) -> str:
        """Return the page's text, to whose places the other methods refer.

        Accents are on their letters, and a raised number that is glued to a word, a footnote's mark, is what it is.
        """
        return _MARK.sub(lambda mark: mark[0].translate(_RAISED) if self._is_raised(mark) else mark[0], self._text)

    def _is_raised(self, mark: re.Match[str]) -> bool:
        beside = mark.end() if mark["leading"] is not None else mark.start() - 1
        digit, letter = self._place(self.index(mark.start())), self._place(self.index(beside))
        foot = letter.top + letter.size - digit.top - digit.size
        return digit.size < 0.85 * letter.size and foot > 0.15 * letter.size

    def pieces(self, line: str, position: int) -> Iterator[tuple[int, str, bool]]:
        """Cut a line where its baseline moves, and say of each piece whether it is upright.

        PDFium goes on in one line over text that stands sideways.
        """
        if not line.strip():
            return
        ends = position + len(line) - len(line.lstrip()), position + len(line.rstrip()) - 1
        if all(self._turns(self.index(end)) == self._upright for end in ends):
            yield position, line, True
            return
        start, before = 0, None
        for word in _WORD.finditer(line):
            baseline = self._baseline(self.index(position + word.start()))
            if before is not None and not _is_one_baseline(before, baseline):
                yield position + start, line[start : word.start()], before[0] == self._upright
                start = word.start()
            before = baseline
        yield position + start, line[start:], before is not None and before[0] == self._upright

    def _baseline(self, index: int) -> tuple[int, float, float]:
        """Return which way a character stands, where its baseline is, and its size."""
        x, y, box = ctypes.c_double(), ctypes.c_double(), self._box
        self._raw.FPDFText_GetCharOrigin(self._textpage, index, x, y)
        self._raw.FPDFText_GetLooseCharBox(self._textpage, index, box)
        turns = self._turns(index)
        return (turns, x.value, box.right - box.left) if turns % 2 else (turns, y.value, box.top - box.bottom)

    def index(self, position: int) -> int:
        """Translate a place in the text to PDFium's count of characters, where the two differ."""
        return self._raw_index(position if self._composed is None else self._composed.places[position])

    def _raw_index(self, position: int) -> int:
        if self._units is None:
            return position
        return int(self._raw.FPDFText_GetCharIndexFromTextIndex(self._textpage, self._units[position]))

    def is_half(self, position: int) -> bool:
        """Whether a character is the second byte of two that are told apart."""
        index = self.index(position)
        return index > 0 and self._raw.FPDFText_GetUnicode(self._textpage, index - 1) == 0

    def readable(self, line: str, position: int) -> str:
        """Return a line in reading order, cleaned."""
        if self._is_readable:
            return line
        if not self._has_right_to_left:
            return cleaned(line)
        return cleaned("".join(character for character, _ in self.in_reading_order(line, position)))

    def in_reading_order(self, line: str, position: int) -> list[tuple[str, int]]:
        """Return the characters of a line and their places.

        PDFium turns right-to-left text round, for programs that write it as it looks. Where a program wrote it as it
        is read, the letters then stand on the page from left to right, and it has to be turned back.
        """
        characters = list(zip(line, range(position, position + len(line)), strict=True))
        if not self._has_right_to_left or not self._was_turned(line, position):
            return characters
        runs = []
        for match in _DIRECTIONS.finditer(line):
            run = characters[match.start() : match.end()]
            if match.lastgroup == "right":
                run = [(_MIRRORED.get(character, character), place) for character, place in reversed(run)]
            runs.append(run)
        right_to_left = sum(len(word) for word in _RIGHT_TO_LEFT_WORD.findall(line))
        if right_to_left > sum(map(str.isalpha, line)) / 2:
            runs.reverse()
        return list(itertools.chain.from_iterable(runs))

    def _was_turned(self, line: str, position: int) -> bool:
        words = [match.span() for match in _RIGHT_TO_LEFT_WORD.finditer(line)]
        steps = [self._x(position + end - 1) - self._x(position + start) for start, end in words]
        return sum(1 if step > 0 else -1 for step in steps if step) > 0

    def _x(self, position: int) -> float:
        return self._place(self.index(position)).left

    def _place(self, index: int) -> _Place:
        box = self._box
        if not self._raw.FPDFText_GetLooseCharBox(self._textpage, index, box):
            return _Place(0.0, 0.0, 0.0, 0.0, True)
        left, bottom, right, top = box.left, box.bottom, box.right, box.top
        is_visible = right > self._left and left < self._right and top > self._bottom and bottom < self._top
        if self._quarter_turns == 0:
            return _Place(left, right, self._top - top, top - bottom, is_visible)
        if self._quarter_turns == 1:
            return _Place(bottom, top, left - self._left, right - left, is_visible)
        if self._quarter_turns == 2:
            return _Place(-right, -left, bottom - self._bottom, top - bottom, is_visible)
        return _Place(-top, -bottom, self._right - right, right - left, is_visible)

    def _turns(self, index: int) -> int:
        """Return by how many quarters of a turn a character stands on the unturned page."""
        angle: float = self._raw.FPDFText_GetCharAngle(self._textpage, index)
        return round(angle / (math.pi / 2)) % 4

    def _type(self, index: int) -> tuple[int, bool]:
        """Return weight (name and number, whichever says more) and slant of a character."""
        length = self._raw.FPDFText_GetFontInfo(self._textpage, index, self._font, FONT_NAME, self._flags)
        is_bold, is_italic = _style(self._font.value[: max(0, length - 1)])
        weight = self._raw.FPDFText_GetFontWeight(self._textpage, index)
        if not 0 < weight <= 1000:  # computed from nonsense in the font
            weight = 0
        return max(weight, BOLD) if is_bold else weight, is_italic


@lru_cache(maxsize=1024)
def _style(font: bytes) -> tuple[bool, bool]:
    """Return whether a font's name says that it is bold, and that it is slanted."""
    name = font.lower()
    is_bold = any(word in name for word in (b"bold", b"black", b"heavy", b"demi"))
    return is_bold, b"italic" in name or b"oblique" in name


def _units(text: str) -> list[int]:
    """Return where each character starts in UTF-16, as PDFium counts."""
    return [0, *itertools.accumulate(2 if character > "\uffff" else 1 for character in text)]
