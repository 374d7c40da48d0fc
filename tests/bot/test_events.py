"""Each event is handled exactly once, whoever gets it how often."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.events import KEPT_SECONDS, Events, OpenEvent
from ingest.database import Database
from ingest.locks import Locks
from ingest.seats import Seat, take_seat


@pytest.fixture
async def locks(state: Database) -> AsyncIterator[Locks]:
    async with Locks(state) as locks:
        yield locks


@pytest.fixture
async def seats(state: Database, locks: Locks) -> AsyncIterator[tuple[Seat, Seat]]:
    taken = (await take_seat(state, locks), await take_seat(state, locks))
    yield taken
    for seat in taken:
        await seat.leave()


@pytest.fixture
def processes(state: Database, locks: Locks, seats: tuple[Seat, Seat]) -> tuple[Events, Events]:
    return Events(state, locks, seats[0]), Events(state, locks, seats[1])


async def test_one_of_many_deliveries_wins(processes):
    """Of fifty concurrent deliveries to two processes, one is handled."""
    claims = await asyncio.gather(*(processes[number % 2].claim("slack:Ev1", {"ts": "1"}) for number in range(50)))

    assert claims.count(True) == 1
    assert await processes[0].claim("slack:Ev2")


async def test_several_are_claimed_in_one_commit(processes):
    """Each is given to who was first, and they are open: their references are kept."""
    await processes[0].claim("slack:Ev1", {"ts": "1"})

    taken = await processes[1].claim_all({"slack:Ev1": {"ts": "1"}, "slack:Ev2": {"ts": "2"}})
    await processes[1].refer("slack:Ev2", {"ts": "2", "reply": "3"})

    assert taken == {"slack:Ev2"}
    assert not await processes[0].claim("slack:Ev2")


async def test_an_unfinished_event_is_taken_over_once(state, locks, processes, seats):
    """What a process left open is handed to exactly one other, with its reference; living processes keep theirs."""
    await processes[0].claim("slack:Ev1", {"channel": "C1", "ts": "1.1"})
    await processes[0].claim("slack:Ev2", {"channel": "C1", "ts": "1.2"})
    await processes[0].finish("slack:Ev2")
    await processes[0].claim("slack:Ev3")
    assert await processes[1].orphans() == ()
    assert await processes[0].orphans() == ()

    await seats[0].leave()
    seat = await take_seat(state, locks)
    taken = await asyncio.gather(processes[1].orphans(), Events(state, locks, seat).orphans())

    assert [event for events in taken for event in events] == [OpenEvent("slack:Ev1", {"channel": "C1", "ts": "1.1"})]
    await seat.leave()


async def test_a_withdrawn_event_is_known_to_everybody(processes):
    """A question deleted at one process is withdrawn at the one that answers it, even if its event comes later."""
    await processes[0].claim("slack:Ev1", {"ts": "1"})
    await processes[1].withdraw("slack:Ev1")
    await processes[0].finish("slack:Ev1")
    await processes[1].withdraw("slack:Ev2")

    assert await processes[0].is_withdrawn("slack:Ev1")
    assert not await processes[0].claim("slack:Ev2")
    assert not await processes[0].is_withdrawn("slack:Ev3")


async def test_old_events_are_forgotten(state, locks, seats):
    """Ids are kept for as long as they may be delivered again."""
    now = 1_000_000.0
    events = Events(state, locks, seats[0], clock=lambda: now)
    await events.claim("slack:Ev1")
    now += KEPT_SECONDS - 1
    assert await events.expire() == 0
    now += 1

    assert await events.expire() == 1
    assert await events.claim("slack:Ev1")
