"""What is remembered, for how long, and for whom."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from bot.access import Audience, Person, Place, PlaceKind, readable_scopes
from bot.answer import Answer, Citation, Outcome, Removed, Source, Timings
from bot.memory import Memory, StoredCitation, Thread
from bot.question import Question, Turn
from bot.settings import MemorySettings
from ingest.database import Database
from ingest.documents import Scopes
from tests.bot.test_access import make_document

THREAD = Thread("slack:T1", "C1", "100.1")
SCOPES = Scopes("slack:T1", frozenset({"workspace", "channel:C1"}))


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        self.now += 0.001
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def memory(state: Database, clock: Clock) -> Memory:
    return Memory(state, MemorySettings(turns=3), clock)


def ask(identifier: str, words: str = "How many days?", scopes: Scopes = SCOPES) -> Question:
    return Question(identifier, words, scopes)


def answer(words: str = "Twelve days [1].", *names: str) -> Answer:
    documents = [make_document("slack:T1", "workspace", name=name) for name in names or ("a.pdf",)]
    sources = [
        Source(number, document, page=number + 3, label="iv", text="…", page_text="…", score=0.5)
        for number, document in enumerate(documents, start=1)
    ]
    return Answer(
        words,
        Outcome.ANSWERED,
        citations=tuple(Citation(source.number, source, "twelve days a year") for source in sources),
        nearest=(Source(9, documents[0], page=1, label="i", text="…", page_text="…", score=0.1),),
        model="extractive",
        removed=(Removed("It is nice.", 2, "not on the page"),),
        timings=Timings(retrieve=0.1, total=1.5),
    )


async def test_a_follow_up_gets_the_earlier_turns_in_order(memory):
    """A thread gives back its turns, oldest first, with the documents they cited; other threads nothing."""
    await memory.remember(THREAD, ask("q1", "first"), answer("one"))
    await memory.remember(THREAD, ask("q2", "second"), answer("two"))

    turns = await memory.turns(THREAD, SCOPES)

    cited = (make_document("slack:T1", "workspace", name="a.pdf").id,)
    assert turns == (Turn("first", "one", cited), Turn("second", "two", cited))
    assert await memory.turns(Thread("slack:T1", "C1", "100.2"), SCOPES) == ()
    assert await memory.turns(Thread("slack:T2", "C1", "100.1"), SCOPES) == ()


async def test_a_thread_is_bounded_and_expires(memory, clock, state):
    """Only the latest turns are kept, and none of them for longer than configured."""
    for number in range(5):
        await memory.remember(THREAD, ask(f"q{number}", str(number)), answer())
    assert [turn.question for turn in await memory.turns(THREAD, SCOPES)] == ["2", "3", "4"]

    clock.now += 73 * 3600
    assert await memory.turns(THREAD, SCOPES) == ()
    await memory.expire()

    async with state.read() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM thread_turns")) == 0
        assert await connection.scalar(text("SELECT count(*) FROM answer_log")) == 5
    clock.now += 90 * 86_400
    assert await memory.expire() == 5


async def test_what_is_remembered_at_once_is_bounded_thread_by_thread(memory):
    """Many answers share a commit; each thread keeps its own newest."""
    asked = [(Thread("slack:T1", "C1", thread), f"{thread}{number}") for number in range(5) for thread in ("a", "b")]
    await asyncio.gather(*(memory.remember(thread, ask(name, name), answer()) for thread, name in asked))
    await memory.remember(Thread("slack:T1", "C1", "c"), ask("c0"), answer())

    for thread, kept in (("a", 3), ("b", 3), ("c", 1)):
        assert len(await memory.turns(Thread("slack:T1", "C1", thread), SCOPES)) == kept


async def test_an_answer_that_one_person_saw_stays_theirs(memory):
    """A turn of an ephemeral answer is given to its asker alone, never to the thread it was asked in."""
    mine = Thread("slack:T1", "C1", "100.1", asker="U1")
    await memory.remember(THREAD, ask("q1", "public"), answer())
    await memory.remember(mine, ask("q2", "private"), answer())

    assert [turn.question for turn in await memory.turns(mine, SCOPES)] == ["public", "private"]
    assert [turn.question for turn in await memory.turns(THREAD, SCOPES)] == ["public"]
    other = Thread("slack:T1", "C1", "100.1", asker="U2")
    assert [turn.question for turn in await memory.turns(other, SCOPES)] == ["public"]
    assert not await memory.has_answered(other)
    assert await memory.has_answered(THREAD)


async def test_a_turn_is_not_given_to_who_may_read_less(memory):
    """Whoever left a channel gets no follow-up from what was answered out of it."""
    place = Place("slack:T1", "D1", PlaceKind.DIRECT)
    thread = Thread("slack:T1", "D1", "D1")
    before = readable_scopes(place, Person("U1"), Audience.CHANNEL, {"G1", "G2"})
    after = readable_scopes(place, Person("U1"), Audience.CHANNEL, {"G2"})
    await memory.remember(thread, ask("q1", scopes=before), answer())

    assert len(await memory.turns(thread, before)) == 1
    assert await memory.turns(thread, after) == ()


async def test_a_forgotten_document_takes_its_turns_along(memory):
    """Answers that cite a document hold its words: they go with it."""
    await memory.remember(THREAD, ask("q1", "about a"), answer("a", "a.pdf"))
    await memory.remember(THREAD, ask("q2", "about b"), answer("b", "b.pdf"))

    await memory.forget_document(make_document("slack:T1", "workspace", name="a.pdf").id)

    assert [turn.question for turn in await memory.turns(THREAD, SCOPES)] == ["about b"]
    assert await memory.citation("q1", 1) == StoredCitation(answer().citations[0].source.document.id, 4, "iv")


async def test_a_deleted_message_takes_its_turn_along(memory):
    """What it said is not kept for follow-ups; the others stay."""
    await memory.remember(THREAD, ask("q1", "first"), answer("one"), "slack:T1:C1:1.1")
    await memory.remember(THREAD, ask("q2", "second"), answer("two"), "slack:T1:C1:2.2")

    await memory.forget_message("slack:T1:C1:1.1")

    assert [turn.question for turn in await memory.turns(THREAD, SCOPES)] == ["second"]


async def test_why_tells_how_an_answer_came_about(memory):
    """Scopes, pages with scores, what was removed, model and times of the last answer in a thread."""
    await memory.remember(THREAD, ask("q1"), answer())

    told = await memory.last_answer(THREAD)

    assert told is not None
    assert told.scopes == {"workspace", "channel:C1"}
    assert [(source.number, source.page, source.cited) for source in told.sources] == [(1, 4, True), (9, 1, False)]
    assert told.removed == ({"sentence": "It is nice.", "marker": 2, "reason": "not on the page"},)
    assert (told.model, told.outcome, told.timings["total"]) == ("extractive", "answered", 1.5)
    assert await memory.last_answer(Thread("slack:T1", "C1", "other")) is None


async def test_a_button_finds_its_page(memory, clock):
    """A citation leads to its page with the quote, and without it once the turn has expired."""
    await memory.remember(THREAD, ask("q1"), answer())
    document = answer().citations[0].source.document.id

    assert await memory.citation("q1", 1) == StoredCitation(document, 4, "iv", "twelve days a year")
    assert await memory.citation("q1", 2) is None
    assert await memory.citation("q9", 1) is None

    clock.now += 73 * 3600
    await memory.expire()
    assert await memory.citation("q1", 1) == StoredCitation(document, 4, "iv", "")
    assert await memory.citation("q1", 9) is None


async def test_the_last_word_of_feedback_counts(memory, state):
    """One opinion a person and answer."""
    await memory.rate("q1", "U1", 1)
    await memory.rate("q1", "U1", -1, "wrong year")
    await memory.rate("q1", "U2", 1)

    async with state.read() as connection:
        rows = (await connection.execute(text("SELECT person, rating, comment FROM answer_feedback"))).all()
    assert sorted(tuple(row) for row in rows) == [("U1", -1, "wrong year"), ("U2", 1, "")]


@pytest.mark.parametrize(("keep", "kept"), [(False, None), (True, "How many days?")], ids=["default", "keep_questions"])
async def test_the_log_holds_no_text_unless_wanted(state, clock, keep, kept):
    """The log of answers has ids and figures; the question's text only where the team switched it on."""
    memory = Memory(state, MemorySettings(keep_questions=keep), clock)
    await memory.remember(THREAD, ask("q1"), answer("Twelve days [1]."))

    async with state.read() as connection:
        row = (await connection.execute(text("SELECT * FROM answer_log"))).one()
    assert row.question == kept
    assert "Twelve" not in str(row)
    assert "twelve days a year" not in str(row)
    assert "It is nice" not in str(row)


