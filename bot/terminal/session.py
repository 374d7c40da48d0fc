"""What each command of the terminal does, from open index to printed result."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from bot import notices
from bot.answer import Answer, Citation
from bot.composition import answering
from bot.conversation import new_question_id
from bot.database import open_state
from bot.errors import AccessError
from bot.memory import Memory
from bot.question import Question
from bot.settings import Settings
from bot.terminal import adapter, contract, render
from bot.upload_table import UploadTable
from bot.verification.languages import asked_in
from bot.wording import wording
from ingest.documents import Document, Scopes
from ingest.files import Files
from ingest.index import Index
from ingest.job_table import JobTable
from ingest.page_image import kept_picture, page_image
from ingest.workers import Workers


async def run_chat(settings: Settings, scopes: Scopes) -> None:
    """Chat at a terminal; from a pipe, answer one question a line."""
    if not sys.stdin.isatty():
        await run_ask(settings, (line.strip() for line in sys.stdin), scopes)
        return
    async with answering(settings) as parts, Workers(1, niceness=0) as workers, _remembering(settings) as memory:

        async def show_page(citation: Citation) -> Path:
            source = citation.source
            path = kept_picture(settings.data_dir, source.document.name, source.page)
            await _write_page(
                settings, source.document, source.page, [citation.quote, *citation.more_quotes], path, workers
            )
            return path

        async def documents() -> tuple[Document, ...]:
            return await parts.index.documents(scopes)

        chat = adapter.Chat(parts.engine, memory, scopes, show_page, documents, Console())
        await chat.run(settings.data_dir / "chat_history")


@asynccontextmanager
async def _remembering(settings: Settings) -> AsyncIterator[Memory]:
    """Keep answers and what is said of them, for as long as the settings say."""
    database = await open_state(settings.resolved_database_url)
    try:
        memory = Memory(database, settings.memory)
        await memory.expire()
        yield memory
    finally:
        await database.close()


async def run_ask(
    settings: Settings, lines: Iterable[str], scopes: Scopes, *, as_json: bool = False, timings: bool = False
) -> bool:
    """Answer each line on its own, in order; return whether none failed."""
    console = Console()

    def write(answer: Answer) -> None:
        if as_json:
            print_json(contract.answer_object(answer))
        elif console.is_terminal:
            console.print(render.answer_view(answer, timings=timings))
        else:
            print(render.answer_text(answer, timings=timings), end="\n\n", flush=True)

    def fail(notice: str) -> None:
        if as_json:
            print_json(contract.error_object(notice))
        print(notice, file=sys.stderr)

    async with answering(settings) as parts:
        return await adapter.answer_lines(parts.engine, lines, scopes, write, fail)


async def run_search(
    settings: Settings, lines: Iterable[str], scopes: Scopes, count: int, *, as_json: bool = False
) -> None:
    console = Console()
    async with answering(settings) as parts:
        for line in lines:
            pages = await parts.retriever.search(Question(new_question_id(), line, scopes), count)
            if as_json:
                print_json(contract.search_rows(pages))
            else:
                console.print(render.pages_table(pages) if pages else wording(asked_in(line)).not_found)


async def run_documents(settings: Settings, scopes: Scopes, *, as_json: bool = False) -> None:
    async with AsyncExitStack() as stack:
        index = await _index(settings, stack)
        documents = await index.documents(scopes)
    if as_json:
        print_json(contract.document_rows(documents))
    else:
        Console().print(render.documents_table(documents))


async def run_forget(settings: Settings, name: str, scopes: Scopes) -> None:
    """Remove a document with everything that was made from it."""
    from ingest.pipeline import open_pipeline

    async with AsyncExitStack() as stack:
        index = await _index(settings, stack)
        document = await find_document(index, name, scopes)
        database = await open_state(settings.resolved_database_url)
        stack.push_async_callback(database.close)
        pipeline = await stack.enter_async_context(open_pipeline(settings))
        await JobTable(database).drop_document(document.workspace, document.id)
        await UploadTable(database).forget_document(document.workspace, document.id)
        await pipeline.remove(document.id)
        await Memory(database, settings.memory).forget_document(document.id)
        await pipeline.erase(document.workspace)
    print(notices.forgotten(document.name))


async def run_reindex(settings: Settings, *, leave_out: bool) -> bool:
    """Rebuild the index and print what became of it; return whether the new one answers."""
    from ingest.reindex import reindex
    from ingest.updating import rebuilding

    with rebuilding() as listen:
        done = await reindex(settings, listen, leave_out_failed=leave_out)
    for document, reason in done.failed:
        print(f"{document.name}: {reason}", file=sys.stderr)
    print(notices.reindexed(done.documents, len(done.failed), is_switched=done.is_switched))
    return done.is_switched


async def run_page(
    settings: Settings, name: str, page: int, quotes: Sequence[str], output: Path | None, scopes: Scopes
) -> None:
    """Write the picture of a page, and print where."""
    async with AsyncExitStack() as stack:
        index = await _index(settings, stack)
        document = await find_document(index, name, scopes)
        workers = await stack.enter_async_context(Workers(1, niceness=0))
        path = output or Path(f"{Path(document.name).stem}-p{page}.png")
        await _write_page(settings, document, page, quotes, path, workers)
    print(path)


async def find_document(index: Index, name: str, scopes: Scopes) -> Document:
    """Return the one document of this name that the reader may read.

    Raises:
        AccessError: there is none, or more than one.
    """
    found = await index.find(name, scopes)
    if len(found) == 1:
        return found[0]
    if not found:
        raise AccessError(notices.no_such_document(name, [d.name for d in await index.documents(scopes)]))
    raise AccessError(notices.several_documents(name, [document.scope for document in found]))


async def _index(settings: Settings, stack: AsyncExitStack) -> Index:
    index = await Index.open(settings, None, create=False)
    stack.callback(index.close)
    return index


async def _write_page(
    settings: Settings, document: Document, page: int, quotes: Sequence[str], path: Path, workers: Workers
) -> None:
    async with Files(settings.files_uri).local_copy(document.content_sha256) as original:
        picture = await page_image(original, page, quotes, workers)
    await asyncio.to_thread(_write, path, picture)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def print_json(value: Any) -> None:  # noqa: ANN401 - whatever JSON takes
    print(json.dumps(value, ensure_ascii=False), flush=True)
