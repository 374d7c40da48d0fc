"""People of the fake Discord, as a test plays them: they talk, upload, click, leave, and look at their screen."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fake_discord import messages, permissions
from tests.fake_discord.bodies import BUTTON, Upload, buttons
from tests.fake_discord.choices import command_data, submitted
from tests.fake_discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, Interaction
from tests.fake_discord.messages import Draft
from tests.fake_discord.permissions import (
    CREATE_PUBLIC_THREADS,
    MANAGE_CHANNELS,
    MANAGE_MESSAGES,
    MANAGE_THREADS,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
    USE_APPLICATION_COMMANDS,
    VIEW_CHANNEL,
)
from tests.fake_discord.place import Place
from tests.fake_discord.records import Channel, Guild, Member, Message, Role, User
from tests.fake_discord.seen import Seen
from tests.fake_discord.world import World

if TYPE_CHECKING:
    from tests.fake_discord.server import FakeDiscord

File = tuple[str, bytes]


@dataclass(frozen=True)
class Person:
    """Somebody with an account."""

    discord: FakeDiscord
    record: User

    @property
    def world(self) -> World:
        return self.discord.world

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def name(self) -> str:
        return self.record.name

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    def _may(self, where: Place, bits: int) -> None:
        assert self.world.can(self.record, where.record, VIEW_CHANNEL | bits), f"{self.name} may not do this here"

    # Talking.

    async def says(
        self,
        where: Place,
        text: str = "",
        *,
        attachments: Sequence[File] = (),
        reply_to: Message | None = None,
        ping: bool = True,
    ) -> Message:
        """Post a message; `ping` is the switch beside a reply."""
        self._may(where, SEND_MESSAGES_IN_THREADS if where.record.is_thread else SEND_MESSAGES)
        allowed = None if ping else {"parse": ["users", "roles", "everyone"], "replied_user": False}
        one = messages.post(
            self.world, where.record, self.record, self._draft(text, attachments, reply_to=reply_to, allowed=allowed)
        )
        await asyncio.sleep(0)
        return one

    def _draft(
        self, text: str, files: Sequence[File], *, reply_to: Message | None = None, allowed: Any = None
    ) -> Draft:
        return Draft(text, files=[Upload(*one) for one in files], reply_to=reply_to, allowed_mentions=allowed)

    async def uploads(self, where: Place, name: str, content: bytes, text: str = "") -> Message:
        """Upload one file with or without words."""
        return await self.says(where, text, attachments=[(name, content)])

    async def edits(self, message: Message, text: str) -> None:
        assert message.author is self.record, "people edit their own messages"
        messages.edit(self.world, message, Draft(text), changes={"content"})
        await asyncio.sleep(0)

    async def removes_attachment(self, message: Message, filename: str) -> None:
        """Take one file off an own message."""
        kept = {one.id for one in message.attachments if one.filename != filename}
        messages.edit(self.world, message, Draft(), changes=set(), kept=kept)
        await asyncio.sleep(0)

    async def deletes(self, message: Message) -> None:
        if message.author is not self.record:
            self._may(Place(self.world, message.channel), MANAGE_MESSAGES)
        messages.delete(self.world, message, self.record)
        await asyncio.sleep(0)

    async def bulk_deletes(self, several: Sequence[Message]) -> None:
        """Delete messages of one channel at once, as moderators' tools do."""
        self._may(Place(self.world, several[0].channel), MANAGE_MESSAGES)
        messages.bulk_delete(self.world, several, self.record)
        await asyncio.sleep(0)

    async def reacts(self, message: Message, emoji: str, *, add: bool = True) -> None:
        messages.react(self.world, message, self.record, emoji, add=add)
        await asyncio.sleep(0)

    async def types(self, where: Place) -> None:
        messages.type_in(self.world, where.record, self.record)
        await asyncio.sleep(0)

    # Threads and channels.

    async def starts_thread(self, where: Place, name: str, *, on: Message | None = None) -> Place:
        """Start a thread in a channel, or on one of its messages."""
        self._may(where, CREATE_PUBLIC_THREADS)
        thread = messages.start_thread(self.world, where.record, name, self.record, on)
        await asyncio.sleep(0)
        return Place(self.world, thread)

    async def posts(self, forum: Place, title: str, text: str = "", *, attachments: Sequence[File] = ()) -> Place:
        """Start a post in a forum; returns it as the thread it is."""
        self._may(forum, SEND_MESSAGES)
        draft = self._draft(text, attachments)
        thread, _ = messages.start_post(self.world, forum.record, title, self.record, draft)
        await asyncio.sleep(0)
        return Place(self.world, thread)

    async def deletes_thread(self, thread: Place) -> None:
        self._may(thread, MANAGE_THREADS)
        self.world.delete_channel(thread.record)
        await asyncio.sleep(0)

    async def deletes_channel(self, where: Place) -> None:
        self._may(where, MANAGE_CHANNELS)
        self.world.delete_channel(where.record)
        await asyncio.sleep(0)

    # Commands, clicks, modals.

    async def command(self, name: str, where: Place | None = None, /, **options: Any) -> Interaction:
        """Run a slash command such as `askdocs ask`, and wait for the app's first response."""
        place = where or self.discord.channel("general")
        self._may(place, USE_APPLICATION_COMMANDS)
        data = command_data(self.world, self.record, place.record, name, options)
        return await self._act(COMMAND, place.record, data)

    async def autocompletes(self, name: str, where: Place | None = None, /, **options: Any) -> list[str]:
        """Type into a command's last option given here; returns what is suggested."""
        place = where or self.discord.channel("general")
        self._may(place, USE_APPLICATION_COMMANDS)
        focused = list(options)[-1]
        data = command_data(self.world, self.record, place.record, name, options, focused=focused)
        act = await self._act(AUTOCOMPLETE, place.record, data)
        return [str(one["name"]) for one in act.choices]

    async def runs_context_menu(self, name: str, message: Message) -> Interaction:
        """Choose a command from a message's menu; the app reads that message whatever its intents."""
        place = Place(self.world, message.channel)
        self._may(place, USE_APPLICATION_COMMANDS)
        data = command_data(self.world, self.record, message.channel, name, {}, target=message)
        return await self._act(COMMAND, message.channel, data)

    async def clicks(self, message: Message, custom_id: str) -> Interaction:
        """Click the button with this custom id or label."""
        assert message.visible_to in ("", self.id), f"{self.name} does not see this message"
        self._may(Place(self.world, message.channel), 0)
        found = [
            one
            for one in buttons(message.components)
            if one["type"] == BUTTON and custom_id in (one.get("custom_id"), one.get("label"))
        ]
        assert found, f"nothing here is called {custom_id!r}"
        assert not found[0].get("disabled"), f"{custom_id!r} cannot be clicked"
        data = {"custom_id": found[0]["custom_id"], "component_type": BUTTON, "id": 1}
        return await self._act(COMPONENT, message.channel, data, message)

    async def chooses(self, message: Message, custom_id: str, *values: str) -> Interaction:
        """Choose from a select menu."""
        assert message.visible_to in ("", self.id), f"{self.name} does not see this message"
        menu = next(one for one in buttons(message.components) if one.get("custom_id") == custom_id)
        offered = {one["value"] for one in menu.get("options") or []}
        assert set(values) <= offered, f"{custom_id!r} offers {sorted(offered)}"
        data = {"custom_id": custom_id, "component_type": menu["type"], "values": list(values), "id": 1}
        return await self._act(COMPONENT, message.channel, data, message)

    async def submits(self, opened: Interaction, values: Mapping[str, Any] | None = None) -> Interaction:
        """Fill in the modal that an interaction opened, and send it."""
        assert opened.user is self.record
        assert opened.modal is not None, "no modal was opened"
        data = submitted(opened.modal, values or {})
        return await self._act(MODAL_SUBMIT, opened.channel, data, opened.source)

    async def _act(self, kind: int, where: Channel, data: Any, source: Message | None = None) -> Interaction:
        interactions = self.discord.interactions
        one = interactions.start(kind, self.record, where, data, source)
        await interactions.outcome(one)
        return one

    # Coming and going.

    def in_guild(self, guild: Guild | None = None) -> Member:
        return (guild or self.discord.home).members[self.id]

    async def joins(self, guild: Guild) -> None:
        if self.id not in guild.members:
            self.world.add_member(guild, self.record)
        await asyncio.sleep(0)

    async def leaves(self, guild: Guild) -> None:
        """Leave a guild, or be thrown out."""
        self.world.remove_member(guild, self.record)
        await asyncio.sleep(0)

    async def gets(self, role: Role, guild: Guild | None = None) -> None:
        """Be given a role."""
        member = self.in_guild(guild)
        self.world.set_roles(guild or self.discord.home, self.record, [*member.roles, role])
        await asyncio.sleep(0)

    async def loses(self, role: Role, guild: Guild | None = None) -> None:
        member = self.in_guild(guild)
        left = [one for one in member.roles if one is not role]
        self.world.set_roles(guild or self.discord.home, self.record, left)
        await asyncio.sleep(0)

    async def adds_bot(self, guild: Guild, allowed: int = permissions.BOT) -> None:
        self.world.add_bot(guild, allowed)
        await asyncio.sleep(0)

    async def removes_bot(self, guild: Guild | None = None) -> None:
        """Throw the bot out of a guild."""
        self.world.remove_bot(guild or self.discord.home)
        await asyncio.sleep(0)

    # Looking.

    def sees(self, where: Place) -> tuple[Seen, ...]:
        """Return this person's screen of a place: hidden places and others' ephemeral messages are not on it."""
        return where.seen_by(self)

    def whispers(self, where: Place) -> list[Message]:
        """Return the ephemeral messages that this person has on the screen there."""
        return [one for one in where.record.messages.values() if one.visible_to == self.id]
