"""`/askdocs ask`: a question with its options, answered in the place of the deferred message."""

from __future__ import annotations

import discord

from bot.access import Audience
from bot.boundary import guarded
from bot.conversation import Ask, new_question_id
from bot.core import Core
from bot.discord.directory import Directory
from bot.discord.interactions import Interaction, channel_of, found_at
from bot.discord.reply import CommandReply
from bot.memory import Thread


class AskCommand:
    """Questions that come as a command."""

    def __init__(self, core: Core, directory: Directory) -> None:
        self._core = core
        self._directory = directory

    async def answer(
        self, interaction: Interaction, deferred: int, question: str, document: str, *, is_private: bool
    ) -> None:
        """Answer a question that was deferred by a message; whatever goes wrong is told in the answer's place."""
        event = f"discord:command:{interaction.id}"
        can_share = is_private and interaction.guild is not None
        reply = CommandReply(interaction, new_question_id(), is_private, can_share, deferred)
        await self._core.events.claim(event, found_at(interaction))
        work = self._answer(event, interaction, reply, question, document)
        await guarded("command", reply.question_id, work, reply.fail)
        await self._core.events.finish(event)

    async def _answer(
        self, event: str, interaction: Interaction, reply: CommandReply, question: str, document: str
    ) -> None:
        ask = await self._ask(event, interaction, reply, question, document)
        await self._core.conversation.answer(ask, reply, question_id=reply.question_id)

    async def _ask(
        self, event: str, interaction: Interaction, reply: CommandReply, question: str, document: str
    ) -> Ask:
        asks: list[Ask] = []

        async def ask(guild: discord.Guild) -> None:
            asks.append(await self._ask_in(guild, event, interaction, reply, question, document))

        if document:
            await self._directory.wherever(channel_of(interaction), interaction.user.id, ask)
        else:
            for guild in await self._directory.guilds(channel_of(interaction), interaction.user.id):
                await ask(guild)
        return await self._core.conversation.likeliest(asks)

    async def _ask_in(
        self,
        guild: discord.Guild,
        event: str,
        interaction: Interaction,
        reply: CommandReply,
        question: str,
        document: str,
    ) -> Ask:
        channel, user = channel_of(interaction), interaction.user.id
        place = await self._directory.place(channel, user, guild)
        audience = Audience.ASKER if reply.is_private else Audience.CHANNEL
        scopes = await self._directory.scopes(channel, user, audience, guild)
        if reply.is_private:
            thread = Thread(place.workspace, place.channel, place.channel, str(user))
        else:
            is_one = channel.guild is None or isinstance(channel, discord.Thread)
            began = channel.id if is_one else reply.message or interaction.id
            thread = Thread(place.workspace, place.channel, str(began))
        about = frozenset({(await self._core.commands.find(document, scopes)).id}) if document else None
        called = guild.name if channel.guild is None else ""
        return Ask(event, thread, scopes, str(user), question, about, called=called)
