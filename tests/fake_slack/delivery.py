"""How events reach the app: over Socket Mode or signed HTTP, awaited, retried, repeated, or lost."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from tests.fake_slack.records import Json

MAX_SOCKETS = 10


@dataclass(eq=False)
class Delivery:
    """One event, command or interaction on its way to the app."""

    kind: str
    """`events_api`, `slash_commands` or `interactive`, as Socket Mode calls them."""
    payload: Json
    accepts_payload: bool = False
    attempts: int = 0
    failure: str = ""
    """Why the attempt before failed, in Slack's word."""
    state: str = "under way"
    """`under way`, `acked` or `lost`"""
    answer: Any = None
    """What the ack carried."""
    done: asyncio.Event = field(default_factory=asyncio.Event)
    on_ack: Callable[[Any], None] | None = None
    """Called at once with what the ack carried."""

    @property
    def event_id(self) -> str:
        return str(self.payload.get("event_id", ""))

    @property
    def event(self) -> Json:
        return dict(self.payload.get("event", {}))


class AttemptFailedError(Exception):
    """One attempt failed; the text is the retry reason that Slack gives."""


class Transport(Protocol):
    async def attempt(self, delivery: Delivery, seconds: float) -> Any: ...


@dataclass(eq=False)
class Socket:
    """One Socket Mode connection, from the server's side."""

    ws: web.WebSocketResponse
    request: web.Request
    number: int
    silent: bool = False
    """Open, answering pings, and delivering nothing."""
    deaf: bool = False
    """Open, and not even answering pings, as when the network between is gone."""
    retiring: bool = False
    """Told to go: gets no further events."""
    received: int = 0

    async def send(self, body: Json) -> None:
        if not (self.silent or self.deaf):
            await self.ws.send_str(json.dumps(body))


