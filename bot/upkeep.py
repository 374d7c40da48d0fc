"""Until when somebody listened to a platform, and that what was missed is looked for: at the start, and once a day."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from bot.marks import Marks

LISTENING_SECONDS = 60.0
"""How often it is noted that we listen."""
DAY = 86_400.0
LONGEST_AWAY = 14 * DAY
OVERLAP = 600.0

Reconcile = Callable[[float, float], Awaitable[None]]
"""Compares what we know with what the platform has: what is new since a moment, as things stand at another."""


class Listening:
    """One place that is listened to, such as a workspace."""

    def __init__(self, marks: Marks, name: str, reconcile: Reconcile) -> None:
        self._marks = marks
        self._mark = f"{name}:listening"
        self._reconcile = reconcile
        self._next = 0.0

    async def look(self) -> None:
        """Note that we listen; reconcile when it is time."""
        if time.monotonic() >= self._next:
            began = time.time()
            heard = await self._marks.moment(self._mark)
            await self._reconcile(began if heard is None else max(heard - OVERLAP, began - LONGEST_AWAY), began)
            self._next = time.monotonic() + DAY
        await self._marks.set(self._mark, time.time())
