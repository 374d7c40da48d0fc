"""A provider's allowance, counted for real: requests and tokens, a minute and a day, refilled as Groq refills it."""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass, field

from tests.fake_llm.script import Reply, groq_error, spoken, too_large


def count_tokens(text: str) -> int:
    """Count as no estimator of ours does: up to six word characters, or one of anything else, are a token."""
    return len(re.findall(r"[^\W_]{1,6}|[^\w\s]|_|\n+", text))


@dataclass
class Bucket:
    capacity: float
    seconds: float
    level: float = field(init=False)
    at: float = field(init=False)

    def __post_init__(self) -> None:
        self.level, self.at = self.capacity, time.monotonic()

    def refresh(self) -> float:
        now = time.monotonic()
        self.level = min(self.capacity, self.level + (now - self.at) * self.capacity / self.seconds)
        self.at = now
        return self.level

    def lacks(self, amount: float) -> float:
        """Return seconds until `amount` is there."""
        return max(0.0, (amount - self.refresh()) * self.seconds / self.capacity) if self.capacity else 0.0


class Quota:
    """The allowance of one model. 0 is unlimited. `refunds`: what was reserved and not used comes back at the end."""

    def __init__(
        self,
        *,
        tokens_per_minute: float = 8_000,
        requests_per_minute: float = 30,
        requests_per_day: float = 1_000,
        tokens_per_day: float = 200_000,
        minute: float = 60.0,
        day: float = 86_400.0,
        refunds: bool = False,
        headers: bool = True,
    ) -> None:
        self.tokens = Bucket(tokens_per_minute, minute)
        self.requests = Bucket(requests_per_minute, minute)
        self.day_requests = Bucket(requests_per_day, day)
        self.day_tokens = Bucket(tokens_per_day, day)
        self.refunds = refunds
        self.sends_headers = headers
        self.taken = 0.0
        """All tokens charged so far, refunds deducted."""
        self.refusals: list[int] = []

    def take(self, tokens: float) -> Reply | None:
        """Charge a request, or return the refusal."""
        if self.tokens.capacity and tokens > self.tokens.capacity:
            self.refusals.append(413)
            return too_large(int(self.tokens.capacity), int(tokens))
        for bucket, amount, span in (
            (self.day_requests, 1, "requests per day (RPD)"),
            (self.day_tokens, tokens, "tokens per day (TPD)"),
            (self.requests, 1, "requests per minute (RPM)"),
            (self.tokens, tokens, "tokens per minute (TPM)"),
        ):
            if (wait := bucket.lacks(amount)) > 0:
                self.refusals.append(429)
                return self._refusal(bucket, amount, span, wait)
        for bucket, amount in (
            (self.day_requests, 1),
            (self.day_tokens, tokens),
            (self.requests, 1),
            (self.tokens, tokens),
        ):
            bucket.level -= amount
        self.taken += tokens
        return None

    def give_back(self, tokens: float) -> None:
        if self.refunds and tokens > 0:
            for bucket in (self.tokens, self.day_tokens):
                bucket.level = min(bucket.capacity, bucket.refresh() + tokens)
            self.taken -= tokens

    def headers(self) -> dict[str, str]:
        if not self.sends_headers:
            return {}
        return {**self._told("requests", self.day_requests), **self._told("tokens", self.tokens)}

    def _told(self, name: str, bucket: Bucket) -> dict[str, str]:
        if not bucket.capacity:
            return {}
        return {
            f"x-ratelimit-limit-{name}": f"{bucket.capacity:g}",
            f"x-ratelimit-remaining-{name}": f"{max(0, math.floor(bucket.refresh()))}",
            f"x-ratelimit-reset-{name}": spoken(bucket.lacks(bucket.capacity)),
        }

    def _refusal(self, bucket: Bucket, amount: float, span: str, wait: float) -> Reply:
        used = bucket.capacity - bucket.level
        reply = groq_error(
            429,
            f"Rate limit reached for model `m` in organization `org_x` service tier `on_demand` on {span}: "
            f"Limit {bucket.capacity:g}, Used {used:.0f}, Requested {amount:.0f}. Please try again in {spoken(wait)}.",
            "rate_limit_exceeded",
            "requests" if "requests" in span else "tokens",
        )
        # Groq sends whole seconds; compressed minutes need the fraction.
        seconds = f"{math.ceil(wait)}" if self.tokens.seconds >= 60 else f"{wait:.3f}"
        return Reply(status=429, error=reply.error, headers={"retry-after": seconds, **self.headers()})
