"""A PDF's whole way into the index and out again, with real parts; only the vectors are made up."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import ingest.pipeline
from ingest.database import Database
from ingest.documents import IngestReport, IngestStatus, Origin, Progress, Scopes, Stage
from ingest.errors import (
    EmbeddingError,
    EncryptedPdfError,
    IngestError,
    NotAPdfError,
    NoTextLayerError,
    UnreadableFileError,
)
from ingest.files import Files
from ingest.index import Index
from ingest.locks import Locks
from ingest.pipeline import Pipeline
from ingest.settings import IngestSettings
from ingest.vector_cache import CachedEmbedder, VectorCache, text_key
from ingest.workers import Workers
from tests import pdfs
from tests.ingest.embedders import IDENTITY, HashEmbedder
from tests.loops import watched

EVERYBODY = Scopes("local", frozenset({"workspace"}))
FIRST = pdfs.document(["Leave is 25 days a year.", "Travel is booked by the office."], title="Rules of the house")
SECOND = pdfs.document(["Leave is 25 days a year.", "Travel is booked by yourself."], title="Rules of the house")


@dataclass
class Bench:
    """A pipeline and what it is made of."""

    folder: Path
    pipeline: Pipeline
    index: Index
    files: Files
    embedder: HashEmbedder
    cache: VectorCache
    wanted: set[str] = field(default_factory=set)

    def origin(self, name: str = "handbook.pdf") -> Origin:
        return Origin("local", "workspace", name, str(self.folder / name))

    async def ingest(self, data: bytes, name: str = "handbook.pdf", **arguments: object) -> IngestReport:
        path = self.folder / name
        path.write_bytes(data)
        return await self.pipeline.ingest(self.origin(name), path, **arguments)

    def originals(self) -> set[str]:
        return {path.stem for path in (self.folder / "data/files").rglob("*.pdf")}

    async def texts(self, name: str = "handbook.pdf") -> list[str]:
        pages = [(self.origin(name).document_id, page) for page in range(1, 10)]
        return [chunk.text for chunk in await self.index.page_chunks(EVERYBODY, pages)]

    async def has_vector(self, text: str) -> bool:
        return bool(await self.cache.read([text_key(text)]))


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    settings = IngestSettings(data_dir=tmp_path / "data", extraction={"workers": 1})
    database = Database.open(settings.resolved_database_url)
    await database.migrate("ingest")
    index = await Index.open(settings, IDENTITY, create=True)
    embedder, cache, files = HashEmbedder(), VectorCache(database, IDENTITY), Files(settings.files_uri)
    wanted: set[str] = set()

    async def is_wanted(content: str) -> bool:
        return content in wanted

    async with Workers(1) as workers, Locks(database) as locks:
        pipeline = Pipeline(
            settings,
            database=database,
            index=index,
            files=files,
            embedder=CachedEmbedder(embedder, cache),
            workers=workers,
            locks=locks,
            is_wanted=is_wanted,
        )
        yield Bench(tmp_path, pipeline, index, files, embedder, cache, wanted)
    index.close()
    await database.close()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def test_a_pdf_is_indexed(bench: Bench) -> None:
    """Its report, its document, its chunks and its original are there, and every stage was told."""
    told: list[Progress] = []
    report = await bench.ingest(FIRST, on_progress=told.append)
    (document,) = await bench.index.documents(EVERYBODY)

    assert (report.document, report.status, report.pages, report.chunks) == ("handbook.pdf", "indexed", 2, 2)
    assert (report.error, report.pages_without_text) == (None, ())
    assert (document.name, document.title, document.content_sha256) == (
        "handbook.pdf",
        "Rules of the house",
        sha256(FIRST),
    )
    assert document.opening == "Leave is 25 days a year."
    assert document.source == str(bench.folder / "handbook.pdf")
    assert await bench.texts() == ["Leave is 25 days a year.", "Travel is booked by the office."]
    assert bench.embedder.calls == [
        "Rules of the house Leave is 25 days a year.",
        "Rules of the house Travel is booked by the office.",
    ]
    assert bench.originals() == {sha256(FIRST)}
    assert list(dict.fromkeys(progress.stage for progress in told)) == [
        Stage.READING, Stage.EMBEDDING, Stage.STORING, Stage.DONE,
    ]  # fmt: skip


async def test_searches_stay_quick_while_much_is_indexed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every so many passages, the full-text index takes them in."""
    monkeypatch.setattr(ingest.pipeline, "CATCH_UP_CHUNKS", 4)
    await bench.ingest(FIRST, "a.pdf")
    assert (await bench.index.stats()).unindexed_chunks == 2
    await bench.ingest(FIRST, "b.pdf")
    assert (await bench.index.stats()).unindexed_chunks == 0


