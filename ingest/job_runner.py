"""Works on jobs: one attempt at an upload, one at a deletion, and looking after what killed processes left behind.

How a deletion wins over an upload of the same document that is being indexed: it takes the job's row away first, then
the document's lock, and deletes what is there. The upload takes the same lock for its commit and looks for its row. If
it commits first, it is deleted; if it comes second, its row is gone and it stops.
"""

from __future__ import annotations

import asyncio
import math
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import structlog

from ingest.documents import IngestReport, IngestStatus, Origin, Progress, ProgressCallback
from ingest.errors import EmbeddingQuotaError, IndexMismatchError, IngestError, SeatLostError
from ingest.index_upkeep import READERS_NEED
from ingest.job_table import UNFINISHED, Job, JobState
from ingest.jobs import Executor, Jobs
from ingest.logs import where
from ingest.periodic import repeat
from ingest.seats import Seat
from ingest.settings import IngestSettings

log = structlog.get_logger(__name__)

PROGRESS_SECONDS = 0.5
"""Progress is written at most this often, and a dropped job is noticed this soon."""
WATCH_SECONDS = 2.0
"""How often the work of dead processes is looked for."""
STRAY_SECONDS = 60.0
"""A job untouched for this long is compared with what DBOS knows of it."""
TIDY_SECONDS = 5.0
GIVEN_UP = "Reading this file ended the program again and again, so it was given up."
MAX_FAILURES = 6
LONGEST_WAIT = 600.0
MISMATCH_WAIT = 10.0
FINISHED = -1.0


class DroppedError(Exception):
    """The job was dropped, or its document forgotten, while it ran."""


Gate = Callable[[str], AbstractAsyncContextManager[None]]
"""Entered with the document's id around its commit; raises if the commit must not happen."""


class Ingestor(Protocol):
    """What a job runs; `ingest.pipeline.Pipeline` is one."""

    async def ingest(self, origin: Origin, path: Path, on_progress: ProgressCallback, gate: Gate) -> IngestReport: ...

    async def forget(self, document_id: str) -> bool: ...

    async def content(self, document_id: str) -> str | None:
        """Return the content hash of the version that is stored; None if there is none."""
        ...

    async def release(self, content_sha256: str) -> None:
        """Delete an original, and what was computed from it, unless a document or a job needs it."""
        ...

    async def optimize(self, *, erase: bool, keep: timedelta | None) -> None:
        """Keep searches quick; with `erase`, rewrite the files in which deleted text lies."""
        ...


