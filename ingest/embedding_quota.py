"""A provider's allowance for embedding: kept to before it is exceeded, and understood when it was. Knows no SDK."""

from __future__ import annotations

import asyncio
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ingest.errors import EmbeddingQuotaError

HEADROOM = 0.95
"""Share of a minute's allowance that passages use: the rest is for questions, and for clocks that differ."""

GOOGLES_DAY = ZoneInfo("America/Los_Angeles")
"""https://ai.google.dev/gemini-api/docs/rate-limits: requests per day are counted anew at midnight Pacific time."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a 429 says: which allowance is used up, and when to come again."""

    daily: bool
    retry_after: float | None


def read_refusal(details: Iterable[Mapping[str, Any]]) -> Refusal:
    """Read the `details` of Google's error body: QuotaFailure and RetryInfo.

    A day's quota that is used up comes with a retry delay of seconds all the same; the quota's id tells the truth.
    """
    daily, retry_after = False, None
    for detail in details:
        for violation in detail.get("violations", ()):
            daily = daily or "PerDay" in str(violation.get("quotaId", ""))
        delay = re.fullmatch(r"(\d+(?:\.\d+)?)s", str(detail.get("retryDelay", "")))
        if delay is not None:
            retry_after = float(delay[1])
    return Refusal(daily, retry_after)


def seconds_until_midnight(now: datetime) -> float:
    """Return how long Google's day still lasts."""
    local = now.astimezone(GOOGLES_DAY)
    midnight = datetime(local.year, local.month, local.day, tzinfo=GOOGLES_DAY) + timedelta(days=1)
    return (midnight.astimezone(UTC) - now.astimezone(UTC)).total_seconds()


def day_used_up(seconds: float) -> EmbeddingQuotaError:
    """Return the error that says when it goes on."""
    hours, minutes = divmod(round(seconds / 60), 60)
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    return EmbeddingQuotaError(
        f"Today's allowance for embedding is used up. It is renewed at {at:%H:%M} UTC, in {hours} h {minutes} min; "
        "what is embedded so far is kept and not paid for again.",
        retry_after=seconds,
    )


class Allowance:
    """How much may be sent in a minute and in a day. One for all tasks that use the same key in this process."""

    def __init__(
        self, requests_per_minute: int, tokens_per_minute: int, requests_per_day: int, *, minute: float = 60.0
    ) -> None:
        self.requests = max(1, int(requests_per_minute * HEADROOM))
        self.tokens = max(1, int(tokens_per_minute * HEADROOM))
        self._requests_per_day = requests_per_day
        self._minute = minute
        self._sent: deque[tuple[float, int, int]] = deque()
        self._turn = asyncio.Lock()
        self._day_ends = 0.0
        self._sent_today = 0
        self._used_up = False

    @asynccontextmanager
    async def turn(self, requests: int, tokens: int) -> AsyncIterator[None]:
        """Wait until so much may be sent; send it in the block. First come, first served, one at a time.

        It is counted when the block ends well: then the minute that the provider counts has surely begun.

        Raises:
            EmbeddingQuotaError: not today any more.
        """
        async with self._turn:
            self.check_day(requests)
            tokens = min(tokens, self.tokens)
            while not self._fits(requests, tokens):  # noqa: ASYNC110 - time passing is no event
                await asyncio.sleep(self._sent[0][0] + self._minute - time.monotonic())
            yield
            self.note(requests, tokens)

    def note(self, requests: int, tokens: int) -> None:
        """Count what is sent without a turn."""
        self._start_day()
        self._sent.append((time.monotonic(), requests, tokens))
        self._sent_today += requests

    def check_day(self, requests: int) -> None:
        """Refuse what the day's allowance does not hold any more.

        Raises:
            EmbeddingQuotaError: it says when it goes on.
        """
        self._start_day()
        if self._used_up or self._sent_today + requests > self._requests_per_day:
            raise day_used_up(self._day_ends - time.time())

    def left_today(self) -> int:
        self._start_day()
        return 0 if self._used_up else max(0, self._requests_per_day - self._sent_today)

    def end_day(self) -> EmbeddingQuotaError:
        """Remember that the provider says the day's allowance is used up, and return the error to raise."""
        self._start_day()
        self._used_up = True
        return day_used_up(self._day_ends - time.time())

    def _start_day(self) -> None:
        if time.time() >= self._day_ends:
            self._day_ends = time.time() + seconds_until_midnight(datetime.now(UTC))
            self._sent_today = 0
            self._used_up = False

    def _fits(self, requests: int, tokens: int) -> bool:
        """Tell whether so much more stays within the minute that ends now."""
        now = time.monotonic()
        while self._sent and self._sent[0][0] + self._minute <= now:
            self._sent.popleft()
        sent_requests = sum(entry[1] for entry in self._sent)
        sent_tokens = sum(entry[2] for entry in self._sent)
        fits = sent_requests + requests <= self.requests and sent_tokens + tokens <= self.tokens
        return fits or not self._sent
