"""Takes Slack's events: claimed before they are acknowledged, worked on after that, and taken over from the dead.

Slack delivers an event until it is acknowledged, and may deliver it to several processes. What concerns us is written
down first, with where the message is found again; only then Slack is told to stop. No text is written down.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Coroutine, Mapping
from typing import Any

import structlog

from bot import notices
from bot.claims import Claims, Work
from bot.core import Core
from bot.errors import AccessError, DeliveryError
from bot.incoming import Incoming
from bot.slack import render
from bot.slack.api import Api, SlackRefusedError
from bot.slack.directory import Directory
from bot.slack.events import Identity, Json, Posted, mentions, posted, workspace
from bot.slack.home import Home
from bot.slack.questions import Questions, reference
from bot.slack.uploads import SlackUploads
from bot.slack.whisper import Whisper
from bot.tasks import Tasks

log = structlog.get_logger(__name__)

DECISION_SECONDS = 1.5
"""For whether a message concerns us: after three Slack sends it again."""


class Inbox:
    """Everything that is under way because of events, commands and clicks."""

    def __init__(
        self,
        core: Core,
        api: Api,
        directory: Directory,
        questions: Questions,
        uploads: SlackUploads,
        home: Home,
        identity: Identity,
    ) -> None:
        self._core = core
        self._api = api
        self._directory = directory
        self._questions = questions
        self._uploads = uploads
        self._incoming = Incoming(uploads, questions)
        self._home = home
        self._team = identity.team
        self._bot = identity.bot
        self._tasks = Tasks()
        self._claims = Claims(core.events, self._tasks)

    # From Slack.

    async def take(self, event: Json) -> None:
        """Take one event; when this returns it may be acknowledged."""
        match event.get("type"):
            case "message" | "app_mention":
                await self._take_message(event)
            case "file_shared":
                await self._take_file(_file_id(event), str(event.get("channel_id") or ""))
            case "file_deleted" | "file_unshared":
                await self._take_file_gone(event)
            case "member_left_channel" if event.get("user") != self._bot:
                self._directory.forget(str(event.get("user") or ""))
            case "channel_left" | "group_left" | "channel_deleted" | "group_deleted" | "member_left_channel":
                await self._take_channel_gone(str(event.get("channel") or ""), str(event.get("event_ts") or ""))
            case "app_home_opened" if event.get("tab") == "home":
                self.start(self._home.publish(str(event["user"])))

    async def _take_message(self, event: Json) -> None:
        channel, kind = str(event.get("channel") or ""), str(event.get("channel_type") or "")
        match event.get("subtype"):
            case "message_changed":
                await self._take_change(event, channel, kind)
            case "message_deleted":
                before = posted(event.get("previous_message") or {}, self._team, channel, kind)
                await self._take_deletion(before)
            case _:
                message = posted(event, self._team, channel, kind)
                if message is not None and message.edited:
                    await self._take_edit(message)  # named us only when it was edited
                elif message is not None and await self._may_concern_us(message):
                    await self._claim_posted(message)

    async def _claim_posted(self, message: Posted) -> None:
        work = functools.partial(self._incoming.work_on, message, message.key)
        await self._claims.claim(message.key, reference(message), work)

    async def _may_concern_us(self, message: Posted) -> bool:
        """Decide while Slack waits; what takes longer is decided after the acknowledgement, once more."""
        try:
            async with asyncio.timeout(DECISION_SECONDS):
                return await self._incoming.concerns_us(message)
        except (TimeoutError, DeliveryError):
            return True

    async def _take_change(self, event: Json, channel: str, kind: str) -> None:
        after, before = event.get("message") or {}, event.get("previous_message") or {}
        if after.get("subtype") == "tombstone":
            await self._take_deletion(posted(before, self._team, channel, kind))
            return
        message = posted(after, self._team, channel, kind)
        if message is not None and message.text != before.get("text"):
            await self._take_edit(message)

    async def _take_edit(self, message: Posted) -> None:
        if message.edited and await self._questions.is_for_us(message):
            key = f"{message.key}:{message.edited}"
            await self._claims.claim(
                key, reference(message, "edited"), lambda: self._questions.answer_anew(message, key)
            )

    async def _take_deletion(self, message: Posted | None) -> None:
        if message is None:
            return
        is_named = self._bot in mentions(message.text)
        if message.is_direct or message.files or is_named or await self._questions.takes_part(message):
            key = f"{message.key}:deleted"
            await self._claims.claim(key, reference(message, "deleted"), lambda: self._deleted(message))

    async def _take_file(self, file: str, channel: str) -> None:
        """`file_shared` tells of an upload once more, in case its message never comes."""
        if file and (channel.startswith("D") or await self._may_be_watched(channel)):
            key = f"slack:{self._team}:file:{channel}:{file}"
            await self._claims.claim(key, {"kind": "file", "file": file}, lambda: self._file(file))

    async def _may_be_watched(self, channel: str) -> bool:
        try:
            async with asyncio.timeout(DECISION_SECONDS):
                return await self._uploads.is_watched(channel, workspace(self._team))
        except (TimeoutError, DeliveryError):
            return True

    async def _take_file_gone(self, event: Json) -> None:
        file, channel = _file_id(event), str(event.get("channel_id") or "")
        if not file:
            return
        key = f"slack:{self._team}:gone:{file}:{channel}:{event.get('event_ts')}"
        await self._claims.claim(
            key, {"kind": "file_gone", "file": file, "channel": channel}, self._gone(file, channel)
        )

    async def _take_channel_gone(self, channel: str, moment: str) -> None:
        if not channel:
            return
        self._directory.forget(channel=channel)
        key = f"slack:{self._team}:left:{channel}:{moment}"
        await self._claims.claim(key, {"kind": "channel_gone", "channel": channel}, self._gone("", channel))

    async def _deleted(self, message: Posted) -> None:
        await self._core.uploads.forget_message(message.workspace, message.channel, message.ts)
        await self._questions.withdraw(message)

    async def _file(self, file: str) -> None:
        for channel, ts in await self._uploads.carriers({"id": file}):
            await self.take_missed(channel, ts)

    def _gone(self, file: str, channel: str) -> Work:
        async def forget() -> None:
            name = workspace(self._team)
            if file:
                await self._core.uploads.forget_file(name, file, channel)
            else:
                await self._core.uploads.forget_channel(name, channel)
                await self._core.watched.forget(name, channel)

        return forget

    # From people, and from what was missed.

    async def take_missed(self, channel: str, ts: str) -> None:
        """Take a message of which no event may have come."""
        message = await self._fetch({"channel": channel, "ts": ts, "thread": ""})
        if message is not None and await self._incoming.concerns_us(message):
            await self._claim_posted(message)

    async def ask_again(self, channel: str, ts: str, thread: str, failed: str, moment: str) -> None:
        """Answer a message once more, in the place of what went wrong."""
        message = await self._fetch({"channel": channel, "ts": ts, "thread": thread})
        if message is None:
            raise AccessError(notices.QUESTION_GONE)
        key = f"{message.key}:again:{moment}"
        await self._claims.claim(
            key, reference(message, "again"), lambda: self._questions.answer(message, key, [failed])
        )

    async def index_message(self, raw: Json, channel: str, whisper: Whisper) -> None:
        """Take the PDFs of a message that somebody pointed at."""
        message = posted({**raw, "bot_id": ""}, self._team, channel)
        if message is None or not await self._uploads.take(message):
            await whisper.show(render.notice(notices.NO_PDF_IN_MESSAGE))
            return
        names = ", ".join(file.name for file in message.files if file.is_pdf or file.is_stub)
        await whisper.show(render.notice(notices.upload_received(names)))

    # Work under way.

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.start(work)

    async def stop(self, seconds: float) -> None:
        await self._tasks.stop(seconds)

    # From processes that have ended.

    async def take_over(self) -> None:
        """Go on with what processes left open that have ended."""
        await self._claims.take_over("slack:", lambda event: self._again(event.id, event.reference))

    def _again(self, key: str, found_at: Mapping[str, str]) -> Work:
        async def work() -> None:
            kind = found_at["kind"]
            if kind in ("file_gone", "channel_gone"):
                await self._gone(found_at.get("file", ""), found_at["channel"])()
                return
            if kind == "file":
                await self._file(found_at["file"])
                return
            if kind == "command":
                await Whisper(self._api.session, found_at["url"]).show(render.notice(notices.RESTARTED))
                return
            message = await self._fetch(found_at)
            if kind == "deleted":
                gone = Posted(self._team, found_at["channel"], "", found_at["ts"], found_at["thread"], "", "")
                await self._deleted(gone)
            elif message is None:
                return  # deleted meanwhile
            elif kind in ("edited", "again"):
                await self._questions.answer_anew(message, key)
            else:
                found = await self._questions.found(message)
                if not found.is_final:
                    parts = found.parts or ((found_at["reply"],) if found_at.get("reply") else ())
                    await self._incoming.work_on(message, key, parts)

        return work

    async def _fetch(self, found_at: Mapping[str, str]) -> Posted | None:
        """Return a message as it stands in Slack now."""
        try:
            body = await self._api.call(
                "conversations.replies",
                channel=found_at["channel"],
                ts=found_at["thread"] or found_at["ts"],
                oldest=found_at["ts"],
                latest=found_at["ts"],
                inclusive=True,
                limit=10,
            )
        except SlackRefusedError as error:
            if error.retry_after:
                raise
            log.info("message_gone", code=error.code)
            return None
        found = (posted(one, self._team, found_at["channel"]) for one in body.get("messages", ()))
        return next((one for one in found if one is not None and one.ts == found_at["ts"]), None)


def _file_id(event: Json) -> str:
    return str(event.get("file_id") or (event.get("file") or {}).get("id") or "")
