"""When no model is asked at all."""

from __future__ import annotations

import pytest

from bot.abstention import may_answer
from ingest.documents import Card, Chunk
from ingest.index import Hit
from tests.fakes import document, source


def hits(similarity: float, page: int = 1) -> list[Hit]:
    return [Hit(Chunk("c", document().id, "s", 0, page, "1", 0, 1, (), "text", ""), 0.0, similarity)]


@pytest.mark.parametrize(
    ("similarity", "may"),
    [pytest.param(0.6, True, id="on the topic"), pytest.param(0.1, False, id="about another topic")],
)
def test_the_topic_has_to_be_there(similarity: float, may: bool) -> None:
    assert may_answer("How long is leave?", [source(1, "Leave")], hits(similarity)) is may


@pytest.mark.parametrize(
    ("question", "text", "may"),
    [
        pytest.param("leave in 2022?", "Leave", True, id="that year"),
        pytest.param("leave in 2020?", "Leave", True, id="a year near it"),
        pytest.param("leave in 1999?", "Leave", False, id="another time"),
        pytest.param("leave in 1999?", "Leave since 1999", True, id="the page tells of it"),
        pytest.param("leave?", "Leave", True, id="no year"),
    ],
)
def test_the_time_has_to_fit(question: str, text: str, may: bool) -> None:
    dated = document(card=Card(years=(2022,)))

    assert may_answer(question, [source(1, text, document=dated)], hits(0.6)) is may


def test_nothing_found_is_no_answer() -> None:
    assert not may_answer("anything?", [], [])
