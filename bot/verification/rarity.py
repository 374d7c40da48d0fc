"""How much a word says among some pages: the rarer, the more."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from bot.verification.passages import PageIndex

WORDS_IN_A_UNIT = 8
"""About so many words with content are in a sentence or row."""
_ONE = 1_000_000
"""Weights are whole numbers, so that their sums do not depend on the order of a set."""


class Rarity:
    """Weighs stems by how seldom the pages have them; 1.0 is as rare as can be."""

    def __init__(self, pages: Sequence[PageIndex], unseen: float) -> None:
        self._weights = _Weights(pages, unseen)

    def weigh(self, stems: Iterable[str]) -> float:
        return sum(map(self._weights.__getitem__, stems)) / _ONE


class _Weights(dict[str, int]):
    """Stem → weight, computed when it is first asked for."""

    def __init__(self, pages: Sequence[PageIndex], unseen: float) -> None:
        super().__init__()
        self._counts = [page.counts for page in pages]
        self._units = max(1.0, sum(count.total() for count in self._counts) / WORDS_IN_A_UNIT)
        self._unseen = unseen

    def __missing__(self, stem: str) -> int:
        """Words on no page weigh less than rare ones: often only the answer speaks so."""
        count = sum(counts[stem] for counts in self._counts)
        rarity = math.log(1 + self._units / (0.5 + count)) / math.log(1 + 2 * self._units)
        self[stem] = weight = round(_ONE * (rarity if count else self._unseen))
        return weight
