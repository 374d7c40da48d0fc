"""What a question is about, once the words that only say which document are taken out."""

from __future__ import annotations

import pytest

from bot.topic import content_words, topic, wanted


@pytest.mark.parametrize(
    ("question", "naming", "about"),
    [
        pytest.param("How long is parental leave?", (), "How long is parental leave?", id="nothing to take out"),
        pytest.param("What was Acme's revenue in FY2018?", ("acme",), "What was revenue in ?", id="name and year"),
        pytest.param("Revenue of Acme for fiscal year 2018", ("acme",), "Revenue of for", id="fiscal year"),
        pytest.param("Acme 2018?", ("acme",), "Acme 2018?", id="nothing would be left"),
        pytest.param("Größe der Äcker in Köln", ("köln",), "Größe der Äcker in", id="other letters"),
    ],
)
def test_names_and_years_are_taken_out(question: str, naming: tuple[str, ...], about: str) -> None:
    assert topic(question, naming) == about


def test_the_glossary_says_what_a_metric_is_called_on_the_page() -> None:
    """The statement it stands on is told, and its own words are added to the topic."""
    known = wanted("What is the FY2020 capex of Acme?")

    assert dict(known.statements) == {"cash": 1.0}
    assert "purchases of property plant" in topic("capex of Acme", ("acme",), known.added)


def test_plain_questions_want_no_statement() -> None:
    assert dict(wanted("How many days of leave do I have?").statements) == {}


def test_content_words_are_distinct_and_in_order() -> None:
    assert content_words("What is the leave, the Leave of managers?") == ("leave", "managers")