async def test_commits_stay_quick_while_much_is_indexed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each document leaves files of its own, which are joined now and then: every commit looks over all of them."""
    monkeypatch.setattr(ingest.pipeline, "DOCUMENTS_A_TIDYING", 4)
    for number in range(9):
        await bench.ingest(pdfs.document([f"Page of document {number}."]), f"{number}.pdf")

    tables = (await bench.index._generations.current()).tables
    for table in (tables.documents, tables.chunks):
        assert (await table.stats())["fragment_stats"]["num_fragments"] <= 3
    assert (await bench.index.stats()).documents == 9


async def test_the_same_bytes_again_cost_nothing(bench: Bench) -> None:
    """Nothing is read, embedded or stored; the report has the figures all the same."""
    first = await bench.ingest(FIRST)
    calls = len(bench.embedder.calls)
    told: list[Progress] = []
    again = await bench.ingest(FIRST, on_progress=told.append)

    assert (again.status, again.pages, again.chunks) == (IngestStatus.UNCHANGED, first.pages, first.chunks)
    assert told == []
    assert len(bench.embedder.calls) == calls


async def test_new_bytes_of_a_name_replace_the_old(bench: Bench) -> None:
    """The version before is gone with its original and its vectors; what both have in common is not embedded again."""
    await bench.ingest(FIRST)
    report = await bench.ingest(SECOND)

    assert report.status is IngestStatus.REPLACED
    assert await bench.texts() == ["Leave is 25 days a year.", "Travel is booked by yourself."]
    assert bench.originals() == {sha256(SECOND)}
    assert len(bench.embedder.calls) == 3
    assert await bench.has_vector("Rules of the house Leave is 25 days a year.")
    assert not await bench.has_vector("Rules of the house Travel is booked by the office.")


async def test_an_original_stays_as_long_as_a_document_was_made_of_it(bench: Bench) -> None:
    """Two names, one file: the original goes with the second."""
    await bench.ingest(FIRST, "a.pdf")
    await bench.ingest(FIRST, "b.pdf")
    assert await bench.pipeline.remove(bench.origin("a.pdf").document_id)
    after_one = bench.originals()
    assert await bench.pipeline.remove(bench.origin("b.pdf").document_id)

    assert after_one == {sha256(FIRST)}
    assert bench.originals() == set()
    assert not await bench.pipeline.remove(bench.origin("b.pdf").document_id)


async def test_an_original_that_is_wanted_stays(bench: Bench) -> None:
    """An upload that waits for its turn needs its bytes although no document was made of them yet."""
    bench.wanted.add(sha256(FIRST))
    await bench.ingest(FIRST)
    await bench.ingest(SECOND)

    assert bench.originals() == {sha256(FIRST), sha256(SECOND)}


async def test_what_is_forgotten_leaves_nothing_but_its_original(bench: Bench) -> None:
    """Chunks and vectors go; the original is the caller's, who may know who else needs it."""
    await bench.ingest(FIRST)
    found = await bench.pipeline.forget(bench.origin().document_id)

    assert found
    assert await bench.texts() == []
    assert not await bench.has_vector("Rules of the house Leave is 25 days a year.")
    assert bench.originals() == {sha256(FIRST)}
    assert await bench.pipeline.content(bench.origin().document_id) is None
    assert not await bench.pipeline.holds(sha256(FIRST))


@pytest.mark.parametrize(
    ("data", "error"),
    [
        pytest.param(b"<html>Sign in</html>", NotAPdfError, id="web-page"),
        pytest.param(b"", NotAPdfError, id="empty"),
        pytest.param(pdfs.encrypted(), EncryptedPdfError, id="encrypted"),
        pytest.param(pdfs.document(["", ""]), NoTextLayerError, id="blank"),
    ],
)
async def test_what_cannot_be_indexed_leaves_nothing(bench: Bench, data: bytes, error: type[IngestError]) -> None:
    """A refusal is an error with a sentence; no original, no vector, no document stays."""
    with pytest.raises(error) as caught:
        await bench.ingest(data)

    assert str(caught.value).endswith(".")
    assert bench.originals() == set()
    assert bench.embedder.calls == []


