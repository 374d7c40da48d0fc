"""Which documents a question names: every readable document's card scored against the question, in memory. Pure.

A question says "the 2022 handbook" or "General Mills in FY2019"; the vectors of its pages know nothing of that. What
can be known before the question is kept by word (`positions.py`) or by kind of card, so that thousands of documents
cost a question little more than dozens.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.comparing import telling_apart
from bot.owners import Owners
from bot.periods import Periods, periods
from bot.pieces import SHORTENED, Match, Pieces
from bot.positions import NOWHERE, Mask, mask, positions, sum_of_best
from ingest.cards import STOP, fold, words
from ingest.documents import Card

Scores = NDArray[np.float64]
K = TypeVar("K", bound=Hashable)

# Chosen in the middle of plateaus: `python -m tests.benchmarks.retrieval` prints what each is worth.
YEAR = 1.0
NEXT_YEAR = 0.3
"""The edition of the following year holds the year, too."""
OTHER_YEAR = 0.1
"""An earlier one of the years that the question names, where statements tell of several years."""
OWN_YEAR = 0.95
"""The same where a document tells of its own year only."""
NO_YEAR = 0.4
RECENT = 0.2
"""The newest edition first, when the question names no year."""
LATEST = 1.0
"""The newest of the documents with one title, when the question asks for that."""
STATEMENT_YEARS = 3
"""A statement tells of its own year and of one or two before."""
PERIOD = 0.5
NEAR = 0.6
"""How far the right year makes a document stand for its quarter or month, though nothing else names it."""
TITLE = 0.25
KEYWORD = 0.25
COVERAGE = 0.25
"""How much it counts that the question mentions all of a file name."""
KEYWORDS = 60
_OF_TIME = re.compile(r"q\d|h\d|fy\d+")


@dataclass(frozen=True, slots=True)
class Named:
    """The result: one score a card, and the words of the question that only say which document."""

    scores: Scores
    words: frozenset[str]
    compared: tuple[frozenset[str], ...] = ()
    """Where several documents are named apart: for each the words that mean only it."""
    years: tuple[int, ...] = ()
    """Years so far apart that no document meant tells of all."""
    others: frozenset[int] = frozenset()
    """Positions of the documents of somebody whom the question does not name."""


class _Kinds(Generic[K]):
    """Documents that are the same to a question in one respect: what is told of each kind is told of all of it."""

    def __init__(self, keys: Iterable[K]) -> None:
        self._numbers: dict[K, int] = {}
        self._kind = np.array([self._numbers.setdefault(key, len(self._numbers)) for key in keys], dtype=np.intp)

    def scores(self, score: Callable[[K], float]) -> Scores:
        """Return the score of each document's kind."""
        return np.array([score(key) for key in self._numbers], dtype=np.float64)[self._kind]

    def best(self, values: Scores) -> Scores:
        """Return for each document the highest of its kind's values."""
        highest = np.full(len(self._numbers), -np.inf)
        np.maximum.at(highest, self._kind, values)
        return highest[self._kind]


