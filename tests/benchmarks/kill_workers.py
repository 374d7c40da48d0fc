"""Uploads while their workers are killed: `python -m tests.benchmarks.kill_workers [sqlite|postgresql]`.

200 uploads and 20 newer versions of some of them are accepted; the worker processes are killed with SIGKILL at 20
random moments and started again. Afterwards every document is there in its latest version, once, and nothing else.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from ingest.database import Database
from ingest.documents import Document, Origin, Scopes
from ingest.files import Files
from ingest.index import Index
from ingest.job_table import FINISHED, Job, JobState
from ingest.jobs import Jobs
from ingest.locks import Locks
from ingest.settings import FilesSettings, IndexSettings, IngestSettings
from tests import pdfs

MINUTES = 20


@dataclass(frozen=True)
class Plan:
    """What is to be survived."""

    url: str
    folder: Path
    uploads: int = 200
    versions: int = 20
    """So many of the documents get a second version."""
    kills: int = 20
    workers: int = 1
    seed: int = 4
    bucket: str = ""
    """Where index and originals are instead of in the folder, e.g. `s3://askdocs`."""

    @property
    def settings(self) -> IngestSettings:
        return IngestSettings(
            data_dir=self.folder,
            database_url=SecretStr(self.url),
            index=IndexSettings(uri=self.bucket and f"{self.bucket}/index"),
            files=FilesSettings(uri=self.bucket and f"{self.bucket}/files"),
        )


@dataclass(frozen=True)
class Outcome:
    """What was left in the end."""

    seconds: float
    killed: int
    taken_over: int
    """How often a worker took over what a killed one was working on."""
    failures: tuple[str, ...]
    """What is not as it should be, each in a sentence."""


class WorkerProcess:
    """A worker that is started again as often as it is killed."""

    def __init__(self, plan: Plan, number: int) -> None:
        self._plan = plan
        self._log = plan.folder / f"worker-{number}.log"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it, and wait until it works."""
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("ASKDOCS_")},
            "ASKDOCS_DATA_DIR": str(self._plan.folder),
            "DATABASE_URL": self._plan.url,
            "ASKDOCS_EXTRACTION__WORKERS": "1",
            "ASKDOCS_INDEX__URI": self._plan.settings.index.uri,
            "ASKDOCS_FILES__URI": self._plan.settings.files.uri,
        }
        with self._log.open("a") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "ingest", "worker", env=environment, stdout=log, stderr=log
            )
        started = self._log.read_text().count("worker_started")
        async with asyncio.timeout(120):
            while self._log.read_text().count("worker_started") == started:
                assert self._process.returncode is None, self._log.read_text()[-2_000:]
                await asyncio.sleep(0.1)

    async def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        assert self._process is not None
        self._process.send_signal(how)
        await self._process.wait()

    @property
    def taken_over(self) -> int:
        return self._log.read_text().count("work_taken_over")


