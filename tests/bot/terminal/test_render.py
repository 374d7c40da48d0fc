"""Answers as a terminal shows them."""

from __future__ import annotations

import pytest

from bot.answer import Answer, Citation, Outcome, Timings
from bot.terminal import render
from tests.fakes import document, source

LEAVE = source(1, "29 days of leave.", page=5, label="2")


def test_an_answer_is_followed_by_its_sources() -> None:
    """Number, document, label and physical page, every quote; then the model, the time and why this model."""
    citation = Citation(1, LEAVE, "29 days of leave.", ("Ask your manager.",))
    answer = Answer(
        "You have 29 days [1].", Outcome.ANSWERED, (citation,), model="m", note="Why.", timings=Timings(total=1.25)
    )

    assert render.answer_text(answer).splitlines() == [
        "You have 29 days [1].",
        "",
        "[1] handbook.pdf, page 2 (5 of 12)",
        "    “29 days of leave.”",
        "    “Ask your manager.”",
        "m · 1.2 s · Why.",
    ]


def test_a_page_read_from_a_picture_says_so() -> None:
    citation = Citation(1, source(1, "text", by_ocr=True), "text")

    assert "(read from a picture)" in render.answer_text(Answer("x [1]", Outcome.ANSWERED, (citation,)))


def test_the_nearest_pages_stand_under_a_no() -> None:
    text = render.answer_text(Answer("Not found.", Outcome.NOT_FOUND, nearest=(LEAVE,)))

    assert "The pages that come closest:\n  - handbook.pdf, page 2 (5 of 12)" in text
    assert "no model was asked" in text


def test_timings_are_shown_when_asked_for() -> None:
    took = Timings(retrieve=0.02, queue=0.5, first_token=0.7, total=1.0, tokens_per_second=987.6)

    line = render.footer(Answer("x", Outcome.ANSWERED, model="m", timings=took), timings=True)

    assert line == "m · 1.0 s · retrieve 20 ms · queue 500 ms · first token 700 ms · 988 tokens/s"


def test_spaces_of_whatever_kind_part_words() -> None:
    text = render.answer_text(Answer("«\u00a0Paris\u00a0» costs 10\u202f000", Outcome.NOT_FOUND))

    assert text.startswith("« Paris » costs 10 000\n")


def test_text_of_documents_cannot_steer_the_terminal() -> None:
    """Escape sequences in a PDF's text or name are dropped."""
    hostile = source(1, "x", document=document("a\x1b[2Jb.pdf"))
    citation = Citation(1, hostile, "red \x1b[31m\x07alarm")

    text = render.answer_text(Answer("see \x1b]0;title\x07 [1]", Outcome.ANSWERED, (citation,)))

    assert "\x1b" not in text
    assert "\x07" not in text


@pytest.mark.parametrize(
    ("pages", "shown"),
    [((), ""), ((4,), "4"), ((1, 3, 4, 5, 9), "1, 3–5, 9"), ((1, 2), "1–2")],
    ids=["none", "one", "mixed", "two"],
)
def test_page_ranges(pages: tuple[int, ...], shown: str) -> None:
    assert render.page_ranges(pages) == shown


def test_long_quotes_are_cut_at_a_word() -> None:
    assert render.shorten("one two three four", 12) == "one two…"
