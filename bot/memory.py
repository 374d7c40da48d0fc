"""What is remembered of questions: the turns of a thread, a log of answers, and what people thought of them.

Text is kept where follow-ups and buttons need it, and only there: a turn holds the question, the answer and the quotes
of its citations, for `memory.thread_hours`, at most `memory.turns` a thread. The log of answers, kept for
`memory.log_days`, holds no text: ids, pages, scores and times; the question's text joins it only if
`memory.keep_questions` is on. A document that is forgotten takes every turn with it that cited it.

An answer that only its asker saw may be made of what others must not read: its turn belongs to that asker alone. And a
turn is only given to a question that may read everything the turn's own question could.
"""

from __future__ import annotations

import dataclasses
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Column, Delete, Float, Integer, String, Table, Text, delete, func, select, tuple_, update

from bot.answer import Answer, Source
from bot.database import metadata
from bot.question import Question, Turn
from bot.settings import MemorySettings
from ingest.database import Database
from ingest.documents import Scopes
from ingest.together import Together

MAX_ANSWER_CHARACTERS = 4_000
"""Of an answer, as a follow-up needs it."""

turns = Table(
    "thread_turns",
    metadata,
    Column("question_id", String(40), primary_key=True),
    Column("workspace", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("asker", Text, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("document_ids", JSON, nullable=False),
    Column("citations", JSON, nullable=False),
    Column("removed", JSON, nullable=False),
    Column("message", String(64), nullable=False, index=True),
    Column("created_at", Float, nullable=False),
)

answer_log = Table(
    "answer_log",
    metadata,
    Column("question_id", String(40), primary_key=True),
    Column("workspace", Text, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("sources", JSON, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("model", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("timings", JSON, nullable=False),
    Column("question", Text),
    Column("created_at", Float, nullable=False),
)

feedback = Table(
    "answer_feedback",
    metadata,
    Column("question_id", String(40), primary_key=True),
    Column("person", String(255), primary_key=True),
    Column("rating", Integer, nullable=False),
    Column("comment", Text, nullable=False),
    Column("created_at", Float, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Thread:
    """Where turns belong together."""

    workspace: str
    channel: str
    thread: str
    """The platform's thread id; a direct message without threads uses its channel's id."""
    asker: str = ""
    """Set when only this person sees the answer; empty when everybody in the thread does."""


@dataclass(frozen=True, slots=True)
class StoredCitation:
    """What a button needs to show a page again. The quote is empty once the turn has expired."""

    document_id: str
    page: int
    label: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class StoredSource:
    """A page that an answer cites, or that came closest, in the answer log."""

    number: int
    document_id: str
    page: int
    label: str
    score: float
    cited: bool


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What `why` tells about one answer."""

    question_id: str
    workspace: str
    scopes: frozenset[str]
    sources: tuple[StoredSource, ...]
    outcome: str
    model: str
    note: str
    timings: Mapping[str, float | None]
    removed: tuple[Mapping[str, Any], ...]
    """`sentence`, `marker` and `reason` of what verification took out; empty once the turn has expired."""
    created_at: float


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """An answer with its question, for showing it once more."""

    thread: Thread
    question: str
    answer: str
    citations: Mapping[int, StoredCitation]


class Memory:
    """Reads and writes what is remembered."""

    def __init__(self, database: Database, settings: MemorySettings, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._remembering = Together(self._remember_all)

    async def remember(self, thread: Thread, question: Question, answer: Answer, message: str = "") -> None:
        """Keep one answered question: its turn for follow-ups, its line in the log; see `forget_message`."""
        turn = _turn_row(thread, question, answer, message, self._clock())
        await self._remembering.add((turn, self._log_row(question, answer)))

    async def turns(self, thread: Thread, scopes: Scopes) -> tuple[Turn, ...]:
        """Return what a follow-up may build on, oldest first."""
        query = (
            select(turns)
            .where(*_in_thread(thread), turns.c.asker.in_({"", thread.asker}), turns.c.created_at > self._oldest_turn)
            .order_by(turns.c.created_at.desc())
            .limit(self._settings.turns)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return tuple(
            Turn(row.question, row.answer, tuple(row.document_ids))
            for row in reversed(rows)
            if row.workspace == scopes.workspace and scopes.names.issuperset(row.scopes)
        )

    async def has_answered(self, thread: Thread) -> bool:
        """Say whether the bot takes part in a thread: what is said there next may be a follow-up."""
        query = select(turns.c.question_id).where(*_in_thread(thread), turns.c.asker == thread.asker).limit(1)
        async with self._database.read() as connection:
            return (await connection.scalar(query)) is not None

    async def last_answer(self, thread: Thread) -> StoredAnswer | None:
        """Return the latest answer in a thread, or without one in the channel, that this viewer has seen."""
        place = (turns.c.workspace == thread.workspace, turns.c.channel == thread.channel)
        query = (
            select(turns.c.question_id)
            .where(*(_in_thread(thread) if thread.thread else place), turns.c.asker.in_({"", thread.asker}))
            .order_by(turns.c.created_at.desc())
            .limit(1)
        )
        async with self._database.read() as connection:
            question_id = await connection.scalar(query)
        return None if question_id is None else await self.answer(question_id)

    async def answer(self, question_id: str) -> StoredAnswer | None:
        """Return what is known of one answer."""
        query = (
            select(answer_log, turns.c.removed)
            .outerjoin(turns, turns.c.question_id == answer_log.c.question_id)
            .where(answer_log.c.question_id == question_id)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        return StoredAnswer(
            question_id=row.question_id,
            workspace=row.workspace,
            scopes=frozenset(row.scopes),
            sources=tuple(StoredSource(**source) for source in row.sources),
            outcome=row.outcome,
            model=row.model,
            note=row.note,
            timings=row.timings,
            removed=tuple(row.removed or ()),
            created_at=row.created_at,
        )

    async def shown(self, question_id: str) -> ShownAnswer | None:
        """Return an answer as it was shown, while it is kept."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(turns).where(turns.c.question_id == question_id))).one_or_none()
        if row is None or row.created_at <= self._oldest_turn:
            return None
        thread = Thread(row.workspace, row.channel, row.thread, row.asker)
        citations = {int(number): StoredCitation(**one) for number, one in row.citations.items()}
        return ShownAnswer(thread, row.question, row.answer, citations)

    async def citation(self, question_id: str, number: int) -> StoredCitation | None:
        """Return where citation `number` of an answer leads; whether this person may go there is the caller's check."""
        key = str(number)
        async with self._database.read() as connection:
            stored = await connection.scalar(select(turns.c.citations).where(turns.c.question_id == question_id))
            if stored is not None and key in stored:
                return StoredCitation(**stored[key])
            logged = await connection.scalar(
                select(answer_log.c.sources).where(answer_log.c.question_id == question_id)
            )
        source = next((source for source in logged or () if source["number"] == number and source["cited"]), None)
        return source and StoredCitation(source["document_id"], source["page"], source["label"])

    async def rate(self, question_id: str, person: str, rating: int, comment: str = "") -> None:
        """Keep what a person thinks of an answer, +1 or -1; a later word replaces an earlier one."""
        values = {"rating": rating, "comment": comment, "created_at": self._clock()}
        insert = self._database.insert(feedback).values(question_id=question_id, person=person, **values)
        async with self._database.write() as connection:
            await connection.execute(
                insert.on_conflict_do_update(index_elements=["question_id", "person"], set_=values)
            )

    async def forget_document(self, document_id: str) -> None:
        """Forget every turn that cites a document: its words are in the answer."""
        async with self._database.write() as connection:
            rows = await connection.execute(select(turns.c.question_id, turns.c.document_ids))
            gone = [row.question_id for row in rows if document_id in row.document_ids]
            await connection.execute(delete(turns).where(turns.c.question_id.in_(gone)))
        await self._database.fold()

    async def forget_message(self, message: str) -> None:
        """The message that asked was deleted or edited: forget what it said, and the answer to that."""
        async with self._database.write() as connection:
            gone = select(turns.c.question_id).where(turns.c.message == _hash(message)).scalar_subquery()
            await connection.execute(update(answer_log).where(answer_log.c.question_id.in_(gone)).values(question=None))
            forgotten = await connection.execute(delete(turns).where(turns.c.message == _hash(message)))
        if forgotten.rowcount:
            await self._database.fold()

    async def expire(self) -> int:
        """Delete what is older than the settings allow; return how many rows went."""
        log_limit = self._clock() - self._settings.log_days * 86_400
        async with self._database.write() as connection:
            results = [
                await connection.execute(delete(turns).where(turns.c.created_at <= self._oldest_turn)),
                await connection.execute(delete(answer_log).where(answer_log.c.created_at <= log_limit)),
                await connection.execute(delete(feedback).where(feedback.c.created_at <= log_limit)),
            ]
        return sum(result.rowcount for result in results)

    @property
    def _oldest_turn(self) -> float:
        return self._clock() - self._settings.thread_hours * 3_600

    def _log_row(self, question: Question, answer: Answer) -> dict[str, Any]:
        return {
            "question_id": question.id,
            "workspace": question.scopes.workspace,
            "scopes": sorted(question.scopes.names),
            "sources": _sources(answer),
            "outcome": answer.outcome.value,
            "model": answer.model,
            "note": answer.note,
            "timings": dataclasses.asdict(answer.timings),
            "question": question.text if self._settings.keep_questions else None,
            "created_at": self._clock(),
        }

    async def _remember_all(self, rows: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> list[None]:
        async with self._database.write(is_brief=True) as connection:
            for table, values in ((turns, [turn for turn, _ in rows]), (answer_log, [line for _, line in rows])):
                await connection.execute(self._database.insert(table).on_conflict_do_nothing(), values)
            await connection.execute(_drop_oldest(rows, self._settings.turns))
        return [None] * len(rows)


def _drop_oldest(rows: Sequence[tuple[dict[str, Any], dict[str, Any]]], kept: int) -> Delete:
    """Delete what is one too many in the threads of these turns."""
    place = (turns.c.workspace, turns.c.channel, turns.c.thread, turns.c.asker)
    number = func.row_number().over(partition_by=place, order_by=turns.c.created_at.desc())
    touched = {tuple(turn[column.name] for column in place) for turn, _ in rows}
    numbered = select(turns.c.question_id, number.label("number")).where(tuple_(*place).in_(touched)).subquery()
    old = select(numbered.c.question_id).where(numbered.c.number > kept)
    return delete(turns).where(turns.c.question_id.in_(old))


def _in_thread(thread: Thread) -> tuple[Any, ...]:
    return (
        turns.c.workspace == thread.workspace,
        turns.c.channel == thread.channel,
        turns.c.thread == thread.thread,
    )


def _turn_row(thread: Thread, question: Question, answer: Answer, message: str, now: float) -> dict[str, Any]:
    cited = Counter(citation.source.document.id for citation in answer.citations)
    return {
        "question_id": question.id,
        **dataclasses.asdict(thread),
        "scopes": sorted(question.scopes.names),
        "question": question.text,
        "answer": answer.text[:MAX_ANSWER_CHARACTERS],
        "document_ids": [document_id for document_id, _ in cited.most_common()],
        "citations": {
            str(citation.number): dataclasses.asdict(
                StoredCitation(citation.source.document.id, citation.source.page, citation.source.label, citation.quote)
            )
            for citation in answer.citations
        },
        "removed": [dataclasses.asdict(removed) for removed in answer.removed],
        "message": _hash(message) if message else "",
        "created_at": now,
    }


def _sources(answer: Answer) -> list[dict[str, Any]]:
    def row(number: int, source: Source, *, cited: bool) -> dict[str, Any]:
        stored = StoredSource(number, source.document.id, source.page, source.label, source.score, cited)
        return dataclasses.asdict(stored)

    return [
        *(row(citation.number, citation.source, cited=True) for citation in answer.citations),
        *(row(source.number, source, cited=False) for source in answer.nearest),
    ]


def _hash(message: str) -> str:
    return hashlib.sha256(message.encode("utf-8", "surrogatepass")).hexdigest()