class Names:
    """The cards of all documents that a question may read; built anew when documents come or go."""

    def __init__(self, cards: Sequence[Card]) -> None:
        self._count = len(cards)
        self._pieces = Pieces(cards)
        self._titles = positions(card.title for card in cards)
        self._keywords = positions(_keywords(cards))
        self._owners = Owners(cards)
        self._rarity = {piece: self._idf(len(where)) for piece, where in self._pieces.cards.items()}
        self._total = np.array([sum(self._rarity[piece] for piece in card.pieces) for card in cards])
        """What saying all of a document's name would be worth."""
        self._of_years = _Kinds((card.years, card.has_statements) for card in cards)
        self._of_periods = _Kinds((card.quarters, card.months) for card in cards)
        self._editions = _Kinds(card.title or frozenset(card.pieces) for card in cards)
        """Editions of one document have that in common."""
        self._last_year = np.array([card.years[-1] if card.years else np.nan for card in cards])
        self._moment = np.array([_moment(card) for card in cards])
        self._has_statements = np.array([card.has_statements for card in cards], dtype=np.bool_)

    def score(self, question: str) -> Named:
        """Score every card; about 1 and more means: named, and of the right year."""
        if not self._count:
            return Named(np.zeros(0), frozenset())
        tokens, time = words(question), periods(question)
        content = {fold(word): word for word in tokens if word not in STOP}
        matches = self._pieces.matches(tokens, self._keywords)
        name = self._name_scores(matches, content)
        top, floor = float(name.max()), self._idf(max(1.0, 0.3 * self._count))
        naming = self._saying(matches, name >= 0.6 * top) if top >= 0.5 * floor else set()
        name = name / max(top, floor, 1e-9)
        rest = {folded: word for folded, word in content.items() if word not in naming}
        scores = name + self._year_scores(time, name) + self._period_scores(time, name)
        is_meant = (name >= 0.5 * float(name.max())) if top else np.zeros(self._count, dtype=np.bool_)
        return Named(
            scores + KEYWORD * self._keyword_scores(rest),
            frozenset(naming | self._words_of_time(time, name)),
            telling_apart(self._said(matches, is_meant, scores)),
            () if self._tell_of_all(time.years, is_meant) else time.years,
            self._owners.others(question, self._called(matches)),
        )

    def _idf(self, frequency: float) -> float:
        return math.log(1 + (self._count - frequency + 0.5) / (frequency + 0.5))

    def _called(self, matches: Mapping[str, Match]) -> Mask:
        """Return the cards whose file names the question says, and does not only begin to say."""
        return mask(self._count, *(self._pieces.cards[piece] for piece in _surely(matches)))

    def _saying(self, matches: Mapping[str, Match], among: Mask) -> set[str]:
        """Return the words of the question that mean a piece of the name of one of these cards."""
        pieces = (piece for piece in _surely(matches) if among[self._pieces.cards[piece]].any())
        return {word for piece in pieces for word in matches[piece].said}

    def _said(self, matches: Mapping[str, Match], among: Mask, scores: Scores) -> list[set[str]]:
        """Return the different sets of words by which these cards are called, that of the best card first."""
        surely = _surely(matches)
        if not surely or not among.any():
            return []
        is_called = np.stack([mask(self._count, self._pieces.cards[piece]) for piece in surely], axis=1)[among]
        kinds, first = np.unique(is_called[np.argsort(-scores[among], kind="stable")], axis=0, return_index=True)
        return [
            {word for piece, is_it in zip(surely, kinds[kind], strict=True) if is_it for word in matches[piece].said}
            for kind in np.argsort(first)
        ]

    def _tell_of_all(self, asked: Sequence[int], is_meant: Mask) -> bool:
        """Say whether the statements of one document may tell of all the years asked for."""
        if len(asked) < 2:
            return True
        has_statements = self._has_statements[is_meant] if is_meant.any() else self._has_statements
        return max(asked) - min(asked) < STATEMENT_YEARS and bool(has_statements.any())

    def _name_scores(self, matches: Mapping[str, Match], content: Mapping[str, str]) -> Scores:
        name = np.zeros(self._count)
        for piece, match in matches.items():
            name[self._pieces.cards[piece]] += match.sure * self._rarity[piece]
        name += TITLE * sum_of_best(self._count, self._title_words(matches, content), 2)
        covered = np.divide(np.minimum(name, self._total), self._total, out=np.zeros_like(name), where=self._total > 0)
        scores: Scores = name * (1 - COVERAGE + COVERAGE * covered)
        return scores

    def _title_words(
        self, matches: Mapping[str, Match], content: Mapping[str, str]
    ) -> Iterable[tuple[float, NDArray[np.intp]]]:
        """Yield what each word of the question is worth, and the titles it stands in beside the name it may mean."""
        for folded, word in content.items():
            where = self._titles.get(folded, NOWHERE)
            if len(where) and not _OF_TIME.fullmatch(folded):
                meant = (self._pieces.cards[piece] for piece, match in matches.items() if word in match.said)
                yield self._idf(len(where)), where[~mask(self._count, *meant)[where]]

    def _keyword_scores(self, content: Collection[str]) -> Scores:
        most = max(1.0, 0.25 * self._count)
        known = (self._keywords.get(folded, NOWHERE) for folded in content)
        best = sum_of_best(
            self._count, ((self._idf(len(where)), where) for where in known if 0 < len(where) <= most), 2
        )
        return best / max(float(best.max()), 2 * self._idf(1), 1e-9)

    def _year_scores(self, time: Periods, name: Scores) -> Scores:
        if not time.years:
            return self._newest(name) if time.is_latest else self._recency(name)
        share = name / max(float(name.max()), 0.5)
        score = self._of_years.scores(lambda kind: _year_score(*kind, time.years))
        named: Scores = YEAR * score * (1 - min(1.0, float(name.max())) * 0.7 * (1 - share))
        return named

    def _recency(self, name: Scores) -> Scores:
        last = self._last_year
        if np.isnan(last).all() or np.nanmax(last) == np.nanmin(last):
            return np.zeros(self._count)
        age = (last - np.nanmin(last)) / (np.nanmax(last) - np.nanmin(last))
        recent: Scores = RECENT * name * np.where(np.isnan(last), 0.5, age)
        return recent

    def _newest(self, name: Scores) -> Scores:
        """Prefer the newest of the editions of one document."""
        latest: Scores = LATEST * name * (self._moment == self._editions.best(self._moment))
        return latest

    def _period_scores(self, time: Periods, name: Scores) -> Scores:
        latest = max(time.years, default=0)
        score = self._of_periods.scores(lambda kind: _period_score(*kind, time))
        near = self._of_years.scores(lambda kind: NEAR if latest in kind[0] else 0.0)
        scores: Scores = PERIOD * score * np.minimum(1, name + near)
        return scores

    def _words_of_time(self, time: Periods, name: Scores) -> frozenset[str]:
        """Return the words that say which period, where a document is of that period: no page need say them again."""
        is_of_it = self._of_periods.scores(lambda kind: bool(kind[0] & time.quarters or kind[1] & time.months)) > 0
        is_told = time.is_latest or bool((is_of_it & (name >= 0.6 * float(name.max()))).any())
        return time.words if is_told else frozenset()


