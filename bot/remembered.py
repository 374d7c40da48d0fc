"""What a platform told, remembered for a short while: people and places are looked up for every event."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

MOST_REMEMBERED = 10_000

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Values by key, each for so many seconds; what was looked up first is forgotten first when there are too many."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._values: dict[K, tuple[float, V]] = {}

    async def get(self, key: K, look_up: Callable[[], Awaitable[V]]) -> V:
        found = self._values.get(key)
        if found is not None and found[0] > self._clock():
            return found[1]
        value = await look_up()
        while len(self._values) >= MOST_REMEMBERED:
            self._values.pop(next(iter(self._values)))
        self._values[key] = (self._clock() + self._seconds, value)
        return value

    def forget(self, key: K) -> None:
        self._values.pop(key, None)
