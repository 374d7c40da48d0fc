"""The table of jobs: what is to be indexed or forgotten, and how far it is. Who does it is `jobs.py`'s concern.

A row is the job. Deleting it is how a deletion wins over an upload that is still being indexed: whoever works on the
job looks, under the document's lock and right before the commit, whether its row is still there.
"""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import secrets
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Float, Integer, Row, String, Table, Text, delete, func, select, update

from ingest.database import Database, metadata
from ingest.documents import IngestReport, IngestStatus, Origin, Progress, Stage

jobs = Table(
    "ingest_jobs",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("run", String(40), nullable=False, unique=True),
    Column("state", String(10), nullable=False),
    Column("workspace", Text, nullable=False),
    Column("document_id", String(64), nullable=False),
    Column("content_sha256", String(64), nullable=False),
    Column("origin", JSON(none_as_null=True)),
    Column("contents", JSON, nullable=False),
    Column("committing", Boolean, nullable=False),
    Column("stage", String(10), nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("notice", Text, nullable=False),
    Column("report", JSON(none_as_null=True)),
    Column("created_at", Float, nullable=False),
    Column("updated_at", Float, nullable=False),
)


class JobKind(enum.StrEnum):
    """What a job does."""

    INGEST = "ingest"
    FORGET = "forget"


class JobState(enum.StrEnum):
    """Where a job is, in order."""

    ACCEPTED = "accepted"
    """Known, but its bytes may not be stored yet."""
    STORED = "stored"
    """Ready to be queued; seen only if a process was killed in between."""
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


FINISHED = frozenset({JobState.DONE, JobState.FAILED})
UNFINISHED = frozenset(JobState) - FINISHED
ANEW = ("run", "state", "stage", "done", "total", "notice", "report", "committing", "updated_at")
"""What a job that is started over begins with."""


@dataclass(frozen=True, slots=True)
class Job:
    """One job, as it was when it was read."""

    id: str
    kind: JobKind
    run: str
    """Names this attempt at the job: a retry has another one."""
    state: JobState
    workspace: str
    document_id: str
    content_sha256: str
    """For FORGET: only this version of the document is meant; empty for whichever there is."""
    origin: Origin | None
    """Set for INGEST."""
    contents: tuple[str, ...]
    """Originals that nobody needs any more once this job is done: what it deletes, or the version it replaces."""
    committing: bool
    """The commit may have happened: set right before it."""
    progress: Progress
    notice: str
    """Why it waits, in a sentence for a person; empty while it does not."""
    report: IngestReport | None
    """Set once it is finished."""
    created_at: float
    updated_at: float


def job_id(origin: Origin, content_sha256: str) -> str:
    """The same upload is the same job, however often it is delivered."""
    key = "\0".join((origin.workspace, origin.source, origin.document_id, content_sha256))
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class JobTable:
    """Reads and writes jobs."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def accept(self, origin: Origin, content_sha256: str) -> Job:
        """Make the job of an upload, or return the one there is; one that failed starts anew."""
        identifier = job_id(origin, content_sha256)
        row = self._new(identifier, JobKind.INGEST, JobState.ACCEPTED, origin.workspace, origin.document_id)
        row |= {"content_sha256": content_sha256, "origin": dataclasses.asdict(origin)}
        anew = {key: row[key] for key in ANEW}
        insert = self._database.insert(jobs).values(row)
        async with self._database.write() as connection:
            await connection.execute(
                insert.on_conflict_do_update(
                    index_elements=["id"], set_=anew, where=jobs.c.state == JobState.FAILED.value
                )
            )
            return _job((await connection.execute(select(jobs).where(jobs.c.id == identifier))).one())

    async def accept_forget(self, workspace: str, document_id: str) -> tuple[Job, Sequence[str]]:
        """Drop every job of a document and make the job that deletes it; return it and the dropped jobs' runs."""
        ours = (jobs.c.document_id == document_id, jobs.c.workspace == workspace)
        async with self._database.write() as connection:
            dropped = (await connection.execute(delete(jobs).where(*ours).returning(jobs))).all()
            contents = {content for row in dropped for content in _contents(row)}
            row = self._new(_forget_id(), JobKind.FORGET, JobState.STORED, workspace, document_id)
            row["contents"] = sorted(contents)
            made = (await connection.execute(jobs.insert().values(row).returning(jobs))).one()
        return _job(made), [row.run for row in dropped]

    async def accept_erasure(self, workspace: str) -> None:
        """Have whoever works on jobs see off the disk what somebody else deleted."""
        row = self._new(_forget_id(), JobKind.FORGET, JobState.STORED, workspace, "")
        async with self._database.write() as connection:
            await connection.execute(jobs.insert().values(row))

    async def drop_document(self, workspace: str, document_id: str) -> None:
        """Drop every job of a document, for who deletes it himself: whoever works on one stops."""
        ours = (jobs.c.document_id == document_id, jobs.c.workspace == workspace)
        async with self._database.write() as connection:
            await connection.execute(delete(jobs).where(*ours))

    async def accept_drop(self, run: str) -> Job | None:
        """Drop a job and make the one that lets go of its original; None if it is gone already."""
        async with self._database.write() as connection:
            dropped = (await connection.execute(delete(jobs).where(jobs.c.run == run).returning(jobs))).one_or_none()
            if dropped is None:
                return None
            row = self._new(_forget_id(), JobKind.FORGET, JobState.STORED, dropped.workspace, "")
            row["contents"] = _contents(dropped)
            return _job((await connection.execute(jobs.insert().values(row).returning(jobs))).one())

    async def accept_withdrawal(
        self, workspace: str, document_id: str, content_sha256: str, identifier: str
    ) -> tuple[Job, Sequence[str]]:
        """Drop one job of a document and make the one that deletes the document if it still has this content."""
        async with self._database.write() as connection:
            dropped = await connection.execute(
                delete(jobs).where(jobs.c.id == identifier, jobs.c.workspace == workspace).returning(jobs.c.run)
            )
            row = self._new(_forget_id(), JobKind.FORGET, JobState.STORED, workspace, document_id)
            row |= {"content_sha256": content_sha256, "contents": [content_sha256]}
            made = (await connection.execute(jobs.insert().values(row).returning(jobs))).one()
            return _job(made), dropped.scalars().all()

    async def move(self, run: str, before: Collection[JobState], after: JobState) -> bool:
        """Bring a run from one state to the next; False if it was not there, or is gone."""
        return await self._update(run, jobs.c.state.in_([state.value for state in before]), state=after.value)

    async def show(self, run: str, progress: Progress, notice: str = "") -> bool:
        """Write how far a run is; False if its job is gone."""
        values = {"stage": progress.stage.value, "done": progress.done, "total": progress.total, "notice": notice}
        return await self._update(run, **values)

    async def commit(self, run: str, replaced: str | None) -> bool:
        """Write that a run is about to commit, over a version with this original; False if its job is gone."""
        contents = {} if replaced is None else {"contents": [replaced]}
        return await self._update(run, stage=Stage.STORING.value, committing=True, **contents)

    async def also_release(self, run: str, contents: Sequence[str]) -> bool:
        """Write which originals a run lets go of, before the documents that name them are gone."""
        return await self._update(run, contents=list(contents))

    async def finish(self, run: str, report: IngestReport) -> bool:
        """Write how a run ended; False if its job is gone."""
        state = JobState.FAILED if report.status is IngestStatus.FAILED else JobState.DONE
        stage = {} if state is JobState.FAILED else {"stage": Stage.DONE.value}
        return await self._update(run, state=state.value, report=dataclasses.asdict(report), notice="", **stage)

    async def anew(self, identifier: str, run: str) -> Job | None:
        """Start a failed job over; None if it has not failed."""
        row = self._new(identifier, JobKind.INGEST, JobState.STORED, "", "")
        values = {key: row[key] for key in ANEW}
        statement = (
            update(jobs)
            .where(jobs.c.id == identifier, jobs.c.run == run, jobs.c.state == JobState.FAILED.value)
            .values(values)
            .returning(jobs)
        )
        async with self._database.write() as connection:
            changed = (await connection.execute(statement)).one_or_none()
        return None if changed is None else _job(changed)

    async def delete(self, run: str) -> Job | None:
        """Delete a run's job and return it as it was."""
        async with self._database.write() as connection:
            row = (await connection.execute(delete(jobs).where(jobs.c.run == run).returning(jobs))).one_or_none()
        return None if row is None else _job(row)

    async def of_run(self, run: str) -> Job | None:
        found = await self._select(jobs.c.run == run)
        return found[0] if found else None

    async def of_ids(self, ids: Collection[str]) -> Mapping[str, Job]:
        return {job.id: job for job in await self._select(jobs.c.id.in_(ids))}

    async def in_states(self, *states: JobState, older_than: float = 0.0) -> tuple[Job, ...]:
        """Return jobs in these states that were not touched for `older_than` seconds, oldest first."""
        return await self._select(
            jobs.c.state.in_([state.value for state in states]), jobs.c.updated_at <= self._clock() - older_than
        )

    async def wants(self, content_sha256: str) -> bool:
        """Say whether some job still needs these bytes: one that is not done, or failed and may be retried."""
        query = select(jobs.c.id).where(
            jobs.c.content_sha256 == content_sha256,
            jobs.c.kind == JobKind.INGEST.value,
            jobs.c.state != JobState.DONE.value,
        )
        async with self._database.read() as connection:
            return await connection.scalar(query.limit(1)) is not None

    async def stands_for(self, document_id: str, content_sha256: str) -> bool:
        """Say whether an upload that was not dropped has brought this version of a document, or is about to."""
        query = select(jobs.c.id).where(
            jobs.c.document_id == document_id,
            jobs.c.content_sha256 == content_sha256,
            jobs.c.kind == JobKind.INGEST.value,
            jobs.c.state != JobState.FAILED.value,
        )
        async with self._database.read() as connection:
            return await connection.scalar(query.limit(1)) is not None

    async def counts(self) -> Mapping[JobState, int]:
        async with self._database.read() as connection:
            rows = await connection.execute(select(jobs.c.state, func.count()).group_by(jobs.c.state))
            return {JobState(state): count for state, count in rows}

    async def _select(self, *conditions: Any) -> tuple[Job, ...]:  # noqa: ANN401 - SQLAlchemy's conditions have no narrower type
        query = select(jobs).where(*conditions).order_by(jobs.c.created_at)
        async with self._database.read() as connection:
            return tuple(_job(row) for row in (await connection.execute(query)).all())

    async def _update(self, run: str, *conditions: Any, **values: object) -> bool:  # noqa: ANN401
        statement = update(jobs).where(jobs.c.run == run, *conditions).values(updated_at=self._clock(), **values)
        async with self._database.write() as connection:
            return (await connection.execute(statement)).rowcount > 0

    def _new(self, identifier: str, kind: JobKind, state: JobState, workspace: str, document_id: str) -> dict[str, Any]:
        return {
            "id": identifier,
            "kind": kind.value,
            # Sorts by time: on SQLite DBOS dates its queue by the second, and decides by the id within one.
            "run": f"{time.time_ns():016x}{secrets.token_hex(8)}",
            "state": state.value,
            "workspace": workspace,
            "document_id": document_id,
            "content_sha256": "",
            "origin": None,
            "contents": [],
            "committing": False,
            "stage": Stage.RECEIVED.value,
            "done": 0,
            "total": 0,
            "notice": "",
            "report": None,
            "created_at": self._clock(),
            "updated_at": self._clock(),
        }


def _job(row: Row[Any]) -> Job:
    return Job(
        id=row.id,
        kind=JobKind(row.kind),
        run=row.run,
        state=JobState(row.state),
        workspace=row.workspace,
        document_id=row.document_id,
        content_sha256=row.content_sha256,
        origin=None if row.origin is None else Origin(**row.origin),
        contents=tuple(row.contents),
        committing=row.committing,
        progress=Progress(Stage(row.stage), row.done, row.total),
        notice=row.notice,
        report=None if row.report is None else _report(row.report),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _forget_id() -> str:
    return f"forget-{secrets.token_hex(12)}"


def _contents(row: Row[Any]) -> list[str]:
    return sorted({*row.contents, row.content_sha256} - {""})


def _report(stored: Mapping[str, Any]) -> IngestReport:
    pages = {key: tuple(stored[key]) for key in ("pages_without_text", "pages_by_ocr")}
    return IngestReport(**{**stored, **pages, "status": IngestStatus(stored["status"])})
