"""What the bot must be allowed, and for what: the invite link asks for it, `doctor` and `watch` check it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import discord

if TYPE_CHECKING:
    from discord.abc import MessageableChannel as Somewhere

NEEDED: Mapping[str, str] = {
    "view_channel": "seeing questions and PDFs",
    "send_messages": "answers",
    "send_messages_in_threads": "answers in threads and posts",
    "create_public_threads": "a thread of its own for a question",
    "embed_links": "sources under an answer",
    "attach_files": "pictures of pages",
    "read_message_history": "replies, and what was missed",
    "add_reactions": "marks on uploads",
}
"""Every permission that the code uses, by discord.py's name."""

LABELS: Mapping[str, str] = {
    "view_channel": "View Channels",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "create_public_threads": "Create Public Threads",
    "embed_links": "Embed Links",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
    "add_reactions": "Add Reactions",
}
"""What Discord calls them."""


def wanted() -> discord.Permissions:
    return discord.Permissions(**dict.fromkeys(NEEDED, True))


def missing(granted: discord.Permissions) -> tuple[str, ...]:
    """Return what is needed and not granted, as Discord calls it."""
    return tuple(LABELS[name] for name in NEEDED if not getattr(granted, name))


def may_read_history(channel: Somewhere | discord.abc.GuildChannel) -> bool:
    """Say whether we may read what was posted in a channel before; not where nothing tells who we are there."""
    me: discord.Member | None = channel.guild.me if channel.guild is not None else None
    return me is not None and channel.permissions_for(me).read_message_history


def invite(application: int) -> str:
    """Return the link by which somebody with Manage Server adds the bot."""
    return discord.utils.oauth_url(application, permissions=wanted(), scopes=("bot", "applications.commands"))
