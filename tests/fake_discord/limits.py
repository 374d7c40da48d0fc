"""Rate limits as Discord applies them: a bucket for each route and channel, and one for everything."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

from tests.clock import Clock
from tests.fake_discord.errors import RefusedError

GLOBAL = 50
"""Requests a second, interactions aside."""


@dataclass(frozen=True)
class Rate:
    """So many requests in so many seconds."""

    requests: int
    seconds: float


DEFAULT = Rate(30, 10.0)


class Window:
    """Counts the requests of a bucket until it is emptied."""

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self.left = rate.requests
        self.resets_at = 0.0

    def take(self, now: float) -> float:
        """Take one request; return 0, or the seconds to wait for one."""
        if now >= self.resets_at:
            self.left, self.resets_at = self.rate.requests, now + self.rate.seconds
        if not self.left:
            return self.resets_at - now
        self.left -= 1
        return 0.0


class RateLimits:
    """The app's buckets; all are bottomless unless `enforced`."""

    def __init__(self, clock: Clock) -> None:
        self.enforced = False
        self.rates: dict[str, Rate] = {}
        """A route's rate, where a test wants another one: `{"POST /channels/{channel}/messages": Rate(5, 5)}`."""
        self._clock = clock
        self._windows: dict[str, Window] = {}
        self._global = Window(Rate(GLOBAL, 1.0))

    def headers(self, route: str, rate: Rate, major: str) -> dict[str, str]:
        """Count a request and return the headers that tell how many are left; raise 429 when it is one too many."""
        if not self.enforced:
            return self._told(route, Window(Rate(10_000, 1.0)), left=9_999)
        now = self._clock.now()
        if "/interactions/" not in route and "/webhooks/" not in route and (wait := self._global.take(now)):
            raise too_many(wait, scope="global")
        window = self._windows.setdefault(f"{route} {major}", Window(self.rates.get(route, rate)))
        wait = window.take(now)
        told = self._told(route, window, left=window.left)
        if wait:
            refused = too_many(wait)
            refused.headers |= told
            raise refused
        return told

    def _told(self, route: str, window: Window, *, left: int) -> dict[str, str]:
        now = self._clock.now()
        resets_at = max(window.resets_at, now)
        return {
            "X-RateLimit-Limit": str(window.rate.requests),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset": f"{resets_at:.3f}",
            "X-RateLimit-Reset-After": f"{resets_at - now:.3f}",
            "X-RateLimit-Bucket": hashlib.md5(route.encode()).hexdigest(),  # an id, no secret
        }


def too_many(seconds: float, *, scope: str = "user") -> RefusedError:
    """Return Discord's 429; `scope` is `user`, `shared` or `global`."""
    shared = scope == "shared"
    refused = RefusedError(
        0,
        status=429,
        message="The resource is being rate limited." if shared else "You are being rate limited.",
        retry_after=round(seconds, 3),
    )
    refused.body = {"message": refused.body["message"], "retry_after": round(seconds, 3), "global": scope == "global"}
    refused.headers = {"Retry-After": str(math.ceil(seconds)), "X-RateLimit-Scope": scope}
    if scope == "global":
        refused.headers["X-RateLimit-Global"] = "true"
    return refused
