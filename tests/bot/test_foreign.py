"""What stands in for meaning where the embedding model does not know the question's language."""

from __future__ import annotations

import pytest

from bot.foreign import COMPARED, foreign_to, foreign_words
from ingest.documents import Chunk
from ingest.index import Hit


def hit(document: str, text: str, similarity: float = 0.5) -> Hit:
    return Hit(Chunk(f"{document}{text}{similarity}", document, "s", 0, 1, "1", 0, 1, (), text, ""), 0.0, similarity)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        pytest.param("Wann ist das Sommerfest im Hof?", ("Sommerfest", "Hof"), id="German"),
        pytest.param("Combien coûte la carte ?", ("coûte", "carte"), id="French"),
        pytest.param("When is the summer party?", (), id="English, which the model knows"),
        pytest.param("AJ500 4711", (), id="in no language"),
    ],
)
def test_words_that_are_compared(question: str, words: tuple[str, ...]) -> None:
    """What asks is no content: it would count as much as what is asked for."""
    assert foreign_words(question, question) == words


def test_a_document_is_in_the_language_of_its_first_passage_that_tells() -> None:
    hits = [
        hit("a", "4711"),
        hit("a", "Der Hof ist im Sommer für alle offen, und das Tor bleibt auf."),
        hit("b", "The yard is open to all of us in summer, and the gate is not shut."),
    ]

    assert foreign_to(("Hof",), hits).languages == ["de", "de", "en"]


def test_only_the_likeliest_are_compared_letter_by_letter() -> None:
    near = [hit("a", f"Betriebssommerfest {number}", 0.9) for number in range(COMPARED)]

    alike = foreign_to(("Sommerfest",), [*near, hit("b", "Betriebssommerfest", 0.1)]).alike

    assert min(alike[:COMPARED]) > 0
    assert alike[COMPARED] == 0
