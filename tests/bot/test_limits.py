"""Allowances, the queue with its places, and answers that are stopped."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import BusyError
from bot.limits import MAX_BUCKETS, Allowance, AnswerQueue, Limits
from bot.settings import LimitSettings


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_person_may_ask_so_often_a_minute():
    """The allowance is a minute's worth at once, and fills evenly; another person has their own."""
    clock = Clock()
    limits = Limits(LimitSettings(person_per_minute=2, workspace_per_minute=100), clock)
    limits.admit("T1", "U1")
    limits.admit("T1", "U1")
    with pytest.raises(BusyError, match="in 30 seconds") as refused:
        limits.admit("T1", "U1")
    assert refused.value.retry_after == pytest.approx(30)
    limits.admit("T1", "U2")
    limits.admit("T2", "U1")

    clock.now += 30

    limits.admit("T1", "U1")


def test_a_workspace_has_an_allowance_too():
    """Many people together are bounded, and who is refused has used nothing up."""
    limits = Limits(LimitSettings(person_per_minute=1, workspace_per_minute=2), Clock())
    limits.admit("T1", "U1")
    limits.admit("T1", "U2")

    for person in ("U3", "U3"):
        with pytest.raises(BusyError, match="workspace"):
            limits.admit("T1", person)
    limits.admit("T2", "U3")


def test_allowances_do_not_grow_without_bound():
    """A flood of new people does not fill the memory."""
    allowance = Allowance(5, Clock())
    for number in range(MAX_BUCKETS + 100):
        allowance.take(str(number))

    assert len(allowance._buckets) == MAX_BUCKETS


async def test_the_queue_tells_everybody_their_place():
    """One is answered, the others wait in order, and move up when somebody leaves."""
    queue = AnswerQueue(LimitSettings(concurrent=1, queue=3))
    gates = [asyncio.Event() for _ in range(4)]
    places: dict[int, list[int]] = {number: [] for number in range(4)}

    async def answer(number: int) -> int:
        async with queue.place(lambda position, _: places[number].append(position)):
            await gates[number].wait()
        return number

    tasks = [asyncio.create_task(answer(number)) for number in range(4)]
    await asyncio.sleep(0)
    assert (queue.answering, queue.waiting) == (1, 3)
    with pytest.raises(BusyError, match="Too many"):
        async with queue.place():
            pass

    tasks[1].cancel()
    await asyncio.wait({tasks[1]})
    gates[0].set()
    await tasks[0]
    await asyncio.sleep(0)

    assert {number: place[-1:] for number, place in places.items()} == {0: [], 1: [1], 2: [1], 3: [1]}
    assert places[3][:2] == [3, 2]
    gates[2].set()
    gates[3].set()
    assert await asyncio.gather(tasks[2], tasks[3]) == [2, 3]
    assert (queue.answering, queue.waiting) == (0, 0)


async def test_a_turn_given_to_a_cancelled_task_is_handed_on():
    """A question deleted in the moment it was called does not block the queue."""
    queue = AnswerQueue(LimitSettings(concurrent=1, queue=3))
    holding = queue.place()
    await holding.__aenter__()

    async def wait() -> None:
        async with queue.place():
            pass

    first, second = asyncio.create_task(wait()), asyncio.create_task(wait())
    await asyncio.sleep(0)
    await holding.__aexit__(None, None, None)
    first.cancel()

    async with asyncio.timeout(1):
        await second
    assert first.cancelled()
    assert queue.answering == 0
