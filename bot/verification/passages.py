"""A page taken apart for verification: units (sentences, table rows), their words and numbers, and quotes from them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from bot.verification.dates import MONTHS
from bot.verification.languages import fold, language
from bot.verification.numbers import Kind, Number, decimal_comma, numbers
from bot.verification.words import TOKEN, content_stem, initials
from ingest.normalise import normalise
from ingest.sentences import sentence_starts

LONGEST_QUOTE = 300


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, a row of a table or a heading: what a claim must find its words and numbers in."""

    start: int
    end: int
    is_row: bool
    stems: frozenset[str]
    context: frozenset[str]
    """Stems of the table's head and of the headings above: true of the unit, though not in it."""
    numbers: tuple[Number, ...]
    head: tuple[Number, ...] = ()
    """Years, dates and other numbers of the table's head, in order."""


@dataclass(frozen=True, slots=True)
class PageIndex:
    """What verification knows of one page."""

    text: str
    units: tuple[Unit, ...]
    postings: dict[str, list[int]]
    """Stem → the units that hold it."""
    contexts: dict[str, list[int]]
    words: frozenset[str]
    """Every word of the page, folded."""
    initials: str
    numbers: dict[tuple[int, Kind], list[tuple[int, Number]]] = field(repr=False)
    """Two leading digits and kind → numbers with their unit."""
    language: str
    units_of_measure: tuple[tuple[int, int], ...]
    """Where the page says `in thousands` (3) or `in millions` (6)."""
    has_percent: bool
    currencies: frozenset[str]
    years: frozenset[int]

    def hits(self, keys: Iterable[int], kinds: Iterable[Kind]) -> list[tuple[int, Number]]:
        return [hit for kind in kinds for key in keys for hit in self.numbers.get((key, kind), ())]

    def scales_at(self, position: int) -> tuple[int, ...]:
        """The powers of ten that the page's own words give a bare number there."""
        before = [scale for start, scale in self.units_of_measure if start <= position]
        return (before[-1],) if before else tuple({scale for _, scale in self.units_of_measure})


_MONEY = r"(?:(?:u\.?s\.?\s*)?[$€£]|us\$|usd|eur|gbp|chf|us dollars?|dollars?|euros?)"
_IN_UNITS = re.compile(
    rf"\b(?:in|of|amounts?|figures?|values?|{_MONEY})\s*(?:in\s+)?(?:{_MONEY}\s*(?:in\s+)?)?"
    r"(?P<scale>thousands?|millions?|billions?|tausend|millionen|mio|milliarden|mrd|000s?\b|'000)\b"
    r"|\((?:[$€£]\s*)?(?P<bracket>thousands|millions|billions|000s?|mn|bn|m|k)[),\s]"
    r"|\b(?P<glued>[tkm])(?:€|eur\b)|[$€£]\s?(?P<signed>000s?\b|[mk]\b|bn\b)",
    re.IGNORECASE,
)
_POWERS = {
    **dict.fromkeys(("thousand", "thousands", "tausend", "000", "000s", "'000", "t", "k"), 3),
    **dict.fromkeys(("million", "millions", "millionen", "mio", "m", "mn"), 6),
    **dict.fromkeys(("billion", "billions", "milliarden", "mrd", "bn"), 9),
}
_CELL = r"(?:[$€£¥(]\s?){0,3}[-–—−]?\d[\d.,]*\)?\s?(?:%|\))?|[$€£]?\s?[—–-]{1,2}\s?%?|n/?[am]\b|[#*]\s?%?"
_ROW_END = re.compile(rf"(?P<label>.*?)(?P<cells>(?:(?<!\S)(?:{_CELL})\s*)+)$", re.DOTALL)
_YEARS = re.compile(r"\b(?:19|20)\d\d\b")
_LEADERS = re.compile(r"(?:\s?\.){4,}|…{2,}|_{4,}")
_BULLET = re.compile(r"\s*(?:[•●▪■◦‣∙·o*–-]|\(?[a-zA-Z\d]{1,3}[.)]|\d+(?:\.\d+)+)\s")


@lru_cache(maxsize=128)
def index_page(text: str) -> PageIndex:
    """Take a page apart. The result depends on the text alone."""
    text = text[:60_000]
    tokens = [(*match.span(), match[0], match.lastgroup) for match in TOKEN.finditer(text)]
    tongue = language(text)
    found = numbers(
        text,
        tongue,
        decimal_comma=decimal_comma(text, tongue),
        words=((s, e, t) for s, e, t, kind in tokens if kind == "word"),
    )
    spans = tuple(_units(text))
    units, postings, contexts = _fill(text, spans, tokens, found)
    folded = [fold(token) for *_, token, _ in tokens]
    return PageIndex(
        text,
        units,
        postings,
        contexts,
        frozenset(folded),
        initials(folded),
        _by_leading_digits(units),
        tongue,
        tuple((m.start(), _power(m)) for m in _IN_UNITS.finditer(text)),
        "%" in text or "percent" in text.lower(),
        frozenset(number.currency for number in found if number.currency),
        frozenset(number.year for number in found if number.year),
    )


