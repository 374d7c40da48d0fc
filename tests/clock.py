"""The clock of the fake platforms: what a test cannot wait for, it lets pass."""

from __future__ import annotations

import time


class Clock:
    """Wall time that a test may push forward."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> float:
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        self.offset += seconds
