"""The REST API's routes, one module a family; each takes a request and returns what Discord answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fake_discord.bodies import Body
from tests.fake_discord.errors import RefusedError
from tests.fake_discord.limits import DEFAULT, Rate
from tests.fake_discord.permissions import VIEW_CHANNEL
from tests.fake_discord.records import Channel, Guild, Message

if TYPE_CHECKING:
    from tests.fake_discord.interactions import Interactions
    from tests.fake_discord.world import World


@dataclass
class Request:
    """One call of the API, authorised and read."""

    world: World
    interactions: Interactions
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Body

    def number(self, name: str, default: int, smallest: int, largest: int) -> int:
        """Return a number of the query; one out of range is refused."""
        given = self.query.get(name, str(default))
        if not given.isdecimal() or not smallest <= int(given) <= largest:
            message = f"int value should be less than or equal to {largest}."
            error = {"code": "NUMBER_TYPE_MAX", "message": message}
            raise RefusedError(50035, message="Invalid Form Body", errors={name: {"_errors": [error]}})
        return int(given)


Answer = Any
"""JSON, or None for 204."""
Handler = Callable[[Request], Answer]


@dataclass(frozen=True)
class Route:
    """One route: how it is matched, its code, its rate limit, and whether it takes the bot's token."""

    method: str
    path: str
    handler: Handler
    rate: Rate
    needs_token: bool

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


ROUTES: dict[str, Route] = {}


def route(name: str, *, rate: Rate = DEFAULT, token: bool = True) -> Callable[[Handler], Handler]:
    """Register the decorated function for `METHOD /path/{with}/{names}`."""

    def register(handler: Handler) -> Handler:
        method, path = name.split(" ")
        ROUTES[name] = Route(method, path, handler, rate, token)
        return handler

    return register


def find_channel(request: Request, name: str = "channel", *, needs: int = 0) -> Channel:
    """Return the channel of the path, which the bot must see, with these permissions."""
    world = request.world
    one = world.channels.get(request.path[name])
    if one is None or one.is_deleted:
        raise RefusedError(10003)
    if not world.can(world.bot, one, VIEW_CHANNEL):
        raise RefusedError(50001)
    if not world.can(world.bot, one, needs):
        raise RefusedError(50013)
    return one


def find_message(request: Request, where: Channel, name: str = "message") -> Message:
    """Return the message of the path; ephemeral ones do not exist outside of their interaction."""
    one = where.messages.get(request.path[name])
    if one is None or one.visible_to:
        raise RefusedError(10008)
    return one


def find_guild(request: Request) -> Guild:
    world = request.world
    one = world.guilds.get(request.path["guild"])
    if one is None:
        raise RefusedError(10004)
    if world.bot.id not in one.members:
        raise RefusedError(50001)
    return one
