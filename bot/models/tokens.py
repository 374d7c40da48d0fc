"""How many tokens a text has, estimated without a tokenizer and corrected by the usage that providers report.

Characters are counted by kind, because the kinds differ most between tokenizers: a digit is a third of a token in one
and a whole one in another, and a CJK character costs four times what a Latin letter does. Each kind has a correction of
its own, so that a table of figures does not spoil the estimate of the next page of prose.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

_PIECE = re.compile(
    r"(?P<word>[A-Za-z]+)|(?P<number>[0-9]+)|(?P<wide>[⺀-鿿가-힯豈-﫿！-￯])"
    r"|(?P<letters>[^\W\d_]+)|(?P<line>[^\S\n]*\n\s*)|(?P<symbol>[^\s])"
)
_LONG_WORD = 12
_LONGEST_SURPRISE = math.log(4)
"""One report moves the corrections by a factor of four at most."""


class Pieces(NamedTuple):
    """What a text consists of, in the units that tokenizers charge for."""

    words: float = 0.0
    digits: float = 0.0
    symbols: float = 0.0
    wide: float = 0.0
    letters: float = 0.0

    def plus(self, other: Pieces) -> Pieces:
        return Pieces(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


WEIGHTS = Pieces(words=1.15, digits=1.0, symbols=0.95, wide=0.8, letters=0.36)
"""Tokens for one of each, fitted on annual reports with the o200k vocabulary; digits depend on the model's family."""

_VARIANCE = Pieces(words=0.3, digits=1.5, symbols=0.5, wide=1.0, letters=1.0)
"""How much vocabularies differ in each kind: who is more likely to have caused an error is corrected more."""


@lru_cache(maxsize=256)
def pieces(text: str) -> Pieces:
    """Count a text's words, digits, symbols and line breaks, CJK characters, and letters of other scripts."""
    words = digits = symbols = wide = letters = 0.0
    for match in _PIECE.finditer(text):
        kind, length = match.lastgroup, match.end() - match.start()
        if kind == "word":
            words += 1 if length <= _LONG_WORD else length / _LONG_WORD
        elif kind == "number":
            digits += length
        elif kind == "wide":
            wide += 1
        elif kind == "letters":
            letters += length
        else:
            symbols += 1.5 if kind == "line" else 1
    return Pieces(words, digits, symbols, wide, letters)


class TokenEstimator:
    """Estimates tokens for one model, and learns from what the provider counted."""

    def __init__(self, *, tokens_per_digit: float = 1.0, overhead: int = 12) -> None:
        self._weights = list(WEIGHTS._replace(digits=tokens_per_digit))
        self._overhead = overhead
        self._surprise = 0.06
        """How far the estimate was off lately, as a logarithm."""

    @property
    def margin(self) -> float:
        """Multiplies an estimate so that it is very rarely too low."""
        return math.exp(min(max(2.5 * self._surprise, 0.04), 0.3))

    def estimate(self, text: str) -> float:
        """Return the likely number of tokens of a text."""
        return self._weigh(pieces(text))

    def estimate_all(self, texts: Iterable[str]) -> float:
        """Return the likely number of tokens of a whole prompt, the chat template's own included."""
        return self._overhead + sum(self.estimate(text) + 4 for text in texts)

    def learn(self, texts: Iterable[str], actual: int) -> None:
        """Correct each kind's weight by its part in what the estimate was wrong by."""
        contents = list(texts)
        counted = Pieces()
        for text in contents:
            counted = counted.plus(pieces(text))
        parts = [weight * count for weight, count in zip(self._weights, counted, strict=True)]
        total = self._overhead + 4 * len(contents) + sum(parts)
        if actual <= 0 or sum(parts) <= 0:
            return
        error = math.log(actual / total)
        self._surprise = 0.7 * self._surprise + 0.3 * min(abs(error), 0.5)
        error = min(max(error, -_LONGEST_SURPRISE), _LONGEST_SURPRISE)
        pulls = [variance * part / total for variance, part in zip(_VARIANCE, parts, strict=True)]
        step = 0.6 * error / sum(pull * part / total for pull, part in zip(pulls, parts, strict=True))
        for kind, pull in enumerate(pulls):
            moved = self._weights[kind] * math.exp(min(max(step * pull, -_LONGEST_SURPRISE), _LONGEST_SURPRISE))
            self._weights[kind] = min(max(moved, WEIGHTS[kind] / 6), WEIGHTS[kind] * 6)

    def _weigh(self, counted: Pieces) -> float:
        return sum(weight * count for weight, count in zip(self._weights, counted, strict=True))
