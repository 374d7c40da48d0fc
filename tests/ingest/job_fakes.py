"""An installation for the tests of jobs: real DBOS, database and originals, and an ingestor that keeps plain files."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

import bot.announcements
import ingest.jobs
from ingest.database import Database
from ingest.documents import IngestReport, IngestStatus, Origin, Progress, ProgressCallback, Stage
from ingest.files import Files
from ingest.job_runner import Gate, JobRunner
from ingest.job_table import FINISHED, Job
from ingest.jobs import Jobs
from ingest.locks import Locks
from ingest.seats import Seat, take_seat
from ingest.settings import IngestSettings, JobsSettings


@dataclass
class FolderIngestor:
    """Documents as files with their content's hash; what is in `scripts` under a name happens while it is indexed."""

    folder: Path
    seconds: float = 0.0
    scripts: dict[str, list[Exception | Callable[[], Awaitable[None]]]] = field(default_factory=dict)
    attempts: list[str] = field(default_factory=list)
    commits: list[str] = field(default_factory=list)
    tidied: list[bool] = field(default_factory=list)
    jobs: Jobs | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    @property
    def documents(self) -> dict[str, str]:
        return {path.stem: json.loads(path.read_text())["content"] for path in self.folder.glob("*.json")}

    async def ingest(self, origin: Origin, path: Path, on_progress: ProgressCallback, gate: Gate) -> IngestReport:
        self.attempts.append(origin.name)
        for page in range(4):
            on_progress(Progress(Stage.READING, page, 4))
            await asyncio.sleep(self.seconds / 4)
        await self._play(origin.name)
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        stored = await self.content(origin.document_id)
        if stored == content:
            return IngestReport(origin.name, IngestStatus.UNCHANGED, pages=4)
        async with gate(origin.document_id):
            self._write(origin, content)
        await self._play(f"{origin.name} committed")
        return IngestReport(origin.name, IngestStatus.REPLACED if stored else IngestStatus.INDEXED, pages=4, chunks=8)

    async def forget(self, document_id: str) -> bool:
        await self._play("forget")
        path = self.folder / f"{document_id}.json"
        there = path.exists()
        path.unlink(missing_ok=True)
        return there

    async def content(self, document_id: str) -> str | None:
        return self.documents.get(document_id)

    async def release(self, content_sha256: str) -> None:
        assert self.jobs is not None
        async with self.jobs.locks.hold(f"content:{content_sha256}"):
            wanted = await self.jobs.table.wants(content_sha256)
            if not wanted and content_sha256 not in self.documents.values():
                await self.jobs.originals.delete(content_sha256)

    async def optimize(self, *, erase: bool, keep: timedelta) -> None:
        self.tidied.append(erase)

    def _write(self, origin: Origin, content: str) -> None:
        self.commits.append(origin.name)
        part = self.folder / f"{origin.document_id}.part"
        part.write_text(json.dumps({"name": origin.name, "content": content}))
        part.rename(self.folder / f"{origin.document_id}.json")

    async def _play(self, name: str) -> None:
        actions = self.scripts.get(name)
        action = actions.pop(0) if actions else None
        if isinstance(action, Exception):
            raise action
        if action is not None:
            await action()


class Bench:
    """An installation with a fake pipeline; `working()` is a process that works on its jobs."""

    def __init__(self, folder: Path, settings: IngestSettings, database: Database, locks: Locks, jobs: Jobs) -> None:
        self.folder = folder
        self.settings = settings
        self.database = database
        self.locks = locks
        self.jobs = jobs
        self.ingestor = FolderIngestor(folder / "documents", jobs=jobs)

    @property
    def originals(self) -> set[str]:
        """The content hashes of the originals that are kept."""
        return {path.stem for path in Path(self.settings.files_uri).rglob("*.pdf")}

    def file(self, text: str = "one") -> Path:
        path = self.folder / f"{text}.bin"
        path.write_text(text)
        return path

    @asynccontextmanager
    async def working(self) -> AsyncIterator[Seat]:
        """A process that works on the jobs."""
        seat = await take_seat(self.database, self.locks)
        runner = asyncio.create_task(JobRunner(self.jobs, self.ingestor, seat, self.settings).run())
        try:
            yield seat
        finally:
            runner.cancel()
            await asyncio.wait({runner})
            await seat.leave()
            if not runner.cancelled():
                runner.result()

    async def until(self, job: Job, wanted: Callable[[Job | None], bool]) -> Job | None:
        async with asyncio.timeout(30):
            while True:
                now = (await self.jobs.jobs([job.id])).get(job.id)
                if wanted(now):
                    return now
                await asyncio.sleep(0.02)

    async def finished(self, job: Job) -> Job:
        found = await self.until(job, lambda now: now is None or now.state in FINISHED)
        assert found is not None
        return found

    async def gone(self, job: Job) -> None:
        await self.until(job, lambda now: now is None)


@asynccontextmanager
async def open_bench(url: str, folder: Path, database: Database) -> AsyncIterator[Bench]:
    settings = IngestSettings(data_dir=folder, database_url=SecretStr(url), jobs=JobsSettings(concurrency=4))
    async with looking_often(), Locks(database) as locks:
        jobs = await Jobs.open(database, locks, Files(settings.files_uri), settings)
        yield Bench(folder, settings, database, locks, jobs)
        await jobs.close()


@asynccontextmanager
async def looking_often() -> AsyncIterator[None]:
    """Look for work ten times as often as in earnest: what tests wait for is mostly that somebody looks."""
    with pytest.MonkeyPatch.context() as patched:
        for module, name in (
            (ingest.jobs, "POLL_SECONDS"),
            (bot.announcements, "POLL_SECONDS"),
            (bot.announcements, "TAKE_OVER_SECONDS"),
            (bot.announcements, "PAUSE_SECONDS"),
        ):
            patched.setattr(module, name, getattr(module, name) / 10)
        yield


async def until(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)
