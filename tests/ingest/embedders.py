"""An embedding model that costs nothing: the same vector for the same text, and a count of what was asked."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ingest.documents import EmbeddingIdentity
from ingest.embedding import BatchCallback, Vectors, normalised
from ingest.tokens import BUNDLED_TOKENIZER

IDENTITY = EmbeddingIdentity("test", "hash", 8, "plain-1")


class HashEmbedder:
    """Embeds by hashing, a few texts at a time. `fail_at` is a text, or a part of one, at which it fails."""

    identity = IDENTITY
    tokenizer: Path = BUNDLED_TOKENIZER
    max_tokens = 256

    def __init__(self, *, batch: int = 3, seconds: float = 0.0) -> None:
        self.calls: list[str] = []
        self.fail_at = ""
        self.failure: Exception | None = None
        self._batch = batch
        self._seconds = seconds

    async def prepare(self) -> None: ...

    async def embed_documents(self, texts: Sequence[str], on_batch: BatchCallback | None = None) -> Vectors:
        rows = np.zeros((len(texts), IDENTITY.dimensions), dtype=np.float32)
        for start in range(0, len(texts), self._batch):
            positions = list(range(start, min(start + self._batch, len(texts))))
            await asyncio.sleep(self._seconds)
            if self.failure is not None and any(self.fail_at in texts[position] for position in positions):
                raise self.failure
            self.calls += [texts[position] for position in positions]
            rows[positions] = [self.vector(texts[position]) for position in positions]
            if on_batch is not None:
                await on_batch(positions, rows[positions])
        return rows

    async def embed_query(self, text: str) -> Vectors:
        return self.vector("query " + text)

    async def close(self) -> None: ...

    @staticmethod
    def vector(text: str) -> Vectors:
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        return normalised(np.frombuffer(digest[: IDENTITY.dimensions], dtype=np.uint8).astype(np.float32) + 1)
