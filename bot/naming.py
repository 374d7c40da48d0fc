"""Which documents a question names: every readable document's card scored against the question, in memory. Pure.

A question says "the 2022 handbook" or "General Mills in FY2019"; the vectors of its pages know nothing of that.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.cards import MONTHS, STOP, fold, words, years
from ingest.documents import Card

Scores = NDArray[np.float64]

# Chosen in the middle of plateaus: `python -m tests.benchmarks.retrieval` prints what each is worth.
YEAR = 1.0
NEXT_YEAR = 0.3
"""The edition of the following year holds the year, too."""
OTHER_YEAR = 0.1
"""An earlier one of the years that the question names."""
NO_YEAR = 0.4
RECENT = 0.2
"""The newest edition first, when the question names no year."""
PERIOD = 0.3
TITLE = 0.25
KEYWORD = 0.25
COVERAGE = 0.25
"""How much it counts that the question mentions all of a file name."""
KEYWORDS = 60

_QUARTER_PHRASES = {
    "first quarter": "q1",
    "second quarter": "q2",
    "third quarter": "q3",
    "fourth quarter": "q4",
    "first half": "q2",
}
"""A half-year is told by the report of its second quarter."""


@dataclass(frozen=True, slots=True)
class Match:
    """How surely a piece of a file name is meant, and by which words of the question."""

    sure: float
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """The result: one score a card, and the words of the question that only say which document."""

    scores: Scores
    words: frozenset[str]


class Names:
    """The cards of all documents that a question may read; built anew when documents come or go."""

    def __init__(self, cards: Sequence[Card]) -> None:
        self._cards = tuple(cards)
        self._pieces = Counter(piece for card in cards for piece in card.pieces)
        self._titles = Counter(word for card in cards for word in card.title)
        self._parts: dict[str, dict[str, float]] = {piece: {} for piece in self._pieces}
        for card in cards:
            for piece, parts in card.parts.items():
                for part, sure in parts.items():
                    self._parts[piece][part] = max(self._parts[piece].get(part, 0.0), sure)
        self._keywords = _keywords(cards)
        self._keyword_counts = Counter(word for keywords in self._keywords for word in keywords)

    def score(self, question: str) -> Named:
        """Score every card; about 1 and more means: named, and of the right year."""
        count = len(self._cards)
        if not count:
            return Named(np.zeros(0), frozenset())
        tokens = words(question)
        content = {fold(word): word for word in tokens if word not in STOP}
        matches = self._matches(tokens)
        name = self._name_scores(matches, content)
        top, floor = float(name.max()), self._idf(max(1.0, 0.3 * count))
        naming: set[str] = set()
        if top >= 0.5 * floor:
            for card, score in zip(self._cards, name, strict=True):
                if score >= 0.6 * top:
                    naming |= _said(card, matches, above=0.5)
        name = name / max(top, floor, 1e-9)
        rest = {folded: word for folded, word in content.items() if word not in naming}
        scores = name + self._year_scores(question, name) + self._period_scores(question, name)
        return Named(scores + KEYWORD * self._keyword_scores(rest), frozenset(naming))

    def _idf(self, frequency: float) -> float:
        return math.log(1 + (len(self._cards) - frequency + 0.5) / (frequency + 0.5))

    def _matches(self, tokens: Sequence[str]) -> dict[str, Match]:
        grams = _grams(tokens)
        found = {}
        for piece in self._pieces:
            match = self._match(piece, grams, tokens)
            if match.sure:
                found[piece] = match
        return found

    def _match(self, piece: str, grams: Mapping[str, tuple[str, ...]], tokens: Sequence[str]) -> Match:
        said = grams.get(piece) or (grams.get(piece + "s") if len(piece) > 3 else None)
        if said:
            return Match(1.0, said)
        parts = (Match(sure, grams[part]) for part, sure in self._parts[piece].items() if part in grams)
        best = max(parts, key=lambda match: match.sure, default=Match(0.0, ()))
        if best.sure < 0.5 and piece.isalpha() and 3 <= len(piece) <= 6 and piece not in STOP:  # "emp" for employee
            longer = next((token for token in tokens if token.startswith(piece) and len(token) >= len(piece) + 3), None)
            if longer:
                return Match(0.5, (longer,))
        return best

    def _name_scores(self, matches: Mapping[str, Match], content: Mapping[str, str]) -> Scores:
        def one(card: Card) -> float:
            said = _said(card, matches)
            total = sum(self._idf(self._pieces[piece]) for piece in card.pieces)
            name = sum(
                matches[piece].sure * self._idf(self._pieces[piece]) for piece in card.pieces if piece in matches
            )
            hits = sorted(
                (
                    self._idf(self._titles[folded])
                    for folded, word in content.items()
                    if folded in card.title and word not in said and not re.fullmatch(r"q\d|h\d|fy\d+", folded)
                ),
                reverse=True,
            )
            name += TITLE * sum(hits[:2])
            covered = min(name, total) / total if total else 0.0
            return name * (1 - COVERAGE + COVERAGE * covered)

        return np.array([one(card) for card in self._cards])

    def _keyword_scores(self, content: Mapping[str, str]) -> Scores:
        counts = self._keyword_counts
        most = max(1.0, 0.25 * len(self._cards))
        telling = {folded: self._idf(counts[folded]) for folded in content if 0 < counts[folded] <= most}
        scores = np.array(
            [
                sum(sorted((weight for word, weight in telling.items() if word in keywords), reverse=True)[:2])
                for keywords in self._keywords
            ]
        )
        return scores / max(float(scores.max()), 2 * self._idf(1), 1e-9)

    def _year_scores(self, question: str, name: Scores) -> Scores:
        asked = years(question)
        if not asked:
            return self._recency(name)
        share = name / max(float(name.max()), 0.5)
        score = np.array([_year_score(card.years, asked) for card in self._cards])
        named: Scores = YEAR * score * (1 - min(1.0, float(name.max())) * 0.7 * (1 - share))
        return named

    def _recency(self, name: Scores) -> Scores:
        last = np.array([card.years[-1] if card.years else np.nan for card in self._cards])
        if np.isnan(last).all() or np.nanmax(last) == np.nanmin(last):
            return np.zeros(len(self._cards))
        age = (last - np.nanmin(last)) / (np.nanmax(last) - np.nanmin(last))
        recent: Scores = RECENT * name * np.where(np.isnan(last), 0.5, age)
        return recent

    def _period_scores(self, question: str, name: Scores) -> Scores:
        asked, latest = quarters(question), max(years(question), default=0)
        months = {
            MONTHS[word]
            for word in words(question)
            if word in MONTHS and (word != "may" or re.search(r"\bMay\b", question))
        }
        score = np.array([_period_score(card, asked, months) for card in self._cards])
        near = np.array([0.3 if latest in card.years else 0.0 for card in self._cards])
        periods: Scores = PERIOD * score * np.minimum(1, name + near)
        return periods


def quarters(text: str) -> set[str]:
    """Return the quarters that a text names, as `q1` … `q4`."""
    text = text.lower()
    found = set(re.findall(r"\bq[1-4]\b", text))
    found |= {quarter for phrase, quarter in _QUARTER_PHRASES.items() if phrase in text}
    return found | ({"q2"} if re.search(r"\bh1\b", text) else set())


def _year_score(of_card: Sequence[int], asked: Sequence[int]) -> float:
    latest = max(asked)
    if not of_card:
        return NO_YEAR
    if latest in of_card:
        return 1.0
    if latest + 1 in of_card:
        return NEXT_YEAR
    return OTHER_YEAR if set(of_card) & set(asked) else 0.0


def _period_score(card: Card, asked: set[str], months: set[int]) -> float:
    score = 0.0
    if card.quarters & asked:
        score += 1
    elif card.quarters and not (card.quarters == {"q4"} and not asked):  # the fourth quarter's report tells the year
        score -= 1
    elif asked and not card.quarters:
        score -= 0.5
    if months and card.months:
        score += 1 if card.months & months else -1
    return score


def _said(card: Card, matches: Mapping[str, Match], above: float = 0.0) -> set[str]:
    """Return the words of the question that mean pieces of this card's file name."""
    return {
        word
        for piece in card.pieces
        if piece in matches and matches[piece].sure > above
        for word in matches[piece].said
    }


def _grams(tokens: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return up to four words of the question written together, as file names do, with the words they are made of."""
    grams: dict[str, tuple[str, ...]] = {}
    for start in range(len(tokens)):
        for size in range(1, min(4, len(tokens) - start) + 1):
            said = tuple(tokens[start : start + size])
            gram = "".join(said)
            if size == 1 and gram in STOP:
                continue
            grams.setdefault(gram, said)
            if len(gram) > 4 and gram.endswith("s"):
                grams.setdefault(gram[:-1], said)
    return grams


def _keywords(cards: Sequence[Card]) -> tuple[frozenset[str], ...]:
    """Return, for each card, the frequent words that tell it from the others, and the words of its first page."""
    frequency = Counter(word for card in cards for word in card.frequent)

    def weight(card: Card, word: str) -> float:
        return (1 + math.log(card.frequent[word])) * math.log(1 + len(cards) / frequency[word])

    return tuple(
        frozenset(fold(word) for word in sorted(card.frequent, key=lambda word: -weight(card, word))[:KEYWORDS])
        | card.opening
        for card in cards
    )
