"""`askdocs doctor`: looks at every part and says, for each, that it is in order or what to do about it."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, aclosing
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from bot.settings import Settings
from ingest.embedding import build_embedder
from ingest.errors import IndexMissingError, IngestError
from ingest.index import Index

if TYPE_CHECKING:
    from ingest.job_table import JobState

LOW_DISK_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One checked thing. `is_ok` None: not set up, which is fine."""

    subject: str
    is_ok: bool | None
    text: str


Check = Callable[[Settings], AsyncIterator[Finding]]


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Yield findings as they come; a check that fails is a finding, never an exception."""
    for check in (_disk, _database, _originals, _embedding, _index, _models, _slack, _discord):
        async with aclosing(check(settings)) as findings:  # type: ignore[type-var]
            async for finding in findings:
                yield finding


async def run_doctor(settings: Settings, *, as_json: bool = False) -> bool:
    """Print what was found; return whether everything that is set up works."""
    console = Console()
    findings = []
    async for finding in examine(settings):
        findings.append(finding)
        if not as_json:
            console.print(_line(finding), soft_wrap=True)
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    return all(finding.is_ok is not False for finding in findings)


def _line(finding: Finding) -> Text:
    mark, style = {True: ("ok   ", "green"), False: ("wrong", "red"), None: ("-    ", "dim")}[finding.is_ok]
    return Text.assemble((mark, style), f"  {finding.subject}: {finding.text}")


async def _disk(settings: Settings) -> AsyncIterator[Finding]:
    folder = settings.data_dir.absolute()
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    text = f"{folder}, {free / 1e9:,.1f} GB free"
    if free < LOW_DISK_BYTES:
        yield Finding("disk", False, f"{text}. Make room, or move it with ASKDOCS_DATA_DIR.")
    else:
        yield Finding("disk", True, text)


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    """Look at the state database and at what waits or failed in its queue."""
    from sqlalchemy.exc import SQLAlchemyError

    from bot.database import open_state
    from ingest.job_table import JobTable
    from ingest.locks import Locks
    from ingest.seats import is_anybody_seated

    try:
        database = await open_state(settings.resolved_database_url)
        counts = await JobTable(database).counts()
        async with Locks(database) as locks:
            is_worked_on = await is_anybody_seated(database, locks)
        await database.close()
    except (SQLAlchemyError, OSError) as error:
        advice = "Check DATABASE_URL, and that the server runs and takes connections."
        yield Finding("database", False, f"It cannot be opened ({type(error).__name__}). {advice}")
        return
    yield Finding("database", True, str(database.path) if database.path else "PostgreSQL")
    yield _queue(counts, is_worked_on=is_worked_on)


def _queue(counts: Mapping[JobState, int], *, is_worked_on: bool) -> Finding:
    from ingest.job_table import UNFINISHED, JobState

    waiting, failed = sum(counts.get(state, 0) for state in UNFINISHED), counts.get(JobState.FAILED, 0)
    text = f"{waiting} uploads and deletions under way"
    if waiting and not is_worked_on:
        return Finding("queue", False, f"{text}, and nobody works on them. Start `askdocs run` or `askdocs worker`.")
    if failed:
        return Finding("queue", False, f"{text}, {failed} failed. `askdocs jobs` says why.")
    return Finding("queue", True, text)


async def _originals(settings: Settings) -> AsyncIterator[Finding]:
    from ingest.files import Files

    try:
        await Files(settings.files_uri).try_out()
    except IngestError as error:
        yield Finding("originals", False, str(error))
    else:
        yield Finding("originals", True, settings.files_uri)


async def _embedding(settings: Settings) -> AsyncIterator[Finding]:
    try:
        embedder = build_embedder(settings)
        try:
            await embedder.prepare()
            yield Finding("embedding", True, str(embedder.identity))
        finally:
            await embedder.close()
    except IngestError as error:
        yield Finding("embedding", False, str(error))


async def _index(settings: Settings) -> AsyncIterator[Finding]:
    try:
        async with AsyncExitStack() as stack:
            embedder = build_embedder(settings)
            stack.push_async_callback(embedder.close)
            index = await Index.open(settings, embedder.identity, create=False)
            stack.callback(index.close)
            documents = await index.every_document()
    except IndexMissingError as error:
        yield Finding("index", None, str(error))
    except IngestError as error:
        yield Finding("index", False, f"{settings.index_uri}: {error}")
    else:
        chunks = sum(document.chunks for document in documents)
        yield Finding("index", True, f"{settings.index_uri}: {len(documents):,} documents, {chunks:,} chunks")


async def _models(settings: Settings) -> AsyncIterator[Finding]:
    from bot.models.extractive import Extractive
    from bot.models.providers import build_chain

    async with build_chain(settings, Extractive()) as chain:
        await chain.refresh()
        for choice in chain.choices():
            yield Finding(f"model {choice.pattern}", choice.is_used or None, choice.reason)


async def _slack(settings: Settings) -> AsyncIterator[Finding]:
    from bot.slack.doctor import check_slack

    async with aclosing(check_slack(settings)) as findings:  # type: ignore[type-var]
        async for finding in findings:
            yield finding


async def _discord(settings: Settings) -> AsyncIterator[Finding]:
    from bot.discord.doctor import check_discord

    async with aclosing(check_discord(settings)) as findings:  # type: ignore[type-var]
        async for finding in findings:
            yield finding
