"""`askdocs worker`: a process that works on uploads and answers no questions, with its figures and its health."""

from __future__ import annotations

import structlog

from bot.health import Health, monitoring
from bot.metrics import Metrics
from bot.settings import Settings
from ingest.worker import open_worker, stop_on_sigterm

log = structlog.get_logger(__name__)


async def run_worker(settings: Settings) -> None:
    """Work until the process is told to stop; what is under way then is gone on with by the next one.

    Raises:
        SeatLostError: the process has to be started anew.
        IndexMismatchError: the index was made by another embedding model.
    """
    stop_on_sigterm()
    health, metrics = Health(), Metrics()
    async with open_worker(settings) as worker, monitoring(settings.monitoring, health, metrics):
        health.watch_database(worker.database)
        health.watch_index(worker.index)
        health.watch_seat(worker.seat)
        metrics.watch_jobs(worker.jobs)
        metrics.watch_index(worker.index)
        worker.runner.on_end = metrics.indexed
        log.info("worker_started", seat=worker.seat.number)
        await worker.runner.run()
