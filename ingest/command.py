"""The command that indexes PDFs, as `askdocs ingest` and `python -m ingest` run it: what people and scripts see."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.progress import Progress as ProgressBar
from rich.table import Table
from rich.text import Text

from ingest.batch import Item, Listener, ingest_all
from ingest.documents import WORKSPACE_SCOPE, IngestReport, IngestStatus, Origin, Progress
from ingest.errors import IngestError
from ingest.meter import Meter
from ingest.paths import FoundFile, find_pdfs
from ingest.settings import IngestSettings
from ingest.updating import bring_up_to_date

STOPPED = "Stopped. What is indexed stays; the same command goes on with the rest."


async def run_ingest(
    paths: Sequence[str],
    settings: IngestSettings,
    *,
    workspace: str = "local",
    scope: str = WORKSPACE_SCOPE,
    as_json: bool = False,
) -> int:
    """Index what `paths` name and print what became of it; return the exit code: 1 if anything failed."""
    items = [_item(found, workspace, scope) for found in find_pdfs(paths)]
    meter = Meter([_size(item.path) for item in items])
    try:
        await bring_up_to_date(settings)
        with _shown(meter) as listen:
            reports = await _ingest(settings, items, listen)
    except IngestError as error:
        print(error.user_notice, file=sys.stderr)
        return 1
    except asyncio.CancelledError:
        print(STOPPED, file=sys.stderr)
        raise
    if as_json:
        print(json.dumps({"documents": [as_dict(report) for report in reports]}, ensure_ascii=False))
    else:
        _print_summary(reports, meter)
    return int(any(report.status is IngestStatus.FAILED for report in reports))


def as_dict(report: IngestReport) -> dict[str, Any]:
    """Return a report as `--json` prints it: a contract."""
    return {
        "document": report.document,
        "status": report.status.value,
        "pages": report.pages,
        "pages_without_text": list(report.pages_without_text),
        "chunks": report.chunks,
        "seconds": round(report.seconds, 3),
        "error": report.error,
    }


async def _ingest(settings: IngestSettings, items: Sequence[Item], listen: Listener) -> list[IngestReport]:
    from ingest.pipeline import open_pipeline

    async with open_pipeline(settings) as pipeline:
        return await ingest_all(pipeline, items, listen)


def _item(found: FoundFile, workspace: str, scope: str) -> Item:
    origin = Origin(workspace=workspace, scope=scope, name=found.name, source=str(found.path))
    return Item(origin, found.path, found.error)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


@contextmanager
def _shown(meter: Meter) -> Iterator[Listener]:
    """Show a progress bar on a terminal's stderr; elsewhere nothing."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.fields[files]}"),
        BarColumn(),
        _PagesColumn(),
        TextColumn("·"),
        TimeRemainingColumn(compact=True),
    )
    with ProgressBar(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", files="")

        def show() -> None:
            files = f"{meter.files_done}/{meter.files} files"
            bar.update(task, completed=meter.done, total=max(meter.total, meter.done), files=files)

        def listen(position: int, event: Progress | IngestReport) -> None:
            meter.update(position, event)
            show()

        show()
        yield listen


class _PagesColumn(ProgressColumn):
    """Pages done, pages expected, pages a second."""

    def render(self, task: Task) -> Text:
        total = f"/{task.total:,.0f}" if task.total else ""
        speed = f", {task.speed:.1f} pages/s" if task.speed else ""
        return Text(f"{task.completed:,.0f}{total} pages{speed}")


def _print_summary(reports: Sequence[IngestReport], meter: Meter) -> None:
    """Say what became of the files, and of those that failed, why."""
    console = Console(highlight=False)
    console.print(_summary(reports, meter.seconds))
    for report in reports:
        if report.pages_without_text:
            found = f"{report.document}: no text on {_pages(report.pages_without_text)}. {report.advice}"
            console.print(Text(found.rstrip()))
    failed = [report for report in reports if report.status is IngestStatus.FAILED]
    if failed:
        console.print(_failures(failed))


def _summary(reports: Sequence[IngestReport], seconds: float) -> str:
    counts = Counter(report.status for report in reports)
    said = ", ".join(f"{counts[status]} {status.value}" for status in IngestStatus if counts[status])
    worked = [report for report in reports if report.status in {IngestStatus.INDEXED, IngestStatus.REPLACED}]
    if not worked:
        return f"{said}."
    pages, chunks = sum(report.pages for report in worked), sum(report.chunks for report in worked)
    return f"{said}. {pages:,} pages, {chunks:,} chunks in {_duration(seconds)}, {pages / seconds:.1f} pages/s."


def _failures(failed: Sequence[IngestReport]) -> Table:
    table = Table("Not indexed", "Why")
    for report in failed:
        table.add_row(Text(report.document), Text(report.error or ""))
    return table


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02} min" if minutes else f"{seconds:.1f} s"


def _pages(numbers: Sequence[int]) -> str:
    """Return `page 3` or `pages 3, 7–9 and 12`."""
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    said = [f"{first}–{last}" if last > first else str(first) for first, last in ranges]
    if len(said) == 1 and len(numbers) == 1:
        return f"page {said[0]}"
    return f"pages {', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else f"pages {said[0]}"
