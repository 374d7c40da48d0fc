"""Which documents a question alludes to."""

from __future__ import annotations

import pytest

from bot.naming import Names, quarters
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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Q2 of FY2024", {"q2"}),
        ("the first half", {"q2"}),
        ("H1 2023", {"q2"}),
        ("third quarter", {"q3"}),
        ("2023", set()),
    ],
)
def test_quarters(text: str, found: set[str]) -> None:
    assert quarters(text) == found
