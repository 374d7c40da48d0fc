"""The index: documents and their chunks, stored, searched by vector and by words, and only ever read through Scopes.

This is the one way into the LanceDB tables. How rows look is in `index_schema`, filters are in `index_filters`, the
tables in `index_tables`, the order of commits in `index_writes`, the documents in memory in `index_catalogue`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest import index_writes as writes
from ingest.documents import Chunk, Document, EmbeddingIdentity, Scopes
from ingest.errors import IndexMismatchError, IndexMissingError, IndexStoreError
from ingest.index_catalogue import Catalogue, Snapshot
from ingest.index_filters import on_pages, readable
from ingest.index_schema import CHUNK_COLUMNS, SCHEMA_VERSION, Generation, chunk_rows, read_chunks, storable
from ingest.index_tables import QUERY_TIMEOUT, Store, Tables, translated
from ingest.index_terms import query_terms
from ingest.index_writes import Recovery
from ingest.settings import IngestSettings

if TYPE_CHECKING:
    from lancedb.query import AsyncQuery, AsyncStandardQuery
    from numpy.typing import NDArray

EXACT_ROWS = 15_000
"""Up to this many readable chunks an exact search takes 15 ms and misses nothing; the vector index is for more."""
PROBES = 40
REFINE_FACTOR = 5
"""Candidates taken by their compressed vectors, for each result, before the true distances decide."""
READ_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that a search found. `score` is the cosine similarity 0…1 of vectors, or the raw BM25 of words."""

    chunk: Chunk
    score: float


@dataclass(frozen=True, slots=True)
class _Opened:
    """A generation in use."""

    tables: Tables
    catalogue: Catalogue
    seen: int
    """The version of the generations table that named it."""


