"""The state of the fake Discord and everything that changes it; each change is told to the sessions it concerns."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from tests.clock import Clock
from tests.fake_discord import application, payloads
from tests.fake_discord.application import Application
from tests.fake_discord.cdn import Cdn
from tests.fake_discord.greeting import guild_event
from tests.fake_discord.permissions import (
    ALL,
    BOT,
    MANAGE_THREADS,
    PERSON,
    VIEW_CHANNEL,
    Overwrite,
    effective,
    in_channel,
    in_guild,
)
from tests.fake_discord.records import (
    DM,
    Attachment,
    Channel,
    Guild,
    Happening,
    Json,
    Member,
    Message,
    Role,
    Snowflakes,
    User,
)
from tests.fake_discord.sessions import Session, Sessions

LOOK_SECONDS = 0.1
"""How often it is looked at least whether what is waited for is so."""


class World:
    """Users, guilds, channels and messages, and the one application that is looked at."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.ids = Snowflakes(self.clock)
        self.sessions = Sessions(self.clock)
        self.cdn = Cdn(self.clock)
        self.users: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        """Of all guilds, threads and direct messages; deleted ones, too."""
        self.happenings: list[Happening] = []
        self.gateway_url = ""
        self.recommended_shards = 1
        self.watch: Callable[[Message], None] = lambda _: None
        """Called with every message that is new or changed."""
        self._changed = asyncio.Event()
        owner = self.add_user("owner")
        bot = self.add_user("AskDocs", is_bot=True)
        token = ".".join(secrets.token_urlsafe(size) for size in (18, 4, 28))
        self.app = Application(bot.id, bot.name, bot, owner, token)

    # Waiting.

    def changed(self) -> None:
        self._changed.set()

    async def until(self, condition: Callable[[], Any], within: float) -> Any:
        """Wait until the condition gives something true; return that."""
        async with asyncio.timeout(within):
            while not (found := condition()):
                self._changed.clear()
                with suppress(TimeoutError):  # what is waited for need not be ours
                    await asyncio.wait_for(self._changed.wait(), LOOK_SECONDS)
        return found

    def happen(self, kind: str, message: Message | None = None, *, channel: str = "", by: str = "", text: str = "",
               pings: frozenset[str] = frozenset()) -> None:  # fmt: skip
        where = message.channel.id if message else channel
        author = by or (message.author.id if message else "")
        shown = text or (message.content if message else "")
        one = Happening(self.clock.now(), kind, where, message.id if message else "", author, shown, pings)
        self.happenings.append(one)
        self.changed()

    # Who may what.

    @property
    def bot(self) -> User:
        return self.app.bot

    def permissions(self, who: User, where: Channel) -> int:
        """Return what a user can do in a channel: 0 where they cannot see it."""
        if where.is_deleted:
            return 0
        if where.guild is None:
            return ALL if who in (where.recipient, self.bot) else 0
        guild, above = where.guild, where.parent if where.is_thread and where.parent else where
        known = guild.members.get(who.id)
        if known is None:
            return 0
        base = self.guild_permissions(guild, known)
        role_ids = [one.id for one in known.roles]
        total = in_channel(base, above.overwrites, guild.id, role_ids, who.id)
        if where.type == 12 and who.id not in where.thread_members and not total & MANAGE_THREADS:
            return 0
        return effective(total, is_thread=where.is_thread)

    def guild_permissions(self, guild: Guild, who: Member) -> int:
        roles = [one.permissions for one in who.roles]
        return in_guild(guild.everyone.permissions, roles, is_owner=who.user is guild.owner)

    def can(self, who: User, where: Channel, bits: int) -> bool:
        return self.permissions(who, where) & bits == bits

    def sees(self, who: User, where: Channel) -> bool:
        return self.can(who, where, VIEW_CHANNEL)

    # Users and guilds.

    def add_user(self, name: str, *, is_bot: bool = False) -> User:
        one = User(self.ids.new(), name, is_bot)
        self.users[one.id] = one
        return one

    def add_guild(self, name: str, owner: User, everyone: int = PERSON, *, known_id: str = "") -> Guild:
        guild = Guild(known_id or self.ids.new(), name, owner)
        guild.roles[guild.id] = Role(guild.id, "@everyone", everyone, position=0)
        self.guilds[guild.id] = guild
        self.add_member(guild, owner)
        return guild

    def add_bot(self, guild: Guild, allowed: int = BOT) -> Member:
        """Add the application's bot with a role of its own, and tell it about the guild."""
        role = Role(self.ids.new(), self.bot.name, allowed, position=len(guild.roles), bot_id=self.bot.id)
        guild.roles[role.id] = role
        member = Member(self.bot, self.clock.now(), [role])
        guild.members[self.bot.id] = member
        for session in self.sessions.alive:
            if session.serves(guild.id) and session.wants(application.GUILDS):
                session.push("GUILD_CREATE", guild_event(self, guild, session))
        return member

    def remove_bot(self, guild: Guild) -> None:
        """Throw the bot out; what happens in the guild is none of its business any more."""
        member = guild.members.pop(self.bot.id)
        for role in member.roles:
            if role.bot_id:
                del guild.roles[role.id]
        self.sessions.tell("GUILD_DELETE", guild.id, application.GUILDS, {"id": guild.id})
        self.changed()

    def add_member(self, guild: Guild, who: User) -> Member:
        member = Member(who, self.clock.now())
        guild.members[who.id] = member
        body = payloads.member(member) | {"guild_id": guild.id}
        self.tell(guild, "GUILD_MEMBER_ADD", application.GUILD_MEMBERS, body)
        return member

    def remove_member(self, guild: Guild, who: User) -> None:
        del guild.members[who.id]
        body = {"guild_id": guild.id, "user": payloads.user(who)}
        self.tell(guild, "GUILD_MEMBER_REMOVE", application.GUILD_MEMBERS, body)
        self.changed()

    def set_roles(self, guild: Guild, who: User, roles: Iterable[Role]) -> None:
        member = guild.members[who.id]
        member.roles = list(roles)
        body = payloads.member(member) | {"guild_id": guild.id}
        intent = 0 if who is self.bot else application.GUILD_MEMBERS
        self.tell(guild, "GUILD_MEMBER_UPDATE", intent, body)
        self.changed()

    def save_role(self, guild: Guild, role: Role) -> None:
        """Add a role, or tell that it changed."""
        kind = "UPDATE" if role.id in guild.roles else "CREATE"
        guild.roles[role.id] = role
        body = {"guild_id": guild.id, "role": payloads.role(role)}
        self.tell(guild, f"GUILD_ROLE_{kind}", application.GUILDS, body)
        self.changed()

    def delete_role(self, guild: Guild, role: Role) -> None:
        del guild.roles[role.id]
        for member in guild.members.values():
            member.roles = [one for one in member.roles if one is not role]
        self.tell(guild, "GUILD_ROLE_DELETE", application.GUILDS, {"guild_id": guild.id, "role_id": role.id})
        self.changed()

    # Channels.

    def add_channel(
        self,
        guild: Guild,
        name: str,
        kind: int = 0,
        *,
        overwrites: Iterable[Overwrite] = (),
        parent: Channel | None = None,
    ) -> Channel:
        one = Channel(self.ids.new(), name, kind, guild, parent, created=self.clock.now())
        one.overwrites = {each.id: each for each in overwrites}
        one.position = len(guild.channels)
        guild.channels[one.id] = self.channels[one.id] = one
        self.tell(guild, "CHANNEL_CREATE", application.GUILDS, payloads.channel(one))
        self.changed()
        return one

    def update_channel(self, one: Channel) -> None:
        """Tell that a channel or thread changed."""
        assert one.guild is not None
        name = "THREAD_UPDATE" if one.is_thread else "CHANNEL_UPDATE"
        self.tell(one.guild, name, application.GUILDS, payloads.channel(one, reader=self.bot.id))
        self.changed()

    def delete_channel(self, one: Channel) -> None:
        """Delete a channel with its threads, or a thread; its messages go without a word."""
        guild = one.guild
        assert guild is not None
        if one.is_thread:
            parent = one.parent.id if one.parent else None
            body: Json = {"id": one.id, "guild_id": guild.id, "parent_id": parent, "type": one.type}
            if self.sees(self.bot, one):
                self.tell(guild, "THREAD_DELETE", application.GUILDS, body)
        else:
            self.tell(guild, "CHANNEL_DELETE", application.GUILDS, payloads.channel(one))
        for each in [one, *(each for each in guild.channels.values() if each.parent is one and each.is_thread)]:
            guild.channels.pop(each.id, None)
            each.is_deleted = True
            for message in each.messages.values():
                self.cdn.forget(message.attachments)
        self.changed()

    def direct(self, who: User) -> Channel:
        """Return the direct messages between a user and the bot."""
        for one in self.channels.values():
            if one.type == DM and one.recipient is who:
                return one
        one = Channel(self.ids.new(), "", DM, recipient=who, created=self.clock.now())
        self.channels[one.id] = one
        return one

    def add_thread(
        self, parent: Channel, name: str, by: User, *, source: Message | None = None, kind: int = 11
    ) -> Channel:
        """Start a thread: on a message it has the message's id."""
        assert parent.guild is not None
        thread_id = source.id if source else self.ids.new()
        thread = Channel(thread_id, name, kind, parent.guild, parent, owner=by.id, created=self.clock.now())
        thread.thread_members.append(by.id)
        parent.guild.channels[thread.id] = self.channels[thread.id] = thread
        if self.sees(self.bot, thread):
            body = payloads.channel(thread, reader=self.bot.id) | {"newly_created": True}
            self.tell(parent.guild, "THREAD_CREATE", application.GUILDS, body)
        self.happen("thread", channel=parent.id, by=by.id, text=name)
        return thread

    # Events.

    def tell(self, guild: Guild, name: str, intent: int, data: Json | Callable[[Session], Json]) -> None:
        """Tell the bot of something in a guild, if it is there."""
        if self.bot.id in guild.members:
            self.sessions.tell(name, guild.id, intent, data)

    def tell_of_message(self, name: str, one: Message, *, guild_intent: int, direct_intent: int, data: Any) -> None:
        """Tell the bot of something about a message, if it can see the channel."""
        guild = None if one.visible_to else one.channel.guild
        if guild is None:
            self.sessions.tell(name, "", direct_intent, data)
        elif self.sees(self.bot, one.channel):
            self.tell(guild, name, guild_intent, data)

    def message_json(self, one: Message, *, sees_content: bool = True) -> Json:
        return payloads.message(one, self.cdn.sign, own_id=self.bot.id, sees_content=sees_content)

    def send_message_event(self, name: str, one: Message) -> None:
        """Tell of a new or changed message, to each session as much as its intents allow."""

        def data(session: Session) -> Json:
            reads = session.wants(application.MESSAGE_CONTENT)
            return payloads.message_event(one, self.message_json(one, sees_content=reads))

        guild_intent, direct_intent = application.GUILD_MESSAGES, application.DIRECT_MESSAGES
        self.tell_of_message(name, one, guild_intent=guild_intent, direct_intent=direct_intent, data=data)

    def attach(self, where: Channel, name: str, content: bytes, *, ephemeral: bool = False) -> Attachment:
        return self.cdn.add(self.ids.new(), where.id, name, content, ephemeral=ephemeral)
