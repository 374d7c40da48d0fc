"""The queue and the buckets, with a minute of one second."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing

import pytest

from bot.answer import Waiting
from bot.errors import BusyError, ModelUnavailableError, QuotaError
from bot.models.quota import Allowance, Limits, Reservation

MINUTE = 1.0


def allowance(tokens: float = 1_000, **values: float) -> Allowance:
    waiting = int(values.pop("max_waiting", 100))
    limits = Limits(tokens_per_minute=tokens, minute=MINUTE, day=MINUTE * 100, **values)  # type: ignore[arg-type]
    return Allowance(limits, max_waiting=waiting)


def headers(remaining: float, limit: float = 1_000, **more: str) -> dict[str, str]:
    return {
        "x-ratelimit-limit-tokens": f"{limit:g}",
        "x-ratelimit-remaining-tokens": f"{remaining:g}",
        "x-ratelimit-reset-tokens": "1s",
        **more,
    }


class about:  # noqa: N801 (reads as a word)
    """Never earlier, and on a busy machine a little later."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __eq__(self, other: object) -> bool:
        return isinstance(other, float) and self.seconds - 0.06 <= other <= self.seconds + 0.25

    def __hash__(self) -> int:
        return hash(self.seconds)

    def __repr__(self) -> str:
        return f"about {self.seconds} s"


async def take(
    queue: Allowance, tokens: float = 400, patience: float = 60, *, again: bool = False
) -> tuple[Reservation, list[Waiting]]:
    notices: list[Waiting] = []
    async with aclosing(queue.turn(tokens, patience=patience, again=again)) as turn:
        async for step in turn:
            if isinstance(step, Waiting):
                notices.append(step)
            else:
                return step, notices
    raise AssertionError("no reservation")


async def seconds_for(queue: Allowance, tokens: float) -> float:
    began = time.monotonic()
    await take(queue, tokens)
    return time.monotonic() - began


async def test_what_is_there_is_granted_at_once_and_the_rest_refills_evenly():
    """1,000 a second: after 900 are taken, 400 more take 0.3 seconds."""
    queue = allowance()
    assert await seconds_for(queue, 900) < 0.05

    assert await seconds_for(queue, 400) == about(0.3)


async def test_an_unlimited_allowance_never_waits():
    """0 is no limit."""
    queue = allowance(0)
    began = time.monotonic()
    for _ in range(200):
        await take(queue, 10_000)

    assert time.monotonic() - began < 0.5


async def test_requests_are_paced_as_well_as_tokens():
    """Whatever runs out first decides."""
    queue = allowance(0, requests_per_minute=4)
    for _ in range(4):
        assert await seconds_for(queue, 1) < 0.05

    assert await seconds_for(queue, 1) == about(0.25)


async def test_first_come_first_served_and_everybody_is_told_the_place():
    """Positions count down; nobody overtakes, however small the request."""
    queue = allowance()
    await take(queue, 1_000)
    order: list[int] = []

    async def ask(number: int) -> list[Waiting]:
        _, notices = await take(queue, 300 if number else 600)
        order.append(number)
        return notices

    told = await asyncio.gather(*(ask(number) for number in range(4)))

    assert order == [0, 1, 2, 3]
    assert [notice.position for notice in told[3]] == [4, 3, 2, 1]
    assert told[3][0].seconds == pytest.approx(1.5, abs=0.2)


async def test_a_full_queue_is_told_at_once():
    """The bound is an error, with the time after which to come back."""
    queue = allowance(max_waiting=2)
    await take(queue, 1_000)
    waiting = [asyncio.create_task(take(queue, 500)) for _ in range(2)]
    await asyncio.sleep(0.02)

    with pytest.raises(BusyError) as raised:
        await take(queue, 500)
    assert raised.value.retry_after == pytest.approx(1.0, abs=0.2)
    await asyncio.gather(*waiting)


async def test_who_is_cancelled_leaves_the_queue():
    """The ones behind move up at once."""
    queue = allowance()
    await take(queue, 1_000)
    first, second = (asyncio.create_task(take(queue, 900)) for _ in range(2))
    await asyncio.sleep(0.02)
    first.cancel()
    began = time.monotonic()
    await second

    assert time.monotonic() - began == about(0.88)
    assert not queue._queue


