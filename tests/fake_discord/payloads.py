"""How Discord writes its objects as JSON. What a reader may not see is left out here, too."""

from __future__ import annotations

from collections.abc import Callable

from tests.fake_discord import records
from tests.fake_discord.records import DM, FORUM, Attachment, Channel, Guild, Json, Member, Message, Role, User, iso

Sign = Callable[[Attachment], str]
"""Gives an attachment's address, signed for a while from now."""


def user(one: User) -> Json:
    return {
        "id": one.id,
        "username": one.name,
        "discriminator": "0000" if one.is_bot else "0",
        "global_name": None if one.is_bot else one.name.title(),
        "avatar": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
        "public_flags": 0,
        "bot": one.is_bot,
    }


def own_user(one: User) -> Json:
    return user(one) | {"verified": True, "mfa_enabled": False, "flags": 0, "email": None, "locale": "en-US"}


def member(one: Member, *, with_user: bool = True, permissions: int | None = None) -> Json:
    body: Json = {
        "nick": one.nick or None,
        "avatar": None,
        "banner": None,
        "roles": [role.id for role in one.roles],
        "joined_at": iso(one.joined_at),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
        "unusual_dm_activity_until": None,
    }
    if with_user:
        body["user"] = user(one.user)
    if permissions is not None:
        body["permissions"] = str(permissions)
    return body


def role(one: Role) -> Json:
    return {
        "id": one.id,
        "name": one.name,
        "description": None,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": one.position,
        "permissions": str(one.permissions),
        "managed": bool(one.bot_id),
        "mentionable": one.mentionable,
        "flags": 0,
    } | ({"tags": {"bot_id": one.bot_id}} if one.bot_id else {})


def guild(one: Guild) -> Json:
    """Return a guild as `GET /guilds/{id}` gives it."""
    return {
        "id": one.id,
        "name": one.name,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "description": None,
        "owner_id": one.owner.id,
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "roles": [role(each) for each in one.roles.values()],
        "emojis": [],
        "stickers": [],
        "features": [],
        "mfa_level": 0,
        "application_id": None,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "max_members": 500_000,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": one.locale,
        "nsfw_level": 0,
        "premium_progress_bar_enabled": False,
        "incidents_data": None,
    }


def overwrites(one: Channel) -> list[Json]:
    return [
        {"id": each.id, "type": each.kind, "allow": str(each.allow), "deny": str(each.deny)}
        for each in one.overwrites.values()
    ]


def last_message_id(one: Channel) -> str | None:
    return next((each.id for each in reversed(one.messages.values()) if not each.visible_to), None)


def channel(one: Channel, *, reader: str = "") -> Json:
    """Return a channel of any type; `reader` is whose thread membership goes with a thread."""
    if one.type == DM:
        recipients = [user(one.recipient)] if one.recipient else []
        return {
            "id": one.id,
            "type": DM,
            "last_message_id": last_message_id(one),
            "flags": 0,
            "recipients": recipients,
        }
    assert one.guild is not None
    body: Json = {
        "id": one.id,
        "type": one.type,
        "guild_id": one.guild.id,
        "name": one.name,
        "parent_id": one.parent.id if one.parent else None,
        "last_message_id": last_message_id(one),
        "rate_limit_per_user": 0,
        "flags": 0,
    }
    if one.is_thread:
        return body | _thread(one, reader)
    body |= {
        "position": one.position,
        "permission_overwrites": overwrites(one),
        "nsfw": one.is_nsfw,
        "topic": one.topic or None,
        "last_pin_timestamp": None,
    }
    if one.type == FORUM:
        body |= {"available_tags": [], "default_reaction_emoji": None, "default_sort_order": None}
        body |= {"default_forum_layout": 0, "template": ""}
    return body


def _thread(one: Channel, reader: str) -> Json:
    count = len([each for each in one.messages.values() if not each.visible_to])
    body: Json = {
        "owner_id": one.owner,
        "message_count": count,
        "member_count": min(50, len(one.thread_members)),
        "total_message_sent": count,
        "applied_tags": [],
        "thread_metadata": {
            "archived": one.is_archived,
            "archive_timestamp": iso(one.created),
            "auto_archive_duration": 1440,
            "locked": one.is_locked,
            "create_timestamp": iso(one.created),
        },
    }
    if reader in one.thread_members:
        body["member"] = thread_member(one, reader)
    return body


