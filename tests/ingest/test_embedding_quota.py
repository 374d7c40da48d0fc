"""Allowances: what a refusal means, when a day ends, what fits into a minute."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.embedding_quota import Allowance, Refusal, read_refusal, seconds_until_midnight
from ingest.errors import EmbeddingQuotaError


def violation(quota_id: str) -> dict[str, Any]:
    return {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": quota_id}]}


def retry(delay: str) -> dict[str, Any]:
    return {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}


MINUTE = violation("EmbedContentRequestsPerMinutePerUserPerProjectPerModel-FreeTier")
TOKENS = violation("EmbedContentInputTokensPerMinutePerProjectPerModel-FreeTier")
DAY = violation("EmbedContentRequestsPerDayPerUserPerProjectPerModel-FreeTier")


@pytest.mark.parametrize(
    ("details", "refusal"),
    [
        pytest.param([MINUTE, retry("37s")], Refusal(daily=False, retry_after=37), id="minute"),
        pytest.param([DAY, retry("34.9s")], Refusal(daily=True, retry_after=34.9), id="day"),
        pytest.param([TOKENS], Refusal(daily=False, retry_after=None), id="no-delay"),
        pytest.param([retry("soon")], Refusal(daily=False, retry_after=None), id="strange-delay"),
        pytest.param([], Refusal(daily=False, retry_after=None), id="nothing"),
    ],
)
def test_a_refusal_is_read_from_its_details(details: list[dict[str, Any]], refusal: Refusal) -> None:
    """The quota's id says whether it is the day's; the delay says how long to wait."""
    assert read_refusal(details) == refusal


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        pytest.param(datetime(2026, 7, 1, 6, 0, tzinfo=UTC), 1, id="summer"),
        pytest.param(datetime(2026, 12, 1, 6, 0, tzinfo=UTC), 2, id="winter"),
        pytest.param(datetime(2026, 3, 8, 8, 0, tzinfo=UTC), 23, id="clocks-go-forward"),
        pytest.param(datetime(2026, 11, 1, 7, 0, tzinfo=UTC), 25, id="clocks-go-back"),
    ],
)
def test_a_day_ends_at_midnight_in_california(now: datetime, hours: int) -> None:
    """Also on the days on which clocks change."""
    assert seconds_until_midnight(now) == hours * 3600


async def spend(allowance: Allowance, requests: int, tokens: int) -> None:
    async with allowance.turn(requests, tokens):
        pass


async def test_a_minute_holds_what_it_allows() -> None:
    """Who comes when the minute is full waits until enough of it has passed."""
    allowance = Allowance(20, 1_000, 10_000, minute=0.4)
    began = time.monotonic()
    await spend(allowance, 10, 100)
    await spend(allowance, 9, 100)
    at_once = time.monotonic() - began
    await spend(allowance, 9, 100)
    waited = time.monotonic() - began

    assert at_once < 0.2
    assert 0.39 < waited < 1


async def test_a_minute_begins_when_the_call_is_over() -> None:
    """A call that took long is counted from its end: the provider may have counted it that late."""
    allowance = Allowance(1, 1_000, 10_000, minute=0.3)
    async with allowance.turn(1, 1):
        await asyncio.sleep(0.2)
    began = time.monotonic()
    await spend(allowance, 1, 1)

    assert time.monotonic() - began > 0.29


async def test_a_failed_call_is_not_counted() -> None:
    """What was refused is not charged for."""
    allowance = Allowance(100, 1_000, 1, minute=0.1)
    with pytest.raises(ValueError, match="refused"):
        async with allowance.turn(1, 1):
            raise ValueError("refused")

    assert allowance.left_today() == 1


async def test_tokens_fill_a_minute_too() -> None:
    """A text larger than a whole minute's tokens is sent alone, not never."""
    allowance = Allowance(100, 1_000, 10_000, minute=0.3)
    began = time.monotonic()
    await spend(allowance, 1, 900)
    await spend(allowance, 1, 5_000)

    assert 0.29 < time.monotonic() - began < 1


async def test_first_come_first_served() -> None:
    """A small request does not overtake a large one that waits."""
    allowance = Allowance(20, 1_000, 10_000, minute=0.2)
    order: list[str] = []

    async def call(name: str, requests: int) -> None:
        async with allowance.turn(requests, 1):
            order.append(name)

    await call("first", 15)
    await asyncio.gather(call("large", 15), call("small", 1))

    assert order == ["first", "large", "small"]


async def test_the_day_is_used_to_its_end() -> None:
    """The last text of the day is sent; the next one is told when the day is over."""
    allowance = Allowance(1_000, 10_000, 10, minute=0.1)
    await spend(allowance, 10, 1)

    assert allowance.left_today() == 0
    with pytest.raises(EmbeddingQuotaError):
        await spend(allowance, 1, 1)
