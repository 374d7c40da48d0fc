"""Work under way when a process stops."""

from __future__ import annotations

import asyncio

from bot.tasks import Tasks


async def test_a_stop_waits_for_what_the_last_work_began():
    """Work may begin other work while the stop waits; what takes too long is cancelled, and nothing is left."""
    tasks = Tasks()
    done: list[str] = []

    async def last() -> None:
        await asyncio.sleep(0)
        done.append("last")

    async def first() -> None:
        await asyncio.sleep(0)
        done.append("first")
        tasks.start(last())

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            done.append("endless")

    tasks.start(first())
    await tasks.stop(30)
    ended = list(done)
    tasks.start(endless())
    await tasks.stop(0.01)

    assert ended == ["first", "last"]
    assert done == ["first", "last", "endless"]
