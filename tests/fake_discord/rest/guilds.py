"""Guilds, members, roles and users."""

from __future__ import annotations

from tests.fake_discord import payloads
from tests.fake_discord.errors import RefusedError
from tests.fake_discord.records import Json
from tests.fake_discord.rest import Request, find_guild, route


@route("GET /users/@me")
def own(request: Request) -> Json:
    return payloads.own_user(request.world.bot)


@route("GET /users/{user}")
def user(request: Request) -> Json:
    one = request.world.users.get(request.path["user"])
    if one is None:
        raise RefusedError(10013)
    return payloads.user(one)


@route("GET /users/@me/guilds")
def own_guilds(request: Request) -> list[Json]:
    world = request.world
    after, limit = int(request.query.get("after", 0)), request.number("limit", 200, 1, 200)
    found = [one for one in world.guilds.values() if world.bot.id in one.members and int(one.id) > after]
    return [
        {
            "id": one.id,
            "name": one.name,
            "icon": None,
            "banner": None,
            "owner": False,
            "permissions": str(world.guild_permissions(one, one.members[world.bot.id])),
            "features": [],
        }
        for one in found[:limit]
    ]


@route("DELETE /users/@me/guilds/{guild}")
def leave(request: Request) -> None:
    request.world.remove_bot(find_guild(request))


@route("GET /guilds/{guild}")
def get(request: Request) -> Json:
    guild = find_guild(request)
    counts = {"approximate_member_count": len(guild.members), "approximate_presence_count": 0}
    return payloads.guild(guild) | (counts if request.query.get("with_counts") in ("1", "true") else {})


@route("GET /guilds/{guild}/members")
def members(request: Request) -> list[Json]:
    """The whole list is for apps with the members intent."""
    guild = find_guild(request)
    if "members" not in request.world.app.intents:
        raise RefusedError(50001)
    limit, after = request.number("limit", 1, 1, 1_000), int(request.query.get("after", 0))
    found = sorted(
        (one for one in guild.members.values() if int(one.user.id) > after), key=lambda one: int(one.user.id)
    )
    return [payloads.member(one) for one in found[:limit]]


@route("GET /guilds/{guild}/members/{user}")
def member(request: Request) -> Json:
    found = find_guild(request).members.get(request.path["user"])
    if found is None:
        raise RefusedError(10007 if request.path["user"] in request.world.users else 10013)
    return payloads.member(found)


@route("GET /guilds/{guild}/roles")
def roles(request: Request) -> list[Json]:
    return [payloads.role(one) for one in find_guild(request).roles.values()]
