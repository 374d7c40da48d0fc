"""Two runs beside each other: what differs, and whether that may be chance."""

from __future__ import annotations

import numpy as np
import pytest

from bot.errors import CaseFileError
from bot.evaluation.comparison import Difference, compare, mcnemar, sign_flips
from bot.evaluation.results import Found, Result, Run


def run(*ranks: int | None, seconds: float = 0.1) -> Run:
    """A run in which question n was found at ranks[n]."""
    results = [
        Result(str(number), "", True, True, Found(rank, rank, rank and 1, seconds)) for number, rank in enumerate(ranks)
    ]
    return Run("questions.jsonl", "", 8, tuple(results))


def figure(differences: tuple[Difference, ...], name: str) -> Difference:
    return next(one for one in differences if one.figure == name)


@pytest.mark.parametrize(
    ("better", "worse", "p"),
    [
        pytest.param(0, 0, 1.0, id="nothing differs"),
        pytest.param(5, 5, 1.0, id="as many each way"),
        pytest.param(5, 0, 2 / 32, id="five to none"),
        pytest.param(1, 8, 2 * 10 / 512, id="one to eight"),
    ],
)
def test_mcnemar_is_the_exact_binomial_test(better: int, worse: int, p: float) -> None:
    assert mcnemar(better, worse) == pytest.approx(p)
    assert mcnemar(worse, better) == pytest.approx(p)


@pytest.mark.parametrize(
    ("differences", "p"),
    [
        pytest.param([0.0, 0.0], 1.0, id="none"),
        pytest.param([1.0] * 5, 2 / 32, id="all alike"),
        pytest.param([3.0, 1.0, -1.0], 6 / 8, id="unequal ones"),
    ],
)
def test_signs_are_flipped_exactly_where_few_differ(differences: list[float], p: float) -> None:
    assert sign_flips(np.array(differences)) == pytest.approx(p)


def test_many_differences_are_flipped_at_random_and_the_same_each_time() -> None:
    """A plain shift is hardly chance, noise is; two calls agree to the last digit."""
    noise = np.random.default_rng(1).normal(0, 1, 200)

    assert sign_flips(noise + 1) < 0.001
    assert sign_flips(noise) == sign_flips(noise) > 0.05


def test_runs_are_compared_question_by_question() -> None:
    """Six questions moved from rank 4 to rank 1, one got lost."""
    differences = compare(run(4, 4, 4, 4, 4, 4, 1, 1), run(1, 1, 1, 1, 1, 1, None, 1))

    first = figure(differences, "page hit @1")
    assert (first.cases, first.before, first.after, first.better, first.worse) == (8, 0.25, 0.875, 6, 1)
    assert first.p == pytest.approx(2 * 8 / 128)
    assert first.low < 0.625 < first.high
    assert figure(differences, "page hit @5").after == 0.875
    assert {one.figure for one in differences}.isdisjoint({"citation recall", "answer match"})


def test_only_shared_questions_count() -> None:
    assert figure(compare(run(1, 1, 1), run(1, 1)), "page hit @1").cases == 2


def test_runs_of_different_files_cannot_be_compared() -> None:
    other = Run("", "", 8, (Result("elsewhere", "", True, True, Found(1, 1, 1, 0.1)),))

    with pytest.raises(CaseFileError, match="share no question"):
        compare(run(1), other)
