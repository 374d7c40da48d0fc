"""The answer to one message or command, as Discord shows it: a placeholder at once, edits as it grows, then final.

All messages of an answer reply to the question, or stand in a thread opened for it, so that whoever comes later (an
edit, a deletion, the next process) finds them again.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import discord

from bot import notices
from bot.answer import Answer
from bot.buttons import AskAgain
from bot.discord import render
from bot.discord.directs import directly
from bot.discord.pieces import DiscordMessage
from bot.discord.sending import TOKEN_OVER, DiscordRefusedError, arguments, delivering, persistently
from bot.parts import settle
from bot.tasks import to_its_end
from ingest.periodic import repeat

if TYPE_CHECKING:
    from discord.abc import MessageableChannel as Somewhere

EDIT_SECONDS = 1.3
"""Discord takes five edits in five seconds of a channel."""
TYPING_SECONDS = 8.0
"""It lasts ten."""
GONE = frozenset({10008})
MOST_LOOKED_AT = 100


class Typing:
    """Shows that the bot is typing."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    def begin(self, type_once: Callable[[], Awaitable[object]]) -> None:
        self._task = asyncio.create_task(repeat(TYPING_SECONDS, type_once))

    async def end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None


@dataclass(slots=True)
class DiscordReply:
    """Our messages below one question, the first of which is there before the answer is."""

    channel: Somewhere
    asked: discord.PartialMessage | discord.Message
    question_id: str
    bot: int
    """Who we are, to be named in the help."""
    parts: list[int] = field(default_factory=list)
    """The ids of our messages."""
    _typing: Typing = field(default_factory=Typing)

    @property
    def interval(self) -> float:
        return EDIT_SECONDS

    @property
    def first(self) -> str:
        return str(self.parts[0])

    async def open(self) -> None:
        """Show that the question was seen; a message that is there already is used."""
        if not self.parts:
            await self._post(render.notice(notices.LOOKING))
        self._typing.begin(self._type)

    async def _type(self) -> None:
        await self.channel.typing()

    async def show(self, text: str) -> None:
        await self._edit(0, render.draft_message(text))

    async def finish(self, answer: Answer) -> None:
        await self._settle(render.answer(answer, self.question_id))

    async def help(self) -> None:
        """Say how we are used instead of an answer."""
        await self._settle([render.help_message(render.COMMAND, f"<@{self.bot}>")])

    async def fail(self, notice: str, *, can_retry: bool) -> None:
        """Say what went wrong instead of an answer."""
        await self._settle([render.failure(notice, AskAgain(str(self.asked.id)) if can_retry else None)])

    async def withdraw(self) -> None:
        """Take everything back."""
        await self._typing.end()
        while self.parts:
            await delete(self.channel, self.parts.pop())

    async def close(self) -> None:
        """Nothing more comes."""
        await self._typing.end()

    async def _settle(self, messages: Sequence[DiscordMessage]) -> None:
        """Make these messages the whole reply."""
        await self._typing.end()
        await settle(
            self.parts,
            messages,
            edit=self._edited,
            post=lambda _, message: self._post(message),
            delete=lambda part: delete(self.channel, part),
        )

    async def _edited(self, number: int, message: DiscordMessage) -> bool:
        try:
            await self._edit(number, message)
        except DiscordRefusedError as error:
            if error.code not in GONE:
                raise
            return False
        return True

    async def _post(self, message: DiscordMessage) -> None:
        await to_its_end(self._post_once(message))

    async def _post_once(self, message: DiscordMessage) -> None:
        """Post a reply. What broke off is repeated under the same nonce, so that it stands there once."""
        more: dict[str, Any] = {"nonce": secrets.randbits(64)}
        if self.channel.id == self.asked.channel.id:  # in the question's own thread there is nothing to refer to
            more["mention_author"] = False
            more["reference"] = discord.MessageReference(
                message_id=self.asked.id, channel_id=self.asked.channel.id, fail_if_not_exists=False
            )
        sent = await persistently(lambda: self.channel.send(**arguments(message), **more))
        self.parts.append(sent.id)

    async def _edit(self, number: int, message: DiscordMessage) -> None:
        part = partial(self.channel, self.parts[number])
        await persistently(lambda: part.edit(**arguments(message)))


