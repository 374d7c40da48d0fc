"""The gateway: a websocket that says hello, identifies, resumes, beats, and carries the events of a session."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from aiohttp import WSCloseCode, WSMsgType, web

from tests.fake_discord import greeting
from tests.fake_discord.application import GUILD_MEMBERS, KNOWN_INTENTS
from tests.fake_discord.records import Json
from tests.fake_discord.sessions import Session
from tests.fake_discord.world import World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT = 0, 1, 2, 3, 6, 7
REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 8, 9, 10, 11

COMMANDS_A_MINUTE = 120


class _Compressor(Protocol):
    def __call__(self, data: bytes) -> bytes: ...


def _zlib_stream() -> _Compressor:
    context = zlib.compressobj()
    return lambda data: context.compress(data) + context.flush(zlib.Z_SYNC_FLUSH)


def _zstd_stream() -> _Compressor:
    try:  # discord.py asks for it where it finds one of these
        import zstandard
    except ImportError:
        from compression import zstd

        context = zstd.ZstdCompressor()
        return lambda data: context.compress(data, zstd.ZstdCompressor.FLUSH_BLOCK)
    stream = zstandard.ZstdCompressor().compressobj()
    return lambda data: stream.compress(data) + stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)


COMPRESSORS: dict[str, Callable[[], _Compressor]] = {"zlib-stream": _zlib_stream, "zstd-stream": _zstd_stream}


class CloseError(Exception):
    """The connection is closed with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Connection:
    """One websocket."""

    def __init__(self, request: web.Request, ws: web.WebSocketResponse) -> None:
        self.request = request
        self.ws = ws
        self.session: Session | None = None
        self.received: list[Json] = []
        self.is_deaf = False
        """Nothing is answered or sent any more, although the connection stands: a zombie."""
        name = request.query.get("compress", "")
        self.compression = name
        self._compress = COMPRESSORS[name]() if name else None
        self._lock = asyncio.Lock()
        self._commands: list[float] = []

    async def send(self, payload: Json) -> None:
        if self.is_deaf:
            return
        text = json.dumps(payload, separators=(",", ":"))
        async with self._lock:
            with suppress(ConnectionError):
                if self._compress is None:
                    await self.ws.send_str(text)
                else:
                    await self.ws.send_bytes(self._compress(text.encode()))

    def count(self, now: float) -> None:
        """Close a connection that sends more than Discord takes."""
        self._commands = [one for one in self._commands if now - one < 60] + [now]
        if len(self._commands) > COMMANDS_A_MINUTE:
            raise CloseError(4008, "Rate limited.")


