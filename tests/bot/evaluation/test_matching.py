"""Known answers against given ones."""

from __future__ import annotations

import pytest

from bot.evaluation.matching import match, number_match, text_overlap


@pytest.mark.parametrize(
    ("right", "answer", "expected"),
    [
        pytest.param("0.66", "The ratio is 0.6557 [1].", 1.0, id="rounds to it"),
        pytest.param("0.66", "The ratio is 0.65.", 0.0, id="does not round to it"),
        pytest.param("$1577.00", "It spent $1,577 million.", 1.0, id="separators and scale"),
        pytest.param("$8.70", "8.738 billion", 0.0, id="another amount"),
        pytest.param("0.66", "660 million", 0.0, id="a ratio is no amount in millions"),
        pytest.param("65.4%", "It rose by 65.4 percent to 1,494.", 1.0, id="percent"),
        pytest.param("-3.7%", "(3.7)%", 1.0, id="brackets are a minus"),
        pytest.param("From 10 to 20", "It was 20.", 0.5, id="half of them"),
        pytest.param("26 days in 2021", "26 days", 1.0, id="a year beside an amount does not count"),
        pytest.param("In 2021", "Since 2022.", 0.0, id="a year alone does"),
        pytest.param("12 days", "You have twelve days.", 1.0, id="spelled"),
        pytest.param("0", "none, or 0", 1.0, id="zero"),
    ],
)
def test_numbers_are_compared_as_numbers(right: str, answer: str, expected: float) -> None:
    assert number_match(right, answer) == expected
    assert match(right, answer) == expected


def test_words_are_compared_by_stem() -> None:
    """Half of what was to be said is half right; function words do not count."""
    assert text_overlap("The lead approves it in writing", "Leads approve.") == pytest.approx(2 / 3)
    assert match("Ruth Almeida", "Ask Ruth Almeida [1].") == 1.0
    assert match("Ruth Almeida", "") == 0.0


def test_nothing_to_compare_with() -> None:
    assert match("", "anything") is None
