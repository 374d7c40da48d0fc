"""How alike the words of a question and of passages are, letter by letter: pairs that no stemmer or embedding joins.

"Bestandszählung" and "gezählt", "batteries" and "Batterien" share letters where they share no stem. Used for questions
in languages that the bundled embedding model was not made for. Pure.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from bot.verification.languages import fold

GRAM = 3
SHORTEST = 4
LEAST = 0.6
"""Of the letters of the shorter word, in runs of GRAM, that the longer one must hold."""
_WORD = re.compile(rf"[^\W\d_]{{{SHORTEST},}}")


def likeness(wanted: Iterable[str], passages: Sequence[str]) -> list[float]:
    """Return for each passage which share of the wanted words it holds, or words like them; rare ones count more."""
    texts = [frozenset(map(_folded, _WORD.findall(passage))) for passage in passages]
    at = defaultdict(list)
    for position, words in enumerate(texts):
        for word in words:
            at[word].append(position)
    known = _by_gram(at)
    scores, total = [0.0] * len(passages), 0.0
    for word in {_folded(word) for word in wanted if _WORD.fullmatch(word)}:
        alike: dict[int, float] = {}
        for other in _candidates(word, known):
            how = _alike(word, other)
            for position in at[other] if how else ():
                alike[position] = max(alike.get(position, 0.0), how)
        weight = math.log(1 + len(passages) / (1 + len(alike)))
        total += weight
        for position, how in alike.items():
            scores[position] += weight * how
    return [score / total if total else 0.0 for score in scores]


@lru_cache(maxsize=65_536)
def _folded(word: str) -> str:
    return fold(word)


@lru_cache(maxsize=65_536)
def _grams(word: str) -> frozenset[str]:
    return frozenset(word[start : start + GRAM] for start in range(len(word) - GRAM + 1))


def _by_gram(words: Iterable[str]) -> dict[str, set[str]]:
    known = defaultdict(set)
    for word in words:
        for gram in _grams(word):
            known[gram].add(word)
    return known


def _candidates(word: str, known: dict[str, set[str]]) -> set[str]:
    return {other for gram in _grams(word) for other in known.get(gram, ())}


def _alike(one: str, other: str) -> float:
    """Return 1 for the same word, less for one inside a longer one, 0 for words that share too little."""
    first, second = _grams(one), _grams(other)
    shorter, longer = sorted((len(first), len(second)))
    share = len(first & second) / shorter
    return share * math.sqrt((1 + shorter / longer) / 2) if share >= LEAST else 0.0
