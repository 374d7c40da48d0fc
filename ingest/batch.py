"""Many files: a few at a time, and whatever happens to one is its own report. The boundary of ingest's errors."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import structlog

from ingest.documents import IngestReport, IngestStatus, Origin, Progress
from ingest.errors import IndexStoreError, IngestError
from ingest.logs import where
from ingest.pipeline import Pipeline

log = structlog.get_logger(__name__)

AT_ONCE = 4
"""Documents under way: while one is embedded the next is read, and no worker process waits for work."""


@dataclass(frozen=True, slots=True)
class Item:
    """One file to index, or the sentence why it cannot even be tried."""

    origin: Origin
    path: Path
    error: str = ""


Listener = Callable[[int, Progress | IngestReport], None]
"""Is told what happens to the item at a position: how far it is, and in the end its report."""


async def ingest_all(pipeline: Pipeline, items: Sequence[Item], listen: Listener | None = None) -> list[IngestReport]:
    """Index all items and return a report for each, in their order. Nothing but a stop from outside is raised."""
    tell = listen or (lambda *_: None)
    reports: dict[int, IngestReport] = {}
    waiting = iter(enumerate(items))

    async def work() -> None:
        for position, item in waiting:
            reports[position] = await _report(pipeline, item, partial(tell, position))
            tell(position, reports[position])

    async with asyncio.TaskGroup() as group:
        for _ in range(min(AT_ONCE, len(items))):
            group.create_task(work())
    if any(report.status in {IngestStatus.INDEXED, IngestStatus.REPLACED} for report in reports.values()):
        try:
            await pipeline.optimize()
        except IndexStoreError as error:
            log.warning("not_tidied", cause=type(error.__cause__).__name__)  # all is stored; searches are slower
    return [reports[position] for position in range(len(items))]


async def _report(pipeline: Pipeline, item: Item, on_progress: Callable[[Progress], None]) -> IngestReport:
    """Return what became of one file, its failure included."""
    began = time.monotonic()
    if item.error:
        return _failed(item, item.error, began)
    try:
        return await pipeline.ingest(item.origin, item.path, on_progress)
    except IngestError as error:
        cause = error.__cause__
        log.info(
            "ingest_failed",
            document=item.origin.document_id,
            error=type(error).__name__,
            cause=type(cause).__name__ if cause else None,
        )
        return _failed(item, error.user_notice, began)
    except Exception as error:  # noqa: BLE001 - the boundary: one file that breaks us must not stop the others
        identifier = secrets.token_hex(4)
        log.error("ingest_broke", id=identifier, error=type(error).__name__, at=where(error))
        return _failed(item, f"Something went wrong while this file was indexed (id {identifier}; see the log).", began)


def _failed(item: Item, error: str, began: float) -> IngestReport:
    return IngestReport(item.origin.name, IngestStatus.FAILED, seconds=time.monotonic() - began, error=error)
