"""A page falls into units that chunks take whole."""

import pytest

from ingest.documents import Heading, Page, Span
from ingest.tokens import BUNDLED_TOKENIZER, token_counter
from ingest.units import Cut, RowLikeness, page_units, row_likeness

COUNTER = token_counter(BUNDLED_TOKENIZER)


def units(text: str, *headings: str, limit: int = 200, furniture: tuple[Span, ...] = ()) -> list[tuple[str, Cut]]:
    marks = tuple(Heading(text.index(heading), 1, heading) for heading in headings)
    page = Page(1, "1", text, furniture, marks)
    return [(text[unit.start : unit.end], unit.cut) for unit in page_units(page, limit, COUNTER)]


@pytest.mark.parametrize(
    ("line", "likeness"),
    [
        pytest.param("Total cost of revenue $ 2,165 $ 1,865 $ 1,722 16 %", RowLikeness.CLEAR, id="figures"),
        pytest.param("Net loss (1,287) (990)", RowLikeness.CLEAR, id="negative-figures"),
        pytest.param("Name      Department      Extension", RowLikeness.CLEAR, id="wide-gaps"),
        pytest.param("Name\tDepartment\tExtension", RowLikeness.CLEAR, id="tabs"),
        pytest.param("Royalty costs 2", RowLikeness.SOME, id="one-figure"),
        pytest.param("It was founded in 1982 and moved in 1994", RowLikeness.NONE, id="years"),
        pytest.param(
            "The increase was due to higher costs of hosting in our centres, in all 12",
            RowLikeness.NONE,
            id="prose",
        ),
        pytest.param("Revenue grew.", RowLikeness.NONE, id="words"),
        pytest.param("", RowLikeness.NONE, id="empty"),
    ],
)
def test_rows_are_known_by_figures_and_gaps(line: str, likeness: RowLikeness) -> None:
    """Several figures at the end, or wide gaps, make a row; years are not figures."""
    assert row_likeness(line) is likeness


def test_each_row_of_a_table_is_a_unit() -> None:
    """Rows are never merged or cut; a line with one figure is a row beside other rows."""
    text = "Costs were as follows:\nHosting 9 8 %\nRoyalty costs 2\nTotal 20 19 %\nThat is all."

    assert units(text) == [
        ("Costs were as follows:", Cut.SENTENCE),
        ("Hosting 9 8 %", Cut.ROW),
        ("Royalty costs 2", Cut.ROW),
        ("Total 20 19 %", Cut.ROW),
        ("That is all.", Cut.PARAGRAPH),
    ]


def test_a_figure_in_running_text_makes_no_row() -> None:
    """A short line that ends with a number, between lines of prose, stays in its sentence."""
    text = "The cost of everything that we bought was\nless than 12.5\nand that is not much. More was not spent."

    assert [found for found, _ in units(text)] == [text[: text.index(" More")], "More was not spent."]


def test_a_heading_of_several_lines_is_one_unit() -> None:
    """Heading lines stay together, apart from the text below."""
    text = "Words before.\nManagement's Discussion\nand Analysis\nRevenue grew. It grew much."

    assert units(text, "Management's Discussion\nand Analysis") == [
        ("Words before.", Cut.SENTENCE),
        ("Management's Discussion\nand Analysis", Cut.HEADING),
        ("Revenue grew.", Cut.SENTENCE),
        ("It grew much.", Cut.SENTENCE),
    ]


def test_a_run_in_heading_stays_in_its_sentence() -> None:
    """A heading with text after it on the line is a good place to cut, and no unit of its own."""
    assert units("Before.\nScope. This applies to all.", "Scope.") == [
        ("Before.", Cut.SENTENCE),
        ("Scope.", Cut.HEADING),
        ("This applies to all.", Cut.SENTENCE),
    ]


def test_list_items_and_paragraphs_are_apart() -> None:
    """An item begins a unit without a full stop before it; so does a line after an empty one."""
    text = "You need\n• a badge\n• two forms\nof identification\n\nBring them"

    assert units(text) == [
        ("You need", Cut.SENTENCE),
        ("• a badge", Cut.PARAGRAPH),
        ("• two forms\nof identification", Cut.PARAGRAPH),
        ("Bring them", Cut.PARAGRAPH),
    ]


def test_furniture_is_in_no_unit_and_parts_no_sentence() -> None:
    """A footer between the halves of a sentence is left out; the sentence goes on."""
    text = "This goes\nACME Handbook 12\non and on. Next."
    furniture = (Span(text.index("ACME"), text.index("\non")),)

    assert [found for found, _ in units(text, furniture=furniture)] == [
        "This goes\nACME Handbook 12\non and on.",
        "Next.",
    ]


def test_a_long_sentence_is_cut_at_line_ends_then_clauses_then_words() -> None:
    """A sentence that is too long is cut at the best place there is, and every cut is marked as inside."""
    lines = ["alpha " * 11 + "omega"] * 6
    by_line = units("\n".join(lines), limit=60)
    clauses = units(", ".join(["alpha " * 11 + "omega"] * 6), limit=60)
    words = units("alpha " * 100, limit=60)

    assert [found for found, _ in by_line] == ["\n".join(lines[i : i + 2]) for i in (0, 2, 4)]
    assert [cut for _, cut in by_line] == [Cut.SENTENCE, Cut.INSIDE, Cut.INSIDE]
    assert all(found.endswith("omega,") for found, _ in clauses[:-1])
    assert all(found.split() == ["alpha"] * len(found.split()) for found, _ in words)


def test_a_word_without_end_is_cut() -> None:
    """Neither a run of letters nor text without spaces makes a unit larger than the limit."""
    assert len(units("x" * 5_000, limit=100)) >= 5
    assert len(units("中" * 1_000, limit=100)) >= 10


def test_an_unknown_script_is_counted_by_its_characters() -> None:
    """The tokenizer knows no Thai word and would count a page of them as one token."""
    assert len(units("ภาษาไทย" * 700, limit=200)) >= 2
