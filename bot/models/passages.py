"""The passages that may be quoted: sentences and rows of the Sources, scored by the words that they share. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.answer import Source
from bot.models.usefulness import is_contents, usefulness, year_factor
from bot.verification.asked import Asked
from bot.verification.passages import PageIndex, Unit, index_page
from bot.verification.rarity import Rarity
from bot.verification.words import words
from ingest.normalise import normalise

OTHER_DOCUMENT = 0.45
"""What a passage counts for when the question names another document better: `the 2021 handbook`."""
BEST_BY_WORDS = 10
READ_WHOLE = 2
"""Pages of which also those sentences are compared by meaning that share no word with the question."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A unit of a page, and how well it answers."""

    source: Source
    page: PageIndex
    index: int
    score: float
    """By its words."""
    factor: float
    """What the page and the kind of passage count for, whatever its words."""
    held: frozenset[str]
    """The question's stems that it holds itself."""
    named: frozenset[str]
    """Words and years of the question that its document is called by."""

    @property
    def unit(self) -> Unit:
        return self.page.units[self.index]

    @property
    def place(self) -> tuple[int, int]:
        return self.source.number, self.index


class Reader:
    """Reads the Sources of one question; says how well each of their sentences and rows answers it."""

    def __init__(self, question: Asked, sources: Sequence[Source]) -> None:
        names = [_squeezed(f"{source.document.title}{source.document.name}") for source in sources]
        # The name of a company or a product is on every page of its documents, and tells none of them apart.
        naming = {word.stem for word in words(question.text) if _is_in(word.text, names)}
        stems = tuple(stem for stem in question.stems if stem not in naming)
        self.asked = replace(question, stems=stems or question.stems)
        self._sources = [(source, index_page(source.page_text or source.text)) for source in sources]
        self._named = [_named(question, name) for name in names]
        self._priors = _priors(sources, self._named)
        self._rarity = Rarity([page for _, page in self._sources], unseen=0.0)
        self._found: list[Passage] = []

    def _weigh(self, stem: str) -> float:
        """All pages at hand were found for the question: that a word is on many of them does not make it a poor one."""
        return 0.5 + 0.5 * self._rarity.weigh((stem,))

    def read(self) -> Iterator[None]:
        """Read the Sources one after the other, so that the event loop can do something else in between."""
        for (source, page), prior, named in zip(self._sources, self._priors, self._named, strict=True):
            if not is_contents(page):
                self._found += self._read_page(source, page, prior, named)
            yield

    def compared(self) -> list[frozenset[str]]:
        """Return, where the question names several documents by different words, those words of each."""
        most = max(map(_telling, self._named), default=0)
        several = list(dict.fromkeys(named for named in self._named if most and _telling(named) == most))
        return several if len(several) > 1 else []

    def passages(self) -> list[Passage]:
        """Return all that may be quoted: the best by their words, then what the first pages say in other words."""
        by_words = sorted((passage for passage in self._found if passage.score), key=lambda passage: -passage.score)
        first = {source.number for source, _ in self._sources[:READ_WHOLE]}
        others = [passage for passage in self._found if not passage.score and passage.source.number in first]
        others.sort(key=lambda passage: -passage.factor)
        return [*by_words[:BEST_BY_WORDS], *others, *by_words[BEST_BY_WORDS:]]

    def _read_page(self, source: Source, page: PageIndex, prior: float, named: frozenset[str]) -> Iterator[Passage]:
        stems = frozenset(self.asked.stems)
        heads = {unit.span.head for unit in page.units if unit.span.head}
        for index, unit in enumerate(page.units):
            if any(low <= unit.start and unit.end <= high for low, high in heads):
                continue  # it stands above the rows that are quoted
            if unit.span.is_heading or len(unit.stems) <= (not unit.is_row):
                continue
            held, above = stems & unit.stems, stems & unit.context - unit.stems
            text = page.text[unit.start : unit.end]
            factor = prior * usefulness(page, index, text, self.asked)
            base = sum(map(self._weigh, held)) + self._phrases(text, held)
            base += (0.3 if unit.is_row else 0.6) * sum(map(self._weigh, above))
            if factor:
                yield Passage(source, page, index, base * factor, factor, held, named)

    def _phrases(self, text: str, held: frozenset[str]) -> float:
        """Words that follow each other in the question and in the text say more than the same words apart."""
        if len(held) < 2:
            return 0.0
        order = [word.stem for word in words(text) if word.stem]
        pairs = set(pairwise(order))
        return 0.2 * sum(self._rarity.weigh(pair) for pair in pairwise(self.asked.stems) if pair in pairs)

    def items(self) -> list[Passage]:
        """The rows that a definition in the question asks for: `cash from operations / total current liabilities`."""
        found: list[Passage] = []
        for item in self.asked.items[:4]:
            best = max(self._rows_for(frozenset(item)), key=lambda passage: passage.score, default=None)
            if best and best.score >= 0.6 and not repeats(best, found):
                found.append(best)
        return found

    def _rows_for(self, item: frozenset[str]) -> Iterator[Passage]:
        needed = self._rarity.weigh(item)
        for source, page in self._sources:
            for index in sorted({index for stem in item for index in page.postings.get(stem, ())}):
                unit = page.units[index]
                if unit.is_row and needed:
                    held = item & unit.stems
                    extra = len(unit.stems - item) * 0.02
                    share = (self._rarity.weigh(held) + 0.3 * self._rarity.weigh(item & unit.context - held)) / needed
                    year = year_factor(page, index, self.asked)
                    yield Passage(source, page, index, (share - extra) * year, 1.0, held, frozenset())


def _squeezed(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _is_in(word: str, names: Sequence[str]) -> bool:
    squeezed = _squeezed(word)
    return len(squeezed) >= 4 and any(squeezed in name or squeezed.removesuffix("s") in name for name in names)


def _named(question: Asked, name: str) -> frozenset[str]:
    """Return by which of its words and years a question names a document."""
    years = (str(year) for year in question.years if str(year) in name)
    return frozenset([*(stem for stem in question.stems if len(stem) >= 4 and stem in name), *years])


def _telling(named: frozenset[str]) -> int:
    """A year tells more than a word."""
    return sum(2 if word.isdigit() else 1 for word in named)


def _priors(sources: Sequence[Source], named: Sequence[frozenset[str]]) -> list[float]:
    """How likely each Source is to answer, before its sentences are read: by its rank, and by its document's name."""
    most = max(map(_telling, named), default=0)
    return [
        (0.7 + 0.3 * min(1.0, max(0.0, source.score)))
        * max(0.5, 0.85**rank)
        * (1.0 if _telling(own) == most else OTHER_DOCUMENT)
        for rank, (source, own) in enumerate(zip(sources, named, strict=True))
    ]


def repeats(passage: Passage, chosen: Sequence[Passage]) -> bool:
    text = _text(passage)
    return any(
        (passage.page is other.page and passage.index == other.index) or text == _text(other) for other in chosen
    )


def _text(passage: Passage) -> str:
    return normalise(passage.page.text[passage.unit.start : passage.unit.end])
