"""`askdocs jobs`: what is being indexed, what failed and why, and a second try or an end for it."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot import notices
from bot.database import open_state
from bot.settings import Settings
from ingest.files import Files
from ingest.job_table import FINISHED, Job, JobKind, JobState
from ingest.jobs import Jobs
from ingest.locks import Locks

ID_CHARACTERS = 8
"""Of a job's id, as the list shows it; more can be given, to be sure."""


async def run_list(settings: Settings, *, everything: bool, as_json: bool) -> None:
    """Print the jobs that are not done; with `everything`, the finished ones too."""
    async with _open(settings) as jobs:
        found = [job for job in await jobs.all() if everything or job.state is not JobState.DONE]
    if as_json:
        print(json.dumps([_as_dict(job) for job in found], ensure_ascii=False))
    elif found:
        Console().print(_table(found))
    else:
        print("There is nothing to do, and nothing failed.")


async def run_retry(settings: Settings, identifier: str) -> bool:
    """Start failed jobs over: the one of this id, or `all`; return whether there was one."""
    async with _open(settings) as jobs:
        retried = [job for job in _matching(await jobs.all(), identifier) if await jobs.retry(job)]
    print(f"{_count(retried)} started over." if retried else "No failed job has that id.")
    return bool(retried)


async def run_drop(settings: Settings, identifier: str) -> bool:
    """Give a job up, unless it is done; return whether there was one."""
    async with _open(settings) as jobs:
        dropped = [job for job in _matching(await jobs.all(), identifier) if job.state is not JobState.DONE]
        for job in dropped:
            await jobs.drop(job)
    print(f"{_count(dropped)} dropped." if dropped else "No unfinished or failed job has that id.")
    return bool(dropped)


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[Jobs]:
    database = await open_state(settings.resolved_database_url)
    try:
        async with Locks(database) as locks:
            jobs = await Jobs.open(database, locks, Files(settings.files_uri), settings)
            yield jobs
            await jobs.close()
    finally:
        await database.close()


def _matching(jobs: Sequence[Job], identifier: str) -> list[Job]:
    uploads = [job for job in jobs if job.kind is JobKind.INGEST]
    if identifier == "all":
        return [job for job in uploads if job.state is JobState.FAILED]
    return [job for job in uploads if len(identifier) >= ID_CHARACTERS and job.id.startswith(identifier)]


def _count(jobs: Sequence[Job]) -> str:
    return "1 job" if len(jobs) == 1 else f"{len(jobs)} jobs"


def _name(job: Job) -> str:
    return job.origin.name if job.origin is not None else "(deletion)"


def _status(job: Job) -> str:
    if job.report is not None:
        return job.report.error or job.report.status.value
    if job.notice or job.state is not JobState.RUNNING:
        return job.notice or job.state.value
    return notices.upload_progress(_name(job), job.progress)


def _table(jobs: Sequence[Job]) -> Table:
    table = Table("id", "document", "workspace", "state", "age", "what", box=None, pad_edge=False)
    table.columns[0].no_wrap = True
    for job in jobs:
        age = f"{(time.time() - job.created_at) / 60:,.0f} min"
        cells = (job.id[:ID_CHARACTERS], _name(job), job.workspace, job.state.value, age, _status(job))
        table.add_row(*map(Text, cells))
    return table


def _as_dict(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "document": _name(job),
        "workspace": job.workspace,
        "state": job.state.value,
        "stage": job.progress.stage.value,
        "done": job.progress.done,
        "total": job.progress.total,
        "notice": job.notice,
        "error": job.report.error if job.report is not None else None,
        "finished": job.state in FINISHED,
    }
