"""A whole bot on a fake Discord: the real index of a sample, a model that the test feeds, its own state database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Protocol

from bot.core import Core, open_core
from bot.discord.adapter import run_discord
from bot.engine import QueryEngine
from bot.models import ChatModel
from bot.retrieval import PageRetriever
from bot.settings import Settings, load_settings
from ingest.documents import Origin
from ingest.embedding import build_embedder
from ingest.index import Index
from ingest.pipeline import open_pipeline
from tests.bot.slack.playing import HANDBOOK, LEAVE, SAMPLES, background, quoting, saying
from tests.fake_discord import FakeDiscord
from tests.fakes import SameQuestion

__all__ = ["HANDBOOK", "LEAVE", "index_handbook", "playing", "saying", "settings_for"]


async def index_handbook(folder: Path, workspace: str) -> None:
    """Index the handbook for a whole guild."""
    settings = load_settings(environ={"ASKDOCS_DATA_DIR": str(folder)})
    async with open_pipeline(settings) as pipeline:
        origin = Origin(workspace, "workspace", HANDBOOK, "A-handbook", uploader="1")
        await pipeline.ingest(origin, SAMPLES / HANDBOOK)
        await pipeline.optimize()


def settings_for(fake: FakeDiscord, folder: Path, samples: Path | None, **more: str) -> Settings:
    environ = {"ASKDOCS_DATA_DIR": str(folder), "ASKDOCS_LIMITS__PERSON_PER_MINUTE": "1000", **fake.environ}
    environ["ASKDOCS_LIMITS__WORKSPACE_PER_MINUTE"] = "10000"
    if samples is not None:
        environ |= {"ASKDOCS_INDEX__URI": str(samples / "index"), "ASKDOCS_FILES__URI": str(samples / "files")}
    return load_settings(environ=environ | more)


class Server(Protocol):
    """What stands in for Discord."""

    async def connected(self) -> object:
        """Wait until the bot has identified itself."""
        ...


@asynccontextmanager
async def playing(
    fake: Server, settings: Settings, model: ChatModel | None = None, *, works: bool = False
) -> AsyncIterator[Core]:
    """Run a bot on the fake Discord; `works` runs its jobs, too."""
    async with AsyncExitStack() as stack:
        embedder = build_embedder(settings)
        stack.push_async_callback(embedder.close)
        await embedder.prepare()
        index = await Index.open(settings, embedder.identity, create=True)
        stack.callback(index.close)
        retriever = PageRetriever(index, embedder, settings.retrieval)
        engine = QueryEngine(retriever, model or quoting(), SameQuestion(), SameQuestion(), settings.answer)
        core = await stack.enter_async_context(open_core(settings, index, embedder, engine))
        await stack.enter_async_context(background(run_discord(core)))
        if works:
            await stack.enter_async_context(background(core.run()))
        await fake.connected()
        yield core
