"""What an embedding model does for us, and which one the settings name. Each kind of model has a file of its own."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from ingest.documents import EmbeddingIdentity
from ingest.settings import IngestSettings

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

    from ingest.workers import Workers

Vectors = npt.NDArray[np.float32]
"""One row of length 1 for each text, in the order of the texts; or one such row."""

RUNS_HERE = frozenset({"local", "onnx"})
"""Providers that cost nothing and send nothing anywhere."""

BatchCallback = Callable[[Sequence[int], Vectors], Awaitable[None]]
"""Is given the positions of the texts that were just embedded, and their vectors."""


class Embedder(Protocol):
    """Turns passages and questions into vectors of one space. The two are prefixed differently: never mix them up."""

    @property
    def identity(self) -> EmbeddingIdentity: ...

    @property
    def tokenizer(self) -> Path:
        """The `tokenizer.json` by which texts for this model are measured."""
        ...

    @property
    def max_tokens(self) -> int:
        """Longer texts are not read to their end."""
        ...

    async def prepare(self) -> None:
        """Load and check what the first text would have to wait for."""
        ...

    async def embed_documents(self, texts: Sequence[str], on_batch: BatchCallback | None = None) -> Vectors:
        """Embed passages. `on_batch` is awaited for each finished batch; a remote model is sent no other before."""
        ...

    async def embed_query(self, text: str) -> Vectors:
        """Embed one question; the last few hundred are remembered."""
        ...

    async def close(self) -> None: ...


def build_embedder(settings: IngestSettings, workers: Workers | None = None) -> Embedder:
    """Return the embedder that the settings name.

    With `workers`, a local model embeds passages in worker processes of low priority; without, in a thread. Questions
    are embedded in this process either way.

    Raises:
        EmbeddingModelError: the model cannot be used; the text says what to do.
    """
    if settings.embedding.provider == "local":
        from ingest.embedding_onnx import bundled_embedder

        return bundled_embedder(workers)
    if settings.embedding.provider == "onnx":
        from ingest.embedding_onnx import folder_embedder

        return folder_embedder(settings.embedding, workers)
    from ingest.embedding_google import google_embedder

    return google_embedder(settings)


def for_documents(settings: IngestSettings, embedder: Embedder, workers: Workers) -> Embedder:
    """Return what embeds documents beside an embedder that answers questions.

    A local model does so in worker processes, where questions have the right of way; a remote one has one quota for
    both, and so is one.
    """
    is_local = settings.embedding.provider in {"local", "onnx"}
    return build_embedder(settings, workers) if is_local else embedder


def as_llama_index(embedder: Embedder) -> BaseEmbedding:
    """Return LlamaIndex's view of an embedder. Importing LlamaIndex takes seconds, so only who needs this pays."""
    from ingest.transformations import EmbedderAsLlamaIndex

    return EmbedderAsLlamaIndex(embedder)


def normalised(vectors: Vectors) -> Vectors:
    """Return the rows with length 1."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    result: Vectors = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32, copy=False)
    return result


class RecentVectors:
    """The vectors of the last questions: a follow-up, a retry or a page turn asks for them again."""

    def __init__(self, size: int = 256) -> None:
        self._size = size
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()

    def get(self, text: str) -> Vectors | None:
        vector = self._vectors.get(text)
        if vector is not None:
            self._vectors.move_to_end(text)
        return vector

    def put(self, text: str, vector: Vectors) -> None:
        self._vectors[text] = vector
        if len(self._vectors) > self._size:
            self._vectors.popitem(last=False)
