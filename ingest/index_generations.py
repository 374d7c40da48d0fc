"""Which generation of the index answers, and how another one takes its place while this one still answers."""

from __future__ import annotations

import asyncio
import dataclasses
import random
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from ingest import index_writes as writes
from ingest.documents import Document, EmbeddingIdentity
from ingest.errors import IndexMismatchError, IndexMissingError, IndexOutdatedError, IndexStoreError
from ingest.index_catalogue import Catalogue
from ingest.index_schema import SCHEMA_VERSION, Generation
from ingest.index_tables import Store, Tables, translated

CREATION_SECONDS = 1.0
"""About so long another process needs to finish an index that it creates."""
CREATION_ATTEMPTS = 10


@dataclass(frozen=True, slots=True)
class Opened:
    """A generation in use."""

    tables: Tables
    catalogue: Catalogue


class Generations:
    """Keeps the generation that answers open, and notices when another process has switched to the next one.

    `identity` is what its vectors have to be made by; None for administration, which compares no vectors.
    """

    def __init__(self, store: Store, identity: EmbeddingIdentity | None, building: Opened | None = None) -> None:
        self._store = store
        self._identity = identity
        self._opened = building
        self._seen: int | None = None
        """The version of the generations table that named the open one."""
        self._is_building = building is not None

    def close(self) -> None:
        if self._opened is not None:
            self._opened.tables.close()

    async def current(self) -> Opened:
        """Return the generation that answers; the one that is being built, for its builder.

        Raises:
            IndexMissingError: nothing has been indexed yet.
            IndexMismatchError: it was made by another embedding model, or by another version of AskDocs.
        """
        if self._is_building and self._opened is not None:
            return self._opened
        seen = await self._store.generations_version()
        if self._opened is not None and self._seen == seen:
            return self._opened
        generation = _answering(await self._store.generations())
        if generation is None:
            raise IndexMissingError
        _check(generation, self._identity)
        if self._opened is None or self._opened.tables.generation.number != generation.number:
            self._opened = await self._open(generation)
        self._seen = seen
        return self._opened

    async def create_if_missing(self, identity: EmbeddingIdentity) -> None:
        if _answering(await self._store.generations()):
            return
        async with self._store.writing():
            await self._store.refresh()
            if _answering(await self._store.generations()):
                return
            # On an object store several processes may create it at once, and all but one of them fail. What is there of
            # it is made complete by whoever tries again.
            for attempt in range(CREATION_ATTEMPTS):
                try:
                    tables = await self._store.create(1, identity)
                    await self._store.record(dataclasses.replace(tables.generation, is_current=True))
                except IndexStoreError:
                    if self._store.is_local or attempt == CREATION_ATTEMPTS - 1:
                        raise
                    await asyncio.sleep(random.uniform(0.5, 1.5) * CREATION_SECONDS)  # noqa: S311 - no secret
                    await self._store.refresh()
                if _answering(await self._store.generations()):
                    return

    async def begin(self, identity: EmbeddingIdentity) -> Generations:
        """Return the next generation, empty, or what an earlier process of the same kind has built of it."""
        async with self._store.writing():
            await self._store.refresh()
            newest = (await self._store.generations())[-1]
            if not newest.is_current and (newest.identity, newest.schema_version) == (identity, SCHEMA_VERSION):
                return Generations(self._store, identity, await self._open(newest))
            tables = await self._store.create(newest.number + 1, identity)
            await self._store.record(tables.generation)
            return Generations(self._store, identity, Opened(tables, Catalogue(tables.documents)))

    async def switch(self, leave_out: Collection[str]) -> tuple[Document, ...]:
        """Let the generation that is being built answer, unless documents are missing in it: then return these.

        What was deleted or moved in the old one meanwhile is deleted and moved in this one first.
        """
        async with self._store.writing():
            await self._store.refresh()
            old = _answering(await self._store.generations())
            if old is None:
                raise IndexMissingError
            building = await self.current()
            if old.number == building.tables.generation.number:
                self._is_building = False  # somebody else who built it too was first
                return ()
            theirs = await _documents(await self._open(old))
            mine = await _documents(building)
            missing = tuple(d for d in theirs.values() if d.id not in leave_out and not _same(d, mine.get(d.id)))
            if missing:
                return missing
            with translated("switched"):
                for document_id in mine.keys() - theirs.keys():
                    await writes.remove(building.tables, document_id)
                for document in theirs.values():
                    await writes.move(building.tables, document.id, document.scope)
            now = datetime.now(UTC)
            await self._store.record(
                dataclasses.replace(old, is_current=False, changed_at=now),
                dataclasses.replace(building.tables.generation, is_current=True, changed_at=now),
            )
            self._is_building = False
        return ()

    async def _open(self, generation: Generation) -> Opened:
        tables = await self._store.open(generation)
        return Opened(tables, Catalogue(tables.documents))


def _answering(generations: tuple[Generation, ...]) -> Generation | None:
    return next((generation for generation in reversed(generations) if generation.is_current), None)


async def _documents(opened: Opened) -> dict[str, Document]:
    return {document.id: document for document in (await opened.catalogue.snapshot()).all_documents()}


def _same(document: Document, other: Document | None) -> bool:
    return other is not None and other.content_sha256 == document.content_sha256


def _check(generation: Generation, identity: EmbeddingIdentity | None) -> None:
    if identity is None:
        return
    if generation.identity != identity:
        raise IndexMismatchError(
            f"The index was made with the embedding model {generation.identity}, but {identity} is configured. "
            "Run `askdocs reindex` to rebuild it, or change `embedding` in config.yaml back."
        )
    if generation.schema_version < SCHEMA_VERSION:
        raise IndexOutdatedError
    if generation.schema_version > SCHEMA_VERSION:
        raise IndexMismatchError(
            "The index was made by a newer version of AskDocs than this one. Update AskDocs here as well and start it "
            "again, or run `askdocs reindex` to rebuild the index for this version."
        )