async def test_migrations_make_the_tables_that_the_code_uses(state):
    """A database migrated from nothing has every table and column of the two metadata, and no others of ours."""
    import bot.events
    import ingest.seats
    from bot.database import metadata as bot_metadata
    from ingest.database import metadata as ingest_metadata

    assert (bot.events.seen_events.metadata, ingest.seats.seats.metadata) == (bot_metadata, ingest_metadata)
    async with state.read() as connection:
        found = await connection.run_sync(
            lambda sync: {
                table: {column["name"] for column in inspect(sync).get_columns(table)}
                for table in inspect(sync).get_table_names()
            }
        )
    for metadata in (bot_metadata, ingest_metadata):
        for table in metadata.tables.values():
            assert {column.name for column in table.columns} == found[table.name]


async def test_forgotten_words_leave_the_disk(tmp_path: Path, clock):
    """On SQLite the words of a forgotten document are not in the file any more, nor in its log."""
    from bot.database import open_state

    database = await open_state(f"sqlite:///{tmp_path / 'state.sqlite'}")
    memory = Memory(database, MemorySettings(), clock)
    await memory.remember(THREAD, ask("q1"), answer("PLUTONIUM " * 50, "a.pdf"))
    await memory.forget_document(make_document("slack:T1", "workspace", name="a.pdf").id)

    assert b"PLUTONIUM" not in b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    await database.close()
