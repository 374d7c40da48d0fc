"""The workspace's state, and everything that can happen in it; the app is sent the events that Slack sends."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.clock import Clock
from tests.fake_slack import payloads
from tests.fake_slack.blockkit import RefusedError, words
from tests.fake_slack.delivery import Deliveries, Delivery, SocketMode
from tests.fake_slack.records import Channel, File, Happening, Ids, Json, Message, Stream, User, View

DEFAULT_SCOPES = frozenset(
    {
        "app_mentions:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "reactions:write",
        "users:read",
        "im:write",
        "channels:history",
        "groups:history",
        "im:history",
        "mpim:history",
        "channels:read",
        "groups:read",
        "im:read",
    }
)
DEFAULT_EVENTS = frozenset(
    {
        "app_mention",
        "message.channels",
        "message.groups",
        "message.im",
        "message.mpim",
        "file_shared",
        "file_deleted",
        "file_unshared",
        "app_home_opened",
        "member_left_channel",
        "channel_deleted",
        "channel_left",
        "group_left",
        "group_deleted",
    }
)
HISTORY = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}
"""The part of a scope or event name that stands for each kind of channel."""

EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "file_shared": "files:read",
    "file_deleted": "files:read",
    "file_unshared": "files:read",
    "channel_deleted": "channels:read",
    "channel_left": "channels:read",
    "group_deleted": "groups:read",
    "group_left": "groups:read",
}


@dataclass(eq=False)
class App:
    """The app under test, as it is configured and installed."""

    id: str
    user: User
    bot_token: str = "xoxb-fake-bot-token"
    app_token: str = "xapp-fake-app-token"
    app_token_scopes: set[str] = field(default_factory=lambda: {"connections:write"})
    signing_secret: str = "fake-signing-secret"
    scopes: set[str] = field(default_factory=lambda: set(DEFAULT_SCOPES))
    events: set[str] = field(default_factory=lambda: set(DEFAULT_EVENTS))


@dataclass(eq=False)
class ResponseUrl:
    """A `response_url`: five posts within thirty minutes, into one place, for one person."""

    channel: Channel
    user: User
    expires: float
    message: Message | None = None
    uses: int = 0
    posts: list[Json] = field(default_factory=list)


@dataclass
class Trigger:
    """A `trigger_id`."""

    user: str
    expires: float
    spent: bool = False


class Workspace:
    """One team with one app installed."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.ids = Ids(self.clock)
        self.team = "T0000000001"
        self.site = ""
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.triggers: dict[str, Trigger] = {}
        self.happenings: list[Happening] = []
        self.ephemerals: list[Message] = []
        self.scopes_used: set[str] = set()
        self.streaming: str = ""
        """Empty when streams work; else the error that `chat.startStream` answers in this workspace."""
        self.missing_blocks: dict[str, str] = {}
        """Types of blocks that this Slack does not know, each with the error that it answers."""
        self.stream_seconds = 300.0
        self.trigger_seconds = 3.0
        self.file_processing_seconds = 0.0
        """How long after its upload a picture cannot yet be shown in a block."""
        self._waiters: set[asyncio.Event] = set()
        bot = User(self.ids.new("U"), "askdocs", is_bot=True, bot_id=self.ids.new("B"), app_id=self.ids.new("A"))
        self.users[bot.id] = bot
        self.app = App(bot.app_id, bot)
        self.deliveries = Deliveries(self.changed)
        self.sockets = SocketMode(bot.app_id, self.changed)
        self.deliveries.transport = self.sockets

    # Noticing.

    def changed(self) -> None:
        for waiter in self._waiters:
            waiter.set()

    async def until(self, condition: Callable[[], Any], within: float = 30.0) -> Any:
        """Wait for the condition to be true, and return its value; it is looked at after every change."""
        waiter = asyncio.Event()
        self._waiters.add(waiter)
        try:
            async with asyncio.timeout(within):
                while not (value := condition()):
                    waiter.clear()
                    try:
                        async with asyncio.timeout(0.05):
                            await waiter.wait()
                    except TimeoutError:
                        pass
                return value
        finally:
            self._waiters.discard(waiter)

    def happen(self, kind: str, item: Message, by: str, text: str = "") -> None:
        self.happenings.append(Happening(self.clock.now(), kind, item.channel.id, item.ts, by, text))
        self.changed()

    # Telling the app.

    def tell(self, kind: str, event: Json) -> Delivery | None:
        """Deliver an event, if the app subscribes to it and has its scope."""
        scope = EVENT_SCOPES.get(kind, "")
        if kind not in self.app.events or (scope and scope not in self.app.scopes):
            return None
        self.scopes_used |= {scope} - {""}
        channel = self.channels.get(str(event.get("channel") or event.get("channel_id") or ""))
        body = payloads.event_callback(
            event,
            event_id=self.ids.new("Ev"),
            team=self.team,
            app_id=self.app.id,
            bot_user=self.app.user.id,
            now=self.clock.now(),
            shared=channel is not None and channel.shared,
        )
        return self.deliveries.send("events_api", body)

    def tell_of_message(self, channel: Channel, event: Json) -> None:
        if self.app.user.id in channel.members:
            self.tell(f"message.{HISTORY[channel.kind]}", event)

    def json(self, item: Message) -> Json:
        return payloads.message(item, self.team, self.site)

    def require(self, scope: str) -> None:
        """Raise `missing_scope` unless the app was granted it; remember that it was used."""
        if scope not in self.app.scopes:
            provided = ",".join(sorted(self.app.scopes))
            raise RefusedError(
                "missing_scope", headers={"x-accepted-oauth-scopes": scope}, needed=scope, provided=provided
            )
        self.scopes_used.add(scope)

    # Messages.

    def post(self, channel: Channel, author: User, text: str, *, event: bool = True, **fields: Any) -> Message:
        """Add a message and tell the app: `message`, `app_mention`, `file_shared`, as it applies."""
        if author.is_bot:
            fields |= {"bot_id": author.bot_id, "app_id": author.app_id}
        item = Message(channel, self.ids.ts(), author.id, text, **fields)
        for index, block in enumerate(item.blocks):
            block.setdefault("block_id", f"b{index}{item.ts[-6:]}")
        channel.messages[item.ts] = item
        for one in item.files:
            one.shares.setdefault(channel.id, []).append(item.ts)
        self.happen("posted", item, author.id, text)
        if event:
            self._tell_posted(item)
        return item

    def _tell_posted(self, item: Message) -> None:
        channel = item.channel
        if self.app.user.id not in channel.members:
            return
        for one in item.files:
            self.tell("file_shared", payloads.shared(one, channel.id, item.user, item.ts))
        self.tell_of_message(channel, payloads.posted(item, self.team, self.site))
        self._tell_mention(item, "")

    def _tell_mention(self, item: Message, before: str) -> None:
        named = f"<@{self.app.user.id}"
        own = item.user == self.app.user.id
        if named in item.text and named not in before and item.channel.kind != "im" and not own:
            self.tell("app_mention", payloads.mentioned(item, self.team, self.site))

    def edit(self, item: Message, by: User, text: str, blocks: list[Json], markdown: str = "") -> None:
        """Replace a message's words and tell the app."""
        before = self.json(item)
        item.versions.append(self.shown(item))
        item.text, item.blocks, item.markdown = text, blocks, markdown
        for index, block in enumerate(item.blocks):
            block.setdefault("block_id", f"e{len(item.versions)}{index}")
        if item.stream and item.stream.state == "expired":
            item.stream.state = "stopped"
        ts = self.ids.ts()
        if not (by.is_bot and blocks):
            item.edited = {"user": by.id, "ts": ts}
        self.happen("edited", item, by.id, text)
        if not item.visible_to:
            self.tell_of_message(item.channel, payloads.changed(item, before, ts, self.team, self.site))
            if self.app.user.id in item.channel.members:
                self._tell_mention(item, str(before["text"]))

    def tell_changed(self, item: Message, before: Json) -> None:
        event = payloads.changed(item, before, self.ids.ts(), self.team, self.site)
        self.tell_of_message(item.channel, event)

    def delete(self, item: Message, by: User) -> None:
        """Delete a message: a tombstone stays where a thread hangs on it."""
        before = self.json(item)
        ts = self.ids.ts()
        files, item.files = item.files, []
        if "reply_count" in before:
            item.text, item.blocks, item.user, item.subtype = "This message was deleted.", [], "USLACKBOT", "tombstone"
            event = payloads.changed(item, before, ts, self.team, self.site)
        else:
            item.deleted = True
            del item.channel.messages[item.ts]
            event = payloads.removed(item, before, ts)
        self.happen("deleted", item, by.id)
        self.tell_of_message(item.channel, event)
        for one in files:
            self._unshare(one, item, by)

    def expire(self, item: Message) -> None:
        """Delete a message as a retention policy does: with its files, and without a word to the app."""
        item.deleted = True
        item.channel.messages.pop(item.ts, None)
        for one in item.files:
            one.deleted = True
        self.changed()

    def _unshare(self, item: File, carrier: Message, by: User) -> None:
        timestamps = item.shares.get(carrier.channel.id, [])
        if carrier.ts in timestamps:
            timestamps.remove(carrier.ts)
        if not timestamps:
            item.shares.pop(carrier.channel.id, None)
            if self.app.user.id in carrier.channel.members:
                event = payloads.shared(item, carrier.channel.id, by.id, self.ids.ts(), "file_unshared")
                self.tell("file_unshared", event)

    def whisper(
        self, channel: Channel, viewer: User, text: str, blocks: list[Json], *, author: str = "", **fields: Any
    ) -> Message:
        """Show a message (the app's own, unless said) to one person only; no event is sent."""
        by = author or self.app.user.id
        item = Message(channel, self.ids.ts(), by, text, blocks, visible_to=viewer.id, **fields)
        for index, block in enumerate(blocks):
            block.setdefault("block_id", f"p{index}{item.ts[-6:]}")
        self.ephemerals.append(item)
        self.happen("ephemeral", item, by, text)
        return item

    def start_stream(self, channel: Channel, thread_ts: str, recipient: str, text: str) -> Message:
        stream = Stream(self.clock.now(), recipient)
        return self.post(channel, self.app.user, text, thread_ts=thread_ts, markdown=text, stream=stream)

    def stream_state(self, item: Message) -> str:
        """Return the stream's state now; a stream that is too old has expired."""
        if item.stream is None:
            return "none"
        if item.stream.state == "open" and self.clock.now() - item.stream.started >= self.stream_seconds:
            item.stream.state = "expired"
        return item.stream.state

    def shown(self, item: Message) -> str:
        """Return what a reader sees of a message, without its files."""
        return "\n".join(part for part in (item.markdown, words(item.blocks)) if part) or item.text

    # Files.

    def add_file(self, owner: User, name: str, content: bytes, mimetype: str = "", **fields: Any) -> File:
        kind = mimetype or ("application/pdf" if name.lower().endswith(".pdf") else "application/octet-stream")
        item = File(self.ids.new("F"), name, name, kind, content, owner.id, int(self.clock.now()), **fields)
        self.files[item.id] = item
        return item

    def delete_file(self, item: File, by: User) -> None:
        """Delete a file: `file_deleted`, and every message that carried it changes."""
        carriers = [
            self.channels[channel_id].messages[ts]
            for channel_id, timestamps in item.shares.items()
            for ts in timestamps
            if ts in self.channels[channel_id].messages
        ]
        before = [self.json(one) for one in carriers]
        seen = [channel for channel in item.shares if self.app.user.id in self.channels[channel].members]
        item.deleted = True
        ts = self.ids.ts()
        if seen or item.user == self.app.user.id:
            self.tell("file_deleted", {"type": "file_deleted", "file_id": item.id, "channel_ids": seen, "event_ts": ts})
        for carrier, old in zip(carriers, before, strict=True):
            self.happen("edited", carrier, by.id)
            event = payloads.changed(carrier, old, ts, self.team, self.site)
            self.tell_of_message(carrier.channel, event)
        self.changed()

    def readable(self, item: File) -> bool:
        """Return whether the app may see this file: its own, or shared where it is or anybody may be."""
        mine = item.user == self.app.user.id
        places = [self.channels[one] for one in item.shares]
        return mine or any(one.kind == "public" or self.app.user.id in one.members for one in places)

    # Channels.

    def add_channel(self, name: str, kind: str, members: Iterable[str], creator: str = "") -> Channel:
        prefix = {"im": "D", "mpim": "G"}.get(kind, "C")
        item = Channel(self.ids.new(prefix), name, kind, list(dict.fromkeys(members)), int(self.clock.now()), creator)
        self.channels[item.id] = item
        return item

    def direct(self, *people: User) -> Channel:
        """Return the direct or group conversation of exactly these people, opening it if need be."""
        ids = {one.id for one in people}
        kind = "im" if len(ids) <= 2 else "mpim"
        for item in self.channels.values():
            if item.kind == kind and set(item.members) == ids:
                return item
        name = "" if kind == "im" else f"mpdm-{'--'.join(sorted(one.name for one in people))}-1"
        return self.add_channel(name, kind, ids)

    def leave(self, channel: Channel, who: User) -> None:
        present = self.app.user.id in channel.members
        if who.id not in channel.members:
            return
        channel.members.remove(who.id)
        ts = self.ids.ts()
        letter = "C" if channel.kind == "public" else "G"
        event = {
            "type": "member_left_channel", "user": who.id, "channel": channel.id, "channel_type": letter,
            "team": self.team, "event_ts": ts,
        }  # fmt: skip
        if present:
            self.scopes_used.add(f"{HISTORY[channel.kind]}:read")
            self.tell("member_left_channel", event)
        if who.id == self.app.user.id:
            kind = "channel_left" if channel.kind == "public" else "group_left"
            self.tell(kind, {"type": kind, "channel": channel.id, "event_ts": ts})
        self.changed()

    def delete_channel(self, channel: Channel) -> None:
        channel.deleted = True
        kind = "channel_deleted" if channel.kind == "public" else "group_deleted"
        if channel.kind == "public" or self.app.user.id in channel.members:
            self.tell(kind, {"type": kind, "channel": channel.id, "event_ts": self.ids.ts()})
        self.changed()

    # Interactions.

    def trigger(self, who: User) -> str:
        """Return a trigger that opens one modal for this person, soon."""
        trigger_id = f"{len(self.triggers) + 1}.{uuid.uuid4().hex}"
        self.triggers[trigger_id] = Trigger(who.id, self.clock.now() + self.trigger_seconds)
        return trigger_id

    def spend_trigger(self, trigger_id: str) -> str:
        """Return whose trigger this is; raise unless it is known, recent and unused."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            raise RefusedError("invalid_trigger_id")
        if trigger.spent:
            raise RefusedError("exchanged_trigger_id")
        if self.clock.now() > trigger.expires:
            raise RefusedError("expired_trigger_id")
        trigger.spent = True
        return trigger.user

    def response_url(self, path: str, channel: Channel, user: User, message: Message | None = None) -> str:
        token = uuid.uuid4().hex
        self.response_urls[token] = ResponseUrl(channel, user, self.clock.now() + 1_800, message)
        return f"{self.site}/{path}/{self.team}/{token}"

    def user_named(self, user_id: str) -> User:
        if user_id not in self.users:
            raise RefusedError("user_not_found")
        return self.users[user_id]

    def members(self, channel: Channel) -> Sequence[User]:
        return [self.users[one] for one in channel.members]
