"""Permission bits and how Discord adds them up: roles, then a channel's overwrites. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ADD_REACTIONS = 1 << 6
ADMINISTRATOR = 1 << 3
MANAGE_CHANNELS = 1 << 4
MANAGE_GUILD = 1 << 5
VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
MANAGE_MESSAGES = 1 << 13
EMBED_LINKS = 1 << 14
ATTACH_FILES = 1 << 15
READ_MESSAGE_HISTORY = 1 << 16
MENTION_EVERYONE = 1 << 17
MANAGE_ROLES = 1 << 28
USE_APPLICATION_COMMANDS = 1 << 31
MANAGE_THREADS = 1 << 34
CREATE_PUBLIC_THREADS = 1 << 35
CREATE_PRIVATE_THREADS = 1 << 36
SEND_MESSAGES_IN_THREADS = 1 << 38

ALL = (1 << 53) - 1

PERSON = (
    VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | ADD_REACTIONS
    | USE_APPLICATION_COMMANDS
    | CREATE_PUBLIC_THREADS
    | SEND_MESSAGES_IN_THREADS
)
"""What @everyone has in a new guild."""

BOT = PERSON & ~USE_APPLICATION_COMMANDS
"""What an invite link for a bot such as ours asks for."""

_NEED_SENDING = EMBED_LINKS | ATTACH_FILES | MENTION_EVERYONE


@dataclass
class Overwrite:
    """What a channel allows and denies one role (`kind` 0) or member (`kind` 1)."""

    id: str
    kind: int
    allow: int = 0
    deny: int = 0


def in_guild(everyone: int, roles: Iterable[int], *, is_owner: bool) -> int:
    """Add up the permissions of a member's roles."""
    total = everyone
    for one in roles:
        total |= one
    return ALL if is_owner or total & ADMINISTRATOR else total


def in_channel(
    base: int, overwrites: dict[str, Overwrite], guild_id: str, role_ids: Iterable[str], user_id: str
) -> int:
    """Apply a channel's overwrites: those of @everyone, of the roles together, of the member."""
    if base & ADMINISTRATOR:
        return ALL
    total = base
    if everyone := overwrites.get(guild_id):
        total = total & ~everyone.deny | everyone.allow
    of_roles = [overwrites[one] for one in role_ids if one in overwrites and one != guild_id]
    for one in of_roles:
        total &= ~one.deny
    for one in of_roles:
        total |= one.allow
    if own := overwrites.get(user_id):
        total = total & ~own.deny | own.allow
    return total


def effective(total: int, *, is_thread: bool) -> int:
    """Take away what nobody can do who cannot see the channel, or cannot send."""
    if not total & VIEW_CHANNEL:
        return 0
    if not total & (SEND_MESSAGES_IN_THREADS if is_thread else SEND_MESSAGES):
        total &= ~_NEED_SENDING
    return total
