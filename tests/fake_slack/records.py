"""What a workspace consists of: people, channels, messages, files, views, and the clock they all share. No I/O."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.clock import Clock

Json = dict[str, Any]


class Ids:
    """Ids as Slack's look, unique and in order: `C0000000001`, `1700000000.000001`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = itertools.count(1)
        self._last_ts = 0

    def new(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers):010d}"

    def ts(self) -> str:
        """Return a message timestamp, later than every earlier one."""
        self._last_ts = max(self._last_ts + 1, int(self._clock.now() * 1e6))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"


@dataclass(eq=False)
class User:
    """A member of the workspace, person or bot."""

    id: str
    name: str
    is_bot: bool = False
    is_admin: bool = False
    is_guest: bool = False
    deleted: bool = False
    bot_id: str = ""
    app_id: str = ""


@dataclass(eq=False)
class Channel:
    """A conversation of any kind: `public`, `private`, `im` or `mpim`."""

    id: str
    name: str
    kind: str
    members: list[str]
    created: int
    creator: str = ""
    archived: bool = False
    shared: bool = False
    """With another company (Slack Connect): outsiders read along."""
    deleted: bool = False
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """`channel_type` as events carry it."""
        return {"public": "channel", "private": "group", "im": "im", "mpim": "mpim"}[self.kind]

    def thread(self, ts: str) -> Iterator[Message]:
        """Yield a thread's messages, its root first."""
        return (message for message in self.messages.values() if ts in (message.ts, message.thread_ts))


@dataclass(eq=False)
class File:
    """A file with its bytes and where it is shared."""

    id: str
    name: str
    title: str
    mimetype: str
    content: bytes
    user: str
    created: int
    shares: dict[str, list[str]] = field(default_factory=dict)
    """Channel id → timestamps of the messages that carry it."""
    deleted: bool = False
    stub: bool = False
    """Events carry only its id, as for files of shared channels; `files.info` has the rest."""
    complete: bool = True
    ready_at: float = 0.0

    @property
    def filetype(self) -> str:
        return self.name.rpartition(".")[2].lower() if "." in self.name else "binary"


@dataclass
class Stream:
    """The streaming state of one message."""

    started: float
    recipient: str
    state: str = "open"
    """`open`, `stopped` or `expired` (people see an error under the message until it is updated)."""


@dataclass(eq=False)
class Message:
    """One message, as it stands now, with its earlier versions."""

    channel: Channel
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str = ""
    subtype: str = ""
    client_msg_id: str = ""
    bot_id: str = ""
    app_id: str = ""
    files: list[File] = field(default_factory=list)
    edited: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    visible_to: str = ""
    """Set for ephemeral messages: the one person who sees it."""
    stream: Stream | None = None
    markdown: str = ""
    """Standard Markdown given as `markdown_text`, streamed or posted at once."""
    metadata: Json | None = None
    """What the app attached: given back only where `include_all_metadata` asks for it."""
    deleted: bool = False
    unfurl_links: bool = True
    unfurl_media: bool = True
    versions: list[str] = field(default_factory=list)
    """What people saw before each edit, oldest first."""

    @property
    def id(self) -> str:
        return self.ts

    @property
    def root(self) -> str:
        """The timestamp to reply under."""
        return self.thread_ts or self.ts

    @property
    def is_tombstone(self) -> bool:
        return self.subtype == "tombstone"


@dataclass(eq=False)
class View:
    """A modal or an App Home tab that is open."""

    id: str
    type: str
    user: str
    body: Json
    hash: str
    root_id: str = ""
    previous_id: str = ""


@dataclass(frozen=True)
class Happening:
    """Something people could notice, with its moment: for assertions about order and pace."""

    at: float
    kind: str
    """posted, edited, deleted, streamed, stopped, reacted, unreacted, ephemeral, home, modal"""
    channel: str
    ts: str
    by: str
    text: str = ""
