"""How events reach us: over a socket that is watched and replaced when it falls silent, or as signed requests."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import structlog
from aiohttp import WSMessage, web
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.health import Health
from bot.settings import Settings
from bot.slack.api import refusal
from bot.slack.events import Json

log = structlog.get_logger(__name__)

PATH = "/slack/events"
PING_SECONDS = 5.0
OPENING_SECONDS = 8.0
OPENINGS, OPENINGS_SECONDS = 4, 4.0
"""At most so many sockets are opened in so many seconds: Slack may close each at once."""


@asynccontextmanager
async def opened(
    app: AsyncApp, settings: Settings, health: Health, is_idle: Callable[[Json], bool]
) -> AsyncIterator[None]:
    """Receive events for the block, and let `health` know whether they can come.

    What `is_idle` says of a body is acknowledged without Bolt, which costs milliseconds an event.
    """
    if settings.slack.mode == "http":
        async with _served(app, settings.slack.host, settings.slack.port, health):
            yield
    else:
        token = settings.slack_app_token.get_secret_value()
        async with _connected(app, token, settings.slack.silence_seconds, health, is_idle):
            yield


@asynccontextmanager
async def _served(app: AsyncApp, host: str, port: int, health: Health) -> AsyncIterator[None]:
    runner = web.AppRunner(app.web_app(path=PATH), access_log=None, shutdown_timeout=3.0)

    async def is_listening() -> bool:
        return bool(runner.sites)

    health.watch("slack", is_listening)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        log.info("slack_listening", host=host, port=port, path=PATH)
        yield
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _connected(
    app: AsyncApp, app_token: str, silence: float, health: Health, is_idle: Callable[[Json], bool]
) -> AsyncIterator[None]:
    client = _Client(app_token, app.logger, app.client, ping_interval=PING_SECONDS)

    async def take(_client: object, request: SocketModeRequest) -> None:
        if request.type == "events_api" and is_idle(request.payload):
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id))
            return
        response = await run_async_bolt_app(app, request)
        await send_async_response(client, request, response, time.time())

    client.socket_mode_request_listeners.append(take)
    health.watch("slack", client.is_connected)
    watching = None
    try:
        await client.connect()
        watching = asyncio.create_task(_watch(client, silence))
        log.info("slack_connected")
        yield
    finally:
        if watching is not None:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
        await client.close()  # type: ignore[no-untyped-call]


class _Client(SocketModeClient):
    """Slack's client, which tries an address for ever although its ticket is good for one socket, and never rests."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - the SDK's
        super().__init__(*arguments, **named)
        self._openings: deque[float] = deque(maxlen=OPENINGS)

    async def issue_new_wss_url(self) -> str:
        if len(self._openings) == OPENINGS:
            await asyncio.sleep(self._openings[0] + OPENINGS_SECONDS - time.monotonic())
        self._openings.append(time.monotonic())
        try:
            return await super().issue_new_wss_url()
        except SlackApiError as error:
            log.warning("slack_not_connected", error=refusal("apps.connections.open", error).code)
            raise

    async def connect(self) -> None:
        while not self.closed:
            try:
                self.wss_uri = self.wss_uri or await self.issue_new_wss_url()
                async with asyncio.timeout(OPENING_SECONDS):
                    await super().connect()  # type: ignore[no-untyped-call]
                return
            except TimeoutError:
                self.wss_uri = None
            except (SlackClientError, aiohttp.ClientError, OSError):
                await asyncio.sleep(self.ping_interval)


async def _watch(client: SocketModeClient, silence: float) -> None:
    """Replace a socket over which nothing came for long: it may be open, answer pings, and deliver nothing.

    A workspace may simply be asleep; a new socket now and then costs nothing.
    """
    heard = time.monotonic()

    async def note(_message: WSMessage) -> None:
        nonlocal heard
        heard = time.monotonic()

    client.on_message_listeners.append(note)
    while True:
        await asyncio.sleep(silence / 4)
        if time.monotonic() - heard < silence:
            continue
        heard = time.monotonic()
        log.info("slack_silent", seconds=silence)
        try:
            await client.connect_to_new_endpoint(force=True)
        except Exception as error:  # noqa: BLE001 - the SDK raises whatever; its own monitor and the next round try again
            log.warning("slack_reconnect_failed", error=type(error).__name__)
