"""Searches in the chunks table, within what a reader may see, and consistent with the documents table."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from ingest.documents import Chunk, Scopes
from ingest.index_catalogue import Snapshot
from ingest.index_filters import readable
from ingest.index_generations import Generations
from ingest.index_schema import PASSAGE, read_passages
from ingest.index_tables import QUERY_TIMEOUT, translated
from ingest.traits import NO_TRAITS, Traits

if TYPE_CHECKING:
    import pyarrow as pa
    from lancedb.expr import Expr
    from lancedb.query import AsyncQuery, AsyncStandardQuery
    from numpy.typing import NDArray

EXACT_ROWS = 5_000
"""Up to this many readable chunks an exact search takes 5 ms and misses nothing; the vector index is for more."""
PROBES = 40
REFINE_FACTOR, MIN_CANDIDATES = 3, 300
"""Candidates taken by their compressed vectors, for each result and at least, before the true distances decide."""
READ_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that a search found."""

    chunk: Chunk
    score: float
    """The cosine similarity 0…1 of a search by vector, or the BM25 of one by words, as `Matching` measures it."""
    similarity: float = 0.0
    """Cosine similarity 0…1 to the question's vector, where the search was given one."""
    traits: Traits = NO_TRAITS


@dataclass(frozen=True, slots=True)
class Reach:
    """Which chunks are searched: what `scopes` may read, kept to some documents and by a filter where given."""

    scopes: Scopes
    document_ids: Collection[str] | None = None
    where: Expr | None = None

    def filter(self, snapshot: Snapshot) -> Expr:
        """Build the filter that is applied before the search, not to its results."""
        within = readable(self.scopes, self.document_ids, snapshot.hidden)
        return within if self.where is None else within & self.where


class Search(Protocol):
    """One kind of search. Its results have the column PASSAGE, and what its own methods read."""

    def build(self, query: AsyncQuery, chunk_count: int) -> AsyncStandardQuery:
        """Say what is looked for, among about `chunk_count` chunks."""
        ...

    def scores(self, rows: pa.Table, stored: int) -> list[float]:
        """Return how well each row matches; `stored` chunks are in the index, of everybody."""
        ...

    async def similarities(self, rows: pa.Table) -> list[float]: ...


@dataclass(frozen=True, slots=True)
class Nearest:
    """By the distance of vectors."""

    vector: NDArray[Any]
    limit: int

    def build(self, query: AsyncQuery, chunk_count: int) -> AsyncStandardQuery:
        search = query.nearest_to(self.vector).distance_type("cosine")
        if chunk_count <= EXACT_ROWS:
            search = search.bypass_vector_index()
        else:
            search = search.nprobes(PROBES).refine_factor(max(REFINE_FACTOR, math.ceil(MIN_CANDIDATES / self.limit)))
        return search.select([PASSAGE, "_distance"])

    def scores(self, rows: pa.Table, _: int) -> list[float]:
        return _by_distance(rows)

    async def similarities(self, rows: pa.Table) -> list[float]:
        return _by_distance(rows)


@dataclass(frozen=True, slots=True)
class Matching:
    """By words, of which every one that a chunk holds counts.

    The score is BM25 as a share of what it is about where a chunk has every word once, and no other chunk has any: it
    can be compared between questions, and with that of another index. Words said often can bring it above 1.
    """

    terms: str
    vector: Awaitable[NDArray[Any]] | None = None
    """Where given, the similarity of each hit to it is told, too. It is not needed before the hits are there."""

    def build(self, query: AsyncQuery, _: int) -> AsyncStandardQuery:
        from lancedb.query import MatchQuery

        columns = [PASSAGE, "_score"] if self.vector is None else [PASSAGE, "_score", "vector"]
        return query.nearest_to_text(MatchQuery(self.terms, "search_text")).select(columns)

    def scores(self, rows: pa.Table, stored: int) -> list[float]:
        most = len(self.terms.split()) * math.log(1 + stored)
        return [score / most for score in rows.column("_score").to_pylist()]

    async def similarities(self, rows: pa.Table) -> list[float]:
        return _similarities(rows, None if self.vector is None else await self.vector)


@dataclass(frozen=True, slots=True)
class Everything:
    """All chunks in reach, in reading order."""

    vector: NDArray[Any] | None = None
    """Where given, the similarity of each to it is told, too."""

    def build(self, query: AsyncQuery, _: int) -> AsyncStandardQuery:
        return query.select([PASSAGE] if self.vector is None else [PASSAGE, "vector"])

    def scores(self, rows: pa.Table, _: int) -> list[float]:
        return [0.0] * len(rows)

    async def similarities(self, rows: pa.Table) -> list[float]:
        return _similarities(rows, self.vector)


async def search(generations: Generations, kind: Search, reach: Reach, limit: int | None) -> tuple[Hit, ...]:
    """Run a search; once more if a document was replaced between the reads of the two tables."""
    if not reach.scopes.names or (limit is not None and limit <= 0):
        return ()
    shown: tuple[Hit, ...] = ()
    for _ in range(READ_ATTEMPTS):
        opened = await generations.current()
        before = await opened.catalogue.snapshot()
        with translated("searched"):
            query = kind.build(opened.tables.chunks.query(), before.chunk_count(reach.scopes, reach.document_ids))
            query = query.where(reach.filter(before))
            rows = await (query if limit is None else query.limit(limit)).to_arrow(timeout=QUERY_TIMEOUT)
        found = await _hits(rows, kind, before.stored)
        if all(before.shows(hit.chunk, reach.scopes) for hit in found):
            return found
        with translated("read"):
            await opened.tables.refresh()
        after = await opened.catalogue.snapshot()
        shown = tuple(hit for hit in found if any(s.shows(hit.chunk, reach.scopes) for s in (before, after)))
        if len(shown) == len(found):
            break
    return shown


async def _hits(rows: pa.Table, kind: Search, stored: int) -> tuple[Hit, ...]:
    """Read hits, best first; equal ones in an order that does not depend on where they are stored."""
    columns = zip(read_passages(rows), kind.scores(rows, stored), await kind.similarities(rows), strict=True)
    hits = (Hit(chunk, score, similarity, traits) for (chunk, traits), score, similarity in columns)
    return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.chunk.document_id, hit.chunk.ordinal)))


def _by_distance(rows: pa.Table) -> list[float]:
    """Return the cosine similarity 0…1 that a search by vector tells of each row."""
    return [max(0.0, min(1.0, 1.0 - distance)) for distance in rows.column("_distance").to_pylist()]


def _similarities(rows: pa.Table, vector: NDArray[Any] | None) -> list[float]:
    """Return the cosine similarity 0…1 of each row's vector to `vector`, all vectors having length 1."""
    import numpy as np

    if vector is None or not len(rows):
        return [0.0] * len(rows)
    vectors = np.asarray(rows.column("vector").combine_chunks().flatten(), dtype=np.float32)
    similarities: list[float] = (vectors.reshape(len(rows), -1) @ vector).clip(0.0, 1.0).tolist()
    return similarities
