"""A page taken apart for verification: units (sentences, table rows), their words and numbers, and quotes from them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from bot.verification.languages import fold, language, listed
from bot.verification.layout import LONGEST_QUOTE, Range, Span, spans
from bot.verification.numbers import CURRENCY_SIGNS, Kind, Number, decimal_comma, numbers, spelled_values
from bot.verification.words import content_stem, initials, tokens, words
from ingest.normalise import normalise


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, a row of a table or a heading: what a claim must find its words and numbers in."""

    span: Span
    stems: frozenset[str]
    context: frozenset[str]
    """Stems of the headings and of the table's head above: true of the unit, though not in it."""

    @property
    def start(self) -> int:
        return self.span.start

    @property
    def end(self) -> int:
        return self.span.end

    @property
    def is_row(self) -> bool:
        return self.span.is_row


_MONEY = r"(?:(?:u\.?s\.?\s*)?[$€£]|us\$|usd|eur|gbp|chf|us dollars?|dollars?|euros?)"
_IN_UNITS = re.compile(
    rf"\b(?:in|of|amounts?|figures?|values?|{_MONEY})\s*(?:in\s+)?(?:{_MONEY}\s*(?:in\s+)?)?"
    r"(?P<scale>thousands?|millions?|billions?|tausend|millionen|mio|milliarden|mrd|000s?\b|'000)\b"
    r"|\((?:[$€£]\s*)?(?P<bracket>thousands|millions|billions|000s?|mn|bn|m|k)[),\s]"
    r"|\b(?P<glued>[tkm])(?:€|eur\b)|[$€£]\s?(?P<signed>000s?\b|[mk]\b|bn\b)",
    re.IGNORECASE,
)
_SCALE_WORD = re.compile(
    "|".join(
        map(
            re.escape,
            listed(
                "thousand million billion milliard tausend mrd mio 000 m) k) mn) bn) k€ m€ t€ €k €m $k $m"
                " keur meur teur"
            ),
        )
    )
)
"""Where it may be worth to look for them: plain words, for which searching is quick."""
_POWERS = {
    **dict.fromkeys(("thousand", "thousands", "tausend", "000", "000s", "'000", "t", "k"), 3),
    **dict.fromkeys(("million", "millions", "millionen", "mio", "m", "mn"), 6),
    **dict.fromkeys(("billion", "billions", "milliarden", "mrd", "bn"), 9),
}

LONGEST_PAGE = 60_000
"""Characters looked at; more is no page that a person would read."""

_CLAUSE = re.compile(r"[;,:()–—](?=\s|$)|\s(?:and|while|whereas|but|und|aber|et|mais|y|pero)\s|[.!?]\s", re.IGNORECASE)
_RUN = re.compile(r"\d+(?:[.,]\d+)*")


@lru_cache(maxsize=128)
def index_page(text: str) -> PageIndex:
    """Take a page apart. The result depends on the text alone."""
    return PageIndex(text[:LONGEST_PAGE])


