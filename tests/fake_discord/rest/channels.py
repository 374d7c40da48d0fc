"""Channels, threads, forum posts and direct messages."""

from __future__ import annotations

from tests.fake_discord import messages, payloads
from tests.fake_discord.bodies import check_message, check_not_empty
from tests.fake_discord.errors import Form, RefusedError
from tests.fake_discord.messages import draft_of
from tests.fake_discord.permissions import (
    CREATE_PRIVATE_THREADS,
    CREATE_PUBLIC_THREADS,
    MANAGE_CHANNELS,
    MANAGE_ROLES,
    MANAGE_THREADS,
    SEND_MESSAGES,
    Overwrite,
)
from tests.fake_discord.records import FORUM, PRIVATE_THREAD, PUBLIC_THREAD, TEXT, Channel, Json
from tests.fake_discord.rest import Request, find_channel, find_guild, find_message, route
from tests.fake_discord.rest.messages import shown

THREAD_NAME = 100


@route("GET /channels/{channel}")
def get(request: Request) -> Json:
    return payloads.channel(find_channel(request), reader=request.world.bot.id)


@route("PATCH /channels/{channel}")
def edit(request: Request) -> Json:
    where = find_channel(request)
    world, body = request.world, request.body
    needed = MANAGE_THREADS if where.is_thread else MANAGE_CHANNELS
    may_archive = where.is_thread and where.owner == world.bot.id and not body.has("locked")
    if not may_archive and not world.can(world.bot, where, needed):
        raise RefusedError(50013)
    where.name = body.get("name") or where.name
    where.topic = body.get("topic") or where.topic
    where.is_archived = bool(body.get("archived", where.is_archived))
    where.is_locked = bool(body.get("locked", where.is_locked))
    world.update_channel(where)
    return payloads.channel(where, reader=world.bot.id)


@route("DELETE /channels/{channel}")
def delete(request: Request) -> Json:
    where = find_channel(request)
    if where.guild is None:
        return payloads.channel(where)
    world = request.world
    if not world.can(world.bot, where, MANAGE_THREADS if where.is_thread else MANAGE_CHANNELS):
        raise RefusedError(50013)
    body = payloads.channel(where)
    world.delete_channel(where)
    return body


@route("PUT /channels/{channel}/permissions/{target}")
def set_overwrite(request: Request) -> None:
    where = find_channel(request, needs=MANAGE_ROLES)
    body, target = request.body, request.path["target"]
    allow, deny = int(body.get("allow") or 0), int(body.get("deny") or 0)
    where.overwrites[target] = Overwrite(target, int(body.get("type", 0)), allow, deny)
    request.world.update_channel(where)


@route("DELETE /channels/{channel}/permissions/{target}")
def delete_overwrite(request: Request) -> None:
    where = find_channel(request, needs=MANAGE_ROLES)
    where.overwrites.pop(request.path["target"], None)
    request.world.update_channel(where)


@route("GET /guilds/{guild}/channels")
def of_guild(request: Request) -> list[Json]:
    return [payloads.channel(one) for one in find_guild(request).channels.values() if not one.is_thread]


@route("POST /guilds/{guild}/channels")
def create(request: Request) -> Json:
    world, guild = request.world, find_guild(request)
    if not world.guild_permissions(guild, guild.members[world.bot.id]) & MANAGE_CHANNELS:
        raise RefusedError(50013)
    one = world.add_channel(guild, str(request.body.get("name")), int(request.body.get("type") or TEXT))
    return payloads.channel(one)


# Threads.


def _check_name(request: Request) -> str:
    form = Form()
    name = str(request.body.get("name") or "")
    form.between(name, 1, THREAD_NAME, "name")
    form.check()
    return name


@route("POST /channels/{channel}/messages/{message}/threads")
def start_on_message(request: Request) -> Json:
    where = find_channel(request, needs=CREATE_PUBLIC_THREADS)
    source, world = find_message(request, where), request.world
    if where.type != TEXT:
        raise RefusedError(50024)
    if source.thread is not None or source.id in world.channels:
        raise RefusedError(160004)
    thread = messages.start_thread(world, where, _check_name(request), world.bot, source)
    return payloads.channel(thread, reader=world.bot.id)


@route("POST /channels/{channel}/threads")
def start(request: Request) -> Json:
    where = find_channel(request)
    if where.type == FORUM:
        return _start_post(request, where)
    if where.type != TEXT:
        raise RefusedError(50024)
    world, kind = request.world, int(request.body.get("type") or PRIVATE_THREAD)
    needed = CREATE_PUBLIC_THREADS if kind == PUBLIC_THREAD else CREATE_PRIVATE_THREADS
    if not world.can(world.bot, where, needed):
        raise RefusedError(50013)
    name = _check_name(request)
    if kind == PRIVATE_THREAD:
        thread = world.add_thread(where, name, world.bot, kind=kind)
    else:
        thread = messages.start_thread(world, where, name, world.bot)
    return payloads.channel(thread, reader=world.bot.id)


def _start_post(request: Request, forum: Channel) -> Json:
    world = request.world
    if not world.can(world.bot, forum, SEND_MESSAGES):
        raise RefusedError(50013)
    body = request.body.at("message")
    check_message(body)
    check_not_empty(body)
    thread, one = messages.start_post(world, forum, _check_name(request), world.bot, draft_of(body))
    return payloads.channel(thread, reader=world.bot.id) | {"message": shown(request, one)}


@route("PUT /channels/{channel}/thread-members/{user}")
def join(request: Request) -> None:
    thread, user = _thread_and_user(request)
    if user not in thread.thread_members:
        thread.thread_members.append(user)


@route("DELETE /channels/{channel}/thread-members/{user}")
def leave(request: Request) -> None:
    thread, user = _thread_and_user(request)
    if user in thread.thread_members:
        thread.thread_members.remove(user)


@route("GET /channels/{channel}/thread-members")
def members(request: Request) -> list[Json]:
    thread = find_channel(request)
    return [payloads.thread_member(thread, one) for one in thread.thread_members]


def _thread_and_user(request: Request) -> tuple[Channel, str]:
    thread, user = find_channel(request), request.path["user"]
    if not thread.is_thread:
        raise RefusedError(50024)
    return thread, request.world.bot.id if user == "@me" else user


@route("GET /guilds/{guild}/threads/active")
def active(request: Request) -> Json:
    guild, world = find_guild(request), request.world
    found = [
        one for one in guild.channels.values() if one.is_thread and not one.is_archived and world.sees(world.bot, one)
    ]
    own = [payloads.thread_member(one, world.bot.id) for one in found if world.bot.id in one.thread_members]
    return {"threads": [payloads.channel(one, reader=world.bot.id) for one in found], "members": own}


@route("GET /channels/{channel}/threads/archived/public")
def archived(request: Request) -> Json:
    where, world = find_channel(request), request.world
    found = [one for one in world.channels.values() if one.parent is where and one.is_archived and not one.is_deleted]
    found.sort(key=lambda one: -int(one.id))
    return {"threads": [payloads.channel(one) for one in found], "members": [], "has_more": False}


# Direct messages.


@route("POST /users/@me/channels")
def direct(request: Request) -> Json:
    user = request.world.users.get(str(request.body.get("recipient_id")))
    if user is None:
        raise RefusedError(10013)
    if user.is_bot:
        raise RefusedError(50007)
    return payloads.channel(request.world.direct(user))
