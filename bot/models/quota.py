"""Pacing: how much of a provider's allowance is left for one model, and the queue of those who wait for it.

The allowance is counted as Groq counts it: a bucket that refills all the time, `max_completion_tokens` taken out up
front. Configured limits hold until the first answer; from then on the rate-limit headers are right. Nothing here talks
to other processes: an organisation's limit that several processes use is known to each by the headers and 429s alone.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.answer import Waiting
from bot.errors import BotError, BusyError, QuotaError
from bot.models.bucket import Bucket
from bot.models.failures import parse_duration

_NOTHING_LEFT_SECONDS = 0.002
_AT_ONCE_SECONDS = 1.0
"""A host whose first words come within this time is not too busy."""
_SHORTEST_NOTICE = 1 / 120
"""Waits shorter than this part of a minute are not worth a notice."""


@dataclass(frozen=True, slots=True)
class Limits:
    """A provider's allowance for one model; 0 means unlimited or unknown."""

    tokens_per_minute: float = 0
    requests_per_minute: float = 0
    requests_per_day: float = 0
    tokens_per_day: float = 0
    concurrent: int = 0
    """Requests under way at once, to begin with: a local server that answers one at a time had better be asked so."""
    assumed: bool = False
    """These are a plan's usual figures, not this host's: they fall when its answers carry no rate-limit headers."""
    minute: float = 60.0
    day: float = 86_400.0
    """Lengths in seconds; tests compress them."""


@dataclass(eq=False, slots=True)
class Reservation:
    """What one request has taken from the allowance."""

    order: int
    tokens: float
    since: float
    is_counted: bool = False
    """Its headers have arrived, so the provider's figures include it."""


