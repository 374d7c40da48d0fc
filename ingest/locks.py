"""Named locks that hold across tasks, processes and machines, and that a killed process lets go of at once.

PostgreSQL: an advisory lock of a session, gone with its connection (a pooler in transaction mode would break it, as it
breaks the LISTEN of the jobs). SQLite: all processes are on one machine, so it is a `flock` on a file beside the
database, gone with its process. Neither needs a time limit, so a process that is only slow never loses what it holds.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from ingest.database import Database

POLL_SECONDS = 0.02
LONGEST_POLL_SECONDS = 0.25
TRY, UNLOCK = "pg_try_advisory_lock", "pg_advisory_unlock"


class Lock(Protocol):
    """One lock across processes, held from a successful `acquire` until `release`."""

    async def acquire(self, *, wait: bool = True) -> bool:
        """Say whether it is held now; without `wait`, False when somebody else holds it."""
        ...

    async def is_held(self) -> bool:
        """Say whether it is still held: a lost connection loses it."""
        ...

    async def release(self) -> None: ...


class Locks:
    """Makes locks by name, `<kind>:<id>`, e.g. `document:4f…`.

    Not reentrant. Who holds one of a kind must not ask for another of that kind; between kinds, `document` comes
    before `content`.
    """

    def __init__(self, database: Database) -> None:
        self._names = _NamedLocks()
        self._folder = database.path.with_suffix(".locks") if database.path else None
        # Its own connections: waiting for a lock must not use up the pool that the holder needs to finish.
        self._engine = None
        self._session = None
        if database.path is None:
            url = database.engine.url
            self._engine = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
            self._session = _SharedSession(self._engine)

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[None]:
        """Wait for the lock and hold it for the block."""
        async with self._names.hold(name):
            lock = _SharedLock(self._session, _key(name)) if self._session is not None else self.lock(name)
            await lock.acquire()
            try:
                yield
            finally:
                await lock.release()

    def lock(self, name: str) -> Lock:
        """Return one to be held for longer than a block; two of one name exclude each other within a process too."""
        if self._engine is not None:
            return _AdvisoryLock(self._engine, _key(name))
        assert self._folder is not None
        kind, _, rest = name.partition(":")
        if re.fullmatch(r"[0-9]{1,4}", rest):
            return _FileLock(self._folder / f"{kind}-{rest}")
        return _FileLock(self._folder / f"{kind}-x{_key(name):016x}", is_kept=False)

    async def close(self) -> None:
        if self._session is not None and self._engine is not None:
            await self._session.close()
            await self._engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self.close()


class _NamedLocks:
    """Locks between the tasks of this process: fifty waiting tasks are not fifty connections."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[None]:
        lock, users = self._locks.get(name, (asyncio.Lock(), 0))
        self._locks[name] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            _, users = self._locks.pop(name)
            if users > 1:
                self._locks[name] = (lock, users - 1)


class _FileLock:
    """`flock` on a file: between open files, so within a process too. Files that are not kept leave none behind."""

    def __init__(self, path: Path, *, is_kept: bool = True) -> None:
        self._path = path
        self._is_kept = is_kept
        self._descriptor: int | None = None

    async def acquire(self, *, wait: bool = True) -> bool:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        while self._descriptor is None:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                while not _try_flock(descriptor):
                    if not wait:
                        return False
                    await asyncio.sleep(POLL_SECONDS)
                if self._is_there(descriptor):
                    self._descriptor, descriptor = descriptor, -1
            finally:
                if descriptor != -1:
                    os.close(descriptor)
        return True

    async def is_held(self) -> bool:
        return self._descriptor is not None

    async def release(self) -> None:
        if self._descriptor is None:
            return
        if not self._is_kept:
            self._path.unlink(missing_ok=True)
        os.close(self._descriptor)
        self._descriptor = None

    def _is_there(self, descriptor: int) -> bool:
        """Say whether who held the lock before has left its file: a lock on one that was removed excludes nobody."""
        try:
            return os.path.samestat(os.fstat(descriptor), self._path.stat())
        except FileNotFoundError:
            return False


