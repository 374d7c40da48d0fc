"""The state database: opening it, migrating it, reading and writing. What is in the tables belongs to their own rooms.

One URL names it for everything, the durable jobs included. On SQLite several processes of one machine share the file:
it is in WAL mode, so reading never waits, and every writing transaction begins as IMMEDIATE, so that two writers wait
for each other instead of failing half-way with "database is locked". Writers of one process queue up here: waiting in
SQLite is asking again after up to a tenth of a second.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.util import await_only

BUSY_TIMEOUT_MS = 30_000
"""As long as DBOS waits for the same file."""
LOG_PAUSE_MS = 20
SQLITE_CONNECTIONS = 16
"""Kept open: making one is a thread and four statements, more than most of what is done over it."""

metadata = MetaData()
"""The tables of ingest; each is defined in the room that uses it, and made by the migrations."""


class Database:
    """One pool of connections to the state database."""

    def __init__(self, engine: AsyncEngine, path: Path | None) -> None:
        self.engine = engine
        self.path = path
        """The file, for SQLite; None on PostgreSQL."""
        self._writing = asyncio.Lock()

    @classmethod
    def open(cls, url: str) -> Database:
        """Prepare the pool; nothing is connected before the first use.

        Errors never carry the values of a statement: they would end in a log.
        """
        parsed = _async_url(url)
        if parsed.get_backend_name() != "sqlite":
            return cls(create_async_engine(parsed, hide_parameters=True, pool_pre_ping=True), None)
        logging.getLogger("aiosqlite").setLevel(logging.INFO)  # at DEBUG it logs every value of every statement
        path = Path(parsed.database or "")
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_async_engine(
            parsed,
            hide_parameters=True,
            pool_size=SQLITE_CONNECTIONS,
            max_overflow=0,
            pool_reset_on_return=None,  # every block here ends its transaction itself
        )
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return cls(engine, path)

    @property
    def is_sqlite(self) -> bool:
        return self.path is not None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for one statement that reads; it waits for nobody. Two may see different states."""
        async with self.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def write(self, *, is_brief: bool = False) -> AsyncIterator[AsyncConnection]:
        """A transaction that commits at the end of the block, or rolls back if it raises.

        Args:
            is_brief: what is written may be lost when the power fails in the next seconds (never when a process is
                killed): on SQLite it does not wait for the disk.
        """
        options = {"askdocs_writes": True, "askdocs_brief": is_brief}
        async with AsyncExitStack() as stack:
            if self.is_sqlite:
                await stack.enter_async_context(self._writing)
            connection = await stack.enter_async_context(self.engine.connect())
            await connection.execution_options(**options)
            await stack.enter_async_context(connection.begin())
            yield connection

    def insert(self, table: Table) -> Any:  # noqa: ANN401 - the two dialects' Insert share on_conflict_do_* without a common type
        """Return an INSERT that knows ON CONFLICT."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    async def migrate(self, package: str) -> None:
        """Bring the tables of `package`, which has a folder `migrations`, up to date; processes may do so at once."""
        async with self.write() as connection:
            await connection.run_sync(_upgrade, package)

    async def fold(self) -> None:
        """Fold the write-ahead log into the file, so that what was deleted is not in the log either."""
        if self.is_sqlite:
            async with self.engine.connect() as connection:
                raw = await connection.execution_options(isolation_level="AUTOCOMMIT")
                await raw.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        await self.engine.dispose()


def _async_url(url: str) -> URL:
    """Name the driver: aiosqlite, or psycopg, which takes every option that libpq (and so DBOS) takes."""
    parsed = make_url(url.replace("postgres://", "postgresql://", 1))
    driver = "sqlite+aiosqlite" if parsed.get_backend_name() == "sqlite" else "postgresql+psycopg"
    return parsed.set(drivername=driver)


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection has no type
    connection.isolation_level = None  # we write BEGIN ourselves, in _begin_sqlite
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    _keep_log(cursor)
    cursor.close()


def _keep_log(cursor: Any) -> None:  # noqa: ANN401 - a DBAPI cursor has no type
    """Switch to a write-ahead log, which the file remembers. Two that make the file at once are refused, and try again.

    SQLite does not wait here as it does for other locks: both read the file, and each would wait for the other.
    """
    for _ in range(BUSY_TIMEOUT_MS // LOG_PAUSE_MS):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            await_only(asyncio.sleep(LOG_PAUSE_MS / 1000))
        else:
            return
    cursor.execute("PRAGMA journal_mode=WAL")


def _begin_sqlite(connection: Connection) -> None:
    """Begin what writes. What reads is one statement, and needs no transaction around it."""
    options = connection.get_execution_options()
    if not options.get("askdocs_writes"):
        return
    level = "NORMAL" if options["askdocs_brief"] else "FULL"
    if connection.info.get("synchronous") != level:
        connection.exec_driver_sql(f"PRAGMA synchronous={level}")
        connection.info["synchronous"] = level
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _upgrade(connection: Connection, package: str) -> None:
    """Run the missing migrations within the caller's transaction."""
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    if connection.dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(package.encode()).digest()[:8], signed=True)
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
    with resources.as_file(resources.files(package) / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        script = ScriptDirectory.from_config(config)
        with EnvironmentContext(
            config, script, fn=lambda revision, _: script._upgrade_revs("head", revision)
        ) as context:
            context.configure(connection=connection, version_table=f"{package}_migration", transactional_ddl=True)
            context.run_migrations()
