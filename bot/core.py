"""What every adapter is given: one of each part, over one state database, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.commands import Commands
from bot.conversation import Conversation
from bot.database import open_state
from bot.engine import QueryEngine
from bot.events import Events
from bot.health import Health, monitoring
from bot.limits import AnswerQueue, Limits
from bot.marks import Marks
from bot.memory import Memory
from bot.metrics import Metrics
from bot.nothing_found import NothingFound
from bot.pages import Pages
from bot.settings import Settings
from bot.upload_table import UploadTable
from bot.uploads import Uploads
from bot.watched import Watched
from ingest.embedding import Embedder, for_documents
from ingest.files import Files
from ingest.index import Index
from ingest.job_runner import JobRunner
from ingest.jobs import Jobs
from ingest.locks import Locks
from ingest.periodic import repeat
from ingest.pipeline import assemble
from ingest.seats import Seat, take_seat
from ingest.workers import Workers

EXPIRE_SECONDS = 3_600.0


@dataclass(frozen=True, slots=True)
class Core:
    """The parts that adapters share. `run` keeps those going that work by themselves."""

    settings: Settings
    index: Index
    memory: Memory
    events: Events
    conversation: Conversation
    uploads: Uploads
    watched: Watched
    pages: Pages
    commands: Commands
    marks: Marks
    locks: Locks
    seat: Seat
    jobs: Jobs
    runner: JobRunner
    health: Health
    """An adapter adds whether it is connected."""
    metrics: Metrics

    async def run(self) -> None:
        """Work on uploads, announce them, and forget what is old, until cancelled.

        Raises:
            SeatLostError: the process has to be started anew.
        """
        async with monitoring(self.settings.monitoring, self.health, self.metrics), asyncio.TaskGroup() as tasks:
            tasks.create_task(self.runner.run())
            tasks.create_task(self.uploads.run())
            tasks.create_task(repeat(EXPIRE_SECONDS, self.memory.expire))
            tasks.create_task(repeat(EXPIRE_SECONDS, self.events.expire))


@asynccontextmanager
async def open_core(
    settings: Settings,
    index: Index,
    embedder: Embedder,
    engine: QueryEngine,
    models: Callable[[], Sequence[str]] = tuple,
) -> AsyncIterator[Core]:
    """Open the state database and everything over it, for adapters to use; `models` tells for `status` who answers."""
    async with AsyncExitStack() as stack:
        database = await open_state(settings.resolved_database_url)
        stack.push_async_callback(database.close)
        locks = await stack.enter_async_context(Locks(database))
        seat = await take_seat(database, locks)
        stack.push_async_callback(seat.leave)
        workers = await stack.enter_async_context(Workers(settings.extraction.workers))
        drawing = await stack.enter_async_context(Workers(1, niceness=0))
        files = Files(settings.files_uri)
        jobs = await Jobs.open(database, locks, files, settings)
        stack.push_async_callback(jobs.close)
        await index.recover()
        pipeline = assemble(settings, database, index, for_documents(settings, embedder, workers), workers, locks)
        memory = Memory(database, settings.memory)
        events = Events(database, locks, seat)
        limits, queue = Limits(settings.limits), AnswerQueue(settings.limits)
        pages = Pages(index, memory, files, drawing)
        watched = Watched(database, {"slack": settings.slack.watched, "discord": settings.discord.watched})
        max_bytes = settings.extraction.max_megabytes * 1_000_000
        uploads = Uploads(UploadTable(database), jobs, memory, seat, max_bytes)
        conversation = Conversation(engine, memory, events, limits, queue)
        runner = JobRunner(jobs, pipeline, seat, settings)
        metrics = Metrics()
        metrics.watch_queue(queue)
        metrics.watch_jobs(jobs)
        metrics.watch_index(index)
        conversation.explained = NothingFound(index, uploads).explained
        conversation.on_answer, conversation.on_refusal = metrics.answered, metrics.refused
        runner.on_end = metrics.indexed
        health = Health()
        health.watch_database(database)
        health.watch_index(index)
        health.watch_seat(seat)
        yield Core(
            settings=settings,
            index=index,
            memory=memory,
            events=events,
            conversation=conversation,
            uploads=uploads,
            watched=watched,
            pages=pages,
            commands=Commands(index, memory, pages, uploads, watched, models),
            marks=Marks(database),
            locks=locks,
            seat=seat,
            jobs=jobs,
            runner=runner,
            health=health,
            metrics=metrics,
        )
