"""What kind of text a chunk is."""

from __future__ import annotations

import pytest

from ingest.documents import Chunk
from ingest.traits import has_statements, traits

ROWS = [f"Line item number {number} {number},100 {number},200" for number in range(1, 11)]


def chunk(text: str, page: int = 1) -> Chunk:
    return Chunk(f"c{page}", "d", "s", 0, page, str(page), 0, len(text), (), text, "")


@pytest.mark.parametrize(
    ("title", "statements"),
    [
        pytest.param("Consolidated Statements of Operations", {"income"}, id="income"),
        pytest.param("CONSOLIDATED BALANCE SHEETS", {"balance"}, id="balance"),
        pytest.param("Statement of Cash Flows", {"cash"}, id="cash"),
        pytest.param("Statements of Financial Position", {"balance"}, id="other name"),
        pytest.param("Profit and Loss", {"income"}, id="in words"),
        pytest.param("P & L by quarter", {"income"}, id="in letters"),
        pytest.param("Sales by region", set(), id="another table"),
        pytest.param("We prepare our balance sheet as the law asks.", set(), id="a sentence"),
    ],
)
def test_a_page_of_rows_is_what_its_title_says(title: str, statements: set[str]) -> None:
    page = chunk("\n".join([title, *ROWS]))
    (kind,) = traits([page])

    assert kind.statements == statements
    assert has_statements([page]) == bool(statements)
    assert kind.table_rows == len(ROWS)


def test_a_statement_needs_rows() -> None:
    """A page that talks about a statement is not one."""
    (kind,) = traits([chunk("Balance sheet\nThe balance sheet shows what we own and what we owe.")])

    assert kind.statements == frozenset()


def test_a_page_is_judged_as_a_whole() -> None:
    """The title stands in the first chunk of a page; the rows of the next one belong to it."""
    first, second, other = traits(
        [chunk("\n".join(["Balance sheet", *ROWS[:5]])), chunk("\n".join(ROWS[5:])), chunk("\n".join(ROWS), page=2)]
    )

    assert (first.statements, second.statements, other.statements) == ({"balance"}, {"balance"}, frozenset())


@pytest.mark.parametrize(
    ("text", "is_contents"),
    [
        pytest.param("Contents\nLeave .... 3\nTravel .... 7\nPay .... 9\nSafety .... 12", True, id="with dots"),
        pytest.param("Leave 3\nTravel 7\nPay 9\nSafety 12\nLeaving 15", True, id="without"),
        pytest.param("Leave 3\nTravel 7", False, id="too short"),
        pytest.param("Paid $ 30\nPaid $ 70\nPaid $ 90\nPaid $ 95", False, id="amounts"),
        pytest.param("Room 12\nRoom 3\nRoom 9\nRoom 1\nRoom 7", False, id="not rising"),
    ],
)
def test_contents_are_recognised(text: str, is_contents: bool) -> None:
    assert traits([chunk(text)])[0].is_contents is is_contents


WORDS = (
    "anchor",
    "boat",
    "canvas",
    "dock",
    "ebb",
    "ferry",
    "gale",
    "harbour",
    "inlet",
    "jib",
    "keel",
    "lock",
    "mast",
    "net",
)


@pytest.mark.parametrize(
    ("lines", "is_contents"),
    [
        pytest.param([f"{word}, {7 * n % 40 + 1}" for n, word in enumerate(WORDS)], True, id="an index"),
        pytest.param(
            [f"{word} . . . . . {7 * n % 40 + 1}, 52\u201354" for n, word in enumerate(WORDS)], True, id="with dots"
        ),
        pytest.param(
            ["A", *(f"{word}, {n % 5 + 1}" for n, word in enumerate(WORDS)), "of wood, xii"], True, id="odd lines"
        ),
        pytest.param(
            [
                f"{word} {rest} {7 * n % 40 + 1}"
                for n, word in enumerate(WORDS)
                for rest in ("of oak", "of rope", "lost")
            ],
            True,
            id="dense",
        ),
        pytest.param([f"{word} {7 * n % 40 + 1}" for n, word in enumerate(WORDS)], False, id="a list of numbers"),
        pytest.param([f"{WORDS[5 * n % 14]}, {7 * n % 40 + 1}" for n in range(14)], False, id="not in order"),
        pytest.param([f"The boat lies at the {word}, as it always did" for word in WORDS], False, id="text"),
        pytest.param([f"width = 0.{n}" for n in range(1, 9)], False, id="marks of an axis"),
    ],
)
def test_an_index_is_contents(lines: list[str], is_contents: bool) -> None:
    """The index of a book holds every word and answers nothing, in whatever form the pages stand behind the words."""
    assert traits([chunk("\n".join(lines))])[0].is_contents is is_contents
