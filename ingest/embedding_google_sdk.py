"""LlamaIndex's two packages for Google's embedding models, and what their SDKs raise, in our words.

The SDKs' own retries are off: a call that is repeated behind our back is counted, and perhaps paid for, twice.
"""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from ingest.embedding_quota import Refusal, read_refusal
from ingest.errors import EmbeddingModelError

if TYPE_CHECKING:
    from llama_index.embeddings.gemini import GeminiEmbedding
    from llama_index.embeddings.google_genai import GoogleGenAIEmbedding

CALL_MILLISECONDS = 60_000


class QuotaRefusedError(Exception):
    """A 429, on its way from a service to the embedder."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


class UnavailableError(Exception):
    """Google did not answer, or with an error of its own: the same call may succeed in a moment."""


class Service(Protocol):
    """Sends texts. Raises QuotaRefusedError, UnavailableError, or `ingest.errors.EmbeddingModelError`."""

    async def documents(self, texts: Sequence[str]) -> list[list[float]]: ...

    async def query(self, text: str) -> list[float]: ...

    async def close(self) -> None: ...

    @property
    def batch_texts(self) -> int:
        """Texts of one call at most: all or none of them are answered, and paid for."""
        ...


class GenAi:
    """llama-index-embeddings-google-genai, which batches, over Google's current SDK."""

    batch_texts = 100
    """Google refuses larger batches; each text counts as a request all the same."""

    def __init__(self, model: str, key: str, base: str, dimensions: int) -> None:
        self._arguments = (model, key, base, dimensions)
        self._loading = asyncio.Lock()
        self._loaded: GoogleGenAIEmbedding | None = None

    async def documents(self, texts: Sequence[str]) -> list[list[float]]:
        model = await self._model()
        with _genai_errors(self._arguments[0]):
            return await model.aget_text_embedding_batch(list(texts))

    async def query(self, text: str) -> list[float]:
        model = await self._model()
        with _genai_errors(self._arguments[0]):
            return await model.aget_query_embedding(text)

    async def close(self) -> None:
        if self._loaded is not None:
            client = self._loaded._client  # LlamaIndex opens it and has no way to close it
            self._loaded = None
            await client.aio.aclose()
            client.close()

    async def _model(self) -> GoogleGenAIEmbedding:
        async with self._loading:
            if self._loaded is None:
                self._loaded = await asyncio.to_thread(_load_genai, *self._arguments)
            return self._loaded


def _load_genai(model: str, key: str, base: str, dimensions: int) -> GoogleGenAIEmbedding:
    from google.genai.types import HttpOptions, HttpRetryOptions
    from llama_index.embeddings.google_genai import GoogleGenAIEmbedding

    options = HttpOptions(
        base_url=_host(base) or None, timeout=CALL_MILLISECONDS, retry_options=HttpRetryOptions(attempts=1)
    )
    return GoogleGenAIEmbedding(
        model_name=model,
        api_key=key,
        embedding_config={"output_dimensionality": dimensions},
        http_options=options,
        embed_batch_size=GenAi.batch_texts,
        retries=1,
    )


class LegacyGemini:
    """llama-index-embeddings-gemini (extra `gemini-legacy`): end of life, one text a call, and it blocks."""

    batch_texts = 1

    def __init__(self, model: str, key: str, base: str) -> None:
        self._arguments = (model, key, base)
        self._loading = asyncio.Lock()
        self._loaded: dict[str, GeminiEmbedding] = {}

    async def documents(self, texts: Sequence[str]) -> list[list[float]]:
        model = await self._model("retrieval_document")
        with _legacy_errors(self._arguments[0]):
            return [await asyncio.to_thread(model.get_text_embedding, text) for text in texts]

    async def query(self, text: str) -> list[float]:
        # A model of its own: the package's query method sends whatever task it was made with.
        model = await self._model("retrieval_query")
        with _legacy_errors(self._arguments[0]):
            return await asyncio.to_thread(model.get_query_embedding, text)

    async def close(self) -> None:
        """Its SDK keeps one global client, and has no way to close it."""

    async def _model(self, task: str) -> GeminiEmbedding:
        async with self._loading:
            if task not in self._loaded:
                self._loaded[task] = await asyncio.to_thread(_load_legacy, *self._arguments, task)
            return self._loaded[task]


def _load_legacy(model: str, key: str, base: str, task: str) -> GeminiEmbedding:
    # The user chose it, and the README says that it is at its end; each start need not.
    warnings.filterwarnings("ignore", message=r"\s*All support for the `google.generativeai`", category=FutureWarning)
    try:
        from google.generativeai.types import RequestOptions
        from llama_index.embeddings.gemini import GeminiEmbedding
    except ImportError as error:
        raise EmbeddingModelError(
            "embedding.provider is gemini-legacy, which is not installed. Run `pip install 'askdocs[gemini-legacy]'`, "
            "or better set embedding.provider to google."
        ) from error
    return GeminiEmbedding(
        model_name=f"models/{model}",
        task_type=task,
        api_key=key,
        api_base=_host(base) or None,
        transport="rest",
        title=None,
        request_options=RequestOptions(timeout=CALL_MILLISECONDS / 1000, retry=None),
    )


def _host(base: str) -> str:
    """Return the address without a version: both packages add their own."""
    return base.rstrip("/").removesuffix("/v1beta")


@contextmanager
def _genai_errors(model: str) -> Iterator[None]:
    import aiohttp
    import httpx
    from google.genai.errors import APIError

    try:
        yield
    except APIError as error:
        raise _refused(model, error.code, _details(error.details)) from error
    except (aiohttp.ClientError, httpx.TransportError, OSError) as error:
        raise UnavailableError(type(error).__name__) from error


@contextmanager
def _legacy_errors(model: str) -> Iterator[None]:
    import requests
    from google.api_core.exceptions import GoogleAPICallError, GoogleAPIError

    try:
        yield
    except GoogleAPICallError as error:
        raise _refused(model, int(error.code or 503), error.details) from error
    except (GoogleAPIError, requests.RequestException, OSError) as error:
        raise UnavailableError(type(error).__name__) from error


def _details(body: Any) -> list[Any]:  # noqa: ANN401 - an error body may be anything
    error = body.get("error", body) if isinstance(body, dict) else {}
    details = error.get("details", ()) if isinstance(error, dict) else ()
    return [detail for detail in details if isinstance(detail, dict)]


def _refused(model: str, code: int, details: Sequence[Any]) -> Exception:
    """Return our error for an HTTP status and the details of Google's error body."""
    if code == 429:
        return QuotaRefusedError(read_refusal(details))
    if code >= 500 or code == 408:
        return UnavailableError(f"HTTP {code}")
    if code in {401, 403} or any(detail.get("reason") == "API_KEY_INVALID" for detail in details):
        return EmbeddingModelError("Google refuses the API key. Check GOOGLE_API_KEY in .env.")
    if code == 404:
        return EmbeddingModelError(
            f"Google does not serve the embedding model {model}. Set embedding.model in config.yaml to one that "
            "https://ai.google.dev/gemini-api/docs/embeddings lists, and run `askdocs reindex`."
        )
    return EmbeddingModelError(f"Google refuses to embed with {model} (HTTP {code}). The log has the details.")
