"""Many files: each has its report, in their order, whatever happens to the others."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from ingest.batch import AT_ONCE, Item, ingest_all
from ingest.documents import IngestReport, IngestStatus, Origin, Progress, ProgressCallback
from ingest.errors import EmbeddingError, EmbeddingQuotaError, IndexStoreError

SECRET = "the text of the document"


class Scripted:
    """Indexes by name: a report, or the error that stands under it."""

    def __init__(self, errors: dict[str, Exception]) -> None:
        self.errors = errors
        self.optimized = 0
        self.under_way = 0
        self.most = 0

    async def ingest(self, origin: Origin, path: Path, on_progress: ProgressCallback) -> IngestReport:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            await asyncio.sleep(0.001 * len(origin.name))
            if origin.name in self.errors:
                raise self.errors[origin.name] from ValueError(SECRET)
            status = IngestStatus.UNCHANGED if "same" in origin.name else IngestStatus.INDEXED
            return IngestReport(origin.name, status, pages=3)
        finally:
            self.under_way -= 1

    async def optimize(self) -> None:
        self.optimized += 1


def item(name: str, error: str = "") -> Item:
    return Item(Origin("local", "workspace", name, f"/{name}"), Path(f"/{name}"), error)


@pytest.fixture
async def logs() -> AsyncIterator[list[dict[str, object]]]:
    with capture_logs() as logs:
        yield logs


async def test_every_file_has_its_report_in_its_place(logs: list[dict[str, object]]) -> None:
    """A failure is a sentence: the error's own, or for one nobody thought of, a number to find it by in the log."""
    pipeline = Scripted(
        {
            "away.pdf": EmbeddingError("The model is away."),
            "quota.pdf": EmbeddingQuotaError("Tomorrow again.", 60),
            "bug.pdf": KeyError(SECRET),
        }
    )
    names = ["a-long-name.pdf", "away.pdf", "quota.pdf", "bug.pdf", "b.pdf"]
    events: list[tuple[int, object]] = []
    reports = await ingest_all(
        pipeline,
        [*map(item, names), item("*.docx", "nothing matches")],
        lambda *event: events.append(event),
    )

    assert [report.document for report in reports] == [*names, "*.docx"]
    assert [report.status for report in reports] == ["indexed", "failed", "failed", "failed", "indexed", "failed"]
    errors = [report.error for report in reports if report.error]
    assert errors[:2] == ["The model is away.", "Tomorrow again."]
    assert errors[3] == "nothing matches"
    (broken,) = [entry for entry in logs if entry["event"] == "ingest_broke"]
    assert str(broken["id"]) in errors[2]
    assert sorted(position for position, event in events if isinstance(event, IngestReport)) == list(range(6))


async def test_no_text_of_a_document_is_logged(logs: list[dict[str, object]]) -> None:
    """Not even that of an error that holds some."""
    errors = {"a.pdf": EmbeddingError("The model is away."), "b.pdf": KeyError(SECRET)}
    await ingest_all(Scripted(errors), [item("a.pdf"), item("b.pdf")])

    assert len(logs) == 2
    assert SECRET not in json.dumps(logs, default=str)


async def test_the_index_is_tidied_up_once_and_only_if_it_changed() -> None:
    """Not after each document, and not when nothing was stored."""
    changed, unchanged = Scripted({}), Scripted({})
    await ingest_all(changed, [item(f"{number}.pdf") for number in range(9)])
    await ingest_all(unchanged, [item("same.pdf"), item("bad", "no such file")])

    assert (changed.optimized, unchanged.optimized) == (1, 0)


async def test_the_reports_do_not_depend_on_tidying_up(logs: list[dict[str, object]]) -> None:
    """Whoever indexed everything is told so, even if searches stay slower."""

    class Untidy(Scripted):
        async def optimize(self) -> None:
            raise IndexStoreError("The index could not be optimized.") from OSError(SECRET)

    reports = await ingest_all(Untidy({}), [item("a.pdf")])

    assert [report.status for report in reports] == ["indexed"]
    assert [(entry["event"], entry["cause"]) for entry in logs] == [("not_tidied", "OSError")]


async def test_a_few_are_under_way_at_a_time() -> None:
    """Enough to keep the workers busy, never all."""
    pipeline = Scripted({})
    await ingest_all(pipeline, [item(f"{number}.pdf") for number in range(20)])

    assert pipeline.most == AT_ONCE


async def test_progress_reaches_the_listener() -> None:
    """Told with the position of the file that it is about."""

    class Telling(Scripted):
        async def ingest(self, origin: Origin, path: Path, on_progress: ProgressCallback) -> IngestReport:
            on_progress(Progress("reading", 1, 2))
            return await super().ingest(origin, path, on_progress)

    events: list[tuple[int, object]] = []
    await ingest_all(Telling({}), [item("a.pdf"), item("b.pdf")], lambda *event: events.append(event))

    assert {position for position, event in events if isinstance(event, Progress)} == {0, 1}
