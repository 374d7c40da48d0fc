"""What people see: a snapshot of a message as one reader has it on the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.fake_discord import bodies
from tests.fake_discord.permissions import READ_MESSAGE_HISTORY, VIEW_CHANNEL
from tests.fake_discord.records import Channel, Json, Message, User
from tests.fake_discord.world import World

MENTIONS = re.compile(r"<(?:@[!&]?\d+|#\d+|/[^:<>]+:\d+|id:\w+)>|@(?:everyone|here)\b")
LINKS = re.compile(
    r"\]\(\s*<?([^)\s>]+)"
    r"|<((?:https?|discord|mailto|tel|sms):[^>\s]+|[\w.+-]+@[\w-]+\.[\w.-]+|\+\d[\d -]+)>"
    r"|(https?://[^\s<>)\]\"']+|discord://[^\s<>)\]\"']+)"
    r"|(\bdiscord(?:\.gg|(?:app)?\.com/invite)/[\w-]+)",
    re.IGNORECASE,
)
"""Masked links, addresses in angle brackets, bare addresses, invitations. Where in doubt, it is a link."""


@dataclass(frozen=True)
class Seen:
    """One message on somebody's screen."""

    id: str
    author: str
    shown: str
    """The words on the screen: text, embeds, and buttons in brackets."""
    reply_to: str = ""
    files: tuple[str, ...] = ()
    reactions: tuple[str, ...] = ()
    edited: bool = False
    ephemeral: bool = False
    loading: bool = False
    """"AskDocs is thinking…"""
    pings: frozenset[str] = frozenset()
    """Who was notified: user and role ids, `everyone`."""
    mentions: frozenset[str] = frozenset()
    """What looks like a mention, whether it notified anybody or not."""
    links: frozenset[str] = frozenset()
    """Addresses that open at a click."""
    buttons: tuple[str, ...] = ()


def see(one: Message) -> Seen:
    """Return how a message looks now."""
    texts = [one.content, *(text for embed in one.embeds for text in _formatted(embed))]
    return Seen(
        id=one.id,
        author=one.author.name,
        shown="\n".join(_shown(one)),
        reply_to=one.referenced.id if one.referenced else "",
        files=tuple(each.filename for each in (*one.attachments, *one.embedded)),
        reactions=tuple(name for name, users in one.reactions.items() if users),
        edited=one.edited is not None,
        ephemeral=bool(one.visible_to),
        loading=one.is_loading,
        pings=one.pings,
        mentions=frozenset(found[0] for text in texts for found in MENTIONS.finditer(text)),
        links=frozenset(links(texts)) | frozenset(_addresses(one)),
        buttons=tuple(each.get("label") or (each.get("emoji") or {}).get("name") or "" for each in buttons(one)),
    )


def buttons(one: Message) -> Iterator[Json]:
    return (each for each in bodies.buttons(one.components) if each["type"] == bodies.BUTTON)


def links(texts: list[str]) -> Iterator[str]:
    for text in texts:
        for found in LINKS.finditer(text):
            yield next(filter(None, found.groups()))


def _formatted(embed: Json) -> Iterator[str]:
    """Yield the texts of an embed in which Discord looks for formatting; footers and authors are plain."""
    yield embed.get("title") or ""
    yield embed.get("description") or ""
    for one in embed.get("fields") or []:
        yield one["name"]
        yield one["value"]


def _addresses(one: Message) -> Iterator[str]:
    for embed in one.embeds:
        yield from filter(None, (embed.get("url"), (embed.get("author") or {}).get("url")))
    yield from (each["url"] for each in buttons(one) if each.get("url"))


def _shown(one: Message) -> Iterator[str]:
    if one.is_loading:
        yield f"{one.author.name} is thinking…"
    if one.content:
        yield one.content
    addresses: set[str] = set()
    for embed in one.embeds:
        if embed.get("url") in addresses:
            continue  # Discord shows only the first of the embeds that lead to one address
        addresses |= {embed["url"]} if embed.get("url") else set()
        yield from (text for text in bodies.embed_texts(embed) if text)
    if labels := [f"[{each.get('label') or each['emoji']['name']}]" for each in buttons(one)]:
        yield " ".join(labels)


def channel_of(world: World, where: Channel, reader: User) -> tuple[Seen, ...]:
    """Return what one reader sees of a channel, in order."""
    if not world.can(reader, where, VIEW_CHANNEL | READ_MESSAGE_HISTORY):
        return ()
    return tuple(see(one) for one in where.messages.values() if one.visible_to in ("", reader.id))
