"""Whether pages support a claim: its numbers, names and words in one passage, and nothing that contradicts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.answer import Source
from bot.verification.claims import Claim
from bot.verification.desk import Desk
from bot.verification.languages import fold
from bot.verification.layout import LONGEST_QUOTE
from bot.verification.numbers import Kind, Number
from bot.verification.passages import PageIndex, index_page, quote
from bot.verification.periods import Periods, periods_of
from bot.verification.placing import IN_TITLE, Place, candidates, may_be_on, place
from bot.verification.polarity import contradicts, has_auxiliary
from bot.verification.rarity import Rarity
from bot.verification.words import words


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How much must agree; chosen from the labelled table that `tests.benchmarks.verification` measures."""

    words: float
    """Share of a claim's words, by weight, in one passage, where it has no number that tells."""
    words_with_number: float
    """The same where a telling number of the claim stands in that passage."""
    near: float
    """Share of the words around a number that stand around it on the page."""
    unseen: float = 0.6
    """Weight of a word that is on no page: often only how the answer puts it."""

    @classmethod
    def at(cls, strictness: float) -> Thresholds:
        return cls(words=min(1.0, strictness + 0.1), words_with_number=0.7 * strictness, near=0.4 * strictness)


OPPOSITE = "the page says the opposite"
OTHER_WORDS = 0.9
"""Of the words that a page must hold otherwise, where the model pointed at it: it read the page, and may paraphrase."""


@dataclass(frozen=True, slots=True)
class _Title:
    """What a document's name and title say: true of each of its pages."""

    stems: frozenset[str]
    words: frozenset[str]
    periods: Periods


