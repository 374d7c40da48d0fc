"""What happened while nobody listened: files that are gone are forgotten, uploads that were missed are taken."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from bot.core import Core
from bot.slack.api import Json, SlackRefusedError
from bot.slack.directory import Directory, Standing
from bot.slack.events import workspace
from bot.slack.inbox import Inbox
from bot.slack.uploads import SlackUploads
from bot.upkeep import Listening
from bot.upload_table import Upload

log = structlog.get_logger(__name__)


class Upkeep:
    """Compares what we know with what Slack has: at the start, after a long silence, and once a day."""

    def __init__(self, core: Core, directory: Directory, uploads: SlackUploads, inbox: Inbox, team: str) -> None:
        self._core = core
        self._directory = directory
        self._uploads = uploads
        self._inbox = inbox
        self._workspace = workspace(team)
        self._listening = Listening(core.marks, self._workspace, self.reconcile)

    def heard(self) -> None:
        """An event came."""
        self._listening.heard()

    async def look(self) -> None:
        """Note that we listen; reconcile when it is time."""
        await self._listening.look()

    async def reconcile(self, since: float, began: float) -> None:
        """Forget what is gone, and take what is new since somebody last listened."""
        files = await self._uploads.present()
        gone = await self._forget_files(files, began)
        await self._leave_channels(began)
        taken = {(one.channel, one.origin.source) for one in await self._known(began)}
        missed = [one for one in files if float(one.get("created") or 0) >= since]
        for file in missed:
            for channel, ts in await self._uploads.carriers(file):
                if (channel, str(file["id"])) not in taken:
                    await self._inbox.take_missed(channel, ts)
        log.info("slack_reconciled", files=len(files), gone=gone, looked_at=len(missed))

    async def _forget_files(self, files: Sequence[Json], began: float) -> int:
        """Forget uploads whose file was deleted, or is no longer shared where it was uploaded."""
        places = {
            str(one["id"]): {*one.get("channels", ()), *one.get("groups", ()), *one.get("ims", ())} for one in files
        }
        gone = await self._core.uploads.reconcile(self._workspace, set(places), began)
        for one in await self._known(began):
            shared = places.get(one.origin.source)
            if shared and one.channel not in shared:
                await self._core.uploads.forget_file(self._workspace, one.origin.source, one.channel)
                gone += 1
        return gone

    async def _leave_channels(self, began: float) -> None:
        """Forget channels that were deleted, and watched ones that we were removed from."""
        for channel in sorted({one.channel for one in await self._known(began)}):
            try:
                standing = await self._directory.standing(channel)
            except SlackRefusedError as error:
                if error.retry_after:
                    raise
                log.info("standing_not_told", code=error.code)  # of a group message, for which there is no scope
                continue
            if standing is Standing.INSIDE:
                continue
            if standing is Standing.GONE or await self._uploads.is_watched(channel, self._workspace):
                await self._core.uploads.forget_channel(self._workspace, channel)
                await self._core.watched.forget(self._workspace, channel)

    async def _known(self, moment: float) -> list[Upload]:
        return [one.upload for one in await self._core.uploads.known(self._workspace, moment)]