class PageIndex:
    """What verification knows of one page. Whatever few claims ask for is found when it is asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = tokens(text)
        self._stems = [(start, content_stem(token)) for start, token in self._tokens]
        self.counts = Counter(stem for _, stem in self._stems if stem)
        """Stem → how often it stands on the page."""
        self._numbers: dict[Range, tuple[Number, ...]] = {}
        self._clauses: dict[int, frozenset[str]] = {}

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        return _units(self.text, self._stems)

    @cached_property
    def postings(self) -> dict[str, list[int]]:
        """Stem → the units that hold it."""
        found: dict[str, list[int]] = {}
        for i, unit in enumerate(self.units):
            for stem in unit.stems:
                found.setdefault(stem, []).append(i)
        return found

    @cached_property
    def _starts(self) -> list[int]:
        return [unit.start for unit in self.units]

    @cached_property
    def figures(self) -> frozenset[int]:
        """The units that have digits."""
        return frozenset(self.unit_at(start) for runs in self._runs.values() for start, _ in runs)

    @cached_property
    def heads(self) -> tuple[Number, ...]:
        """The numbers in the heads of all tables."""
        places = dict.fromkeys(unit.span.head for unit in self.units if unit.span.head)
        return tuple(number for place in places for number in self._numbers_of(place))

    @cached_property
    def days(self) -> frozenset[tuple[int, int, int]]:
        """The dates with a day that the page names."""
        named = numbers(self.text, self.language, decimal_comma=self._comma)
        return frozenset(date for number in named if number.moment for date in number.moment.dates if date[2])

    @cached_property
    def normalised(self) -> str:
        """The text as quotes are compared, without case."""
        return _compared(self.text)

    @cached_property
    def language(self) -> str:
        return language(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the page, folded; also without what is put on its end: `Ney’s`, and the note of `IGRF²`."""
        folded = {fold(token) for _, token in self._tokens}
        noted = {fold(token.rstrip(_NOTES)) for _, token in self._tokens if token[-1] in _NOTES}
        return frozenset(folded | noted | {word[:-2] for word in folded if word.endswith("'s")})

    @cached_property
    def initials(self) -> str:
        """The first letters of all words: abbreviations are looked up in it."""
        return initials(token for _, token in self._tokens)

    @cached_property
    def currencies(self) -> frozenset[str]:
        text = self.text.lower()
        signs = {sign for sign in CURRENCY_SIGNS if not sign.isalpha() and sign in text}
        return frozenset(CURRENCY_SIGNS[sign] for sign in signs | (self.words & CURRENCY_SIGNS.keys()))

    @cached_property
    def has_percent(self) -> bool:
        return "%" in self.text or "percent" in self.text.lower()

    @cached_property
    def _comma(self) -> bool | None:
        return decimal_comma(self.text, self.language)

    @cached_property
    def _measures(self) -> tuple[tuple[int, int], ...]:
        """Where the page says `in thousands` (3) or `in millions` (6)."""
        found: dict[int, int] = {}
        for word in _SCALE_WORD.finditer(self.text.lower()):
            match = _IN_UNITS.search(self.text, max(0, word.start() - 24), word.end() + 4)
            if match:
                found[match.start()] = _power(match)
        return tuple(sorted(found.items()))

    @cached_property
    def _runs(self) -> dict[int, list[tuple[int, str]]]:
        """The first two digits that count → where such numbers stand."""
        found: dict[int, list[tuple[int, str]]] = {}
        for match in _RUN.finditer(self.text):
            digits = match[0].replace(",", "").replace(".", "")
            found.setdefault(leading(digits), []).append((match.start(), digits))
        return found

    @cached_property
    def _spelled(self) -> dict[int, list[int]]:
        """Value → where a number word with it stands."""
        values = spelled_values(self.language)
        found: dict[int, list[int]] = {}
        for start, token in self._tokens:
            value = values.get(token.lower())
            if value:
                found.setdefault(value, []).append(start)
        return found

    # Numbers

    def unit_at(self, position: int) -> int:
        return max(0, bisect_right(self._starts, position) - 1)

    def numbers_in(self, unit: int) -> tuple[Number, ...]:
        return self._numbers_of((self.units[unit].start, self.units[unit].end))

    def head_numbers(self, unit: int) -> tuple[Number, ...]:
        """Years, dates and other numbers of the head of a row's table, in order."""
        head = self.units[unit].span.head
        return self._numbers_of(head) if head else ()

    def _numbers_of(self, place: Range) -> tuple[Number, ...]:
        if place not in self._numbers:
            found = numbers(self.text[slice(*place)], self.language, decimal_comma=self._comma)
            self._numbers[place] = tuple(
                replace(number, start=number.start + place[0], end=number.end + place[0]) for number in found
            )
        return self._numbers[place]

    def written(self, keys: Iterable[int], kinds: Sequence[Kind]) -> list[tuple[int, Number]]:
        """Return the numbers in digits of some kinds that begin with one of some pairs of digits, with their units."""
        return self._read((start for key in keys for start, _ in self._runs.get(key, ())), kinds)

    def with_digits(self, runs: Iterable[str], kinds: Sequence[Kind]) -> list[tuple[int, Number]]:
        """Return the numbers of some kinds that have one of some runs of digits in them."""
        wanted = set(runs)
        positions = (
            start
            for key in {leading(run) for run in wanted}
            for start, digits in self._runs.get(key, ())
            if digits.lstrip("0") in wanted or digits in wanted
        )
        return self._read(positions, kinds)

    def spelled(self, value: int, kinds: Sequence[Kind]) -> list[tuple[int, Number]]:
        """Return the numbers of some kinds that are written in words with one of the words that `value` needs."""
        return self._read((start for part in _needed(value) for start in self._spelled.get(part, ())), kinds)

    def _read(self, positions: Iterable[int], kinds: Sequence[Kind]) -> list[tuple[int, Number]]:
        found: dict[tuple[int, int], tuple[int, Number]] = {}
        for position in positions:
            unit = self.unit_at(position)
            for number in self.numbers_in(unit):
                if number.start <= position < number.end and number.kind in kinds:
                    found[unit, number.start] = (unit, number)
        return [found[place] for place in sorted(found)]

    def may_have(self, keys: Iterable[int], value: int | None) -> bool:
        """Whether a number with some first digits, or a word for a value, stands on the page at all: a cheap look."""
        return not self._runs.keys().isdisjoint(keys) or (
            value is not None and bool(_needed(value) & self._spelled.keys())
        )

    def clause_stems(self, unit: int, number: Number) -> frozenset[str]:
        """The stems around a number: its row, or its clause of a sentence where that says anything."""
        if number.start not in self._clauses:
            self._clauses[number.start] = self._read_clause(unit, number)
        return self._clauses[number.start]

    def _read_clause(self, at: int, number: Number) -> frozenset[str]:
        unit = self.units[at]
        if unit.is_row or sum(other.kind is number.kind for other in self.numbers_in(at)) < 2:
            return unit.stems | unit.context
        text = self.text[unit.start : unit.end]
        first, last = number.start - unit.start, number.end - unit.start
        bounds = [match.start() for match in _CLAUSE.finditer(text)]
        low = max((bound for bound in bounds if bound < first), default=0)
        high = min((bound for bound in bounds if bound >= last), default=len(text))
        stems = frozenset(word.stem for word in words(text, low, high) if word.stem)
        return stems if len(stems) >= 2 else unit.stems

    def scales_at(self, position: int) -> tuple[int, ...]:
        """The powers of ten that the page's own words give a bare number there."""
        before = [scale for start, scale in self._measures if start <= position]
        return (before[-1],) if before else tuple({scale for _, scale in self._measures})

    def says(self, quotation: str) -> bool:
        """Whether a quotation stands on the page, word for word."""
        return _compared(quotation) in self.normalised


