"""Takes Slack's events: claimed before they are acknowledged, worked on after that, and taken over from the dead.

Slack delivers an event until it is acknowledged, and may deliver it to several processes. What concerns us is written
down first, with where the message is found again; only then Slack is told to stop. No text is written down.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

import structlog

from bot.core import Core
from bot.slack.api import Api, SlackRefusedError
from bot.slack.directory import Directory
from bot.slack.events import Json, Posted, mentions, posted
from bot.slack.questions import Questions, reference, where

log = structlog.get_logger(__name__)

Work = Callable[[], Awaitable[None]]


class Inbox:
    """Everything that is under way because of events, commands and clicks."""

    def __init__(self, core: Core, api: Api, directory: Directory, questions: Questions, team: str, bot: str) -> None:
        self._core = core
        self._api = api
        self._directory = directory
        self._questions = questions
        self._team = team
        self._bot = bot
        self._tasks: set[asyncio.Task[None]] = set()
        self._claiming = asyncio.Lock()
        """One claim after the other: events of a thread stay in order, and SQLite has one writer anyway."""

    # From Slack.

    async def take(self, event: Json) -> None:
        """Take one event; when this returns it may be acknowledged."""
        async with self._claiming:
            if event.get("type") in ("message", "app_mention"):
                await self._take_message(event)

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
                elif message is not None and await self._questions.is_for_us(message):
                    await self._claim(message.key, reference(message), lambda: self._posted(message, message.key))

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
            await self._claim(key, reference(message, "edited"), lambda: self._questions.answer_anew(message, key))

    async def _take_deletion(self, message: Posted | None) -> None:
        if message is None:
            return
        is_ours = message.is_direct or self._bot in mentions(message.text) or await self._questions.takes_part(message)
        if is_ours:
            key = f"{message.key}:deleted"
            await self._claim(key, reference(message, "deleted"), lambda: self._questions.withdraw(message))

    async def _posted(self, message: Posted, event: str) -> None:
        if await self._questions.is_for_us(message):
            await self._questions.answer(message, event)

    # Work under way.

    async def _claim(self, key: str, found_at: Mapping[str, str], work: Work) -> None:
        if await self._core.events.claim(key, found_at):
            self.start(self._do(key, work))

    async def _do(self, key: str, work: Work) -> None:
        await work()
        await self._core.events.finish(key)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do some work apart from whoever asked for it; what breaks in it is logged, and breaks nothing else."""
        task = asyncio.create_task(_logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self, seconds: float) -> None:
        """Let what is under way come to its end for a while; what is left is somebody else's."""
        if self._tasks:
            _, left = await asyncio.wait(self._tasks, timeout=seconds)
            for task in left:
                task.cancel()
            if left:
                log.info("handed_over", count=len(left))
                await asyncio.wait(left)

    # From processes that have ended.

    async def take_over(self) -> None:
        """Go on with what processes left open that have ended."""
        for event in await self._core.events.orphans():
            if event.id.startswith("slack:"):
                log.info("event_taken_over", kind=event.reference.get("kind", ""))
                self.start(self._do(event.id, self._again(event.id, event.reference)))

    def _again(self, key: str, found_at: Mapping[str, str]) -> Work:
        async def work() -> None:
            message = await self._fetch(found_at)
            if found_at["kind"] == "deleted":
                gone = Posted(self._team, found_at["channel"], "", found_at["ts"], found_at["thread"], "", "")
                await self._questions.withdraw(gone)
            elif message is None:
                return  # deleted meanwhile
            elif found_at["kind"] == "edited":
                await self._questions.answer_anew(message, key)
            elif await self._questions.is_for_us(message) or found_at.get("reply"):
                found = await self._questions.found(message)
                if not found.is_final:
                    parts = found.parts or ((found_at["reply"],) if found_at.get("reply") else ())
                    await self._questions.answer(message, key, parts)

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
            log.info("message_gone", code=error.code)
            return None
        found = (posted(one, self._team, found_at["channel"]) for one in body.get("messages", ()))
        return next((one for one in found if one is not None and one.ts == found_at["ts"]), None)


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001 - the boundary of an event: one that breaks must not stop the others
        log.error("event_broke", id=secrets.token_hex(4), error=type(error).__name__, at=where(error))
