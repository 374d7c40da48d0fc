"""Which messages are questions, what each is asked with, and what stands in Discord as its answer."""

from __future__ import annotations

from collections.abc import Sequence

import discord
import structlog

from bot.access import Audience
from bot.addressed import is_question
from bot.answering import Answering, Asked
from bot.conversation import Ask, new_question_id
from bot.core import Core
from bot.discord.directory import Directory
from bot.discord.events import is_named, key, names_others, question_text, replied_to
from bot.discord.reply import DiscordReply, delete, find
from bot.discord.sending import delivering
from bot.errors import DeliveryError
from bot.memory import Thread

log = structlog.get_logger(__name__)

LONGEST_CHAIN = 20
"""Of replies to replies, up to the question that a conversation began with."""


class Questions:
    """Answers messages in guilds and direct messages."""

    def __init__(self, core: Core, client: discord.Client, directory: Directory) -> None:
        self._core = core
        self._client = client
        self._directory = directory
        self._answering = Answering[DiscordReply](core.conversation, core.events, core.locks)

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
        asked = Asked(
            message=key(message.id),
            event=event,
            found_at=reference(message, "posted" if event == key(message.id) else "edited"),
            line=_line(message),
            reply=DiscordReply(message.channel, message, new_question_id(), list(parts)),
            ask=lambda: self._ask(message),
            tell_asker=lambda notice: self._tell(message.author, notice),
        )
        await self._answering.answer(asked)

    async def answer_anew(self, message: discord.Message, event: str) -> None:
        """The question was edited: what stands there, or is being written, becomes the answer to what it is now."""
        if await self._core.events.is_withdrawn(key(message.id)):
            return
        interrupted = await self._answering.interrupt(key(message.id))
        parts = (interrupted.parts if interrupted else ()) or await self.parts(message.channel, message.id)
        await self.answer(message, event, parts)

    async def parts(self, channel: discord.abc.MessageableChannel, message: int) -> list[int]:
        """Return the messages that answer a message; those that tell how far its uploads are stand beside them."""
        announcements = await self._core.uploads.announcements("discord", str(message))
        told = {int(one.partition(":")[2]) for one in announcements}
        return [one for one in await find(channel, message, self.bot) if one not in told]

    async def withdraw(self, channel: discord.abc.MessageableChannel, message: int) -> None:
        """The question was deleted: stop its answer, and take away what is there of it."""
        await self._answering.withdraw(key(message))
        for part in await find(channel, message, self.bot):
            await delete(channel, part)

    async def _tell(self, asker: discord.abc.Messageable, notice: str) -> None:
        with delivering():
            await asker.send(notice)

    async def _ask(self, message: discord.Message) -> Ask:
        thread = await self.thread(message)
        about = await self._core.uploads.documents_of(thread.workspace, thread.channel, thread.thread)
        return Ask(
            event=key(message.id),
            thread=thread,
            scopes=await self._directory.scopes(message.channel, message.author.id, Audience.CHANNEL),
            asker=str(message.author.id),
            text=question_text(message, self.bot),
            document_ids=about or None,
        )


def _line(message: discord.Message) -> str:
    """Return what is answered in order: a direct message, a thread, what replies to the same message."""
    if message.guild is None or isinstance(message.channel, discord.Thread):
        return str(message.channel.id)
    return str(replied_to(message) or message.id)


def reference(message: discord.Message, kind: str = "posted") -> dict[str, str]:
    """Return where a message is found again."""
    return {"kind": kind, "channel": str(message.channel.id), "message": str(message.id)}
