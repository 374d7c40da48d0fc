"""`askdocs jobs` as a person uses it, over real jobs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.database import open_state
from bot.settings import Settings
from bot.terminal.jobs import run_drop, run_list, run_retry
from ingest.documents import Origin
from ingest.errors import CorruptPdfError
from tests.ingest.job_fakes import Bench, open_bench


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    url = f"sqlite:///{tmp_path / 'askdocs.sqlite'}"
    database = await open_state(url)
    async with open_bench(url, tmp_path, database) as bench:
        yield bench
    await database.close()


def settings(bench: Bench) -> Settings:
    return Settings(data_dir=bench.folder, database_url=SecretStr(bench.settings.resolved_database_url))


async def listed(
    bench: Bench, capsys: pytest.CaptureFixture[str], *, everything: bool = False
) -> list[dict[str, object]]:
    capsys.readouterr()
    await run_list(settings(bench), everything=everything, as_json=True)
    return json.loads(capsys.readouterr().out)


async def test_list_retry_and_drop(bench, capsys):
    """A failed upload is listed with its reason, tried again by the id that the list shows, and dropped."""
    bench.ingestor.scripts["b.pdf"] = [CorruptPdfError(), CorruptPdfError()]
    async with bench.working():
        await bench.finished(await bench.jobs.submit(Origin("local", "workspace", "a.pdf", "F1"), bench.file("one")))
        b = await bench.finished(
            await bench.jobs.submit(Origin("local", "workspace", "b.pdf", "F2"), bench.file("two"))
        )

        capsys.readouterr()
        await run_list(settings(bench), everything=False, as_json=False)
        printed = capsys.readouterr().out
        assert "b.pdf" in printed
        assert "a.pdf" not in printed
        shown = printed.splitlines()[1].split()[0]
        assert await run_retry(settings(bench), shown)
        await bench.finished(b)
        rows = await listed(bench, capsys, everything=True)
        assert {(row["document"], row["state"], row["finished"]) for row in rows} == {
            ("a.pdf", "done", True),
            ("b.pdf", "failed", True),
        }
        assert not await run_drop(settings(bench), "0" * 8)
        assert not await run_drop(settings(bench), b.id[:3]), "too short to be sure"
        assert await run_drop(settings(bench), b.id)
        async with asyncio.timeout(10):
            while await listed(bench, capsys):  # the deletion of its original
                await asyncio.sleep(0.1)

    assert not await run_retry(settings(bench), "all")
    assert capsys.readouterr().out == "No failed job has that id.\n"
