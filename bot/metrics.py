"""Figures for Prometheus: how many answers and uploads, how they went, how long they took. Never a word of them.

Labels are outcomes, stages, states and names of models: nothing that a person wrote, and nothing that names one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from bot.answer import Answer
from bot.limits import AnswerQueue
from ingest.documents import IngestReport
from ingest.errors import IngestError
from ingest.index import Index
from ingest.job_table import JobState
from ingest.jobs import Jobs

SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
READ_SECONDS = 5.0
JOB_SECONDS = (1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1_800.0, 7_200.0)


@dataclass(frozen=True, slots=True)
class Reading:
    """Figures that are looked up when they are asked for."""

    gauge: Gauge
    read: Callable[[], Awaitable[dict[str, float]]]
    """Returns values by label."""


class Metrics:
    """The figures of this process, and of the installation as it sees it."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._readings: list[Reading] = []
        self._answers = Counter("askdocs_answers", "Questions answered.", ["outcome", "model"], registry=self._registry)
        self._refused = Counter(
            "askdocs_questions_refused", "Questions not answered, by kind of error.", ["error"], registry=self._registry
        )
        self._seconds = Histogram(
            "askdocs_answer_seconds", "How long answers took.", ["stage"], buckets=SECONDS, registry=self._registry
        )
        self._jobs = Counter("askdocs_uploads", "Uploads that ended here.", ["status"], registry=self._registry)
        self._job_seconds = Histogram(
            "askdocs_upload_seconds", "How long indexing took.", buckets=JOB_SECONDS, registry=self._registry
        )
        self._pages = Counter("askdocs_pages", "Pages indexed here.", registry=self._registry)

    # What happens.

    def answered(self, answer: Answer) -> None:
        self._answers.labels(answer.outcome.value, answer.model or "none").inc()
        timings = answer.timings
        for stage, seconds in (
            ("retrieve", timings.retrieve),
            ("queue", timings.queue),
            ("first_token", timings.first_token),
            ("total", timings.total),
        ):
            if seconds is not None:
                self._seconds.labels(stage).observe(seconds)

    def refused(self, error: Exception) -> None:
        self._refused.labels(type(error).__name__).inc()

    def indexed(self, report: IngestReport) -> None:
        self._jobs.labels(report.status.value).inc()
        self._job_seconds.observe(report.seconds)
        self._pages.inc(report.pages)

    # What is looked up.

    def watch_queue(self, queue: AnswerQueue) -> None:
        gauge = Gauge("askdocs_questions", "Questions here, by state.", ["state"], registry=self._registry)

        async def read() -> dict[str, float]:
            return {"answering": queue.answering, "waiting": queue.waiting}

        self._readings.append(Reading(gauge, read))

    def watch_jobs(self, jobs: Jobs) -> None:
        gauge = Gauge("askdocs_jobs", "Uploads and deletions, by state.", ["state"], registry=self._registry)

        async def read() -> dict[str, float]:
            counts = await jobs.table.counts()
            return {state.value: counts.get(state, 0) for state in JobState}

        self._readings.append(Reading(gauge, read))

    def watch_index(self, index: Index) -> None:
        gauge = Gauge("askdocs_index", "What is in the index.", ["what"], registry=self._registry)

        async def read() -> dict[str, float]:
            stats = await index.stats()
            return {
                "documents": stats.documents,
                "pages": stats.pages,
                "chunks": stats.chunks,
                "chunks_not_in_text_index": stats.unindexed_chunks,
            }

        self._readings.append(Reading(gauge, read))

    async def text(self) -> bytes:
        """Return everything in Prometheus's format."""
        for reading in self._readings:
            reading.gauge.clear()  # what cannot be read now is left out, and nothing else with it
            with suppress(IngestError, SQLAlchemyError, OSError):  # the last is a timeout too
                async with asyncio.timeout(READ_SECONDS):
                    for label, value in (await reading.read()).items():
                        reading.gauge.labels(label).set(value)
        return generate_latest(self._registry)
