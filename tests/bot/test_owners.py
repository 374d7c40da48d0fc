"""Whose documents a question cannot mean."""

from __future__ import annotations

import pytest

from bot.naming import Names
from ingest.cards import make_card
from ingest.documents import Card, ExtractedPdf, Page

REPORTS = {
    "BRIGHTWATER_2020_10K.pdf": "Brightwater Foods, Inc. Annual report. Brightwater sells soup.",
    "BRIGHTWATER_2021_10K.pdf": "Brightwater Foods, Inc. Annual report. Brightwater sells soup.",
    "HARROWPINE_2021_10K.pdf": "Harrow Pine Ltd. Annual report. Harrow Pine plants trees. Known as Haven.",
    "OLDMILL_2021_10K.pdf": "Old Mill Corp. Annual report. Old Mill grinds flour.",
    "scan0001.pdf": "Tellura plc. Annual report. Tellura digs for copper.",
}


def cards(*names: str) -> list[Card]:
    return [make_card(name, ExtractedPdf("", (Page(1, "1", REPORTS[name]),)), ()) for name in names or REPORTS]


@pytest.mark.parametrize(
    ("question", "others"),
    [
        pytest.param("revenue of ebay in 2021", {0, 1, 2, 3}, id="somebody of whom there is nothing"),
        pytest.param("What was 3M's revenue in 2021?", {0, 1, 2, 3}, id="a digit in the name"),
        pytest.param("revenue of brightwater in 2021", {2, 3}, id="named in small letters"),
        pytest.param("Bright's revenue", {2, 3}, id="the beginning of a name"),
        pytest.param("Harrow Pine's trees", {0, 1, 3}, id="a name written together"),
        pytest.param("how is hapi doing?", {0, 1, 3}, id="two beginnings"),
        pytest.param("What does Haven plant?", {0, 1, 3}, id="another name on the first page"),
        pytest.param("Tellura's copper", {0, 1, 2, 3}, id="a file without a name"),
        pytest.param("US revenue of ebay", {0, 1, 2, 3}, id="a country is not us"),
        pytest.param("what was our revenue?", set(), id="ours"),
        pytest.param("Which company has the highest revenue?", set(), id="all of them"),
    ],
)
def test_documents_of_others(question: str, others: set[int]) -> None:
    """A document whose file name is no name might be anybody's, and is never called another's."""
    assert Names(cards()).score(question).others == others


def test_documents_of_one_owner_are_not_told_apart() -> None:
    """Where all is of one company, nobody says its name."""
    assert Names(cards("BRIGHTWATER_2020_10K.pdf", "BRIGHTWATER_2021_10K.pdf")).score("revenue in 2021").others == set()


def test_a_topic_is_no_owner() -> None:
    """What the other documents talk of as well is not somebody's name."""
    texts = {
        "Sales_2024.pdf": "Sales rose. Sales " * 3,
        "Costs_2024.pdf": "Costs fell while sales rose. Sales. Sales. ",
    }
    made = [make_card(name, ExtractedPdf("", (Page(1, "1", text),)), ()) for name, text in texts.items()]

    assert 0 not in Names(made).score("What was revenue in March?").others
