"""Which of many documents have a word, found by the word: a question looks only at those that it concerns. Pure.

Documents are known by their positions, 0…n-1; a mask or an array of scores has one value a document.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.intp]
Mask = NDArray[np.bool_]
NOWHERE: Positions = np.zeros(0, dtype=np.intp)


def positions(words_of: Iterable[Iterable[str]]) -> Mapping[str, Positions]:
    """Return for each word the positions of the documents that have it, ascending."""
    found: dict[str, list[int]] = defaultdict(list)
    for position, words in enumerate(words_of):
        for word in words:
            found[word].append(position)
    return {word: np.array(where, dtype=np.intp) for word, where in found.items()}


def mask(count: int, *where: Positions) -> Mask:
    """Return which of `count` documents stand in one of the lists."""
    chosen = np.zeros(count, dtype=np.bool_)
    for some in where:
        chosen[some] = True
    return chosen


def sum_of_best(count: int, weighted: Iterable[tuple[float, Positions]], most: int) -> NDArray[np.float64]:
    """Add up, for each document, the weights of what it has, the heaviest `most` of them only."""
    total, taken = np.zeros(count), np.zeros(count, dtype=np.intp)
    for weight, where in sorted(weighted, key=lambda pair: -pair[0]):
        free = where[taken[where] < most]
        total[free] += weight
        taken[free] += 1
    return total


def beginning_with(beginning: str, ascending: Sequence[str]) -> Iterator[str]:
    """Yield those of many sorted words that begin so."""
    for place in range(bisect_left(ascending, beginning), len(ascending)):
        if not ascending[place].startswith(beginning):
            return
        yield ascending[place]