def _surely(matches: Mapping[str, Match]) -> list[str]:
    """Return the pieces that are meant by more than the beginning of a word."""
    return [piece for piece, match in matches.items() if match.sure > SHORTENED]


def _year_score(years: Sequence[int], has_statements: bool, asked: Sequence[int]) -> float:
    latest = max(asked)
    if not years:
        return NO_YEAR
    if latest in years:
        return 1.0
    if set(years) & set(asked):
        return OTHER_YEAR if has_statements else OWN_YEAR
    return NEXT_YEAR if latest + 1 in years else 0.0


def _moment(card: Card) -> float:
    """Return the end of the time that a document is of, in months."""
    month = max(card.months, default=0) or 3 * max((int(quarter[1]) for quarter in card.quarters), default=4)
    return 12.0 * card.years[-1] + month if card.years else 0.0


def _period_score(quarters: frozenset[str], months: frozenset[int], time: Periods) -> float:
    asked, score = time.quarters or time.quarters_of_months, 0.0
    if quarters & asked:
        score += 1 if time.quarters else 0.5
    elif quarters and not (quarters == {"q4"} and not asked):  # the fourth quarter's report tells the year
        score -= 1
    elif time.quarters and not quarters:
        score -= 0.5
    if time.months and months:
        score += 1 if months & time.months else -1
    return score


def _keywords(cards: Sequence[Card]) -> tuple[frozenset[str], ...]:
    """Return, for each card, the frequent words that tell it from the others, and the words of its first page."""
    frequency = Counter(itertools.chain.from_iterable(card.frequent for card in cards))
    rarity = {word: math.log(1 + len(cards) / count) for word, count in frequency.items()}

    def weight(card: Card, word: str) -> float:
        return (1 + math.log(card.frequent[word])) * rarity[word]

    return tuple(
        frozenset(fold(word) for word in sorted(card.frequent, key=lambda word: -weight(card, word))[:KEYWORDS])
        | card.opening
        for card in cards
    )
