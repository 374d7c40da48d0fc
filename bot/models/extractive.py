"""The model that needs no model: it quotes the sentences and rows that answer best, each with its marker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from bot.abstention import LEAST_FOR_QUOTES, SURE_OF_QUOTES
from bot.answer import Source
from bot.models import ModelEvent, Prompt, Token, Usage
from bot.models.passages import Passage, Reader, repeats
from bot.models.quoting import quote_lines, refers_back
from bot.models.usefulness import asks_how_much, tells_how_much
from bot.prompt import CANNOT_ANSWER
from bot.verification.asked import asked, parts
from bot.verification.passages import Unit, index_page
from bot.wording import wording
from ingest.embedding import Vectors
from ingest.errors import IngestError

NAME = "extractive"

MOST_QUOTES = 5
NEAR_BEST = 0.5
"""A further quote must be at least this good, measured by the best one, and say something more of the question,"""
AS_GOOD = 0.75
"""or be as good as this."""
ROW_AS_GOOD = 0.92
"""The same for a further row of one table: its rows are alike in all that stands above them."""
THIRD_PAGE = 0.75
"""And this for a further page, when two are quoted already: each is one more to look at."""
LARGEST_TABLE = 6
"""Rows of a table that is quoted whole where the question asks for what its head says, not for one of its rows."""

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
        if prompt.likelihood < SURE_OF_QUOTES and lines != [CANNOT_ANSWER]:
            yield Token(f"{wording(prompt.question.language).not_sure}\n\n")
        for i, line in enumerate(lines):
            yield Token(line if len(lines) == 1 else f"- {line}" if not i else f"\n- {line}")

    async def _quotes(self, prompt: Prompt) -> list[str]:
        for source in prompt.sources:
            index_page(source.page_text or source.text).figures  # noqa: B018 - kept for the reader, who asks again
            await _let_others_go()
        chosen: list[Passage] = []
        stems: tuple[str, ...] = ()
        for part in parts(prompt.question.text):
            reader = Reader(asked(part), prompt.sources)
            for _ in reader.read():
                await _let_others_go()
            found = choose(reader, await self._closeness(reader))
            if not asks_how_much(part) or _tell_how_much(_lines(found, reader.asked.stems)):
                chosen += [one for one in found if not repeats(one, chosen)]
            stems += reader.asked.stems
        return _lines(chosen, stems)

    async def _closeness(self, reader: Reader) -> Closeness:
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


def quotes(question: str, sources: Sequence[Source]) -> list[str]:
    """Return the lines of the answer: quotes with their markers, in reading order, or that nothing was found."""
    reader = Reader(asked(question), sources)
    for _ in reader.read():
        pass
    return _lines(choose(reader, {}), reader.asked.stems)


def choose(reader: Reader, closeness: Closeness) -> list[Passage]:
    """Return the passages to quote, best first."""
    chosen = reader.items()
    if len(chosen) > 1:
        return chosen
    scored = (replace(passage, score=_score(passage, closeness)) for passage in reader.passages())
    ranked = sorted((passage for passage in scored if passage.score), key=lambda passage: -passage.score)
    compared = reader.compared()
    for named in compared:
        of_one = [passage for passage in ranked if passage.named == named and not repeats(passage, chosen)]
        chosen += of_one[: MOST_QUOTES // len(compared)]
    for passage in ranked[:40]:
        best = ranked[0].score
        if len(chosen) >= MOST_QUOTES or passage.score < NEAR_BEST * best:
            break
        if repeats(passage, chosen) or passage.score < _least(passage, chosen) * best:
            continue
        if _adds(passage, chosen) or passage.score > _enough(passage, chosen) * best:
            chosen.append(passage)
    return chosen


def _least(passage: Passage, chosen: Sequence[Passage]) -> float:
    pages = {other.source.number for other in chosen}
    return THIRD_PAGE if len(pages) > 1 and passage.source.number not in pages else NEAR_BEST


def _adds(passage: Passage, chosen: Sequence[Passage]) -> bool:
    """Whether a passage says something of the question that no better one does."""
    known = frozenset[str]().union(*(other.held for other in chosen))
    return bool(passage.held - known)


def _enough(passage: Passage, chosen: Sequence[Passage]) -> float:
    return (
        ROW_AS_GOOD
        if any(passage.page is other.page and _are_of_one_table(passage.unit, other.unit) for other in chosen)
        else AS_GOOD
    )


def _are_of_one_table(one: Unit, other: Unit) -> bool:
    return one.is_row and other.is_row and one.span.head == other.span.head


def _lines(chosen: Sequence[Passage], stems: Collection[str]) -> list[str]:
    shown = _in_reading_order(_without_shown_twice(_with_whole_tables(chosen)))
    lines = quote_lines(((passage.page, passage.index, passage.source.number) for passage in shown), stems)
    return list(dict.fromkeys(lines)) or [CANNOT_ANSWER]


def _tell_how_much(lines: Sequence[str]) -> bool:
    """Whether any of these lines does, apart from its marker."""
    return any(tells_how_much(line.rpartition(" [")[0]) for line in lines)


def _with_whole_tables(chosen: Sequence[Passage]) -> list[Passage]:
    """Add the other rows of a small table where no word of the question tells which row is meant."""
    shown = list(chosen)
    for one in chosen:
        if one.unit.is_row and one.unit.span.head and not one.held:
            rows = [replace(one, index=i) for i, unit in enumerate(one.page.units) if _are_of_one_table(one.unit, unit)]
            shown += [row for row in rows if not repeats(row, shown)] if len(rows) <= LARGEST_TABLE else []
    return shown


def _without_shown_twice(chosen: Sequence[Passage]) -> list[Passage]:
    """Leave out a sentence that the next one brings along."""
    brought = {(one.source.number, one.index - 1) for one in chosen if refers_back(one.page, one.index)}
    return [one for one in chosen if one.place not in brought]


def _in_reading_order(chosen: Sequence[Passage]) -> list[Passage]:
    """Page by page, the best one's document and page first: whoever reads only the beginning has read the best."""
    backwards = list(reversed(list(enumerate(chosen))))
    documents = {passage.source.document.id: i for i, passage in backwards}
    pages = {passage.source.number: i for i, passage in backwards}
    return sorted(chosen, key=lambda one: (documents[one.source.document.id], pages[one.source.number], one.index))


def _score(passage: Passage, closeness: Closeness) -> float:
    return passage.score + CLOSENESS * max(0.0, closeness.get(passage.place, 0.0) - UNRELATED) * passage.factor


def _affordable(passages: Sequence[Passage]) -> list[Passage]:
    """Return the first passages, as many as may be compared by meaning."""
    chosen: list[Passage] = []
    left = MOST_COMPARED
    for passage in passages:
        left -= len(_compared(passage))
        if left < 0:
            break
        chosen.append(passage)
    return chosen


def _compared(passage: Passage) -> str:
    """A passage as its meaning is read: below the end of what stands above it."""
    page, unit = passage.page, passage.unit
    places = (unit.span.head, unit.span.section) if unit.is_row else (unit.span.heading,)
    above = " ".join(" ".join(page.text[slice(*place)] for place in places if place).split())[-LONGEST_ABOVE:]
    text = " ".join(page.text[unit.start : unit.end].split())[:LONGEST_COMPARED]
    return f"{above}: {text}" if above else text
