"""Durable jobs: an upload that was accepted is indexed, once, whoever is killed when. The only importer of DBOS.

`Jobs` takes and reports jobs in any process; `JobRunner` works on them, in as many processes as there are. Ingest knows
no platform: whoever accepts an upload fetches its bytes first.

What decides the code here, of DBOS 3.4 (its documentation and source):

- A workflow's id makes it unique: enqueueing the same id again does nothing. The id is the job's `run`.
- A partitioned queue with `partition_concurrency=1` runs one workflow a partition at a time in all processes, in the
  order they came (by id within one second, on SQLite): the partition is the document.
- After a kill a workflow stays PENDING under its executor's id. DBOS itself recovers only what its own executor id
  left behind, at its start, and only of the same application version. Without its cloud service, finding dead executors
  is up to us: the executor id is the token of our seat, and `DBOS._recover_pending_workflows` puts the workflows of
  tokens that are gone back into the queue (idempotent: it moves one only while the dead executor owns it). It skips
  those for which the database fails just then (dbos-transact-py#716), so it is repeated as long as there are any.
- An execution that lost its workflow is found out at its next record, and parks. Until then two may work on the same
  document: the lock of the document and the content hash make the second one find the work done.
- Started in a thread without an event loop, it makes a loop of its own. Ours stays ours (adopting it would replace its
  thread pool, and shut that down at the end): steps hand their work over to it.
- It records what steps return and raise, and prints both at times: our steps take a run's id and return a number.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ingest.database import Database
from ingest.documents import Origin
from ingest.files import Files, hash_file
from ingest.job_table import Job, JobKind, JobState, JobTable, job_id
from ingest.locks import Locks
from ingest.seats import Seat, gone
from ingest.settings import IngestSettings

if TYPE_CHECKING:
    from dbos import DBOSClient, DBOSConfig, EnqueueOptions

T = TypeVar("T")

APPLICATION = "askdocs"
APPLICATION_VERSION = "1"
"""Changes only when the steps of a workflow do; workflows of another version are not recovered."""
INGEST_QUEUE, FORGET_QUEUE = "ingest", "forget"
INGEST_WORKFLOW, FORGET_WORKFLOW = "ingest_upload", "forget"
POLL_SECONDS = 0.25
MAX_STARTS = 50
"""A job that was started so often, and never came to an end, takes the process down with it: it is given up."""
CONNECTIONS = 5
UNDER_WAY = frozenset({"PENDING", "ENQUEUED", "DELAYED"})
ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


class Jobs:
    """Takes jobs and tells how far they are, from any process."""

    def __init__(self, database: Database, locks: Locks, originals: Files, client: DBOSClient) -> None:
        self.database = database
        self.table = JobTable(database)
        self.locks = locks
        self.originals = originals
        self.client = client

    @classmethod
    async def open(cls, database: Database, locks: Locks, originals: Files, settings: IngestSettings) -> Jobs:
        """Prepare DBOS's tables where they are missing, and connect."""
        client = await asyncio.to_thread(_connect, dbos_url(settings))
        return cls(database, locks, originals, client)

    async def identify(self, origin: Origin, path: Path) -> tuple[str, str]:
        """Return the id that this upload's job will have, and its content hash."""
        content = await asyncio.to_thread(hash_file, path)
        return job_id(origin, content), content

    async def submit(self, origin: Origin, path: Path) -> Job:
        """Take an upload: once this returns, it will be indexed. Delivered again, it is the same job.

        The job is written before its bytes are stored, so that no original is ever without a job or a document.
        """
        content = await asyncio.to_thread(hash_file, path)
        job = await self.table.accept(origin, content)
        if job.state is JobState.ACCEPTED:
            async with self.locks.hold(f"content:{content}"):
                if not await self.originals.exists(content):
                    await self.originals.put(path)
            await self.table.move(job.run, {JobState.ACCEPTED}, JobState.STORED)
            await self.enqueue(job)
        return job

    async def forget(self, workspace: str, document_id: str) -> Job:
        """Have a document deleted with all that was made of it; an upload of it that is being indexed loses."""
        job, dropped = await self.table.accept_forget(workspace, document_id)
        await self.enqueue(job)
        await self._discard(dropped)
        return job

    async def withdraw(self, workspace: str, document_id: str, content_sha256: str, identifier: str) -> Job:
        """Have one upload undone: its job dropped, and its version of the document deleted if it is there."""
        job, dropped = await self.table.accept_withdrawal(workspace, document_id, content_sha256, identifier)
        await self.enqueue(job)
        await self._discard(dropped)
        return job

    async def discard(self, identifier: str) -> None:
        """Drop a job whose upload another one stands for: what it made, or would have made, stays."""
        for job in (await self.jobs([identifier])).values():
            await self.table.delete(job.run)
            await self._discard([job.run])

    async def jobs(self, ids: Collection[str]) -> Mapping[str, Job]:
        """Return those of the jobs that still exist."""
        return await self.table.of_ids(ids)

    async def unfinished(self) -> tuple[Job, ...]:
        return await self.table.in_states(JobState.ACCEPTED, JobState.STORED, JobState.QUEUED, JobState.RUNNING)

    async def all(self) -> tuple[Job, ...]:
        """Return every job there is, oldest first: for administration."""
        return await self.table.in_states(*JobState)

    async def retry(self, job: Job) -> bool:
        """Start a failed job over; False if it has not failed."""
        anew = await self.table.anew(job.id, job.run)
        if anew is None:
            return False
        await self.enqueue(anew)
        return True

    async def drop(self, job: Job) -> None:
        """Give a job up: its original goes, unless a document was made of it."""
        made = await self.table.accept_drop(job.run)
        if made is not None:
            await self.enqueue(made)
            await self._discard([job.run])

    async def enqueue(self, job: Job) -> None:
        """Hand a stored job to DBOS; doing so again changes nothing."""
        is_ingest = job.kind is JobKind.INGEST
        options: EnqueueOptions = {
            "workflow_name": INGEST_WORKFLOW if is_ingest else FORGET_WORKFLOW,
            "queue_name": INGEST_QUEUE if is_ingest else FORGET_QUEUE,
            "workflow_id": job.run,
            "app_version": APPLICATION_VERSION,
        }
        if is_ingest:
            options["queue_partition_key"] = job.document_id
        await self.client.enqueue_async(options, job.run)
        await self.table.move(job.run, {JobState.STORED}, JobState.QUEUED)

    async def strays(self, jobs: Sequence[Job]) -> tuple[Sequence[Job], Sequence[Job]]:
        """Return those jobs that DBOS does not know, and those that it has given up."""
        if not jobs:
            return (), ()  # an empty list of ids would ask for all workflows
        known = await self.client.list_workflows_async(
            workflow_ids=[job.run for job in jobs], load_input=False, load_output=False
        )
        status = {workflow.workflow_id: workflow.status for workflow in known}
        unknown = [job for job in jobs if job.run not in status]
        return unknown, [job for job in jobs if status.get(job.run, "PENDING") not in UNDER_WAY]

    async def expire(self) -> None:
        """Delete what DBOS keeps of workflows that have ended."""
        before = datetime.now(UTC) - timedelta(hours=1)
        ended = await self.client.list_workflows_async(
            status=ENDED, completed_before=before.isoformat(), limit=1_000, load_input=False, load_output=False
        )
        if ended:
            await self.client.delete_workflows_async([workflow.workflow_id for workflow in ended])

    async def close(self) -> None:
        await asyncio.to_thread(self.client.destroy)

    async def _discard(self, runs: Sequence[str]) -> None:
        """Take workflows out of the queue, and stop those that run at their next record."""
        if runs:
            await self.client.cancel_workflows_async(list(runs))


