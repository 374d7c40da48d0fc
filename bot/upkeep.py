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
SILENCE = 1_800.0
"""A quiet hour is nothing unusual, and looking costs little."""

Reconcile = Callable[[float, float], Awaitable[None]]
"""Compares what we know with what the platform has: what is new since a moment, as things stand at another."""


class Listening:
    """One place that is listened to, such as a workspace."""

    def __init__(self, marks: Marks, name: str, reconcile: Reconcile, clock: Callable[[], float] = time.time) -> None:
        self._marks = marks
        self._mark = f"{name}:listening"
        self._reconcile = reconcile
        self._clock = clock
        self._next = 0.0
        self._looked: float | None = None
        self._heard: float | None = None

    def heard(self) -> None:
        """Something came. After a long silence, which may have been ours, it is looked for what was missed.

        A platform that never says so is taken to be heard all the time.
        """
        now = self._clock()
        if self._heard is not None and now - self._heard > SILENCE:
            self._next = 0.0
        self._heard = now

    async def look(self) -> None:
        """Note that we listen; reconcile when it is time."""
        began = self._clock()
        if began >= self._next:
            await self._reconcile(await self._since(began), began)
            self._looked, self._next = began, began + DAY
        await self._marks.set(self._mark, began if self._heard is None else self._heard)

    async def _since(self, began: float) -> float:
        """Return from when on something may have been missed."""
        if self._looked is not None:
            return self._looked - OVERLAP
        heard = await self._marks.moment(self._mark)
        return began if heard is None else max(heard - OVERLAP, began - LONGEST_AWAY)
