"""A bucket that refills all the time: how Groq counts an allowance, and how we do. Pure; the caller has the clock."""

from __future__ import annotations


class Bucket:
    """Refills continuously up to its capacity; a capacity of 0 never empties."""

    def __init__(self, capacity: float, seconds: float) -> None:
        self.seconds = seconds
        self.capacity = capacity
        self._level = capacity
        self._at: float | None = None

    @property
    def per_second(self) -> float:
        return self.capacity / self.seconds

    def level(self, now: float) -> float:
        if self._at is not None:
            self._level = min(self.capacity, self._level + (now - self._at) * self.per_second)
        self._at = now
        return self._level

    def set_level(self, level: float, now: float) -> None:
        self._level, self._at = min(level, self.capacity), now

    def add(self, amount: float, now: float) -> None:
        self.set_level(self.level(now) + amount, now)

    def wait(self, amount: float, now: float) -> float:
        """Return seconds until `amount` has been refilled, also when it is more than fits at once."""
        if not self.capacity:
            return 0.0
        return max(0.0, (amount - self.level(now)) / self.per_second)

    def resize(self, capacity: float, now: float) -> None:
        if capacity != self.capacity:
            used = self.capacity - self.level(now) if self.capacity else 0.0
            self.capacity = capacity
            self.set_level(capacity - used, now)
