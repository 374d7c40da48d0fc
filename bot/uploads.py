"""What people upload becomes documents, and what they delete stops being one: the same on every platform.

An adapter says what was uploaded or deleted, and implements `bot.announcements.Announcer`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass

import structlog

from bot.announcements import Announcements, Announcer
from bot.memory import Memory
from bot.upload_table import OPEN, StoredUpload, Upload, UploadState, UploadTable
from ingest.documents import Origin
from ingest.jobs import Jobs
from ingest.periodic import repeat
from ingest.seats import Seat

log = structlog.get_logger(__name__)

FINISH_SECONDS = 60.0
FORGOTTEN_SECONDS = 86_400.0
"""Late deliveries of an upload that was deleted are still recognised; then even its name is gone."""
FAILED_SECONDS = 30 * 86_400.0


@dataclass(frozen=True, slots=True)
class MessageUploads:
    """The PDFs that came with one message."""

    documents: frozenset[str] = frozenset()
    """Ids of their documents."""
    unread: tuple[str, ...] = ()
    """Names of those that are still being indexed."""

    @classmethod
    def of(cls, uploads: Collection[StoredUpload]) -> MessageUploads:
        return cls(
            frozenset(one.upload.origin.document_id for one in uploads),
            tuple(one.upload.origin.name for one in uploads if one.state in OPEN),
        )


class Uploads:
    """Takes uploads, follows them, and undoes them."""

    def __init__(self, table: UploadTable, jobs: Jobs, memory: Memory, seat: Seat, max_bytes: int) -> None:
        self._table = table
        self._jobs = jobs
        self._memory = memory
        self._seat = seat
        self._announcements = Announcements(table, jobs, seat, max_bytes, self._undo)

    def register(self, platform: str, announcer: Announcer) -> None:
        """Serve a platform (`slack`, `discord`); before `run`."""
        self._announcements.register(platform, announcer)

    async def accept(self, upload: Upload, *, again: bool = False, announcement: str = "") -> bool:
        """Take an upload: it will be indexed and announced. False if it was taken before, by whatever process.

        It is announced and fetched by `run`, in this process. `again` says that somebody asked for it just now: then a
        file that failed or was forgotten is taken once more; without, that needs another message, since an event may
        be delivered late. `announcement` is a message that is there already to tell how far it is.
        """
        if not await self._table.accept(upload, self._seat.token, again=again, announcement=announcement):
            return False
        log.info("upload_accepted", upload=upload.id, document=upload.origin.document_id)
        self._announcements.follow(upload, announcement)
        return True

    async def run(self) -> None:
        """Bring uploads to their end and tell how far they are, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._announcements.run())
            tasks.create_task(repeat(FINISH_SECONDS, self._finish_forgetting))
            tasks.create_task(repeat(3_600.0, self._expire))

    # Undoing.

    async def forget_upload(self, stored: StoredUpload) -> None:
        """Undo one upload: its document goes, unless another upload stands for the same version."""
        if await self._table.forget(stored.upload.id, self._seat.token):
            self._announcements.follow(stored.upload, stored.announcement)
            log.info("upload_forgotten", upload=stored.upload.id, document=stored.upload.origin.document_id)
            if stored.job_id:
                await self._undo(stored.upload.origin, stored.job_id, stored.content_sha256)

    async def forget_document(self, workspace: str, document_id: str) -> None:
        """Forget a document, whatever uploads it came from."""
        for stored in await self._table.live(workspace, document_id=document_id):
            if await self._table.forget(stored.upload.id, self._seat.token):
                self._announcements.follow(stored.upload, stored.announcement)
        await self._jobs.forget(workspace, document_id)
        await self._memory.forget_document(document_id)

    async def forget_file(self, workspace: str, source: str, channel: str = "") -> None:
        """A file was deleted, or is no longer shared in a channel."""
        await self._forget(await self._table.live(workspace, source=source, channel=channel))

    async def forget_message(self, workspace: str, channel: str, message: str) -> None:
        """A message was deleted with whatever files it carries."""
        await self._forget(await self._table.live(workspace, channel=channel, message=message))

    async def forget_messages(self, platform: str, messages: Collection[str]) -> None:
        """Messages were deleted, on a platform whose ids of messages are its own in all workspaces."""
        await self._forget(await self._table.of_messages(platform, messages))

    async def forget_channel(self, workspace: str, channel: str) -> None:
        """A channel was deleted, or the bot was removed from it."""
        await self._forget(await self._table.live(workspace, channel=channel))

    async def forget_thread(self, workspace: str, thread: str) -> None:
        """A thread was deleted with the messages in it."""
        await self._forget(await self._table.live(workspace, thread=thread))

    async def forget_workspace(self, workspace: str) -> None:
        """The bot was removed from a workspace."""
        await self._forget(await self._table.live(workspace))

    async def reconcile(self, workspace: str, present: Collection[str], listed_at: float) -> int:
        """Forget what was deleted while nobody listened; return how many uploads that were.

        Args:
            workspace: whose uploads are compared.
            present: the file ids that the platform has, all of them: what is missing here is deleted.
            listed_at: when listing them began; what was uploaded since is left alone.
        """
        known = await self._table.before(workspace, listed_at)
        missing = [upload for upload in known if upload.upload.origin.source not in set(present)]
        await self._forget(missing)
        return len(missing)

    async def came_with(self, workspace: str, channel: str, message: str) -> MessageUploads:
        """Return what came with a message and was not deleted: what a reply to it is about."""
        return MessageUploads.of(await self._table.live(workspace, channel=channel, message=message))

    async def of_messages(self, platform: str, messages: Collection[str]) -> tuple[StoredUpload, ...]:
        """Return the uploads that came with messages; see `forget_messages`."""
        return await self._table.of_messages(platform, messages)

    async def announcements(self, platform: str, message: str) -> frozenset[str]:
        """Return the messages of ours that tell of a message's uploads."""
        return await self._table.announcements(platform, message)

    async def known(self, workspace: str, moment: float) -> tuple[StoredUpload, ...]:
        """Return the uploads of a workspace that were known at a moment, for `reconcile`."""
        return await self._table.before(workspace, moment)

    async def under_way(self, workspace: str) -> tuple[Upload, ...]:
        """Return the uploads of a workspace that are being indexed."""
        return tuple(one.upload for one in await self._table.open() if one.upload.origin.workspace == workspace)

    async def _forget(self, uploads: Collection[StoredUpload]) -> None:
        for upload in uploads:
            await self.forget_upload(upload)

    async def _undo(self, origin: Origin, job_id: str, content_sha256: str) -> None:
        others = await self._table.live(origin.workspace, document_id=origin.document_id)
        same = [other for other in others if other.content_sha256 == content_sha256]
        if not same:
            await self._jobs.withdraw(origin.workspace, origin.document_id, content_sha256, job_id)
            await self._memory.forget_document(origin.document_id)
        elif all(other.job_id != job_id for other in same):
            await self._jobs.discard(job_id)

    async def _finish_forgetting(self) -> None:
        """Undo jobs whose upload was forgotten in the very moment that its process was killed."""
        forgotten = {one.job_id: one for one in await self._table.forgotten()}
        for job in (await self._jobs.jobs(forgotten)).values():
            await self._undo(forgotten[job.id].upload.origin, job.id, job.content_sha256)

    async def _expire(self) -> None:
        await self._table.expire(UploadState.FORGOTTEN, FORGOTTEN_SECONDS)
        await self._table.expire(UploadState.FAILED, FAILED_SECONDS)
