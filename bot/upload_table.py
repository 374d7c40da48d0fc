"""The table of uploads: which file of which message became which document, and what was announced of it where.

A row is written before a byte is fetched, so that an upload survives whatever happens next, and stays for as long as
its document may be there: it is how a deleted message finds the document.
"""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Column, Float, Row, String, Table, Text, delete, select, update

from bot.database import metadata
from ingest.database import Database
from ingest.documents import Origin

uploads = Table(
    "uploads",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("workspace", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("address", Text, nullable=False, server_default=""),
    Column("origin", JSON, nullable=False),
    Column("document_id", String(64), nullable=False),
    Column("state", String(10), nullable=False),
    Column("owner", String(40), nullable=False),
    Column("announcement", Text, nullable=False),
    Column("job_id", String(64), nullable=False),
    Column("content_sha256", String(64), nullable=False),
    Column("created_at", Float, nullable=False),
    Column("updated_at", Float, nullable=False),
)


class UploadState(enum.StrEnum):
    """How far an upload is."""

    RECEIVED = "received"
    """Known, not fetched yet."""
    SUBMITTED = "submitted"
    """A job works on it."""
    DONE = "done"
    FAILED = "failed"
    FORGOTTEN = "forgotten"
    """Its message or file was deleted."""


OPEN = (UploadState.RECEIVED.value, UploadState.SUBMITTED.value)
LIVE = (*OPEN, UploadState.DONE.value)
NOBODY = "0-nobody"
"""The owner of what the next process may take over."""
UNFINISHED = uploads.c.state.in_(OPEN) | (
    (uploads.c.state == UploadState.FORGOTTEN.value) & (uploads.c.announcement != "")
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A PDF that somebody put into a conversation."""

    origin: Origin
    """Its `source` is the platform's file id."""
    channel: str
    message: str
    """The message that carries the file."""
    thread: str = ""
    """Where to answer, if that is not below the message."""
    address: str = ""
    """Where its bytes lie for a while, where a platform tells that only once."""

    @property
    def id(self) -> str:
        """The same file in the same channel is the same upload, however often and by which events it is told."""
        key = "\0".join((self.origin.workspace, self.channel, self.origin.source))
        return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    @property
    def platform(self) -> str:
        return self.origin.workspace.partition(":")[0]


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """An upload with what became of it so far."""

    upload: Upload
    state: UploadState
    owner: str
    announcement: str
    """The id of the message that tells how far it is; empty before it was sent."""
    job_id: str
    content_sha256: str


class UploadTable:
    """Reads and writes uploads."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def accept(self, upload: Upload, owner: str, *, again: bool, announcement: str = "") -> bool:
        """Take an upload; False if it was taken before. What failed or was forgotten may come anew; see `Uploads`."""
        now = self._clock()
        row = {
            "id": upload.id,
            "workspace": upload.origin.workspace,
            "channel": upload.channel,
            "message": upload.message,
            "thread": upload.thread,
            "source": upload.origin.source,
            "address": upload.address,
            "origin": dataclasses.asdict(upload.origin),
            "document_id": upload.origin.document_id,
            "state": UploadState.RECEIVED.value,
            "owner": owner,
            "announcement": announcement,
            "job_id": "",
            "content_sha256": "",
            "created_at": now,
            "updated_at": now,
        }
        ended = uploads.c.state.in_([UploadState.FAILED.value, UploadState.FORGOTTEN.value])
        insert = self._database.insert(uploads).values(row)
        is_new = ended if again else ended & (uploads.c.message != upload.message)
        insert = insert.on_conflict_do_update(index_elements=["id"], set_=row, where=is_new)
        async with self._database.write() as connection:
            return await connection.scalar(insert.returning(uploads.c.id)) is not None

    async def announced(self, identifier: str, announcement: str) -> None:
        await self._update(identifier, announcement=announcement)

    async def fetched(self, identifier: str, job_id: str, content_sha256: str) -> bool:
        """Write which job an upload will be, before there is that job; False if it was forgotten meanwhile."""
        is_received = uploads.c.state == UploadState.RECEIVED.value
        return await self._update(identifier, is_received, job_id=job_id, content_sha256=content_sha256)

    async def submitted(self, identifier: str) -> bool:
        """Write that the job of an upload is there; False if it was forgotten meanwhile."""
        is_received = uploads.c.state == UploadState.RECEIVED.value
        return await self._update(identifier, is_received, state=UploadState.SUBMITTED.value)

    async def ended(self, identifier: str, state: UploadState) -> bool:
        """Write how an upload ended; False if it had ended before."""
        return await self._update(identifier, uploads.c.state.in_(OPEN), state=state.value)

    async def forget(self, identifier: str, owner: str) -> bool:
        """Write that an upload was deleted; False if that was known. Its announcement is the owner's to retract."""
        forgotten = UploadState.FORGOTTEN.value
        return await self._update(identifier, uploads.c.state.in_(LIVE), state=forgotten, owner=owner)

    async def forget_document(self, workspace: str, document_id: str) -> None:
        """Write that whatever brought a document is deleted; a running bot retracts its announcements."""
        given = (uploads.c.workspace == workspace, uploads.c.document_id == document_id, uploads.c.state.in_(LIVE))
        values = {"state": UploadState.FORGOTTEN.value, "owner": NOBODY, "updated_at": self._clock()}
        async with self._database.write() as connection:
            await connection.execute(update(uploads).where(*given).values(values))

    async def take_over(self, identifier: str, before: str, after: str) -> bool:
        """Make an unfinished upload ours; False if somebody else was quicker."""
        return await self._update(identifier, uploads.c.owner == before, UNFINISHED, owner=after)

    async def of_ids(self, identifiers: Collection[str]) -> Mapping[str, StoredUpload]:
        return {one.upload.id: one for one in await self._select(uploads.c.id.in_(identifiers))}

    async def open(self) -> tuple[StoredUpload, ...]:
        """Return the uploads that are being indexed."""
        return await self._select(uploads.c.state.in_(OPEN))

    async def unfinished(self) -> tuple[StoredUpload, ...]:
        """Return the uploads that somebody has to look after: open ones, and those with a message to retract."""
        return await self._select(UNFINISHED)

    async def live(
        self,
        workspace: str,
        *,
        source: str = "",
        channel: str = "",
        thread: str = "",
        message: str = "",
        document_id: str = "",
    ) -> tuple[StoredUpload, ...]:
        """Return the uploads that were not deleted and did not fail, narrowed by what is given."""
        given = {
            "source": source,
            "channel": channel,
            "thread": thread,
            "message": message,
            "document_id": document_id,
        }
        narrowed = [uploads.c[name] == value for name, value in given.items() if value]
        return await self._select(uploads.c.workspace == workspace, uploads.c.state.in_(LIVE), *narrowed)

    async def of_messages(self, platform: str, messages: Collection[str]) -> tuple[StoredUpload, ...]:
        """Return the live uploads of messages, on a platform whose ids of messages are its own in all workspaces."""
        is_on_it = uploads.c.workspace.startswith(f"{platform}:", autoescape=True)
        return await self._select(is_on_it, uploads.c.message.in_(messages), uploads.c.state.in_(LIVE))

    async def announcements(self, platform: str, message: str) -> frozenset[str]:
        """Return the messages that tell of a message's uploads, however those ended."""
        is_on_it = uploads.c.workspace.startswith(f"{platform}:", autoescape=True)
        return frozenset(
            one.announcement for one in await self._select(is_on_it, uploads.c.message == message) if one.announcement
        )

    async def before(self, workspace: str, moment: float) -> tuple[StoredUpload, ...]:
        """Return a workspace's live uploads that were known at a moment."""
        return await self._select(
            uploads.c.workspace == workspace, uploads.c.state.in_(LIVE), uploads.c.created_at < moment
        )

    async def forgotten(self) -> tuple[StoredUpload, ...]:
        """Return the uploads that were forgotten and had a job."""
        return await self._select(uploads.c.state == UploadState.FORGOTTEN.value, uploads.c.job_id != "")

    async def expire(self, state: UploadState, seconds: float) -> int:
        """Delete what has been in a state for so long."""
        old = uploads.c.updated_at <= self._clock() - seconds
        async with self._database.write() as connection:
            return (await connection.execute(delete(uploads).where(uploads.c.state == state.value, old))).rowcount

    async def _select(self, *conditions: Any) -> tuple[StoredUpload, ...]:  # noqa: ANN401 - conditions have no narrower type
        query = select(uploads).where(*conditions).order_by(uploads.c.created_at)
        async with self._database.read() as connection:
            return tuple(_stored(row) for row in (await connection.execute(query)).all())

    async def _update(self, identifier: str, *conditions: Any, **values: object) -> bool:  # noqa: ANN401
        statement = update(uploads).where(uploads.c.id == identifier, *conditions)
        async with self._database.write() as connection:
            return (await connection.execute(statement.values(updated_at=self._clock(), **values))).rowcount > 0


def _stored(row: Row[Any]) -> StoredUpload:
    return StoredUpload(
        upload=Upload(Origin(**row.origin), row.channel, row.message, row.thread, row.address),
        state=UploadState(row.state),
        owner=row.owner,
        announcement=row.announcement,
        job_id=row.job_id,
        content_sha256=row.content_sha256,
    )