def _try_flock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class _AdvisoryLock:
    """A session's advisory lock, on a connection of its own.

    The server drops the connection of a machine that vanished within half a minute, and the lock with it.
    """

    def __init__(self, engine: AsyncEngine, key: int) -> None:
        self._engine = engine
        self._key = key
        self._connection: AsyncConnection | None = None

    async def acquire(self, *, wait: bool = True) -> bool:
        connection = await self._engine.connect()
        held = False
        try:
            await _keep_alive(connection)
            if wait:
                await connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": self._key})
                held = True
            else:
                held = bool(await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": self._key}))
        finally:
            if not held:
                await connection.close()
        self._connection = connection if held else None
        return held

    async def is_held(self) -> bool:
        from sqlalchemy.exc import DBAPIError

        if self._connection is None:
            return False
        try:
            await self._connection.execute(text("SELECT 1"))
        except DBAPIError:
            return False
        return True

    async def release(self) -> None:
        from sqlalchemy.exc import DBAPIError

        if self._connection is not None:
            connection, self._connection = self._connection, None
            with suppress(DBAPIError):  # whoever asks next gets it; the end of the session is noticed a moment later
                await connection.execute(text(f"SELECT {UNLOCK}(:key)"), {"key": self._key})
            await connection.close()  # not pooled: closing it ends the session, which lets go of the lock


class _SharedSession:
    """One connection for whatever this process holds for a block: fifty locks are not fifty connections.

    A session may take a lock that it has, so who uses this must exclude its own tasks from each other.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: AsyncConnection | None = None
        self._turn = asyncio.Lock()

    async def ask(self, function: str, key: int) -> bool:
        """Call one of PostgreSQL's functions for locks; to its end, whoever is cancelled meanwhile."""
        call = asyncio.ensure_future(self._ask(function, key))
        try:
            return await asyncio.shield(call)
        except asyncio.CancelledError:
            await asyncio.wait([call])
            if function == TRY and not call.exception() and call.result():
                await self._ask(UNLOCK, key)
            raise

    async def close(self) -> None:
        async with self._turn:
            if self._connection is not None:
                connection, self._connection = self._connection, None
                await connection.close()

    async def _ask(self, function: str, key: int) -> bool:
        from sqlalchemy.exc import DBAPIError

        async with self._turn:
            if self._connection is None:
                self._connection = await self._engine.connect()
                await _keep_alive(self._connection)
            try:
                return bool(await self._connection.scalar(text(f"SELECT {function}(:key)"), {"key": key}))
            except DBAPIError:
                connection, self._connection = self._connection, None
                await connection.invalidate()
                await connection.close()
                raise


class _SharedLock:
    """An advisory lock of the shared session: asked for again and again, since waiting there would stop the others."""

    def __init__(self, session: _SharedSession, key: int) -> None:
        self._session = session
        self._key = key
        self._is_held = False

    async def acquire(self, *, wait: bool = True) -> bool:
        pause = POLL_SECONDS
        while not await self._session.ask(TRY, self._key):
            if not wait:
                return False
            await asyncio.sleep(pause)
            pause = min(LONGEST_POLL_SECONDS, 1.5 * pause)
        self._is_held = True
        return True

    async def is_held(self) -> bool:
        return self._is_held

    async def release(self) -> None:
        self._is_held = False
        await self._session.ask(UNLOCK, self._key)


async def _keep_alive(connection: AsyncConnection) -> None:
    """Let the server notice within half a minute that our machine vanished."""
    for parameter, seconds in (("idle", 15), ("interval", 5), ("count", 3)):
        await connection.execute(text(f"SET tcp_keepalives_{parameter} = {seconds}"))


def _key(name: str) -> int:
    """Map a name to a number that PostgreSQL takes as bigint."""
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:8]) >> 2
