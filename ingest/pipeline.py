"""One PDF into the index: its whole way from bytes to one commit, and its way out again."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import structlog

from ingest import ocr
from ingest.cards import make_card
from ingest.chunking import ChunkPlan
from ingest.database import Database
from ingest.documents import (
    Card,
    Chunk,
    Document,
    ExtractedPdf,
    IngestReport,
    IngestStatus,
    Origin,
    Progress,
    ProgressCallback,
    Scopes,
    Stage,
)
from ingest.embedding import Embedder, Vectors, build_embedder
from ingest.errors import IndexStoreError, NoTextLayerError, UnreadableFileError
from ingest.extract import PAGES_SENT, extract
from ingest.files import Files, hash_file
from ingest.index import Index
from ingest.job_table import JobTable
from ingest.locks import Locks
from ingest.normalise import normalise
from ingest.ocr_pages import OcrPages
from ingest.page_image import delete_kept_pictures
from ingest.seats import is_anybody_seated
from ingest.settings import IngestSettings
from ingest.vector_cache import CachedEmbedder, VectorCache
from ingest.workers import Workers

log = structlog.get_logger(__name__)

OPENING_CHARACTERS = 400

CARD_TIMEOUT = 120.0

NOTHING = timedelta(milliseconds=1)

CATCH_UP_CHUNKS = 256
"""So many chunks that are not in the full-text index cost every search 20 ms."""

DOCUMENTS_A_TIDYING = 50
"""Each document leaves two commits and a file of its own, over which every later one has to look: 1 ms."""

Gate = Callable[[str], AbstractAsyncContextManager[None]]
"""Entered with the document's id around its commit; raises if the commit must not happen any more."""