@dataclass(slots=True)
class _Window:
    """How many requests may be under way at a host that tells no allowance: ever more, as long as it keeps up."""

    least: int
    """0: as many as there are."""
    size: int = 0
    quickest: float = float("inf")

    def __post_init__(self) -> None:
        self.size = self.least

    def heard(self, seconds: float, under_way: int) -> None:
        """Take in how long the first words took, among so many requests."""
        if not self.least:
            return
        self.quickest = min(self.quickest, seconds)
        if seconds > max(_AT_ONCE_SECONDS, 2 * self.quickest):
            self.size = max(self.least, self.size // 2)
        elif 2 * under_way > self.size:
            self.size += 1


@dataclass(eq=False, slots=True)
class _Ticket:
    tokens: float
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    reservation: Reservation | None = None
    error: BotError | None = None


class Allowance:
    """The allowance of one model and its first-come, first-served queue."""

    def __init__(
        self,
        limits: Limits,
        *,
        max_waiting: int = 100,
        requests_header: Literal["day", "minute"] = "day",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits = limits
        self._max_waiting = max_waiting
        self._requests_header = requests_header
        self._clock = clock
        self._tokens = Bucket(limits.tokens_per_minute, limits.minute)
        self._requests = Bucket(limits.requests_per_minute, limits.minute)
        self._day_tokens = Bucket(limits.tokens_per_day, limits.day)
        self._day_requests = Bucket(limits.requests_per_day, limits.day)
        self._queue: deque[_Ticket] = deque()
        self._under_way: set[Reservation] = set()
        self._next_order = 0
        self._synced_order = -1
        self._blocked_until = 0.0
        self._is_blocked_for_day = False
        self._timer: asyncio.TimerHandle | None = None
        self._has_headers = False
        self._is_confirmed = False
        self._is_refunding = False
        self._unrefunded = 0.0
        self._usual_seconds = 5.0
        self._window = _Window(limits.concurrent)

    @property
    def largest_request(self) -> float | None:
        """Tokens that a request may have at most, its completion included; None where nothing is known."""
        return self._tokens.capacity or None

    def fair_request(self, least: float) -> float | None:
        """Return the tokens that a request should have at most; None where nothing is known.

        All of a full allowance, half of one that others draw on too, but `least` if there are as many.
        """
        capacity = self._tokens.capacity
        if not capacity:
            return None
        is_idle = not self._queue and self._tokens.level(self._clock()) > 0.95 * capacity
        return capacity if is_idle else max(capacity / 2, min(least, capacity))

    async def turn(
        self, tokens: float, *, patience: float, again: bool = False
    ) -> AsyncGenerator[Waiting | Reservation, None]:
        """Yield notices while the request waits for its turn, then its Reservation, which must be settled or released.

        `again`: the provider refused this request; it keeps its place at the head. Raises QuotaError when the wait
        would be longer than `patience`, BusyError when the queue is full.
        """
        if not again and len(self._queue) >= self._max_waiting:
            raise BusyError("Too many questions are waiting. Ask again in a while.", retry_after=self._ahead(None))
        ticket = _Ticket(min(tokens, self._tokens.capacity or tokens))
        (self._queue.appendleft if again else self._queue.append)(ticket)
        try:
            self._pump()
            async for notice in self._notices(ticket, self._clock() + patience):
                yield notice
            reservation, ticket.reservation = ticket.reservation, None
            assert reservation is not None
            yield reservation
        finally:
            if ticket in self._queue:
                self._queue.remove(ticket)
                self._pump()
                self._tell_waiting()
            elif ticket.reservation is not None:
                self.release(ticket.reservation)

    def read_headers(self, reservation: Reservation, headers: Mapping[str, str]) -> None:
        """Take over what the provider says is left, less what it cannot know yet."""
        now = self._clock()
        reservation.is_counted = self._is_confirmed = True
        limit, remaining = _number(headers, "limit-tokens"), _number(headers, "remaining-tokens")
        if limit is None and _number(headers, "limit-requests") is None:
            if self._limits.assumed and not self._has_headers:
                self._lift(now, self._tokens, self._requests, self._day_tokens, self._day_requests)
            return
        self._has_headers = True
        if limit:
            if self._limits.assumed and limit != self._limits.tokens_per_minute:
                self._lift(now, self._requests, self._day_tokens)  # another plan, with limits that no header tells
            self._tokens.resize(limit, now)
            if remaining is not None:
                self._sync_tokens(reservation, remaining, now)
        self._sync_requests(headers, now)
        self._pump()

    def heard(self, reservation: Reservation) -> None:
        """The first words of an answer are there."""
        self._window.heard(self._clock() - reservation.since, len(self._under_way))
        self._pump()

    def settle(self, reservation: Reservation, used: float | None) -> None:
        """The request is done. What it reserved and did not use comes back where the provider gives it back."""
        now = self._clock()
        self._under_way.discard(reservation)
        self._usual_seconds = 0.7 * self._usual_seconds + 0.3 * (now - reservation.since)
        spare = reservation.tokens - used if used is not None else 0.0
        self._day_tokens.add(spare, now)
        if not self._has_headers or self._is_refunding:
            self._tokens.add(spare, now)
        else:
            self._unrefunded += spare
        self._pump()

    def release(self, reservation: Reservation) -> None:
        """The request was not sent, or not taken: everything comes back."""
        now = self._clock()
        self._under_way.discard(reservation)
        self._tokens.add(reservation.tokens, now)
        self._day_tokens.add(reservation.tokens, now)
        self._requests.add(1, now)
        self._day_requests.add(1, now)
        self._pump()

    def block(self, seconds: float, tokens: float, *, daily: bool = False) -> None:
        """The provider said 429: nothing is sent for `seconds`; then a request of `tokens` may go."""
        now = self._clock()
        self._blocked_until = max(self._blocked_until, now + seconds)
        self._is_blocked_for_day = daily
        if self._tokens.capacity and not daily:
            then = tokens - seconds * self._tokens.per_second
            self._tokens.set_level(min(self._tokens.level(now), then), now)
        self._pump()

    def dismiss(self, error: BotError) -> None:
        """The model does not answer: those who wait for it need not find out one by one."""
        for ticket in self._queue:
            ticket.error = error
            ticket.changed.set()

    def limit_request(self, tokens: float) -> None:
        """The provider said 413 and its limit for one request."""
        self._tokens.resize(tokens, self._clock())

    def _pump(self) -> None:
        """Grant what can be granted, in order, and wake up for the next."""
        now = self._clock()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        moved = False
        while self._queue:
            wait = self._wait(self._queue[0].tokens, 1, now)
            if wait > _NOTHING_LEFT_SECONDS or self._is_full:
                if not self._is_full:
                    self._timer = asyncio.get_running_loop().call_later(wait, self._pump)
                break
            self._grant(self._queue.popleft(), now)
            moved = True
        if moved:
            self._tell_waiting()

    def _tell_waiting(self) -> None:
        for ticket in self._queue:
            ticket.changed.set()

    @property
    def _is_guessing(self) -> bool:
        """The limits are only assumed, and the answer that will tell the real ones is under way."""
        return self._limits.assumed and not self._is_confirmed and bool(self._under_way)

    @property
    def _concurrent(self) -> int:
        """Requests that may be under way at once; a host that tells its allowance needs no such bound."""
        return 0 if self._has_headers else self._window.size

    @property
    def _is_full(self) -> bool:
        return bool(self._concurrent) and len(self._under_way) >= self._concurrent

    def _grant(self, ticket: _Ticket, now: float) -> None:
        reservation = Reservation(self._next_order, ticket.tokens, now)
        self._next_order += 1
        self._tokens.add(-ticket.tokens, now)
        self._day_tokens.add(-ticket.tokens, now)
        self._requests.add(-1, now)
        self._day_requests.add(-1, now)
        self._under_way.add(reservation)
        ticket.reservation = reservation
        ticket.changed.set()

    async def _notices(self, ticket: _Ticket, latest: float) -> AsyncIterator[Waiting]:
        """Yield what has changed about the wait until the ticket is granted."""
        told: Waiting | None = None
        while ticket.reservation is None:
            if ticket.error is not None:
                raise ticket.error
            position, seconds = self._queue.index(ticket) + 1, self._ahead(ticket)
            if self._clock() + seconds > latest and not self._is_guessing:
                raise self._too_long(ticket.tokens, seconds)
            if seconds > self._limits.minute * _SHORTEST_NOTICE and _is_news(told, position, seconds):
                told = Waiting(position, seconds)
                yield told
                continue
            ticket.changed.clear()
            try:
                async with asyncio.timeout(max(self._limits.minute / 240, min(seconds / 2, 5.0))):
                    await ticket.changed.wait()
            except TimeoutError:
                self._pump()

    def _too_long(self, tokens: float, seconds: float) -> QuotaError:
        now = self._clock()
        day = max(self._day_requests.wait(1, now), self._day_tokens.wait(tokens, now))
        blocked = self._blocked_until - now if self._is_blocked_for_day else 0.0
        if max(day, blocked) > self._limits.minute:
            return QuotaError("The allowance for today is used up.", retry_after=max(day, blocked), daily=True)
        return QuotaError("Too many questions wait for the allowance of this minute.", retry_after=seconds)

    def _ahead(self, ticket: _Ticket | None) -> float:
        """Return about how many seconds it takes until this ticket (None: the next to come) is served."""
        tokens, count = 0.0, 0
        for other in self._queue:
            tokens, count = tokens + other.tokens, count + 1
            if other is ticket:
                break
        wait = self._wait(tokens, max(count, 1), self._clock())
        if (most := self._concurrent) and (more := len(self._under_way) + count - most) > 0:
            wait = max(wait, self._usual_seconds * more / most)
        return wait

    def _wait(self, tokens: float, requests: int, now: float) -> float:
        return max(
            self._tokens.wait(tokens, now),
            self._day_tokens.wait(tokens, now),
            self._requests.wait(requests, now),
            self._day_requests.wait(requests, now),
            self._blocked_until - now,
        )

    def _sync_tokens(self, reservation: Reservation, remaining: float, now: float) -> None:
        level = self._tokens.level(now)
        if reservation.order < self._synced_order:
            # When the newer figures came, this one was taken off as unknown to them; now it is known to be in them.
            self._tokens.set_level(min(level + reservation.tokens, remaining), now)
            return
        self._synced_order = reservation.order
        unknown = sum(other.tokens for other in self._under_way if not other.is_counted)
        self._learn_refund(remaining - unknown - level)
        self._tokens.set_level(remaining - unknown, now)

    def _learn_refund(self, surplus: float) -> None:
        """Tell by what came back whether this provider gives back what was reserved and not used."""
        if self._unrefunded > self._tokens.capacity / 50:
            self._is_refunding = surplus > 0.5 * self._unrefunded
        elif self._is_refunding and surplus < -0.05 * self._tokens.capacity:
            self._is_refunding = False
        self._unrefunded = 0.0

    def _sync_requests(self, headers: Mapping[str, str], now: float) -> None:
        limit, remaining = _number(headers, "limit-requests"), _number(headers, "remaining-requests")
        if not limit or remaining is None:
            return
        bucket = self._day_requests if self._requests_header == "day" else self._requests
        bucket.resize(limit, now)
        bucket.set_level(remaining, now)

    def _lift(self, now: float, *buckets: Bucket) -> None:
        for bucket in buckets:
            bucket.resize(0, now)
        self._pump()


def _is_news(told: Waiting | None, position: int, seconds: float) -> bool:
    if told is None or told.position != position:
        return True
    return seconds > told.seconds * 1.25


def _number(headers: Mapping[str, str], name: str) -> float | None:
    return parse_duration(headers.get(f"x-ratelimit-{name}", ""))