async def test_patience_ends_before_the_wait_begins():
    """Whoever cannot be served in time is told at once, with the time."""
    queue = allowance()
    await take(queue, 1_000)
    began = time.monotonic()
    with pytest.raises(QuotaError) as raised:
        await take(queue, 800, patience=0.5)

    assert time.monotonic() - began < 0.1
    assert raised.value.retry_after == about(0.8)
    assert not raised.value.daily


async def test_the_days_end_is_told_as_such():
    """A day's tokens run out although the minute has some."""
    queue = allowance(1_000, tokens_per_day=1_500)
    await take(queue, 1_000)
    with pytest.raises(QuotaError) as raised:
        await take(queue, 1_000, patience=5)

    assert raised.value.daily
    assert raised.value.retry_after == pytest.approx(500 / 15, rel=0.1)


async def test_the_providers_figures_replace_ours():
    """Another process used the allowance: the headers tell."""
    queue = allowance()
    reservation, _ = await take(queue, 100)
    queue.read_headers(reservation, headers(200))

    assert await seconds_for(queue, 400) == about(0.2)


async def test_headers_do_not_count_what_was_sent_after_them():
    """Three requests under way: the first one's headers cannot know of the others."""
    queue = allowance()
    reservations = [(await take(queue, 300))[0] for _ in range(3)]
    queue.read_headers(reservations[0], headers(700))

    assert await seconds_for(queue, 300) == about(0.2)


async def test_late_headers_of_an_earlier_request_raise_nothing():
    """Answers arrive in any order; the older figures are not believed over the newer."""
    queue = allowance()
    first, second = [(await take(queue, 400))[0] for _ in range(2)]
    queue.read_headers(second, headers(200))
    queue.read_headers(first, headers(600))

    assert await seconds_for(queue, 400) == about(0.2)


async def test_another_plan_has_other_limits():
    """A paying account's allowance is taken from its headers, and the free plan's other limits are forgotten."""
    limits = Limits(tokens_per_minute=1_000, requests_per_minute=2, tokens_per_day=1_000, assumed=True, minute=MINUTE)
    queue = Allowance(limits)
    reservation, _ = await take(queue, 900)
    queue.read_headers(reservation, headers(249_000, limit=250_000))

    began = time.monotonic()
    for _ in range(20):
        await take(queue, 5_000)
    assert time.monotonic() - began < 0.3


async def test_a_host_without_headers_is_not_paced_by_a_plan_that_is_only_assumed():
    """A local server behind GROQ_BASE_URL has no quota."""
    queue = Allowance(Limits(tokens_per_minute=1_000, assumed=True, minute=60))
    reservation, _ = await take(queue, 900)
    waiting = asyncio.create_task(take(queue, 900, patience=1))
    await asyncio.sleep(0.02)
    queue.read_headers(reservation, {"content-type": "text/event-stream"})

    await asyncio.wait_for(waiting, 0.5)
    assert queue.largest_request is None


async def test_configured_limits_hold_without_headers():
    """What somebody wrote into the configuration is not forgotten."""
    queue = allowance()
    reservation, _ = await take(queue, 900)
    queue.read_headers(reservation, {})

    assert await seconds_for(queue, 400) == about(0.3)


async def test_unused_reservations_come_back_where_no_header_says_otherwise():
    """Without headers the usage is all there is to know."""
    queue = allowance()
    reservation, _ = await take(queue, 1_000)
    queue.settle(reservation, used=300)

    assert await seconds_for(queue, 600) < 0.1


@pytest.mark.parametrize("refunds", [True, False])
async def test_whether_a_provider_gives_back_is_learned_from_its_headers(refunds):
    """Once seen, what comes back is counted at once; where nothing comes back, nothing is hoped for."""
    queue = allowance(10_000)
    level = 10_000.0
    for _ in range(3):
        reservation, _ = await take(queue, 3_000)
        level -= 3_000
        queue.read_headers(reservation, headers(level, limit=10_000))
        queue.settle(reservation, used=1_000)
        level += 2_000 if refunds else 0
        level = min(10_000, level + 0)

    assert queue._is_refunding == refunds