Ingest = Callable[[str, int], Coroutine[object, object, tuple[float, int]]]
"""Works on a run that failed so often before; returns the seconds until the next attempt (negative: it is finished),
and how often it failed now."""
Forget = Callable[[str], Coroutine[object, object, float]]
"""Deletes what a run names; returns the seconds until the next attempt (negative: it is gone)."""


class Executor:
    """DBOS in this process: takes workflows from the queues and runs them. There can be one in a process."""

    def __init__(self, jobs: Jobs, seat: Seat, settings: IngestSettings) -> None:
        self._jobs = jobs
        self._seat = seat
        self._settings = settings
        self._loop: asyncio.AbstractEventLoop | None = None
        self._working: set[asyncio.Task[Any]] = set()

    async def start(self, ingest: Ingest, forget: Forget) -> None:
        self._loop = asyncio.get_running_loop()
        await asyncio.to_thread(self._launch, ingest, forget)

    async def stop(self) -> None:
        """Stop where we are; whoever has a seat next goes on from there."""
        from dbos import DBOS

        for work in self._working:
            work.cancel()
        await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
        if self._working:
            await asyncio.wait(self._working)

    async def recover(self) -> int:
        """Take over what processes that have ended left behind; return how many of those there were."""
        from dbos import DBOS

        pending = await self._jobs.client.list_workflows_async(status="PENDING", load_input=False, load_output=False)
        owners = {workflow.executor_id for workflow in pending if workflow.executor_id} - {self._seat.token}
        ended = await gone(self._jobs.database, self._jobs.locks, owners) if owners else frozenset()
        if ended:
            await asyncio.to_thread(DBOS._recover_pending_workflows, sorted(ended))
        return len(ended)

    def _launch(self, ingest: Ingest, forget: Forget) -> None:
        from dbos import DBOS

        logger = logging.getLogger("dbos")
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())  # else it installs its own; records still reach ours
        DBOS(config=self._config())

        async def attempt(run: str, failures: int) -> list[float]:
            return list(await self._here(ingest(run, failures)))

        async def forget_once(run: str) -> float:
            return await self._here(forget(run))

        @DBOS.workflow(name=INGEST_WORKFLOW, max_recovery_attempts=MAX_STARTS)
        async def ingest_upload(run: str) -> None:
            failures = 0.0
            while True:
                wait, failures = await DBOS.run_step_async({"name": "attempt"}, attempt, run, int(failures))
                if wait < 0:
                    return
                await DBOS.sleep_async(wait)

        @DBOS.workflow(name=FORGET_WORKFLOW, max_recovery_attempts=None)
        async def forget_document(run: str) -> None:
            while (wait := await DBOS.run_step_async({"name": "forget"}, forget_once, run)) >= 0:
                await DBOS.sleep_async(wait)

        self._register_queues()  # before the launch, which looks for queues at once and then every second
        DBOS.launch()

    def _register_queues(self) -> None:
        jobs = self._settings.jobs
        self._jobs.client.register_queue(
            INGEST_QUEUE,
            worker_concurrency=jobs.concurrency,
            partition_concurrency=1,
            limiter={"limit": jobs.per_minute, "period": 60.0} if jobs.per_minute else None,
            polling_interval_sec=POLL_SECONDS,
            on_conflict="always_update",
        )
        self._jobs.client.register_queue(
            FORGET_QUEUE,
            worker_concurrency=jobs.concurrency,
            polling_interval_sec=2 * POLL_SECONDS,
            on_conflict="always_update",
        )

    def _config(self) -> DBOSConfig:
        return {
            "name": APPLICATION,
            "system_database_url": dbos_url(self._settings),
            "sys_db_pool_size": CONNECTIONS,
            "db_engine_kwargs": {"hide_parameters": True},
            "application_version": APPLICATION_VERSION,
            "executor_id": self._seat.token,
            "log_level": "ERROR",
            "max_executor_threads": 16,
            "notification_listener_polling_interval_sec": POLL_SECONDS,  # nobody is notified, but stopping waits for it
        }

    async def _here(self, work: Coroutine[object, object, T]) -> T:
        """Run `work` on our own loop; this is called on that of DBOS."""
        assert self._loop is not None
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._track(work), self._loop))

    async def _track(self, work: Coroutine[object, object, T]) -> T:
        task = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return await task


def dbos_url(settings: IngestSettings) -> str:
    """Return the one database URL as DBOS wants it."""
    return settings.resolved_database_url.replace("postgres://", "postgresql://", 1)


def _connect(url: str) -> DBOSClient:
    from dbos import DBOS, DBOSClient

    DBOS.migrate(url)
    return DBOSClient(
        system_database_url=url,
        system_database_pool_size=CONNECTIONS,
        application_name=APPLICATION,
        retry_connection_errors=False,
    )