class SocketMode:
    """The sockets of one app: every envelope goes to one of them."""

    def __init__(self, app_id: str, changed: Callable[[], None]) -> None:
        self.app_id = app_id
        self.sockets: list[Socket] = []
        self.opened = 0
        self.unwilling = 0
        """How many sockets are refused before their handshake; their tickets are spent."""
        self._turn = itertools.count()
        self._tickets: set[str] = set()
        self._acks: dict[str, asyncio.Future[Any]] = {}
        self._changed = changed
        self._connected = asyncio.Event()

    def ticket(self) -> str:
        """Return a ticket that opens one socket, once."""
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Run one socket until it closes."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=408, text="ticket expired")
        self._tickets.discard(ticket)
        if self.unwilling:
            self.unwilling -= 1
            return web.Response(status=503, text="try again")
        ws = web.WebSocketResponse(autoping=False)
        await ws.prepare(request)
        self.opened += 1
        socket = Socket(ws, request, self.opened)
        if len(self.sockets) >= MAX_SOCKETS:
            await self.disconnect(socket, "too_many_websockets")
            return ws
        self.sockets.append(socket)
        try:
            await socket.send(self._hello())
            self._connected.set()
            self._changed()
            async for frame in ws:
                await self._read(socket, frame)
        finally:
            self.sockets.remove(socket)
            if not self.sockets:
                self._connected.clear()
            self._changed()
        return ws

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.sockets),
            "debug_info": {"host": "applink-test", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self.app_id},
        }

    async def _read(self, socket: Socket, frame: aiohttp.WSMessage) -> None:
        if socket.deaf:
            return
        if frame.type is aiohttp.WSMsgType.PING:
            await socket.ws.pong(frame.data)
        elif frame.type is aiohttp.WSMsgType.TEXT:
            body = json.loads(frame.data)
            waiting = self._acks.pop(body.get("envelope_id", ""), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(body.get("payload"))

    async def attempt(self, delivery: Delivery, seconds: float) -> Any:
        """Send one envelope to one socket and wait for its ack."""
        try:
            async with asyncio.timeout(seconds):
                socket = await self._pick()
        except TimeoutError:
            raise AttemptFailedError("no_active_connection") from None
        envelope_id = str(uuid.uuid4())
        ack = self._acks[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            await socket.send(self._envelope(delivery, envelope_id))
            socket.received += 1
            async with asyncio.timeout(seconds):
                return await ack
        except (TimeoutError, ConnectionError):
            raise AttemptFailedError("timeout") from None
        finally:
            self._acks.pop(envelope_id, None)

    async def _pick(self) -> Socket:
        while True:
            usable = [one for one in self.sockets if not one.retiring and not one.ws.closed]
            if usable:
                return usable[next(self._turn) % len(usable)]
            self._connected.clear()
            await self._connected.wait()

    def _envelope(self, delivery: Delivery, envelope_id: str) -> Json:
        retry = {"retry_attempt": delivery.attempts - 1, "retry_reason": delivery.failure}
        return {
            "envelope_id": envelope_id,
            "payload": delivery.payload,
            "type": delivery.kind,
            "accepts_response_payload": delivery.accepts_payload,
        } | (retry if delivery.kind == "events_api" else {})

    async def warn(self, socket: Socket) -> None:
        """Say that this socket goes away soon; it still delivers."""
        await socket.send(self._disconnect("warning"))

    async def disconnect(self, socket: Socket, reason: str = "refresh_requested") -> None:
        """Send the app away from this socket, as Slack does every few hours, then close it."""
        socket.retiring = True
        await socket.send(self._disconnect(reason))
        await socket.ws.close()

    def _disconnect(self, reason: str) -> Json:
        return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-test"}}

    def cut(self, socket: Socket) -> None:
        """Break the connection without a word."""
        if socket.request.transport is not None:
            socket.request.transport.abort()

    async def close(self) -> None:
        for socket in list(self.sockets):
            await socket.ws.close()


class HttpMode:
    """Signed requests to the app's request URL."""

    def __init__(self, url: str, secret: str) -> None:
        self.url = url
        self.secret = secret
        self.skew = 0.0
        """Seconds added to the timestamp: for tests of the replay window."""
        self._session = aiohttp.ClientSession()

    async def attempt(self, delivery: Delivery, seconds: float) -> Any:
        body, content_type = _encode(delivery)
        headers = self.signed(body) | {"Content-Type": content_type}
        if delivery.attempts > 1:
            headers |= {"x-slack-retry-num": str(delivery.attempts - 1), "x-slack-retry-reason": delivery.failure}
        status, text = await self.post(body, headers, seconds)
        if not 200 <= status < 300:
            raise AttemptFailedError("http_error")
        try:
            return json.loads(text) if text else None
        except ValueError:
            return {"text": text}

    async def post(self, body: str, headers: dict[str, str], seconds: float = 3.0) -> tuple[int, str]:
        """Post one request as it is; returns the status and the text answered."""
        try:
            limit = aiohttp.ClientTimeout(total=seconds)
            async with self._session.post(self.url, data=body, headers=headers, timeout=limit) as response:
                return response.status, await response.text()
        except TimeoutError:
            raise AttemptFailedError("http_timeout") from None
        except aiohttp.ClientError:
            raise AttemptFailedError("connection_failed") from None

    def signed(self, body: str) -> dict[str, str]:
        """Return the two headers that prove that Slack sent this body now."""
        stamp = str(int(time.time() + self.skew))
        digest = hmac.new(self.secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    async def verify(self) -> bool:
        """Do the `url_verification` handshake."""
        challenge = uuid.uuid4().hex
        body = json.dumps({"type": "url_verification", "token": "verification-token", "challenge": challenge})
        status, text = await self.post(body, self.signed(body) | {"Content-Type": "application/json"})
        return status == 200 and challenge in text

    async def close(self) -> None:
        await self._session.close()


def _encode(delivery: Delivery) -> tuple[str, str]:
    if delivery.kind == "events_api":
        return json.dumps(delivery.payload), "application/json"
    form = delivery.payload if delivery.kind == "slash_commands" else {"payload": json.dumps(delivery.payload)}
    return urlencode(form), "application/x-www-form-urlencoded"


class Deliveries:
    """Everything sent to the app so far, and what is still under way."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.ack_timeout = 3.0
        self.retry_delays: tuple[float, ...] = (0.0, 0.5, 1.0)
        """Slack's own: at once, after a minute, after five."""
        self.repeat = 1
        """How often every event is delivered, with the same `event_id`."""
        self.paused = False
        """Nobody is there, and Slack has given up: what happens now is lost at once."""
        self.sent: list[Delivery] = []
        self.transport: Transport | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = changed

    def send(
        self,
        kind: str,
        payload: Json,
        *,
        accepts_payload: bool = False,
        on_ack: Callable[[Any], None] | None = None,
    ) -> Delivery:
        """Start delivering; events are retried, commands and interactions are not."""
        first = self._start(Delivery(kind, payload, accepts_payload, on_ack=on_ack))
        for _ in range(self.repeat - 1 if kind == "events_api" else 0):
            self._start(Delivery(kind, payload, accepts_payload))
        return first

    def again(self, delivery: Delivery) -> Delivery:
        """Deliver the same event once more, as Slack does when it is unsure."""
        return self._start(
            Delivery(delivery.kind, delivery.payload, delivery.accepts_payload, attempts=1, failure="timeout")
        )

    def _start(self, delivery: Delivery) -> Delivery:
        self.sent.append(delivery)
        if self.paused:
            delivery.state = "lost"
            delivery.done.set()
            return delivery
        task = asyncio.create_task(self._carry(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return delivery

    async def _carry(self, delivery: Delivery) -> None:
        delays = self.retry_delays if delivery.kind == "events_api" else ()
        for delay in (None, *delays):
            if delay is not None:
                await asyncio.sleep(delay)
            delivery.attempts += 1
            try:
                if self.transport is None:
                    raise AttemptFailedError("connection_failed")
                delivery.answer = await self.transport.attempt(delivery, self.ack_timeout)
            except AttemptFailedError as failed:
                delivery.failure = str(failed)
                continue
            delivery.state = "acked"
            if delivery.on_ack is not None:
                delivery.on_ack(delivery.answer)
            break
        else:
            delivery.state = "lost"
        delivery.done.set()
        self._changed()

    @property
    def lost(self) -> list[Delivery]:
        return [one for one in self.sent if one.state == "lost"]

    async def settled(self, within: float = 30.0) -> None:
        """Wait until nothing is under way."""
        async with asyncio.timeout(within):
            while self._tasks:
                await asyncio.wait(set(self._tasks))

    async def close(self) -> None:
        for task in set(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
