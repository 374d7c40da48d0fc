"""The layout of a page's text: which lines are rows of tables, headings or running text, and what stands above them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.verification.dates import MONTHS
from bot.verification.languages import fold
from bot.verification.listings import Line, ends_in_footnote, goes_on, is_code, is_finished, line_kinds
from bot.verification.sentences import sentences

LONGEST_QUOTE = 300
LONGEST_ROW = 500
LONGEST_IN_CAPITALS = 100

Range = tuple[int, int]

_CELL = r"(?:[$€£¥(]\s?){0,3}[-–—−]?\d[\d.,]*\)?\s?(?:%|\))?|[$€£]?\s?[—–-]{1,2}\s?%?|n/?[am]\b|[#*]\s?%?"
_ROW_END = re.compile(rf"(?P<label>.*?)(?P<cells>(?:(?<!\S)(?:{_CELL})\s*)+)$", re.DOTALL)
_LINE = re.compile(r"[^\r\n]+")
_FIGURE = re.compile(r"\d|\b(?:thousands|millions|billions)\b", re.IGNORECASE)
_HEADS_TABLE = re.compile(
    r"\b(?:19|20)\d\d\b\D{1,20}\b(?:19|20)\d\d\b|\((?:\w+\s)?in (?:\w+\s)?(?:thousands|millions|billions)",
    re.IGNORECASE,
)
_YEARS = re.compile(r"\b(?:19|20)\d\d\b")
_DAY = re.compile(r"[0-3]?\d")
_MONTH = rf"(?:{'|'.join(map(re.escape, MONTHS))})\b"
_DATES = re.compile(
    rf"\b{_MONTH}\.?\s+[0-3]?\d\b|\b[0-3]?\d\.?\s+{_MONTH}|\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_ROW_ENDS = frozenset("0123456789)%—–#*-amAM")
_DIGIT = re.compile(r"\d")
_LEADERS = re.compile(r"(?:\s?\.){4,}|…{2,}|_{4,}")
_BULLET = re.compile(r"\s*(?:[•●▪■◦‣∙·o*–-]|\(?[a-z\d]{1,3}[.)]|\(?[A-Z]\)|\d+(?:\.\d+)+)\s")

_BROKEN_ABBREVIATION = re.compile(r"(?<!\w)[A-Za-z]\.\s*$")
"""`i.` with `e.` on the next line."""
_LIST_ITEM = re.compile(r"[•●▪■◦‣∙·o*–-]\s|[#=|<>~-]")
"""Or a comment, a rule, a piece of markup."""


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence, a row or a heading, and the ranges of what stands above it and holds for it too."""

    start: int
    end: int
    is_row: bool = False
    is_heading: bool = False
    heading: Range | None = None
    head: Range | None = None
    """The head of a row's table: title, units of measure, years."""
    section: Range | None = None
    """The label, inside a table, of the rows that follow: `Current assets:`."""


def spans(text: str) -> Iterator[Span]:
    """Divide a page, in order; everything but white space is in one of the spans."""
    lines = [match.span() for match in _LINE.finditer(text) if match[0].strip()]
    widths = sorted(end - start for start, end in lines)
    wide = 0.7 * widths[int(0.9 * (len(widths) - 1))] if widths else 0.0
    reader = _Reader(text, wide)
    for line, is_row in zip(lines, _rows([text[slice(*line)] for line in lines], wide), strict=True):
        yield from reader.row(line) if is_row else reader.other(line)
    yield from reader.prose()