_GLUE = re.compile(r"[_\W]+|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


@lru_cache(maxsize=256)
def _title(plain: str) -> _Title:
    text = _GLUE.sub(" ", plain)
    found = (*words(text), *words(plain.replace("_", " ")))
    return _Title(
        frozenset(word.stem for word in found if word.stem),
        frozenset(fold(word.text) for word in found),
        periods_of(plain, text),
    )


class Shelf:
    """The Sources of one answer, taken apart, and how much each word weighs among them."""

    def __init__(self, sources: Sequence[Source], thresholds: Thresholds) -> None:
        self.sources = {source.number: source for source in sources}
        self.pages = {source.number: index_page(source.page_text or source.text) for source in sources}
        self.titles = {source.number: _title(f"{source.document.title} {source.document.name}") for source in sources}
        self.thresholds = thresholds
        self._rarity = Rarity(tuple(self.pages.values()), thresholds.unseen)

    def weigh(self, stems: Iterable[str]) -> float:
        return self._rarity.weigh(stems)

    def desk(self, claim: Claim, source: int) -> Desk:
        page = self.pages[source]
        title = self.titles[source]
        return Desk(page, title.periods, title.stems, self.weigh, self.thresholds.near, _is_foreign(claim, page))


@dataclass(frozen=True, slots=True)
class Finding:
    """What one page says to one claim."""

    source: int
    places: dict[int, Place]
    """Index of a number of the claim → where the page has it, or why it does not count."""
    names: frozenset[str]
    stems: frozenset[str]
    """The claim's stems that the passages hold."""
    units: tuple[int, ...]
    """The passages, most telling first."""
    said: tuple[tuple[int, int], ...]
    """Quotations of the claim that the page has word for word."""

    def has(self, number: int) -> bool:
        return self.places[number].unit is not None

    def on_page(self, number: int) -> bool:
        """Whether the number stands in the page's text, not only in the document's title."""
        unit = self.places[number].unit
        return unit is not None and unit >= 0


def examine(claim: Claim, shelf: Shelf, source: int) -> Finding:
    """Look for a claim's numbers, names and words on one page."""
    page, title = shelf.pages[source], shelf.titles[source]
    desk = shelf.desk(claim, source)
    said = tuple(span for span in claim.quotations if page.says(_quoted(claim.text, span)))
    places = {i: _quoted_place(claim, i, page, said) or place(claim, i, desk) for i in range(len(claim.numbers))}
    placed = tuple(dict.fromkeys(spot.unit for spot in places.values() if spot.unit is not None and spot.unit >= 0))
    window = _best_window(claim, shelf, page, title, placed)
    telling = any(_is_telling(claim.numbers[i], spot) for i, spot in places.items() if spot.unit is not None)
    # Without a telling number the words must stand together; with one, each number's row or sentence counts.
    units = _told_by(claim, page, title, places, window) if telling else window
    if not telling:
        # Two, or the second, is on many pages: it counts only where the words are.
        places = {i: _within(spot, claim.numbers[i], window, said) for i, spot in places.items()}
    glued = _glued(claim, title)
    stems = claim.stems & title.stems.union(glued.values())
    for unit in units:
        stems |= claim.stems & (page.units[unit].stems | page.units[unit].context)
    return Finding(
        source,
        places,
        frozenset(n for n in (*claim.names, *claim.full_names) if n in glued or _has_name(n, page, title)),
        stems | frozenset(word.stem for word in claim.words if _is_inside(word.start, said)),
        units,
        said,
    )


def _glued(claim: Claim, title: _Title) -> dict[str, str]:
    """The words of a claim, with their stems, that a document's name has without a space: `Best Buy` in BESTBUY.pdf."""
    folded = [fold(word.text).removesuffix("'s") for word in claim.words]
    runs = [range(i, i + count) for count in (2, 3) for i in range(len(folded) - count + 1)]
    found = {i for run in runs if "".join(folded[run.start : run.stop]) in title.words for i in run}
    return {folded[i]: claim.words[i].stem for i in found}


def _told_by(
    claim: Claim, page: PageIndex, title: _Title, places: dict[int, Place], window: Sequence[int]
) -> tuple[int, ...]:
    """The units of the claim's amounts; of its dates, and of its words, only where they add something."""
    units: dict[int, None] = {}
    for i, spot in sorted(places.items(), key=lambda item: claim.numbers[item[0]].is_date):
        if spot.unit is not None and spot.unit >= 0 and not (units and claim.numbers[i].is_date):
            units[spot.unit] = None
    told = title.stems.union(*(page.units[unit].stems | page.units[unit].context for unit in units))
    units |= {unit: None for unit in window if claim.stems & page.units[unit].stems - told}
    return tuple(units)


def _within(spot: Place, number: Number, window: Sequence[int], said: Sequence[tuple[int, int]]) -> Place:
    if spot.unit is None or spot.unit in (IN_TITLE, *window) or number.is_date or _is_inside(number.start, said):
        return spot
    return Place(None, f"{number.text.strip()} is on the page, but not about this")


def _quoted(text: str, span: tuple[int, int]) -> str:
    return text[slice(*span)].strip(" …")


def _is_inside(position: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= position < end for start, end in spans)


def _quoted_place(claim: Claim, index: int, page: PageIndex, said: Sequence[tuple[int, int]]) -> Place | None:
    """A number inside words that the page has as they are quoted stands where it should."""
    number = claim.numbers[index]
    if not _is_inside(number.start, said):
        return None
    units = [unit for unit, other in candidates(number, page) if number.text in other.text or other.moment]
    if not units:
        return Place(IN_TITLE)
    return Place(max(units, key=lambda unit: len(claim.stems & (page.units[unit].stems | page.units[unit].context))))


def may_support(claim: Claim, shelf: Shelf, source: int) -> float:
    """Return how promising a page is, from its words and digits alone; 0 where it cannot say anything of the claim."""
    page, title = shelf.pages[source], shelf.titles[source]
    figures = [number for number in claim.numbers if not number.year and number.kind is not Kind.ORDINAL]
    present = sum(may_be_on(number, page) for number in figures)
    if figures and not present:
        return 0.0
    held = [stem for stem in claim.stems if stem in page.counts or stem in title.stems]
    return present + shelf.weigh(held)


def _has_name(name: str, page: PageIndex, title: _Title) -> bool:
    if "@" in name:
        return name in page.text.lower()
    forms = {name, name.removesuffix("s")}
    return bool(forms & page.words or forms & title.words) or (2 <= len(name) <= 5 and name in page.initials)


def _best_window(claim: Claim, shelf: Shelf, page: PageIndex, title: _Title, placed: Sequence[int]) -> tuple[int, ...]:
    """Return the passage (one unit, or two that follow each other) that holds most of the claim's words."""
    held: dict[int, list[str]] = {unit: [] for unit in placed}
    # What the document is called holds of each of its pages: it tells nothing of where the passage is.
    for stem in claim.stems - title.stems or claim.stems:
        for unit in page.postings.get(stem, ()):
            held.setdefault(unit, []).append(stem)
    weights = {unit: shelf.weigh(stems) + (0.5 if unit in placed else 0.0) for unit, stems in held.items()}
    best, chosen = 0.0, tuple(placed[:1])
    for unit in sorted(held):
        here = page.units[unit]
        above = shelf.weigh(claim.stems & here.context - here.stems) if here.context else 0.0
        if weights[unit] + above > best:
            best, chosen = weights[unit] + above, (unit,)
        after = unit + 1
        if weights.get(after, 0.0) + weights[unit] > best + 0.1 and _are_one_passage(page, unit, after):
            both = shelf.weigh({*held[unit], *held[after]}) + (0.5 if unit in placed or after in placed else 0.0)
            if both > best + 0.1:
                best, chosen = both, (unit, after)
    return chosen


def _are_one_passage(page: PageIndex, one: int, other: int) -> bool:
    here, there = page.units[one], page.units[other]
    return not (here.is_row or there.is_row) and there.end - here.start <= 2 * LONGEST_QUOTE


def is_contradicted(claim: Claim, finding: Finding, shelf: Shelf) -> bool:
    """Whether the passages say the opposite. Rows say nothing but figures."""
    page = shelf.pages[finding.source]
    prose = [page.units[unit] for unit in finding.units[:3] if not page.units[unit].is_row]
    if not prose or _is_foreign(claim, page):
        return False
    text = claim.text
    for start, end in reversed(finding.said):
        text = text[:start] + text[end:]
    if finding.said and not has_auxiliary(text):
        return False  # only a label is left beside the quotation
    return contradicts(text, [page.text[unit.start : unit.end] for unit in prose], shelf.weigh)


def _is_foreign(claim: Claim, page: PageIndex) -> bool:
    return bool(claim.language and page.language and claim.language != page.language)


def _is_telling(number: Number, spot: Place) -> bool:
    """A number that is not on a page by chance."""
    if number.kind in (Kind.YEAR, Kind.ORDINAL):
        return False
    if number.kind is not Kind.AMOUNT:
        return True
    return number.significant >= 2 or bool(number.scale or number.currency) or abs(number.value) >= 10


def objection(
    claim: Claim, findings: Sequence[Finding], shelf: Shelf, *, words: float = 1.0, is_cited: bool = False
) -> str:
    """Return why these pages together do not support the claim; empty when they do.

    `words` is the share of the usual words that is enough, for claims about results that are on no page. A page that
    the draft cites itself may put it in other words than one that is found by its words.
    """
    foreign = any(_is_foreign(claim, shelf.pages[finding.source]) for finding in findings)
    return (
        _missing_number(claim, findings)
        or _missing_name(claim, findings, foreign=foreign)
        or _missing_words(claim, findings, shelf, foreign=foreign, needed_share=words, is_cited=is_cited)
        or ("" if all(finding.units for finding in findings) else "no passage says it")
        or _opposed(claim, findings, shelf)
    )


def _opposed(claim: Claim, findings: Sequence[Finding], shelf: Shelf) -> str:
    opposed = any(is_contradicted(claim, finding, shelf) for finding in findings)
    return OPPOSITE if opposed else ""


def _missing_number(claim: Claim, findings: Sequence[Finding]) -> str:
    for i, number in enumerate(claim.numbers):
        if any(finding.has(i) for finding in findings) or _counts_its_list(claim, number):
            continue
        why = next((finding.places[i].objection for finding in findings if finding.places[i].objection), "")
        return why or f"{number.text.strip()} is not on the page"
    return ""


def _counts_its_list(claim: Claim, number: Number) -> bool:
    """`Three units: A, B and C` counts what it lists; the page need not."""
    if number.kind is not Kind.AMOUNT or not 2 <= number.value <= 12 or number.scale or number.currency:
        return False
    after = re.search(r"[:–—(]\s*(?P<list>.+)", claim.text[number.end :])
    return after is not None and len(_COMMAS.split(after["list"].rstrip(".) "))) == number.value


_COMMAS = re.compile(r",\s*(?:and\s+|or\s+)?|\s+and\s+|;\s*")


def _missing_name(claim: Claim, findings: Sequence[Finding], *, foreign: bool) -> str:
    needed = claim.full_names if foreign or claim.language == "de" else claim.names
    lacking = (name for name in needed if not any(name in finding.names for finding in findings))
    return next((f"{name} is not on the page" for name in lacking), "")


def _missing_words(
    claim: Claim, findings: Sequence[Finding], shelf: Shelf, *, foreign: bool, needed_share: float, is_cited: bool
) -> str:
    telling = [
        i
        for i, number in enumerate(claim.numbers)
        if any(finding.on_page(i) and _is_telling(number, finding.places[i]) for finding in findings)
    ]
    needed = claim.stems - claim.context
    found = frozenset[str]().union(*(finding.stems for finding in findings)) & needed
    share = shelf.weigh(found) / shelf.weigh(needed) if needed else 1.0
    limit = shelf.thresholds.words * (OTHER_WORDS if is_cited else 1.0)
    if telling:
        limit = shelf.thresholds.words_with_number * 0.85 ** (len(telling) - 1) * needed_share
    elif any(finding.places[i].neighbour for finding in findings for i in finding.places):
        limit *= 0.85
    if share >= limit and (telling or _says_more_than_titles(needed, found, findings, shelf, limit / 2)):
        return ""
    if foreign:
        told = claim.full_names if claim.language == "de" else claim.names
        named = any(finding.names & set(told) for finding in findings)
        alike = any(_is_alike(claim, shelf.pages[finding.source]) for finding in findings) if is_cited else False
        return "" if telling or named or alike else "another language, nothing to compare"
    return f"the page says too little of this ({share:.0%} of its words)"


def _is_alike(claim: Claim, page: PageIndex) -> bool:
    """Whether a page in another language has two long words that begin like words of the claim: Aceton, acetone."""
    begun = {word[:_ALIKE_LETTERS] for word in page.words if len(word) >= _ALIKE_LETTERS}
    return len({fold(word.text)[:_ALIKE_LETTERS] for word in claim.words} & begun) >= _ALIKE_WORDS


_ALIKE_LETTERS, _ALIKE_WORDS = 5, 2


def _says_more_than_titles(
    needed: frozenset[str], found: frozenset[str], findings: Sequence[Finding], shelf: Shelf, least: float
) -> bool:
    """`The maker of the X9 recommends the X9 user manual`: all that is there is what the document is called."""
    beyond = needed - frozenset[str]().union(*(shelf.titles[finding.source].stems for finding in findings))
    return not beyond or shelf.weigh(found & beyond) >= least * shelf.weigh(beyond)


def passages(finding: Finding, claim: Claim, shelf: Shelf) -> tuple[str, ...]:
    """Return the quotes: what the page says of the claim, most telling first, at most three."""
    page = shelf.pages[finding.source]
    found: list[str] = []
    for start, end in _joined(page, finding.units[:4]):
        around = _places(page, finding, claim, start, end) if end - start > LONGEST_QUOTE else ()
        found.append(quote(page.text, start, end, around))
    return tuple(dict.fromkeys(text for text in found[:3] if text))


def _places(page: PageIndex, finding: Finding, claim: Claim, start: int, end: int) -> list[int]:
    """Where, in a passage that is too long to be quoted whole, the claim's words and numbers stand."""
    found = [word.start for word in words(page.text, start, end) if word.stem in claim.stems]
    return found + [number.start for number in _numbers_in(page, finding, start, end)]


def _numbers_in(page: PageIndex, finding: Finding, start: int, end: int) -> list[Number]:
    units = {spot.unit for spot in finding.places.values() if spot.unit is not None and spot.unit >= 0}
    return [number for unit in units for number in page.numbers_in(unit) if start <= number.start < end]


def _joined(page: PageIndex, units: Sequence[int]) -> list[tuple[int, int]]:
    """Join units that follow each other while they stay short enough for one quote."""
    joined: list[tuple[int, int]] = []
    for unit in units:
        here = page.units[unit]
        if joined:
            start, end = min(joined[-1][0], here.start), max(joined[-1][1], here.end)
            between = end - start - (joined[-1][1] - joined[-1][0]) - (here.end - here.start)
            if end - start <= LONGEST_QUOTE and 0 <= between <= 3:
                joined[-1] = (start, end)
                continue
        joined.append((here.start, here.end))
    return joined
