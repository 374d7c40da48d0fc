"""The documents of the index, kept in memory for as long as the documents table does not change."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from ingest.documents import Chunk, Document, Scopes
from ingest.index_filters import among
from ingest.index_schema import READABLE, Version, read_version
from ingest.index_tables import QUERY_TIMEOUT, translated

if TYPE_CHECKING:
    from lancedb.table import AsyncTable

ROWS_AT_ONCE = 20
"""Rows made into values before the event loop gets a turn; well below 10 ms."""
MAX_ANSWERS = 1_000
"""Different readers whose documents are kept."""


class Snapshot:
    """What one version of the documents table says: which documents may be read, and which chunks count."""

    def __init__(self, version: int, versions: Iterable[Version]) -> None:
        self.version = version
        self._readable: dict[str, Document] = {}
        self._contents: set[tuple[str, str]] = set()
        ids = set()
        for item in versions:
            ids.add(item.document.id)
            self._contents.add((item.document.id, item.document.content_sha256))
            if item.state in READABLE:
                self._readable[item.document.id] = item.document
        self.hidden: frozenset[str] = frozenset(ids - self._readable.keys())
        """Documents of which chunks may be stored, but none may be read."""
        self.stored = sum(document.chunks for document in self._readable.values())
        """Chunks of all documents, whoever may read them."""
        self._answers: dict[Scopes, tuple[Document, ...]] = {}
        self._counts: dict[Scopes, int] = {}

    def all_documents(self) -> tuple[Document, ...]:
        return tuple(sorted(self._readable.values(), key=lambda document: (document.name, document.id)))

    def document(self, document_id: str) -> Document | None:
        return self._readable.get(document_id)

    def documents(self, scopes: Scopes) -> tuple[Document, ...]:
        """Return the documents that `scopes` may read, by name."""
        answer = self._answers.get(scopes)
        if answer is None:
            if len(self._answers) >= MAX_ANSWERS:
                self._answers.clear()
                self._counts.clear()
            answer = tuple(document for document in self.all_documents() if _may_read(scopes, document))
            self._answers[scopes] = answer
        return answer

    def chunk_count(self, scopes: Scopes, document_ids: Collection[str] | None) -> int:
        """Return about how many chunks a search has to choose from."""
        if document_ids is None:
            documents = self.documents(scopes)
            if scopes not in self._counts:
                self._counts[scopes] = sum(document.chunks for document in documents)
            return self._counts[scopes]
        found = (self._readable.get(document_id) for document_id in set(document_ids))
        return sum(document.chunks for document in found if document is not None)

    def shows(self, chunk: Chunk, scopes: Scopes) -> bool:
        """Whether the chunk belongs to a stored version of a document that `scopes` may read."""
        document = self._readable.get(chunk.document_id)
        return (
            document is not None
            and _may_read(scopes, document)
            and (chunk.document_id, chunk.content_sha256) in self._contents
        )


class Catalogue:
    """Reads the documents table when it has changed, and of it what has changed."""

    def __init__(self, table: AsyncTable) -> None:
        self._table = table
        self._snapshot: Snapshot | None = None
        self._versions: dict[str, Version] = {}
        """By the key of their row."""
        self._stamps: dict[str, int] = {}
        """When each row was written."""
        self._loading = asyncio.Lock()

    async def snapshot(self) -> Snapshot:
        with translated("read"):
            version = await self._table.version()
            if self._snapshot is not None and self._snapshot.version == version:
                return self._snapshot
            async with self._loading:
                version = await self._table.version()
                if self._snapshot is None or self._snapshot.version != version:
                    await self._load()
                    self._snapshot = Snapshot(version, self._versions.values())
                return self._snapshot

    async def _load(self) -> None:
        import pyarrow as pa

        rows = await self._table.query().select(["key", "changed_at"]).to_arrow(timeout=QUERY_TIMEOUT)
        # As numbers: making thousands of datetimes takes longer than the event loop may be kept.
        times = rows.column("changed_at").cast(pa.int64()).to_pylist()
        stamps: dict[str, int] = dict(zip(rows.column("key").to_pylist(), times, strict=True))
        changed = [key for key, time in stamps.items() if self._stamps.get(key) != time]
        for key in self._versions.keys() - stamps.keys():
            del self._versions[key]
        query = self._table.query()
        rows = await (query.where(among("key", changed)) if self._versions else query).to_arrow(timeout=QUERY_TIMEOUT)
        for batch in rows.to_batches(max_chunksize=ROWS_AT_ONCE):
            self._versions.update((row["key"], read_version(row)) for row in batch.to_pylist())
            await asyncio.sleep(0)
        self._stamps = stamps


def _may_read(scopes: Scopes, document: Document) -> bool:
    return document.workspace == scopes.workspace and document.scope in scopes.names
