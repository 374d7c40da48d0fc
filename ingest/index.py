"""The index: documents and their chunks, stored, searched by vector and by words, and only ever read through Scopes.

This is the one way into the LanceDB tables. How rows look is in `index_schema`, searches are in `index_search`, the
tables in `index_tables` and `index_generations`, the order of commits in `index_writes`, the documents in memory in
`index_catalogue`, compaction in `index_upkeep`.
"""

from __future__ import annotations

import asyncio
import dataclasses
import random
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from ingest import index_writes as writes
from ingest.documents import Chunk, Document, EmbeddingIdentity, Scopes
from ingest.errors import IndexStoreError
from ingest.index_catalogue import Snapshot
from ingest.index_filters import of_statements, on_pages
from ingest.index_generations import Generations
from ingest.index_schema import chunk_rows, storable
from ingest.index_search import Everything, Hit, Matching, Nearest, Reach, search
from ingest.index_tables import Store, Tables, translated
from ingest.index_terms import query_terms
from ingest.index_upkeep import READERS_NEED, TEXT_INDEX, WRITERS_NEED, catch_up, compact, index_vectors
from ingest.index_writes import Recovery
from ingest.settings import IngestSettings

__all__ = ["Hit", "Index", "IndexStats", "Recovery"]

if TYPE_CHECKING:
    import pyarrow as pa
    from lancedb.expr import Expr
    from numpy.typing import NDArray

PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 8.0)
"""Seconds that uncoordinated writers of one document give each other; they grow, as commits take long under load."""

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class IndexStats:
    """Figures of the whole index."""

    documents: int
    pages: int
    chunks: int
    unindexed_chunks: int
    """Stored since the last `optimize`: found all the same, only slower."""
    has_vector_index: bool
    generation: int
    identity: EmbeddingIdentity


