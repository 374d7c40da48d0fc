"""Which processes are alive: each takes a seat, a lock it holds for as long as it lives.

What a process has taken on is marked with its token. When its seat is free, or somebody else sits there, the work
marked with that token may be taken over: at once after a kill, and never from a process that is only slow.
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Collection

from sqlalchemy import Column, Integer, String, Table, select

from ingest.database import Database, metadata
from ingest.locks import Lock, Locks

seats = Table(
    "process_seats",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("token", String(40), nullable=False),
)


class Seat:
    """This process's proof of life."""

    def __init__(self, number: int, token: str, lock: Lock) -> None:
        self.number = number
        self.token = token
        self._lock = lock

    async def is_held(self) -> bool:
        """Say whether it still proves anything: a lost connection to PostgreSQL loses the seat."""
        return await self._lock.is_held()

    async def leave(self) -> None:
        await self._lock.release()


async def take_seat(database: Database, locks: Locks) -> Seat:
    """Sit down on the first free seat."""
    for number in itertools.count(1):
        lock = locks.lock(f"seat:{number}")
        if await lock.acquire(wait=False):
            break
    token = f"{number}-{secrets.token_hex(8)}"
    async with database.write() as connection:
        insert = database.insert(seats).values(number=number, token=token)
        await connection.execute(insert.on_conflict_do_update(index_elements=["number"], set_={"token": token}))
    return Seat(number, token, lock)


async def gone(database: Database, locks: Locks, tokens: Collection[str]) -> frozenset[str]:
    """Return those of the tokens whose process has ended."""
    async with database.read() as connection:
        rows = await connection.execute(select(seats.c.token).where(seats.c.token.in_(tokens)))
        sitting = {row.token for row in rows}
    return frozenset([token for token in set(tokens) if token not in sitting or await _is_free(locks, token)])


async def is_anybody_seated(database: Database, locks: Locks) -> bool:
    """Say whether any process is alive that has a seat; the bot and its workers have, commands have not."""
    async with database.read() as connection:
        tokens = (await connection.execute(select(seats.c.token))).scalars().all()
    return bool(set(tokens) - await gone(database, locks, tokens))


async def _is_free(locks: Locks, token: str) -> bool:
    lock = locks.lock(f"seat:{token.partition('-')[0]}")
    if not await lock.acquire(wait=False):
        return False
    await lock.release()
    return True
