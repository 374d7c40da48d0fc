"""What happened while nobody listened: files that are gone are forgotten, uploads that were missed are taken."""

from __future__ import annotations

import structlog

from bot.core import Core
from bot.slack.events import workspace
from bot.slack.inbox import Inbox
from bot.slack.uploads import SlackUploads
from bot.upkeep import Listening

log = structlog.get_logger(__name__)


class Upkeep:
    """Compares what we know with what Slack has: at the start, and once a day."""

    def __init__(self, core: Core, uploads: SlackUploads, inbox: Inbox, team: str) -> None:
        self._core = core
        self._uploads = uploads
        self._inbox = inbox
        self._team = team
        self._listening = Listening(core.marks, f"slack:{team}", self.reconcile)

    async def look(self) -> None:
        """Note that we listen; reconcile when it is time."""
        await self._listening.look()

    async def reconcile(self, since: float, began: float) -> None:
        """Forget what is gone, and take what is new since somebody last listened."""
        files = await self._uploads.present()
        gone = await self._core.uploads.reconcile(workspace(self._team), {str(one["id"]) for one in files}, began)
        missed = [one for one in files if float(one.get("created") or 0) >= since]
        for file in missed:
            for channel, ts in await self._uploads.carriers(file):
                await self._inbox.take_missed(channel, ts)
        log.info("slack_reconciled", files=len(files), gone=gone, looked_at=len(missed))