def _power(match: re.Match[str]) -> int:
    return _POWERS[next(group for group in match.groups() if group).lower()]


def scale_hint(text: str) -> int:
    """The power of ten that `in thousands` and the like give to the numbers below; 0 where nothing says so."""
    match = _IN_UNITS.search(text)
    return _power(match) if match else 0


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    is_row: bool
    table: _Table | None = None


def _units(text: str) -> Iterator[_Span]:
    """Divide a page into rows and sentences."""
    lines = [match.span() for match in re.finditer(r"[^\r\n]+", text) if match[0].strip()]
    widths = sorted(end - start for start, end in lines)
    wide = 0.7 * widths[int(0.9 * (len(widths) - 1))] if widths else 0.0
    rows = _rows([text[start:end] for start, end in lines], wide)
    waiting: list[tuple[int, int]] = []
    table: _Table | None = None
    for (start, end), is_row in zip(lines, rows, strict=True):
        if not is_row:
            if table and (end - start > max(wide, 60) or len(waiting) > 3):
                table = None
            waiting.append((start, end))
            continue
        if table is None:
            table = _table(text, waiting)
        elif waiting:
            table = _Table(table.head, waiting[-1])
        yield from _prose(text, waiting, wide)
        waiting = []
        yield _Span(start, end, True, table)
    yield from _prose(text, waiting, wide)


@dataclass(frozen=True, slots=True)
class _Table:
    """What stands above rows: the table's head, and the label of the section that they are in."""

    head: tuple[int, int]
    section: tuple[int, int] | None


def _table(text: str, above: Sequence[tuple[int, int]]) -> _Table:
    """Read the lines above a first row, back to where a sentence ends; below the years come labels of sections."""
    lines: list[tuple[int, int]] = []
    for start, end in reversed(above[-8:]):
        if text[start:end].rstrip().endswith((".", ";")):
            break
        lines.insert(0, (start, end))
    with_figures = max((i for i, line in enumerate(lines) if re.search(r"\d", text[slice(*line)])), default=-1)
    labels = [
        i
        for i, line in enumerate(lines)
        if i > with_figures and (with_figures >= 0 or text[slice(*line)].rstrip().endswith(":"))
    ]
    head = lines[: labels[0]] if labels else lines
    section = lines[labels[-1]] if labels else None
    return _Table((head[0][0], head[-1][1]) if head else (0, 0), section)


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
    match = _ROW_END.match(_LEADERS.sub(" ", line).strip())
    if not match or not any(map(str.isdigit, match["cells"])):
        return False
    cells = len(re.findall(_CELL, match["cells"]))
    label = match["label"].split()
    if not _YEARS.sub("", match["cells"]).strip(" ,") or (
        label and cells < 3 and fold(label[-1].strip(".,")) in MONTHS
    ):
        return False
    if _RUNS_ON.search(match["label"].strip()):
        return False
    if cells >= 2:
        return len(label) <= 25
    return 0 < len(label) <= 9 and len(line) <= max(60.0, wide) and not line.rstrip().endswith(".")


_RUNS_ON = re.compile(r"\b(?:and|or|to|of|in|than|from|the|by|at|page|note|item|section|part)$|[,;]$", re.IGNORECASE)


def _may_be_row(line: str) -> bool:
    """A short line with a figure inside that is no sentence."""
    stripped = line.strip()
    return (
        len(stripped.split()) <= 12
        and not stripped.endswith((".", ",", ";", ":", "?", "!"))
        and not stripped[:1].islower()
        and not _BULLET.match(stripped)
        and bool(re.search(r"\d", _YEARS.sub("", stripped)))
        and stripped[:1].isalpha()
    )


def _prose(text: str, lines: Sequence[tuple[int, int]], wide: float) -> Iterator[_Span]:
    """Join lines into paragraphs where they run on, and divide those into sentences."""
    start = lines[0][0] if lines else 0
    for i, (first, last) in enumerate(lines):
        following = lines[i + 1] if i + 1 < len(lines) else None
        if following and _runs_on(text[first:last], text[slice(*following)], wide):
            continue
        body = text[start:last].replace("\n", " ").replace("\r", " ")
        for begin, end in pairwise([*sentence_starts(body), len(body)]):
            yield from _parts(text, start + begin, start + len(body[:end].rstrip()))
        start = following[0] if following else last