class JobRunner:
    """Works on the queue of this installation, together with every other process that does."""

    def __init__(self, jobs: Jobs, ingestor: Ingestor, seat: Seat, settings: IngestSettings) -> None:
        self.on_end: Callable[[IngestReport], None] = lambda _: None
        """Told of every upload that ended here, e.g. to count it."""
        self._jobs = jobs
        self._table = jobs.table
        self._locks = jobs.locks
        self._ingestor = ingestor
        self._seat = seat
        self._settings = settings
        self._executor = Executor(jobs, seat, settings)
        self._committing: set[str] = set()
        self._working = 0
        self._is_untidy = False
        """Something was committed since the index was tidied up at a pause."""
        self._to_erase = False
        self._old_files = False
        self._erased_at = -math.inf

    async def run(self) -> None:
        """Work until cancelled.

        Raises:
            SeatLostError: the process has to be started anew.
        """
        try:
            await self._executor.start(self.attempt, self.forget)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(repeat(WATCH_SECONDS, self._take_over, SeatLostError))
                tasks.create_task(repeat(STRAY_SECONDS, self._find_strays))
                tasks.create_task(repeat(TIDY_SECONDS, self._tidy))
                tasks.create_task(repeat(3_600.0, self._erase_hourly))
                tasks.create_task(repeat(3_600.0, self._expire))
        except* SeatLostError:
            raise SeatLostError from None
        finally:
            await self._executor.stop()

    async def attempt(self, run: str, failures: int) -> tuple[float, int]:
        """Try to index an upload; return the seconds to the next attempt and the failures so far."""
        job = await self._table.of_run(run)
        if job is None or job.origin is None or not await self._table.move(run, UNFINISHED, JobState.RUNNING):
            return FINISHED, failures
        started = time.monotonic()
        self._working += 1
        try:
            report = await self._index(job, job.origin)
        except DroppedError:
            await self._ingestor.release(job.content_sha256)
            return FINISHED, failures
        except EmbeddingQuotaError as error:
            return await self._pause(job, error, error.retry_after), failures
        except IndexMismatchError as error:
            # Somebody rebuilt the index under us. Whoever fits it takes the job over as soon as this process ends.
            return await self._pause(job, error, MISMATCH_WAIT), failures
        except IngestError as error:
            if error.retryable and failures < MAX_FAILURES:
                return await self._pause(job, error, 2.0**failures), failures + 1
            report = _failed(job.origin, str(error), started)
        except Exception as error:  # noqa: BLE001 - the boundary of a job: one that breaks must not stop the others
            identifier = secrets.token_hex(4)
            log.error("job_broke", id=identifier, job=job.id, error=type(error).__name__, at=where(error))
            report = _failed(job.origin, f"Something went wrong while this file was read (id {identifier}).", started)
        finally:
            self._working -= 1
        await self._finish(job, report)
        return FINISHED, failures

    async def forget(self, run: str) -> float:
        """Delete a document and the originals that nobody needs any more; return the seconds to the next attempt."""
        job = await self._table.of_run(run)
        if job is None:
            return FINISHED
        try:
            if job.document_id:
                job = await self._forget_document(job)
            for content in job.contents:
                await self._ingestor.release(content)
        except IngestError as error:
            log.warning("forget_failed", job=job.id, error=type(error).__name__)
            return LONGEST_WAIT / 60
        await self._table.delete(run)
        await self._jobs.database.fold()
        self._to_erase = True
        log.info("forgotten", job=job.id, document=job.document_id)
        return FINISHED

    async def _index(self, job: Job, origin: Origin) -> IngestReport:
        """Run the pipeline, writing its progress; stop it when the job is dropped."""
        latest = job.progress

        def on_progress(progress: Progress) -> None:
            nonlocal latest
            latest = progress

        async def ingest() -> IngestReport:
            async with self._jobs.originals.local_copy(job.content_sha256) as path:
                return await self._ingestor.ingest(origin, path, on_progress, self._gate(job))

        work = asyncio.create_task(ingest())
        try:
            while not (await asyncio.wait({work}, timeout=PROGRESS_SECONDS))[0]:
                if not await self._table.show(job.run, latest):
                    raise DroppedError
            return work.result()
        finally:
            if job.run not in self._committing:  # a commit is not broken off: nobody could tell how far it came
                work.cancel()
            await asyncio.wait({work})
            if not work.cancelled():
                work.exception()  # seen: asyncio would report one that nobody asked for

    def _gate(self, job: Job) -> Gate:
        @asynccontextmanager
        async def gate(document_id: str) -> AsyncIterator[None]:
            async with self._locks.hold(f"document:{document_id}"):
                replaced = await self._ingestor.content(document_id)
                if replaced == job.content_sha256:
                    replaced = None
                if not await self._table.commit(job.run, replaced):
                    raise DroppedError
                self._committing.add(job.run)
                try:
                    yield
                finally:
                    self._committing.discard(job.run)

        return gate

    async def _finish(self, job: Job, report: IngestReport) -> None:
        """Tell how the job ended, and let go of the original that it replaced."""
        current = await self._table.of_run(job.run)
        if current is None:
            await self._ingestor.release(job.content_sha256)
            return
        if report.status is IngestStatus.UNCHANGED and current.committing:
            # The attempt before was killed between its commit and this line: it is this job that indexed it.
            report = replace(report, status=IngestStatus.REPLACED if current.contents else IngestStatus.INDEXED)
        for content in current.contents:
            await self._ingestor.release(content)
        await self._table.finish(job.run, report)
        self.on_end(report)
        self._is_untidy |= report.status in {IngestStatus.INDEXED, IngestStatus.REPLACED}
        log.info("job_ended", job=job.id, status=report.status.value, pages=report.pages, seconds=report.seconds)

    async def _pause(self, job: Job, error: IngestError, seconds: float) -> float:
        """Write why the job waits, and return for how long."""
        wait = seconds if isinstance(error, EmbeddingQuotaError) else min(seconds, LONGEST_WAIT)
        log.warning("job_waits", job=job.id, error=type(error).__name__, seconds=round(wait))
        current = await self._table.of_run(job.run)
        if current is None:
            return FINISHED
        await self._table.show(job.run, current.progress, notice=str(error))
        return max(0.0, wait)

    async def _forget_document(self, job: Job) -> Job:
        """Delete the document, unless the version that is there came after the deletion; return what to let go of."""
        async with self._locks.hold(f"document:{job.document_id}"):
            content = await self._ingestor.content(job.document_id)
            if content is not None:
                is_another = job.content_sha256 not in {"", content}
                if is_another or await self._table.stands_for(job.document_id, content):
                    return job
                job = replace(job, contents=tuple({*job.contents, content}))
                await self._table.also_release(job.run, job.contents)
            await self._ingestor.forget(job.document_id)
        return job

    async def _tidy(self) -> None:
        """Tidy the index up once work has paused, and see deleted text off the disk.

        What `erase` rewrote is needed by readers that began before, for as long as a query may take; the call after
        that deletes it. A process that is killed in between leaves that to the next hour's call. Making the full-text
        index anew is work: deletions that follow each other wait for one call.
        """
        if self._to_erase and time.monotonic() - self._erased_at > READERS_NEED.total_seconds():
            self._to_erase, self._old_files = False, True
            await self._ingestor.optimize(erase=True, keep=READERS_NEED)
            self._erased_at = time.monotonic()
        elif self._old_files and time.monotonic() - self._erased_at > READERS_NEED.total_seconds():
            self._old_files = False
            await self._ingestor.optimize(erase=False, keep=READERS_NEED)
        elif self._is_untidy and not self._working:
            self._is_untidy = False
            await self._ingestor.optimize(erase=False, keep=None)

    async def _erase_hourly(self) -> None:
        self._to_erase = True

    async def _take_over(self) -> None:
        """Go on with what killed processes left behind."""
        if not await self._seat.is_held():
            raise SeatLostError
        if taken := await self._executor.recover():
            log.info("work_taken_over", processes=taken)
        for job in await self._table.in_states(JobState.STORED, older_than=WATCH_SECONDS):
            await self._jobs.enqueue(job)

    async def _find_strays(self) -> None:
        """Find jobs that nothing works on any more, whatever the reason."""
        quiet = await self._table.in_states(JobState.QUEUED, JobState.RUNNING, older_than=STRAY_SECONDS)
        unknown, given_up = await self._jobs.strays(quiet)
        for job in unknown:
            await self._jobs.enqueue(job)
        for job in given_up:
            log.error("job_given_up", job=job.id)
            if job.origin is not None:
                await self._table.finish(job.run, _failed(job.origin, GIVEN_UP, time.monotonic()))

    async def _expire(self) -> None:
        """Forget jobs that ended long ago, with the originals of those that failed."""
        age = self._settings.jobs.keep_days * 86_400
        for job in await self._table.in_states(JobState.DONE, older_than=age):
            await self._table.delete(job.run)
        for job in await self._table.in_states(JobState.FAILED, JobState.ACCEPTED, older_than=age):
            await self._jobs.drop(job)
        await self._jobs.expire()


def _failed(origin: Origin, error: str, started: float) -> IngestReport:
    return IngestReport(origin.name, IngestStatus.FAILED, seconds=time.monotonic() - started, error=error)