class Pipeline:
    """Indexes documents and takes them out. Its parts belong to who made them."""

    def __init__(
        self,
        settings: IngestSettings,
        *,
        database: Database,
        index: Index,
        files: Files,
        embedder: CachedEmbedder,
        workers: Workers,
        locks: Locks,
        is_wanted: Callable[[str], Awaitable[bool]] | None = None,
    ) -> None:
        """`is_wanted` tells whether something that is not indexed yet needs the original with this content hash."""
        self._settings = settings
        self._database = database
        self._index = index
        self._files = files
        self._embedder = embedder
        self._workers = workers
        self._locks = locks
        self._is_wanted = is_wanted
        self._chunks_to_index = 0
        self._documents_to_tidy = 0
        self._llama_index: asyncio.Task[ModuleType] | None = None

    async def prepare(self) -> None:
        """Import what takes seconds, in a thread: LlamaIndex, which only indexing needs."""
        await self._transformations()

    async def ingest(
        self, origin: Origin, path: Path, on_progress: ProgressCallback | None = None, gate: Gate | None = None
    ) -> IngestReport:
        """Index a PDF as `origin` says, in place of the version of it that is there.

        Raises:
            IngestError: a subclass and its text say why it cannot be.
        """
        began = time.monotonic()
        tell = on_progress or (lambda _: None)
        content = await asyncio.to_thread(hash_file, path)
        stored = await self._index.document(origin.document_id)
        if stored is not None and stored.content_sha256 == content:
            return _report(stored, IngestStatus.UNCHANGED, began)
        loading = asyncio.create_task(self._transformations())
        try:
            pdf = await self._read(origin, path, content, tell)
            await loading
        finally:
            loading.cancel()
        chunks, vectors = await self._embed(origin.document_id, content, pdf, tell)
        document = _document(origin, content, pdf, chunks, await self._card(origin, pdf, chunks))
        tell(Progress(Stage.STORING, 0, 1))
        status = await self._store(document, chunks, vectors, path, gate)
        await self._keep_quick(len(chunks))
        tell(Progress(Stage.DONE, document.pages, document.pages))
        log.info("ingested", document=document.id, status=status.value, pages=document.pages, chunks=len(chunks))
        advice = ocr.advice(self._settings.extraction) if document.pages_without_text else ""
        return replace(_report(document, status, began), advice=advice)

    async def forget(self, document_id: str) -> bool:
        """Delete a document with all that was made of it but its original. The caller holds its lock.

        False if there is none.
        """
        document = await self._index.document(document_id)
        # Killed in between, the document is still there, and still names what else has to go.
        await self._embedder.forget(await self._texts(document))
        if document is not None:
            await asyncio.to_thread(delete_kept_pictures, self._settings.data_dir, document.name)
        return await self._index.delete(document_id)

    async def remove(self, document_id: str) -> bool:
        """Delete a document with all that was made of it, and its original. False if there is none."""
        async with self._locks.hold(f"document:{document_id}"):
            document = await self._index.document(document_id)
            found = await self.forget(document_id)
        if document is not None:
            await self.release(document.content_sha256)
        return found

    async def content(self, document_id: str) -> str | None:
        """Return the content hash of the version that is indexed; None if there is none."""
        document = await self._index.document(document_id)
        return document.content_sha256 if document else None

    async def holds(self, content_sha256: str) -> bool:
        """Say whether any document was made of these bytes."""
        return any(document.content_sha256 == content_sha256 for document in await self._index.every_document())

    async def release(self, content_sha256: str) -> None:
        """Delete an original unless a document was made of it, or something still needs it."""
        async with self._locks.hold(f"content:{content_sha256}"):
            if self._is_wanted is not None and await self._is_wanted(content_sha256):
                return
            if not await self.holds(content_sha256):
                await self._files.delete(content_sha256)
                await self._ocr_pages(content_sha256).delete()
                await self._embedder.forget_file(content_sha256)

    async def switch(self, leave_out: Collection[str] = ()) -> tuple[Document, ...]:
        """Let the index that was rebuilt answer; return the documents that it still lacks instead, if any."""
        return await self._index.switch(leave_out)

    async def optimize(self, *, erase: bool = False, keep: timedelta | None = None) -> None:
        """Tidy the index up; after a batch, not after each document. See `Index.optimize`."""
        await self._index.optimize(erase=erase, keep=keep)

    async def erase(self, workspace: str) -> None:
        """See what was deleted off the disk: at once where nobody else reads, else by whoever works on jobs."""
        if await is_anybody_seated(self._database, self._locks):
            await JobTable(self._database).accept_erasure(workspace)
        else:
            await self._index.optimize(erase=True, keep=NOTHING)
            await self._database.fold()

    async def _read(self, origin: Origin, path: Path, content: str, tell: ProgressCallback) -> ExtractedPdf:
        """Return the pages with their text.

        Raises:
            NoTextLayerError: none has any.
        """
        settings = self._settings.extraction
        pdf = await extract(path, settings, self._workers, tell, name=origin.name)
        if not ocr.advice(settings):
            pdf = await ocr.read_pictures(pdf, path, settings, self._workers, self._ocr_pages(content), tell)
        if not any(page.has_text for page in pdf.pages):
            advice = ocr.advice(settings) or ocr.NOTHING_FOUND
            raise NoTextLayerError([page.number for page in pdf.pages], advice)
        return pdf

    async def _embed(
        self, document_id: str, content: str, pdf: ExtractedPdf, tell: ProgressCallback
    ) -> tuple[tuple[Chunk, ...], Vectors]:
        from ingest.transformations import chunk_and_embed

        # The model adds two tokens of its own around a text.
        max_tokens = min(self._settings.chunking.max_tokens, self._embedder.max_tokens - 2)
        plan = ChunkPlan(pdf.title, document_id, content, max_tokens)

        def on_progress(done: int, total: int) -> None:
            tell(Progress(Stage.EMBEDDING, done, total))

        embedder = self._embedder.of_file(content)
        return await chunk_and_embed(pdf.pages, plan, embedder, self._workers, on_progress)

    async def _card(self, origin: Origin, pdf: ExtractedPdf, chunks: Sequence[Chunk]) -> Card:
        if len(pdf.pages) > PAGES_SENT:
            return await asyncio.to_thread(make_card, origin.name, pdf, chunks)
        return await self._workers.run(make_card, origin.name, pdf, chunks, timeout=CARD_TIMEOUT)

    async def _store(
        self, document: Document, chunks: tuple[Chunk, ...], vectors: Vectors, path: Path, gate: Gate | None
    ) -> IngestStatus:
        """Commit the document, and let go of what only its version before needed."""
        async with (gate or self._document_lock)(document.id):
            before = await self._index.document(document.id)
            if before is not None:
                await asyncio.to_thread(delete_kept_pictures, self._settings.data_dir, before.name)
                await self._embedder.forget(await self._texts(before) - await asyncio.to_thread(_embedded, chunks))
            # No one deletes the original as unused between its storing and the commit that uses it.
            async with self._locks.hold(f"content:{document.content_sha256}"):
                if await self._files.put(path) != document.content_sha256:
                    raise UnreadableFileError(f"{document.name} was changed while it was read. Add it again.")
                is_new = await self._index.replace(document, chunks, vectors)
        await self._ocr_pages(document.content_sha256).delete()
        if before is None:
            return IngestStatus.INDEXED
        if gate is None and is_new:
            await self.release(before.content_sha256)
        return IngestStatus.REPLACED if is_new else IngestStatus.UNCHANGED

    async def _keep_quick(self, chunks: int) -> None:
        """Keep searches and commits quick while much is indexed; what is left waits for a pause."""
        self._chunks_to_index += chunks
        self._documents_to_tidy += 1
        try:
            if self._documents_to_tidy >= DOCUMENTS_A_TIDYING:
                self._documents_to_tidy = self._chunks_to_index = 0
                await self._index.optimize()
            elif self._chunks_to_index >= CATCH_UP_CHUNKS:
                self._chunks_to_index = 0
                await self._index.catch_up()
        except IndexStoreError as error:
            log.warning("not_tidied", cause=type(error.__cause__).__name__)  # the document is stored; searches wait

    def _ocr_pages(self, content_sha256: str) -> OcrPages:
        return OcrPages(self._database, content_sha256)

    def _document_lock(self, document_id: str) -> AbstractAsyncContextManager[None]:
        return self._locks.hold(f"document:{document_id}")

    async def _texts(self, document: Document | None) -> set[str]:
        """Return what was embedded of a stored document."""
        if document is None:
            return set()
        scopes = Scopes(document.workspace, frozenset({document.scope}))
        pages = [(document.id, number) for number in range(1, document.pages + 1)]
        return await asyncio.to_thread(_embedded, await self._index.page_chunks(scopes, pages))

    async def _transformations(self) -> ModuleType:
        if self._llama_index is None:
            self._llama_index = asyncio.create_task(asyncio.to_thread(_import_transformations))
        return await asyncio.shield(self._llama_index)


