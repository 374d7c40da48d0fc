import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.index_terms import MAX_CHARACTERS, MAX_TERMS, query_terms, searchable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain words stay", "plain words stay"),
        ("revenue of $1,577 million", "revenue of $1577 million"),
        ("1,234,567.89", "1234567.89"),
        ("pages 1,2,3", "pages 1,2,3"),
        ("in 1,5772 parts", "in 1,5772 parts"),
        ("12,345,67", "12,345,67"),
        ("FY2018 results", "FY2018 FY 2018 results"),
        ("Q3FY24", "Q3FY24 Q 3 FY 24"),
        ("H1N1", "H1N1 H 1 N 1"),
        ("a 2018 report", "a 2018 report"),
        ("keys² of 2018¹³", "keys  of 2018 "),
        ("(H1N1)-virus/3M_x", "(H1N1 H 1 N 1)-virus/3M 3 M_x"),
    ],
)
def test_searchable(text, expected):
    """Numbers are one word, glued words can be found by their parts, and typography is gone."""
    assert searchable(text) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What was Revenue, what was it?", "what was revenue, it?"),
        ("FY2018?", "fy2018 fy 2018?"),
        ("?! -- ()", ""),
        ("ﬁnance of hyphen-\nation, 10–12", "finance of hyphenation, 10-12"),
        ("", ""),
    ],
)
def test_query_terms(question, expected):
    """A question is its distinct words."""
    assert query_terms(question) == expected


@settings(deadline=None)
@given(st.text(max_size=300) | st.text(max_size=30).map(lambda text: text * 2_000))
def test_query_terms_are_bounded(question):
    """No question makes a search long, and what is searched is stored in the same form."""
    terms = query_terms(question)
    assert len(terms) <= MAX_CHARACTERS
    assert len(terms.split()) <= MAX_TERMS
    terms.encode()
