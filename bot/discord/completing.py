"""Puts in what discord.py cannot do without, where a server that stands in for Discord leaves it out. Pure.

Discord itself sends all of it, so nothing that it says is ever changed: what is there stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Json = dict[str, Any]

TEXT_CHANNEL, DIRECT_CHANNEL = 0, 1
VOICE_CHANNELS = frozenset({2, 13})
THREADS = frozenset({10, 11, 12})
EPOCH = "2015-01-01T00:00:00+00:00"
UPLOAD_LIMIT = 10 << 20
GATEWAY = "wss://gateway.discord.gg"

_CHANNEL: Json = {"type": TEXT_CHANNEL, "name": "", "position": 0}
_VOICE: Json = {"bitrate": 64_000, "user_limit": 0}
_THREAD: Json = {"owner_id": "0", "message_count": 0, "member_count": 0}
_THREAD_METADATA: Json = {"archived": False, "auto_archive_duration": 1_440, "archive_timestamp": EPOCH}
_INTERACTION: Json = {"version": 1, "token": "", "attachment_size_limit": UPLOAD_LIMIT, "entitlements": []}


def event(name: str, data: Any, application: int, shard: int, shards: int, allowed: int) -> Any:  # noqa: ANN401 - JSON
    """Return an event of the gateway as discord.py reads it; `allowed` are the permissions that the bot asks for."""
    if not isinstance(data, dict):
        return {} if name == "RESUMED" else data
    if name == "READY":
        user = _user(data.get("user"))
        more = {"session_id": "", "resume_gateway_url": "", "guilds": [], "shard": [shard, shards]}
        data = {**more, **data, "user": user}
        data["application"] = {"id": str(application or user["id"]), "flags": 0, **(data.get("application") or {})}
        return data
    if name in ("GUILD_CREATE", "GUILD_UPDATE"):
        return _with_everyone(_guild(data), allowed)
    if name.startswith("MESSAGE_") and "author" in data:
        return message(data)
    if name.startswith(("CHANNEL_", "THREAD_")) and "id" in data:
        return channel(data)
    return _interaction(data, application, allowed) if name == "INTERACTION_CREATE" else data


def answer(method: str, path: str, data: Any) -> Any:  # noqa: ANN401 - JSON
    """Return what a request was answered with, as discord.py reads it; `path` as it stands in its `Route`."""
    if path == "/gateway/bot":
        return {"shards": 1, "url": GATEWAY, "session_start_limit": {}} | (data if isinstance(data, dict) else {})
    if path.endswith("/callback"):
        return _callback(data)
    if path == "/oauth2/applications/@me" and isinstance(data, dict):
        return _application(data)
    kinds: tuple[tuple[str, Callable[[Any], Json]], ...] = (
        ("/reactions", dict),
        ("/threads", channel),
        ("/messages", message),
        ("/webhooks/{webhook_id}/{webhook_token}", message),
        ("/members/", member),
        ("/users/@me/channels", channel),
        ("/users/@me/guilds", _guild),
        ("/users/", _user),
        ("/channels", channel),
        ("/guilds/{guild_id}", _guild),
    )
    for part, complete in kinds:
        if part in path:
            return _each(data, complete) if method != "DELETE" else data
    return data


def message(data: Any) -> Json:  # noqa: ANN401 - JSON
    whole = {"type": 0, "content": "", **_object(data)}
    whole["author"] = _user(whole.get("author"))
    whole["attachments"] = [_attachment(one) for one in whole.get("attachments") or ()]
    for name in ("embeds", "components", "mention_roles"):
        whole[name] = whole.get(name) or []
    whole["mentions"] = [_user(one) for one in whole.get("mentions") or ()]
    if "member" in whole:
        whole["member"] = _member_values(whole["member"])
    if isinstance(whole.get("referenced_message"), dict):
        whole["referenced_message"] = message({"channel_id": whole.get("channel_id"), **whole["referenced_message"]})
    if isinstance(whole.get("thread"), dict):
        whole["thread"] = channel(whole["thread"])
    return whole


def channel(data: Any) -> Json:  # noqa: ANN401 - JSON
    whole = {**_CHANNEL, **_object(data)}
    if whole["type"] in VOICE_CHANNELS:
        whole = {**_VOICE, **whole}
    if whole["type"] in THREADS:
        whole = {**_THREAD, "parent_id": whole.get("id"), **whole}
        whole["thread_metadata"] = {**_THREAD_METADATA, **(whole.get("thread_metadata") or {})}
    if "recipients" in whole:
        whole["recipients"] = [_user(one) for one in whole["recipients"]]
    return whole


def member(data: Any) -> Json:  # noqa: ANN401 - JSON
    whole = _member_values(data)
    return {**whole, "user": _user(whole.get("user"))}


def _member_values(data: Any) -> Json:  # noqa: ANN401 - JSON
    return {"roles": [], "flags": 0, **_object(data)}


def _user(data: Any) -> Json:  # noqa: ANN401 - JSON
    return {"id": "0", "username": "", "discriminator": "0", "avatar": None, **_object(data)}


def _guild(data: Any) -> Json:  # noqa: ANN401 - JSON
    whole = _object(data)
    lists: Mapping[str, Callable[[Any], Json]] = {"channels": channel, "threads": channel, "members": member}
    completed = {name: [complete(one) for one in whole[name]] for name, complete in lists.items() if whole.get(name)}
    roles = [{"name": "", **one} for one in whole.get("roles") or ()]
    return {**whole, **completed, "roles": roles} if roles else {**whole, **completed}


def _with_everyone(guild: Json, allowed: int) -> Json:
    """A server that has no roles hides nothing."""
    roles = guild.get("roles") or []
    if guild.get("unavailable") or any(one.get("id") == guild["id"] and "permissions" in one for one in roles):
        return guild
    others = [one for one in roles if one.get("id") != guild["id"]]
    everyone = {"id": guild["id"], "name": "@everyone", "permissions": str(allowed)}
    return {**guild, "roles": [everyone, *others]}


def _attachment(data: Any) -> Json:  # noqa: ANN401 - JSON
    return {"size": 0, "filename": "", "url": "", "proxy_url": "", **_object(data)}


def _interaction(data: Json, application: int, allowed: int) -> Json:
    whole = {**_INTERACTION, "application_id": str(application), "app_permissions": str(allowed), **data}
    where: Json = {"id": whole.get("channel_id")}
    if "guild_id" not in whole:
        where["type"] = DIRECT_CHANNEL
    if whole.get("channel_id") or whole.get("channel"):
        whole["channel"] = channel({**where, **(whole.get("channel") or {})})
    if "member" in whole:
        whole["member"] = member(whole["member"])
    if "user" in whole or "member" not in whole:
        whole["user"] = _user(whole.get("user"))
    if isinstance(whole.get("message"), dict):
        whole["message"] = message({"channel_id": whole.get("channel_id"), **whole["message"]})
    if isinstance(whole.get("data"), dict):
        whole["data"] = _command(whole["data"])
    return whole


def _command(data: Json) -> Json:
    resolved = data.get("resolved")
    if not isinstance(resolved, dict):
        return data
    kinds: Mapping[str, Callable[[Any], Json]] = {"attachments": _attachment, "messages": message, "users": _user}
    whole = {
        kind: {key: complete(one) for key, one in resolved[kind].items()}
        for kind, complete in kinds.items()
        if isinstance(resolved.get(kind), dict)
    }
    return {**data, "resolved": {**resolved, **whole}}


def _callback(data: Any) -> Json:  # noqa: ANN401 - JSON
    """Whoever responds to an interaction is told of it only where the server knows `with_response`."""
    whole = _object(data)
    resource = whole.get("resource")
    if isinstance(resource, dict) and isinstance(resource.get("message"), dict):
        whole = {**whole, "resource": {**resource, "message": message(resource["message"])}}
    return {**whole, "interaction": {"id": "0", **_object(whole.get("interaction"))}}


def _application(data: Json) -> Json:
    more = {"name": "", "description": "", "icon": None, "bot_public": False, "bot_require_code_grant": False}
    return {**more, "verify_key": "", "flags": 0, **data, "owner": _user(data.get("owner"))}


def _object(data: Any) -> Json:  # noqa: ANN401 - JSON
    return data if isinstance(data, dict) else {}


def _each(data: Any, complete: Callable[[Any], Json]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(data, list):
        return [complete(one) for one in data]
    return complete(data) if isinstance(data, dict) else data
