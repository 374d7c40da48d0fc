"""The model that needs no model: it quotes the sentences and rows that answer best, each with its marker."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.abstention import LEAST_FOR_QUOTES
from bot.answer import Source
from bot.models import ModelEvent, Prompt, Token, Usage
from bot.prompt import CANNOT_ANSWER
from bot.verification.asked import Asked, Wanted, asked
from bot.verification.languages import fold
from bot.verification.layout import LONGEST_QUOTE, Range
from bot.verification.numbers import numbers
from bot.verification.passages import PageIndex, Unit, index_page
from bot.verification.rarity import Rarity
from bot.verification.words import words
from ingest.normalise import normalise

NAME = "extractive"

MOST_QUOTES = 5
LONGEST_HEAD = 160
LONGEST_LABEL = 90
NEAR_BEST = 0.5
"""A further quote must be at least this good, measured by the best one, and say something more of the question,"""
OTHER_DOCUMENT = 0.45
"""What a passage counts for when the question names another document better: `the 2021 handbook`."""
AS_GOOD = 0.85
"""or be as good as this."""


class Extractive:
    """Quotes; writes nothing of its own but what stands above the quote on the page. Always there, needs no key."""

    name = NAME

    async def stream(self, prompt: Prompt) -> AsyncGenerator[ModelEvent, None]:
        """Yield the quotes, one Token each."""
        yield Usage(NAME)
        is_likely = prompt.likelihood >= LEAST_FOR_QUOTES
        lines = quotes(prompt.question.text, prompt.sources) if is_likely else [CANNOT_ANSWER]
        for i, line in enumerate(lines):
            yield Token(line if len(lines) == 1 else f"- {line}" if not i else f"\n- {line}")


@dataclass(frozen=True, slots=True)
class _Passage:
    """A unit of a page, and how well it answers."""

    source: Source
    page: PageIndex
    index: int
    score: float
    stems: frozenset[str]
    """The question's stems that it holds, itself or by what stands above it."""
    held: frozenset[str]
    """Those that it holds itself."""

    @property
    def unit(self) -> Unit:
        return self.page.units[self.index]


def quotes(question: str, sources: Sequence[Source]) -> list[str]:
    """Return the lines of the answer: quotes with their markers, in reading order, or that nothing was found."""
    reader = _Reader(asked(question), sources)
    chosen = reader.choose()
    return [_line(passage, reader.asked) for passage in _in_reading_order(chosen)] if chosen else [CANNOT_ANSWER]


class _Reader:
    """Reads the Sources of one question; says how well each of their sentences and rows answers it."""

    def __init__(self, question: Asked, sources: Sequence[Source]) -> None:
        names = [_squeezed(f"{source.document.title}{source.document.name}") for source in sources]
        # The name of a company or a product is on every page of its documents, and tells none of them apart.
        stems = tuple(stem for stem in question.stems if len(stem) < 4 or not any(stem in name for name in names))
        self.asked = replace(question, stems=stems or question.stems)
        self._sources = [(source, index_page(source.page_text or source.text)) for source in sources]
        self._priors = _priors(question, sources, names)
        self._rarity = Rarity([page for _, page in self._sources], unseen=0.0)

    def choose(self) -> list[_Passage]:
        """Return the passages to quote, best first."""
        chosen = self._items()
        if len(chosen) > 1:
            return chosen
        ranked = sorted(self._passages(), key=lambda passage: -passage.score)
        best = ranked[0].score if ranked else 0.0
        for passage in ranked[:40]:
            if len(chosen) >= MOST_QUOTES or passage.score < NEAR_BEST * best:
                break
            if not _repeats(passage, chosen) and (self._adds(passage, chosen) or passage.score > AS_GOOD * best):
                chosen.append(passage)
        return chosen

    def _adds(self, passage: _Passage, chosen: Sequence[_Passage]) -> bool:
        """Whether a passage says something of the question that no better one does."""
        known = frozenset[str]().union(*(other.held for other in chosen))
        return bool(passage.held - known)

    def _weigh(self, stem: str) -> float:
        """All pages at hand were found for the question: that a word is on many of them does not make it a poor one."""
        return 0.5 + 0.5 * self._rarity.weigh((stem,))

    def _passages(self) -> Iterator[_Passage]:
        stems = frozenset(self.asked.stems)
        for (source, page), prior in zip(self._sources, self._priors, strict=True):
            if _is_contents(page):
                continue
            for index, unit in enumerate(page.units):
                held, above = stems & unit.stems, stems & unit.context - unit.stems
                if (held or above) and len(unit.stems) > (not unit.is_row) and not unit.span.is_heading:
                    text = page.text[unit.start : unit.end]
                    base = sum(map(self._weigh, held)) + self._phrases(text, held)
                    base += (0.3 if unit.is_row else 0.6) * sum(map(self._weigh, above))
                    score = base * prior * _usefulness(page, index, text, self.asked)
                    if score:
                        yield _Passage(source, page, index, score, held | above, held)

    def _phrases(self, text: str, held: frozenset[str]) -> float:
        """Words that follow each other in the question and in the text say more than the same words apart."""
        if len(held) < 2:
            return 0.0
        order = [word.stem for word in words(text) if word.stem]
        pairs = set(pairwise(order))
        return 0.2 * sum(self._rarity.weigh(pair) for pair in pairwise(self.asked.stems) if pair in pairs)

    def _items(self) -> list[_Passage]:
        """The rows that a definition in the question asks for: `cash from operations / total current liabilities`."""
        found: list[_Passage] = []
        for item in self.asked.items[:4]:
            best = max(self._rows_for(frozenset(item)), key=lambda passage: passage.score, default=None)
            if best and best.score >= 0.6 and not _repeats(best, found):
                found.append(best)
        return found

    def _rows_for(self, item: frozenset[str]) -> Iterator[_Passage]:
        needed = self._rarity.weigh(item)
        for source, page in self._sources:
            for index in sorted({index for stem in item for index in page.postings.get(stem, ())}):
                unit = page.units[index]
                if unit.is_row and needed:
                    held = item & unit.stems
                    extra = len(unit.stems - item) * 0.02
                    share = (self._rarity.weigh(held) + 0.3 * self._rarity.weigh(item & unit.context - held)) / needed
                    year = _year_factor(page, index, self.asked)
                    yield _Passage(source, page, index, (share - extra) * year, held, held)


