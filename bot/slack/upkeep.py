"""What happened while nobody listened: files that are gone are forgotten, uploads that were missed are taken."""

from __future__ import annotations

import time

import structlog

from bot.core import Core
from bot.slack.events import workspace
from bot.slack.inbox import Inbox
from bot.slack.uploads import SlackUploads

log = structlog.get_logger(__name__)

LISTENING_SECONDS = 60.0
DAY = 86_400.0
LONGEST_AWAY = 14 * DAY
OVERLAP = 600.0


class Upkeep:
    """Compares what we know with what Slack has: at the start, and once a day."""

    def __init__(self, core: Core, uploads: SlackUploads, inbox: Inbox, team: str) -> None:
        self._core = core
        self._uploads = uploads
        self._inbox = inbox
        self._team = team
        self._mark = f"slack:{team}:listening"
        self._next = 0.0

    async def look(self) -> None:
        """Note that we listen; reconcile when it is time."""
        if time.monotonic() >= self._next:
            await self.reconcile()
            self._next = time.monotonic() + DAY
        await self._core.marks.set(self._mark, time.time())

    async def reconcile(self) -> None:
        """Forget what is gone, and take what is new since somebody last listened."""
        began = time.time()
        heard = await self._core.marks.moment(self._mark)
        files = await self._uploads.present()
        gone = await self._core.uploads.reconcile(workspace(self._team), {str(one["id"]) for one in files}, began)
        since = began if heard is None else max(heard - OVERLAP, began - LONGEST_AWAY)
        missed = [one for one in files if float(one.get("created") or 0) >= since]
        for file in missed:
            for channel, ts in await self._uploads.carriers(file):
                await self._inbox.take_missed(channel, ts)
        log.info("slack_reconciled", files=len(files), gone=gone, looked_at=len(missed))