async def survive(plan: Plan, afterwards: Callable[[Jobs], Awaitable[None]] | None = None) -> Outcome:
    """Run the plan and look at what is left; then do `afterwards` while the workers are still there."""
    began = time.monotonic()
    rng = random.Random(plan.seed)
    async with open_jobs(plan) as jobs:
        workers = [WorkerProcess(plan, number) for number in range(plan.workers)]
        await asyncio.gather(*(worker.start() for worker in workers))
        permits = asyncio.Semaphore(0)
        accepting = asyncio.create_task(accept(plan, jobs, permits))
        for _ in range(plan.kills):
            for _ in range((plan.uploads + plan.versions) // plan.kills):
                permits.release()
            worker = rng.choice(workers)
            await asyncio.sleep(rng.uniform(0.3, 4.0))
            await worker.kill()
            await worker.start()
        for _ in range(plan.kills):
            permits.release()
        await accepting
        async with asyncio.timeout(MINUTES * 60):
            while not await is_done(jobs):
                await asyncio.sleep(0.5)
        failures = [*await wrong_jobs(jobs), *await wrong_documents(plan)]
        if afterwards is not None:
            await afterwards(jobs)
        await asyncio.gather(*(worker.kill(signal.SIGTERM) for worker in workers))
        taken_over = sum(worker.taken_over for worker in workers)
        return Outcome(time.monotonic() - began, plan.kills, taken_over, tuple(failures))


@asynccontextmanager
async def open_jobs(plan: Plan) -> AsyncIterator[Jobs]:
    database = Database.open(plan.url)
    await database.migrate("ingest")
    async with Locks(database) as locks:
        jobs = await Jobs.open(database, locks, Files(plan.settings.files_uri), plan.settings)
        yield jobs
        await jobs.close()
    await database.close()


def content(number: int, version: int) -> bytes:
    pages = [f"Document {number}, version {version}, page {page}: the answer is {number * 7}." for page in (1, 2)]
    return pdfs.document(pages, title=f"Document {number}")


async def accept(plan: Plan, jobs: Jobs, permits: asyncio.Semaphore) -> None:
    """Submit everything, in the middle of whatever is killed, so that there is work for each kill to interrupt."""
    uploads = [(number, 1) for number in range(plan.uploads)] + [(number, 2) for number in range(plan.versions)]
    for number, version in uploads:
        await permits.acquire()
        path = plan.folder / f"upload-{number}-{version}.pdf"
        await asyncio.to_thread(path.write_bytes, content(number, version))
        await jobs.submit(Origin("local", "workspace", f"{number}.pdf", f"F{number}-{version}"), path)


async def is_done(jobs: Jobs) -> bool:
    return not await jobs.unfinished()


async def wrong_jobs(jobs: Jobs) -> Sequence[str]:
    def problem(job: Job) -> str:
        return f"job {job.id} is {job.state.value}: {job.report.error if job.report else 'no report'}"

    everything = await jobs.all()
    return [problem(job) for job in everything if job.state not in FINISHED or job.state is JobState.FAILED]


async def wrong_documents(plan: Plan) -> Sequence[str]:
    """Compare the index and the originals with what was uploaded."""
    index = await Index.open(plan.settings, None, create=False)
    documents = await index.every_document()
    stats = await index.stats()
    wrong = [text for document in documents for text in await wrong_chunks(index, document)]
    index.close()
    names = sorted(document.name for document in documents)
    if names != sorted(f"{number}.pdf" for number in range(plan.uploads)):
        wrong.append(f"{len(names)} documents, {len(set(names))} of them different, instead of {plan.uploads}")
    if stats.chunks != sum(document.chunks for document in documents):
        wrong.append(f"{stats.chunks} chunks, but the documents have {sum(one.chunks for one in documents)}")
    originals = await asyncio.to_thread(stored_files, plan)
    if originals != {f"{document.content_sha256}.pdf" for document in documents}:
        wrong.append(f"{len(originals)} originals for {len(documents)} documents")
    return wrong


def stored_files(plan: Plan) -> set[str]:
    """Return the names of all originals that are kept, half written ones included."""
    from fsspec.core import url_to_fs

    files, root = url_to_fs(plan.settings.files_uri, use_listings_cache=False)
    return {Path(path).name for path in files.find(root)}


async def wrong_chunks(index: Index, document: Document) -> Sequence[str]:
    scopes = Scopes("local", frozenset({"workspace"}))
    chunks = await index.page_chunks(scopes, [(document.id, page) for page in (1, 2)])
    wrong = []
    if len(chunks) != document.chunks or len({chunk.id for chunk in chunks}) != len(chunks):
        wrong.append(f"{document.name} has {len(chunks)} chunks instead of {document.chunks}")
    if {chunk.content_sha256 for chunk in chunks} != {document.content_sha256}:
        wrong.append(f"{document.name} has chunks of another version")
    return wrong


def main() -> int:
    kind = sys.argv[1] if len(sys.argv) > 1 else "sqlite"
    with tempfile.TemporaryDirectory(prefix="askdocs-") as folder:
        if kind == "postgresql":
            from tests.databases import serving_postgres

            with serving_postgres() as server:
                plan = Plan(server.get_uri(), Path(folder), workers=2)
                outcome = asyncio.run(survive(plan))
        else:
            outcome = asyncio.run(survive(Plan(f"sqlite:///{folder}/askdocs.sqlite", Path(folder))))
    print(json.dumps({"database": kind, **outcome.__dict__}, default=list))
    return bool(outcome.failures)


if __name__ == "__main__":
    sys.exit(main())
