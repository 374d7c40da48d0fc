"""Proof of life between processes, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest

from ingest.database import Database
from ingest.locks import Locks
from ingest.seats import gone, is_anybody_seated, take_seat


@pytest.fixture
async def locks(database: Database) -> AsyncIterator[Locks]:
    await database.migrate("ingest")
    async with Locks(database) as locks:
        yield locks


async def test_everybody_has_a_seat_of_their_own(database, locks):
    """Processes that start at once sit on different seats, all alive."""
    taken = await asyncio.gather(*(take_seat(database, locks) for _ in range(5)))

    assert {seat.number for seat in taken} == {1, 2, 3, 4, 5}
    assert await gone(database, locks, [seat.token for seat in taken]) == set()
    for seat in taken:
        assert await seat.is_held()
        await seat.leave()


async def test_whoever_left_is_gone(database, locks):
    """A seat that was left, or taken by somebody else since, and a token never seen, are gone."""
    first, second = await take_seat(database, locks), await take_seat(database, locks)
    await first.leave()
    assert await gone(database, locks, [first.token, second.token, "9-unknown"]) == {first.token, "9-unknown"}

    third = await take_seat(database, locks)

    assert third.number == first.number
    assert await gone(database, locks, [first.token, second.token, third.token]) == {first.token}
    await second.leave()
    await third.leave()


async def test_an_empty_room_is_known(database, locks):
    """Whether any process has a seat is known to those who have none."""
    assert not await is_anybody_seated(database, locks)
    first, second = await take_seat(database, locks), await take_seat(database, locks)
    await first.leave()
    assert await is_anybody_seated(database, locks)

    await second.leave()

    assert not await is_anybody_seated(database, locks)


SITTER = """
import asyncio, sys
from ingest.database import Database
from ingest.locks import Locks
from ingest.seats import take_seat

async def main():
    database = Database.open(sys.argv[1])
    seat = await take_seat(database, Locks(database))
    print(seat.token, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_a_killed_process_is_gone_at_once(state_url, database, locks):
    """No lease has to run out before the work of a killed process is taken over."""
    with subprocess.Popen([sys.executable, "-c", SITTER, state_url], stdout=subprocess.PIPE, text=True) as sitter:
        assert sitter.stdout is not None
        token = (await asyncio.to_thread(sitter.stdout.readline)).strip()
        assert await gone(database, locks, [token]) == set()
        sitter.send_signal(signal.SIGKILL)
        await asyncio.to_thread(sitter.wait)
        async with asyncio.timeout(2):
            while await gone(database, locks, [token]) == set():
                await asyncio.sleep(0.02)
