"""Takes Discord's events: claimed once among all processes, worked on, and taken over from processes that ended.

What concerns us is written down first, with where the message is found again. No text is written down.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

import discord
import structlog

from bot import notices
from bot.claims import Claims, Work
from bot.core import Core
from bot.discord.events import is_ordinary, key
from bot.discord.questions import Questions, reference
from bot.discord.reply import find
from bot.discord.sending import delivering
from bot.errors import AccessError, DeliveryError
from bot.tasks import Tasks

log = structlog.get_logger(__name__)

if TYPE_CHECKING:
    from discord.abc import MessageableChannel as Somewhere


class Inbox:
    """Everything that is under way because of messages."""

    def __init__(self, core: Core, client: discord.Client, questions: Questions, tasks: Tasks) -> None:
        self._core = core
        self._client = client
        self._questions = questions
        self._tasks = tasks
        self._claims = Claims(core.events, tasks)
        self._looking = asyncio.Lock()
        """One look after the other: messages of a thread stay in order."""

    async def take(self, message: discord.Message) -> None:
        """Take a message that was posted."""
        if await self._is_for_us(message):
            event = key(message.id)
            await self._claims.claim(event, reference(message), lambda: self._questions.answer(message, event))

    async def take_edit(self, message: discord.Message, before: discord.Message | None) -> None:
        """Take a message that was edited; Discord also says so when it merely adds a preview."""
        if message.edited_at is None or (before is not None and before.content == message.content):
            return
        if await self._is_for_us(message):
            event = f"{key(message.id)}:{int(message.edited_at.timestamp() * 1000)}"
            found_at = reference(message, "edited")
            await self._claims.claim(event, found_at, lambda: self._questions.answer_anew(message, event))

    async def take_deletion(self, guild: int | None, channel: int, message: int) -> None:
        """Take the deletion of a message, of which only the ids are known."""
        found_at = {"kind": "deleted", "guild": str(guild or ""), "channel": str(channel), "message": str(message)}
        await self._claims.claim(f"{key(message)}:deleted", found_at, lambda: self._deleted(channel, message))

    async def ask_again(self, channel: Somewhere, message: int, failed: int, moment: str) -> None:
        """Answer a message once more, in the place of what went wrong."""
        asked = await self._questions.fetch(channel, message)
        if asked is None:
            raise AccessError(notices.QUESTION_GONE)
        event = f"{key(message)}:again:{moment}"
        await self._claims.claim(event, reference(asked), lambda: self._questions.answer(asked, event, [failed]))

    async def _deleted(self, channel: int, message: int) -> None:
        where = await self._channel(channel)
        if where is not None:
            await self._questions.withdraw(where, message)

    async def _is_for_us(self, message: discord.Message) -> bool:
        async with self._looking:
            return is_ordinary(message) and await self._questions.is_for_us(message)

    # From processes that have ended.

    async def take_over(self) -> None:
        """Go on with what processes left open that have ended."""
        await self._claims.take_over("discord:", lambda event: self._again(event.id, event.reference))

    def _again(self, event: str, found_at: Mapping[str, str]) -> Work:
        async def work() -> None:
            channel = await self._channel(int(found_at["channel"]))
            if channel is None or found_at["kind"] == "command":
                return
            message = int(found_at["message"])
            if found_at["kind"] == "deleted":
                await self._deleted(channel.id, message)
                return
            asked = await self._questions.fetch(channel, message)
            if asked is None:
                return  # deleted meanwhile
            if found_at["kind"] == "edited":
                await self._questions.answer_anew(asked, event)
            else:
                parts = await find(channel, message, self._questions.bot)
                await self._questions.answer(asked, event, parts)

        return work

    async def _channel(self, channel: int) -> discord.abc.MessageableChannel | None:
        """Return a channel or thread that we see; None for what is gone."""
        found = self._client.get_channel(channel)
        if found is None:
            try:
                with delivering():
                    found = await self._client.fetch_channel(channel)
            except DeliveryError as error:
                log.info("channel_gone", error=type(error).__name__)
        return found if isinstance(found, discord.abc.Messageable) else None
