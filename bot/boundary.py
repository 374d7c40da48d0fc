"""The boundary of commands and clicks: whoever gave one is told what went wrong, in words or under an id."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from bot import notices
from bot.errors import BotError
from ingest.errors import IngestError
from ingest.logs import where

log = structlog.get_logger(__name__)


async def guarded(
    kind: str, identifier: str, work: Awaitable[object], tell: Callable[[str], Awaitable[object]]
) -> None:
    """Do what was asked for, or tell why not; `identifier` is what the log has the details under."""
    try:
        await work
    except (BotError, IngestError) as error:
        log.info("refused", kind=kind, id=identifier, error=type(error).__name__)
        notice = str(error)
    except Exception as error:  # noqa: BLE001 - the boundary of commands and clicks: who gave them is told, under an id
        log.error("broke", kind=kind, id=identifier, error=type(error).__name__, at=where(error))
        notice = notices.with_id(notices.INTERNAL_ERROR, identifier)
    else:
        return
    try:
        await tell(notice)
    except BotError as error:
        log.warning("not_told", kind=kind, id=identifier, error=type(error).__name__)
