"""Builds the parts that answer from the settings, and gives them to each other: the one place that does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.condense import ModelCondenser
from bot.engine import QueryEngine
from bot.models.chain import Chain
from bot.models.extractive import Extractive
from bot.models.providers import build_chain
from bot.ranking import weights_for
from bot.retrieval import PageRetriever
from bot.settings import Settings
from bot.translating import ModelTranslator
from ingest.embedding import RUNS_HERE, Embedder, build_embedder
from ingest.index import Index


@dataclass(frozen=True, slots=True)
class Answering:
    """What it takes to answer questions about an index that exists."""

    index: Index
    embedder: Embedder
    retriever: PageRetriever
    models: Chain
    engine: QueryEngine


@asynccontextmanager
async def answering(settings: Settings, *, create: bool = False) -> AsyncIterator[Answering]:
    """Open the index, with everything that answers; `create` makes an empty one where there is none.

    Raises:
        IndexMissingError: nothing has been indexed yet.
        IndexMismatchError: the index was made by another embedding model.
        SettingsError: a line of `models:` names no provider.
    """
    async with AsyncExitStack() as stack:
        embedder = build_embedder(settings)
        stack.push_async_callback(embedder.close)
        await embedder.prepare()
        index = await Index.open(settings, embedder.identity, create=create)
        stack.callback(index.close)
        models = await stack.enter_async_context(
            build_chain(settings, Extractive(embedder if embedder.identity.provider in RUNS_HERE else None))
        )
        retriever = PageRetriever(index, embedder, settings.retrieval, weights_for(embedder.identity))
        engine = QueryEngine(retriever, models, ModelCondenser(models), ModelTranslator(models), settings.answer)
        yield Answering(index, embedder, retriever, models, engine)
