"""Vectors that were computed once: by embedding identity and text, in the state database.

What is embedded is kept batch by batch, so that a kill costs at most the batch under way. A vector says something of
its text: who deletes a text deletes its vector too, and with a file go the vectors that were computed for it, also
those of an indexing that never came to its end.
"""

from __future__ import annotations

import asyncio
import copy
import hashlib
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
from sqlalchemy import Column, LargeBinary, String, Table, delete, select, update

from ingest.database import Database, metadata
from ingest.documents import EmbeddingIdentity
from ingest.embedding import BatchCallback, Embedder, Vectors

vectors_table = Table(
    "vectors",
    metadata,
    Column("identity", String(32), primary_key=True),
    Column("text_sha256", LargeBinary(32), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
    Column("file_sha256", String(64), nullable=False),
)

STATEMENT_KEYS = 500
"""Texts of one statement: databases limit how many values one may have."""

STORED = np.dtype("<f4")


def text_key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


class VectorCache:
    """The cached vectors of one embedding identity. Any number of processes may use it at once."""

    def __init__(self, database: Database, identity: EmbeddingIdentity) -> None:
        self._database = database
        self._identity = hashlib.sha256(str(identity).encode()).hexdigest()[:32]

    async def read(self, keys: Sequence[bytes]) -> dict[bytes, Vectors]:
        """Return the vectors that are there."""
        found: dict[bytes, Vectors] = {}
        table = vectors_table.c
        async with self._database.read() as connection:
            for part in _parts(keys):
                query = select(table.text_sha256, table.vector).where(
                    table.identity == self._identity, table.text_sha256.in_(part)
                )
                for row in await connection.execute(query):
                    found[bytes(row.text_sha256)] = np.frombuffer(row.vector, dtype=STORED)
        return found

    async def write(self, vectors: Mapping[bytes, Vectors], file_sha256: str = "") -> None:
        """Keep vectors, computed for a file; those that are there already stay."""
        rows = [
            {
                "identity": self._identity,
                "text_sha256": key,
                "vector": vector.astype(STORED, copy=False).tobytes(),
                "file_sha256": file_sha256,
            }
            for key, vector in vectors.items()
        ]
        if rows:
            async with self._database.write() as connection:
                await connection.execute(self._database.insert(vectors_table).on_conflict_do_nothing(), rows)

    async def adopt(self, keys: Sequence[bytes], file_sha256: str) -> None:
        """Note that a file uses these vectors: they stay when the one they were computed for goes."""
        table = vectors_table.c
        async with self._database.write() as connection:
            for part in _parts(keys):
                ours = (table.identity == self._identity, table.text_sha256.in_(part), table.file_sha256 != file_sha256)
                await connection.execute(update(vectors_table).where(*ours).values(file_sha256=file_sha256))

    async def delete(self, keys: Sequence[bytes]) -> None:
        """Forget vectors, because their texts are deleted."""
        table = vectors_table.c
        async with self._database.write() as connection:
            for part in _parts(keys):
                await connection.execute(
                    delete(vectors_table).where(table.identity == self._identity, table.text_sha256.in_(part))
                )

    async def delete_of(self, file_sha256: str) -> None:
        """Forget what was computed for a file, by whatever model."""
        async with self._database.write() as connection:
            await connection.execute(delete(vectors_table).where(vectors_table.c.file_sha256 == file_sha256))


def _parts(keys: Sequence[bytes]) -> Iterable[Sequence[bytes]]:
    return (keys[start : start + STATEMENT_KEYS] for start in range(0, len(keys), STATEMENT_KEYS))


class CachedEmbedder:
    """An Embedder that asks the cache first, and never embeds a text twice, not even for two documents at once."""

    def __init__(self, embedder: Embedder, cache: VectorCache) -> None:
        self._embedder = embedder
        self._cache = cache
        self._under_way: set[bytes] = set()
        self._progress = asyncio.Condition()
        self._file = ""

    def of_file(self, file_sha256: str) -> CachedEmbedder:
        """Return the same embedder, noting for which file it computes."""
        view = copy.copy(self)
        view._file = file_sha256
        return view

    @property
    def identity(self) -> EmbeddingIdentity:
        return self._embedder.identity

    @property
    def tokenizer(self) -> Path:
        return self._embedder.tokenizer

    @property
    def max_tokens(self) -> int:
        return self._embedder.max_tokens

    async def prepare(self) -> None:
        await self._embedder.prepare()

    async def embed_documents(self, texts: Sequence[str], on_batch: BatchCallback | None = None) -> Vectors:
        results = _Results(texts, self.identity.dimensions, on_batch)
        while results.missing:
            wanted = results.missing
            free = [key for key in wanted if key not in self._under_way]
            async with self._claimed(free):
                found = await self._cache.read(free)
                if found and self._file:
                    await self._cache.adopt(list(found), self._file)
                await results.take(found)
                await self._embed(results, [key for key in free if key in results.missing])
            # What another document is having embedded is in the cache when that is done, or free if it failed.
            await self._wait_for(set(wanted) - set(free))
        return results.vectors

    async def embed_query(self, text: str) -> Vectors:
        return await self._embedder.embed_query(text)

    async def forget(self, texts: Iterable[str]) -> None:
        """Delete the vectors of texts that are deleted themselves."""
        await self._cache.delete([text_key(text) for text in texts])

    async def forget_file(self, file_sha256: str) -> None:
        """Delete the vectors that were computed for a file that is deleted."""
        await self._cache.delete_of(file_sha256)

    async def close(self) -> None:
        await self._embedder.close()

    async def _embed(self, results: _Results, keys: Sequence[bytes]) -> None:
        async def keep(positions: Sequence[int], part: Vectors) -> None:
            batch = {keys[position]: vector for position, vector in zip(positions, part, strict=True)}
            await self._cache.write(batch, self._file)
            await self._release(batch)
            await results.take(batch)

        if keys:
            await self._embedder.embed_documents([results.text(key) for key in keys], keep)

    @asynccontextmanager
    async def _claimed(self, keys: Sequence[bytes]) -> AsyncIterator[None]:
        self._under_way.update(keys)
        try:
            yield
        finally:
            await self._release(keys)

    async def _release(self, keys: Iterable[bytes]) -> None:
        self._under_way.difference_update(keys)
        async with self._progress:
            self._progress.notify_all()

    async def _wait_for(self, keys: set[bytes]) -> None:
        async with self._progress:
            await self._progress.wait_for(lambda: not keys & self._under_way)


class _Results:
    """The vectors of some texts, filled in as they come; equal texts are one."""

    def __init__(self, texts: Sequence[str], dimensions: int, on_batch: BatchCallback | None) -> None:
        self.vectors = np.zeros((len(texts), dimensions), dtype=np.float32)
        self.missing: dict[bytes, list[int]] = {}
        """Positions of the texts that have no vector yet, in order of the texts."""
        for position, text in enumerate(texts):
            self.missing.setdefault(text_key(text), []).append(position)
        self._texts = texts
        self._on_batch = on_batch

    def text(self, key: bytes) -> str:
        return self._texts[self.missing[key][0]]

    async def take(self, found: Mapping[bytes, Vectors]) -> None:
        filled: list[int] = []
        for key, vector in found.items():
            positions = self.missing.pop(key)
            self.vectors[positions] = vector
            filled.extend(positions)
        if filled and self._on_batch is not None:
            await self._on_batch(filled, self.vectors[filled])
