"""Opening, migrating and writing the state database, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from ingest.database import Database


async def test_migrating_is_safe_in_several_tasks_at_once(state_url):
    """Whoever comes first migrates; the others find it done."""
    databases = [Database.open(state_url) for _ in range(4)]
    await asyncio.gather(*(database.migrate("ingest") for database in databases))

    async with databases[0].read() as connection:
        version = await connection.scalar(text("SELECT version_num FROM ingest_migration"))
    assert version is not None
    for database in databases:
        await database.close()


async def test_connecting_is_safe_while_the_file_is_made(tmp_path):
    """SQLite refuses two that switch a new file to its log at once, without waiting; neither is told so."""

    async def connect(database):
        async with database.read() as connection:
            return await connection.scalar(text("PRAGMA journal_mode"))

    for number in range(60):
        databases = [Database.open(f"sqlite:///{tmp_path}/{number}.sqlite") for _ in range(6)]
        assert await asyncio.gather(*map(connect, databases)) == ["wal"] * 6
        await asyncio.gather(*(database.close() for database in databases))


async def test_a_failed_block_leaves_nothing(database):
    """A transaction that raises is undone."""
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE marks (name TEXT PRIMARY KEY)"))
    with pytest.raises(RuntimeError, match="stop"):
        await write_and_fail(database)

    async with database.read() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM marks")) == 0


async def write_and_fail(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(text("INSERT INTO marks VALUES ('a')"))
        raise RuntimeError("stop")


async def test_writers_that_read_first_do_not_lose_each_other(database):
    """Forty read-and-increment transactions at once come to forty: none fails with a locked file."""
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE counter (value INTEGER)"))
        await connection.execute(text("INSERT INTO counter VALUES (0)"))

    async def increment() -> None:
        async with database.write() as connection:
            lock = "" if database.is_sqlite else " FOR UPDATE"
            value = await connection.scalar(text(f"SELECT value FROM counter{lock}"))
            await connection.execute(text("UPDATE counter SET value = :value"), {"value": value + 1})

    await asyncio.gather(*(increment() for _ in range(40)))

    async with database.read() as connection:
        assert await connection.scalar(text("SELECT value FROM counter")) == 40


async def test_errors_do_not_carry_values(database):
    """What is bound to a statement never reaches the text of its error, and so no log."""
    with pytest.raises(Exception, match="no_such_table") as caught:
        await run(database, "INSERT INTO no_such_table VALUES (:text)", {"text": "a secret"})

    assert "a secret" not in str(caught.value)


async def run(database: Database, statement: str, values: dict[str, str]) -> None:
    async with database.write() as connection:
        await connection.execute(text(statement), values)


async def test_deleted_text_leaves_the_file(tmp_path):
    """On SQLite, what is deleted is overwritten: once the log is folded in, its bytes are not on disk."""
    database = Database.open(f"sqlite:///{tmp_path / 'state.sqlite'}")
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE notes (body TEXT)"))
        await connection.execute(text("INSERT INTO notes VALUES (:body)"), {"body": "PLUTONIUM" * 300})
    assert b"PLUTONIUM" in read_all(tmp_path)
    async with database.write() as connection:
        await connection.execute(text("DELETE FROM notes"))
    await database.fold()

    assert b"PLUTONIUM" not in read_all(tmp_path)
    await database.close()


def read_all(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
