"""Equations in a sentence."""

from __future__ import annotations

import pytest

from bot.verification.arithmetic import derived
from bot.verification.claims import Claim, read
from bot.verification.equations import between, is_mistaken


def claim(text: str) -> Claim:
    return read(text, "en")


def texts(of: Claim, indexes: object) -> list[str]:
    return [of.numbers[i].text for i in indexes]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text",
    [
        "It rose by 402 thousand euros - 288 thousand euros = 114 thousand euros.",
        "The margin is $(5,685) million / $58,158 million = (9.8)%.",
        "The yearly growth is (954.1 / 806.9)^(1/2) - 1 = 8.7 %.",
        "It is 2 × (3 + 4) = 14.",
        "It is about 10 / 3 = 3.3.",
        "The test gives F(df1 = 3, df2 = 9) = 3.4471 with p = 0.0650.",
        "Tickets 3 - 7 = those for children.",
    ],
)
def test_is_not_mistaken(text: str):
    """What comes out, or is no sum, is no mistake."""
    assert not is_mistaken(claim(text))


@pytest.mark.parametrize(
    "text",
    [
        "It rose by 402 thousand euros - 288 thousand euros = 120 thousand euros.",
        "The difference is 6 days - 1 day = 3 days.",
        "The yearly growth is (954.1 / 806.9)^(1/2) - 1 = 9.7 %.",
    ],
)
def test_is_mistaken(text: str):
    """What comes out otherwise is a mistake, though each number may be on a page."""
    assert is_mistaken(claim(text))


def test_between():
    """What is computed on the way needs the numbers of the first expression."""
    of = claim("It is (7,838 - 442) / 4,756 = 7,396 / 4,756 = 155.5 %.")

    assert [(of.numbers[i].text, texts(of, needed)) for i, needed in between(of)] == [
        ("7,396", ["7,838", "442", "4,756"]),
        ("4,756", []),
    ]


def test_between_wrong():
    """A number on the way that does not come out is none."""
    assert not list(between(claim("It is (7,838 - 442) / 4,756 = 7,496 / 4,756 = 155.5 %.")))


def test_derived_again():
    """A result may be said before its equation, and once more, rounded, behind it."""
    of = claim("The margin is 5.4 %, being 368,109 / 6,779,511 = 5.43 %, or about 5.4 %.")

    found = derived(of, range(len(of.numbers)), ())

    assert texts(of, sorted(found.needs)) == ["5.4", "5.43", "5.4"]


def test_derived_not_again():
    """The second of two equations is not right because its result is that of the first."""
    of = claim("It was 9,876 / 42,151 = 23.4 % in 2018 and 9,961 / 42,879 = 23.4 % in 2019.")

    found = derived(of, range(len(of.numbers)), ())

    assert [of.numbers[i].start for i in found.needs] == [of.numbers[2].start]


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("The two-year growth from 2020 to 2022 is 0.4 %.", ["two"]),
        ("The three-year average of 2020 to 2022 is 0.4 %.", ["three"]),
        ("The five-year average of 2020 to 2022 is 0.4 %.", []),
        ("Two people came from 2020 to 2022.", []),
    ],
)
def test_derived_span(text: str, known: list[str]):
    """Years that a sentence counts and names need not be counted on a page."""
    of = claim(text)

    assert texts(of, derived(of, range(len(of.numbers)), ()).needs) == known
