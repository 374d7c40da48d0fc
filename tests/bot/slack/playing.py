"""A whole bot on a fake Slack: the real index of the samples, a model that the test feeds, its own state database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from bot.core import Core, open_core
from bot.engine import QueryEngine
from bot.models import ChatModel
from bot.retrieval import PageRetriever
from bot.settings import Settings, load_settings
from bot.slack.adapter import run_slack
from ingest.documents import Origin
from ingest.embedding import build_embedder
from ingest.index import Index
from ingest.pipeline import open_pipeline
from tests.fake_slack import FakeSlack, Message
from tests.fakes import FakeChatModel, SameQuestion

SAMPLES = Path(__file__).parents[3] / "samples"
MANIFEST = Path(__file__).parents[3] / "bot" / "slack" / "manifest.yaml"
WORKSPACE = "slack:T0000000001"
HANDBOOK = "employee-handbook-2026.pdf"
MANUAL = "infuser-k2-manual.pdf"

LEAVE = "By when do days of annual leave that are carried over have to be taken?"


async def index_samples(folder: Path) -> None:
    """Index the samples for the whole fake workspace."""
    settings = load_settings(environ={"ASKDOCS_DATA_DIR": str(folder)})
    async with open_pipeline(settings) as pipeline:
        for path in sorted(SAMPLES.glob("*.pdf")):
            await pipeline.ingest(
                Origin(WORKSPACE, "workspace", path.name, f"F-{path.stem}", uploader="U-sample"), path
            )
        await pipeline.optimize()


def settings_for(slack: FakeSlack, folder: Path, samples: Path | None, **more: str) -> Settings:
    environ = {"ASKDOCS_DATA_DIR": str(folder), "ASKDOCS_LIMITS__PERSON_PER_MINUTE": "1000", **slack.environ, **more}
    environ["ASKDOCS_LIMITS__WORKSPACE_PER_MINUTE"] = "10000"
    environ["ASKDOCS_SLACK__EDIT_SECONDS"] = "0.3"
    if samples is not None:
        environ |= {"ASKDOCS_INDEX__URI": str(samples / "index"), "ASKDOCS_FILES__URI": str(samples / "files")}
    return load_settings(environ=environ | more)


@asynccontextmanager
async def playing(
    slack: FakeSlack, settings: Settings, model: ChatModel | None = None, *, works: bool = False
) -> AsyncIterator[Core]:
    """Run a bot on the fake Slack; `works` runs its jobs, too."""
    async with AsyncExitStack() as stack:
        embedder = build_embedder(settings)
        stack.push_async_callback(embedder.close)
        await embedder.prepare()
        index = await Index.open(settings, embedder.identity, create=True)
        stack.callback(index.close)
        retriever = PageRetriever(index, embedder, settings.retrieval)
        engine = QueryEngine(retriever, model or quoting(), SameQuestion(), SameQuestion(), settings.answer)
        core = await stack.enter_async_context(open_core(settings, index, embedder, engine))
        await stack.enter_async_context(background(run_slack(core)))
        if works:
            await stack.enter_async_context(background(core.run()))
        if settings.slack.mode == "socket":
            await slack.connected()
        yield core


@asynccontextmanager
async def background(work) -> AsyncIterator[asyncio.Task]:
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def quoting() -> ChatModel:
    from bot.models.extractive import Extractive

    return Extractive()


def saying(*pieces: str, delay: float = 0.0) -> FakeChatModel:
    return FakeChatModel(list(pieces), delay=delay)


def texts(seen: Sequence) -> list[str]:
    return [one.shown for one in seen]


async def until_known(core: Core, is_right: Callable[[set[str]], bool]) -> set[str]:
    """Wait until the names of the documents are as they should be."""
    async with asyncio.timeout(60):
        while not is_right(known := {document.name for document in await core.index.every_document()}):
            await asyncio.sleep(0.05)
    return known


def thumb(answer: Message, which: str) -> str:
    """Return what a click on a thumb says: `positive_button` or `negative_button`."""
    thumbs = next(block for block in answer.blocks if block["type"] == "context_actions")["elements"][0]
    return str(thumbs[which]["value"])