_NOTES = "¹²³⁰⁴⁵⁶⁷⁸⁹"


def _compared(text: str) -> str:
    """A text without what quoting changes: case, and the signs that would be read as markers or formatting."""
    return normalise(text).translate(_HARMLESS).casefold()


_HARMLESS = str.maketrans("[]`", "()'", "*_~\\")


def _needed(value: int) -> set[int]:
    """The values of the words of which a number in words has at least one."""
    return {value, value // 10 * 10, 100, 1_000, 10**6, 10**9} if value > 20 else {value}


def _power(match: re.Match[str]) -> int:
    return _POWERS[next(group for group in match.groups() if group).lower()]


def scale_hint(text: str) -> int:
    """The power of ten that `in thousands` and the like give to the numbers below; 0 where nothing says so."""
    match = _IN_UNITS.search(text)
    return _power(match) if match else 0


def leading(digits: str) -> int:
    """The first two digits that count, by which equal and rounded numbers are looked up."""
    return int((digits.lstrip("0") + "0")[:2].ljust(2, "0"))


def _units(text: str, stems: Sequence[tuple[int, str]]) -> tuple[Unit, ...]:
    starts = [start for start, _ in stems]
    above: dict[Range | None, frozenset[str]] = {None: frozenset()}

    def stems_in(start: int, end: int) -> frozenset[str]:
        inside = {stem for _, stem in stems[bisect_left(starts, start) : bisect_left(starts, end)]}
        inside.discard("")
        return frozenset(inside)

    def context(span: Span) -> frozenset[str]:
        for place in (span.head, span.section, span.heading):
            if place is not None and place not in above:
                above[place] = stems_in(*place)
        return above[span.head] | above[span.section] | above[span.heading]

    return tuple(Unit(span, stems_in(span.start, span.end), context(span)) for span in spans(text))


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