def _squeezed(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _priors(question: Asked, sources: Sequence[Source], names: Sequence[str]) -> list[float]:
    """How likely each Source is to answer, before its sentences are read: by its rank, and by its document's name."""
    named = [
        sum(len(stem) >= 4 and stem in name for stem in question.stems)
        + 2 * sum(str(year) in name for year in question.years)
        for name in names
    ]
    most = max(named, default=0)
    return [
        (0.7 + 0.3 * min(1.0, max(0.0, source.score))) * max(0.5, 0.85**rank) * (1.0 if own == most else OTHER_DOCUMENT)
        for rank, (source, own) in enumerate(zip(sources, named, strict=True))
    ]


def _is_contents(page: PageIndex) -> bool:
    """Whether a page is a table of contents: rows that end in page numbers, ever higher."""
    ends = [int(match[0]) for unit in page.units if (match := _LAST_NUMBER.search(page.text, unit.start, unit.end))]
    rising = sum(one <= other for one, other in pairwise(ends))
    return len(ends) >= 8 and len(ends) > 0.6 * len(page.units) and rising > 0.9 * (len(ends) - 1)


_LAST_NUMBER = re.compile(r"(?<![\d.,$€£(])\d{1,3}\Z")
_BOILERPLATE = re.compile(
    r"forward.looking|safe harbou?r|accompanying notes|table of contents|incorporated (?:herein )?by reference"
    r"|all rights reserved|undertake no obligation|see notes? to|refer to (?:note|table|item)\b|exhibit \d"
    r"|the following tables?\b|page \d+ of \d+|(?:\s?\.){5,}\s*\d{1,3}$",
    re.IGNORECASE,
)
_CAUSES = re.compile(
    r"\b(?:because|due to|driven|as a result|result(?:ed|ing) from|reflect\w*|primarily|mainly|attributable|caused"
    r"|owing to|therefore|weil|wegen)\b",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve)\s+(?:working\s+|calendar\s+)?(?:days?|weeks?|months?|years?|hours?|minutes?)\b"
    r"|(?<!\d)(?:19|20)\d\d(?!\d)|\d:\d\d|\b(?:january|february|march|april|june|july|august|september|october|november"
    r"|december)\b|\b(?:daily|weekly|monthly|annually|yearly|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\b[A-ZÄÖÜÅØ][\w.'’-]*(?:\s[A-ZÄÖÜÅØ][\w.'’-]*)+|\b(?:manager|officer|department|team|board|director|resources)\b"
)


def _usefulness(page: PageIndex, index: int, text: str, question: Asked) -> float:
    """How much a unit can be an answer, whatever its words."""
    unit = page.units[index]
    if text.rstrip().endswith(("?", ":")) or _BOILERPLATE.search(text):
        return 0.0
    factor = 1.0
    length = len(text.split())
    if not unit.is_row:
        factor *= 0.6 if length < 4 else min(1.0, (45 / length) ** 0.5)
    return factor * _kind_factor(page, index, text, question.wanted) * _year_factor(page, index, question)


def _kind_factor(page: PageIndex, index: int, text: str, wanted: Wanted) -> float:
    if wanted is Wanted.AMOUNT:
        return 1.3 if index in page.figures or _TIMES.search(text) else 0.8
    fits = {Wanted.TIME: _TIMES, Wanted.PERSON: _PEOPLE, Wanted.REASON: _CAUSES}.get(wanted)
    return 1.0 if fits is None else 1.25 if fits.search(text) else 0.85