class Gateway:
    """Accepts connections and carries sessions over them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.connections: list[Connection] = []
        self.identifies: list[Json] = []
        """Every identify so far, without its token."""
        self.resumes: list[Json] = []
        self.heartbeat_interval = 41.25
        """Seconds. Whoever is silent for two of them is disconnected."""
        self.is_closed = False
        """Refuses connections: Discord is down."""
        self.invalid_resumes = 0
        """How many of the next resumes are refused."""

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Take one connection from hello to its end."""
        if self.is_closed:
            raise web.HTTPServiceUnavailable
        ws = web.WebSocketResponse(max_msg_size=2**16, autoping=True)
        await ws.prepare(request)
        connection = Connection(request, ws)
        self.connections.append(connection)
        try:
            if request.query.get("v") != "10":
                raise CloseError(4012, "Invalid API version.")
            await connection.send(
                {"op": HELLO, "s": None, "t": None, "d": {"heartbeat_interval": int(self.heartbeat_interval * 1000)}}
            )
            await self._converse(connection)
        except CloseError as closing:
            await ws.close(code=closing.code, message=closing.reason.encode())
        finally:
            self.connections.remove(connection)
            self._part(connection)
        return ws

    def _part(self, connection: Connection) -> None:
        session = connection.session
        if session is not None and all(one.session is not session for one in self.connections):
            session.lost_at = self.world.clock.now()
            if connection.ws.close_code in (WSCloseCode.OK, WSCloseCode.GOING_AWAY):
                session.is_over = True
        self.world.changed()

    async def _converse(self, connection: Connection) -> None:
        feeding: asyncio.Task[None] | None = None
        try:
            while True:
                try:
                    frame = await asyncio.wait_for(connection.ws.receive(), self.heartbeat_interval * 2)
                except TimeoutError:
                    if connection.is_deaf:
                        continue
                    raise CloseError(4009, "Session timed out.") from None
                if frame.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                    return
                since = await self._take(connection, _decoded(frame.data))
                if since is not None and connection.session is not None:
                    feeding = asyncio.create_task(self._feed(connection, connection.session, since))
        finally:
            if feeding is not None:
                feeding.cancel()
                await asyncio.gather(feeding, return_exceptions=True)

    async def _take(self, connection: Connection, payload: Json) -> int | None:
        """Act on one payload; return from where on the session's events are to be sent, once it has one."""
        connection.received.append(payload)
        connection.count(self.world.clock.now())
        self.world.changed()
        data = payload.get("d")
        match payload.get("op"):
            case 1:
                await connection.send({"op": HEARTBEAT_ACK, "s": None, "t": None, "d": None})
            case 2:
                return self._identify(connection, data)
            case 6:
                return await self._resume(connection, data)
            case 8 if connection.session is not None:
                self._members(connection.session, data)
            case 3 | 4 | 31 if connection.session is not None:
                pass
            case 3 | 4 | 8 | 31:
                raise CloseError(4003, "Not authenticated.")
            case _:
                raise CloseError(4001, "Unknown opcode.")
        return None

    def _identify(self, connection: Connection, data: Json) -> int:
        if connection.session is not None:
            raise CloseError(4005, "Already authenticated.")
        self.identifies.append({name: value for name, value in data.items() if name != "token"})
        if data["token"] != self.world.app.token:
            raise CloseError(4004, "Authentication failed.")
        number, count = data.get("shard", (0, 1))
        if not 0 <= number < count:
            raise CloseError(4010, "Invalid shard.")
        if data["intents"] & ~KNOWN_INTENTS:
            raise CloseError(4013, "Invalid intent(s).")
        if data["intents"] & ~self.world.app.allowed_intents:
            raise CloseError(4014, "Disallowed intent(s).")
        session = self.world.sessions.add(data["intents"], (number, count))
        connection.session = session
        greeting.greet(self.world, session, self.url_of(connection))
        return 0

    def url_of(self, connection: Connection) -> str:
        return f"ws://{connection.request.host}{connection.request.path}"

    async def _resume(self, connection: Connection, data: Json) -> int | None:
        self.resumes.append({name: value for name, value in data.items() if name != "token"})
        if data["token"] != self.world.app.token:
            raise CloseError(4004, "Authentication failed.")
        session = self.world.sessions.find(data["session_id"])
        if self.invalid_resumes or session is None or data["seq"] > session.sequence:
            self.invalid_resumes = max(0, self.invalid_resumes - 1)
            if session is not None:
                session.is_over = True
            await connection.send({"op": INVALID_SESSION, "s": None, "t": None, "d": False})
            return None
        for old in [one for one in self.connections if one.session is session]:
            old.session = None
            if old.request.transport is not None:
                old.request.transport.abort()
        session.lost_at = None
        connection.session = session
        session.push("RESUMED", {"_trace": []})
        return int(data["seq"])

    async def _feed(self, connection: Connection, session: Session, since: int) -> None:
        """Send a session's events in order, as they come."""
        while True:
            session.wake.clear()
            for event in session.after(since):
                await connection.send(event)
                session.taken = since = event["s"]
            self.world.changed()
            await session.wake.wait()

    def _members(self, session: Session, data: Json) -> None:
        """Answer a request for members; the whole list is for apps with the members intent only."""
        guild = self.world.guilds.get(str(data["guild_id"]))
        wants_all = not data.get("user_ids") and not data.get("query")
        if guild is None or (wants_all and not session.wants(GUILD_MEMBERS)):
            return
        ids = [str(one) for one in data.get("user_ids") or []]
        query = str(data.get("query") or "").lower()
        found = [
            one
            for one in guild.members.values()
            if (one.user.id in ids if ids else one.user.name.lower().startswith(query))
        ][: 1_000 if wants_all else 100]
        unknown = [one for one in ids if one not in guild.members]
        greeting.send_members(session, guild, found, unknown, data.get("nonce"))

    # Trouble.

    async def reconnect(self, connection: Connection | None = None) -> None:
        """Ask an app to reconnect and resume, as Discord does every few hours."""
        for one in [connection] if connection else list(self.connections):
            await one.send({"op": RECONNECT, "s": None, "t": None, "d": None})

    async def invalidate(self, *, resumable: bool, connection: Connection | None = None) -> None:
        """Say that a session is invalid; one that is not resumable is gone."""
        for one in [connection] if connection else list(self.connections):
            if one.session is not None and not resumable:
                one.session.is_over = True
            await one.send({"op": INVALID_SESSION, "s": None, "t": None, "d": resumable})

    async def ask_heartbeat(self) -> None:
        for one in list(self.connections):
            await one.send({"op": HEARTBEAT, "s": None, "t": None, "d": None})

    async def close(self, code: int = 4000) -> None:
        """Close every connection with a code; 4009 and 4007 end the session, too."""
        for one in list(self.connections):
            if one.session is not None and code in (4007, 4009):
                one.session.is_over = True
            await one.ws.close(code=code)

    def cut(self) -> None:
        """Break every connection without a word; events pile up until it is resumed."""
        for one in list(self.connections):
            if one.request.transport is not None:
                one.request.transport.abort()


def _decoded(data: Any) -> Json:
    try:
        payload = json.loads(data)
    except ValueError:
        raise CloseError(4002, "Decode error.") from None
    if not isinstance(payload, dict):
        raise CloseError(4002, "Decode error.")
    return payload
