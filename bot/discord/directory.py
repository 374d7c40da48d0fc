"""Who people are, what kind of place a channel is, and which channels a person sees: by Discord's own permissions.

What Discord does not tell is taken for the narrowest: a private place, an ordinary member, no memberships.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

import discord

from bot import notices
from bot.access import Audience, Person, Place, PlaceKind, readable_scopes
from bot.discord import completing
from bot.discord.events import workspace
from bot.discord.sending import DiscordRefusedError, delivering
from bot.errors import AccessError
from bot.remembered import Remembered
from ingest.documents import WORKSPACE_SCOPE, Scopes
from ingest.index import Index

if TYPE_CHECKING:
    from discord.abc import MessageableChannel as Somewhere

T = TypeVar("T")

NOT_TOLD = frozenset({403, 404})
NO_GUILD = "We are in no server together, so there is nothing here that I could answer from."


class Directory:
    """Looks up people and places in the guilds that the bot is in."""

    def __init__(self, client: discord.Client, index: Index, seconds: float) -> None:
        self._client = client
        self._index = index
        self._members = Remembered[tuple[int, int], discord.Member | None](seconds)

    async def member(self, guild: discord.Guild, user: int) -> discord.Member | None:
        """Return somebody as a member of a guild, with the roles of now; None for who is not one."""

        async def look_up() -> discord.Member | None:
            try:
                with delivering():
                    return await guild.fetch_member(user)
            except DiscordRefusedError as error:
                if error.status == 404 and not error.code:
                    return _stranger(guild, user)
                if error.status not in NOT_TOLD:
                    raise
                return None

        return await self._members.get((guild.id, user), look_up)

    async def guilds(self, channel: Somewhere, user: int) -> list[discord.Guild]:
        """Return the guilds whose documents are meant: the channel's; in a direct message, all that both are in.

        Those with documents that the person may read are enough, if there are any.

        Raises:
            AccessError: there is none.
        """
        if channel.guild is not None:
            return [channel.guild]
        shared = [one for one in self._client.guilds if await self.member(one, user) is not None]
        if not shared:
            raise AccessError(NO_GUILD)
        return [one for one in shared if len(shared) == 1 or await self._has_documents(one, channel, user)] or shared

    async def wherever(self, channel: Somewhere, user: int, do: Callable[[discord.Guild], Awaitable[T]]) -> T:
        """Do something in the guild it is meant for; in a direct message that may be any of several.

        Raises:
            AccessError: in none of them it is allowed, or there.
        """
        *others, last = await self.guilds(channel, user)
        for guild in others:
            with suppress(AccessError):
                return await do(guild)
        return await do(last)

    async def guild(self, channel: Somewhere, user: int) -> discord.Guild:
        """Return the guild where something is added or looked for first."""
        return (await self.guilds(channel, user))[0]

    async def _has_documents(self, guild: discord.Guild, channel: Somewhere, user: int) -> bool:
        place = Place(workspace(guild.id), str(channel.id), PlaceKind.DIRECT)
        memberships = await self._memberships(guild, user)
        return bool(await self._index.documents(readable_scopes(place, Person(str(user)), Audience.ASKER, memberships)))

    async def place(self, channel: Somewhere, user: int, guild: discord.Guild | None = None) -> Place:
        """Return a channel as a place, a direct message as one of a guild.

        Threads are in their channel's place, but private ones have their own.
        """
        guild = guild or await self.guild(channel, user)
        name = workspace(guild.id)
        if channel.guild is None:
            return Place(name, str(channel.id), PlaceKind.DIRECT)
        home: Somewhere | discord.ForumChannel = channel
        if isinstance(channel, discord.Thread):
            if channel.is_private() or channel.parent is None:
                return Place(name, str(channel.id), PlaceKind.PRIVATE)
            home = channel.parent
        everyone = guild.get_role(guild.id)
        is_public = everyone is not None and home.permissions_for(everyone).view_channel
        return Place(name, str(home.id), PlaceKind.PUBLIC if is_public else PlaceKind.PRIVATE)

    def readers(self, scope: str) -> str:
        """Say who may read what has a scope, by the name of its channel where it has one."""
        channel = self._client.get_channel(int(scope.partition(":")[2])) if scope != WORKSPACE_SCOPE else None
        name = getattr(channel, "name", None)
        return f"#{name}" if name else notices.readers(scope)

    async def person(self, guild: discord.Guild, user: int) -> Person:
        member = await self.member(guild, user)
        return Person(str(user), is_admin=member is not None and member.guild_permissions.manage_guild)

    async def scopes(
        self, channel: Somewhere, user: int, audience: Audience, guild: discord.Guild | None = None
    ) -> Scopes:
        """Return what may be read, as things stand now, by who sees what is shown here."""
        guild = guild or await self.guild(channel, user)
        place = await self.place(channel, user, guild)
        is_alone = audience is Audience.ASKER or place.kind is PlaceKind.DIRECT
        memberships = await self._memberships(guild, user) if is_alone else frozenset()
        return readable_scopes(place, Person(str(user)), audience, memberships)

    async def _memberships(self, guild: discord.Guild, user: int) -> frozenset[str]:
        """Return the channels that a person sees."""
        member = await self.member(guild, user)
        if member is None:
            return frozenset()
        return frozenset(str(one.id) for one in guild.channels if one.permissions_for(member).view_channel)


def _stranger(guild: discord.Guild, user: int) -> discord.Member:
    """A member without any role, for a server that stands in for Discord and tells of no members at all."""
    return discord.Member(data=completing.member({"user": {"id": user}}), guild=guild, state=guild._state)  # type: ignore[arg-type]
