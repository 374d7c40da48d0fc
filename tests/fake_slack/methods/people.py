"""`auth.*`, `apps.*`, `users.*`, `team.*`, `reactions.*`, `views.*`: who is there, and what they are shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.fake_slack import blockkit, payloads
from tests.fake_slack.blockkit import RefusedError
from tests.fake_slack.methods import find_channel, flag, method, need, page
from tests.fake_slack.records import Channel, Json, Message, View

if TYPE_CHECKING:
    from tests.fake_slack.workspace import Workspace


@method("api.test", tier="tier4", token="none")
def api_test(ws: Workspace, args: Json) -> Json:
    return {"args": args}


@method("auth.test", tier="special")
def auth_test(ws: Workspace, args: Json) -> Json:
    bot = ws.app.user
    return {
        "url": f"{ws.site}/",
        "team": "AskDocs Test",
        "user": bot.name,
        "team_id": ws.team,
        "user_id": bot.id,
        "bot_id": bot.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", tier="tier1", token="app")
def open_connection(ws: Workspace, args: Json) -> Json:
    link = f"ws{ws.site.removeprefix('http')}/link/?ticket={ws.sockets.ticket()}&app_id={ws.app.id}"
    return {"url": link}


@method("users.info", scope="users:read", tier="tier4")
def users_info(ws: Workspace, args: Json) -> Json:
    return {"user": payloads.user(ws.user_named(need(args, "user")), ws.team)}


@method("users.list", scope="users:read", tier="tier2")
def users_list(ws: Workspace, args: Json) -> Json:
    users, metadata = page(list(ws.users.values()), args)
    return {"members": [payloads.user(one, ws.team) for one in users], "response_metadata": metadata}


@method("users.conversations", tier="tier3")
def users_conversations(ws: Workspace, args: Json) -> Json:
    who = ws.user_named(args.get("user") or ws.app.user.id)
    return listing(ws, args, lambda channel: who.id in channel.members)


@method("conversations.list", tier="tier2")
def conversations_list(ws: Workspace, args: Json) -> Json:
    return listing(ws, args, lambda _channel: True)


KINDS = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}
READ_SCOPES = {"public": "channels:read", "private": "groups:read", "im": "im:read", "mpim": "mpim:read"}


def listing(ws: Workspace, args: Json, wanted: Any) -> Json:
    """Return one page of channels of the asked types; others than public ones only where the app is a member."""
    kinds = [KINDS.get(one.strip(), "") for one in str(args.get("types") or "public_channel").split(",")]
    if "" in kinds:
        raise RefusedError("invalid_types")
    for kind in kinds:
        ws.require(READ_SCOPES[kind])
    found = [
        one
        for one in ws.channels.values()
        if one.kind in kinds
        and not one.deleted
        and not (one.archived and flag(args, "exclude_archived"))
        and (one.kind == "public" or ws.app.user.id in one.members)
        and wanted(one)
    ]
    items, metadata = page(found, args)
    return {"channels": [payloads.channel(one, ws.app.user.id) for one in items], "response_metadata": metadata}


@method("team.info", scope="team:read", tier="tier3")
def team_info(ws: Workspace, args: Json) -> Json:
    return {"team": {"id": ws.team, "name": "AskDocs Test", "domain": "askdocs-test"}}


def _reacted(ws: Workspace, args: Json) -> tuple[Channel, Message, str]:
    channel = find_channel(ws, need(args, "channel"))
    name = str(need(args, "name"))
    if not name.replace("_", "").replace("-", "").replace("+", "").isalnum():
        raise RefusedError("invalid_name")
    message = channel.messages.get(str(need(args, "timestamp")))
    if message is None:
        raise RefusedError("message_not_found")
    return channel, message, name


@method("reactions.add", scope="reactions:write", tier="tier3")
def reactions_add(ws: Workspace, args: Json) -> Json:
    channel, message, name = _reacted(ws, args)
    if ws.app.user.id not in channel.members:
        raise RefusedError("not_in_channel")
    users = message.reactions.setdefault(name, [])
    if ws.app.user.id in users:
        raise RefusedError("already_reacted")
    users.append(ws.app.user.id)
    ws.happen("reacted", message, ws.app.user.id, name)
    return {}


@method("reactions.remove", scope="reactions:write", tier="tier2")
def reactions_remove(ws: Workspace, args: Json) -> Json:
    _channel, message, name = _reacted(ws, args)
    if ws.app.user.id not in message.reactions.get(name, []):
        raise RefusedError("no_reaction")
    message.reactions[name].remove(ws.app.user.id)
    ws.happen("unreacted", message, ws.app.user.id, name)
    return {}


def _view_body(args: Json) -> Json:
    body = need(args, "view")
    try:
        body = json.loads(body) if isinstance(body, str) else body
    except ValueError:
        raise RefusedError("invalid_arguments", "[ERROR] view is not JSON") from None
    blockkit.check_view(body)
    for index, block in enumerate(body["blocks"]):
        block.setdefault("block_id", f"v{index}")
    return dict(body)


def new_view(ws: Workspace, user: str, body: Json, parent: View | None = None) -> View:
    """Add a view; a parent makes it the next one of a stack."""
    view = View(ws.ids.new("V"), body["type"], user, body, ws.ids.ts())
    if parent is not None:
        view.root_id, view.previous_id = parent.root_id or parent.id, parent.id
    ws.views[view.id] = view
    ws.changed()
    return view


def view_json(ws: Workspace, view: View) -> Json:
    return payloads.view(view, ws.team, ws.app.id, ws.app.user.bot_id)


@method("views.publish", tier="tier4")
def views_publish(ws: Workspace, args: Json) -> Json:
    user = ws.user_named(need(args, "user_id"))
    body = _view_body(args)
    if body["type"] != "home":
        raise RefusedError("invalid_arguments", "[ERROR] only home views can be published")
    current = ws.homes.get(user.id)
    if args.get("hash") and current and args["hash"] != current.hash:
        raise RefusedError("hash_conflict")
    ws.homes[user.id] = new_view(ws, user.id, body)
    return {"view": view_json(ws, ws.homes[user.id])}


@method("views.open", tier="tier4")
def views_open(ws: Workspace, args: Json) -> Json:
    body = _view_body(args)
    user = ws.spend_trigger(str(need(args, "trigger_id")))
    return {"view": view_json(ws, new_view(ws, user, body))}


@method("views.push", tier="tier4")
def views_push(ws: Workspace, args: Json) -> Json:
    body = _view_body(args)
    user = ws.spend_trigger(str(need(args, "trigger_id")))
    stack = [one for one in ws.views.values() if one.user == user and one.type == "modal"]
    return {"view": view_json(ws, new_view(ws, user, body, stack[-1] if stack else None))}


@method("views.update", tier="tier4")
def views_update(ws: Workspace, args: Json) -> Json:
    body = _view_body(args)
    external = args.get("external_id")
    view = next(
        (
            one
            for one in ws.views.values()
            if one.id == args.get("view_id") or (external and one.body.get("external_id") == external)
        ),
        None,
    )
    if view is None:
        raise RefusedError("not_found")
    if args.get("hash") and args["hash"] != view.hash:
        raise RefusedError("hash_conflict")
    view.body, view.hash = body, ws.ids.ts()
    ws.changed()
    return {"view": view_json(ws, view)}