def _embedded(chunks: Sequence[Chunk]) -> set[str]:
    return {chunk.embedded_text for chunk in chunks}


def _import_transformations() -> ModuleType:
    from ingest import transformations

    # What was imported stays. Left to the garbage collector, it would be looked through again and again, on the event
    # loop as well as elsewhere, for a fifth of a second each time.
    gc.freeze()
    return transformations


def _document(origin: Origin, content: str, pdf: ExtractedPdf, chunks: Sequence[Chunk], card: Card) -> Document:
    without_text = tuple(page.number for page in pdf.pages if not page.has_text)
    first = next((page.text for page in pdf.pages if page.has_text), "")
    return Document(
        id=origin.document_id,
        workspace=origin.workspace,
        scope=origin.scope,
        name=origin.name,
        title=pdf.title,
        source=origin.source,
        content_sha256=content,
        pages=len(pdf.pages),
        pages_without_text=without_text,
        pages_by_ocr=tuple(page.number for page in pdf.pages if page.ocr_confidence is not None),
        chunks=len(chunks),
        opening=normalise(first[: 2 * OPENING_CHARACTERS])[:OPENING_CHARACTERS],
        uploader=origin.uploader,
        link=origin.link,
        indexed_at=datetime.now(UTC),
        card=card,
    )


def _report(document: Document, status: IngestStatus, began: float) -> IngestReport:
    return IngestReport(
        document=document.name,
        status=status,
        pages=document.pages,
        pages_without_text=document.pages_without_text,
        chunks=document.chunks,
        seconds=time.monotonic() - began,
        pages_by_ocr=document.pages_by_ocr,
    )


@asynccontextmanager
async def open_pipeline(settings: IngestSettings, *, rebuild: bool = False) -> AsyncIterator[Pipeline]:
    """Open everything that indexing needs, and make what is missing.

    With `rebuild`, documents go into a new index beside the one that answers, until `switch`.

    Raises:
        IndexMismatchError: the index was made by another embedding model.
        EmbeddingModelError: the embedding model cannot be used.
    """
    async with AsyncExitStack() as stack:
        workers = await stack.enter_async_context(Workers(settings.extraction.workers))
        database = Database.open(settings.resolved_database_url)
        stack.push_async_callback(database.close)
        await database.migrate("ingest")
        locks = await stack.enter_async_context(Locks(database))
        model = build_embedder(settings, workers)
        stack.push_async_callback(model.close)
        index = await Index.open(settings, None if rebuild else model.identity, create=not rebuild)
        stack.callback(index.close)
        if rebuild:
            index = await index.begin_generation(model.identity)
            stack.callback(index.close)
        await index.recover()
        yield assemble(settings, database, index, model, workers, locks)


def assemble(
    settings: IngestSettings, database: Database, index: Index, model: Embedder, workers: Workers, locks: Locks
) -> Pipeline:
    """Make a pipeline of parts that are open already."""
    return Pipeline(
        settings,
        database=database,
        index=index,
        files=Files(settings.files_uri),
        embedder=CachedEmbedder(model, VectorCache(database, model.identity)),
        workers=workers,
        locks=locks,
        is_wanted=JobTable(database).wants,
    )
