"""A server that knows the least of Discord's protocol, in the fewest words: a question is answered all the same."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import WSMsgType, web
from discord.gateway import DiscordWebSocket
from discord.http import Route
from structlog.testing import capture_logs

from bot.settings import load_settings
from tests.bot.discord.conftest import HOME
from tests.bot.discord.playing import LEAVE, playing, saying
from tests.bot.discord.test_questions import ANSWER

pytestmark = pytest.mark.timeout(180)

BOT, ANN, CHANNEL, DIRECT = "900", "901", "902", "903"
WITHIN = 30.0


@dataclass
class BareServer:
    """Gateway, messages, responses to interactions and the list of commands; of nothing else it knows."""

    tells_guild: bool = True
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    responses: list[dict[str, Any]] = field(default_factory=list)
    """What is shown in the place of a command, in the order of its versions."""
    limited: int = 0
    """How many of the next messages are refused for a moment, as no Cloudflare would, or with a charset."""
    address: str = ""
    _socket: web.WebSocketResponse | None = None
    _is_identified: bool = False
    _ids: Any = field(default_factory=lambda: itertools.count(1_000))
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/gateway", self.gateway),
                web.get("/api/users/@me", self.me),
                web.get("/api/oauth2/applications/@me", self.me),
                web.put("/api/applications/{_}/commands", self.commands),
                web.post("/api/channels/{channel}/messages", self.post),
                web.patch("/api/channels/{channel}/messages/{message}", self.patch),
                web.post("/api/interactions/{_}/{token}/callback", self.respond),
                web.patch("/api/webhooks/{_}/{token}/messages/@original", self.edit),
                web.post("/api/webhooks/{_}/{token}", self.follow),
            ]
        )
        return app

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(WITHIN):
            while not is_so():
                self._changed.clear()
                await self._changed.wait()

    async def connected(self) -> None:
        await self.until(lambda: self._is_identified)

    async def tell(self, name: str, data: Any) -> None:
        assert self._socket is not None
        await self._socket.send_json({"op": 0, "s": next(self._ids), "t": name, "d": data})

    async def me(self, _: web.Request) -> web.Response:
        return web.json_response({"id": BOT, "username": "askdocs"})

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        self._socket = socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 45_000}})
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                continue
            said = frame.json()
            if said["op"] == 1:
                await socket.send_json({"op": 11})
            elif said["op"] == 2:
                await self.tell("READY", {"user": {"id": BOT, "username": "askdocs"}, "guilds": []})
                if self.tells_guild:
                    channels = [{"id": CHANNEL, "type": 0, "name": "general"}]
                    await self.tell("GUILD_CREATE", {"id": str(HOME), "channels": channels})
                self._is_identified = True
                self._changed.set()
        return socket

    async def commands(self, request: web.Request) -> web.Response:
        return web.json_response(await request.json())

    async def post(self, request: web.Request) -> web.Response:
        if self.limited:
            return self._limit()
        said = await _said(request)
        message = {"id": str(next(self._ids)), "channel_id": request.match_info["channel"], **said}
        self.messages[message["id"]] = message
        self._changed.set()
        return web.json_response({"id": message["id"], "channel_id": message["channel_id"]})

    async def patch(self, request: web.Request) -> web.Response:
        message = self.messages[request.match_info["message"]]
        message.update(await _said(request))
        self._changed.set()
        return web.json_response({"id": message["id"], "channel_id": message["channel_id"]})

    async def respond(self, request: web.Request) -> web.Response:
        self.responses.append(await _said(request))
        return web.Response(status=204)

    async def edit(self, request: web.Request) -> web.Response:
        if self.limited:
            return self._limit(Via="1.1 google")
        self.responses.append(await _said(request))
        self._changed.set()
        return web.json_response({"id": "5", "channel_id": CHANNEL})

    follow = edit

    def _limit(self, **headers: str) -> web.Response:
        self.limited -= 1
        return web.json_response({"message": "Slow down.", "retry_after": 0.05}, status=429, headers=headers)


async def _said(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    form = await request.post()
    return {"files": [name for name in form if name.startswith("files")]}


@contextlib.asynccontextmanager
async def serving(server: BareServer) -> AsyncIterator[BareServer]:
    runner = web.AppRunner(server.app())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.address = f"127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()


@pytest.fixture(autouse=True)
def addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py keeps them in its classes."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)


@contextlib.asynccontextmanager
async def asked_of(server: BareServer, tmp_path: Path, samples: Path) -> AsyncIterator[BareServer]:
    async with serving(server):
        environ = {
            "ASKDOCS_DATA_DIR": str(tmp_path),
            "ASKDOCS_INDEX__URI": str(samples / "index"),
            "ASKDOCS_FILES__URI": str(samples / "files"),
            "DISCORD_BOT_TOKEN": "token",
            "DISCORD_API_BASE": f"http://{server.address}/api/",
            "DISCORD_GATEWAY_URL": f"ws://{server.address}/gateway",
        }
        async with playing(server, load_settings(environ=environ), saying(*ANSWER)):
            yield server


def message(**more: Any) -> dict[str, Any]:
    author = {"id": ANN, "username": "ann"}
    return {"id": "7", "channel_id": CHANNEL, "author": author, "content": LEAVE} | more


IN_GUILD = message(guild_id=str(HOME), content=f"<@{BOT}> {LEAVE}", mentions=[{"id": BOT, "username": "askdocs"}])


@pytest.mark.parametrize("told", ["guild", "no guild", "direct"])
async def test_a_message_is_answered(tmp_path, samples, told):
    """Whatever is left out, a mention and a direct message have their answer, once, in the message that was posted."""
    server = BareServer(tells_guild=told != "no guild", limited=1)
    said = message(channel_id=DIRECT) if told == "direct" else IN_GUILD
    async with asked_of(server, tmp_path, samples):
        await server.tell("SOMETHING_NEW", {"nobody": "knows"})
        await server.tell("MESSAGE_CREATE", {"id": "6"})
        await server.tell("MESSAGE_CREATE", said)
        await server.until(lambda: any(one.get("embeds") for one in server.messages.values()))

    (answer,) = server.messages.values()
    assert answer["channel_id"] == said["channel_id"]
    assert "by 31 March" in answer["content"]


@pytest.mark.parametrize("is_private", [False, True], ids=["for everybody", "for the asker"])
async def test_a_command_is_answered(tmp_path, samples, is_private):
    """Deferred, though the server does not say that it took that; answered after a limit; then a page is shown."""
    server = BareServer(limited=1)
    options = [{"name": "question", "type": 3, "value": LEAVE}, {"name": "private", "type": 5, "value": is_private}]
    who = {"id": "8", "token": "t", "guild_id": str(HOME), "channel_id": CHANNEL}
    who |= {"application_id": BOT, "member": {"user": {"id": ANN, "username": "ann"}}}
    asked = {"id": "1", "name": "askdocs", "type": 1, "options": [{"name": "ask", "type": 1, "options": options}]}
    async with asked_of(server, tmp_path, samples):
        await server.tell("INTERACTION_CREATE", {**who, "type": 2, "data": asked})
        await server.until(lambda: any(one.get("embeds") for one in server.responses))
        answer = next(one for one in server.responses if one.get("embeds"))
        button = answer["components"][0]["components"][0]["custom_id"]
        clicked = {"custom_id": button, "component_type": 2}
        shown_at = {"id": "5", "channel_id": CHANNEL}
        click = {**who, "id": "9", "token": "u", "type": 3, "data": clicked, "message": shown_at}
        await server.tell("INTERACTION_CREATE", click)
        await server.until(lambda: any(one.get("files") for one in server.responses))

    assert server.responses[0]["type"] == 5
    assert "by 31 March" in answer["content"]


async def test_what_is_not_understood_ends_nothing(tmp_path, samples):
    """Events without what they are about are left aside, under a name in the log."""
    server = BareServer()
    with capture_logs() as logs:
        async with asked_of(server, tmp_path, samples):
            for name in ("MESSAGE_CREATE", "GUILD_CREATE", "THREAD_CREATE", "INTERACTION_CREATE", "MESSAGE_UPDATE"):
                await server.tell(name, {})
                await server.tell(name, None)
            await server.tell("MESSAGE_CREATE", IN_GUILD)
            await server.until(lambda: any(one.get("embeds") for one in server.messages.values()))

    assert {one["name"] for one in logs if one["event"] == "event_not_understood"} >= {"MESSAGE_CREATE"}
