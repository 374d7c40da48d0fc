"""Uploads and deletions as people make them, with real jobs, and a platform that the test plays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.database import open_state
from bot.errors import DeliveryError, DownloadError
from bot.memory import Memory
from bot.settings import MemorySettings
from bot.upload_table import Upload, UploadState, UploadTable
from bot.uploads import MessageUploads, Uploads
from ingest.documents import IngestStatus, Origin
from ingest.errors import CorruptPdfError, EmbeddingQuotaError
from ingest.seats import Seat, take_seat
from tests.ingest.job_fakes import Bench, open_bench, until

PDF = b"%PDF-1.7 one"


@dataclass
class PlayedPlatform:
    """A platform's side of uploads: its files, and the messages that were sent and edited."""

    files: dict[str, bytes] = field(default_factory=dict)
    messages: dict[str, list[str]] = field(default_factory=dict)
    marks: dict[str, IngestStatus] = field(default_factory=dict)
    retracted: set[str] = field(default_factory=set)
    fetches: list[str] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    fetch_failures: list[Exception] = field(default_factory=list)
    interval: float = 0.0
    reached: asyncio.Event | None = None
    go: asyncio.Event | None = None

    async def fetch(self, upload: Upload, target: Path, max_bytes: int) -> None:
        self.fetches.append(upload.origin.source)
        if self.reached is not None and self.go is not None:
            self.reached.set()
            await self.go.wait()
        if self.fetch_failures:
            raise self.fetch_failures.pop(0)
        target.write_bytes(self.files[upload.origin.source])

    async def announce(self, upload: Upload, text: str) -> str:
        self._fail()
        message = f"A{len(self.messages)}"
        self.messages[message] = [text]
        return message

    async def edit(self, upload: Upload, announcement: str, text: str) -> None:
        self._fail()
        self.messages[announcement].append(text)

    async def conclude(self, upload: Upload, announcement: str, text: str, status: IngestStatus) -> None:
        self._fail()
        self.messages[announcement].append(text)
        self.marks[announcement] = status

    async def retract(self, upload: Upload, announcement: str) -> None:
        self.retracted.add(announcement)

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)

    @property
    def last(self) -> list[str]:
        return [texts[-1] for texts in self.messages.values()]


