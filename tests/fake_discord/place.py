"""Channels, threads, forums and direct messages, as a test holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.fake_discord.permissions import VIEW_CHANNEL, Overwrite
from tests.fake_discord.records import Channel, Message, Role
from tests.fake_discord.seen import Seen, channel_of
from tests.fake_discord.world import World

if TYPE_CHECKING:
    from tests.fake_discord.driver import Person


@dataclass(frozen=True)
class Place:
    """A channel, thread, forum or direct message."""

    world: World
    record: Channel

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def name(self) -> str:
        return self.record.name

    @property
    def mention(self) -> str:
        return self.record.mention

    @property
    def messages(self) -> list[Message]:
        """What stands there now, ephemeral messages aside, in order."""
        return [one for one in self.record.messages.values() if not one.visible_to]

    @property
    def threads(self) -> list[Place]:
        """The threads of a channel or the posts of a forum."""
        found = [one for one in self.world.channels.values() if one.parent is self.record and one.is_thread]
        return [Place(self.world, one) for one in found if not one.is_deleted]

    def seen_by(self, person: Person) -> tuple[Seen, ...]:
        return channel_of(self.world, self.record, person.record)

    # Who may see it.

    def close(self, members: Sequence[Person] = (), *, bot: bool = True) -> None:
        """Make it private: @everyone cannot view it, these people and (unless told otherwise) the bot can."""
        guild = self.record.guild
        assert guild is not None
        allowed = [one.id for one in members] + ([self.world.bot.id] if bot else [])
        own = {one: Overwrite(one, 1, allow=VIEW_CHANNEL) for one in allowed}
        self.record.overwrites = {guild.id: Overwrite(guild.id, 0, deny=VIEW_CHANNEL), **own}
        self.world.update_channel(self.record)

    def open(self) -> None:
        """Make it public."""
        self.record.overwrites = {}
        self.world.update_channel(self.record)

    def allow(self, who: Person | Role, bits: int = VIEW_CHANNEL) -> None:
        self._overwrite(who, allow=bits)

    def deny(self, who: Person | Role | None = None, bits: int = VIEW_CHANNEL) -> None:
        """Deny somebody, or the bot, something here."""
        self._overwrite(who, deny=bits)

    def _overwrite(self, who: Person | Role | None, *, allow: int = 0, deny: int = 0) -> None:
        id_ = who.id if who else self.world.bot.id
        self.record.overwrites[id_] = Overwrite(id_, 0 if isinstance(who, Role) else 1, allow, deny)
        self.world.update_channel(self.record)
