"""How events reach us: over a socket that is watched and replaced when it falls silent, or as signed requests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from aiohttp import WSMessage, web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot.health import Health
from bot.settings import Settings

log = structlog.get_logger(__name__)

PATH = "/slack/events"
PING_SECONDS = 5.0


@asynccontextmanager
async def opened(app: AsyncApp, settings: Settings, health: Health) -> AsyncIterator[None]:
    """Receive events for the block, and let `health` know whether they can come."""
    if settings.slack.mode == "http":
        async with _served(app, settings.slack.host, settings.slack.port, health):
            yield
    else:
        token = settings.slack_app_token.get_secret_value()
        async with _connected(app, token, settings.slack.silence_seconds, health):
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
async def _connected(app: AsyncApp, app_token: str, silence: float, health: Health) -> AsyncIterator[None]:
    handler = AsyncSocketModeHandler(app, app_token, logger=app.logger, ping_interval=PING_SECONDS)
    client: SocketModeClient = handler.client
    health.watch("slack", client.is_connected)
    watching = None
    try:
        await client.connect()  # type: ignore[no-untyped-call]
        watching = asyncio.create_task(_watch(client, silence))
        log.info("slack_connected")
        yield
    finally:
        if watching is not None:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
        await client.close()  # type: ignore[no-untyped-call]


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
