"""Which documents a question names: every readable document's card scored against the question, in memory. Pure.

A question says "the 2022 handbook" or "General Mills in FY2019"; the vectors of its pages know nothing of that.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.comparing import telling_apart
from bot.owners import Owners
from bot.periods import Periods, periods
from ingest.cards import STOP, fold, often_said, words
from ingest.documents import Card

Scores = NDArray[np.float64]

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
SHORTENED = 0.5
"""How surely emp means employee, and mtg meeting."""
_CONSONANTS = re.compile(r"[b-df-hj-np-tv-z]+")
INITIALS = 0.7
"""How surely LSB means Lantern Street Bakeries, where a file is called that."""


@dataclass(frozen=True, slots=True)
class Match:
    """How surely a piece of a file name is meant, and by which words of the question."""

    sure: float
    said: tuple[str, ...]


_NO_MATCH = Match(0.0, ())


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
        self._initials = _initials(cards)
        self._pairs = _pairs(cards)
        self._keywords = _keywords(cards)
        self._keyword_counts = Counter(word for keywords in self._keywords for word in keywords)
        self._saying = _saying(cards)
        self._owners = Owners(cards)

    def score(self, question: str) -> Named:
        """Score every card; about 1 and more means: named, and of the right year."""
        count = len(self._cards)
        if not count:
            return Named(np.zeros(0), frozenset())
        tokens, time = words(question), periods(question)
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
        scores = name + self._year_scores(time, name) + self._period_scores(time, name)
        naming |= self._words_of_time(time, name)
        order = np.argsort(-scores, kind="stable")
        meant = [self._cards[position] for position in order if top and name[position] >= 0.5 * float(name.max())]
        return Named(
            scores + KEYWORD * self._keyword_scores(rest),
            frozenset(naming),
            telling_apart([_said(card, matches, above=0.5) for card in meant]),
            () if _tell_of_all(time.years, meant or self._cards) else time.years,
            self._owners.others(question, self._called(matches)),
        )

    def _called(self, matches: Mapping[str, Match]) -> set[int]:
        """Return the positions of the cards whose file names the question says, and does not only begin to say."""
        return {i for i, card in enumerate(self._cards) if _said(card, matches, above=SHORTENED)}

    def _idf(self, frequency: float) -> float:
        return math.log(1 + (len(self._cards) - frequency + 0.5) / (frequency + 0.5))

    def _matches(self, tokens: Sequence[str]) -> dict[str, Match]:
        grams = _grams(tokens)
        found = {}
        for piece in self._pieces:
            match = self._match(piece, grams, tokens)
            if match.sure:
                found[piece] = match
        for token in tokens:
            for piece in self._initials.get(token, ()) if token not in self._keyword_counts else ():
                if found.get(piece, _NO_MATCH).sure < INITIALS:
                    found[piece] = Match(INITIALS, (token,))
            for pair in (pair for pair in self._pairs if _blends(token, *pair)):
                for piece in self._pairs[pair]:
                    if found.get(piece, _NO_MATCH).sure < INITIALS:
                        found[piece] = Match(INITIALS, (token,))
        return self._singling_out(found)

    def _singling_out(self, found: Mapping[str, Match]) -> dict[str, Match]:
        """Take off what a word is worth less as a name because documents of other names are about it, too.

        `debian` of debian-faq.pdf means that file only where the manuals beside it do not say the word on every page.
        """
        called: dict[str, set[int]] = defaultdict(set)
        for position, card in enumerate(self._cards):
            for piece in card.pieces:
                if piece in found and len(found[piece].said) == 1:
                    called[found[piece].said[0]].add(position)

        def share(said: tuple[str, ...]) -> float:
            if len(said) > 1:
                return 1.0
            of_name = called[said[0]]
            return len(of_name) / max(1, len(of_name | self._saying.get(fold(said[0]), set())))

        return {piece: Match(match.sure * share(match.said), match.said) for piece, match in found.items()}

    def _match(self, piece: str, grams: Mapping[str, tuple[str, ...]], tokens: Sequence[str]) -> Match:
        said = grams.get(piece) or (grams.get(piece + "s") if len(piece) > 3 else None)
        if said:
            return Match(1.0, said)
        parts = (Match(sure, grams[part]) for part, sure in self._parts[piece].items() if part in grams)
        best = max(parts, key=lambda match: match.sure, default=_NO_MATCH)
        if best.sure < 0.5 and piece.isalpha() and 3 <= len(piece) <= 6 and piece not in STOP:  # "emp" for employee
            longer = next((token for token in tokens if token.startswith(piece) and len(token) >= len(piece) + 3), None)
            if longer:
                return Match(0.5, (longer,))
        if best.sure < SHORTENED and piece.isalpha():
            shorter = next((token for token in tokens if _is_short_for(token, piece)), None)
            if shorter:
                return Match(SHORTENED, (shorter,))
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

    def _year_scores(self, time: Periods, name: Scores) -> Scores:
        if not time.years:
            return self._newest(name) if time.is_latest else self._recency(name)
        share = name / max(float(name.max()), 0.5)
        score = np.array([_year_score(card, time.years) for card in self._cards])
        named: Scores = YEAR * score * (1 - min(1.0, float(name.max())) * 0.7 * (1 - share))
        return named

    def _recency(self, name: Scores) -> Scores:
        last = np.array([card.years[-1] if card.years else np.nan for card in self._cards])
        if np.isnan(last).all() or np.nanmax(last) == np.nanmin(last):
            return np.zeros(len(self._cards))
        age = (last - np.nanmin(last)) / (np.nanmax(last) - np.nanmin(last))
        recent: Scores = RECENT * name * np.where(np.isnan(last), 0.5, age)
        return recent

    def _newest(self, name: Scores) -> Scores:
        newest: dict[frozenset[str], float] = {}
        for card in self._cards:
            newest[_family(card)] = max(newest.get(_family(card), 0.0), _moment(card))
        is_newest = np.array([_moment(card) == newest[_family(card)] for card in self._cards])
        latest: Scores = LATEST * name * is_newest
        return latest

    def _period_scores(self, time: Periods, name: Scores) -> Scores:
        latest = max(time.years, default=0)
        score = np.array([_period_score(card, time) for card in self._cards])
        near = np.array([NEAR if latest in card.years else 0.0 for card in self._cards])
        scores: Scores = PERIOD * score * np.minimum(1, name + near)
        return scores

    def _words_of_time(self, time: Periods, name: Scores) -> frozenset[str]:
        """Return the words that say which period, where a document is of that period: no page need say them again."""
        is_meant = name >= 0.6 * float(name.max())
        cards = [card for card, meant in zip(self._cards, is_meant, strict=True) if meant]
        is_told = time.is_latest or any(card.quarters & time.quarters or card.months & time.months for card in cards)
        return time.words if is_told else frozenset()


def _year_score(card: Card, asked: Sequence[int]) -> float:
    latest = max(asked)
    if not card.years:
        return NO_YEAR
    if latest in card.years:
        return 1.0
    if set(card.years) & set(asked):
        return OTHER_YEAR if card.has_statements else OWN_YEAR
    return NEXT_YEAR if latest + 1 in card.years else 0.0


def _family(card: Card) -> frozenset[str]:
    """Return what editions of one document have in common."""
    return card.title or frozenset(card.pieces)


def _moment(card: Card) -> float:
    """Return the end of the time that a document is of, in months."""
    month = max(card.months, default=0) or 3 * max((int(quarter[1]) for quarter in card.quarters), default=4)
    return 12.0 * card.years[-1] + month if card.years else 0.0


def _period_score(card: Card, time: Periods) -> float:
    asked, score = time.quarters or time.quarters_of_months, 0.0
    if card.quarters & asked:
        score += 1 if time.quarters else 0.5
    elif card.quarters and not (card.quarters == {"q4"} and not asked):  # the fourth quarter's report tells the year
        score -= 1
    elif time.quarters and not card.quarters:
        score -= 0.5
    if time.months and card.months:
        score += 1 if card.months & time.months else -1
    return score


def _said(card: Card, matches: Mapping[str, Match], above: float = 0.0) -> set[str]:
    """Return the words of the question that mean pieces of this card's file name."""
    return {
        word
        for piece in card.pieces
        if piece in matches and matches[piece].sure > above
        for word in matches[piece].said
    }