class Index:
    """An open index. One writer writes at a time, readers never wait for it.

    What other processes commit is seen within `index.read_consistency_seconds`.
    """

    def __init__(self, store: Store, settings: IngestSettings, identity: EmbeddingIdentity | None) -> None:
        self._store = store
        self._settings = settings
        self._identity = identity
        self._opened: _Opened | None = None

    @classmethod
    async def open(cls, settings: IngestSettings, identity: EmbeddingIdentity | None, *, create: bool) -> Index:
        """Open the index, or make an empty one if it is not there and `create` says so.

        `identity` is None for administration: documents can be listed and deleted whatever model made the vectors.

        Raises:
            IndexMissingError: nothing has been indexed yet.
            IndexMismatchError: it was made by another embedding model, or by another version of AskDocs.
        """
        index = cls(await Store.connect(settings, create=create), settings, identity)
        try:
            if create and identity is not None:
                await index._create_if_missing(identity)
            await index._current()
        except IndexStoreError:
            index.close()
            raise
        return index

    def close(self) -> None:
        if self._opened is not None:
            self._opened.tables.close()
        self._store.close()

    # Writes.

    async def replace(self, document: Document, chunks: Sequence[Chunk], vectors: NDArray[Any]) -> bool:
        """Store this version of the document instead of the one before; False if it is stored already.

        Readers see the old version until all of the new one is there. Chunk ids are unique in the whole index: they
        have to depend on the document's id.
        """
        identity = (await self._current()).tables.generation.identity
        if chunks and vectors.shape[1:] != (identity.dimensions,):
            raise ValueError(f"vectors of shape {vectors.shape} do not fit {identity}")
        document = dataclasses.replace(document, chunks=len(chunks))
        rows = chunk_rows(document, chunks, vectors)
        async with self._writing() as tables:
            return await writes.put(tables, document, rows)

    async def delete(self, document_id: str) -> bool:
        """Delete a document and its chunks; False if there is none."""
        async with self._writing() as tables:
            return await writes.remove(tables, document_id)

    async def set_scope(self, document_id: str, scope: str) -> bool:
        """Change who may read a document; False if there is none."""
        async with self._writing() as tables:
            return await writes.move(tables, document_id, scope)

    async def recover(self) -> Recovery:
        """Finish or undo what killed writers left. Do so before the first write of a process that writes."""
        async with self._writing() as tables:
            lease = None if self._store.is_local else writes.LEASE
            return await writes.recover(tables, lease)

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[Tables]:
        async with self._store.writing():
            opened = await self._current()
            with translated("written"):
                yield opened.tables

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
        self, vector: NDArray[Any], scopes: Scopes, limit: int, document_ids: Collection[str] | None = None
    ) -> tuple[Hit, ...]:
        """Return the chunks nearest to `vector`, best first."""

        def nearest(query: AsyncQuery, snapshot: Snapshot) -> AsyncStandardQuery:
            search = query.nearest_to(vector).distance_type("cosine").nprobes(PROBES).refine_factor(REFINE_FACTOR)
            if snapshot.chunk_count(scopes, document_ids) <= EXACT_ROWS:
                search = search.bypass_vector_index()
            return search.select([*CHUNK_COLUMNS, "_distance"])

        return await self._search(nearest, _similarity, scopes, limit, document_ids)

    async def search_text(
        self, query: str, scopes: Scopes, limit: int, document_ids: Collection[str] | None = None
    ) -> tuple[Hit, ...]:
        """Return the chunks that hold words of `query`, best first. Nothing in `query` is syntax."""
        from lancedb.query import MatchQuery

        terms = query_terms(query)
        if not terms:
            return ()

        def matching(query: AsyncQuery, _: Snapshot) -> AsyncStandardQuery:
            return query.nearest_to_text(MatchQuery(terms, "search_text")).select([*CHUNK_COLUMNS, "_score"])

        return await self._search(matching, _bm25, scopes, limit, document_ids)

    async def page_chunks(self, scopes: Scopes, pages: Sequence[tuple[str, int]]) -> tuple[Chunk, ...]:
        """Return all chunks of these pages (document id, page number), by document and in reading order."""
        if not pages:
            return ()

        def of_pages(query: AsyncQuery, _: Snapshot) -> AsyncStandardQuery:
            return query.where(on_pages(pages)).select(list(CHUNK_COLUMNS))

        hits = await self._search(of_pages, None, scopes, None, {document_id for document_id, _ in pages})
        return tuple(sorted((hit.chunk for hit in hits), key=lambda chunk: (chunk.document_id, chunk.ordinal)))

    async def every_document(self) -> tuple[Document, ...]:
        """Return the documents of all workspaces and scopes: for administration, never for an answer."""
        return (await self._snapshot()).all_documents()

    async def _search(
        self,
        build: Callable[[AsyncQuery, Snapshot], AsyncStandardQuery],
        score: _Score | None,
        scopes: Scopes,
        limit: int | None,
        document_ids: Collection[str] | None,
    ) -> tuple[Hit, ...]:
        """Run a search within `scopes`; again if a document was replaced between the reads of the two tables."""
        if not scopes.names or (limit is not None and limit <= 0):
            return ()
        hits: tuple[Hit, ...] = ()
        for _ in range(READ_ATTEMPTS):
            opened = await self._current()
            before = await opened.catalogue.snapshot()
            with translated("searched"):
                query = build(opened.tables.chunks.query(), before)
                query = query.where(readable(scopes, document_ids, before.hidden))
                rows = await (query if limit is None else query.limit(limit)).to_arrow(timeout=QUERY_TIMEOUT)
            found = _hits(rows, score)
            if all(before.shows(hit.chunk, scopes) for hit in found):
                return found
            with translated("read"):
                await opened.tables.refresh()
            after = await opened.catalogue.snapshot()
            hits = tuple(hit for hit in found if before.shows(hit.chunk, scopes) or after.shows(hit.chunk, scopes))
            if len(hits) == len(found):
                break
        return hits

    # Generations.

    async def _snapshot(self) -> Snapshot:
        return await (await self._current()).catalogue.snapshot()

    async def _current(self) -> _Opened:
        """Return the generation that answers, which another process may have switched since the last call."""
        seen = await self._store.generations_version()
        if self._opened is not None and self._opened.seen == seen:
            return self._opened
        generation = next((g for g in await self._store.generations() if g.is_current), None)
        if generation is None:
            raise IndexMissingError
        self._check(generation)
        tables = await self._store.open(generation)
        self._opened = _Opened(tables, Catalogue(tables.documents), seen)
        return self._opened

    def _check(self, generation: Generation) -> None:
        if self._identity is None:
            return
        if generation.identity != self._identity:
            raise IndexMismatchError(
                f"The index was made with the embedding model {generation.identity}, but {self._identity} is "
                "configured. Run `askdocs reindex` to rebuild it, or change `embedding` in config.yaml back."
            )
        if generation.schema_version != SCHEMA_VERSION:
            raise IndexMismatchError(
                "The index was made by another version of AskDocs. Run `askdocs reindex` to rebuild it."
            )

    async def _create_if_missing(self, identity: EmbeddingIdentity) -> None:
        if any(g.is_current for g in await self._store.generations()):
            return
        async with self._store.writing():
            if any(g.is_current for g in await self._store.generations()):
                return
            tables = await self._store.create(1, identity)
            await self._store.record(dataclasses.replace(tables.generation, is_current=True))


_Score = Callable[[Any], list[float]]


def _hits(rows: Any, score: _Score | None) -> tuple[Hit, ...]:  # noqa: ANN401  # an Arrow table
    scores = score(rows) if score else [0.0] * len(rows)
    return tuple(Hit(*pair) for pair in zip(read_chunks(rows), scores, strict=True))


def _similarity(rows: Any) -> list[float]:  # noqa: ANN401
    return [max(0.0, min(1.0, 1.0 - distance)) for distance in rows.column("_distance").to_pylist()]


def _bm25(rows: Any) -> list[float]:  # noqa: ANN401
    scores: list[float] = rows.column("_score").to_pylist()
    return scores


def _same_name(name: str, wanted: str) -> bool:
    return name.casefold().removesuffix(".pdf") == wanted.casefold().removesuffix(".pdf")
