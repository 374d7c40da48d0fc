"""Words that are alike letter by letter."""

from __future__ import annotations

import pytest

from bot.likeness import likeness


@pytest.mark.parametrize(
    ("word", "passage"),
    [
        pytest.param("Mittagessen", "warmes Essen", id="part of a compound"),
        pytest.param("Bestandszählung", "es wird gezählt oder zählt", id="another form"),
        pytest.param("batteries", "Die Batterien laden", id="cognates"),
        pytest.param("réservé", "une reservation", id="accents"),
    ],
)
def test_alike(word: str, passage: str) -> None:
    alike, other = likeness([word], [passage, "something quite different here"])

    assert alike > other == 0


def test_the_same_word_counts_most() -> None:
    same, compound, none = likeness(["Essen"], ["Essen ist fertig", "Mittagessenszeit", "Urlaub"])

    assert same > compound > none == 0


def test_rare_words_count_more() -> None:
    """A word that every passage holds tells nothing."""
    first, second = likeness(["Halle", "Gabelstapler"], ["Halle Gabelstapler", "Halle Kantine"])

    assert first > 2 * second


def test_nothing_to_compare() -> None:
    assert likeness([], ["text"]) == [0.0]
    assert likeness(["word"], []) == []
    assert likeness(["ab"], ["ab"]) == [0.0]
