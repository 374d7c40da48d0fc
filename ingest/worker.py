"""One process that works on uploads: everything it needs, opened in order. Nothing here knows a platform."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog

from ingest.database import Database
from ingest.embedding import build_embedder
from ingest.files import Files
from ingest.index import Index
from ingest.job_runner import JobRunner
from ingest.jobs import Jobs
from ingest.locks import Locks
from ingest.pipeline import assemble
from ingest.seats import Seat, take_seat
from ingest.settings import IngestSettings
from ingest.updating import bring_up_to_date
from ingest.workers import Workers

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Worker:
    """The parts of a process that works on uploads."""

    database: Database
    index: Index
    jobs: Jobs
    seat: Seat
    runner: JobRunner


@asynccontextmanager
async def open_worker(settings: IngestSettings) -> AsyncIterator[Worker]:
    """Open what working on uploads needs; make what is missing, and bring up to date what an older version made.

    Raises:
        IndexMismatchError: the index was made by another embedding model.
    """
    await bring_up_to_date(settings)
    async with AsyncExitStack() as stack:
        workers = await stack.enter_async_context(Workers(settings.extraction.workers))
        database = Database.open(settings.resolved_database_url)
        stack.push_async_callback(database.close)
        await database.migrate("ingest")
        locks = await stack.enter_async_context(Locks(database))
        model = build_embedder(settings, workers)
        stack.push_async_callback(model.close)
        index = await Index.open(settings, model.identity, create=True)
        stack.callback(index.close)
        await index.recover()
        jobs = await Jobs.open(database, locks, Files(settings.files_uri), settings)
        stack.push_async_callback(jobs.close)
        seat = await take_seat(database, locks)
        stack.push_async_callback(seat.leave)
        pipeline = assemble(settings, database, index, model, workers, locks)
        yield Worker(database, index, jobs, seat, JobRunner(jobs, pipeline, seat, settings))


async def run_worker(settings: IngestSettings) -> None:
    """Work on uploads until the process is told to stop; what is under way then is gone on with by the next one."""
    stop_on_sigterm()
    async with open_worker(settings) as worker:
        log.info("worker_started", seat=worker.seat.number)
        await worker.runner.run()


def stop_on_sigterm() -> None:
    """Let SIGTERM cancel the current task, as Ctrl-C does."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
