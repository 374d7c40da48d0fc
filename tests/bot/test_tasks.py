"""Work under way when a process stops."""

from __future__ import annotations

import asyncio

import pytest

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
    others = Tasks()
    others.start(endless())
    await others.stop(0.01)

    assert done == ["first", "last", "endless"]


async def test_nothing_begins_after_the_end():
    """Who works on after a stop works on what is being closed: an event may still come in then."""
    tasks = Tasks()
    done: list[str] = []

    async def work() -> str:
        done.append("work")
        return "done"

    async def start() -> None:
        await work()

    before = await tasks.result(work())
    await tasks.stop(30)
    tasks.start(start())
    with pytest.raises(asyncio.CancelledError):
        await tasks.result(work())
    await asyncio.sleep(0)

    assert before == "done"
    assert done == ["work"]


async def test_a_stop_waits_for_what_somebody_waits_for():
    """What is looked up for an answer of another's is waited for, and cancelled when it takes too long."""
    tasks = Tasks()
    left = asyncio.Event()

    async def look_up() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            left.set()

    waiting = asyncio.create_task(tasks.result(look_up()))
    await asyncio.sleep(0)
    await tasks.stop(0.01)

    assert left.is_set()
    with pytest.raises(asyncio.CancelledError):
        await waiting
