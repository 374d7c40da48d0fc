"""The LanceDB tables of the index: where they are, how they are opened, made and removed, and who may write.

A generation is a complete pair of tables, made by one embedding model. The generations table says which one answers;
it is the first to be read and the last to be written.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.documents import EmbeddingIdentity
from ingest.errors import IndexMissingError, IndexStoreError
from ingest.index_filters import equal
from ingest.index_schema import (
    SCHEMA_VERSION,
    Generation,
    chunk_schema,
    document_schema,
    generation_rows,
    generation_schema,
    read_generation,
)
from ingest.index_upkeep import create_indexes
from ingest.settings import IngestSettings

if TYPE_CHECKING:
    from lancedb import AsyncConnection
    from lancedb.table import AsyncTable
    from pyarrow import Schema

GENERATIONS = "generations"
QUERY_TIMEOUT = timedelta(seconds=30)
WRITE_TIMEOUT = timedelta(minutes=5)
INDEX_CACHE, METADATA_CACHE = 512 * 2**20, 128 * 2**20
"""Bytes. LanceDB's own limits are 7 GB, and a batch of many files fills them with indexes that nobody reads again."""
LOCK_TIMEOUT_SECONDS = 600.0
LOCK_POLL_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Tables:
    """The two tables of one generation, open."""

    generation: Generation
    chunks: AsyncTable
    documents: AsyncTable

    async def refresh(self) -> None:
        """Look for other processes' commits now, not only when the read consistency interval is over."""
        await self.chunks.checkout_latest()
        await self.documents.checkout_latest()

    def close(self) -> None:
        self.chunks.close()
        self.documents.close()


