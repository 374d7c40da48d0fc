"""What a session is told of guilds: ready, guilds as they come and go, and members when it asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tests.fake_discord import application, payloads
from tests.fake_discord.records import Guild, Json, Member
from tests.fake_discord.sessions import Session

if TYPE_CHECKING:
    from tests.fake_discord.world import World


def greet(world: World, session: Session, url: str) -> None:
    """Begin a session: ready, with guilds that are not there yet, then the guilds."""
    own = [one for one in world.guilds.values() if world.bot.id in one.members and session.serves(one.id)]
    ready = {
        "v": 10,
        "user": payloads.own_user(world.bot),
        "guilds": [{"id": one.id, "unavailable": True} for one in own],
        "session_id": session.id,
        "session_type": "normal",
        "resume_gateway_url": url,
        "shard": list(session.shard),
        "application": {"id": world.app.id, "flags": world.app.flags},
        "private_channels": [],
        "presences": [],
        "relationships": [],
        "guild_join_requests": [],
        "user_settings": {},
        "user_settings_proto": "",
        "auth": {},
        "_trace": [],
    }
    session.push("READY", ready)
    for guild in own:
        if not guild.unavailable and session.wants(application.GUILDS):
            session.push("GUILD_CREATE", guild_event(world, guild, session) | {"unavailable": False})
    world.changed()


def guild_event(world: World, guild: Guild, session: Session) -> Json:
    """Return a guild as GUILD_CREATE has it: other members are for apps with the members intent."""
    sees_members = session.wants(application.GUILD_MEMBERS)
    members = [one for one in guild.members.values() if sees_members or one.user is world.bot]
    channels = [one for one in guild.channels.values() if not one.is_thread]
    threads = [
        one for one in guild.channels.values() if one.is_thread and not one.is_archived and world.sees(world.bot, one)
    ]
    return payloads.guild(guild) | {
        "joined_at": payloads.iso(guild.members[world.bot.id].joined_at),
        "large": len(guild.members) > 250,
        "member_count": len(guild.members),
        "voice_states": [],
        "members": [payloads.member(one) for one in members],
        "channels": [payloads.channel(one) for one in channels],
        "threads": [payloads.channel(one, reader=world.bot.id) for one in threads],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def send_members(
    session: Session, guild: Guild, members: Sequence[Member], unknown: Sequence[str], nonce: str | None
) -> None:
    session.push(
        "GUILD_MEMBERS_CHUNK",
        {
            "guild_id": guild.id,
            "members": [payloads.member(one) for one in members],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": list(unknown),
            "nonce": nonce,
        },
    )


def set_available(world: World, guild: Guild, *, available: bool) -> None:
    """Let a guild have an outage, or end it."""
    guild.unavailable = not available
    for session in world.sessions.alive:
        if session.serves(guild.id) and world.bot.id in guild.members:
            if available:
                session.push("GUILD_CREATE", guild_event(world, guild, session) | {"unavailable": False})
            else:
                session.push("GUILD_DELETE", {"id": guild.id, "unavailable": True})
