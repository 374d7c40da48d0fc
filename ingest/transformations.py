"""Our chunking and our embedders as LlamaIndex's transformations, for its IngestionPipeline. Imports LlamaIndex."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llama_index.core.async_utils import asyncio_run
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.schema import BaseNode, TransformComponent

from ingest.chunking import ChunkPlan, Position, cut
from ingest.documents import Chunk, Page
from ingest.embedding import BatchCallback, Embedder
from ingest.nodes import chunk_to_node, document_to_page, node_to_chunk

if TYPE_CHECKING:
    from ingest.workers import Workers

CHUNKING_TIMEOUT = 300.0
"""For the few hundred pages of one call; an ordinary page takes a thousandth of a second."""


class PageChunker(TransformComponent):
    """Turns the pages of one document into nodes, in one call or, for its next pages, in several."""

    plan: ChunkPlan
    tokenizer: Path

    _workers: Workers | None = PrivateAttr()
    _position: Position = PrivateAttr(default_factory=Position)

    def __init__(self, plan: ChunkPlan, tokenizer: Path, workers: Workers | None = None) -> None:
        super().__init__(plan=plan, tokenizer=tokenizer)
        self._workers = workers

    def __call__(self, nodes: Sequence[BaseNode], **_: Any) -> Sequence[BaseNode]:  # noqa: ANN401 - LlamaIndex's signature
        return self._to_nodes(*cut(_to_pages(nodes), self._position, self.plan, self.tokenizer))

    async def acall(self, nodes: Sequence[BaseNode], **_: Any) -> Sequence[BaseNode]:  # noqa: ANN401 - LlamaIndex's signature
        pages = await asyncio.to_thread(_to_pages, nodes)
        work = partial(cut, pages, self._position, self.plan, self.tokenizer)
        if self._workers is None:
            result = await asyncio.to_thread(work)
        else:
            result = await self._workers.run(work, timeout=CHUNKING_TIMEOUT)
        return await asyncio.to_thread(self._to_nodes, *result)

    def _to_nodes(self, chunks: Sequence[Chunk], position: Position) -> list[BaseNode]:
        self._position = position
        return [chunk_to_node(chunk) for chunk in chunks]


def _to_pages(nodes: Sequence[BaseNode]) -> list[Page]:
    return [document_to_page(node) for node in nodes]


class EmbedderAsLlamaIndex(BaseEmbedding):
    """An Embedder as LlamaIndex's BaseEmbedding. Its synchronous methods are for LlamaIndex's own tools only."""

    _embedder: Embedder = PrivateAttr()
    _on_batch: BatchCallback | None = PrivateAttr()

    def __init__(self, embedder: Embedder, on_batch: BatchCallback | None = None) -> None:
        super().__init__(model_name=str(embedder.identity))
        self._embedder = embedder
        self._on_batch = on_batch

    async def acall(self, nodes: Sequence[BaseNode], **_: Any) -> Sequence[BaseNode]:  # noqa: ANN401 - LlamaIndex's signature
        """Embed all nodes at once: the embedder makes the batches, one after the other where the provider counts."""
        texts = await asyncio.to_thread(lambda: [node_to_chunk(node).embedded_text for node in nodes])
        vectors = await self._embedder.embed_documents(texts, self._on_batch)
        for node, vector in zip(nodes, await asyncio.to_thread(vectors.tolist), strict=True):
            node.embedding = vector
        return nodes

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return _floats(await self._embedder.embed_query(query))

    async def _aget_text_embedding(self, text: str) -> list[float]:
        return (await self._aget_text_embeddings([text]))[0]

    async def _aget_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [_floats(vector) for vector in await self._embedder.embed_documents(texts)]

    def _get_query_embedding(self, query: str) -> list[float]:
        return _wait(self._aget_query_embedding(query))

    def _get_text_embedding(self, text: str) -> list[float]:
        return _wait(self._aget_text_embedding(text))


def _floats(vector: Any) -> list[float]:  # noqa: ANN401 - numpy types tolist() as Any
    return list(map(float, vector))


def _wait(call: Coroutine[Any, Any, list[float]]) -> list[float]:
    result: list[float] = asyncio_run(call)
    return result