class Team:
    """A bot with its worker, on one platform."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.platform = PlayedPlatform()
        self.table = UploadTable(bench.database)
        self.memory = Memory(bench.database, MemorySettings())

    def uploads(self, seat: Seat) -> Uploads:
        uploads = Uploads(self.table, self.bench.jobs, self.memory, seat, max_bytes=1_000)
        uploads.register("slack", self.platform)
        return uploads

    @asynccontextmanager
    async def bot(self, *, works: bool = True) -> AsyncIterator[Uploads]:
        """A process of the bot, which works on its own jobs."""
        async with self._seat(works=works) as seat:
            uploads = self.uploads(seat)
            running = asyncio.create_task(uploads.run())
            try:
                yield uploads
            finally:
                running.cancel()
                await asyncio.wait({running})

    @asynccontextmanager
    async def _seat(self, *, works: bool) -> AsyncIterator[Seat]:
        if works:
            async with self.bench.working() as seat:
                yield seat
            return
        seat = await take_seat(self.bench.database, self.bench.locks)
        yield seat
        await seat.leave()

    def upload(
        self, source: str = "F1", name: str = "a.pdf", message: str = "1.1", content: bytes = PDF, channel: str = "C1"
    ) -> Upload:
        self.platform.files[source] = content
        return Upload(Origin("slack:T1", "workspace", name, source, uploader="U1"), channel, message)

    async def settled(self) -> None:
        """Wait until nothing is left to do."""
        async with asyncio.timeout(30):
            while await self.table.unfinished() or await self.bench.jobs.unfinished():
                await asyncio.sleep(0.02)

    async def state(self, upload: Upload) -> UploadState:
        return (await self.table.of_ids([upload.id]))[upload.id].state


@pytest.fixture
async def team(tmp_path: Path) -> AsyncIterator[Team]:
    url = f"sqlite:///{tmp_path / 'askdocs.sqlite'}"
    database = await open_state(url)
    async with open_bench(url, tmp_path, database) as bench:
        yield Team(bench)
    await database.close()


async def test_an_upload_is_announced_until_it_is_ready(team):
    """One message: received, then what became of it, and a mark."""
    team.bench.ingestor.seconds = 1.5
    async with team.bot() as uploads:
        await uploads.accept(team.upload())
        await team.settled()

    (texts,) = team.platform.messages.values()
    assert texts[0] == "Received a.pdf. I will read it in a moment."
    assert any(text.startswith("Reading a.pdf: ") for text in texts)
    assert texts[-1].startswith("a.pdf is ready")
    assert team.platform.marks == {"A0": IngestStatus.INDEXED}
    assert len(team.bench.ingestor.documents) == 1


async def test_fifty_deliveries_are_one_upload(team):
    """The same upload delivered fifty times at once, to two processes: one document, one job, one announcement."""
    upload = team.upload()
    async with team.bot() as one, team.bot(works=False) as two:
        taken = await asyncio.gather(*((one if number % 2 else two).accept(upload) for number in range(50)))
        await team.settled()
        taken.append(await one.accept(upload))

    assert taken.count(True) == 1
    assert len(team.platform.messages) == 1
    assert team.bench.ingestor.attempts == ["a.pdf"]
    assert len(await team.bench.jobs.all()) == 1


async def test_an_upload_survives_a_restart_before_it_was_fetched(team):
    """Accepted, and the process ends while it downloads: the next one goes on, in the same message."""
    team.platform.reached, team.platform.go = asyncio.Event(), asyncio.Event()
    async with team.bot() as uploads:
        await uploads.accept(team.upload())
        await team.platform.reached.wait()
    assert team.bench.ingestor.documents == {}
    team.platform.go.set()
    async with team.bot():
        await team.settled()

    assert len(team.bench.ingestor.documents) == 1
    assert list(team.platform.marks) == ["A0"]
    assert team.platform.fetches == ["F1", "F1"]


async def test_an_announcement_survives_a_restart_while_it_is_indexed(team):
    """The job goes on with another process, and so does the message."""
    team.bench.ingestor.scripts["a.pdf"] = [asyncio.Event().wait]
    async with team.bot() as uploads:
        await uploads.accept(team.upload())
        await until(lambda: not team.bench.ingestor.scripts["a.pdf"])
    async with team.bot():
        await team.settled()

    assert len(team.platform.messages) == 1
    assert team.platform.last[0].startswith("a.pdf is ready")


@pytest.mark.parametrize(
    ("content", "failure", "expected"),
    [
        pytest.param(b"<html>sign in</html>", None, "not a PDF", id="not-a-pdf"),
        pytest.param(b"%PDF-1.7" + b" " * 2_000, None, "larger than", id="too-large"),
        pytest.param(PDF, CorruptPdfError(), "damaged", id="unreadable"),
        pytest.param(PDF, ValueError("a secret"), "Something went wrong", id="unexpected"),
    ],
)
async def test_a_failure_is_told(team, content, failure, expected):
    """What cannot be indexed is told with the reason and what to do; nothing of it is kept in the index."""
    team.bench.ingestor.scripts["a.pdf"] = [failure] if failure else []
    upload = team.upload(content=content)
    async with team.bot() as uploads:
        await uploads.accept(upload)
        await team.settled()

    assert expected in team.platform.last[0]
    assert "secret" not in team.platform.last[0]
    assert team.platform.marks == {"A0": IngestStatus.FAILED}
    assert await team.state(upload) is UploadState.FAILED
    assert team.bench.ingestor.documents == {}


async def test_a_failed_download_is_tried_again(team):
    """A download that fails for a moment does not fail the upload; one that fails for good is told."""
    team.platform.fetch_failures = [DownloadError("The platform did not hand over the file.")]
    async with team.bot() as uploads:
        await uploads.accept(team.upload())
        await team.settled()

    assert team.platform.fetches == ["F1", "F1"]
    assert list(team.platform.marks.values()) == [IngestStatus.INDEXED]


@pytest.mark.parametrize("failures", [1, 20], ids=["once", "always"])
async def test_an_upload_does_not_depend_on_its_announcement(team, failures):
    """Where messages are refused, the PDF is indexed all the same; a refusal that passes is made up for."""
    team.platform.failures = [DeliveryError("not in channel")] * failures
    upload = team.upload()
    async with team.bot() as uploads:
        await uploads.accept(upload)
        await until(lambda: len(team.bench.ingestor.documents) == 1, 20)
        if failures == 1:
            await team.settled()

    assert list(team.platform.marks.values()) == ([IngestStatus.INDEXED] if failures == 1 else [])


async def test_a_wait_is_told(team):
    """While the embedding quota is used up, the announcement says so."""
    notice = "The day's quota is used up; I go on at 9:00."
    team.bench.ingestor.scripts["a.pdf"] = [EmbeddingQuotaError(notice, retry_after=2.0)]
    async with team.bot() as uploads:
        await uploads.accept(team.upload())
        await team.settled()

    (texts,) = team.platform.messages.values()
    assert f"a.pdf: {notice}" in texts
    assert texts[-1].startswith("a.pdf is ready")


@pytest.mark.parametrize("how", ["message", "file", "channel", "reconciled"])
async def test_a_deletion_is_followed(team, how):
    """Message or file deleted, channel gone, or found missing later: the document goes, and its announcement."""
    upload, other = team.upload(), team.upload("F2", "b.pdf", "1.2", PDF + b"2", channel="C2")
    async with team.bot() as uploads:
        for one in (upload, other):
            await uploads.accept(one)
        await team.settled()
        assert (await uploads.came_with("slack:T1", "C1", "1.1")).documents == {upload.origin.document_id}
        match how:
            case "message":
                await uploads.forget_message("slack:T1", "C1", "1.1")
            case "file":
                await uploads.forget_file("slack:T1", "F1")
            case "channel":
                await uploads.forget_channel("slack:T1", "C1")
            case _:
                assert await uploads.reconcile("slack:T1", {"F2"}, listed_at=2e12) == 1
                assert await uploads.reconcile("slack:T2", set(), listed_at=2e12) == 0
                assert await uploads.reconcile("slack:T1", set(), listed_at=0.0) == 0
        await team.settled()

    assert set(team.bench.ingestor.documents) == {other.origin.document_id}
    assert len(team.bench.originals) == 1
    assert team.platform.retracted == {"A0"}
    assert await uploads.came_with("slack:T1", "C1", "1.1") == MessageUploads()


@pytest.mark.parametrize("moment", ["before-the-fetch", "while-it-is-indexed"])
async def test_a_deletion_during_an_upload_wins(team, moment):
    """Deleted while it is fetched or indexed, in another process than the one that follows it: nothing remains."""
    reached, go = asyncio.Event(), asyncio.Event()
    if moment == "before-the-fetch":
        team.platform.reached, team.platform.go = reached, go
    else:

        async def stop_here() -> None:
            reached.set()
            await go.wait()

        team.bench.ingestor.scripts["a.pdf"] = [stop_here]
    upload = team.upload()
    async with team.bot() as uploads, team.bot(works=False) as other:
        await uploads.accept(upload)
        await reached.wait()
        await other.forget_message("slack:T1", "C1", "1.1")
        go.set()
        await team.settled()
        await asyncio.sleep(1.5)
        assert not await uploads.accept(upload), "a late delivery of the deleted upload changes nothing"
        assert await uploads.accept(team.upload(message="2.1")), "shared again, it is a new upload"
        await team.settled()

    assert len(team.bench.ingestor.documents) == 1
    assert team.platform.retracted == {"A0"}


async def test_deleting_an_old_version_leaves_the_new_one(team):
    """The message of a replaced version is deleted: the document stays what the newer message made it."""
    old, new = team.upload("F1", message="1.1"), team.upload("F2", message="1.2", content=PDF + b"2")
    async with team.bot() as uploads:
        await uploads.accept(old)
        await team.settled()
        await uploads.accept(new)
        await team.settled()
        await uploads.forget_message("slack:T1", "C1", "1.1")
        await team.settled()
        assert len(team.bench.ingestor.documents) == 1
        await uploads.forget_message("slack:T1", "C1", "1.2")
        await team.settled()

    assert team.bench.ingestor.documents == {}
    assert team.bench.originals == set()


async def test_the_same_file_twice_goes_with_its_last_message(team):
    """Two messages carry the same bytes under the same name: the document stays while one of them does."""
    async with team.bot() as uploads:
        for source, message in (("F1", "1.1"), ("F2", "1.2")):
            await uploads.accept(team.upload(source, message=message))
            await team.settled()
        await uploads.forget_message("slack:T1", "C1", "1.1")
        await team.settled()
        assert len(team.bench.ingestor.documents) == 1
        await uploads.forget_message("slack:T1", "C1", "1.2")
        await team.settled()

    assert team.bench.ingestor.documents == {}


async def test_a_forgotten_document_is_forgotten_whatever_brought_it(team):
    """The forget command deletes the document and retracts the announcements of its uploads."""
    async with team.bot() as uploads:
        await uploads.accept(team.upload())
        await team.settled()
        await uploads.forget_document("slack:T1", team.upload().origin.document_id)
        await team.settled()

        assert team.bench.ingestor.documents == {}
        assert team.platform.retracted == {"A0"}
        assert await uploads.accept(team.upload(), again=True), "somebody asks for it once more"
        await team.settled()

    assert len(team.bench.ingestor.documents) == 1


async def test_what_the_command_line_drops_is_told(team):
    """A job dropped or a document forgotten by hand, without the bot: its announcement says so."""
    team.bench.ingestor.scripts["a.pdf"] = [asyncio.Event().wait]
    async with team.bot() as uploads:
        await uploads.accept(team.upload())
        await uploads.accept(team.upload("F2", "b.pdf", "1.2", PDF + b"2"))
        await until(lambda: len(team.platform.marks) == 1)
        for job in await team.bench.jobs.unfinished():
            await team.bench.jobs.drop(job)
        await until(lambda: len(team.platform.marks) == 2)
        b = team.upload("F2", "b.pdf").origin.document_id
        await team.table.forget_document("slack:T1", b)
        await team.bench.jobs.forget("slack:T1", b)
        await until(lambda: bool(team.platform.retracted))
        await team.settled()

    assert "a.pdf is forgotten." in team.platform.last
    assert team.bench.ingestor.documents == {}
    assert team.bench.originals == set()
