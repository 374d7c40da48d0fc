"""Google's embedding models, through LlamaIndex's two packages for them: paced, and nothing paid for twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np

from ingest.documents import EmbeddingIdentity
from ingest.embedding import BatchCallback, RecentVectors, Vectors, normalised
from ingest.embedding_google_sdk import GenAi, LegacyGemini, QuotaRefusedError, Service, UnavailableError
from ingest.embedding_quota import Allowance
from ingest.errors import EmbeddingError, EmbeddingModelError, EmbeddingQuotaError
from ingest.settings import IngestSettings
from ingest.tokens import BUNDLED_TOKENIZER, token_counter

T = TypeVar("T")

DEFAULT_MODELS = {"google": "gemini-embedding-2", "gemini-legacy": "gemini-embedding-001"}

CALL_TIMEOUT = 60.0
ATTEMPTS = 5
PATIENCE = 600.0
STOP_PATIENCE = 5.0
QUESTION_PATIENCE = 8.0
"""A person waits for a question's vector: not longer than this for an allowance."""


@dataclass(frozen=True, slots=True)
class Convention:
    """How a model is told what a text is for."""

    name: str
    query: str
    document: str
    max_tokens: int


TEXT_PREFIXES = Convention("prefixes-1", "task: search result | query: {}", "title: none | text: {}", 8_192)
"""gemini-embedding-2 ignores task types; the task stands in the text."""

TASK_TYPES = Convention("task-types-1", "{}", "{}", 2_048)
"""gemini-embedding-001: LlamaIndex sends RETRIEVAL_QUERY or RETRIEVAL_DOCUMENT beside the text."""


class GoogleEmbedder:
    """Google's model as an Embedder."""

    tokenizer = BUNDLED_TOKENIZER
    """Google's own is not public; this one counts more rather than fewer tokens."""

    def __init__(
        self, service: Service, identity: EmbeddingIdentity, convention: Convention, allowance: Allowance
    ) -> None:
        self.identity = identity
        self._service = service
        self._convention = convention
        self._allowance = allowance
        self._questions = RecentVectors()

    @property
    def max_tokens(self) -> int:
        return self._convention.max_tokens

    async def prepare(self) -> None:
        """Nothing is loaded before the first text: that takes seconds, and a key is checked by using it."""

    async def embed_documents(self, texts: Sequence[str], on_batch: BatchCallback | None = None) -> Vectors:
        vectors = np.zeros((len(texts), self.identity.dimensions), dtype=np.float32)
        prompts = [self._convention.document.format(text) for text in texts]
        sizes = await asyncio.to_thread(token_counter(self.tokenizer).counts, prompts)
        for batch in self._batches(sizes):
            send = partial(self._send, batch, [prompts[position] for position in batch], on_batch)
            async with self._allowance.turn(len(batch), sum(sizes[position] for position in batch)):
                vectors[batch] = await self._persist(partial(_unbroken, send), PATIENCE)
        return vectors

    async def embed_query(self, text: str) -> Vectors:
        vector = self._questions.get(text)
        if vector is None:
            self._allowance.check_day(1)
            self._allowance.note(1, len(text) // 4)
            query = partial(self._service.query, self._convention.query.format(text))
            vector = self._checked([await self._persist(query, QUESTION_PATIENCE)], 1)[0]
            self._questions.put(text, vector)
        return vector

    async def close(self) -> None:
        await self._service.close()

    def _batches(self, sizes: Sequence[int]) -> Iterator[list[int]]:
        """Yield positions of texts for one call each: as many as a minute, and what is left of the day, allow."""
        batch: list[int] = []
        tokens = 0
        for position, size in enumerate(sizes):
            largest = min(self._service.batch_texts, self._allowance.requests, max(1, self._allowance.left_today()))
            if batch and (len(batch) >= largest or tokens + size > self._allowance.tokens):
                yield batch
                batch, tokens = [], 0
            batch.append(position)
            tokens += size
        if batch:
            yield batch

    async def _send(self, batch: Sequence[int], prompts: Sequence[str], on_batch: BatchCallback | None) -> Vectors:
        """Send one batch and hand over what comes back."""
        part = self._checked(await self._service.documents(prompts), len(prompts))
        if on_batch is not None:
            await on_batch(batch, part)
        return part

    async def _persist(self, call: Callable[[], Awaitable[T]], patience: float) -> T:
        """Call until it succeeds, waiting as Google says, at most `patience` seconds in all."""
        failure: Exception
        for attempt in range(ATTEMPTS):
            try:
                return await asyncio.wait_for(call(), CALL_TIMEOUT)
            except QuotaRefusedError as refused:
                if refused.refusal.daily:
                    raise self._allowance.end_day() from refused
                failure, wait = refused, refused.refusal.retry_after or 2.0**attempt
            except (UnavailableError, TimeoutError) as unavailable:
                failure, wait = unavailable, 0.5 * 2**attempt
            patience -= wait
            if patience < 0 or attempt == ATTEMPTS - 1:
                break
            await asyncio.sleep(wait)
        raise _given_up(failure, wait) from failure

    def _checked(self, values: Sequence[Sequence[float]], expected: int) -> Vectors:
        """Return vectors of our length, normalised: a shortened vector of Google's is not.

        Raises:
            EmbeddingError: Google answered with something else.
        """
        size = self.identity.dimensions
        if len(values) != expected or any(len(vector) < size for vector in values):
            raise EmbeddingError(
                "Google's embedding service answered with something that is not a vector for each text."
            )
        return normalised(np.asarray([vector[:size] for vector in values], dtype=np.float32))


async def _unbroken(call: Callable[[], Awaitable[T]]) -> T:
    """Let a call that has begun come to its end although we are told to stop: its texts are paid for already."""
    task = asyncio.ensure_future(call())
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=STOP_PATIENCE)
        task.cancel()
        raise


def _given_up(failure: Exception, wait: float) -> EmbeddingError:
    if isinstance(failure, QuotaRefusedError):
        return EmbeddingQuotaError(
            f"Google's allowance for embedding is used up for the moment. Try again in {max(wait, 1):.0f} seconds.",
            wait,
        )
    return EmbeddingError("Google's embedding service cannot be reached. Try again in a few minutes.")


def google_embedder(settings: IngestSettings, allowance: Allowance | None = None) -> GoogleEmbedder:
    """Return the model that the settings name, `google` or `gemini-legacy`.

    Raises:
        EmbeddingModelError: there is no API key.
    """
    embedding = settings.embedding
    key = settings.google_api_key.get_secret_value()
    if not key:
        raise EmbeddingModelError(
            f"embedding.provider is {embedding.provider}, but GOOGLE_API_KEY is not set. Put a key from "
            "https://aistudio.google.com/apikey into .env, or set embedding.provider to local."
        )
    model = (embedding.model or DEFAULT_MODELS[embedding.provider]).removeprefix("models/")
    convention = TEXT_PREFIXES if model.startswith("gemini-embedding-2") else TASK_TYPES
    service: Service
    if embedding.provider == "gemini-legacy":
        service = LegacyGemini(model, key, settings.google_api_base)
    else:
        service = GenAi(model, key, settings.google_api_base, embedding.dimensions)
    return GoogleEmbedder(
        service,
        EmbeddingIdentity(embedding.provider, model, embedding.dimensions, convention.name),
        convention,
        allowance or Allowance(embedding.requests_per_minute, embedding.tokens_per_minute, embedding.requests_per_day),
    )
