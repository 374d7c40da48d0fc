"""Messages: create, edit, delete, history, reactions, typing."""

from __future__ import annotations

from urllib.parse import unquote

from tests.fake_discord import messages
from tests.fake_discord.bodies import Body, check_message, check_not_empty
from tests.fake_discord.errors import RefusedError
from tests.fake_discord.limits import Rate
from tests.fake_discord.messages import draft_of
from tests.fake_discord.permissions import (
    ADD_REACTIONS,
    ATTACH_FILES,
    EMBED_LINKS,
    MANAGE_MESSAGES,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
)
from tests.fake_discord.records import Channel, Json, Message, moment
from tests.fake_discord.rest import Request, find_channel, find_message, route

POSTS = Rate(5, 5.0)
TWO_WEEKS = 14 * 86_400


def shown(request: Request, one: Message) -> Json:
    return request.world.message_json(one, sees_content=request.world.app.reads_content)


def may_send(request: Request, where: Channel, body: Body) -> None:
    """Raise what Discord answers where the bot may not send this here."""
    world = request.world
    if where.guild is None:
        if where.recipient and not where.recipient.accepts_direct_messages:
            raise RefusedError(50007)
        return
    needed = SEND_MESSAGES_IN_THREADS if where.is_thread else SEND_MESSAGES
    needed |= EMBED_LINKS if body.get("embeds") else 0
    needed |= ATTACH_FILES if body.files else 0
    if not world.can(world.bot, where, needed):
        raise RefusedError(50013)
    if where.is_thread and where.is_locked:
        raise RefusedError(50083)


def _referenced(request: Request, where: Channel) -> Message | None:
    reference = request.body.get("message_reference")
    if not reference:
        return None
    if not request.world.can(request.world.bot, where, READ_MESSAGE_HISTORY):
        raise RefusedError(160002)
    found = where.messages.get(str(reference["message_id"]))
    if found is None and reference.get("fail_if_not_exists", True):
        error = {"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}
        raise RefusedError(50035, message="Invalid Form Body", errors={"message_reference": {"_errors": [error]}})
    return found


@route("POST /channels/{channel}/messages", rate=POSTS)
def create(request: Request) -> Json:
    world, body = request.world, request.body
    where = find_channel(request)
    if not where.is_text:
        raise RefusedError(50008)
    may_send(request, where, body)
    check_message(body)
    check_not_empty(body)
    draft = draft_of(body)
    draft.reply_to = _referenced(request, where)
    if body.get("enforce_nonce") and draft.nonce:
        for one in where.messages.values():
            if one.nonce == draft.nonce and one.author is world.bot and world.clock.now() - moment(one.id) < 300:
                return shown(request, one)
    return shown(request, messages.post(world, where, world.bot, draft))


@route("PATCH /channels/{channel}/messages/{message}", rate=POSTS)
def edit(request: Request) -> Json:
    where = find_channel(request)
    one = find_message(request, where)
    if one.author is not request.world.bot:
        raise RefusedError(50005)
    if where.is_thread and where.is_archived:
        raise RefusedError(50083)
    change(request, one)
    return shown(request, one)


def change(request: Request, one: Message) -> None:
    """Edit one of the app's messages as the body says."""
    body = request.body
    check_message(body)
    left = body.has("content") and not str(body.get("content") or "").strip()
    embeds = body.get("embeds") if body.has("embeds") else one.embeds
    kept = body.kept_files
    files = [each for each in one.attachments if kept is None or each.id in kept] or body.files
    if (left or not (one.content or body.get("content"))) and not embeds and not files:
        raise RefusedError(50006)
    changes = {name for name in ("content", "embeds", "components", "flags") if body.has(name)}
    messages.edit(request.world, one, draft_of(body), changes=changes, kept=kept)


@route("DELETE /channels/{channel}/messages/{message}", rate=Rate(5, 1.0))
def delete(request: Request) -> None:
    world = request.world
    where = find_channel(request)
    one = find_message(request, where)
    if one.author is not world.bot and not world.can(world.bot, where, MANAGE_MESSAGES):
        raise RefusedError(50003 if where.guild is None else 50013)
    messages.delete(world, one, world.bot)


@route("POST /channels/{channel}/messages/bulk-delete", rate=Rate(1, 1.0))
def bulk_delete(request: Request) -> None:
    world = request.world
    where = find_channel(request, needs=MANAGE_MESSAGES)
    ids = list(dict.fromkeys(str(one) for one in request.body.get("messages") or []))
    if where.guild is None:
        raise RefusedError(50003)
    if not 2 <= len(ids) <= 100:
        raise RefusedError(50016)
    if any(world.clock.now() - moment(one) > TWO_WEEKS for one in ids):
        raise RefusedError(50034)
    found = [where.messages[one] for one in ids if one in where.messages]
    if found:
        messages.bulk_delete(world, found, world.bot)


@route("GET /channels/{channel}/messages", rate=Rate(50, 5.0))
def history(request: Request) -> list[Json]:
    """Newest first; with `after` the oldest ones after it, newest first all the same."""
    where = find_channel(request)
    limit = request.number("limit", 50, 1, 100)
    if not request.world.can(request.world.bot, where, READ_MESSAGE_HISTORY):
        return []
    found = [one for one in where.messages.values() if not one.visible_to]
    query = request.query
    if "after" in query:
        page = [one for one in found if int(one.id) > int(query["after"])][:limit]
    elif "around" in query:
        middle = int(query["around"])
        earlier = [one for one in found if int(one.id) < middle]
        page = (earlier[-(limit // 2) :] if limit > 1 else []) + found[len(earlier) :][: limit - limit // 2]
    else:
        before = int(query.get("before", 2**63))
        page = [one for one in found if int(one.id) < before][-limit:]
    return [shown(request, one) for one in reversed(page)]


@route("GET /channels/{channel}/messages/{message}", rate=Rate(30, 5.0))
def get(request: Request) -> Json:
    where = find_channel(request, needs=READ_MESSAGE_HISTORY)
    return shown(request, find_message(request, where))


@route("POST /channels/{channel}/typing", rate=POSTS)
def typing(request: Request) -> None:
    where = find_channel(request)
    may_send(request, where, Body({}))
    messages.type_in(request.world, where, request.world.bot)


@route("PUT /channels/{channel}/messages/{message}/reactions/{emoji}/@me", rate=Rate(1, 0.25))
def react(request: Request) -> None:
    world, where = request.world, find_channel(request, needs=READ_MESSAGE_HISTORY)
    one, emoji = find_message(request, where), _emoji(request)
    if not one.reactions.get(emoji) and not world.can(world.bot, where, ADD_REACTIONS):
        raise RefusedError(50013)
    messages.react(world, one, world.bot, emoji)


@route("DELETE /channels/{channel}/messages/{message}/reactions/{emoji}/@me", rate=Rate(1, 0.25))
def unreact(request: Request) -> None:
    where = find_channel(request)
    messages.react(request.world, find_message(request, where), request.world.bot, _emoji(request), add=False)


def _emoji(request: Request) -> str:
    emoji = unquote(request.path["emoji"])
    if not emoji or emoji.isascii():
        raise RefusedError(10014)
    return emoji


@route("POST /attachments/refresh-urls")
def refresh(request: Request) -> Json:
    urls = request.body.get("attachment_urls") or []
    return {"refreshed_urls": [request.world.cdn.refreshed(str(one)) for one in urls]}