@dataclass(slots=True)
class CommandReply:
    """The answer to a command that was deferred.

    What only its asker sees can be changed as long as its token is good; after that the asker is written to directly.
    """

    interaction: discord.Interaction[Any]
    question_id: str
    is_private: bool
    can_share: bool
    message: int = 0
    """The deferred message."""

    @property
    def interval(self) -> float:
        return EDIT_SECONDS

    async def show(self, text: str) -> None:
        await self._edit(render.draft_message(text))

    async def finish(self, answer: Answer) -> None:
        shown = render.answer(answer, self.question_id, can_share=self.can_share)
        await self._settle(shown, render.answer(answer, self.question_id))

    async def fail(self, notice: str) -> None:
        await self._settle([render.failure(notice)], [render.failure(notice)])

    async def withdraw(self) -> None:
        """A command cannot be deleted."""

    async def _settle(self, messages: Sequence[DiscordMessage], alone: Sequence[DiscordMessage]) -> None:
        try:
            await self._edit(messages[0])
            for message in messages[1:]:
                await self._say(message)
        except DiscordRefusedError as error:
            if not self.is_private or error.code not in TOKEN_OVER:
                raise
            await self._write_directly([render.notice(notices.TOO_LATE_HERE), *alone])

    async def _write_directly(self, messages: Sequence[DiscordMessage]) -> None:
        where = await directly(self.interaction.client, self.interaction.user.id)
        for message in messages:
            with delivering():
                await where.send(**arguments(message))

    async def _edit(self, message: DiscordMessage) -> None:
        try:
            await persistently(lambda: self.interaction.edit_original_response(**arguments(message)))
        except DiscordRefusedError as error:
            if self.is_private or error.code not in TOKEN_OVER or not self.message:
                raise
            with delivering():
                await partial(self._channel, self.message).edit(**arguments(message))

    async def _say(self, message: DiscordMessage) -> None:
        try:
            with delivering():
                await self.interaction.followup.send(**arguments(message), ephemeral=self.is_private)
        except DiscordRefusedError as error:
            if self.is_private or error.code not in TOKEN_OVER:
                raise
            with delivering():
                await self._channel.send(**arguments(message))

    @property
    def _channel(self) -> Somewhere:
        channel = self.interaction.channel
        assert channel is not None
        assert not isinstance(channel, discord.ForumChannel | discord.CategoryChannel)
        return channel


def partial(channel: Somewhere, message: int) -> discord.PartialMessage:
    """Return a message of which only the id is known."""
    assert not isinstance(channel, discord.GroupChannel), "bots are in none"
    return channel.get_partial_message(message)


async def find(channel: Somewhere, asked: int, bot: int) -> list[int]:
    """Return our messages that reply to a message, oldest first."""
    with delivering():
        later = channel.history(limit=MOST_LOOKED_AT, after=discord.Object(asked), oldest_first=True)
        ours = [one async for one in later if one.author.id == bot and one.reference is not None]
    return [one.id for one in ours if one.reference is not None and one.reference.message_id == asked]


async def find_in_thread(thread: Somewhere, bot: int) -> list[int]:
    """Return our messages that answer the question a thread was opened for, oldest first."""
    with delivering():
        first = thread.history(limit=MOST_LOOKED_AT, oldest_first=True)
        return [
            one.id
            async for one in first
            if one.author.id == bot and one.type is discord.MessageType.default and one.reference is None
        ]


async def delete(channel: Somewhere, message: int) -> None:
    try:
        with delivering():
            await partial(channel, message).delete()
    except DiscordRefusedError as error:
        if error.code not in GONE:
            raise
