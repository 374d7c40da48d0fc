"""How drafts point to Sources, in every style that models write."""

import pytest

from bot.markers import hidden, take_out

STYLES = {
    "[1]": (1,),
    "[1][2]": (1, 2),
    "[1], [2]": (1, 2),
    "[1, 2]": (1, 2),
    "[1-3]": (1, 2, 3),
    "[1, p. 4]": (1,),
    "[[1]]": (1,),
    "\\[1\\]": (1,),
    "^[1]": (1,),
    "[^1]": (1,),
    "[1](#source-1)": (1,),
    "【1】": (1,),
    "【1†L3-L5】": (1,),
    "［1］": (1,),
    "[Source 1]": (1,),
    "[Source: 1]": (1,),
    "[Source 1: handbook.pdf]": (1,),
    "[Source 1, handbook.pdf]": (1,),
    "[Quelle 1]": (1,),
    "[来源1]": (1,),
    "[cite: 1, 2]": (1, 2),
    "[source n=1]": (1,),
    "[n=1]": (1,),
    '<source n="1">': (1,),
    "<sup>1</sup>": (1,),
    "<cite>1</cite>": (1,),
    "(1)": (1,),
    "(1, 2)": (1, 2),
    "^1": (1,),
    "¹": (1,),
    "([1])": (1,),
    "(see [1])": (1,),
    "(Source 1)": (1,),
    "(Sources 1 and 2)": (1, 2),
    "(siehe Quelle 1)": (1,),
    "(handbook.pdf [1])": (1,),
    "(handbook.pdf, Source 1)": (1,),
    "(Source: handbook.pdf, Source 1)": (1,),
    "Source: [1]": (1,),
    "— Source 1": (1,),
}


@pytest.mark.parametrize("style", STYLES)
def test_every_style_is_a_marker(style: str) -> None:
    """Whatever a model writes, the text reads as if it had written nothing, and the numbers are known."""
    text, marks = take_out(f"Employees get 30 days {style}.")

    assert (text, [mark.numbers for mark in marks]) == ("Employees get 30 days.", [STYLES[style]])


@pytest.mark.parametrize(
    "text",
    [
        "The area is 12 m².",
        "H²O and 5 km² of land",
        "Section 5 (2) applies.",
        "See § 5 (2).",
        "You have thirty (30) days.",
        "Give notice of two (2) weeks.",
        "The loss was (5).",
        "2^3 is 8",
        "(1) First, (2) second.",
        "| (1) | 5 |",
        "In handbook.pdf (2023 edition) it says so.",
        "Call (030) 5557.",
        "Figure 3 (a).",
    ],
)
def test_what_is_no_marker_stays(text: str) -> None:
    """Units, clauses, enumerations and figures in parentheses are text."""
    assert take_out(text) == (text, ())


def test_a_draft_is_shown_without_markers() -> None:
    """Nothing that is not verified looks like a citation; a noun that a sentence needs is kept."""
    assert hidden("Staff get 30 days[Source 1], says Source 2【3】.") == "Staff get 30 days, says Source 2."
