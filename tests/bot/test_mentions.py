"""Documents and pages that a question names outright."""

from __future__ import annotations

import pytest

from bot.mentions import mentions
from tests.fakes import document

DOCUMENTS = [document("handbook.pdf"), document("Employee Handbook 2022.pdf"), document("BESTBUY_2023_10K.pdf")]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        pytest.param("How long is leave?", None, id="no name"),
        pytest.param("What does the handbook say about leave?", None, id="a common word is no name"),
        pytest.param("In handbook.pdf, how long is leave?", {"handbook.pdf"}, id="with its ending"),
        pytest.param("in HANDBOOK.PDF: leave?", {"handbook.pdf"}, id="in capitals"),
        pytest.param("leave in employee handbook 2022?", {"Employee Handbook 2022.pdf"}, id="several words"),
        pytest.param("revenue in BESTBUY_2023_10K", {"BESTBUY_2023_10K.pdf"}, id="name with digits"),
        pytest.param("see my-handbook.pdf", None, id="part of another name"),
    ],
)
def test_named_documents(question: str, named: set[str] | None) -> None:
    found = mentions(question, DOCUMENTS)

    ids = None if named is None else frozenset(document.id for document in DOCUMENTS if document.name in named)
    assert found.document_ids == ids


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        pytest.param("p. 10–20", range(10, 21), id="range with a dash"),
        pytest.param("pages 3 to 5", range(3, 6), id="range in words"),
        pytest.param("page 7", range(7, 8), id="one page"),
        pytest.param("pp. 9-2", range(9, 10), id="range backwards"),
        pytest.param("leave after 5 years", None, id="other numbers"),
    ],
)
def test_named_pages(text: str, pages: range | None) -> None:
    """Pages count beside a document's name only."""
    assert mentions(f"In handbook.pdf, {text}?", DOCUMENTS).pages == pages
    assert mentions(f"In it, {text}?", DOCUMENTS).pages is None


@pytest.mark.parametrize(
    ("page", "label", "is_meant"),
    [
        pytest.param(12, "iv", True, id="physical number"),
        pytest.param(15, "11", True, id="printed label"),
        pytest.param(9, "ix", False, id="neither"),
    ],
)
def test_pages_by_number_or_label(page: int, label: str, is_meant: bool) -> None:
    assert mentions("handbook.pdf pages 11-12", DOCUMENTS).holds(page, label) is is_meant
