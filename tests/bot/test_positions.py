"""Words to the documents that have them, and back to one value a document."""

from __future__ import annotations

from bot.positions import beginning_with, mask, positions, sum_of_best

TITLES = ({"annual", "report"}, {"handbook"}, {"report"})


def test_documents_are_found_by_their_words() -> None:
    found = positions(TITLES)

    assert {word: where.tolist() for word, where in found.items()} == {"annual": [0], "report": [0, 2], "handbook": [1]}
    assert mask(3, found["annual"], found["handbook"]).tolist() == [True, True, False]
    assert mask(2).tolist() == [False, False]


def test_only_the_heaviest_words_of_each_document_count() -> None:
    """However many there are, and in whatever order they come."""
    found = positions([{"a", "b", "c"}, {"a"}, set()])
    weighted = [(weight, found[word]) for weight, word in ((1.0, "a"), (4.0, "b"), (2.0, "c"))]

    assert sum_of_best(3, weighted, 2).tolist() == [6.0, 1.0, 0.0]


def test_words_are_found_by_their_beginning() -> None:
    ascending = ["pe", "pepsi", "pepsico", "pfizer"]

    assert list(beginning_with("peps", ascending)) == ["pepsi", "pepsico"]
    assert list(beginning_with("q", ascending)) == []
