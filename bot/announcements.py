"""Brings uploads to their end, and tells in one message each how far they are: fetched, read, embedded, ready.

Nothing here knows a platform: an adapter implements `Announcer`. How far an upload is stands in the database, so a
process that is killed loses nothing: another one, or itself after its restart, goes on with the same message.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot import notices
from bot.errors import DeliveryError, TooLargeError, UploadError
from bot.upload_table import StoredUpload, Upload, UploadState, UploadTable
from ingest.documents import IngestStatus, Origin
from ingest.errors import IngestError
from ingest.job_table import Job
from ingest.jobs import Jobs
from ingest.periodic import repeat
from ingest.seats import Seat, gone

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.5
TAKE_OVER_SECONDS = 10.0
PAUSE_SECONDS = 2.0
FETCHES_AT_ONCE = 4
FETCH_ATTEMPTS = 4
DELIVERY_ATTEMPTS = 5
HEADER_BYTES = 1_024
"""A PDF says so somewhere in its first kilobyte."""


class Announcer(Protocol):
    """What uploads need of a platform. Each method raises DeliveryError where it fails, `fetch` an UploadError."""

    @property
    def interval(self) -> float:
        """Seconds between two edits of one message, so that the platform's limits are kept."""
        ...

    async def fetch(self, upload: Upload, target: Path, max_bytes: int) -> None:
        """Write the file's bytes to `target`; DownloadError where trying again may help."""
        ...

    async def announce(self, upload: Upload, text: str) -> str:
        """Send the message that tells how far the upload is; return its id."""
        ...

    async def edit(self, upload: Upload, announcement: str, text: str) -> None: ...

    async def conclude(self, upload: Upload, announcement: str, text: str, status: IngestStatus) -> None:
        """Edit the message for the last time, and mark the upload, e.g. with a reaction."""
        ...

    async def retract(self, upload: Upload, announcement: str) -> None:
        """The upload was deleted: remove the message, or say so in it."""
        ...


@dataclass(slots=True)
class _Following:
    """An upload that this process brings to its end."""

    upload: Upload
    announcement: str = ""
    shown: str = ""
    wait_until: float = 0.0
    """Before that, the platform is left alone."""
    undelivered: int = 0
    unfetched: int = 0
    step: asyncio.Task[None] | None = None


Undo = Callable[[Origin, str, str], Awaitable[None]]
"""Takes back what was submitted of an upload: its origin, its job's id, its content hash."""


