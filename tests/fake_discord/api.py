"""The HTTP side of the REST API: tokens, bodies, rate limits and planned faults around the routes."""

from __future__ import annotations

import asyncio
import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from tests.fake_discord.bodies import Body, Upload
from tests.fake_discord.errors import RefusedError, no_such_route, unauthorized
from tests.fake_discord.interactions import Interactions
from tests.fake_discord.limits import RateLimits, too_many
from tests.fake_discord.records import Json
from tests.fake_discord.rest import ROUTES, Request, Route, applications, channels, guilds, interactions, messages
from tests.fake_discord.world import World

__all__ = ["Api", "Call", "Fault", "applications", "channels", "guilds", "interactions", "messages"]

PREFIX = "/api/v10"
_NAMED = re.compile(r"\{(\w+)\}")
_FILE = re.compile(r"^files\[(\d+)\]$")


@dataclass(frozen=True)
class Call:
    """One call of the API, with its answer."""

    route: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    at: float
    status: int
    answer: Any
    headers: Mapping[str, str]

    @property
    def ok(self) -> bool:
        return self.status < 300


@dataclass
class Fault:
    """What goes wrong with the next calls of a route."""

    status: int = 0
    error: RefusedError | None = None
    delay: float = 0.0
    times: int = 1
    drop: bool = False
    """The connection breaks after the call was carried out."""


@dataclass
class Api:
    """Answers the API's requests from the world's state."""

    world: World
    interactions: Interactions
    limits: RateLimits
    calls: list[Call] = field(default_factory=list)
    faults: defaultdict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        patterns = {
            name: re.compile("^" + _NAMED.sub(r"(?P<\1>[^/]+)", one.path) + "$") for name, one in ROUTES.items()
        }
        # `/users/@me` before `/users/{user}`: the fewer names, the more exact.
        self._routes = sorted(
            ((ROUTES[name], pattern) for name, pattern in patterns.items()), key=lambda one: one[0].path.count("{")
        )

    def routes(self) -> list[web.RouteDef]:
        return [web.route("*", PREFIX + "/{path:.*}", self.call)]

    async def call(self, request: web.Request) -> web.Response:
        """Carry out one call."""
        route, path = self._find(request)
        name = route.name if route else f"{request.method} ?"
        fault = self._fault(name)
        headers = {"Via": "1.1 google"}
        body = Body({})
        try:
            if route is None:
                raise no_such_route()
            if fault and fault.delay:
                await asyncio.sleep(fault.delay)
            body = await _read(request)
            self._authorise(route, request)
            if fault and fault.error:
                raise fault.error
            major = path.get("channel") or path.get("guild") or path.get("token", "")
            headers |= self.limits.headers(route.name, route.rate, major)
            answer = route.handler(Request(self.world, self.interactions, path, request.query, body))
            status = 204 if answer is None else 200
        except RefusedError as refused:
            answer, status = refused.body, refused.status
            headers |= refused.headers
        self.calls.append(
            Call(name, path, request.query, body.json, self.world.clock.now(), status, answer, request.headers)
        )
        self.world.changed()
        if fault and fault.drop and request.transport is not None:
            request.transport.abort()
        if status == 204:
            return web.Response(status=204, headers=headers)
        # discord.py reads JSON only where the content type is exactly this, without a charset.
        headers["Content-Type"] = "application/json"
        return web.Response(body=json.dumps(answer).encode(), status=status, headers=headers)

    def _find(self, request: web.Request) -> tuple[Route | None, Mapping[str, str]]:
        path = request.path.removeprefix(PREFIX)
        for route, pattern in self._routes:
            if route.method == request.method and (found := pattern.match(path)):
                return route, found.groupdict()
        return None, {}

    def _fault(self, name: str) -> Fault | None:
        planned = self.faults.get(name)
        if not planned:
            return None
        planned[0].times -= 1
        return planned[0] if planned[0].times else planned.pop(0)

    def _authorise(self, route: Route, request: web.Request) -> None:
        if route.needs_token and request.headers.get("Authorization") != f"Bot {self.world.app.token}":
            raise unauthorized()


async def _read(request: web.Request) -> Body:
    """Read JSON, or a form with `payload_json` and files."""
    if not request.body_exists:
        return Body({})
    if not request.content_type.startswith("multipart/"):
        return Body(_json(await request.read()))
    payload: Json = {}
    files: dict[int, Upload] = {}
    reader = await request.multipart()
    async for part in reader:
        assert isinstance(part, BodyPartReader)
        content = bytes(await part.read(decode=True))
        if part.name == "payload_json":
            payload = _json(content)
        elif found := _FILE.match(part.name or ""):
            files[int(found[1])] = Upload(part.filename or "unknown", content)
    return Body(payload, files)


def _json(content: bytes) -> Any:
    try:
        return json.loads(content) if content else {}
    except ValueError:
        message = "The request body contains invalid JSON."
        raise RefusedError(50109, status=400, message=message) from None


def rate_limited(seconds: float, scope: str) -> RefusedError:
    refused = too_many(seconds, scope=scope)
    if scope != "global":
        refused.headers |= {
            "X-RateLimit-Limit": "5",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset-After": f"{seconds:.3f}",
            "X-RateLimit-Reset": "0",
            "X-RateLimit-Bucket": "planned",
        }
    return refused
