"""Which lines of a page are rows, and what stands above them."""

from __future__ import annotations

import pytest

from bot.verification.layout import spans
from bot.verification.listings import is_code

HEADS = {
    "years in one line": "BALANCE SHEETS\n(in thousands)\nAs of December 31, 2017 2016",
    "a date each": "BALANCE SHEETS\n(in thousands)\nDecember 31, 2017 December 31, 2016",
    "years alone": "BALANCE SHEETS\n(in thousands)\n2017 2016",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_dates_above_a_table_are_its_head(head: str) -> None:
    """They say what the figures below are of; figures of their own they are not."""
    text = f"{head}\nTotal current assets 7,669,974 5,720,291\nTotal assets 19,012,742 13,586,610"

    rows = [span for span in spans(text) if span.is_row]

    assert [text[span.start : span.end].split()[1] for span in rows] == ["current", "assets"]
    assert {text[slice(*span.head)] if span.head else "" for span in rows} == {head}


@pytest.mark.parametrize("date", ["31 December", "31. Dezember", "December 31"])
def test_a_line_with_a_date_is_no_row(date: str) -> None:
    """The title of a table says of when its figures are; it has none."""
    title = f"Bracken Mills, years ended {date}, in thousands"

    assert not [span for span in spans(f"2023 2022 2021\n{title}\n{title}") if span.is_row]


def _units(text: str) -> list[str]:
    return [" ".join(text[span.start : span.end].split()) for span in spans(text)]


PROSE = "The kiln is emptied by whoever fired it, on the morning after, once the inside is below 60 degrees."


def test_a_table_of_words_is_read_row_by_row() -> None:
    """Short lines that begin small below a line of column names are rows, each with that line as its head."""
    rows = [
        "anvil Blocks of steel for the smithy",
        "bellows Air for the hearth",
        "clay Everything for the potters, and the glazes",
        "wood Offcuts for the carvers (on request)",
    ]
    text = "\n".join([PROSE, "Shelf Content", *rows, PROSE])

    found = [span for span in spans(text) if span.is_row]

    assert [text[span.start : span.end] for span in found] == rows
    assert {text[slice(*span.head)] if span.head else "" for span in found} == {"Shelf Content"}


@pytest.mark.parametrize("rest", ["(keep dry)", "potters"], ids=["in brackets", "one word"])
def test_the_rest_of_a_cell_belongs_to_its_row(rest: str) -> None:
    """What hardly is a row of its own is the end of the one above."""
    rows = ["anvil Steel", f"clay Everything for the\n{rest}", "bellows Air for the hearth", "wood Offcuts"]
    text = "\n".join([PROSE, "Shelf Content", *rows, PROSE])

    assert [text[span.start : span.end] for span in spans(text) if span.is_row] == rows


def test_a_narrow_paragraph_is_no_table_of_words() -> None:
    """Its lines are all full, and it is read as the sentence that it is."""
    narrow = "Shelf Rules\nwhat has been lent\nis brought back by\nthe end of the day"
    text = f"{PROSE}\n{narrow}\nand is put in its place. {PROSE}"

    assert not [span for span in spans(text) if span.is_row]


def test_a_command_belongs_to_the_sentence_that_announces_it() -> None:
    """It is no part of the sentence below, whether that begins large or small."""
    text = (
        "To see what is due, write:\n$ loans list --due today --with-names --sorted-by shelf\n"
        "This shows what is to be brought back.\n"
        "Loans are ended so:\n$ loans end 17\nend.loan does the same."
    )

    assert _units(text) == [
        "To see what is due, write: $ loans list --due today --with-names --sorted-by shelf",
        "This shows what is to be brought back.",
        "Loans are ended so: $ loans end 17",
        "end.loan does the same.",
    ]


def test_code_in_the_middle_of_a_sentence_stays_there() -> None:
    """What goes on below it in small letters is the same sentence."""
    text = "Another way is\n> shelf <- rep(3)\nwhich fills it three times."

    assert _units(text) == ["Another way is > shelf <- rep(3) which fills it three times."]


@pytest.mark.parametrize("line", ["$ in millions", "% Change", "6% bonds, due 2031", "$ (135) $ 400"])
def test_money_is_no_prompt(line: str) -> None:
    """Units and figures begin like commands."""
    assert not is_code(line)


def test_a_name_in_small_letters_begins_a_new_entry() -> None:
    """A line that ends a sentence is not continued by the next entry of a list of names."""
    text = "It may be shut.\nlatch Keeps the door from being opened outside, e.g.\nby children.\nhasp Is for the shed."

    assert _units(text) == [
        "It may be shut.",
        "latch Keeps the door from being opened outside, e.g. by children.",
        "hasp Is for the shed.",
    ]


def test_the_number_of_a_footnote_makes_no_row() -> None:
    """The end of a paragraph is not a row of a table because a footnote stands at it."""
    text = "The shed is locked at dusk by the one who is\nlast to leave the grounds. 12\nWho that is, is agreed."

    assert not [span for span in spans(text) if span.is_row]


def test_columns_are_no_heading_of_what_stands_below_the_table() -> None:
    """The text below a table is under the heading above it, not under the names of the table's columns."""
    table = "Tools for hire\nTool Day rate Deposit\nDrill 12 40\nSaw 9 35"
    text = f"Hiring\n{PROSE}\n{table}\nWhat is hired is brought back clean by eight in the evening."

    last = list(spans(text))[-1]

    assert last.heading is not None
    assert text[slice(*last.heading)] == "Tools for hire"


def test_running_text_is_no_head_of_a_table() -> None:
    """A head goes back to the paragraph above it, even where that does not end in a full stop."""
    text = (
        "When you have paid at the counter, write it down as you would write down what has been\n"
        "spent already:\nTool 2031\nDrill 12 40\nSaw 9 35"
    )

    heads = {text[slice(*span.head)] if span.head else "" for span in spans(text) if span.is_row}

    assert heads == {"Tool 2031"}


def test_an_abbreviation_broken_at_its_stop_is_one() -> None:
    """A single letter below a full stop begins no entry."""
    text = "The stronger the glue (i.\ne. the longer it sets), the better."

    assert _units(text) == ["The stronger the glue (i. e. the longer it sets), the better."]


@pytest.mark.parametrize("end", ["...", "…", "... WHO MAY ENTER?"])
def test_a_cut_off_line_in_capitals_is_a_heading(end: str) -> None:
    """That is how running headers are shortened; it says nothing."""
    assert next(iter(spans(f"RULES FOR THE USE OF THE{end}\n{PROSE}"))).is_heading
