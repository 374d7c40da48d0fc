"""The model for teams without a key: quotes the sentences and rows that fit the question best. It never paraphrases."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass

from bot.answer import Source
from bot.models import ModelEvent, Prompt, Token, Usage
from bot.prompt import CANNOT_ANSWER
from bot.topic import content_words
from ingest.cards import fold, words
from ingest.sentences import sentence_starts
from ingest.units import RowLikeness, row_likeness

NAME = "extractive"
MOST_QUOTES = 3
NEAR_BEST = 0.6
"""A quote is shown if it fits at least so well as the best one, as a share."""
LEAST_COVERAGE = 0.34
"""Share of the question's words, weighted by rarity, that the best quote has to hold."""
LONGEST_UNIT = 400
SHORT_LINE_WORDS = 9
RANK_DISCOUNT = 0.04


@dataclass(frozen=True, slots=True)
class _Unit:
    source: Source
    position: int
    text: str
    stems: frozenset[str]


class Extractive:
    """Answers by quotation."""

    name = NAME

    async def stream(self, prompt: Prompt) -> AsyncGenerator[ModelEvent, None]:
        """Yield the quotes, each with the marker of its Source, in the order of the Sources."""
        yield Usage(NAME)
        quotes = best_units(prompt.question.text, prompt.sources)
        if not quotes:
            yield Token(CANNOT_ANSWER)
        for quote in quotes:
            yield Token(f"- “{quote.text}” [{quote.source.number}]\n")


def best_units(question: str, sources: Sequence[Source]) -> list[_Unit]:
    """Return the sentences and rows that fit best, in reading order; none when even the best does not fit."""
    units = [unit for source in sources for unit in _units(source)]
    asked = {fold(word) for word in content_words(question)}
    frequency = Counter(stem for unit in units for stem in unit.stems & asked)
    weight = {stem: math.log(1 + len(units) / (frequency[stem] or 0.5)) for stem in asked}
    total = sum(weight.values())

    def fit(unit: _Unit) -> float:
        matched = sum(weight[stem] for stem in unit.stems & asked)
        return matched * (1 - RANK_DISCOUNT * (unit.source.number - 1))

    ranked = sorted(units, key=fit, reverse=True)
    if not ranked or not total or fit(ranked[0]) < LEAST_COVERAGE * total:
        return []
    best = [unit for unit in ranked[:MOST_QUOTES] if fit(unit) >= NEAR_BEST * fit(ranked[0])]
    return sorted(best, key=lambda unit: (unit.source.number, unit.position))


def _units(source: Source) -> Iterator[_Unit]:
    for position, text in enumerate(_passages(source.text)):
        stems = frozenset(fold(word) for word in words(text))
        if len(text.split()) >= 3 and len(text) <= LONGEST_UNIT:
            yield _Unit(source, position, text, stems)


def _passages(text: str) -> Iterator[str]:
    """Yield rows and headings one by one, and running text sentence by sentence."""
    prose: list[str] = []
    for line in text.splitlines():
        if row_likeness(line) is RowLikeness.CLEAR or _stands_alone(line):
            yield from _sentences(" ".join(prose))
            prose = []
            yield " ".join(line.split())
        else:
            prose.append(line.strip())
    yield from _sentences(" ".join(prose))


def _stands_alone(line: str) -> bool:
    """Say whether a line is a heading, a cell or an entry of a list rather than a piece of running text."""
    return len(line.split()) <= SHORT_LINE_WORDS and not line.rstrip().endswith((".", ",", ";", ":", "!", "?"))


def _sentences(text: str) -> Iterator[str]:
    starts = [*sentence_starts(text), len(text)]
    for begin, end in itertools.pairwise(starts):
        if sentence := text[begin:end].strip():
            yield sentence
