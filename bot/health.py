"""`/healthz` and `/metrics` over HTTP, on the loopback interface unless configured otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text

from bot.metrics import Metrics
from bot.settings import MonitoringSettings
from ingest.database import Database
from ingest.index import Index
from ingest.seats import Seat

log = structlog.get_logger(__name__)

CHECK_SECONDS = 5.0
PORTS_TRIED = 10
"""Several processes of one machine need a port each; the first takes the configured one."""

Check = Callable[[], Awaitable[bool]]


class Health:
    """What has to be in order for this process to do its work."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}

    def watch(self, name: str, check: Check) -> None:
        """Ask `check` too; an adapter's says whether it is connected."""
        self._checks[name] = check

    def watch_database(self, database: Database) -> None:
        async def answers() -> bool:
            async with database.read() as connection:
                return bool(await connection.scalar(text("SELECT 1")))

        self.watch("database", answers)

    def watch_index(self, index: Index) -> None:
        async def answers() -> bool:
            await index.every_document()
            return True

        self.watch("index", answers)

    def watch_seat(self, seat: Seat) -> None:
        self.watch("seat", seat.is_held)

    async def examine(self) -> dict[str, str]:
        """Return `ok`, or in a word what is wrong, for each check."""
        checks = dict(self._checks)  # an adapter that starts meanwhile adds its own
        found = await asyncio.gather(*(_ask(check) for check in checks.values()))
        return dict(zip(checks, found, strict=True))


async def _ask(check: Check) -> str:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return "ok" if await check() else "failed"
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a part, the answer is which kind of error
        return type(error).__name__


@asynccontextmanager
async def monitoring(settings: MonitoringSettings, health: Health, metrics: Metrics) -> AsyncIterator[int]:
    """Serve both for the block; gives the port, 0 where that is switched off or no port is free."""
    if not settings.port:
        yield 0
        return
    runner = web.AppRunner(_application(health, metrics), access_log=None)
    await runner.setup()
    try:
        yield await _listen(runner, settings)
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, settings: MonitoringSettings) -> int:
    for port in range(settings.port, settings.port + PORTS_TRIED):
        try:
            await web.TCPSite(runner, settings.host, port).start()
        except OSError:
            continue
        log.info("monitoring", host=settings.host, port=port)
        return port
    log.warning("monitoring_has_no_port", host=settings.host, port=settings.port)
    return 0


def _application(health: Health, metrics: Metrics) -> web.Application:
    async def healthz(_: web.Request) -> web.Response:
        checks = await health.examine()
        is_fine = all(found == "ok" for found in checks.values())
        status = {"status": "ok" if is_fine else "failed", "checks": checks}
        return web.json_response(status, status=200 if is_fine else 503)

    async def figures(_: web.Request) -> web.Response:
        return web.Response(body=await metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    application = web.Application()
    application.router.add_get("/healthz", healthz)
    application.router.add_get("/metrics", figures)
    return application