class _Reader:
    """Reads line by line; holds what was read and not yet yielded, and what stands above the next line."""

    def __init__(self, text: str, wide: float) -> None:
        self._text = text
        self._wide = wide
        self._waiting: list[Range] = []
        self._heading: Range | None = None
        self._head: Range | None = None
        self._section: Range | None = None
        self._in_table = False

    def row(self, line: Range) -> Iterator[Span]:
        if not self._in_table or any(_HEADS_TABLE.search(self._text, *above) for above in self._waiting):
            self._head, self._section = _above_table(self._text, self._waiting, self._wide)
            self._in_table = True
        elif self._waiting:
            self._section = self._label()
        yield from self.prose()
        yield Span(*line, is_row=True, heading=self._heading, head=self._head, section=self._section)

    def _label(self) -> Range:
        """The last line before a row, with the line that it continues."""
        start, end = self._waiting[-1]
        if len(self._waiting) > 1 and self._text[start:end].lstrip()[:1].islower():
            start = self._waiting[-2][0]
        return start, end

    def other(self, line: Range) -> Iterator[Span]:
        text = self._text[slice(*line)].rstrip()
        is_sentence = text.endswith((".", "?", "!")) and len(text.split()) >= 8
        if self._in_table and (is_sentence or len(self._waiting) > 5):
            self._in_table = False
        self._waiting.append(line)
        return iter(())

    def prose(self) -> Iterator[Span]:
        """Join the waiting lines into paragraphs where they run on, and divide those into sentences."""
        if not self._waiting:
            return
        lines, self._waiting = self._waiting, []
        texts = [self._text[slice(*line)] for line in lines]
        kinds = line_kinds(texts, self._wide, self._is_head(lines))
        start = lines[0][0]
        for i, (first, last) in enumerate(lines):
            if i + 1 < len(lines) and self._goes_on(texts, kinds, i, first > start):
                continue
            if kinds[i] is Line.WORDS:
                yield self._row_of_words(start, last, lines[max(j for j in range(i) if kinds[j] is not Line.WORDS)])
            else:
                yield from self._paragraph(start, last)
            start = lines[i + 1][0] if i + 1 < len(lines) else last

    def _is_head(self, lines: Sequence[Range]) -> list[bool]:
        return [bool(self._head and self._head[0] <= start < self._head[1]) for start, _ in lines]

    def _goes_on(self, texts: Sequence[str], kinds: Sequence[Line], i: int, has_begun: bool) -> bool:
        """Whether the next line is one with this one."""
        line, following, two = texts[i], texts[i + 1], (kinds[i], kinds[i + 1])
        if two == (Line.WORDS, Line.WORDS):
            return following.lstrip()[:1] == "(" or len(following.split()) == 1
        if Line.WORDS in two:
            return False
        return (
            _belongs_to_code(texts, kinds, i, has_begun) if Line.CODE in two else _runs_on(line, following, self._wide)
        )

    def _row_of_words(self, start: int, end: int, head: Range) -> Span:
        """A row below the line that names the columns."""
        return Span(start, end, is_row=True, heading=self._heading if self._heading != head else None, head=head)

    def _paragraph(self, start: int, end: int) -> Iterator[Span]:
        body = self._text[start:end].replace("\n", " ").replace("\r", " ")
        if _is_heading(body):
            self._heading = self._heading if self._is_of_table(start, end) else (start, end)
            yield Span(start, end, is_heading=True)
            return
        for first, last in sentences(body):
            for low, high in _pieces(self._text, start + first, start + last):
                yield Span(low, high, heading=self._heading)

    def _is_of_table(self, start: int, end: int) -> bool:
        """What names columns or a group of rows is no heading of the text below the table; its title may be."""
        if self._section and self._section[0] <= start < self._section[1]:
            return True
        if not self._head or not self._head[0] <= start < self._head[1]:
            return False
        return start > self._head[0] or end >= self._head[1]


def _is_heading(line: str) -> bool:
    """A short line that begins like a sentence and does not end like one; or one in capitals that is cut off."""
    stripped = line.strip()
    if len(stripped) <= LONGEST_IN_CAPITALS and ("..." in stripped or "…" in stripped) and stripped.isupper():
        return True
    return (
        len(stripped) <= 80
        and len(stripped.split()) <= 10
        and stripped[-1:] not in ".,;:!"
        and not stripped[:1].islower()
        and not _LIST_ITEM.match(stripped)
        and any(map(str.isalpha, stripped))
        and not is_code(stripped)
    )


def _belongs_to_code(texts: Sequence[str], kinds: Sequence[Line], i: int, has_begun: bool) -> bool:
    """Whether the next line is one with this one, where one of the two is code.

    Code stands below the sentence that announces it, or in the middle of one: `so that` / `> x <- 1` / `is run first`.
    """
    line, following = texts[i], texts[i + 1]
    if goes_on(line):
        return True
    if kinds[i] is not Line.CODE:
        if line.rstrip().endswith(":"):
            return True
        below = texts[i + 2].lstrip()[:1] if i + 2 < len(texts) else ""
        return not is_finished(line, following) and (has_begun or not _is_heading(line) or below.islower())
    said = next((texts[j] for j in range(i, -1, -1) if kinds[j] is not Line.CODE), "").rstrip()
    if kinds[i + 1] is Line.CODE:
        return has_begun and said.endswith(":")
    return has_begun and following.lstrip()[:1].islower() and not said.endswith((":", "."))


