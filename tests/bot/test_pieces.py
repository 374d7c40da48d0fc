"""What pieces of file names may be called."""

from __future__ import annotations

import pytest

from bot.pieces import INITIALS, SHORTENED, Pieces
from ingest.cards import words
from ingest.documents import Card

CARDS = [
    Card(pieces=("generalmills", "10k"), parts={"generalmills": {"general": 0.8, "mills": 0.6}}),
    Card(pieces=("lantern", "street", "bakeries")),
    Card(pieces=("employee", "handbook")),
    Card(pieces=("board", "meeting", "minutes")),
    Card(pieces=("american", "express")),
    Card(pieces=("emp", "guide")),
]


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("revenue of General Mills", {"generalmills": 1.0}),
        ("what does general say", {"generalmills": 0.8}),
        ("the handbooks", {"handbook": 1.0}),
        ("LSB sales", {"lantern": INITIALS, "street": INITIALS, "bakeries": INITIALS}),
        ("Amex fees", {"american": INITIALS, "express": INITIALS}),
        ("mtg of may", {"meeting": SHORTENED}),
        ("employees", {"employee": 1.0, "emp": SHORTENED}),
        ("how much leave is there", {}),
    ],
    ids=["glued", "part", "plural", "initials", "blend", "without vowels", "longer than a piece", "none"],
)
def test_what_a_question_says_of_file_names(question: str, meant: dict[str, float]) -> None:
    """How surely each piece is meant; what it does not say is not looked at."""
    matches = Pieces(CARDS).matches(words(question), usual=())

    assert {piece: match.sure for piece, match in matches.items()} == pytest.approx(meant)


def test_a_usual_word_is_nobodys_initials() -> None:
    assert not Pieces(CARDS).matches(["lsb"], usual={"lsb"})


def test_a_word_that_others_are_about_means_a_file_less_surely() -> None:
    """`debian` of debian-faq.pdf, among manuals that all say it."""
    manuals = [Card(pieces=(name,), frequent={"debian": 90}) for name in ("kernel", "apt", "policy")]

    found = Pieces([Card(pieces=("debian", "faq")), *manuals]).matches(["debian"], usual=())

    assert found["debian"].sure == pytest.approx(0.25)
