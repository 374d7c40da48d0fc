"""What people see: a snapshot of a message as one reader has it on the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.fake_slack.records import Channel, Json, Message
from tests.fake_slack.workspace import Workspace

PINGS = re.compile(
    r"<!(channel|here|everyone|subteam\^\w+)[^>]*>"
    r"|<@([UW]\w+)[^>]*>"
    r"|(?<![\w.])@(channel|here|everyone)\b"  # with `link_names`, or where a client reads it so
)
LINKS = re.compile(
    r"<(https?:[^|>\s]+|mailto:[^|>\s]+)[^>]*>"
    r"|\]\(\s*<?([^)\s>]+)"
    r"|(https?://[^\s<>|)\]\"']+)"
    r"|(?<![\w.])(www\.[^\s<>|)]+)"
    r"|([\w.+-]+@[\w-]+\.\w[\w.]*)"
)


@dataclass(frozen=True)
class Seen:
    """One message on somebody's screen."""

    ts: str
    author: str
    shown: str
    """The words on the screen: of the blocks, where there are any."""
    thread_ts: str = ""
    files: tuple[str, ...] = ()
    reactions: tuple[str, ...] = ()
    edited: bool = False
    ephemeral: bool = False
    streaming: bool = False
    broken: bool = False
    """Slack's own error under a stream that expired."""
    pings: frozenset[str] = frozenset()
    """Who was notified: user ids, `channel`, `here`, `everyone`."""
    links: frozenset[str] = frozenset()
    """Addresses that open at a click."""
    buttons: tuple[str, ...] = ()


def see(ws: Workspace, item: Message) -> Seen:
    """Return how a message looks now."""
    state = ws.stream_state(item)
    texts = list(_formatted(item))
    return Seen(
        ts=item.ts,
        author=ws.users[item.user].name if item.user in ws.users else "slackbot",
        shown=ws.shown(item),
        thread_ts=item.thread_ts,
        files=tuple("(deleted)" if one.deleted else one.name for one in item.files),
        reactions=tuple(name for name, users in item.reactions.items() if users),
        edited=item.edited is not None,
        ephemeral=bool(item.visible_to),
        streaming=state == "open",
        broken=state == "expired",
        pings=frozenset(next(filter(None, match.groups())) for text in texts for match in PINGS.finditer(text))
        | frozenset(_rich(item.blocks, "user", "user_id"))
        | frozenset(_rich(item.blocks, "broadcast", "range")),
        links=frozenset(next(filter(None, match.groups())) for text in texts for match in LINKS.finditer(text))
        | frozenset(_rich(item.blocks, "link", "url"))
        | frozenset(_rich(item.blocks, "button", "url")),
        buttons=tuple(_labels(item.blocks)),
    )


def channel_of(ws: Workspace, channel: Channel, reader: str) -> tuple[Seen, ...]:
    """Return what one reader sees of a channel, in order; nothing if it is private and they are not in it."""
    if channel.deleted or (channel.kind != "public" and reader not in channel.members):
        return ()
    own = [one for one in ws.ephemerals if one.channel is channel and one.visible_to == reader]
    return tuple(see(ws, one) for one in sorted([*channel.messages.values(), *own], key=lambda one: one.ts))


def _formatted(item: Message) -> Iterator[str]:
    """Yield the texts in which Slack looks for mentions and links."""
    if not item.blocks and not item.markdown:
        yield item.text
    yield item.markdown
    for block in _walk(item.blocks):
        if block.get("type") in ("mrkdwn", "markdown"):
            yield block["text"]


def _walk(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _walk(inner)


def _rich(blocks: list[Json], kind: str, key: str) -> Iterator[str]:
    return (str(item[key]) for item in _walk(blocks) if item.get("type") == kind and item.get(key))


def _labels(blocks: list[Json]) -> Iterator[str]:
    for item in _walk(blocks):
        if item.get("type") in ("button", "icon_button"):
            yield item["text"]["text"]
        elif item.get("type") == "feedback_buttons":
            yield item["positive_button"]["text"]["text"]
            yield item["negative_button"]["text"]["text"]
