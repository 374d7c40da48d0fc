"""Rate limits as Slack applies them: a tier for each method, and one message a second for each channel."""

from __future__ import annotations

import math

from tests.clock import Clock
from tests.fake_slack.blockkit import RefusedError

PER_MINUTE = {"tier1": 1, "tier2": 20, "tier3": 50, "tier4": 100, "special": 300}


class Bucket:
    """Tokens that come back over time."""

    def __init__(self, clock: Clock, capacity: float, per_second: float) -> None:
        self._clock = clock
        self._capacity = capacity
        self._per_second = per_second
        self._tokens = capacity
        self._at = clock.now()

    def take(self) -> float:
        """Take one token; return 0, or the seconds to wait for one."""
        now = self._clock.now()
        self._tokens = min(self._capacity, self._tokens + (now - self._at) * self._per_second)
        self._at = now
        if self._tokens < 1:
            return (1 - self._tokens) / self._per_second
        self._tokens -= 1
        return 0.0


class RateLimits:
    """The app's buckets in this workspace; off unless `enforced`."""

    def __init__(self, clock: Clock) -> None:
        self.enforced = False
        self.post_burst = 1
        """How many messages a channel takes at once."""
        self._clock = clock
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def check(self, method: str, tier: str, channel: str) -> None:
        """Raise `ratelimited` with Retry-After when this call is one too many."""
        if not self.enforced:
            return
        if tier == "post":
            wait = self._bucket(("post", channel), self.post_burst, 1.0).take()
        else:
            allowed = PER_MINUTE[tier]
            wait = self._bucket((method, ""), allowed, allowed / 60).take()
        if wait:
            raise too_many(wait)

    def _bucket(self, key: tuple[str, str], capacity: float, per_second: float) -> Bucket:
        if key not in self._buckets:
            self._buckets[key] = Bucket(self._clock, capacity, per_second)
        return self._buckets[key]


def too_many(wait: float) -> RefusedError:
    return RefusedError("ratelimited", status=429, headers={"Retry-After": str(max(1, math.ceil(wait)))})
