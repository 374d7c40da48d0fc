"""What `askdocs doctor` says of the parts that every installation has."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.database import open_state
from bot.doctor import examine
from bot.settings import Settings
from ingest.documents import IngestReport, IngestStatus, Origin
from ingest.job_table import JobTable
from ingest.locks import Locks
from ingest.seats import take_seat
from ingest.settings import FilesSettings
from ingest.worker import open_worker


async def finding(settings: Settings, subject: str) -> tuple[bool | None, str]:
    found = [finding async for finding in examine(settings) if finding.subject == subject]
    return found[0].is_ok, found[0].text


@pytest.mark.parametrize(
    ("jobs", "is_worked_on", "is_ok", "text"),
    [
        pytest.param([], False, True, "0 uploads", id="nothing-to-do"),
        pytest.param(["waiting"], True, True, "1 uploads", id="under-way"),
        pytest.param(["waiting", "failed"], False, False, "nobody works on them", id="nobody-works"),
        pytest.param(["waiting", "failed"], True, False, "1 failed", id="failed"),
    ],
)
async def test_the_queue(tmp_path: Path, jobs: list[str], is_worked_on: bool, is_ok: bool, text: str) -> None:
    """What waits while nobody works, and what failed, is wrong; the command that helps is named."""
    settings = Settings(data_dir=tmp_path, models=("extractive",))
    database = await open_state(settings.resolved_database_url)
    table = JobTable(database)
    for number, state in enumerate(jobs):
        job = await table.accept(Origin("slack:T1", "workspace", "a.pdf", f"F{number}"), f"{number}")
        if state == "failed":
            await table.finish(job.run, IngestReport("a.pdf", IngestStatus.FAILED, error="It is no PDF."))
    async with Locks(database) as locks:
        seat = await take_seat(database, locks)
        if not is_worked_on:
            await seat.leave()
        found = await finding(settings, "queue")
        await seat.leave()
    await database.close()

    assert found[0] is is_ok
    assert text in found[1]


@pytest.mark.parametrize(
    ("subject", "settings"),
    [
        pytest.param("database", {"database_url": "postgresql://u:secret@127.0.0.1:9/askdocs"}, id="database"),
        pytest.param("originals", {"files": FilesSettings(uri="/dev/null/files")}, id="originals"),
    ],
)
async def test_what_does_not_work_is_told(tmp_path: Path, subject: str, settings: dict[str, object]) -> None:
    """A database that does not answer and a place where nothing can be are findings with advice, without secrets."""
    is_ok, text = await finding(Settings(data_dir=tmp_path, models=("extractive",), **settings), subject)

    assert is_ok is False
    assert "Check" in text
    assert "secret" not in text


async def test_a_damaged_index_is_told(tmp_path: Path) -> None:
    """Tables that cannot be read are a finding that says where they are."""
    settings = Settings(data_dir=tmp_path, models=("extractive",))
    async with open_worker(settings) as worker:
        await worker.index.every_document()
    for path in (tmp_path / "index" / "documents_g1.lance").rglob("*.manifest"):
        path.write_bytes(b"damaged")

    is_ok, text = await finding(settings, "index")

    assert is_ok is False
    assert text.startswith(str(tmp_path / "index"))