def _tell_of_all(asked: Sequence[int], meant: Sequence[Card]) -> bool:
    """Say whether the statements of one document may tell of all the years asked for."""
    if len(asked) < 2:
        return True
    return max(asked) - min(asked) < STATEMENT_YEARS and any(card.has_statements for card in meant)


def _is_short_for(token: str, piece: str) -> bool:
    """Say whether a word of the question shortens a piece of a file name: its beginning, or without its vowels."""
    if token in STOP or len(piece) < len(token) + (2 if len(token) == 5 else 3) or piece[0] != token[0]:
        return False
    if 3 <= len(token) <= 5 and piece.startswith(token):
        return True
    letters = iter(piece)
    return 3 <= len(token) <= 5 and _CONSONANTS.fullmatch(token) is not None and all(one in letters for one in token)


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


def _initials(cards: Sequence[Card]) -> dict[str, tuple[str, ...]]:
    """Return the first letters of three to five neighbouring pieces of file names, with the pieces."""
    found: dict[str, tuple[str, ...]] = {}
    for card in cards:
        for size in range(3, 6):
            for start in range(len(card.pieces) - size + 1):
                run = card.pieces[start : start + size]
                initials = "".join(piece[0] for piece in run)
                if initials.isalpha() and initials not in STOP:
                    found[initials] = run
    return found


def _pairs(cards: Sequence[Card]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the neighbouring words of names, with the pieces that they are."""
    return {pair: pieces for card in cards for pair, pieces in _pairs_of(card).items()}


def _pairs_of(card: Card) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the neighbouring words of a name, written apart or together, with the pieces that they are."""
    found: dict[tuple[str, str], tuple[str, ...]] = {
        pair: pair for pair in itertools.pairwise(card.pieces) if all(map(str.isalpha, pair))
    }
    for piece, parts in card.parts.items():
        found |= {(head, tail): (piece,) for head in parts if (tail := piece[len(head) :]) in parts}
    return found


def is_blend(token: str, card: Card) -> bool:
    """Say whether a word is made of two of a document's name: Amex of AMERICANEXPRESS_2022_10K.pdf."""
    return any(_blends(token, *pair) for pair in _pairs_of(card))


def _blends(token: str, head: str, tail: str) -> bool:
    """Say whether a word is made of the beginnings of two longer ones: Amex of American Express."""
    may_be = token.isalpha() and 4 <= len(token) <= 6 and token not in STOP and min(len(head), len(tail)) >= 4
    cuts = range(2, len(token) - 1) if may_be else ()
    return any(head.startswith(token[:cut]) and tail.startswith(token[cut:]) for cut in cuts)


def _saying(cards: Sequence[Card]) -> Mapping[str, set[int]]:
    """Return for each frequent word of the texts, and each word of a title, the positions of its documents."""
    saying: dict[str, set[int]] = defaultdict(set)
    for position, card in enumerate(cards):
        for word in card.title | often_said(card):
            saying[word].add(position)
    return saying


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