def _above_table(text: str, above: Sequence[Range], wide: float) -> tuple[Range | None, Range | None]:
    """Return the head of a table and the label of its first rows, from the lines above its first row.

    The head goes back to where a sentence ends; what stands below its years or units is a label.
    """
    lines: list[Range] = []
    for start, end in reversed(above[-8:]):
        line = text[start:end]
        if line.rstrip().endswith((".", ";")) or is_code(line):
            break
        if lines and _is_running(line, text[slice(*lines[0])], wide):
            lines.pop(0)
            break
        lines.insert(0, (start, end))
    last = max((i for i, line in enumerate(lines) if _FIGURE.search(text, *line)), default=-1)
    labels = [
        i for i, line in enumerate(lines) if i > last and (last >= 0 or text[slice(*line)].rstrip().endswith(":"))
    ]
    head = lines[: labels[0]] if labels else lines
    return (head[0][0], head[-1][1]) if head else None, lines[labels[-1]] if labels else None


def _is_running(line: str, following: str, wide: float) -> bool:
    """Whether two lines are of a paragraph: the first is full and goes on in the second."""
    full = len(line) >= wide and len(line.split()) >= 8 and not _FIGURE.search(line)
    return full and following.lstrip()[:1].islower() and _runs_on(line, following, wide)


def _rows(lines: Sequence[str], wide: float) -> list[bool]:
    """Tell which lines are rows: those that end in figures, and beside them (or each other) those with some inside."""
    clear = [_is_row(line, wide) for line in lines]
    likely = [clear[i] or _may_be_row(line) for i, line in enumerate(lines)]
    around = [False, *likely, False]
    return [
        clear[i]
        or (
            likely[i]
            and (around[i] or around[i + 2])
            and not (lines[i + 1 : i + 2] and lines[i + 1].lstrip()[:1].islower())
        )
        for i in range(len(lines))
    ]


def _is_row(line: str, wide: float) -> bool:
    """A row ends in figures that are more than the end of a sentence's line."""
    if len(line) > LONGEST_ROW or line.rstrip()[-1:] not in _ROW_ENDS or is_code(line) or ends_in_footnote(line):
        return False
    match = _ROW_END.match((_LEADERS.sub(" ", line) if ".." in line or "__" in line or ". ." in line else line).strip())
    if not match or not any(map(str.isdigit, match["cells"])):
        return False
    cells = len(re.findall(_CELL, match["cells"]))
    label = match["label"].split()
    without_years = _YEARS.sub("", match["cells"]).strip(" ,")
    after_month = bool(label) and fold(label[-1].strip(".,")) in MONTHS
    if not without_years or (after_month and (cells < 3 or _DAY.fullmatch(without_years))):
        return False  # the head of a table: `As of December 31, 2022 2021`
    if cells < 3 and _RUNS_ON.search(match["label"].strip()):
        return False
    if cells >= 2:
        return len(label) <= 25
    return 0 < len(label) <= 9 and len(line) <= max(60.0, wide) and not line.rstrip().endswith(".")


_RUNS_ON = re.compile(r"\b(?:and|or|to|of|in|than|from|the|by|at|page|note|item|section|part)$|[,;]$", re.IGNORECASE)


def _may_be_row(line: str) -> bool:
    """A short line with a figure inside that is no sentence."""
    stripped = line.strip()
    return (
        len(stripped) <= 110
        and bool(_DIGIT.search(stripped))
        and len(stripped.split()) <= 12
        and not stripped.endswith((".", ",", ";", ":", "?", "!"))
        and not stripped[:1].islower()
        and not _BULLET.match(stripped)
        and bool(re.search(r"\d", _DATES.sub("", stripped)))
        and stripped[:1].isalpha()
        and not is_code(stripped)
    )


def _runs_on(line: str, following: str, wide: float) -> bool:
    if _BULLET.match(following) and not _BROKEN_ABBREVIATION.search(line):
        return False
    after = following.lstrip()[:1]
    if after.islower():
        return not is_finished(line, following)
    tail = line.rstrip()[-1:]
    return (len(line) >= wide and len(line) > 55 and tail not in ".!?:;") or tail in ",-\u00ad\ufffe\u0002"


def _pieces(text: str, start: int, end: int) -> Iterator[Range]:
    """Divide what is far too long for one passage: a table whose lines were lost, a sentence over half a page."""
    while end - start > 2 * LONGEST_QUOTE:
        low, high = start + LONGEST_QUOTE // 2, start + LONGEST_QUOTE
        row = _ROW_BEGINS.search(text, low, high)
        cut = row.start() + 1 if row else max(text.rfind(mark, low, high) for mark in ("; ", ": ", ", ", ") ", " "))
        cut = cut if cut > start else high
        yield start, cut
        start = cut
    yield start, end


_ROW_BEGINS = re.compile(r"(?<=[\d)%])\s+(?=[A-Z][a-z])")