class Index:
    """An open index. One writer writes at a time, readers never wait for it.

    What other processes commit is seen within `index.read_consistency_seconds`.
    """

    def __init__(self, store: Store, settings: IngestSettings, generations: Generations) -> None:
        self._store = store
        self._settings = settings
        self._generations = generations

    @classmethod
    async def open(cls, settings: IngestSettings, identity: EmbeddingIdentity | None, *, create: bool) -> Index:
        """Open the index, or make an empty one if it is not there and `create` says so.

        `identity` is None for administration: documents can be listed and deleted whatever model made the vectors.

        Raises:
            IndexMissingError: nothing has been indexed yet.
            IndexMismatchError: it was made by another embedding model, or by another version of AskDocs.
        """
        store = await Store.connect(settings, create=create)
        index = cls(store, settings, Generations(store, identity))
        try:
            if create and identity is not None:
                await index._generations.create_if_missing(identity)
            await index._generations.current()
        except IndexStoreError:
            index.close()
            raise
        return index

    def close(self) -> None:
        self._generations.close()
        self._store.close()

    # Writes.

    async def replace(self, document: Document, chunks: Sequence[Chunk], vectors: NDArray[Any]) -> bool:
        """Store this version of the document instead of the one before; False if it is stored already.

        Readers see the old version until all of the new one is there. Chunk ids are unique in the whole index: they
        have to depend on the document's id.
        """
        rows = await self._rows(document, chunks, vectors)
        document = dataclasses.replace(document, chunks=len(chunks))
        is_new = await self._write(lambda tables: writes.put(tables, document, rows))
        await self._make_whole(document.id, lambda tables: writes.put_again(tables, document, rows))
        return is_new

    async def add(self, document: Document, chunks: Sequence[Chunk], vectors: NDArray[Any]) -> None:
        """Store more chunks of a version, or its first ones: for who hands over a document in pieces."""
        rows = await self._rows(document, chunks, vectors)
        await self._write(lambda tables: writes.add(tables, document, rows))
        await self._make_whole(document.id, lambda tables: writes.add(tables, document, rows))

    async def delete(self, document_id: str) -> bool:
        """Delete a document and its chunks; False if there is none."""
        found = await self._write(lambda tables: writes.remove(tables, document_id))
        if found:
            await self._make_whole(document_id, lambda tables: writes.erase(tables, document_id))
        return found

    async def set_scope(self, document_id: str, scope: str) -> bool:
        """Change who may read a document; False if there is none."""
        found = await self._write(lambda tables: writes.move(tables, document_id, scope))
        if found:
            await self._make_whole(document_id, lambda tables: writes.move(tables, document_id, scope))
        return found

    async def recover(self) -> Recovery:
        """Finish or undo what killed writers left. Do so before the first write of a process that writes."""
        lease = None if self._store.is_local else writes.LEASE
        return await self._write(lambda tables: writes.recover(tables, lease))

    async def _rows(self, document: Document, chunks: Sequence[Chunk], vectors: NDArray[Any]) -> pa.Table:
        identity = (await self._generations.current()).tables.generation.identity
        if chunks and vectors.shape[1:] != (identity.dimensions,):
            raise ValueError(f"vectors of shape {vectors.shape} do not fit {identity}")
        # Thousands of texts are made searchable: too much for the event loop.
        return await asyncio.to_thread(chunk_rows, document, chunks, vectors)

    async def _write(self, commit: Callable[[Tables], Awaitable[_Result]]) -> _Result:
        """Write to the generation that answers; again if it was switched meanwhile, where nobody is locked out."""
        async with self._store.writing():
            await self._store.refresh()
            while True:
                tables = (await self._generations.current()).tables
                with translated("written"):
                    await tables.refresh()  # what another process wrote before us must not look half written
                    result = await commit(tables)
                if self._store.is_local:
                    return result
                await self._store.refresh()
                if (await self._generations.current()).tables is tables:
                    return result

    async def _make_whole(self, document_id: str, write_again: Callable[[Tables], Awaitable[object]]) -> None:
        """Where nobody can be locked out, see to it that two writers of one document do not leave half of each.

        Jobs see to it that a document has one writer. Who comes without may have met another one: then neither row nor
        chunks may be left of what the other needs. Both look, after their last commit: whoever's was the last finds it,
        however late it was, and has to write again even if the row is its own.
        """
        if self._store.is_local:
            return
        for pause in PAUSES:
            if await self._write(lambda tables: writes.is_whole(tables, document_id)):
                return
            await asyncio.sleep(random.uniform(0.1, 1.0) * pause)  # noqa: S311  # only to part the two
            if not await self._write(lambda tables: writes.is_whole(tables, document_id)):
                await self._write(write_again)
        if not await self._write(lambda tables: writes.is_whole(tables, document_id)):
            raise IndexStoreError("Somebody else is writing the same document to the index.")

    # Reads.

    async def documents(self, scopes: Scopes) -> tuple[Document, ...]:
        """Return the documents that `scopes` may read, by name; cheap enough for every question."""
        return (await self._snapshot()).documents(scopes)

    async def find(self, name: str, scopes: Scopes) -> tuple[Document, ...]:
        """Return the documents of this name: as it is written, else in any case and with or without `.pdf`."""
        documents = await self.documents(scopes)
        wanted = storable(name)
        exact = tuple(document for document in documents if document.name == wanted)
        return exact or tuple(document for document in documents if _same_name(document.name, wanted))

    async def search_vectors(
        self,
        vector: NDArray[Any],
        scopes: Scopes,
        limit: int,
        document_ids: Collection[str] | None = None,
        where: Expr | None = None,
        statements: Collection[str] = (),
    ) -> tuple[Hit, ...]:
        """Return the chunks nearest to `vector`, best first.

        `where` is a filter of `index_filters`; `statements` keeps to chunks of these financial statements, by their
        names in `traits`.
        """
        if statements:
            where = of_statements(statements) if where is None else where & of_statements(statements)
        return await search(self._generations, Nearest(vector, limit), Reach(scopes, document_ids, where), limit)

    async def search_text(
        self,
        query: str,
        scopes: Scopes,
        limit: int,
        document_ids: Collection[str] | None = None,
        where: Expr | None = None,
        vector: Awaitable[NDArray[Any]] | None = None,
    ) -> tuple[Hit, ...]:
        """Return the chunks that hold words of `query`, best first. Nothing in `query` is syntax.

        With `vector`, each hit's similarity to it is told as well.
        """
        terms = query_terms(query)
        if not terms:
            return ()
        return await search(self._generations, Matching(terms, vector), Reach(scopes, document_ids, where), limit)

    async def page_chunks(self, scopes: Scopes, pages: Sequence[tuple[str, int]]) -> tuple[Chunk, ...]:
        """Return all chunks of these pages (document id, page number), by document and in reading order."""
        if not pages:
            return ()
        return await self.chunks(scopes, {document_id for document_id, _ in pages}, on_pages(pages))

    async def page_hits(
        self, scopes: Scopes, pages: Sequence[tuple[str, int]], vector: NDArray[Any]
    ) -> tuple[Hit, ...]:
        """Return all chunks of these pages as `page_chunks` does, each with its similarity to `vector`."""
        if not pages:
            return ()
        reach = Reach(scopes, {document_id for document_id, _ in pages}, on_pages(pages))
        return await search(self._generations, Everything(vector), reach, None)

    async def chunks(
        self, scopes: Scopes, document_ids: Collection[str] | None = None, where: Expr | None = None
    ) -> tuple[Chunk, ...]:
        """Return all chunks that `scopes` may read and `where` lets through, by document and in reading order."""
        hits = await search(self._generations, Everything(), Reach(scopes, document_ids, where), None)
        return tuple(hit.chunk for hit in hits)

    async def document(self, document_id: str) -> Document | None:
        """Return the document with this id, whose ever it is: for its own indexing, never for an answer."""
        return (await self._snapshot()).document(document_id)

    async def every_document(self) -> tuple[Document, ...]:
        """Return the documents of all workspaces and scopes: for administration, never for an answer."""
        return (await self._snapshot()).all_documents()

    # Upkeep and generations.

    async def optimize(self, *, erase: bool = False, keep: timedelta | None = None) -> None:
        """Keep searches quick after many writes; at the end of a batch and on a schedule. One process at a time does.

        `erase` also rewrites the files in which deleted documents still lie. What is not needed any more leaves the
        disk with the first call after `keep`; None: as long as others may need it.
        """
        keep = keep or (READERS_NEED if self._store.is_local else WRITERS_NEED)
        opened = await self._generations.current()
        tables = opened.tables
        async with self._store.tidying() as is_free:
            if not is_free:
                return
            with translated("optimized"):
                async with self._store.writing():
                    await compact(tables.documents, keep=keep, erase=erase)
                    await compact(tables.chunks, keep=keep, erase=erase)
                dimensions = tables.generation.identity.dimensions
                await index_vectors(tables.chunks, dimensions, self._settings.index.vector_index_rows)
            await self._store.drop_retired(keep)

    async def catch_up(self) -> None:
        """Put into the full-text index what is not in it yet; quick, so that it can be done between two documents."""
        async with self._store.tidying() as is_free:
            if is_free:
                async with self._store.writing():
                    tables = (await self._generations.current()).tables
                    with translated("optimized"):
                        await tables.refresh()
                        await catch_up(tables.chunks)

    async def stats(self) -> IndexStats:
        """Return figures for people and for monitoring, of all workspaces together."""
        tables = (await self._generations.current()).tables
        documents = await self.every_document()
        with translated("read"):
            indexes = await tables.chunks.list_indices()
            text = await tables.chunks.index_stats(TEXT_INDEX)
            return IndexStats(
                documents=len(documents),
                pages=sum(document.pages for document in documents),
                chunks=await tables.chunks.count_rows(),
                unindexed_chunks=text.num_unindexed_rows if text else 0,
                has_vector_index=any(index.columns == ["vector"] for index in indexes),
                generation=tables.generation.number,
                identity=tables.generation.identity,
            )

    async def begin_generation(self, identity: EmbeddingIdentity) -> Index:
        """Return an empty index beside this one, for `reindex`; nobody reads it until `switch`.

        One that an earlier process began with the same embedding model, and did not finish, is gone on with.
        """
        store = await Store.connect(self._settings, create=False)
        return Index(store, self._settings, await Generations(store, None).begin(identity))

    async def switch(self, leave_out: Collection[str] = ()) -> tuple[Document, ...]:
        """Let this new generation answer instead of the current one, if it has all documents; else return the missing.

        `leave_out` are ids of documents that cannot be brought over, and are given up. After the switch this is an
        index like any other; other processes follow within the read consistency interval.
        """
        return await self._generations.switch(leave_out)

    async def _snapshot(self) -> Snapshot:
        return await (await self._generations.current()).catalogue.snapshot()


def _same_name(name: str, wanted: str) -> bool:
    return name.casefold().removesuffix(".pdf") == wanted.casefold().removesuffix(".pdf")
