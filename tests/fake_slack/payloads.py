"""The JSON that Slack sends: messages, files, channels, events, commands, interactions. Pure; shapes as documented."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tests.fake_slack.records import Channel, File, Json, Message, User, View

MENTION = re.compile(r"<@([UW]\w+)(?:\|[^>]*)?>")


def rich_text(text: str, block_id: str) -> list[Json]:
    """Return what Slack's composer makes of a person's words."""
    parts: list[Json] = []
    position = 0
    for match in MENTION.finditer(text):
        if match.start() > position:
            parts.append({"type": "text", "text": text[position : match.start()]})
        parts.append({"type": "user", "user_id": match[1]})
        position = match.end()
    if position < len(text):
        parts.append({"type": "text", "text": text[position:]})
    if not parts:
        return []
    section = {"type": "rich_text_section", "elements": parts}
    return [{"type": "rich_text", "block_id": block_id, "elements": [section]}]


def message(item: Message, team: str, site: str) -> Json:
    """Return one message as `conversations.history` and events carry it."""
    body: Json = {"type": "message", "user": item.user, "text": item.text, "ts": item.ts, "team": team}
    if item.subtype:
        body["subtype"] = item.subtype
    if item.client_msg_id:
        body["client_msg_id"] = item.client_msg_id
    if item.bot_id:
        body |= {
            "bot_id": item.bot_id,
            "app_id": item.app_id,
            "bot_profile": {"id": item.bot_id, "app_id": item.app_id},
        }
    if item.blocks:
        body["blocks"] = item.blocks
    if item.files:
        body |= {"files": [file(one, team, site) for one in item.files], "upload": True, "display_as_bot": False}
    if item.edited:
        body["edited"] = item.edited
    if item.is_tombstone:
        body["hidden"] = True
    if item.reactions:
        body["reactions"] = [
            {"name": name, "users": users, "count": len(users)} for name, users in item.reactions.items() if users
        ]
    return body | _thread(item)


def _thread(item: Message) -> Json:
    if item.thread_ts:
        root = item.channel.messages.get(item.thread_ts)
        return {"thread_ts": item.thread_ts} | ({"parent_user_id": root.user} if root else {})
    replies = [one for one in item.channel.messages.values() if one.thread_ts == item.ts and not one.deleted]
    if not replies:
        return {}
    users = list(dict.fromkeys(one.user for one in replies))
    return {
        "thread_ts": item.ts,
        "reply_count": len(replies),
        "reply_users": users,
        "reply_users_count": len(users),
        "latest_reply": replies[-1].ts,
    }


def file(item: File, team: str, site: str, *, full: bool = False) -> Json:
    """Return one file; deleted ones are tombstones, stubs carry only their id unless `full`."""
    if item.deleted:
        return {"id": item.id, "mode": "tombstone"}
    if item.stub and not full:
        blank = {"created": 0, "timestamp": 0, "user": ""}
        return {"id": item.id, "mode": "file_access", "file_access": "check_file_info"} | blank
    path = f"{site}/files-pri/{team}-{item.id}"
    return {
        "id": item.id,
        "created": item.created,
        "timestamp": item.created,
        "name": item.name,
        "title": item.title,
        "mimetype": item.mimetype,
        "filetype": item.filetype,
        "pretty_type": item.filetype.upper(),
        "user": item.user,
        "user_team": team,
        "editable": False,
        "size": len(item.content),
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": True,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{path}/{item.name}",
        "url_private_download": f"{path}/download/{item.name}",
        "permalink": f"{site}/files/{item.user}/{item.id}/{item.name}",
        "has_rich_preview": False,
        "file_access": "visible",
    }


def channel(item: Channel, viewer: str) -> Json:
    """Return one conversation as `conversations.info` describes it."""
    body: Json = {
        "id": item.id,
        "created": item.created,
        "creator": item.creator,
        "is_archived": item.archived,
        "is_channel": item.kind == "public",
        "is_group": item.kind == "private",
        "is_im": item.kind == "im",
        "is_mpim": item.kind == "mpim",
        "is_private": item.kind != "public",
        "is_member": viewer in item.members,
        "is_general": item.name == "general",
        "is_shared": item.shared,
        "is_ext_shared": item.shared,
        "is_org_shared": False,
    }
    if item.kind == "im":
        return body | {"user": next((one for one in item.members if one != viewer), viewer)}
    return body | {"name": item.name, "name_normalized": item.name, "num_members": len(item.members)}


def user(item: User, team: str) -> Json:
    profile = {"real_name": item.name.title(), "display_name": item.name, "team": team}
    if item.is_bot:
        profile |= {"bot_id": item.bot_id, "api_app_id": item.app_id}
    return {
        "id": item.id,
        "team_id": team,
        "name": item.name,
        "deleted": item.deleted,
        "real_name": item.name.title(),
        "tz": "Europe/London",
        "profile": profile,
        "is_admin": item.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": item.is_guest,
        "is_ultra_restricted": False,
        "is_bot": item.is_bot,
        "is_app_user": False,
    }


def view(item: View, team: str, app_id: str, bot_id: str) -> Json:
    """Return one open view as interactions and `views.*` answers carry it."""
    blank: Json = {
        "title": None, "submit": None, "close": None, "private_metadata": "", "callback_id": "", "external_id": "",
        "clear_on_close": False, "notify_on_close": False,
    }  # fmt: skip
    return (
        blank
        | item.body
        | {
            "id": item.id,
            "team_id": team,
            "app_id": app_id,
            "app_installed_team_id": team,
            "bot_id": bot_id,
            "hash": item.hash,
            "root_view_id": item.root_id or item.id,
            "previous_view_id": item.previous_id or None,
            "state": {"values": {}},
        }
    )


def event_callback(
    event: Json, *, event_id: str, team: str, app_id: str, bot_user: str, now: float, shared: bool
) -> Json:
    """Return the outer body around one event."""
    return {
        "token": "verification-token",
        "team_id": team,
        "context_team_id": team,
        "context_enterprise_id": None,
        "api_app_id": app_id,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(now),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team,
                "user_id": bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{event_id}",
    }


def posted(item: Message, team: str, site: str) -> Json:
    """Return the event for a new message."""
    return message(item, team, site) | {
        "channel": item.channel.id,
        "event_ts": item.ts,
        "channel_type": item.channel.type,
    }


def mentioned(item: Message, team: str, site: str) -> Json:
    """Return the `app_mention` that accompanies a message which names the app."""
    body = message(item, team, site) | {"type": "app_mention", "channel": item.channel.id, "event_ts": item.ts}
    return {key: value for key, value in body.items() if key != "subtype"}


def changed(item: Message, before: Json, ts: str, team: str, site: str) -> Json:
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": message(item, team, site) | {"source_team": team, "user_team": team},
        "previous_message": before,
        "channel": item.channel.id,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": item.channel.type,
    }


def removed(item: Message, before: Json, ts: str) -> Json:
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": before,
        "channel": item.channel.id,
        "hidden": True,
        "deleted_ts": item.ts,
        "ts": ts,
        "event_ts": ts,
        "channel_type": item.channel.type,
    }


def shared(item: File, channel_id: str, who: str, ts: str, kind: str = "file_shared") -> Json:
    """Return `file_shared` or `file_unshared`."""
    return {
        "type": kind,
        "file_id": item.id,
        "user_id": who,
        "file": {"id": item.id},
        "channel_id": channel_id,
        "event_ts": ts,
    }


def command(text: str, *, name: str, who: User, where: Channel, urls: Json, team: str, app_id: str) -> Json:
    """Return a slash command's form; `urls` carries response_url and trigger_id."""
    shown = {"im": "directmessage", "private": "privategroup", "mpim": where.name}.get(where.kind, where.name)
    return {
        "token": "verification-token",
        "team_id": team,
        "team_domain": "askdocs-test",
        "channel_id": where.id,
        "channel_name": shown,
        "user_id": who.id,
        "user_name": who.name,
        "command": name,
        "text": text,
        "api_app_id": app_id,
        "is_enterprise_install": "false",
    } | urls