def _runs_on(line: str, following: str, wide: float) -> bool:
    if _BULLET.match(following):
        return False
    after = following.lstrip()[:1]
    if after.islower():
        return True
    tail = line.rstrip()[-1:]
    return (len(line) >= wide and len(line) > 55 and tail not in ".!?:;") or tail in ",-\u00ad\ufffe\u0002"


def _parts(text: str, start: int, end: int) -> Iterator[_Span]:
    """Divide what is far too long for one passage: a table whose lines were lost, a sentence over half a page."""
    while end - start > 2 * LONGEST_QUOTE:
        cut = max(
            text.rfind(mark, start + LONGEST_QUOTE // 2, start + LONGEST_QUOTE)
            for mark in ("; ", ": ", ", ", ") ", " ")
        )
        better = re.compile(r"[\d)%]\s+(?=[A-Z][a-z])").search(text, start + LONGEST_QUOTE // 2, start + LONGEST_QUOTE)
        cut = better.end() - 1 if better else cut
        if cut <= start:
            cut = start + LONGEST_QUOTE
        yield _Span(start, cut, False)
        start = cut
    yield _Span(start, end, False)


def _fill(
    text: str, spans: Iterable[_Span], tokens: list[tuple[int, int, str, str | None]], found: tuple[Number, ...]
) -> tuple[tuple[Unit, ...], dict[str, list[int]], dict[str, list[int]]]:
    stems = [(start, content_stem(token) if kind != "cjk" else token) for start, _, token, kind in tokens]
    starts = [start for start, _ in stems]
    number_starts = [number.start for number in found]

    def stems_in(start: int, end: int) -> frozenset[str]:
        inside = stems[bisect_right(starts, start - 1) : bisect_right(starts, end - 1)]
        return frozenset(stem for _, stem in inside if stem)

    def numbers_in(start: int, end: int) -> tuple[Number, ...]:
        return found[bisect_right(number_starts, start - 1) : bisect_right(number_starts, end - 1)]

    units: list[Unit] = []
    postings: dict[str, list[int]] = {}
    contexts: dict[str, list[int]] = {}
    heads: dict[tuple[int, int], tuple[frozenset[str], tuple[Number, ...]]] = {}
    for span in spans:
        context: frozenset[str] = frozenset()
        head: tuple[Number, ...] = ()
        if span.table:
            place = span.table.head
            if place not in heads:
                heads[place] = (stems_in(*place), numbers_in(*place))
            context, head = heads[place]
            if span.table.section:
                context |= stems_in(*span.table.section)
        unit = Unit(
            span.start,
            span.end,
            span.is_row,
            stems_in(span.start, span.end),
            context,
            numbers_in(span.start, span.end),
            head,
        )
        for stem in unit.stems:
            postings.setdefault(stem, []).append(len(units))
        for stem in unit.context:
            contexts.setdefault(stem, []).append(len(units))
        units.append(unit)
    return tuple(units), postings, contexts


def leading(mantissa: int) -> int:
    """The first two digits that count, by which equal and rounded numbers are looked up."""
    digits = str(mantissa).lstrip("0")
    return int(digits[:2].ljust(2, "0")) if digits else 0


def _by_leading_digits(units: Iterable[Unit]) -> dict[tuple[int, Kind], list[tuple[int, Number]]]:
    found: dict[tuple[int, Kind], list[tuple[int, Number]]] = {}
    for i, unit in enumerate(units):
        for number in unit.numbers:
            for mantissa, _ in number.readings or ((0, 0),):
                key = leading(mantissa)
                found.setdefault((key, number.kind), []).append((i, number))
    return found


def quote(text: str, start: int, end: int, around: Iterable[int]) -> str:
    """Return a passage of at most 300 characters, as it stands on the page; `around` is what it must show."""
    if end - start > LONGEST_QUOTE:
        places = sorted(place for place in around if start <= place < end) or [start]
        middle = (places[0] + places[-1]) // 2
        low = max(start, min(places[0] - 20, middle - LONGEST_QUOTE // 2))
        high = min(end, low + LONGEST_QUOTE)
        low = max(start, high - LONGEST_QUOTE)
        while low > start and not text[low - 1].isspace():
            low += 1
        while high < end and not text[high].isspace() and high > low + 1:
            high -= 1
        start, end = low, high
    return normalise(text[start:end])
