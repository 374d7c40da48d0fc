"""How likely an answer is thought to be: what counts for it, and what against."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.abstention import LEAST_FOR_A_MODEL, LEAST_FOR_QUOTES, Found, likelihood, unknown_names
from ingest.documents import Card
from tests.fakes import document, source

LEAVE = "Employees of Kestrel have 28 days of leave in 2022. The free cash flow of the AJ300 was small."


def found(similarity: float = 0.5, lead: float = 0.4, text: str = LEAVE, card: Card | None = None) -> list[Found]:
    """Six pages, of which the first leads."""
    of = document(card=card or Card(years=(2022,)))
    first = Found(source(1, text, document=of, score=1.0), similarity, 0.5)
    others = [Found(source(n, "Nothing much.", document=of, score=1.0 - lead), 0.1, 0.5) for n in range(2, 7)]
    return [first, *others]


def test_nothing_found_or_nothing_asked_is_no_answer() -> None:
    assert likelihood("How long is leave?", []) == 0.0
    assert likelihood("??", found()) == 0.0


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param(found(similarity=0.6), found(similarity=0.2), id="similarity"),
        pytest.param(found(lead=0.8), found(lead=0.1), id="lead"),
    ],
)
def test_the_more_is_found_the_likelier(better: list[Found], worse: list[Found]) -> None:
    assert likelihood("How long is leave?", better) > likelihood("How long is leave?", worse)


@pytest.mark.parametrize(
    ("there", "missing"),
    [
        pytest.param("How long is leave at Kestrel?", "How long is leave at Pfizer?", id="name"),
        pytest.param("How small was the AJ300?", "How small was the AJ700?", id="code"),
        pytest.param("How long was leave in 2022?", "How long was leave in 1999?", id="year"),
    ],
)
def test_what_the_page_is_not_about_makes_it_unlikely(there: str, missing: str) -> None:
    """Another company, model or year is not what was asked for, however like the page is."""
    assert likelihood(there, found()) >= LEAST_FOR_QUOTES
    assert likelihood(missing, found()) < min(LEAST_FOR_QUOTES, 0.5 * likelihood(there, found()))


def test_what_is_compared_stands_on_several_pages() -> None:
    """Two models of a question need not stand on one page."""
    pages = [*found(), Found(source(7, "The AJ500 is larger."), 0.1, 0.5)]

    both = likelihood("Is the AJ300 smaller than the AJ500?", pages)
    assert both == pytest.approx(likelihood("Is it smaller?", found()), abs=0.01)
    assert both > 3 * likelihood("Is the AJ300 smaller than the AJ700?", pages)


def test_what_pages_write_small_is_no_name() -> None:
    assert likelihood("What was the Free cash flow?", found()) == likelihood("What was the free cash flow?", found())


def test_german_nouns_are_no_names() -> None:
    """`Was kostet …` is English and German in its words: the page tells."""
    german = found(text="Das Essen in der Kantine kostet sechs Euro und ist für alle da.")

    assert likelihood("Was kostet das Mittagessen?", german) >= LEAST_FOR_QUOTES


def test_names_that_no_page_has_are_told() -> None:
    assert unknown_names("Did Pfizer give Kestrel an AJ700 in 2022?", found()) == ("AJ700", "Pfizer")


def test_a_model_is_asked_sooner_than_the_quoting_one() -> None:
    """A model can say that the page does not answer; quotes cannot."""
    assert LEAST_FOR_A_MODEL < LEAST_FOR_QUOTES


@pytest.mark.parametrize("question", ["What is this document about?", "Summarise the handbook", "Worum geht es hier?"])
def test_a_model_may_tell_of_a_document_as_a_whole(question: str) -> None:
    """No page is like such a question."""
    assert likelihood(question, found(similarity=0.05, lead=0.0)) >= LEAST_FOR_A_MODEL


def test_a_report_tells_of_the_years_before_too() -> None:
    """A statement has the figures of its own year and of two before, whether or not the page found repeats them."""
    report = Card(years=(2022,), has_statements=True)

    def of(year: int, card: Card) -> float:
        return likelihood(f"What was free cash flow in {year}?", found(text="Free cash flow was small.", card=card))

    assert of(2020, report) == of(2022, report)
    assert of(2019, report) < 0.1 * of(2020, report)
    assert of(2021, Card(years=(2022,))) < 0.1 * of(2022, Card(years=(2022,)))


def test_the_report_of_somebody_else_is_no_answer() -> None:
    """However well its page fits; what has no statements is not held to it."""
    fits = found(similarity=0.7, card=Card(years=(2022,), has_statements=True))
    of_another = [replace(page, is_anothers=True) for page in fits]

    assert likelihood("How small was cash flow at ups?", fits) > 0.5
    assert likelihood("How small was cash flow at ups?", of_another) < LEAST_FOR_QUOTES
    manual = [replace(page, is_anothers=True) for page in found()]
    assert likelihood("How long is leave?", manual) == likelihood("How long is leave?", found())