async def test_a_429_blocks_everybody_for_as_long_as_it_says():
    """Then the refused request goes first."""
    queue = allowance()
    reservation, _ = await take(queue, 300)
    queue.release(reservation)
    queue.block(0.4, 300)
    behind = asyncio.create_task(seconds_for(queue, 100))
    await asyncio.sleep(0.01)
    began = time.monotonic()
    _, notices = await take(queue, 300, again=True)

    assert time.monotonic() - began == about(0.4)
    assert notices[0].position == 1
    assert await behind >= 0.4


async def test_a_429_for_the_day_is_told_to_those_who_wait():
    """Nobody in the queue has to find out by a request."""
    queue = allowance()
    await take(queue, 1_000)
    waiting = asyncio.create_task(take(queue, 500))
    await asyncio.sleep(0.02)
    queue.block(3_600, 500, daily=True)

    with pytest.raises(QuotaError) as raised:
        await take(queue, 100, patience=90)
    assert raised.value.daily
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


async def test_a_model_that_is_gone_dismisses_its_queue():
    """All who wait get the error that the first one got."""
    queue = allowance()
    await take(queue, 1_000)
    waiting = [asyncio.create_task(take(queue, 900)) for _ in range(3)]
    await asyncio.sleep(0.02)
    queue.dismiss(ModelUnavailableError("gone"))

    for task in waiting:
        with pytest.raises(ModelUnavailableError):
            await asyncio.wait_for(task, 0.2)


async def test_a_local_server_is_asked_as_much_at_once_as_configured():
    """The fifth waits for one of four, and is told that it is next."""
    queue = allowance(0, concurrent=4)
    first = [(await take(queue, 100))[0] for _ in range(4)]
    fifth = asyncio.create_task(take(queue, 100))
    await asyncio.sleep(0.05)
    assert not fifth.done()
    queue.settle(first[0], used=None)

    _, notices = await asyncio.wait_for(fifth, 0.3)
    assert [notice.position for notice in notices] == [1]


async def test_a_host_that_keeps_up_is_asked_ever_more_at_once():
    """Each of four that are heard at once makes room for one more."""
    queue = allowance(0, concurrent=4)
    first = [(await take(queue, 100))[0] for _ in range(4)]
    others = [asyncio.create_task(take(queue, 100)) for _ in range(8)]
    await asyncio.sleep(0.02)
    assert not any(task.done() for task in others)

    for reservation in first:
        queue.heard(reservation)
    granted = [(await asyncio.wait_for(task, 0.3))[0] for task in others[:4]]
    await asyncio.sleep(0.02)
    assert not any(task.done() for task in others[4:])
    for reservation in (*first, *granted):
        queue.heard(reservation)
        queue.settle(reservation, used=None)
    await asyncio.wait_for(asyncio.gather(*others[4:]), 0.3)


async def test_a_host_that_falls_behind_is_asked_less_at_once():
    """One that answers one after the other is never asked more than configured; one alone tells nothing."""
    now = 0.0
    queue = Allowance(Limits(concurrent=4), clock=lambda: now)
    alone, _ = await take(queue, 100)
    queue.heard(alone)
    queue.settle(alone, used=None)
    under_way = [(await take(queue, 100))[0] for _ in range(4)]
    fifth = asyncio.create_task(take(queue, 100))
    for reservation in under_way:
        now += 2.0
        queue.heard(reservation)
    await asyncio.sleep(0.02)
    assert not fifth.done()

    queue.settle(under_way[0], used=None)
    await asyncio.wait_for(fifth, 0.3)


async def test_a_question_among_many_gets_half_of_the_allowance():
    """Alone it may have all of it; a small allowance still gives it enough to be useful."""
    queue = allowance(8_000)
    assert queue.fair_request(2_500) == 8_000
    await take(queue, 4_000)
    assert queue.fair_request(2_500) == 4_000
    small = allowance(3_000)
    await take(small, 1_500)
    assert small.fair_request(2_500) == 2_500
