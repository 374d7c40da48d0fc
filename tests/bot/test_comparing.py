"""Comparisons, taken apart and put together again."""

from __future__ import annotations

import pytest

from bot.comparing import dealt, parts, telling_apart


def names(*words: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(one.split()) for one in words)


@pytest.mark.parametrize(
    ("question", "named", "years", "expected"),
    [
        pytest.param(
            "inventories of Best Buy and General Mills",
            names("best buy", "general mills"),
            (),
            ("inventories of Best Buy and", "inventories of and General Mills"),
            id="two names",
        ),
        pytest.param(
            "Is the AJ300's drum larger than the AJ500's?",
            names("aj300", "aj500"),
            (),
            ("Is the AJ300's drum larger than the ?", "Is the drum larger than the AJ500's?"),
            id="possessives",
        ),
        pytest.param(
            "leave: 2021 vs. FY2024", (), (2021, 2024), ("leave: 2021 vs.", "leave: vs. FY2024"), id="two years"
        ),
        pytest.param(
            "bonus of '22 and '24", (), (2022, 2024), ("bonus of '22 and", "bonus of and '24"), id="short years"
        ),
        pytest.param("best buy general mills", names("best buy", "general mills"), (), (), id="no word of comparison"),
        pytest.param("leave in 2021 and pay", (), (2021,), (), id="one year"),
        pytest.param("1 or 2", (), (2020, 2021, 2022, 2023), (), id="too many"),
    ],
)
def test_parts(
    question: str, named: tuple[frozenset[str], ...], years: tuple[int, ...], expected: tuple[str, ...]
) -> None:
    """Each part keeps one name or year, and everything that is not a name or year."""
    assert parts(question, named, years) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param([{"best", "buy"}, {"general", "mills"}], names("best buy", "general mills"), id="two companies"),
        pytest.param(
            [{"aquajet", "aj300"}, {"aquajet", "aj500"}], names("aj300", "aj500"), id="what they share is out"
        ),
        pytest.param([{"emp", "handbook"}, {"handbook"}, {"handbook"}], (), id="editions"),
        pytest.param([{"general"}], (), id="one"),
        pytest.param([], (), id="none"),
    ],
)
def test_words_that_tell_apart(said: list[set[str]], expected: tuple[frozenset[str], ...]) -> None:
    assert telling_apart(said) == expected


def test_pages_are_dealt_in_turn_and_each_once() -> None:
    assert dealt([["a1", "a2", "b1"], ["b1", "b2"]], lambda item: item) == ["a1", "b1", "a2", "b2"]
