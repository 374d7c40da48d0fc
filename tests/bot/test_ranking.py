"""How pages are ranked by what was found on them."""

from __future__ import annotations

from bot.foreign import Foreign
from bot.quantities import Quantity
from bot.ranking import DEFAULT_WEIGHTS, Sought, rank_pages
from ingest.documents import Chunk
from ingest.index import Hit
from ingest.traits import Traits

PROSE = Traits(frozenset(), 0, is_contents=False, words=100)


def hit(
    document: str, page: int, similarity: float, score: float = 0.0, kind: Traits = PROSE, text: str = "text"
) -> Hit:
    chunk = Chunk(f"{document}{page}{similarity}", document, "s", 0, page, str(page), 0, 1, (), text, "")
    return Hit(chunk, score, similarity, kind)


def pages(
    *hits: Hit, documents: dict[str, float] | None = None, statements: dict[str, float] | None = None
) -> list[tuple[str, int]]:
    known = documents or {each.chunk.document_id: 0.0 for each in hits}
    ranked = rank_pages(hits, known, statements or {}, DEFAULT_WEIGHTS)
    return [(page.hit.chunk.document_id, page.hit.chunk.page) for page in ranked]


def test_each_page_once_by_its_best_chunk() -> None:
    assert pages(hit("a", 1, 0.5), hit("a", 2, 0.9), hit("a", 2, 0.3)) == [("a", 2), ("a", 1)]


def test_words_decide_between_equals() -> None:
    assert pages(hit("a", 1, 0.7), hit("a", 2, 0.7, score=9.0), hit("a", 3, 0.1)) == [("a", 2), ("a", 1), ("a", 3)]


def test_words_count_as_far_as_a_passage_has_them() -> None:
    """One word of many that happens to stand somewhere does not lift a page over what the question means."""
    assert pages(hit("a", 1, 0.7), hit("a", 2, 0.6, score=0.6), hit("a", 3, 0.1))[0] == ("a", 2)
    assert pages(hit("a", 1, 0.7), hit("a", 2, 0.6, score=0.1), hit("a", 3, 0.1))[0] == ("a", 1)


def test_words_in_one_place_decide_between_pages_that_are_near() -> None:
    scattered = hit("a", 1, 0.80, text="The crane.\nOf May.\nInspected is the hall.")
    together = hit("a", 2, 0.78, text="The crane is inspected.")
    far = hit("a", 3, 0.1, text="nothing")
    sought = Sought(frozenset({"cran", "inspect"}), frozenset())

    assert first_page([scattered, together, far], Sought(frozenset(), frozenset())) == 1
    assert first_page([scattered, together, far], sought) == 2


def test_a_quantity_of_the_kind_that_is_asked_for_decides_between_equals() -> None:
    without = hit("a", 1, 0.79, text="It is cleaned with water by 2 people.")
    with_it = hit("a", 2, 0.78, text="It is cleaned every week.")
    sought = Sought(frozenset(), frozenset({Quantity.DURATION}))

    assert first_page([without, with_it, hit("a", 3, 0.1)], Sought(frozenset(), frozenset())) == 1
    assert first_page([without, with_it, hit("a", 3, 0.1)], sought) == 2


def first_page(hits: list[Hit], sought: Sought) -> int:
    return rank_pages(hits, {"a": 0.0}, {}, DEFAULT_WEIGHTS, sought=sought)[0].hit.chunk.page


def test_the_named_document_comes_first() -> None:
    found = pages(hit("a", 1, 0.80), hit("b", 1, 0.78), hit("b", 2, 0.1), documents={"a": 0.2, "b": 1.4})

    assert found[0] == ("b", 1)


def test_the_statement_that_is_asked_for() -> None:
    statement = Traits(frozenset({"cash"}), 20, is_contents=False, words=100)

    assert pages(hit("a", 1, 0.8), hit("a", 2, 0.6, kind=statement), hit("a", 3, 0.1))[0] == ("a", 1)
    assert pages(hit("a", 1, 0.8), hit("a", 2, 0.6, kind=statement), hit("a", 3, 0.1), statements={"cash": 1.0})[0] == (
        "a",
        2,
    )


def test_contents_and_empty_pages_step_back() -> None:
    contents = Traits(frozenset(), 0, is_contents=True, words=100)
    stub = Traits(frozenset(), 0, is_contents=False, words=4)

    found = pages(hit("a", 1, 0.80, kind=contents), hit("a", 2, 0.79, kind=stub), hit("a", 3, 0.75), hit("a", 4, 0.2))
    assert found[0] == ("a", 3)


def test_nothing_found() -> None:
    assert rank_pages([], {}, {}, DEFAULT_WEIGHTS) == []


def test_a_question_in_another_language_compares_each_language_by_itself() -> None:
    """Everything in the question's language looks alike to the model; letters in common decide instead."""
    german = [hit("de", page, 0.7 + page / 100) for page in range(1, 6)]
    english = [hit("en", page, 0.2 + page / 100) for page in range(1, 6)]
    languages = ["de"] * 5 + ["en"] * 5

    def best(alike: list[float]) -> str:
        foreign = Foreign(alike, languages)
        ranked = rank_pages([*german, *english], {"de": 0.0, "en": 0.0}, {}, DEFAULT_WEIGHTS, foreign)
        return ranked[0].hit.chunk.document_id

    assert best([0.0] * 9 + [0.3]) == "en"
    assert best([0.0] * 4 + [0.3] + [0.0] * 5) == "de"