def _year_factor(page: PageIndex, index: int, question: Asked) -> float:
    if not question.years or index not in page.figures:
        return 1.0
    unit = page.units[index]
    text = page.text[unit.start : unit.end] + (page.text[slice(*unit.span.head)] if unit.span.head else "")
    years = {int(year) for year in _YEAR.findall(text)}
    if years & question.years:
        return 1.2
    return 0.75 if years else 1.0


_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def _repeats(passage: _Passage, chosen: Sequence[_Passage]) -> bool:
    text = _text(passage)
    return any(
        (passage.page is other.page and passage.index == other.index) or text == _text(other) for other in chosen
    )


def _text(passage: _Passage) -> str:
    return normalise(passage.page.text[passage.unit.start : passage.unit.end])


def _in_reading_order(chosen: Sequence[_Passage]) -> list[_Passage]:
    """Document by document, the best one's first, and in each by page and place."""
    order = {passage.source.document.id: i for i, passage in reversed(list(enumerate(chosen)))}
    return sorted(chosen, key=lambda passage: (order[passage.source.document.id], passage.source.page, passage.index))


_REFERS_BACK = frozenset(
    [
        "it",
        "they",
        "this",
        "that",
        "these",
        "those",
        "such",
        "he",
        "she",
        "his",
        "her",
        "their",
        "its",
        "there",
        "then",
        "otherwise",
        "however",
        "also",
        "thereafter",
    ]
)


def _line(passage: _Passage, question: Asked) -> str:
    """One quote, below what stands above it on the page, with its marker."""
    page, unit = passage.page, passage.unit
    start, end = unit.start, unit.end
    if _refers_back(page, passage.index):
        start = page.units[passage.index - 1].start
    above = _above(page, unit, question)
    return f"{f'*{above}:* ' if above else ''}“{_quotable(page.text[start:end])}” [{passage.source.number}]"


def _refers_back(page: PageIndex, index: int) -> bool:
    """Whether a sentence begins with a word like `it`, and can be read together with the one before."""
    here, before = page.units[index], page.units[index - 1] if index else None
    if before is None or here.is_row or before.is_row or before.span.is_heading:
        return False
    first = next(iter(words(page.text, here.start, here.end)), None)
    return first is not None and fold(first.text) in _REFERS_BACK and here.end - before.start <= LONGEST_QUOTE


def _above(page: PageIndex, unit: Unit, question: Asked) -> str:
    """The head of the row's table, or the heading where the sentence needs it to be understood."""
    if unit.is_row:
        lines = _lines(page.text, unit.span.head)[-4:] + _lines(page.text, unit.span.section)
        while len(" · ".join(lines)) > LONGEST_HEAD:
            lines.pop(0)
        return " · ".join(lines)
    heading = unit.span.heading
    needed = frozenset(question.stems) & unit.context - unit.stems
    title = " · ".join(_lines(page.text, heading)) if heading and needed else ""
    return "" if any(map(str.isdigit, title)) else title


_NUMBERING = re.compile(
    r"^(?:(?:item|note|section|part|chapter)\s)?\(?\d+(?:\.\d+)*[A-Za-z]?[.):]?\s+|^§\s*\d+\s+", re.IGNORECASE
)


def _lines(text: str, place: Range | None) -> list[str]:
    """The lines of a range, ready to be shown; a year on a line of its own belongs to the line before."""
    if not place:
        return []
    shown = re.sub(r",\s*[\r\n]+\s*(?=(?:19|20)\d\d\b)", ", ", text[slice(*place)])
    lines = (_plain(_NUMBERING.sub("", normalise(part))).rstrip(" :*") for part in re.split(r"[\r\n]+", shown))
    return [line for line in lines if line and _is_label(line)]


def _is_label(line: str) -> bool:
    """What stands above says what and when; a sentence, or a line with other figures, says something of its own."""
    return len(line) <= LONGEST_LABEL and ". " not in line and all(number.is_date for number in numbers(line))


def _quotable(text: str) -> str:
    """A passage as it stands on the page, at most 300 characters, without signs that would be read as Markdown."""
    text = normalise(text)
    if len(text) > LONGEST_QUOTE:
        text = text[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"
    return _plain(text)


def _plain(text: str) -> str:
    """What a page has in brackets is no marker, and its stars and backticks are no formatting."""
    text = re.sub(r"\[([^\[\]]*)\]", r"(\1)", text).replace("`", "'").replace("“", '"').replace("”", '"')
    return re.sub(r"([*_~])(?=.*\1)|(?<=\S)([*_~])$", r"\\\1\2", text) if re.search(r"([*_~]).*\1", text) else text
