"""What a question names, and whether a page or a document has that name."""

from __future__ import annotations

import pytest

from bot.subjects import Subjects, is_about, is_called, stands_in, subjects
from ingest.documents import Card
from tests.fakes import document

QUESTIONS = {
    "a company": ("What is Pfizer's FY2021 effective tax rate?", Subjects(("Pfizer",), (), (2021,))),
    "at the beginning, with a possessive": ("Intel's margin?", Subjects(("Intel",), (), ())),
    "at the beginning": ("Tell me the margin.", Subjects((), (), ())),
    "two sentences": ("We sell it. Does Kestrel buy?", Subjects(("Kestrel",), (), ())),
    "a code": ("how loud is the aj500 in Q2?", Subjects((), ("aj500",), ())),
    "codes and quantities": ("E21 after 20km or 30 s on the AJ300", Subjects((), ("E21", "AJ300"), ())),
    "a month is no name": ("What was decided in March 2024?", Subjects((), (), (2024,))),
    "abbreviations are no names": ("Does the TLS cert expire?", Subjects((), (), ())),
    "German nouns are no names": ("Wie viele Tage Urlaub habe ich im Jahr?", Subjects((), (), ())),
    "nor those of a short question": ("Wie viele Urlaubstage habe ich?", Subjects((), (), ())),
}


@pytest.mark.parametrize(("question", "named"), QUESTIONS.values(), ids=QUESTIONS.keys())
def test_what_a_question_names(question: str, named: Subjects) -> None:
    assert subjects(question) == named


@pytest.mark.parametrize(
    ("word", "text", "stands"),
    [
        pytest.param("Ford", "We cannot afford it.", False, id="inside another word"),
        pytest.param("Ford", "ford's cars", True, id="in any case"),
        pytest.param("AJ300", "The AJ 300 weighs 64 kg.", True, id="code in two words"),
        pytest.param("AJ300", "The AJ3000 weighs 64 kg.", False, id="another code"),
        pytest.param("E21", "All the 21 rooms", False, id="code over two words"),
        pytest.param("Footlocker", "Foot Locker, Inc.", True, id="name in two words"),
        pytest.param("Norwegians", "the Norwegian fleet", True, id="a form of the name"),
    ],
)
def test_where_a_name_stands(word: str, text: str, stands: bool) -> None:
    assert stands_in(word, text) is stands


@pytest.mark.parametrize(
    ("word", "called"),
    [
        pytest.param("Foot", True, id="part of a glued name"),
        pytest.param("Footlocker", True, id="in the title, in two words"),
        pytest.param("JPMorgan", True, id="an abbreviation in the file name"),
        pytest.param("FoLo", True, id="blend"),
        pytest.param("Nike", False, id="another name"),
    ],
)
def test_what_a_document_is_called(word: str, called: bool) -> None:
    card = Card(pieces=("footlocker", "jpm"), parts={"footlocker": {"foot": 0.8, "locker": 0.8}})

    assert is_called(document("FOOTLOCKER_JPM.pdf", title="Foot Locker, Inc.", card=card), word) is called


def test_what_a_document_is_about() -> None:
    """What it says often or first, whatever its file is called."""
    card = Card(pieces=("guide",), frequent={"kestrel": 40}, opening=frozenset({"philip", "writer"}))
    guide = document("guide.pdf", title="A guide", card=card)

    assert [name for name in ("Kestrel", "Philip", "Nike") if is_about(guide, name)] == ["Kestrel", "Philip"]
    assert not is_called(guide, "Kestrel")