class Announcements:
    """Follows the uploads of this process."""

    def __init__(self, table: UploadTable, jobs: Jobs, seat: Seat, max_bytes: int, undo: Undo) -> None:
        self._table = table
        self._jobs = jobs
        self._seat = seat
        self._max_bytes = max_bytes
        self._undo = undo
        self._announcers: dict[str, Announcer] = {}
        self._following: dict[str, _Following] = {}
        self._fetching = asyncio.Semaphore(FETCHES_AT_ONCE)

    def register(self, platform: str, announcer: Announcer) -> None:
        """Serve a platform; before `run`."""
        self._announcers[platform] = announcer

    def follow(self, upload: Upload, announcement: str = "") -> None:
        """Begin to look after an upload, or go on with one that has an announcement."""
        if upload.platform in self._announcers:
            self._following[upload.id] = _Following(upload, announcement)

    async def run(self) -> None:
        """Keep announcements up to date, and take over those of processes that have ended, until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(repeat(TAKE_OVER_SECONDS, self._take_over))
                tasks.create_task(repeat(POLL_SECONDS, self._advance))
        finally:
            steps = {one.step for one in self._following.values() if one.step is not None}
            for step in steps:
                step.cancel()
            if steps:
                await asyncio.wait(steps)

    async def _take_over(self) -> None:
        """Go on with the open uploads of processes that have ended."""
        foreign = [one for one in await self._table.unfinished() if one.owner != self._seat.token]
        ended = await gone(self._jobs.database, self._jobs.locks, {one.owner for one in foreign})
        for one in foreign:
            is_ours = one.owner in ended and one.upload.platform in self._announcers
            if is_ours and await self._table.take_over(one.upload.id, one.owner, self._seat.token):
                log.info("upload_taken_over", upload=one.upload.id)
                self.follow(one.upload, one.announcement)

    async def _advance(self) -> None:
        """Bring every upload one step further; each has at most one step under way."""
        idle = {key: one for key, one in self._following.items() if one.step is None or one.step.done()}
        stored = await self._table.of_ids(idle)
        jobs = await self._jobs.jobs({one.job_id for one in stored.values() if one.job_id})
        for identifier, following in idle.items():
            if following.wait_until <= time.monotonic():
                now = stored.get(identifier)
                job = jobs.get(now.job_id) if now is not None else None
                following.step = asyncio.create_task(self._step(following, now, job))

    async def _step(self, following: _Following, stored: StoredUpload | None, job: Job | None) -> None:
        """Do the next thing for one upload. What fails on the way is done again by a later step."""
        try:
            if stored is None or stored.owner != self._seat.token:
                self._leave(following)  # somebody took us for dead, and goes on
            elif stored.state is UploadState.FORGOTTEN:
                if await self._deliver(following, self._retract):
                    await self._table.announced(stored.upload.id, "")
                    self._leave(following)
            elif stored.state is UploadState.RECEIVED:
                await self._announced(following)
                await self._fetch(following)
            elif stored.state is UploadState.SUBMITTED:
                await self._announced(following)
                await self._report(following, job)
            else:
                self._leave(following)
        except (IngestError, SQLAlchemyError) as error:
            log.warning("upload_step_failed", upload=following.upload.id, error=type(error).__name__)
            following.wait_until = time.monotonic() + PAUSE_SECONDS

    async def _fetch(self, following: _Following) -> None:
        """Fetch the file and hand it to the jobs."""
        upload = following.upload
        async with self._fetching:
            with tempfile.TemporaryDirectory(prefix="askdocs-") as folder:
                path = Path(folder) / "upload.pdf"
                try:
                    await self._announcer(following).fetch(upload, path, self._max_bytes)
                    _check(path, self._max_bytes)
                except UploadError as error:
                    await self._not_fetched(following, error)
                    return
                await self._submit(upload, path)

    async def _submit(self, upload: Upload, path: Path) -> None:
        """Write what the job will be, make it, and write that it is there: a deletion in between finds it."""
        job_id, content = await self._jobs.identify(upload.origin, path)
        if await self._table.fetched(upload.id, job_id, content):
            await self._jobs.submit(upload.origin, path)
            if not await self._table.submitted(upload.id):
                await self._undo(upload.origin, job_id, content)

    async def _not_fetched(self, following: _Following, error: UploadError) -> None:
        following.unfetched += 1
        if error.retryable and following.unfetched < FETCH_ATTEMPTS:
            following.wait_until = time.monotonic() + 2.0**following.unfetched
            return
        log.info("upload_not_fetched", upload=following.upload.id, error=type(error).__name__)
        text = notices.upload_failed(following.upload.origin.name, str(error))
        await self._conclude(following, text, IngestStatus.FAILED)

    async def _report(self, following: _Following, job: Job | None) -> None:
        """Show how far the job is."""
        name = following.upload.origin.name
        if job is None:
            await self._dropped(following)
            return
        if job.report is not None:
            await self._conclude(following, notices.upload_finished(job.report), job.report.status)
            return
        text = f"{name}: {job.notice}" if job.notice else notices.upload_progress(name, job.progress)
        if text != following.shown and following.announcement:
            await self._deliver(following, lambda announcer, one: announcer.edit(one.upload, one.announcement, text))
            following.shown = text

    async def _dropped(self, following: _Following) -> None:
        """The job is gone: dropped by hand, or together with the upload, whose row says so by now."""
        stored = (await self._table.of_ids([following.upload.id])).get(following.upload.id)
        if stored is not None and stored.state is UploadState.SUBMITTED:
            text = notices.forgotten(following.upload.origin.name)
            await self._conclude(following, text, IngestStatus.FAILED)

    async def _conclude(self, following: _Following, text: str, status: IngestStatus) -> None:
        """Show how it ended, then write that it did: killed in between, it is shown once more."""

        async def conclude(announcer: Announcer, one: _Following) -> None:
            await announcer.conclude(one.upload, one.announcement, text, status)

        if following.announcement and not await self._deliver(following, conclude):
            return
        failed = status is IngestStatus.FAILED
        await self._table.ended(following.upload.id, UploadState.FAILED if failed else UploadState.DONE)
        self._leave(following)

    async def _deliver(self, following: _Following, send: Callable[[Announcer, _Following], Awaitable[None]]) -> bool:
        """Tell the platform something; True once it took it, or refused it too often. The upload goes on without it."""
        if following.undelivered >= DELIVERY_ATTEMPTS:
            return True
        announcer = self._announcer(following)
        try:
            await send(announcer, following)
        except DeliveryError as error:
            following.undelivered += 1
            following.wait_until = time.monotonic() + 2.0**following.undelivered
            log.warning("announcement_failed", upload=following.upload.id, error=type(error).__name__)
            return following.undelivered >= DELIVERY_ATTEMPTS
        following.wait_until = time.monotonic() + announcer.interval
        return True

    async def _announced(self, following: _Following) -> None:
        if not following.announcement:
            await self._deliver(following, self._announce)

    async def _announce(self, announcer: Announcer, following: _Following) -> None:
        text = notices.upload_received(following.upload.origin.name)
        following.announcement = await announcer.announce(following.upload, text)
        following.shown = text
        await self._table.announced(following.upload.id, following.announcement)

    async def _retract(self, announcer: Announcer, following: _Following) -> None:
        if following.announcement:
            await announcer.retract(following.upload, following.announcement)

    def _announcer(self, following: _Following) -> Announcer:
        return self._announcers[following.upload.platform]

    def _leave(self, following: _Following) -> None:
        self._following.pop(following.upload.id, None)


def _check(path: Path, max_bytes: int) -> None:
    """Refuse what is no PDF, before it is kept."""
    with path.open("rb") as file:
        head = file.read(HEADER_BYTES)
    if b"%PDF-" not in head:
        raise UploadError("It is not a PDF, whatever its name says.")
    if path.stat().st_size > max_bytes:
        raise TooLargeError(max_bytes)
