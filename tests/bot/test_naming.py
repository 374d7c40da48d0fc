"""Which documents a question alludes to."""

from __future__ import annotations

import pytest

from bot.naming import Names
from ingest.cards import make_card, name_pieces
from ingest.documents import ExtractedPdf, Page

TEXTS = {
    "GENERALMILLS_2019_10K.pdf": "General Mills, Inc. Annual report. Cereal and snacks. General Mills sells cereal.",
    "GENERALMILLS_2020_10K.pdf": "General Mills, Inc. Annual report. Cereal and snacks. General Mills sells cereal.",
    "FOOTLOCKER_2020_10K.pdf": "Foot Locker, Inc. Annual report. Shoes in many stores.",
    "EmpHandbook2021.pdf": "Employee handbook. Leave and pay.",
    "travel-policy.pdf": "Travel policy. Trains before planes.",
    "AQUAJET_AJ300_manual.pdf": "AquaJet AJ300 washing machine. Error codes.",
    "BESTBUY_2023Q2_10Q.pdf": "Best Buy Co. Quarterly report. Best Buy stores.",
}
NAMES = list(TEXTS)


def best(question: str) -> str:
    cards = [make_card(name, ExtractedPdf("", (Page(1, "1", text),)), ()) for name, text in TEXTS.items()]
    return NAMES[int(Names(cards).score(question).scores.argmax())]


@pytest.mark.parametrize(
    ("question", "name"),
    [
        pytest.param("General Mills revenue in FY2019", "GENERALMILLS_2019_10K.pdf", id="glued name and year"),
        pytest.param("growth of General Mills from 2019 to 2020", "GENERALMILLS_2020_10K.pdf", id="latest year"),
        pytest.param("how many stores had Foot Locker in 2020?", "FOOTLOCKER_2020_10K.pdf", id="two words"),
        pytest.param("what does the employee handbook say?", "EmpHandbook2021.pdf", id="shortened name"),
        pytest.param("travel policy: trains?", "travel-policy.pdf", id="plain name"),
        pytest.param("E21 on my AJ300", "AQUAJET_AJ300_manual.pdf", id="code"),
        pytest.param("Best Buy in Q2 2023", "BESTBUY_2023Q2_10Q.pdf", id="quarter"),
        pytest.param("who sells cereal in 2019?", "GENERALMILLS_2019_10K.pdf", id="telling word of the text"),
    ],
)
def test_the_document_that_is_meant(question: str, name: str) -> None:
    assert best(question) == name


def test_naming_words_are_told() -> None:
    """They are taken out of what is searched for; words with other work to do stay."""
    cards = [make_card(name, ExtractedPdf("", (Page(1, "1", text),)), ()) for name, text in TEXTS.items()]

    assert Names(cards).score("revenue of General Mills in 2019").words == {"general", "mills"}


def test_what_others_are_about_as_well_names_nobody() -> None:
    """`Kestrel FAQ` is no more about Kestrel than the manuals beside it; the words of two file pieces still name it."""
    texts = {
        "kestrel-faq.pdf": "Questions on Kestrel. " + "Kestrel is small. " * 3,
        "policy.pdf": "Rules for Kestrel. " + "Kestrel needs this. " * 3,
        "admin.pdf": "Running Kestrel. " + "Kestrel is started so. " * 3,
        "quilt.pdf": "Sewing.",
    }
    names = Names([make_card(name, ExtractedPdf("", (Page(1, "1", text),)), ()) for name, text in texts.items()])

    about_all = names.score("how do I start Kestrel?")
    assert about_all.scores[0] - about_all.scores[1] < 0.4
    assert about_all.words == frozenset()
    assert names.score("what does the quilt document say?").scores.argmax() == 3
    named = names.score("the Kestrel FAQ")
    assert named.scores.argmax() == 0
    assert named.words >= {"faq"}


def test_no_documents() -> None:
    assert Names([]).score("anything").scores.shape == (0,)


@pytest.mark.parametrize(
    ("name", "pieces"),
    [
        pytest.param("BESTBUY_2023Q2_10Q.pdf", ["bestbuy", "2023", "q2", "10q"], id="filing"),
        pytest.param("EmpHandbook2021.pdf", ["emp", "handbook", "2021"], id="camel case"),
        pytest.param("Q3 report (final).PDF", ["q3", "report", "final"], id="spaces"),
        pytest.param("Größenliste-2024.pdf", ["größenliste", "2024"], id="umlauts"),
        pytest.param("社内規程.pdf", ["社内規程"], id="other scripts"),
    ],
)
def test_pieces_of_a_file_name(name: str, pieces: list[str]) -> None:
    assert name_pieces(name) == pieces


EDITIONS = {
    "Manual_2022.pdf": "Pump manual",
    "manual-2024-final.pdf": "Pump manual",
    "LanternStBakeries_Q4-2023.pdf": "Lantern Street Bakeries",
    "LanternStBakeries_Q1-2024.pdf": "Lantern Street Bakeries",
    "LanternStBakeries_Q2-2024.pdf": "Lantern Street Bakeries",
    "minutes_2024-03.pdf": "Minutes of the board meeting",
    "minutes_2024-06.pdf": "Minutes of the board meeting",
}


def ranked(question: str) -> list[str]:
    """The editions, best first."""
    cards = [
        make_card(name, ExtractedPdf(title, (Page(1, "1", f"{title}. All about it."),)), ())
        for name, title in EDITIONS.items()
    ]
    return [list(EDITIONS)[position] for position in (-Names(cards).score(question).scores).argsort(kind="stable")]


@pytest.mark.parametrize(
    ("question", "name"),
    [
        pytest.param("the latest pump manual", "manual-2024-final.pdf", id="by year"),
        pytest.param("current report of the Lantern Street bakeries", "LanternStBakeries_Q2-2024.pdf", id="by quarter"),
        pytest.param("what did the last board meeting decide?", "minutes_2024-06.pdf", id="by month"),
        pytest.param("pump manual '22", "Manual_2022.pdf", id="short year"),
        pytest.param("Lantern Street Q1-24", "LanternStBakeries_Q1-2024.pdf", id="quarter and short year"),
        pytest.param("minutes 03/2024", "minutes_2024-03.pdf", id="month as a number"),
        pytest.param("bakeries at the end of June 2024", "LanternStBakeries_Q2-2024.pdf", id="month of a quarter"),
        pytest.param("LSB in the last quarter of 2023", "LanternStBakeries_Q4-2023.pdf", id="initials"),
        pytest.param("LSB: the current number of shops", "LanternStBakeries_Q2-2024.pdf", id="initials, latest"),
        pytest.param("min. of June 2024", "minutes_2024-06.pdf", id="beginning of a word"),
        pytest.param("mnl 2022", "Manual_2022.pdf", id="without vowels"),
    ],
)
def test_the_edition_that_is_meant(question: str, name: str) -> None:
    assert ranked(question)[0] == name


def test_a_comparison_means_both_editions() -> None:
    """Documents without statements tell of their own year only, so an earlier year counts as much as the latest."""
    assert set(ranked("pump manual, 2022 against 2024")[:2]) == {"Manual_2022.pdf", "manual-2024-final.pdf"}


def test_words_of_time_are_told_where_a_document_is_of_that_time() -> None:
    cards = [make_card("minutes_2024-03.pdf", ExtractedPdf("Minutes", (Page(1, "1", "Minutes"),)), ())]

    assert Names(cards).score("what did the minutes of March 2024 say").words >= {"march"}
    assert "april" not in Names(cards).score("what did the minutes of April 2024 say").words
