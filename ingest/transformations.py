"""Our chunking and our embedders as LlamaIndex's transformations, for its IngestionPipeline. Imports LlamaIndex."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from llama_index.core.async_utils import asyncio_run
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.schema import BaseNode, Document, TransformComponent

from ingest.chunking import ChunkPlan, Position, cut
from ingest.documents import Chunk, Page
from ingest.embedding import BatchCallback, Embedder, Vectors
from ingest.nodes import chunk_to_node, document_to_page, node_to_chunk, nodes_to_chunks, page_to_document

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

    @property
    def chunk_count(self) -> int:
        """How many chunks the pages so far gave."""
        return self._position.chunks

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
        for part in _slices(len(nodes)):
            for node, vector in zip(nodes[part], vectors[part].tolist(), strict=True):
                node.embedding = vector
            await asyncio.sleep(0)
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


PAGES_A_RUN = 256
"""Pages that go through LlamaIndex's pipeline at a time: its nodes keep vectors as lists of Python numbers, which for
ten thousand pages at once would be half a gigabyte."""


async def chunk_and_embed(
    pages: Sequence[Page],
    plan: ChunkPlan,
    embedder: Embedder,
    workers: Workers,
    on_progress: Callable[[int, int], None],
) -> tuple[tuple[Chunk, ...], Vectors]:
    """Run one document's pages through LlamaIndex's IngestionPipeline.

    `on_progress` is given how many chunks have a vector, and of how many: an estimate until all pages are cut.
    """
    done = cut = 0
    chunker = PageChunker(plan, embedder.tokenizer, workers)

    async def on_batch(positions: Sequence[int], _: Vectors) -> None:
        nonlocal done
        done += len(positions)
        on_progress(done, max(done, chunker.chunk_count * len(pages) // cut))

    pipeline = IngestionPipeline(
        transformations=[chunker, EmbedderAsLlamaIndex(embedder, on_batch)], disable_cache=True
    )
    chunks: list[Chunk] = []
    vectors = [np.zeros((0, embedder.identity.dimensions), dtype=np.float32)]
    for part in _parts(pages):
        cut += len(part)
        nodes = await pipeline.arun(documents=await asyncio.to_thread(_to_documents, plan.document_id, part))
        chunks += await asyncio.to_thread(nodes_to_chunks, nodes)
        for some in _slices(len(nodes)):
            vectors.append(np.array([node.embedding for node in nodes[some]], dtype=np.float32))
            await asyncio.sleep(0)
    return tuple(chunks), np.concatenate(vectors)


def _parts(pages: Sequence[Page]) -> Iterator[Sequence[Page]]:
    return (pages[start : start + PAGES_A_RUN] for start in range(0, len(pages), PAGES_A_RUN))


def _slices(count: int) -> Iterator[slice]:
    """Cut work on Python's numbers into parts that take a few milliseconds, for the event loop to go on in between."""
    return (slice(start, start + 32) for start in range(0, count, 32))


def _to_documents(document_id: str, pages: Sequence[Page]) -> list[Document]:
    return [page_to_document(document_id, page) for page in pages]
