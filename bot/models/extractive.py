"""The model that needs no model: it quotes the sentences and rows that answer best, each with its marker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from bot.abstention import LEAST_FOR_QUOTES
from bot.answer import Source
from bot.models import ModelEvent, Prompt, Token, Usage
from bot.models.quoting import quote_line
from bot.models.usefulness import is_contents, usefulness, year_factor
from bot.prompt import CANNOT_ANSWER
from bot.verification.asked import Asked, asked
from bot.verification.passages import PageIndex, Unit, index_page
from bot.verification.rarity import Rarity
from bot.verification.words import words
from ingest.embedding import Vectors
from ingest.errors import IngestError
from ingest.normalise import normalise

NAME = "extractive"

MOST_QUOTES = 5
NEAR_BEST = 0.5
"""A further quote must be at least this good, measured by the best one, and say something more of the question,"""
AS_GOOD = 0.75
"""or be as good as this."""
OTHER_DOCUMENT = 0.45
"""What a passage counts for when the question names another document better: `the 2021 handbook`."""

BEST_BY_WORDS = 10
READ_WHOLE = 2
"""Pages of which also those sentences are compared by meaning that share no word with the question."""
MOST_COMPARED = 2_000
"""Characters compared by meaning: some fifty milliseconds of one core, in a thread."""
LONGEST_COMPARED = 200
LONGEST_ABOVE = 60
CLOSENESS = 10.0
"""What a similarity of 1 counts for, beside about 1 for each word of the question."""
UNRELATED = 0.15
"""The similarity of sentences that have nothing to do with each other."""


class Meaning(Protocol):
    """Vectors of sentences, made on this machine and off the event loop."""

    async def embed_documents(self, texts: Sequence[str]) -> Vectors: ...
    async def embed_query(self, text: str) -> Vectors: ...


class Extractive:
    """Quotes; writes nothing of its own but what stands above the quote on the page. Always there, needs no key.

    With `meaning` it also finds what the page says in other words than the question.
    """

    name = NAME

    def __init__(self, meaning: Meaning | None = None) -> None:
        self._meaning = meaning

    async def stream(self, prompt: Prompt) -> AsyncGenerator[ModelEvent, None]:
        """Yield the quotes, one Token each."""
        yield Usage(NAME)
        is_likely = prompt.likelihood >= LEAST_FOR_QUOTES
        lines = await self._quotes(prompt) if is_likely else [CANNOT_ANSWER]
        for i, line in enumerate(lines):
            yield Token(line if len(lines) == 1 else f"- {line}" if not i else f"\n- {line}")

    async def _quotes(self, prompt: Prompt) -> list[str]:
        for source in prompt.sources:
            index_page(source.page_text or source.text).figures  # noqa: B018 - kept for the reader, who asks again
            await _let_others_go()
        reader = _Reader(asked(prompt.question.text), prompt.sources)
        for _ in reader.read():
            await _let_others_go()
        return reader.lines(await self._closeness(reader))

    async def _closeness(self, reader: _Reader) -> Closeness:
        """Compare the likeliest sentences with the question by meaning."""
        compared = _affordable(reader.passages())
        if self._meaning is None or not compared:
            return {}
        texts = [_compared(passage) for passage in compared]
        try:
            about = await self._meaning.embed_query(reader.asked.text)
            similar = await self._meaning.embed_documents(texts) @ about
        except IngestError:
            return {}  # words alone do
        return {passage.place: float(value) for passage, value in zip(compared, similar, strict=True)}


async def _let_others_go() -> None:
    """A page takes a millisecond or two; all of them at once would be felt."""
    await asyncio.sleep(0)


Closeness = Mapping[tuple[int, int], float]
"""The similarity of sentences and rows to the question, by Source and place."""


@dataclass(frozen=True, slots=True)
class _Passage:
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

    @property
    def unit(self) -> Unit:
        return self.page.units[self.index]

    @property
    def place(self) -> tuple[int, int]:
        return self.source.number, self.index


def quotes(question: str, sources: Sequence[Source]) -> list[str]:
    """Return the lines of the answer: quotes with their markers, in reading order, or that nothing was found."""
    reader = _Reader(asked(question), sources)
    for _ in reader.read():
        pass
    return reader.lines({})


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
        self._found: list[_Passage] = []

    def lines(self, closeness: Closeness) -> list[str]:
        chosen = _in_reading_order(self._choose(closeness))
        lines = [quote_line(passage.page, passage.index, passage.source.number, self.asked.stems) for passage in chosen]
        return lines or [CANNOT_ANSWER]

    def _choose(self, closeness: Closeness) -> list[_Passage]:
        """Return the passages to quote, best first."""
        chosen = self._items()
        if len(chosen) > 1:
            return chosen
        scored = (replace(passage, score=_score(passage, closeness)) for passage in self.passages())
        ranked = sorted((passage for passage in scored if passage.score), key=lambda passage: -passage.score)
        for passage in ranked[:40]:
            best = ranked[0].score
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

    def read(self) -> Iterator[None]:
        """Read the Sources one after the other, so that the event loop can do something else in between."""
        for (source, page), prior in zip(self._sources, self._priors, strict=True):
            if not is_contents(page):
                self._found += self._read_page(source, page, prior)
            yield

    def passages(self) -> list[_Passage]:
        """Return all that may be quoted: the best by their words, then what the first pages say in other words."""
        by_words = sorted((passage for passage in self._found if passage.score), key=lambda passage: -passage.score)
        first = {source.number for source, _ in self._sources[:READ_WHOLE]}
        others = [passage for passage in self._found if not passage.score and passage.source.number in first]
        return [*by_words[:BEST_BY_WORDS], *others, *by_words[BEST_BY_WORDS:]]

    def _read_page(self, source: Source, page: PageIndex, prior: float) -> Iterator[_Passage]:
        stems = frozenset(self.asked.stems)
        for index, unit in enumerate(page.units):
            if unit.span.is_heading or len(unit.stems) <= (not unit.is_row):
                continue
            held, above = stems & unit.stems, stems & unit.context - unit.stems
            text = page.text[unit.start : unit.end]
            factor = prior * usefulness(page, index, text, self.asked)
            base = sum(map(self._weigh, held)) + self._phrases(text, held)
            base += (0.3 if unit.is_row else 0.6) * sum(map(self._weigh, above))
            if factor:
                yield _Passage(source, page, index, base * factor, factor, held)

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
                    year = year_factor(page, index, self.asked)
                    yield _Passage(source, page, index, (share - extra) * year, 1.0, held)


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


def _score(passage: _Passage, closeness: Closeness) -> float:
    return passage.score + CLOSENESS * max(0.0, closeness.get(passage.place, 0.0) - UNRELATED) * passage.factor


def _affordable(passages: Sequence[_Passage]) -> list[_Passage]:
    """Return the first passages, as many as may be compared by meaning."""
    chosen: list[_Passage] = []
    left = MOST_COMPARED
    for passage in passages:
        left -= len(_compared(passage))
        if left < 0:
            break
        chosen.append(passage)
    return chosen


def _compared(passage: _Passage) -> str:
    """A passage as its meaning is read: below the end of what stands above it."""
    page, unit = passage.page, passage.unit
    places = (unit.span.head, unit.span.section) if unit.is_row else (unit.span.heading,)
    above = " ".join(" ".join(page.text[slice(*place)] for place in places if place).split())[-LONGEST_ABOVE:]
    text = " ".join(page.text[unit.start : unit.end].split())[:LONGEST_COMPARED]
    return f"{above}: {text}" if above else text
