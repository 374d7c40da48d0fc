"""Locks across tasks and processes, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from contextlib import AsyncExitStack

from ingest.database import Database
from ingest.locks import Locks


async def test_a_lock_excludes(database):
    """Of ten tasks with two sets of locks, only one is inside at a time."""
    async with Locks(database) as ours, Locks(database) as theirs:
        inside, most = 0, 0

        async def enter(locks: Locks) -> None:
            nonlocal inside, most
            async with locks.hold("document:a"):
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0.005)
                inside -= 1

        await asyncio.gather(*(enter(locks) for locks in (ours, theirs) for _ in range(5)))

        assert most == 1


async def test_different_names_do_not_wait(database):
    """A document does not wait for its own content, nor for any of many others; what is released leaves no file."""
    async with Locks(database) as locks, AsyncExitStack() as held, asyncio.timeout(30):
        await held.enter_async_context(locks.hold("content:a"))
        for number in range(60):
            await held.enter_async_context(locks.hold(f"document:{number}:x"))
        await held.aclose()

    assert database.path is None or list(database.path.with_suffix(".locks").iterdir()) == []


async def test_a_taken_lock_can_be_left(database):
    """Who does not want to wait is told so; after the release it is free."""
    async with Locks(database) as locks:
        first, second = locks.lock("worker:1"), locks.lock("worker:1")
        assert await first.acquire(wait=False)
        assert not await second.acquire(wait=False)
        assert await first.is_held()
        await first.release()

        assert await second.acquire(wait=False)
        assert not await first.is_held()
        await second.release()


async def test_a_cancelled_waiter_leaves_nothing_behind(database):
    """A task cancelled while it waits does not keep the lock once it comes free."""
    async with Locks(database) as locks:
        async with locks.hold("document:a"):
            waiter = asyncio.create_task(enter(locks))
            await asyncio.sleep(0.05)
            waiter.cancel()
            await asyncio.wait({waiter})
        async with asyncio.timeout(2), locks.hold("document:a"):
            pass


async def enter(locks: Locks) -> None:
    async with locks.hold("document:a"):
        raise AssertionError("the lock was held by another task")


async def test_many_locks_need_few_connections(database):
    """A hundred and fifty at once do not exhaust a database server that takes a hundred connections."""
    async with Locks(database) as locks, AsyncExitStack() as held, asyncio.timeout(60):
        for number in range(150):
            await held.enter_async_context(locks.hold(f"thread:C{number}"))


HOLDER = """
import asyncio, sys
from ingest.database import Database
from ingest.locks import Locks

async def main():
    locks = Locks(Database.open(sys.argv[1]))
    async with locks.hold("document:a"):
        print("held", flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_a_killed_process_lets_go(state_url):
    """A lock held by another process waits for it, and is free as soon as that process is killed."""
    with subprocess.Popen([sys.executable, "-c", HOLDER, state_url], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert await asyncio.to_thread(holder.stdout.readline) == "held\n"
        database = Database.open(state_url)
        async with Locks(database) as locks:
            lock = locks.lock("document:a")
            assert not await lock.acquire(wait=False)
            holder.send_signal(signal.SIGKILL)
            async with asyncio.timeout(5):
                assert await lock.acquire()
            await lock.release()
        await database.close()
