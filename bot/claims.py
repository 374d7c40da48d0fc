"""Takes events exactly once: claimed in the database before anything is done, worked on after that.

Platforms deliver an event several times, and to several processes. What is claimed carries where it is found again,
for whoever takes over from a process that ended in the middle.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog

from bot.errors import DeliveryError
from bot.events import Events, OpenEvent
from bot.tasks import Tasks
from ingest.together import Together

log = structlog.get_logger(__name__)

MOST_REMEMBERED = 10_000
TAKE_OVER_SECONDS = 10.0
"""How often it is looked for events of processes that have ended."""

PAUSES = (2.0, 15.0, 60.0)
"""Before something is tried again that failed because the platform could not be reached."""

Work = Callable[[], Awaitable[None]]


class Claims:
    """The events of one platform that this process has taken."""

    def __init__(self, events: Events, tasks: Tasks) -> None:
        self._events = events
        self._tasks = tasks
        self._claiming = Together(self._claim_all)
        self._claimed: OrderedDict[str, None] = OrderedDict()
        """What was claimed lately: most events come twice."""

    async def claim(self, event: str, found_at: Mapping[str, str], work: Work) -> None:
        """Claim an event, and start its work."""
        if event not in self._claimed:
            await self._claiming.add((event, found_at, work))

    async def _claim_all(self, claims: Sequence[tuple[str, Mapping[str, str], Work]]) -> list[None]:
        """Start the work of whatever nobody has claimed before."""
        new: dict[str, tuple[Mapping[str, str], Work]] = {}
        for event, found_at, work in claims:
            if event not in self._claimed:
                new.setdefault(event, (found_at, work))
        taken = await self._events.claim_all({event: found_at for event, (found_at, _) in new.items()})
        for event, (_, work) in new.items():
            self._remember(event)
            if event in taken:
                self._tasks.start(self._do(event, work))
        return [None] * len(claims)

    async def take_over(self, platform: str, work_for: Callable[[OpenEvent], Work]) -> None:
        """Go on with what processes left open that have ended."""
        for event in await self._events.orphans(platform):
            log.info("event_taken_over", kind=event.reference.get("kind", ""))
            self._tasks.start(self._do(event.id, work_for(event)))

    def _remember(self, event: str) -> None:
        self._claimed[event] = None
        if len(self._claimed) > MOST_REMEMBERED:
            self._claimed.popitem(last=False)

    async def _do(self, event: str, work: Work) -> None:
        await _tried(work)
        await self._events.finish(event)


async def _tried(work: Work) -> None:
    """Do some work; again where the platform was away, for nobody else looks after an event of a living process."""
    for pause in PAUSES:
        try:
            await work()
        except DeliveryError as error:
            if error.is_refusal:
                raise
            log.warning("event_put_off", error=type(error).__name__, seconds=pause)
        else:
            return
        await asyncio.sleep(pause)
    await work()
