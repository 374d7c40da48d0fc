"""Health and figures as a monitoring system asks for them, over HTTP."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from bot.answer import Answer, Outcome, Timings
from bot.errors import BusyError
from bot.health import Health, monitoring
from bot.limits import AnswerQueue
from bot.metrics import Metrics
from bot.settings import LimitSettings, MonitoringSettings
from ingest.database import Database
from ingest.documents import IngestReport, IngestStatus
from ingest.errors import IndexMissingError
from tests.ingest.index_values import filled, open_index, store
from tests.ingest.job_fakes import open_bench


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_healthy_and_not(client, free_port):
    """200 while every check holds; 503 with the ones that do not, each in a word."""
    health, fine = Health(), True

    async def check() -> bool:
        return fine

    async def broken() -> bool:
        raise IndexMissingError

    health.watch("slack", check)
    async with monitoring(MonitoringSettings(port=free_port), health, Metrics()) as port:
        async with client.get(f"http://127.0.0.1:{port}/healthz") as response:
            assert (response.status, await response.json()) == (200, {"status": "ok", "checks": {"slack": "ok"}})
        fine = False
        health.watch("index", broken)
        async with client.get(f"http://127.0.0.1:{port}/healthz") as response:
            assert response.status == 503
            assert (await response.json())["checks"] == {"slack": "failed", "index": "IndexMissingError"}


async def test_the_state_of_real_parts(tmp_path: Path):
    """A database and an index that can be read are ok; a database that is not there is not."""
    health = Health()
    index = await open_index(tmp_path)
    database = Database.open(f"sqlite:///{tmp_path / 'state.sqlite'}")
    health.watch_index(index)
    health.watch_database(database)
    assert await health.examine() == {"index": "ok", "database": "ok"}

    health.watch_database(Database.open("postgresql://nobody@127.0.0.1:1/nothing"))
    assert (await health.examine())["database"] == "OperationalError"
    index.close()
    await database.close()


async def test_figures(client, free_port, tmp_path):
    """Answers, refusals, uploads, the queue and the index are counted, in Prometheus's format."""
    metrics = Metrics()
    answer = Answer("Twelve.", Outcome.ANSWERED, model="groq/gemma", timings=Timings(retrieve=0.02, total=1.2))
    metrics.answered(answer)
    metrics.answered(replace(answer, outcome=Outcome.NOT_FOUND, model=""))
    metrics.refused(BusyError("Later.", retry_after=3))
    metrics.indexed(IngestReport("a.pdf", IngestStatus.INDEXED, pages=48, seconds=8.0))
    metrics.watch_queue(AnswerQueue(LimitSettings()))
    index = await open_index(tmp_path)
    await store(index, filled())
    metrics.watch_index(index)
    async with (
        monitoring(MonitoringSettings(port=free_port), Health(), metrics) as port,
        client.get(f"http://127.0.0.1:{port}/metrics") as response,
    ):
        text = await response.text()
        kind = response.headers["Content-Type"]
    index.close()

    assert kind.startswith("text/plain; version=")
    for line in (
        'askdocs_answers_total{model="groq/gemma",outcome="answered"} 1.0',
        'askdocs_answers_total{model="none",outcome="not_found"} 1.0',
        'askdocs_questions_refused_total{error="BusyError"} 1.0',
        'askdocs_answer_seconds_count{stage="total"} 2.0',
        'askdocs_uploads_total{status="indexed"} 1.0',
        "askdocs_pages_total 48.0",
        'askdocs_questions{state="waiting"} 0.0',
        'askdocs_index{what="documents"} 1.0',
        'askdocs_index{what="chunks"} 2.0',
    ):
        assert line in text.splitlines()


async def test_a_figure_that_cannot_be_read_is_left_out(tmp_path):
    """While the database is away, what is counted here is told all the same."""
    url = f"sqlite:///{tmp_path / 'state.sqlite'}"
    database = Database.open(url)
    await database.migrate("ingest")
    metrics = Metrics()
    metrics.refused(BusyError("Later.", retry_after=3))
    async with open_bench(url, tmp_path, database) as bench:
        metrics.watch_jobs(bench.jobs)
        assert b'askdocs_jobs{state="failed"} 0.0' in await metrics.text()
        async with database.write() as connection:
            await connection.exec_driver_sql("DROP TABLE ingest_jobs")

        text = (await metrics.text()).decode()

    await database.close()
    assert "askdocs_jobs{" not in text
    assert 'askdocs_questions_refused_total{error="BusyError"} 1.0' in text


async def test_each_process_finds_a_port(free_port):
    """Two processes of one machine are both watched; switched off, nothing listens."""
    settings = MonitoringSettings(port=free_port)
    async with (
        monitoring(settings, Health(), Metrics()) as first,
        monitoring(settings, Health(), Metrics()) as second,
        monitoring(MonitoringSettings(port=0), Health(), Metrics()) as none,
    ):
        assert first == free_port
        assert free_port < second < free_port + 10
        assert none == 0