@pytest.mark.slow
async def test_a_scan_is_read_from_its_pictures(bench: Bench) -> None:
    """Pages without text are recognised, found by their words, and named as read from pictures."""
    report = await bench.ingest(pdfs.image_only("The vault is behind the boathouse."))

    assert (report.status, report.pages_by_ocr, report.pages_without_text) == (IngestStatus.INDEXED, (1,), ())
    assert report.advice == ""
    assert await bench.texts() == ["The vault is behind the boathouse."]


async def test_a_failed_replacement_leaves_the_old_version(bench: Bench) -> None:
    """Until the new version is there, the old one answers, with its original."""
    await bench.ingest(FIRST)
    bench.embedder.failure = EmbeddingError("The model is away.")
    with pytest.raises(EmbeddingError):
        await bench.ingest(SECOND)

    assert "Travel is booked by the office." in await bench.texts()
    assert bench.originals() == {sha256(FIRST)}


async def test_a_missing_file_is_named(bench: Bench) -> None:
    """It is the person's file that is at fault."""
    with pytest.raises(UnreadableFileError, match=r"There is no file gone\.pdf"):
        await bench.pipeline.ingest(bench.origin("gone.pdf"), bench.folder / "gone.pdf")


async def test_a_closed_gate_stops_the_commit(bench: Bench) -> None:
    """Who was told meanwhile to forget the document raises at the gate, and nothing is stored."""

    @asynccontextmanager
    async def gate(document_id: str) -> AsyncIterator[None]:
        assert document_id == bench.origin().document_id
        raise RuntimeError("forgotten")
        yield

    with pytest.raises(RuntimeError, match="forgotten"):
        await bench.ingest(FIRST, gate=gate)

    assert await bench.texts() == []
    assert bench.originals() == set()


async def test_who_brings_a_gate_looks_after_the_old_original(bench: Bench) -> None:
    """A job releases what it replaced itself: only it knows when it is safe."""

    @asynccontextmanager
    async def gate(_: str) -> AsyncIterator[None]:
        yield

    await bench.ingest(FIRST)
    report = await bench.ingest(SECOND, gate=gate)

    assert report.status is IngestStatus.REPLACED
    assert bench.originals() == {sha256(FIRST), sha256(SECOND)}


async def test_a_file_that_changes_meanwhile_is_refused(bench: Bench) -> None:
    """What is stored as the original is what was read."""
    path = bench.folder / "handbook.pdf"

    def change(progress: Progress) -> None:
        if progress.stage is Stage.EMBEDDING:
            path.write_bytes(SECOND)

    with pytest.raises(UnreadableFileError, match="was changed while it was read"):
        await bench.ingest(FIRST, on_progress=change)

    assert await bench.texts() == []


async def test_two_at_once_are_one(bench: Bench) -> None:
    """The same file twice at the same time is indexed once."""
    path = bench.folder / "handbook.pdf"
    path.write_bytes(FIRST)
    work: Callable[[], Awaitable[IngestReport]] = lambda: bench.pipeline.ingest(bench.origin(), path)  # noqa: E731
    reports = await asyncio.gather(work(), work(), work())

    assert sorted(report.status for report in reports) == ["indexed", "unchanged", "unchanged"]
    assert len(await bench.texts()) == 2
    assert len(bench.embedder.calls) == 2


async def test_pages_without_text_are_named(bench: Bench) -> None:
    """A page that is only a picture does not stop the others."""
    report = await bench.ingest(pdfs.document(["Leave is 25 days.", "", "Travel."]))

    assert report.pages_without_text == (2,)
    assert report.status is IngestStatus.INDEXED


async def test_a_long_document_does_not_hold_the_loop_up(bench: Bench) -> None:
    """Reading, cutting, embedding and storing hundreds of passages, the event loop goes on."""
    await bench.pipeline.prepare()
    lines = [line for line in pdfs.LOREM.split(". ") if line] * 10
    data = await asyncio.to_thread(pdfs.document, [lines] * 150)
    async with watched() as longest:
        report = await bench.ingest(data)

    assert report.chunks > 500
    assert longest.seconds < 0.03  # 0.01 on an idle machine
