"""Whether one run is better than another on the same questions: paired, so that hard questions count for both. Pure.

Yes-or-no figures are compared by McNemar's exact test: only questions where the two differ say anything. The others are
compared by flipping the sign of each question's difference at random, with a bootstrapped interval of the mean.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from bot.answer import Outcome
from bot.errors import CaseFileError
from bot.evaluation.figures import answer_match
from bot.evaluation.results import Answered, Result, Run

DRAWS = 10_000
SEED = 7
"""The same runs compare the same each time."""
EXACT_UP_TO = 13
"""So many differing questions have few enough patterns of signs to try them all."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure in two runs, over the `cases` for which both have it."""

    figure: str
    cases: int
    before: float
    after: float
    better: int
    """Cases in which the later run has more of it."""
    worse: int
    p: float
    """Two-sided: how likely a difference like this is if the runs are equally good."""
    low: float
    """The 95 % interval of the difference."""
    high: float


def compare(before: Run, after: Run) -> tuple[Difference, ...]:
    """Compare every figure that both runs have, question by question.

    Raises:
        CaseFileError: the runs share no question.
    """
    earlier = {result.id: result for result in before.results}
    pairs = [(earlier[result.id], result) for result in after.results if result.id in earlier]
    if not pairs:
        raise CaseFileError("The two runs share no question: they are of different files.")
    differences = []
    for name, (figure, is_binary) in _FIGURES.items():
        values = [(figure(one), figure(other)) for one, other in pairs]
        known = [(one, other) for one, other in values if one is not None and other is not None]
        if known:
            differences.append(_difference(name, np.array(known, dtype=float), is_binary=is_binary))
    return tuple(differences)


def mcnemar(better: int, worse: int) -> float:
    """Return the two-sided exact p of `better` against `worse` differing pairs, if each was a toss of a coin."""
    count = better + worse
    tail = sum(math.comb(count, k) for k in range(min(better, worse) + 1)) / 2**count
    return float(min(1.0, 2 * tail))


def sign_flips(differences: np.ndarray) -> float:
    """Return the two-sided p of the mean difference, over all patterns of signs or DRAWS random ones."""
    nonzero = differences[differences != 0]
    if not len(nonzero):
        return 1.0
    if len(nonzero) <= EXACT_UP_TO:
        patterns = np.arange(2 ** len(nonzero))[:, None] >> np.arange(len(nonzero)) & 1
        sums = np.abs((1 - 2 * patterns) @ nonzero)
        return float(np.mean(sums >= abs(nonzero.sum()) - 1e-12))
    signs = np.random.default_rng(SEED).choice((-1.0, 1.0), (DRAWS, len(nonzero)))
    as_extreme = np.abs(signs @ nonzero) >= abs(nonzero.sum()) - 1e-12
    return float((1 + as_extreme.sum()) / (1 + DRAWS))


def _difference(name: str, values: np.ndarray, *, is_binary: bool) -> Difference:
    changes = values[:, 1] - values[:, 0]
    better, worse = int((changes > 0).sum()), int((changes < 0).sum())
    low, high = _interval(changes)
    return Difference(
        figure=name,
        cases=len(values),
        before=float(values[:, 0].mean()),
        after=float(values[:, 1].mean()),
        better=better,
        worse=worse,
        p=mcnemar(better, worse) if is_binary else sign_flips(changes),
        low=low,
        high=high,
    )


def _interval(changes: np.ndarray) -> tuple[float, float]:
    drawn = np.random.default_rng(SEED).integers(0, len(changes), (DRAWS // 5, len(changes)))
    low, high = np.percentile(changes[drawn].mean(axis=1), (2.5, 97.5))
    return float(low), float(high)


_Figure = Callable[[Result], float | None]


def _located(of: _Figure) -> _Figure:
    return lambda result: of(result) if result.is_located else None


def _hit(cut: int) -> _Figure:
    return _located(lambda result: (result.found.page_rank or cut + 1) <= cut)


def _of_answer(of: Callable[[Answered], float | None]) -> _Figure:
    return lambda result: of(result.answered) if result.answered and not result.answered.error else None


def _is_decided_right(result: Result) -> float | None:
    if result.is_answerable is None or not result.answered or result.answered.error:
        return None
    return (result.answered.outcome != Outcome.NOT_FOUND) == result.is_answerable


def _precision(answer: Answered) -> float | None:
    return answer.cited_right / answer.cited if answer.cited and answer.evidence_cited is not None else None


_FIGURES: Mapping[str, tuple[_Figure, bool]] = {
    "page hit @1": (_hit(1), True),
    "page hit @3": (_hit(3), True),
    "page hit @5": (_hit(5), True),
    "page hit @10": (_hit(10), True),
    "whole hit @5": (_located(lambda result: (result.found.whole_rank or 6) <= 5), True),
    "document hit @1": (_located(lambda result: result.found.document_rank == 1), True),
    "reciprocal rank": (_located(lambda result: 1 / result.found.page_rank if result.found.page_rank else 0.0), False),
    "search seconds": (lambda result: result.found.seconds, False),
    "answered or refused rightly": (_is_decided_right, True),
    "citation precision": (_of_answer(_precision), False),
    "citation recall": (_of_answer(lambda answer: answer.evidence_cited), False),
    "answer match": (_of_answer(answer_match), False),
    "answer seconds": (_of_answer(lambda answer: answer.seconds), False),
    "prompt tokens": (_of_answer(lambda answer: answer.prompt_tokens), False),
    "completion tokens": (_of_answer(lambda answer: answer.completion_tokens), False),
}
"""Each with whether it is yes or no."""