def thread_member(thread: Channel, user_id: str) -> Json:
    return {"id": thread.id, "user_id": user_id, "join_timestamp": iso(thread.created), "flags": 1}


def partial_channel(one: Channel, permissions: int) -> Json:
    """Return a channel as interactions carry it."""
    if one.type == DM:
        return channel(one)
    body = channel(one)
    body.pop("permission_overwrites", None)
    return body | {"permissions": str(permissions)}


def attachment(one: Attachment, sign: Sign) -> Json:
    url = sign(one)
    body: Json = {
        "id": one.id,
        "filename": one.filename,
        "size": len(one.content),
        "url": url,
        "proxy_url": url,
        "content_type": one.content_type,
    }
    if one.title:
        body["title"] = one.title
    if one.description:
        body["description"] = one.description
    if one.is_ephemeral:
        body["ephemeral"] = True
    if size := png_size(one.content):
        body |= {"width": size[0], "height": size[1]}
    return body


def png_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG."""
    if not content.startswith(b"\x89PNG\r\n\x1a\n") or len(content) < 24:
        return None
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")


def mentioned(one: User, where: Guild | None) -> Json:
    """Return a mentioned user, with what they are in the guild."""
    body = user(one)
    if where and (known := where.members.get(one.id)):
        body["member"] = member(known, with_user=False)
    return body


def message(one: Message, sign: Sign, *, own_id: str, sees_content: bool = True, nested: bool = False) -> Json:
    """Return a message as `own_id` sees it: without what people wrote, where the app may not read that."""
    hidden = not sees_content and needs_intent(one, own_id)
    body: Json = {
        "id": one.id,
        "channel_id": one.channel.id,
        "type": one.type,
        "content": "" if hidden else one.content,
        "author": user(one.author),
        "mentions": [mentioned(each, one.channel.guild) for each in one.mentions],
        "mention_roles": [each.id for each in one.mention_roles],
        "mention_everyone": one.mention_everyone,
        "attachments": [] if hidden else [attachment(each, sign) for each in one.attachments],
        "embeds": [] if hidden else one.embeds,
        "components": [] if hidden else one.components,
        "timestamp": iso(records.moment(one.id)),
        "edited_timestamp": iso(one.edited) if one.edited else None,
        "flags": one.flags,
        "pinned": False,
        "tts": False,
    }
    optional = {
        "reactions": reactions(one, own_id),
        "nonce": one.nonce,
        "interaction_metadata": one.interaction,
        "application_id": one.application_id,
        "webhook_id": one.webhook_id,
        "message_reference": one.reference,
        "thread": channel(one.thread, reader=own_id) if one.thread and not one.thread.is_deleted else None,
    }
    body |= {name: value for name, value in optional.items() if value}
    if one.reference and not nested and one.type in (19, 21):
        shown = one.referenced if one.referenced and not one.referenced.is_deleted else None
        body["referenced_message"] = shown and message(
            shown, sign, own_id=own_id, sees_content=sees_content, nested=True
        )
    return body


def needs_intent(one: Message, own_id: str) -> bool:
    """Say whether what a message says is for apps with the message-content intent only."""
    return not (
        one.channel.guild is None
        or one.author.id == own_id
        or one.visible_to
        or any(each.id == own_id for each in one.mentions)
    )


def reactions(one: Message, own_id: str) -> list[Json]:
    return [
        {
            "emoji": {"id": None, "name": name},
            "count": len(users),
            "count_details": {"burst": 0, "normal": len(users)},
            "burst_colors": [],
            "me": own_id in users,
            "me_burst": False,
        }
        for name, users in one.reactions.items()
        if users
    ]


def message_event(one: Message, body: Json) -> Json:
    """Add what only gateway events of guild messages have."""
    guild = one.channel.guild
    if guild is None or one.visible_to:
        # Ephemeral messages reach their app like direct messages (discord/discord-api-docs#4557).
        return body
    body = body | {"guild_id": guild.id}
    if known := guild.members.get(one.author.id):
        body["member"] = member(known, with_user=False)
    return body
