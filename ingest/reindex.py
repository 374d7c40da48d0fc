"""Rebuilds the index under the configured embedding model, beside the old one, which answers until the switch.

What was done before a stop is gone on with: documents are stored one by one, and vectors are cached.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from ingest.database import Database
from ingest.documents import Document, Origin
from ingest.embedding import build_embedder
from ingest.errors import IndexMissingError, IndexOutdatedError, IngestError
from ingest.files import Files
from ingest.index import Index
from ingest.locks import Locks
from ingest.pipeline import Pipeline, open_pipeline
from ingest.settings import IngestSettings

log = structlog.get_logger(__name__)

AT_ONCE = 4
ROUNDS = 20
"""While documents are added to the old index faster than this many rounds can follow, something else is wrong."""

Listener = Callable[[int, int], None]
"""Is told how many of how many documents are done."""


@dataclass(frozen=True, slots=True)
class Reindexed:
    """What became of a rebuild."""

    documents: int
    failed: tuple[tuple[Document, str], ...]
    """Documents that could not be brought over, each with the sentence why."""
    is_switched: bool
    """The new index answers. Not so when documents failed and were not to be left out."""


async def reindex(settings: IngestSettings, listen: Listener, *, leave_out_failed: bool = False) -> Reindexed:
    """Bring every document over from its original, then switch. Who comes while another process does so, waits for it.

    Raises:
        IndexMissingError: there is no index to rebuild.
    """
    async with _alone(settings):
        return await _rebuild(settings, listen, leave_out_failed)


async def update(settings: IngestSettings, listen: Listener) -> Reindexed | None:
    """Do the same for an index that an older version of AskDocs made, under the same embedding model.

    None if it is up to date by now.

    Raises:
        IndexMismatchError: it does not fit for another reason.
    """
    async with _alone(settings):
        return await _rebuild(settings, listen, False) if await is_outdated(settings) else None


async def is_outdated(settings: IngestSettings) -> bool:
    """Say whether there is an index that an older version of AskDocs made, under the configured embedding model.

    Raises:
        IndexMismatchError: it does not fit for another reason.
    """
    embedder = build_embedder(settings)
    try:
        index = await Index.open(settings, embedder.identity, create=False)
    except IndexOutdatedError:
        return True
    except IndexMissingError:
        return False
    finally:
        await embedder.close()
    index.close()
    return False


@asynccontextmanager
async def _alone(settings: IngestSettings) -> AsyncIterator[None]:
    """Be the only one who rebuilds, among all processes; one that is killed lets the next go on where it was."""
    database = Database.open(settings.resolved_database_url)
    try:
        async with Locks(database) as locks, locks.hold("index:rebuild"):
            yield
    finally:
        await database.close()


async def _rebuild(settings: IngestSettings, listen: Listener, leave_out_failed: bool) -> Reindexed:
    index = await Index.open(settings, None, create=False)
    try:
        wanted: Sequence[Document] = await index.every_document()
    finally:
        index.close()
    files = Files(settings.files_uri)
    failed: dict[str, tuple[Document, str]] = {}
    async with open_pipeline(settings, rebuild=True) as pipeline:
        for _ in range(ROUNDS):
            failed |= await _bring_over(pipeline, files, wanted, listen)
            if failed and not leave_out_failed:
                return Reindexed(len(wanted), tuple(failed.values()), is_switched=False)
            missing = await pipeline.switch(failed)
            if not missing:
                await pipeline.optimize()
                return Reindexed(len(wanted), tuple(failed.values()), is_switched=True)
            wanted = missing
    return Reindexed(len(wanted), tuple(failed.values()), is_switched=False)


async def _bring_over(
    pipeline: Pipeline, files: Files, documents: Collection[Document], listen: Listener
) -> dict[str, tuple[Document, str]]:
    """Index the documents' originals; return those that failed, by id, with the sentence why."""
    failed: dict[str, tuple[Document, str]] = {}
    waiting = iter(documents)
    done = 0
    listen(done, len(documents))

    async def work() -> None:
        nonlocal done
        for document in waiting:
            try:
                async with files.local_copy(document.content_sha256) as original:
                    await pipeline.ingest(origin_of(document), original)
            except IngestError as error:
                log.info("reindex_failed", document=document.id, error=type(error).__name__)
                failed[document.id] = (document, error.user_notice)
            done += 1
            listen(done, len(documents))

    async with asyncio.TaskGroup() as group:
        for _ in range(min(AT_ONCE, len(documents))):
            group.create_task(work())
    return failed


def origin_of(document: Document) -> Origin:
    """Return where a stored document came from; its id stays, also when its scope was changed since."""
    return Origin(
        workspace=document.workspace,
        scope=document.scope,
        name=document.name,
        source=document.source,
        uploader=document.uploader,
        link=document.link,
        known_id=document.id,
    )
