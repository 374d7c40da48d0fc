"""`conversations.*`: reading channels, their members and their messages; opening direct messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fake_slack import payloads
from tests.fake_slack.blockkit import RefusedError
from tests.fake_slack.methods import find_channel, flag, method, need, page
from tests.fake_slack.methods.people import READ_SCOPES
from tests.fake_slack.records import Channel, Json, Message

if TYPE_CHECKING:
    from tests.fake_slack.workspace import Workspace

HISTORY_SCOPES = {
    "public": "channels:history",
    "private": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}


@method("conversations.info", tier="tier3")
def info(ws: Workspace, args: Json) -> Json:
    channel = find_channel(ws, need(args, "channel"))
    ws.require(READ_SCOPES[channel.kind])
    return {"channel": payloads.channel(channel, ws.app.user.id)}


@method("conversations.members", tier="tier4")
def members(ws: Workspace, args: Json) -> Json:
    channel = find_channel(ws, need(args, "channel"))
    ws.require(READ_SCOPES[channel.kind])
    ids, metadata = page(channel.members, args)
    return {"members": ids, "response_metadata": metadata}


@method("conversations.history", tier="tier3")
def history(ws: Workspace, args: Json) -> Json:
    channel = _history_of(ws, args)
    tops = [one for one in channel.messages.values() if not one.thread_ts]
    newest_first = [one for one in reversed(tops) if _within(one, args)]
    return _messages(ws, newest_first, args)


@method("conversations.replies", tier="tier3")
def replies(ws: Workspace, args: Json) -> Json:
    channel = _history_of(ws, args)
    ts = str(need(args, "ts"))
    message = channel.messages.get(ts)
    thread = list(channel.thread(message.root if message else ts))
    if not thread:
        raise RefusedError("thread_not_found")
    return _messages(ws, [one for one in thread if one.ts == thread[0].ts or _within(one, args)], args)


@method("conversations.open", tier="tier3")
def open_direct(ws: Workspace, args: Json) -> Json:
    if args.get("channel"):
        channel = find_channel(ws, args["channel"])
    else:
        names = [one for one in str(need(args, "users")).split(",") if one]
        ws.require("im:write" if len(names) == 1 else "mpim:write")
        channel = ws.direct(ws.app.user, *(ws.user_named(one) for one in names))
    body = payloads.channel(channel, ws.app.user.id) if flag(args, "return_im") else {"id": channel.id}
    return {"channel": body}


@method("conversations.leave", tier="tier3")
def leave(ws: Workspace, args: Json) -> Json:
    channel = find_channel(ws, need(args, "channel"))
    ws.require("channels:manage" if channel.kind == "public" else "groups:write")
    ws.leave(channel, ws.app.user)
    return {}


def _history_of(ws: Workspace, args: Json) -> Channel:
    channel = find_channel(ws, need(args, "channel"))
    ws.require(HISTORY_SCOPES[channel.kind])
    if ws.app.user.id not in channel.members:
        raise RefusedError("not_in_channel")
    return channel


def _within(message: Message, args: Json) -> bool:
    oldest, latest = str(args.get("oldest") or "0"), str(args.get("latest") or "9999999999")
    if flag(args, "inclusive"):
        return float(oldest) <= float(message.ts) <= float(latest)
    return float(oldest) < float(message.ts) < float(latest)


def _messages(ws: Workspace, found: list[Message], args: Json) -> Json:
    items, metadata = page(found, args)
    shown = [ws.json(one) for one in items]
    if flag(args, "include_all_metadata"):
        shown = [
            body | ({"metadata": one.metadata} if one.metadata else {}) for body, one in zip(shown, items, strict=True)
        ]
    return {
        "messages": shown,
        "has_more": bool(metadata["next_cursor"]),
        "response_metadata": metadata,
    }
