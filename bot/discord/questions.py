"""From a message that asks to the answer below it: once, in order, anew when edited, gone when deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import discord
import structlog

from bot import notices
from bot.access import Audience
from bot.addressed import is_question
from bot.conversation import Ask, new_question_id
from bot.core import Core
from bot.discord.directory import Directory
from bot.discord.events import is_named, key, names_others, question_text, replied_to
from bot.discord.reply import DiscordReply, delete, find
from bot.discord.sending import delivering
from bot.errors import BotError, DeliveryError
from bot.memory import Thread
from ingest.errors import IngestError
from ingest.logs import where

log = structlog.get_logger(__name__)

LONGEST_CHAIN = 20
"""Of replies to replies, up to the question that a conversation began with."""


@dataclass(slots=True)
class _Writing:
    """An answer that this process is writing."""

    task: asyncio.Task[object]
    reply: DiscordReply
    is_superseded: bool = False


class Questions:
    """Answers messages in guilds and direct messages."""

    def __init__(self, core: Core, client: discord.Client, directory: Directory) -> None:
        self._core = core
        self._client = client
        self._directory = directory
        self._writing: dict[int, _Writing] = {}

    @property
    def bot(self) -> int:
        assert self._client.user is not None
        return self._client.user.id

    # Which messages are questions.

    async def is_for_us(self, message: discord.Message) -> bool:
        """Say whether a message asks us: direct, naming us, replying to us, or going on in a thread that we are in."""
        text = question_text(message, self.bot)
        if message.guild is None or is_named(message, self.bot):
            return bool(text) or not message.attachments
        if not text or names_others(message, self.bot):
            return False
        replied = await self._replied(message)
        if replied is not None:
            return replied.author.id == self.bot
        return isinstance(message.channel, discord.Thread) and is_question(text) and await self._takes_part(message)

    async def _takes_part(self, message: discord.Message) -> bool:
        """Say whether we have answered in the message's thread."""
        return await self._core.memory.has_answered(await self.thread(message))

    async def thread(self, message: discord.Message) -> Thread:
        """Return where turns belong together: a direct message, a thread, or a chain of replies in a channel."""
        channel = message.channel
        place = await self._directory.place(channel, message.author.id)
        if message.guild is None or isinstance(channel, discord.Thread):
            return Thread(place.workspace, place.channel, str(channel.id))
        return Thread(place.workspace, place.channel, str(await self._root(message)))

    async def _root(self, message: discord.Message) -> int:
        one: discord.Message | None = message
        root = message.id
        for _ in range(LONGEST_CHAIN):
            one = await self._replied(one) if one is not None else None
            if one is None:
                break
            root = one.id
        return root

    async def _replied(self, message: discord.Message) -> discord.Message | None:
        """Return the message that another one replies to; None where there is none, or none any more."""
        replied = replied_to(message)
        if replied is None or message.reference is None:
            return None
        if isinstance(message.reference.resolved, discord.Message):
            return message.reference.resolved
        known = message.reference.cached_message
        return known or await self.fetch(message.channel, replied)

    async def fetch(self, channel: discord.abc.MessageableChannel, message: int) -> discord.Message | None:
        """Return a message as it stands in Discord now."""
        try:
            with delivering():
                return await channel.fetch_message(message)
        except DeliveryError as error:
            log.info("message_not_read", error=type(error).__name__)
            return None

    # Answering.

    async def answer(self, message: discord.Message, event: str, parts: Sequence[int] = ()) -> None:
        """Answer a message, in `parts` where something of the answer stands already.

        Raises:
            asyncio.CancelledError: the process stops; somebody else goes on.
        """
        task = asyncio.current_task()
        assert task is not None
        reply = DiscordReply(message.channel, message, new_question_id(), list(parts))
        writing = _Writing(task, reply)
        self._writing[message.id] = writing
        try:
            await self._write(message, event, reply)
        except asyncio.CancelledError:
            if writing.is_superseded:
                return
            if not await self._core.events.is_withdrawn(key(message.id)):
                raise
            await reply.withdraw()
        finally:
            await reply.close()
            if self._writing.get(message.id) is writing:
                del self._writing[message.id]

    async def answer_anew(self, message: discord.Message, event: str) -> None:
        """The question was edited: what stands there, or is being written, becomes the answer to what it is now."""
        if await self._core.events.is_withdrawn(key(message.id)):
            return
        parts = await self._interrupt(message.id) or await find(message.channel, message.id, self.bot)
        await self.answer(message, event, parts)

    def is_writing(self, message: int) -> bool:
        return message in self._writing

    async def withdraw(self, channel: discord.abc.MessageableChannel, message: int) -> None:
        """The question was deleted: stop its answer, and take away what is there of it."""
        await self._core.events.withdraw(key(message))
        if (writing := self._writing.get(message)) is not None:
            writing.task.cancel()
            await asyncio.wait([writing.task])
        for part in await find(channel, message, self.bot):
            await delete(channel, part)

    async def _interrupt(self, message: int) -> list[int]:
        """Stop writing the answer to an earlier version; return the messages it was written into."""
        if (writing := self._writing.get(message)) is None:
            return []
        writing.is_superseded = True
        writing.task.cancel()
        await asyncio.wait([writing.task])
        return writing.reply.parts

    async def _write(self, message: discord.Message, event: str, reply: DiscordReply) -> None:
        try:
            await reply.open()
            await self._core.events.refer(event, {**reference(message), "reply": str(reply.parts[0])})
            thread = await self.thread(message)
            async with self._core.locks.hold(f"thread:{thread.channel}:{thread.thread}"):
                ask = await self._ask(message, thread)
                await self._core.conversation.answer(ask, reply, question_id=reply.question_id)
        except (BotError, IngestError) as error:
            log.info("not_answered", question=reply.question_id, error=type(error).__name__)
            await self._fail(reply, str(error), can_retry=error.retryable)
        except Exception as error:  # noqa: BLE001 - the boundary of a question: its asker is told, under an id
            log.error("answer_broke", id=reply.question_id, error=type(error).__name__, at=where(error))
            await self._fail(reply, notices.with_id(notices.INTERNAL_ERROR, reply.question_id), can_retry=True)

    async def _fail(self, reply: DiscordReply, notice: str, *, can_retry: bool) -> None:
        """Say what went wrong, below the question; if nothing can be said there, to the asker directly."""
        try:
            await reply.fail(notice, can_retry=can_retry)
        except DeliveryError as error:
            log.warning("failure_not_shown", question=reply.question_id, error=type(error).__name__)
            if isinstance(reply.asked, discord.Message):
                await self._tell(reply.asked.author)

    async def _tell(self, asker: discord.abc.Messageable) -> None:
        try:
            with delivering():
                await asker.send(notices.CANNOT_WRITE)
        except DeliveryError as error:
            log.warning("asker_not_told", error=type(error).__name__)

    async def _ask(self, message: discord.Message, thread: Thread) -> Ask:
        about = await self._core.uploads.documents_of(thread.workspace, thread.channel, thread.thread)
        return Ask(
            event=key(message.id),
            thread=thread,
            scopes=await self._directory.scopes(message.channel, message.author.id, Audience.CHANNEL),
            asker=str(message.author.id),
            text=question_text(message, self.bot),
            document_ids=about or None,
        )


def reference(message: discord.Message, kind: str = "posted") -> dict[str, str]:
    """Return where a message is found again."""
    return {"kind": kind, "channel": str(message.channel.id), "message": str(message.id)}
