"""How much may be asked: an allowance a person and a workspace, and a bounded queue that tells everybody their place.

All of it belongs to one process: with several, each grants as much.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.errors import BusyError
from bot.settings import LimitSettings

MAX_BUCKETS = 10_000
SECONDS_AN_ANSWER = 5.0
"""What a place in the queue is taken to cost, until answers were timed."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


class Allowance:
    """Token buckets by key: each holds a minute's worth, and fills evenly."""

    def __init__(self, per_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._size = max(1.0, per_minute)
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait(self, key: str) -> float:
        """Return the seconds until `key` may take one; 0 when it may now."""
        missing = 1.0 - self._filled(key).tokens
        return max(0.0, missing * 60.0 / self._per_minute)

    def take(self, key: str) -> None:
        self._filled(key).tokens -= 1.0

    def _filled(self, key: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.setdefault(key, _Bucket(self._size, now))
        bucket.tokens = min(self._size, bucket.tokens + (now - bucket.filled_at) * self._per_minute / 60.0)
        bucket.filled_at = now
        self._buckets.move_to_end(key)
        while len(self._buckets) > MAX_BUCKETS:
            self._buckets.popitem(last=False)  # the one unused for longest is the fullest
        return bucket


class Limits:
    """Decides whether a question may be asked now."""

    def __init__(self, settings: LimitSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._person = Allowance(settings.person_per_minute, clock)
        self._workspace = Allowance(settings.workspace_per_minute, clock)

    def admit(self, workspace: str, person: str) -> None:
        """Count one question; raise BusyError, and count nothing, when an allowance is used up."""
        key = f"{workspace}\0{person}"
        if wait := self._person.wait(key):
            raise BusyError(f"You ask faster than I may answer. Ask again in {_seconds(wait)}.", retry_after=wait)
        if wait := self._workspace.wait(workspace):
            raise BusyError(
                f"This workspace asks faster than I may answer. Ask again in {_seconds(wait)}.", retry_after=wait
            )
        self._person.take(key)
        self._workspace.take(workspace)


OnPosition = Callable[[int, float], None]
"""Told the place in the queue (1 is next) and about how many seconds are left, whenever they change."""


@dataclass(slots=True)
class _Ticket:
    on_position: OnPosition | None
    turn: asyncio.Event


class AnswerQueue:
    """Lets a few questions be answered at a time; the others wait in order, as many as the queue holds."""

    def __init__(self, settings: LimitSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._concurrent = settings.concurrent
        self._size = settings.queue
        self._clock = clock
        self._answering = 0
        self._waiting: deque[_Ticket] = deque()
        self._seconds = SECONDS_AN_ANSWER

    @property
    def answering(self) -> int:
        return self._answering

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @asynccontextmanager
    async def place(self, on_position: OnPosition | None = None) -> AsyncIterator[None]:
        """Wait for a turn and hold it for the block. A task that is cancelled leaves, and the others move up.

        Raises:
            BusyError: the queue is full.
        """
        await self._wait_for_turn(on_position)
        started = self._clock()
        try:
            yield
        finally:
            self._seconds += 0.2 * (self._clock() - started - self._seconds)
            self._answering -= 1
            self._call_next()

    async def _wait_for_turn(self, on_position: OnPosition | None) -> None:
        if self._answering < self._concurrent and not self._waiting:
            self._answering += 1
            return
        if len(self._waiting) >= self._size:
            wait = self._seconds_to_go(self._size)
            raise BusyError(f"Too many questions are waiting. Ask again in {_seconds(wait)}.", retry_after=wait)
        ticket = _Ticket(on_position, asyncio.Event())
        self._waiting.append(ticket)
        self._tell_positions()
        try:
            await ticket.turn.wait()
        except asyncio.CancelledError:
            self._leave(ticket)
            raise

    def _leave(self, ticket: _Ticket) -> None:
        if ticket.turn.is_set():  # called in the very moment it was cancelled: hand the turn on
            self._answering -= 1
            self._call_next()
        else:
            self._waiting.remove(ticket)
            self._tell_positions()

    def _call_next(self) -> None:
        while self._waiting and self._answering < self._concurrent:
            self._answering += 1
            self._waiting.popleft().turn.set()
        self._tell_positions()

    def _tell_positions(self) -> None:
        for position, ticket in enumerate(self._waiting, start=1):
            if ticket.on_position is not None:
                ticket.on_position(position, self._seconds_to_go(position))

    def _seconds_to_go(self, position: int) -> float:
        return self._seconds * (1 + (position - 1) // self._concurrent)


def _seconds(wait: float) -> str:
    seconds = max(1, round(wait))
    return "a second" if seconds == 1 else f"{seconds} seconds"
