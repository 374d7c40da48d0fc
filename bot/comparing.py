"""Questions that compare documents or years: one question for each, and their pages dealt in turn. Pure.

One search for "inventories of Best Buy and General Mills" fills up with whichever of them has more pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence, Set
from itertools import zip_longest
from typing import TypeVar

MOST_PARTS = 3
_CUE = re.compile(
    r"\b(?:compar\w*|versus|vs|differ\w*|between|both|against|than|and|or|to|with|unlike|relative"
    r"|vergl\w*|unterschied\w*|zwischen|und|oder|als|gegenüber|entre|différen\w*|et|ou|que|diferencia\w*|y|o)\b",
    re.IGNORECASE,
)
T = TypeVar("T")


def parts(question: str, names: Sequence[frozenset[str]], years: Sequence[int]) -> tuple[str, ...]:
    """Return a question for each thing that is compared; none when there is nothing to take apart.

    Args:
        question: as asked.
        names: for each of several documents (or sets of editions), the words that mean only it.
        years: those that no single document tells of.
    """
    if _CUE.search(question) is None:
        return ()
    if 1 < len(names) <= MOST_PARTS:
        return tuple(_without(question, _words(set().union(*names) - own)) for own in names)
    distinct = sorted(set(years))
    if 1 < len(distinct) <= MOST_PARTS:
        return tuple(_without(question, map(_year, set(distinct) - {year})) for year in distinct)
    return ()


def telling_apart(said: Sequence[Set[str]]) -> tuple[frozenset[str], ...]:
    """Return the words that mean only one of several documents, for each; none when all are called the same.

    `said` are the words of the question that mean a document, the likeliest first. Editions are called the same.
    """
    chosen: list[frozenset[str]] = []
    for of_one in map(frozenset, said):
        if all(of_one - other and other - of_one for other in chosen):
            chosen.append(of_one)
    if len(chosen) < 2:
        return ()
    return tuple(one.difference(*(other for other in chosen if other is not one)) or one for one in chosen)


def dealt(ranked: Sequence[Sequence[T]], key: Callable[[T], object]) -> list[T]:
    """Return the items of several rankings in turn, each once."""
    first: dict[object, T] = {}
    for row in zip_longest(*ranked):
        for item in row:
            if item is not None:
                first.setdefault(key(item), item)
    return list(first.values())


def _words(words: Iterable[str]) -> list[str]:
    return [rf"\b{re.escape(word)}\b(?:['’]s)?" for word in words]


def _year(year: int) -> str:
    return rf"\b(?:FY|fiscal(?: year)?)? ?(?:{year}|['’]{year % 100:02d})\b"


def _without(question: str, patterns: Iterable[str]) -> str:
    for pattern in patterns:
        question = re.sub(pattern, " ", question, flags=re.IGNORECASE)
    return " ".join(question.split())
