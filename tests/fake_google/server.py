"""The endpoints `batchEmbedContents` and `embedContent`, counted per text, refused as Google refuses."""

from __future__ import annotations

import hashlib
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import numpy as np
from aiohttp import web

SERVED = ("gemini-embedding-2", "gemini-embedding-001")
LARGEST_BATCH = 100
FULL_DIMENSIONS = 3_072


@dataclass
class Received:
    """One text that was embedded."""

    model: str
    text: str
    task_type: object
    dimensions: int | None


@dataclass
class FakeGoogle:
    """The server; what it did is in `received`, what it would have charged for in `billed`."""

    port: int = 0
    key: str = "AIza-test"
    requests_per_minute: int = 10**9
    tokens_per_minute: int = 10**9
    requests_per_day: int = 10**9
    minute: float = 60.0
    """Seconds that a minute of the allowance lasts."""
    failures: list[int] = field(default_factory=list)
    """Statuses to answer the next calls with."""
    received: list[Received] = field(default_factory=list)
    billed: Counter[str] = field(default_factory=Counter)
    calls: list[int] = field(default_factory=list)
    """How many texts each call had, refused ones included."""
    refused: list[str] = field(default_factory=list)
    """The quota ids of the refusals."""
    _minute: deque[tuple[float, int, int]] = field(default_factory=deque)
    _today: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=50 * 2**20)
        app.router.add_post("/v1beta/models/{call:.+}", self._embed)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self._runner.cleanup()

    def new_day(self) -> None:
        self._today = 0

    async def _embed(self, request: web.Request) -> web.Response:
        model, _, method = request.match_info["call"].partition(":")
        body = await request.json()
        items = body["requests"] if method == "batchEmbedContents" else [body]
        self.calls.append(len(items))
        refusal = self._refusal(request, model, items)
        if refusal is not None:
            return refusal
        vectors = [{"values": self._vector(model, item)} for item in items]
        return web.json_response(
            {"embeddings": vectors} if method == "batchEmbedContents" else {"embedding": vectors[0]}
        )

    def _refusal(self, request: web.Request, model: str, items: list[dict[str, Any]]) -> web.Response | None:
        if self.failures:
            return _error(self.failures.pop(0), "INTERNAL", "An internal error has occurred.")
        if request.headers.get("x-goog-api-key", request.query.get("key")) != self.key:
            info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
            return _error(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", [info])
        if model not in SERVED:
            return _error(404, "NOT_FOUND", f"models/{model} is not found for API version v1beta.")
        if len(items) > LARGEST_BATCH:
            return _error(400, "INVALID_ARGUMENT", "at most 100 requests can be in one batch")
        return self._quota(model, len(items), sum(len(_text(item).split()) for item in items))

    def _quota(self, model: str, requests: int, tokens: int) -> web.Response | None:
        now = time.monotonic()
        while self._minute and self._minute[0][0] <= now - self.minute:
            self._minute.popleft()
        if self._today + requests > self.requests_per_day:
            # As Google does: the delay says seconds, although the quota's id says day.
            return self._exhausted(model, "RequestsPerDayPerUser", "requests", self.requests_per_day, 34.9)
        wait = self._minute[0][0] + self.minute - now if self._minute else self.minute
        if sum(entry[1] for entry in self._minute) + requests > self.requests_per_minute:
            return self._exhausted(model, "RequestsPerMinutePerUser", "requests", self.requests_per_minute, wait)
        if sum(entry[2] for entry in self._minute) + tokens > self.tokens_per_minute:
            return self._exhausted(model, "InputTokensPerMinute", "input_token_count", self.tokens_per_minute, wait)
        self._minute.append((now, requests, tokens))
        self._today += requests
        return None

    def _exhausted(self, model: str, quota: str, metric: str, limit: int, wait: float) -> web.Response:
        quota_id = f"EmbedContent{quota}PerProjectPerModel-FreeTier"
        self.refused.append(quota_id)
        metric = f"generativelanguage.googleapis.com/embed_content_free_tier_{metric}"
        violation = {
            "quotaMetric": metric,
            "quotaId": quota_id,
            "quotaDimensions": {"location": "global", "model": model},
            "quotaValue": str(limit),
        }
        details = [
            {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]},
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{wait:.3f}s"},
        ]
        message = f"Quota exceeded for metric: {metric}, limit: {limit}, model: {model}\nPlease retry in {wait}s."
        return _error(429, "RESOURCE_EXHAUSTED", message, details)

    def _vector(self, model: str, item: dict[str, Any]) -> list[float]:
        """Return numbers that depend on model, text and task, as long as they should be, and not of length 1."""
        text, task, dimensions = _text(item), item.get("taskType"), item.get("outputDimensionality")
        self.received.append(Received(model, text, task, dimensions))
        self.billed[text] += 1
        # gemini-embedding-2 ignores the task type.
        seed = hashlib.sha256(f"{model}\0{text}\0{'' if model.endswith('-2') else task}".encode()).digest()
        generator = np.random.default_rng(int.from_bytes(seed[:8]))
        return [round(value, 6) for value in generator.normal(size=dimensions or FULL_DIMENSIONS).tolist()]


def _text(item: dict[str, Any]) -> str:
    return "".join(part.get("text", "") for part in item["content"]["parts"])


def _error(code: int, status: str, message: str, details: list[dict[str, Any]] | None = None) -> web.Response:
    error: dict[str, Any] = {"code": code, "message": message, "status": status}
    if details:
        error["details"] = details
    return web.json_response({"error": error}, status=code)
