"""Which messages are questions, what each is asked with, and what stands in Discord as its answer."""

from __future__ import annotations

from collections.abc import Sequence

import discord
import structlog

from bot.access import Audience
from bot.addressed import is_question
from bot.answering import EARLIER_MESSAGES, Answering, Asked, earlier_turns
from bot.conversation import Ask, new_question_id
from bot.core import Core
from bot.discord import render
from bot.discord.directory import Directory
from bot.discord.events import is_named, is_ordinary, key, names_others, question_text, replied_to
from bot.discord.reply import DiscordReply, delete, find, find_in_thread
from bot.discord.sending import delivering
from bot.errors import DeliveryError
from bot.memory import Thread
from bot.question import Turn
from bot.uploads import MessageUploads

log = structlog.get_logger(__name__)

OPENS_THREADS = (discord.TextChannel,)
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
            is_ours = replied.author.id == self.bot
            return is_ours or (is_question(text) and bool((await self._about([replied.id])).documents))
        return isinstance(message.channel, discord.Thread) and is_question(text) and await self._takes_part(message)

    async def _takes_part(self, message: discord.Message) -> bool:
        """Say whether we have answered in the message's thread, are doing so, or it was opened on an upload."""
        if await self._answering.takes_part(_line(message), await self.thread(message)):
            return True
        return bool((await self._about([message.channel.id])).documents)

    async def thread(self, message: discord.Message, guild: discord.Guild | None = None) -> Thread:
        """Return where turns belong together: a direct message, a thread, or a chain of replies in a channel."""
        channel = message.channel
        place = await self._directory.place(channel, message.author.id, guild)
        if message.guild is None or isinstance(channel, discord.Thread):
            return Thread(place.workspace, place.channel, str(channel.id))
        chain = await self._chain(message)
        return Thread(place.workspace, place.channel, str((chain[-1] if chain else message).id))

    async def _chain(self, message: discord.Message) -> list[discord.Message]:
        """Return what a message replies to, what that replies to, and so on."""
        chain: list[discord.Message] = []
        one = await self._replied(message)
        while one is not None and len(chain) < LONGEST_CHAIN:
            chain.append(one)
            one = await self._replied(one)
        return chain

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
        if isinstance(channel, discord.Thread) and channel.id == message and isinstance(channel.parent, OPENS_THREADS):
            channel = channel.parent  # the question that the thread was opened for
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
        where = await self._place_of(message, parts)
        asked = Asked(
            message=key(message.id),
            event=event,
            found_at=reference(message, "posted" if event == key(message.id) else "edited"),
            line=_line(message),
            reply=DiscordReply(where, message, new_question_id(), self.bot, list(parts)),
            ask=lambda: self._ask(message),
            tell_asker=lambda notice: self._tell(message.author, notice),
            version=_version(message),
        )
        await self._answering.answer(asked)

    async def answer_anew(self, message: discord.Message, event: str) -> None:
        """The question was edited: what stands there, or is being written, becomes the answer to what it is now."""
        await self._answering.answer_anew(
            key(message.id),
            event,
            _version(message),
            find=lambda: self.parts(message),
            answer=lambda parts: self.answer(message, event, parts),
        )

    async def parts(self, message: discord.Message) -> list[int]:
        """Return the messages that answer a message; those that tell how far its uploads are stand beside them."""
        if (thread := await self._own_thread(message.id, is_there=message.flags.has_thread)) is not None:
            return await find_in_thread(thread, self.bot)
        announcements = await self._core.uploads.announcements("discord", str(message.id))
        told = {int(one.partition(":")[2]) for one in announcements}
        return [one for one in await find(message.channel, message.id, self.bot) if one not in told]

    async def _place_of(self, message: discord.Message, parts: Sequence[int]) -> discord.abc.MessageableChannel:
        """Return where a message is answered: in a thread of its own, where that is wanted and possible."""
        if (thread := await self._own_thread(message.id, is_there=message.flags.has_thread)) is not None:
            return thread
        is_opened = isinstance(message.channel, OPENS_THREADS) and replied_to(message) is None and not parts
        if not (self._core.settings.discord.threads and is_opened):
            return message.channel
        try:
            with delivering():
                return await message.create_thread(name=render.thread_name(question_text(message, self.bot)))
        except DeliveryError as error:
            log.info("thread_not_opened", error=type(error).__name__)
            return message.channel

    async def _own_thread(self, message: int, *, is_there: bool = True) -> discord.Thread | None:
        """Return the thread that was opened on a message: it has the message's id."""
        if not self._core.settings.discord.threads:
            return None
        found = self._client.get_channel(message)
        if found is None and is_there:
            try:
                with delivering():
                    found = await self._client.fetch_channel(message)
            except DeliveryError:
                return None
        return found if isinstance(found, discord.Thread) and isinstance(found.parent, OPENS_THREADS) else None

    async def withdraw(self, channel: discord.abc.MessageableChannel, message: int) -> None:
        """The question was deleted: stop its answer, and take away what is there of it."""
        await self._answering.withdraw(key(message))
        for part in await find(channel, message, self.bot):
            await delete(channel, part)
        if (thread := await self._own_thread(message)) is not None:
            for part in await find_in_thread(thread, self.bot):
                await delete(thread, part)

    async def _tell(self, asker: discord.abc.Messageable, notice: str) -> None:
        with delivering():
            await asker.send(notice)

    async def _ask(self, message: discord.Message) -> Ask:
        guilds = await self._directory.guilds(message.channel, message.author.id)
        return await self._core.conversation.likeliest([await self._ask_in(guild, message) for guild in guilds])

    async def _ask_in(self, guild: discord.Guild, message: discord.Message) -> Ask:
        thread = await self.thread(message, guild)
        chain = await self._chain(message)
        about = await self._about([message.id, *(one.id for one in chain), int(thread.thread)])
        return Ask(
            event=key(message.id),
            thread=thread,
            scopes=await self._directory.scopes(message.channel, message.author.id, Audience.CHANNEL, guild),
            asker=str(message.author.id),
            text=question_text(message, self.bot),
            document_ids=about.documents or None,
            unread=about.unread,
            earlier=await self._earlier(message, thread, chain),
            called=guild.name if message.guild is None else "",
        )

    async def _about(self, messages: Sequence[int]) -> MessageUploads:
        """Return what came with the first of these messages that brought any documents."""
        found = await self._core.uploads.of_messages("discord", [str(one) for one in messages])
        for message in messages:
            if own := [one for one in found if one.upload.message == str(message)]:
                return MessageUploads.of(own)
        return MessageUploads()

    async def _earlier(
        self, message: discord.Message, thread: Thread, chain: Sequence[discord.Message]
    ) -> tuple[Turn, ...]:
        """Return what people wrote in a thread, or what is replied to, before we were called into it."""
        if message.guild is None or not (chain or isinstance(message.channel, discord.Thread)):
            return ()
        if await self._core.memory.has_answered(thread):
            return ()
        said = list(chain)
        if isinstance(message.channel, discord.Thread):
            try:
                with delivering():
                    said = [one async for one in message.channel.history(limit=EARLIER_MESSAGES, before=message)]
            except DeliveryError as error:
                log.info("thread_not_read", error=type(error).__name__)
        people = [one for one in map(_said, reversed(said)) if is_ordinary(one)]
        return earlier_turns([question_text(one, self.bot) for one in people])


def _said(message: discord.Message) -> discord.Message:
    """A thread on a message begins with a reference to it."""
    if message.type is discord.MessageType.thread_starter_message and message.reference is not None:
        resolved = message.reference.resolved
        return resolved if isinstance(resolved, discord.Message) else message
    return message


def _version(message: discord.Message) -> str:
    return message.edited_at.isoformat(timespec="microseconds") if message.edited_at is not None else ""


def _line(message: discord.Message) -> str:
    """Return what is answered in order: a direct message, a thread, what replies to the same message."""
    if message.guild is None or isinstance(message.channel, discord.Thread):
        return str(message.channel.id)
    return str(replied_to(message) or message.id)


def reference(message: discord.Message, kind: str = "posted") -> dict[str, str]:
    """Return where a message is found again."""
    return {"kind": kind, "channel": str(message.channel.id), "message": str(message.id)}
