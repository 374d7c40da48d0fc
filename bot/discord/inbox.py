"""Takes Discord's events: claimed once among all processes, worked on, and taken over from processes that ended.

What concerns us is written down first, with where the message is found again. No text is written down.
"""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import discord
import structlog

from bot import notices
from bot.claims import Claims, Work
from bot.core import Core
from bot.discord import render
from bot.discord.directs import Directs, directly
from bot.discord.events import files, is_ordinary, key, shows_content, workspace
from bot.discord.questions import Questions, reference
from bot.discord.sending import TOKEN_OVER, DiscordRefusedError, arguments, delivering
from bot.discord.uploads import PLATFORM, DiscordUploads
from bot.errors import AccessError, DeliveryError
from bot.events import KEPT_SECONDS
from bot.incoming import Incoming
from bot.tasks import Tasks

log = structlog.get_logger(__name__)

if TYPE_CHECKING:
    from discord.abc import MessageableChannel as Somewhere


ORIGINAL: Any = "@original"
"""What Discord calls the answer to a command, in the place of its id."""


class Inbox:
    """Everything that is under way because of messages."""

    def __init__(
        self,
        core: Core,
        client: discord.Client,
        questions: Questions,
        uploads: DiscordUploads,
        directs: Directs,
        tasks: Tasks,
    ) -> None:
        self._core = core
        self._directs = directs
        self._client = client
        self._questions = questions
        self._incoming = Incoming(uploads, questions)
        self._claims = Claims(core.events, tasks)
        self._looking = asyncio.Lock()
        """One look after the other: messages of a thread stay in order."""
        self._coming: set[int] = set()
        """Messages that are looked at, or being claimed."""

    async def take(self, message: discord.Message) -> None:
        """Take a message that was posted."""
        self._coming.add(message.id)
        try:
            if await self._concerns_us(message):
                if message.guild is None:
                    await self._directs.note(message.channel.id)
                event = key(message.id)
                await self._claims.claim(event, reference(message), lambda: self._incoming.work_on(message, event))
        finally:
            self._coming.discard(message.id)

    async def take_edit(self, message: discord.Message, before: discord.Message | None) -> None:
        """Take a message that was edited; Discord also says so when it merely adds a preview."""
        if before is None or before.attachments != message.attachments:
            await self._forget_removed(message)
        if message.edited_at is None or (before is not None and before.content == message.content):
            return
        async with self._looking:
            is_question = is_ordinary(message) and await self._questions.is_for_us(message)
        if is_question:
            event = f"{key(message.id)}:{int(message.edited_at.timestamp() * 1000)}"
            found_at = reference(message, "edited")
            await self._claims.claim(event, found_at, lambda: self._questions.answer_anew(message, event))

    async def take_deletions(self, channel: int, messages: Collection[int]) -> None:
        """Take the deletion of messages, of which only the ids are known."""
        for message in await self._ours(messages):
            found_at = {"kind": "deleted", "channel": str(channel), "message": str(message)}
            work = functools.partial(self._deleted, channel, message)
            await self._claims.claim(f"{key(message)}:deleted", found_at, work)

    async def _ours(self, messages: Collection[int]) -> list[int]:
        """Return which messages had anything to do with us."""
        handled = await self._core.events.known([key(one) for one in messages])
        carrying = await self._core.uploads.of_messages(PLATFORM, [str(one) for one in messages])
        with_files = {int(one.upload.message) for one in carrying}
        long_ago = time.time() - KEPT_SECONDS
        return [
            one
            for one in messages
            if one in self._coming
            or key(one) in handled
            or one in with_files
            or (len(messages) == 1 and discord.utils.snowflake_time(one).timestamp() < long_ago)
        ]

    # What is gone with the messages in it. Doing it twice does no harm, and what a crash leaves, `Upkeep` finds.

    async def forget_channel(self, guild: int, channel: int) -> None:
        await self._core.uploads.forget_channel(workspace(guild), str(channel))
        await self._core.watched.forget(workspace(guild), str(channel))

    async def forget_thread(self, guild: int, thread: int) -> None:
        await self._core.uploads.forget_thread(workspace(guild), str(thread))
        await self._core.watched.forget(workspace(guild), str(thread))

    async def forget_guild(self, guild: int) -> None:
        await self._core.uploads.forget_workspace(workspace(guild))
        await self._core.watched.forget(workspace(guild))

    # From people.

    async def ask_again(self, channel: Somewhere, message: int, failed: int, moment: str) -> None:
        """Answer a message once more, in the place of what went wrong."""
        asked = await self._questions.fetch(channel, message)
        if asked is None:
            raise AccessError(notices.QUESTION_GONE)
        event = f"{key(message)}:again:{moment}"
        await self._claims.claim(event, reference(asked), lambda: self._questions.answer(asked, event, [failed]))

    # Work under way.

    async def _forget_removed(self, message: discord.Message) -> None:
        """Forget the files that were taken off a message."""
        if not shows_content(message):
            return
        left = {one.id for one in files(message)}
        for one in await self._core.uploads.of_messages(PLATFORM, [str(message.id)]):
            if one.upload.origin.source not in left:
                await self._core.uploads.forget_upload(one)

    async def _deleted(self, channel: int, message: int) -> None:
        await self._core.uploads.forget_messages(PLATFORM, [str(message)])
        where = await self.channel(channel)
        if where is not None:
            await self._questions.withdraw(where, message)

    async def _concerns_us(self, message: discord.Message) -> bool:
        async with self._looking:
            if not is_ordinary(message):
                return False
            return await self._incoming.concerns_us(message)

    # From processes that have ended.

    async def take_over(self) -> None:
        """Go on with what processes left open that have ended."""
        await self._claims.take_over("discord:", lambda event: self._again(event.id, event.reference))

    def _again(self, event: str, found_at: Mapping[str, str]) -> Work:
        async def work() -> None:
            if found_at["kind"] == "command":
                await self._cut_off(found_at.get("token", ""), int(found_at.get("user", 0)))
                return
            if found_at["kind"] == "deleted":
                await self._deleted(int(found_at["channel"]), int(found_at["message"]))
                return
            channel = await self.channel(int(found_at["channel"]))
            if channel is None:
                return
            message = int(found_at["message"])
            asked = await self._questions.fetch(channel, message)
            if asked is None:
                return  # deleted meanwhile
            if found_at["kind"] == "edited":
                await self._questions.answer_anew(asked, event)
            else:
                await self._incoming.work_on(asked, event, await self._questions.parts(asked))

        return work

    async def _cut_off(self, token: str, user: int) -> None:
        """Tell whoever gave a command that nothing more comes: in its place, or directly after fifteen minutes."""
        assert self._client.application_id is not None
        command = discord.Webhook.partial(self._client.application_id, token, client=self._client)
        try:
            with delivering():
                await command.edit_message(ORIGINAL, content=notices.RESTARTED, embeds=[], view=None)
        except DiscordRefusedError as error:
            if error.code not in TOKEN_OVER or not user:
                log.info("command_not_told", code=error.code)
                return
            with delivering():
                await (await directly(self._client, user)).send(**arguments(render.notice(notices.RESTARTED)))

    async def channel(self, channel: int) -> discord.abc.MessageableChannel | None:
        """Return a channel or thread that we see; None for what is gone."""
        found = self._client.get_channel(channel)
        if found is None:
            try:
                with delivering():
                    found = await self._client.fetch_channel(channel)
            except DeliveryError as error:
                log.info("channel_gone", error=type(error).__name__)
        return found if isinstance(found, discord.abc.Messageable) else None
