"""What a Discord consists of: users, guilds, channels, messages, and the clock they all share. No I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.clock import Clock
from tests.fake_discord.permissions import Overwrite

Json = dict[str, Any]

EPOCH = 1_420_070_400_000
"""The first millisecond of 2015: where Discord's ids begin."""

TEXT, DM, CATEGORY, PUBLIC_THREAD, PRIVATE_THREAD, FORUM = 0, 1, 4, 11, 12, 15
"""Channel types."""

HAS_THREAD, EPHEMERAL, LOADING, SUPPRESS_EMBEDS = 1 << 5, 1 << 6, 1 << 7, 1 << 2
"""Message flags."""


class Snowflakes:
    """Ids that say when they were made, unique and in order."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def new(self) -> str:
        self._last = max(self._last + 1, (int(self._clock.now() * 1_000) - EPOCH) << 22)
        return str(self._last)


def moment(snowflake: str) -> float:
    """Return when an id was made."""
    return ((int(snowflake) >> 22) + EPOCH) / 1_000


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


@dataclass(eq=False)
class User:
    """An account, person or bot."""

    id: str
    name: str
    is_bot: bool = False
    accepts_direct_messages: bool = True


@dataclass(eq=False)
class Role:
    id: str
    name: str
    permissions: int
    position: int = 1
    mentionable: bool = False
    bot_id: str = ""
    """Set for the role that Discord makes for a bot when it is added."""


@dataclass(eq=False)
class Member:
    """A user in a guild."""

    user: User
    joined_at: float
    roles: list[Role] = field(default_factory=list)
    nick: str = ""


@dataclass(eq=False)
class Guild:
    id: str
    name: str
    owner: User
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    """Threads, too."""
    unavailable: bool = False
    locale: str = "en-US"

    @property
    def everyone(self) -> Role:
        """The role that everybody has; its id is the guild's."""
        return self.roles[self.id]


@dataclass(eq=False)
class Channel:
    """A channel, thread, forum or direct message."""

    id: str
    name: str
    type: int
    guild: Guild | None = None
    parent: Channel | None = None
    overwrites: dict[str, Overwrite] = field(default_factory=dict)
    recipient: User | None = None
    owner: str = ""
    """Who started a thread."""
    created: float = 0.0
    position: int = 0
    topic: str = ""
    is_nsfw: bool = False
    is_archived: bool = False
    is_locked: bool = False
    is_deleted: bool = False
    thread_members: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    """In order; ephemeral ones, too."""

    @property
    def is_thread(self) -> bool:
        return self.type in (PUBLIC_THREAD, PRIVATE_THREAD)

    @property
    def is_text(self) -> bool:
        return self.type in (TEXT, DM) or self.is_thread

    @property
    def mention(self) -> str:
        return f"<#{self.id}>"


@dataclass(eq=False)
class Attachment:
    """A file on Discord's CDN."""

    id: str
    filename: str
    content: bytes
    content_type: str
    channel_id: str
    title: str = ""
    """What the uploader called it, where Discord changed the name."""
    description: str = ""
    is_ephemeral: bool = False
    is_deleted: bool = False


@dataclass(frozen=True)
class Version:
    """What people saw of a message until it was edited."""

    content: str
    embeds: tuple[Json, ...]
    components: tuple[Json, ...]
    until: float


@dataclass(eq=False)
class Message:
    """One message, as it stands now, with its earlier versions."""

    id: str
    channel: Channel
    author: User
    content: str = ""
    type: int = 0
    embeds: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    embedded: list[Attachment] = field(default_factory=list)
    """Files that embeds show; they are not among the attachments."""
    components: list[Json] = field(default_factory=list)
    flags: int = 0
    reference: Json | None = None
    referenced: Message | None = None
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[Role] = field(default_factory=list)
    mention_everyone: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)
    edited: float | None = None
    nonce: str = ""
    interaction: Json | None = None
    """`interaction_metadata`, for answers to interactions."""
    application_id: str = ""
    webhook_id: str = ""
    visible_to: str = ""
    """Set for ephemeral messages: the one person who sees it."""
    thread: Channel | None = None
    is_deleted: bool = False
    versions: list[Version] = field(default_factory=list)

    @property
    def pings(self) -> frozenset[str]:
        """Who is mentioned so that it is noticed: user and role ids, `everyone`."""
        ids = frozenset(one.id for one in (*self.mentions, *self.mention_roles))
        return ids | ({"everyone"} if self.mention_everyone else frozenset())

    @property
    def is_ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def is_loading(self) -> bool:
        """The app "is thinking…"."""
        return bool(self.flags & LOADING)

    @property
    def url(self) -> str:
        guild = self.channel.guild.id if self.channel.guild else "@me"
        return f"https://discord.com/channels/{guild}/{self.channel.id}/{self.id}"


@dataclass(frozen=True)
class Happening:
    """Something people could notice, with its moment: for assertions about order and pace."""

    at: float
    kind: str
    """posted, edited, deleted, typing, reacted, unreacted, thread, modal, suggestions, failed"""
    channel: str
    message: str
    by: str
    text: str = ""
    pings: frozenset[str] = frozenset()
    """Who was notified: user and role ids, `everyone`."""
