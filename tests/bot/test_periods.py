"""Which time a question speaks of."""

from __future__ import annotations

import pytest

from bot.periods import periods


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Q2 of FY2024", {"q2"}),
        ("the first half", {"q2"}),
        ("H1 2023", {"q2"}),
        ("third quarter", {"q3"}),
        ("the last quarter of 2023", {"q4"}),
        ("Q1-24", {"q1"}),
        ("2023", set()),
    ],
)
def test_quarters(text: str, found: set[str]) -> None:
    assert periods(text).quarters == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("leave in 2022 and FY23", (2022, 2023)),
        ("handbook '22", (2022,)),
        ("Q1-24 and Q3/2023", (2023, 2024)),
        ("the '90s, 30 people", ()),
        ("won't '", ()),
        ("page 22", ()),
    ],
)
def test_years(text: str, found: tuple[int, ...]) -> None:
    assert tuple(sorted(periods(text).years)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("in March and June", {3, 6}),
        ("03/2024", {3}),
        ("2024-06", {6}),
        ("what may I do in May", {5}),
        ("may I?", set()),
        ("13/2024", set()),
    ],
)
def test_months(text: str, found: set[int]) -> None:
    assert periods(text).months == found


@pytest.mark.parametrize(
    ("text", "is_latest"),
    [
        pytest.param("the latest handbook", True, id="latest"),
        pytest.param("What applies now?", True, id="now"),
        pytest.param("at the last board meeting", True, id="last meeting"),
        pytest.param("last year's bonus", True, id="last year"),
        pytest.param("das neueste Handbuch", True, id="German"),
        pytest.param("la dernière édition", True, id="French"),
        pytest.param("the latest figures for 2022", False, id="a year is named"),
        pytest.param("how long does the last day last?", False, id="another last"),
        pytest.param("what is known", False, id="inside a word"),
        pytest.param("total current liabilities", False, id="a term of accounting"),
        pytest.param("the actual cost", False, id="an English word in Spanish"),
    ],
)
def test_the_newest(text: str, is_latest: bool) -> None:
    assert periods(text).is_latest is is_latest


def test_the_words_that_say_so() -> None:
    """Those are of no use on the pages; years are left out of what is searched by themselves."""
    assert periods("sales in the first quarter of 2024, by March").words == {"first", "quarter", "q1", "march"}
    assert periods("the most recent handbook").words == {"most", "recent"}