class Store:
    """A connection to the folder or bucket that holds the tables, and the right to write in it."""

    def __init__(self, connection: AsyncConnection, folder: Path | None) -> None:
        self._connection = connection
        self._folder = folder
        """None for object stores."""
        self._generations: AsyncTable | None = None
        self._writing = asyncio.Lock()

    @classmethod
    async def connect(cls, settings: IngestSettings, *, create: bool) -> Store:
        folder = local_folder(settings.index_uri)
        if folder is not None and not create and not (folder / f"{GENERATIONS}.lance").exists():
            raise IndexMissingError  # connecting would make the folder
        _configure_lance()
        import lancedb

        with translated("opened"):
            connection = await lancedb.connect_async(
                str(folder) if folder else settings.index_uri,
                read_consistency_interval=timedelta(seconds=settings.index.read_consistency_seconds),
                session=lancedb.Session(INDEX_CACHE, METADATA_CACHE),
            )
        return cls(connection, folder)

    @property
    def is_local(self) -> bool:
        """Whether `writing` keeps other processes out."""
        return self._folder is not None

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Be the only writer: in this process, and for a local folder among all processes.

        On an object store nobody is locked out; there the keys of the tables make concurrent commits of one document
        wait for each other.
        """
        async with self._writing, self._locked("write.lock", LOCK_TIMEOUT_SECONDS) as is_free:
            if not is_free:
                raise IndexStoreError("Another process has been writing to the index for too long.")
            yield

    @asynccontextmanager
    async def tidying(self) -> AsyncIterator[bool]:
        """Be the only one who optimizes; yields False, at once, if somebody else does."""
        async with self._locked("optimize.lock", 0.0) as is_free:
            yield is_free

    @asynccontextmanager
    async def _locked(self, name: str, patience: float) -> AsyncIterator[bool]:
        if self._folder is None:
            yield True
            return
        import filelock

        self._folder.mkdir(parents=True, exist_ok=True)
        lock = filelock.AsyncFileLock(
            self._folder / name, timeout=patience, poll_interval=LOCK_POLL_SECONDS, run_in_executor=False
        )
        try:
            await lock.acquire()
        except filelock.Timeout:
            yield False
            return
        try:
            yield True
        finally:
            await lock.release()

    async def generations(self) -> tuple[Generation, ...]:
        """Return what the generations table says; empty where nothing was ever indexed."""
        table = await self._open_generations()
        if table is None:
            return ()
        with translated("read"):
            rows = await table.query().to_list(timeout=QUERY_TIMEOUT)
        return tuple(sorted((read_generation(row) for row in rows), key=lambda generation: generation.number))

    async def generations_version(self) -> int:
        """Return a number that changes with the generations table; cheap enough to ask before every search."""
        table = await self._open_generations()
        if table is None:
            return 0
        with translated("read"):
            version: int = await table.version()
        return version

    async def refresh(self) -> None:
        """Look for a switch by another process now, not only when the read consistency interval is over."""
        table = await self._open_generations()
        if table is not None:
            with translated("read"):
                await table.checkout_latest()

    async def record(self, *generations: Generation) -> None:
        """Write rows of the generations table, in one commit."""
        with translated("written"):
            table = await self._table(GENERATIONS, generation_schema())
            upsert = table.merge_insert("number").when_matched_update_all().when_not_matched_insert_all()
            await upsert.execute(generation_rows(generations), timeout=WRITE_TIMEOUT)
        await self.refresh()

    async def open(self, generation: Generation) -> Tables:
        with translated("opened"):
            return Tables(
                generation,
                await self._connection.open_table(f"chunks_g{generation.number}"),
                await self._connection.open_table(f"documents_g{generation.number}"),
            )

    async def create(self, number: int, identity: EmbeddingIdentity) -> Tables:
        """Make the empty tables of a generation; the caller records it. What a kill left of them is made complete."""
        generation = Generation(number, False, identity, SCHEMA_VERSION, datetime.now(UTC))
        with translated("created"):
            tables = Tables(
                generation,
                await self._table(f"chunks_g{number}", chunk_schema(identity.dimensions)),
                await self._table(f"documents_g{number}", document_schema()),
            )
            await create_indexes(tables.chunks, tables.documents)
        return tables

    async def drop_retired(self, keep: timedelta) -> None:
        """Remove the generations that have not answered for so long that nobody reads them any more."""
        generations = await self.generations()
        current = max((g.number for g in generations if g.is_current), default=0)
        for generation in generations:
            if generation.number < current and datetime.now(UTC) - generation.changed_at > keep:
                await self._drop(generation)

    async def _drop(self, generation: Generation) -> None:
        with translated("tidied up"):
            for name in (f"chunks_g{generation.number}", f"documents_g{generation.number}"):
                await self._connection.drop_table(name, ignore_missing=True)
            table = await self._connection.open_table(GENERATIONS)
            await table.delete(equal("number", generation.number))
        await self.refresh()

    def close(self) -> None:
        if self._generations is not None:
            self._generations.close()
        self._connection.close()

    async def _table(self, name: str, schema: Schema) -> AsyncTable:
        """Make a table, or open the one that is there: another process may be ahead, and may have begun to fill it."""
        try:
            return await self._connection.create_table(name, schema=schema, exist_ok=True)
        except ValueError as error:
            if "does not match" not in str(error):
                raise
        # Somebody was killed who wanted it for another model.
        await self._connection.drop_table(name)
        return await self._connection.create_table(name, schema=schema)

    async def _open_generations(self) -> AsyncTable | None:
        if self._generations is None:
            if self._folder is not None and not (self._folder / f"{GENERATIONS}.lance").exists():
                return None
            with translated("opened"):
                try:
                    self._generations = await self._connection.open_table(GENERATIONS)
                except ValueError as error:
                    if "not found" not in str(error):
                        raise
        return self._generations


def _configure_lance() -> None:
    """Set what LanceDB's native code reads from the environment when it is imported."""
    # It tells on stderr that a new table is new.
    os.environ.setdefault("LANCEDB_LOG", "error")
    # On two cores it computes with one thread and keeps the others for waiting: searches take half as long again.
    os.environ.setdefault("LANCE_CPU_THREADS", str(max(2, (os.cpu_count() or 2) - 2)))
    # Who names a server without TLS means it; boto, which stores the originals, does not ask either.
    if os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://"):
        os.environ.setdefault("AWS_ALLOW_HTTP", "true")


def local_folder(uri: str) -> Path | None:
    """Return the folder that `uri` names; None if it is on an object store.

    LanceDB takes a relative path that begins with "db" for its own cloud, so that paths are always made absolute.
    """
    scheme, separator, rest = uri.partition("://")
    if not separator:
        return Path(uri).expanduser().absolute()
    return Path(rest).absolute() if scheme == "file" else None


@contextmanager
def translated(done: str) -> Iterator[None]:
    """Turn what LanceDB raises into an error with a sentence; `done` is what could not be done with the index."""
    try:
        yield
    except (RuntimeError, ValueError, OSError, TimeoutError) as error:
        raise IndexStoreError(
            f"The index could not be {done}. Check that its disk or network is there and not full (`askdocs doctor`)."
        ) from error
