"""Which pieces of file names the words of a question mean: in full, glued, shortened, blended, or as initials. Pure.

`generalmills` is "General Mills", `emp` an employee's, `lantern-street-bakeries` LSB. What follows from it for each
document is decided in `naming.py`.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.positions import NOWHERE, beginning_with, mask, positions
from ingest.cards import STOP, fold, often_said
from ingest.documents import Card

SHORTENED = 0.5
"""How surely emp means employee, and mtg meeting."""
INITIALS = 0.7
"""How surely LSB means Lantern Street Bakeries, where a file is called that."""
_CONSONANTS = re.compile(r"[b-df-hj-np-tv-z]+")
_BEGINNING = 2
"""Letters that a blend takes of each word at least."""
_SHORTEST_BLENDED = 4


@dataclass(frozen=True, slots=True)
class Match:
    """How surely a piece of a file name is meant, and by which words of the question."""

    sure: float
    said: tuple[str, ...]


_NO_MATCH = Match(0.0, ())


class Pieces:
    """The pieces of all file names, to be found by what they may be called; made anew when documents come or go."""

    def __init__(self, cards: Sequence[Card]) -> None:
        self._count = len(cards)
        self.cards = positions(card.pieces for card in cards)
        """The cards of each piece."""
        self._order = {piece: number for number, piece in enumerate(self.cards)}
        self._saying = positions(card.title.union(often_said(card)) for card in cards)
        self._parts: dict[str, dict[str, float]] = {piece: {} for piece in self.cards}
        for card in cards:
            for piece, parts in card.parts.items():
                for part, sure in parts.items():
                    self._parts[piece][part] = max(self._parts[piece].get(part, 0.0), sure)
        self._by_part: dict[str, list[str]] = defaultdict(list)
        for piece, of_piece in self._parts.items():
            for part in of_piece:
                self._by_part[part].append(piece)
        self._by_letters = sorted(filter(str.isalpha, self.cards))
        self._initials = _initials(cards)
        self._pairs: dict[str, dict[tuple[str, str], tuple[str, ...]]] = defaultdict(dict)
        for card in cards:
            for pair, pieces in _pairs_of(card).items():
                self._pairs[pair[0][:_BEGINNING]][pair] = pieces

    def matches(self, tokens: Sequence[str], usual: Collection[str]) -> dict[str, Match]:
        """Return the pieces that the words of a question mean; `usual` words are nobody's initials."""
        grams = _grams(tokens)
        found = {}
        for piece in sorted(self._candidates(tokens, grams), key=lambda piece: self._order[piece]):
            match = self._match(piece, grams, tokens)
            if match.sure:
                found[piece] = match
        for token in tokens:
            called = self._initials.get(token, ()) if token not in usual else ()
            pairs = self._pairs.get(token[:_BEGINNING], {}) if _may_blend(token) else {}
            blended = (pieces for pair, pieces in pairs.items() if _blends(token, *pair))
            for piece in itertools.chain(called, *blended):
                if found.get(piece, _NO_MATCH).sure < INITIALS:
                    found[piece] = Match(INITIALS, (token,))
        return self._singling_out(found)

    def _candidates(self, tokens: Sequence[str], grams: Mapping[str, tuple[str, ...]]) -> set[str]:
        """Return all pieces that may match, and few that do not."""
        found: set[str] = set()
        for gram in grams:
            found.update(piece for piece in (gram, gram.removesuffix("s")) if piece in self.cards)
            found.update(self._by_part.get(gram, ()))
        for token in tokens:
            found.update(token[:size] for size in range(3, 7) if token[:size] in self.cards)
            found.update(self._longer(token))
        return found

    def _longer(self, token: str) -> Iterator[str]:
        """Yield the pieces that a short word may stand for: those that begin with it, or with its first letter."""
        if 3 <= len(token) <= 5:
            yield from beginning_with(token[:1] if _CONSONANTS.fullmatch(token) else token, self._by_letters)

    def _match(self, piece: str, grams: Mapping[str, tuple[str, ...]], tokens: Sequence[str]) -> Match:
        said = grams.get(piece) or (grams.get(piece + "s") if len(piece) > 3 else None)
        if said:
            return Match(1.0, said)
        parts = (Match(sure, grams[part]) for part, sure in self._parts[piece].items() if part in grams)
        best = max(parts, key=lambda match: match.sure, default=_NO_MATCH)
        if best.sure < SHORTENED and piece.isalpha():
            if 3 <= len(piece) <= 6 and piece not in STOP:  # "emp" for employee
                longer = next(
                    (token for token in tokens if token.startswith(piece) and len(token) >= len(piece) + 3), None
                )
                if longer:
                    return Match(SHORTENED, (longer,))
            shorter = next((token for token in tokens if _is_short_for(token, piece)), None)
            if shorter:
                return Match(SHORTENED, (shorter,))
        return best

    def _singling_out(self, found: Mapping[str, Match]) -> dict[str, Match]:
        """Take off what a word is worth less as a name because documents of other names are about it, too.

        `debian` of debian-faq.pdf means that file only where the manuals beside it do not say the word on every page.
        """
        called: dict[str, list[str]] = defaultdict(list)
        for piece, match in found.items():
            if len(match.said) == 1:
                called[match.said[0]].append(piece)

        def share(said: tuple[str, ...]) -> float:
            if len(said) > 1:
                return 1.0
            of_name = mask(self._count, *(self.cards[piece] for piece in called[said[0]]))
            about = of_name | mask(self._count, self._saying.get(fold(said[0]), NOWHERE))
            return float(of_name.sum() / max(1, about.sum()))

        return {piece: Match(match.sure * share(match.said), match.said) for piece, match in found.items()}


def is_blend(token: str, card: Card) -> bool:
    """Say whether a word is made of two of a document's name: Amex of AMERICANEXPRESS_2022_10K.pdf."""
    return _may_blend(token) and any(_blends(token, *pair) for pair in _pairs_of(card))


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


def _pairs_of(card: Card) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the neighbouring words of a name, written apart or together, with the pieces that they are."""
    found: dict[tuple[str, str], tuple[str, ...]] = {
        pair: pair for pair in itertools.pairwise(card.pieces) if all(map(str.isalpha, pair))
    }
    for piece, parts in card.parts.items():
        found |= {(head, tail): (piece,) for head in parts if (tail := piece[len(head) :]) in parts}
    return found


def _may_blend(token: str) -> bool:
    return token.isalpha() and 4 <= len(token) <= 6 and token not in STOP


def _blends(token: str, head: str, tail: str) -> bool:
    """Say whether a word is made of the beginnings of two longer ones: Amex of American Express."""
    if head[:_BEGINNING] != token[:_BEGINNING] or min(len(head), len(tail)) < _SHORTEST_BLENDED:
        return False
    cuts = range(_BEGINNING, len(token) - 1)
    return any(head.startswith(token[:cut]) and tail.startswith(token[cut:]) for cut in cuts)
