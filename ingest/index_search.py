"""Searches in the chunks table, within what a reader may see, and consistent with the documents table."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from ingest.documents import Chunk, Scopes
from ingest.index_catalogue import Snapshot
from ingest.index_filters import readable
from ingest.index_generations import Generations
from ingest.index_schema import CHUNK_COLUMNS, read_chunks
from ingest.index_tables import QUERY_TIMEOUT, translated

if TYPE_CHECKING:
    import pyarrow as pa
    from lancedb.expr import Expr
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
    """One kind of search."""

    def build(self, query: AsyncQuery, chunk_count: int) -> AsyncStandardQuery:
        """Say what is looked for, among about `chunk_count` chunks."""
        ...

    def scores(self, rows: pa.Table) -> list[float]: ...


@dataclass(frozen=True, slots=True)
class Nearest:
    """By the distance of vectors."""

    vector: NDArray[Any]

    def build(self, query: AsyncQuery, chunk_count: int) -> AsyncStandardQuery:
        search = query.nearest_to(self.vector).distance_type("cosine")
        if chunk_count <= EXACT_ROWS:
            search = search.bypass_vector_index()
        else:
            search = search.nprobes(PROBES).refine_factor(REFINE_FACTOR)
        return search.select([*CHUNK_COLUMNS, "_distance"])

    def scores(self, rows: pa.Table) -> list[float]:
        return [max(0.0, min(1.0, 1.0 - distance)) for distance in rows.column("_distance").to_pylist()]


@dataclass(frozen=True, slots=True)
class Matching:
    """By words, of which every one that a chunk holds counts."""

    terms: str

    def build(self, query: AsyncQuery, _: int) -> AsyncStandardQuery:
        from lancedb.query import MatchQuery

        return query.nearest_to_text(MatchQuery(self.terms, "search_text")).select([*CHUNK_COLUMNS, "_score"])

    def scores(self, rows: pa.Table) -> list[float]:
        scores: list[float] = rows.column("_score").to_pylist()
        return scores


@dataclass(frozen=True, slots=True)
class Everything:
    """All chunks in reach, in reading order."""

    def build(self, query: AsyncQuery, _: int) -> AsyncStandardQuery:
        return query.select(list(CHUNK_COLUMNS))

    def scores(self, rows: pa.Table) -> list[float]:
        return [0.0] * len(rows)


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
        found = _hits(rows, kind)
        if all(before.shows(hit.chunk, reach.scopes) for hit in found):
            return found
        with translated("read"):
            await opened.tables.refresh()
        after = await opened.catalogue.snapshot()
        shown = tuple(hit for hit in found if any(s.shows(hit.chunk, reach.scopes) for s in (before, after)))
        if len(shown) == len(found):
            break
    return shown


def _hits(rows: pa.Table, kind: Search) -> tuple[Hit, ...]:
    """Read hits, best first; equal ones in an order that does not depend on where they are stored."""
    hits = (Hit(*pair) for pair in zip(read_chunks(rows), kind.scores(rows), strict=True))
    return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.chunk.document_id, hit.chunk.ordinal)))
