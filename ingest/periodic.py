"""Work that is done again and again, and goes on when it fails once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger(__name__)


async def repeat(seconds: float, work: Callable[[], Awaitable[object]], *fatal: type[Exception]) -> None:
    """Do `work` now and every so many seconds, until cancelled; only a `fatal` error ends it.

    A database or a network that is away for a moment is no reason to stop looking after things.
    """
    while True:
        try:
            await work()
        except fatal:
            raise
        except Exception as error:  # noqa: BLE001 - the boundary of unattended work: logged, and tried again
            log.warning("periodic_work_failed", work=getattr(work, "__name__", "work"), error=type(error).__name__)
        await asyncio.sleep(seconds)
