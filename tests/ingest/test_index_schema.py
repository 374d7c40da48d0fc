"""How values lie in the index."""

from ingest.index_schema import chunk_rows
from tests.ingest.index_values import filled


def test_what_is_searched_is_normalised_and_what_is_quoted_is_not() -> None:
    """A word broken over two lines, ligatures and commas in numbers are in nobody's way; the passage stays as it is."""
    text = "Ask the com-\nmittee for one of 1,577 oﬃce keys."
    item = filled(texts=[text])
    (row,) = chunk_rows(item.document, item.chunks, item.vectors).select(["text", "search_text"]).to_pylist()

    assert row["text"] == text
    assert "Ask the committee for one of 1577 office keys." in row["search_text"]
