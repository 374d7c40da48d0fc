"""The clock of the fake platforms: what a test cannot wait for, it lets pass."""

from __future__ import annotations

import time


class Clock:
    """Wall time that a test may stop and push forward."""

    def __init__(self) -> None:
        self.offset = 0.0
        self._stopped_at: float | None = None

    def now(self) -> float:
        return (self._stopped_at or time.time()) + self.offset

    def stop(self) -> None:
        """From now on only `advance` moves it."""
        self._stopped_at = time.time()

    def advance(self, seconds: float) -> None:
        self.offset += seconds
