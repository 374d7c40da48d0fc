"""Whose a document is, where its name says so and others are somebody else's: `Adobe` for ADOBE_2021_10K.pdf. Pure.

The filings of a dozen companies are all about revenue: whoever asks for the revenue of a thirteenth would be shown that
of one of them. Which word of a question is a company cannot be told; that it says none of a document's own words can.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from bot.positions import NOWHERE, Mask, beginning_with, mask, positions
from bot.verification.languages import listed
from ingest.cards import fold, often_said, words
from ingest.documents import Card

MOST_OWNED = 0.8
"""A word that more of the documents share tells nobody apart: all are of one company."""
MOST_OPENED = 0.3
"""The same of a word of their first pages, which name a company in yet other ways."""
SURE_PART = 0.6

_OF_ANYBODY = frozenset(
    listed("""
    annual report quarterly quarter form earning release result financial statement statements fiscal year consolidated
    company inc corp corporation limited group holding united states securities security exchange commission dated press
    proxy presentation call transcript final draft copy scan document file version the and
    """)
)
_OF_ALL = re.compile(
    r"\b(?:we|our|ours|(?-i:us)|compan(?:y|ies)|firms?|issuers?|businesses|wir|uns(?:er\w*)?|unternehmen|nous|notre|nos)\b",
    re.IGNORECASE,
)
"""Who speaks so names nobody, and means what is there."""


class Owners:
    """The words by which each document's owner is called; made anew when documents come or go."""

    def __init__(self, cards: Sequence[Card]) -> None:
        self._count = len(cards)
        self._frequent = Counter(word for card in cards for word in often_said(card))
        own = self._no_usual_words(_telling([_own_words(card) for card in cards], MOST_OWNED))
        opening = _telling([frozenset(filter(str.isalpha, card.opening)) for card in cards], MOST_OPENED)
        self._has_own = np.array([bool(one) for one in own], dtype=np.bool_)
        self._own, self._opening = positions(own), positions(opening)
        self._own_sorted = sorted(self._own)

    def _no_usual_words(self, owned: Sequence[frozenset[str]]) -> list[frozenset[str]]:
        """Drop words that others often say, too: `sales` of Sales_2024.pdf is nobody's name."""
        counts = Counter(word for one in owned for word in one)
        most = MOST_OPENED * len(owned)
        return [frozenset(word for word in one if self._frequent[word] <= max(most, counts[word])) for one in owned]

    def others(self, question: str, named: Mask) -> frozenset[int]:
        """Return the positions of the documents of somebody whom the question does not name.

        `named` are those that it names in other ways: by initials, by a part of the file's name.
        """
        if _OF_ALL.search(question):
            return frozenset()
        said = {fold(word) for word in words(question)}
        # Pepsi of PepsiCo; not the net of Netflix, which stands in every report.
        begun = (word for word in said if len(word) >= 3 and self._frequent[word] <= MOST_OPENED * self._count)
        called = said.union(*(beginning_with(word, self._own_sorted) for word in begun))
        own = (self._own.get(word, NOWHERE) for word in called)
        opening = (self._opening.get(word, NOWHERE) for word in said)
        return frozenset(np.flatnonzero(self._has_own & ~named & ~mask(self._count, *own, *opening)).tolist())


def _own_words(card: Card) -> frozenset[str]:
    """Return the words of a file's name and title that its own text says, too."""
    parts = (part for of_piece in card.parts.values() for part, sure in of_piece.items() if sure >= SURE_PART)
    named = {fold(word) for word in (*card.pieces, *parts)} | card.title
    text = often_said(card) | card.opening
    return frozenset(word for word in named & text - _OF_ANYBODY if not word.isdigit() and len(word) > 1)


def _telling(words_of: Sequence[frozenset[str]], most: float) -> list[frozenset[str]]:
    """Keep of each document's words those that at most that share of the documents have."""
    counts = Counter(word for one in words_of for word in one)
    return [frozenset(word for word in one if counts[word] <= most * len(words_of)) for one in words_of]