def interaction(kind: str, who: User, *, team: str, app_id: str) -> Json:
    """Return what all interactions share."""
    return {
        "type": kind,
        "token": "verification-token",
        "team": {"id": team, "domain": "askdocs-test"},
        "user": {"id": who.id, "username": who.name, "name": who.name, "team_id": team},
        "api_app_id": app_id,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def container(item: Message) -> Json:
    """Return where a clicked message stands."""
    body = {
        "type": "message",
        "message_ts": item.ts,
        "channel_id": item.channel.id,
        "is_ephemeral": bool(item.visible_to),
    }
    return body | ({"thread_ts": item.thread_ts} if item.thread_ts else {})


def action(block: Json, element: Json, value: str | None, ts: str) -> Json:
    """Return the clicked or changed element as `actions` lists it."""
    body = {"action_id": element["action_id"], "block_id": block["block_id"], "type": element["type"], "action_ts": ts}
    if element["type"] in ("button", "feedback_buttons", "icon_button"):
        chosen = element
        if element["type"] == "feedback_buttons":
            sides: Sequence[Json] = (element["positive_button"], element["negative_button"])
            chosen = next((side for side in sides if side["value"] == value), sides[0])
        return body | {"text": chosen["text"], "value": chosen.get("value", "")}
    option = next(one for one in element["options"] if one["value"] == value)
    return body | {"selected_option": option}
