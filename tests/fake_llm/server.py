"""The server itself: routes, authorisation, lists of models, streams."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import web

from tests.fake_llm.answers import answer_from
from tests.fake_llm.quota import Quota, count_tokens
from tests.fake_llm.script import Reply, decommissioned, not_found, sse, unauthorised

Flavour = Literal["groq", "google", "openai"]
PREFIXES: Mapping[Flavour, str] = {"groq": "/openai/v1", "google": "/v1beta/openai", "openai": "/v1"}


def model(name: str, *, created: int = 1_700_000_000, **fields: object) -> dict[str, object]:
    """Return one entry of a list of models; Groq's fields are given by name."""
    return {"id": name, "object": "model", "created": created, "owned_by": "someone", **fields}


@dataclass(slots=True)
class Asked:
    """One completion request as it came in."""

    flavour: Flavour
    body: dict[str, Any]
    headers: Mapping[str, str]
    at: float
    answered_at: float = 0.0
    """When the first text was sent."""

    @property
    def model(self) -> str:
        return str(self.body["model"])

    @property
    def text(self) -> str:
        return "\n".join(str(message["content"]) for message in self.body["messages"])


class FakeLlm:
    """`async with FakeLlm() as llm:` serves on a free port of loopback."""

    def __init__(self, *, key: str = "", port: int = 0, reply: Reply | None = None) -> None:
        self.models: dict[Flavour, list[dict[str, object]]] = {
            "groq": [model("openai/gpt-oss-20b", active=True, context_window=131_072, max_completion_tokens=65_536)],
            "google": [model("models/gemma-4-31b-it", created=0)],
            "openai": [model("local-model")],
        }
        self.quotas: dict[str, Quota] = {}
        self.gone: set[str] = set()
        """Decommissioned: refused, whatever the list says."""
        self.asked: list[Asked] = []
        self.list_requests = 0
        self.list_reply: Reply | None = None
        self.refuses_parameters: set[str] = set()
        self.open_streams = 0
        self._script: deque[Reply] = deque()
        self._by_model: dict[str, deque[Reply]] = {}
        self._default = reply
        self._key = key
        self._port = port
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """For GROQ_BASE_URL."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def openai_url(self) -> str:
        """For OPENAI_BASE_URL."""
        return f"{self.url}/v1"

    @property
    def google_url(self) -> str:
        """For GOOGLE_API_BASE, as Gemma's host is addressed."""
        return f"{self.url}/v1beta/openai/"

    def enqueue(self, *replies: Reply | str, model: str = "") -> None:
        """Script the next answers: of one model, or of whichever is asked."""
        queue = self._by_model.setdefault(model, deque()) if model else self._script
        queue.extend(Reply(reply) if isinstance(reply, str) else reply for reply in replies)

    def decommission(self, name: str) -> None:
        self.gone.add(name)

    async def __aenter__(self) -> FakeLlm:
        app = web.Application(client_max_size=64 * 2**20)
        for flavour, prefix in PREFIXES.items():
            app.router.add_get(f"{prefix}/models", self._handler(flavour, self._list))
            app.router.add_post(f"{prefix}/chat/completions", self._handler(flavour, self._complete))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        if not self._port:
            self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def restart(self) -> None:
        """Come back on the same port."""
        await self.__aenter__()

    def _handler(self, flavour: Flavour, action: Any) -> Any:
        async def handle(request: web.Request) -> web.StreamResponse:
            with suppress(ConnectionResetError):  # the reader went away
                return await answer(request)
            return web.Response(status=499)

        async def answer(request: web.Request) -> web.StreamResponse:
            if self._key and request.headers.get("Authorization") != f"Bearer {self._key}":
                return _refuse(unauthorised())
            return await action(request, flavour)

        return handle

    async def _list(self, _: web.Request, flavour: Flavour) -> web.StreamResponse:
        self.list_requests += 1
        if self.list_reply is not None:
            await asyncio.sleep(self.list_reply.first_token_seconds)
            return _refuse(self.list_reply)
        return web.json_response({"object": "list", "data": self.models[flavour]})

    async def _complete(self, request: web.Request, flavour: Flavour) -> web.StreamResponse:
        arrived = time.monotonic()
        body = await request.json()
        asked = Asked(flavour, body, dict(request.headers), arrived)
        self.asked.append(asked)
        longest = int(body.get("max_completion_tokens") or body.get("max_tokens") or 1024)
        prompt_tokens = count_tokens(asked.text) + 10
        quota = self.quotas.get(asked.model)
        refusal = self._refusal(asked, prompt_tokens + longest, quota)
        if refusal is not None:
            return _refuse(refusal)
        reply = self._next(asked)
        if reply.status != 200:
            return _refuse(reply)
        headers = {**(quota.headers() if quota else {}), **reply.headers}
        completion_tokens = count_tokens("".join((*reply.reasoning, *reply.pieces)))
        usage = self._usage(reply, prompt_tokens, completion_tokens)
        try:
            if not body.get("stream"):
                return web.json_response(_whole(reply, asked.model, usage), headers=headers)
            async with self._counted():
                return await _stream(request, reply, asked, headers, usage)
        finally:
            if quota is not None:
                quota.give_back(longest - completion_tokens)

    def _refusal(self, asked: Asked, tokens: int, quota: Quota | None) -> Reply | None:
        if asked.model in self.gone:
            return decommissioned(asked.model)
        if asked.flavour == "groq" and asked.model not in {entry["id"] for entry in self.models["groq"]}:
            return not_found(asked.model)
        for name in self.refuses_parameters & set(asked.body):
            message = f"Unsupported parameter: '{name}' is not supported with this model."
            return Reply(
                status=400, error={"error": {"message": message, "param": name, "code": "unsupported_parameter"}}
            )
        return quota.take(tokens) if quota else None

    def _next(self, asked: Asked) -> Reply:
        for queue in (self._by_model.get(asked.model), self._script):
            if queue:
                return queue.popleft()
        return self._default or Reply(answer_from(asked.body["messages"]))

    @staticmethod
    def _usage(reply: Reply, prompt_tokens: int, completion_tokens: int) -> dict[str, float]:
        if reply.usage is not None:
            return dict(reply.usage)
        return {
            "queue_time": 0.01,
            "prompt_tokens": prompt_tokens,
            "prompt_time": 0.02,
            "completion_tokens": completion_tokens,
            "completion_time": completion_tokens / 500,
            "total_tokens": prompt_tokens + completion_tokens,
            "total_time": 0.02 + completion_tokens / 500,
        }

    @asynccontextmanager
    async def _counted(self) -> AsyncIterator[None]:
        self.open_streams += 1
        try:
            yield
        finally:
            self.open_streams -= 1


async def _stream(
    request: web.Request, reply: Reply, asked: Asked, headers: Mapping[str, str], usage: dict[str, float]
) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", **headers})
    await response.prepare(request)
    chunk = _Chunks(asked)
    await response.write(sse(chunk.delta({"role": "assistant", "content": ""}, x_groq={"id": "req_1"})))
    await asyncio.sleep(reply.first_token_seconds)
    for thought in reply.reasoning:
        await response.write(sse(chunk.delta({reply.reasoning_field: thought})))
    for index, piece in enumerate(reply.pieces):
        if index == reply.break_after:
            assert request.transport is not None
            request.transport.abort()
            return response
        if index == reply.stall_after:
            await asyncio.sleep(3600)
        if index == reply.garbage_after:
            await response.write(b"data: {not json\n\n")
        if reply.token_seconds:
            await asyncio.sleep(reply.token_seconds)
        asked.answered_at = asked.answered_at or time.monotonic()
        await response.write(sse(chunk.delta({"content": piece})))
    for line in chunk.ending(reply, usage):
        await response.write(sse(line))
    await response.write(b"data: [DONE]\n\n")
    await response.write_eof()
    return response


class _Chunks:
    """The chunks of one stream, with the fields that this kind of host has."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._wants_usage = bool((asked.body.get("stream_options") or {}).get("include_usage"))

    def delta(self, delta: Mapping[str, object], finish: str | None = None, **fields: object) -> dict[str, object]:
        if self._asked.flavour != "groq":
            fields.pop("x_groq", None)
        choices = [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]
        return {**self._frame(), "choices": choices, **fields}

    def ending(self, reply: Reply, usage: dict[str, float]) -> list[dict[str, object]]:
        x_groq: dict[str, object] = {"id": "req_1", "usage": usage} if usage else {"id": "req_1"}
        if reply.x_groq_error:
            return [self.delta({}, None, x_groq={"id": "req_1", "error": reply.x_groq_error})]
        lines = [self.delta({}, reply.finish, x_groq=x_groq)] if reply.finish else []
        if self._wants_usage and usage:
            lines.append({**self._frame(), "choices": [], "usage": usage})
        return lines

    def _frame(self) -> dict[str, object]:
        return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": self._asked.model}


def _whole(reply: Reply, name: str, usage: dict[str, float]) -> dict[str, object]:
    message = {"role": "assistant", "content": "".join(reply.pieces)}
    choice = {"index": 0, "message": message, "finish_reason": reply.finish}
    return {"id": "1", "object": "chat.completion", "created": 1, "model": name, "choices": [choice], "usage": usage}


def _refuse(reply: Reply) -> web.Response:
    body = reply.error if reply.error is not None else {"error": {"message": "failed", "type": "server_error"}}
    text = body if isinstance(body, str) else json.dumps(body)
    kind = "text/html" if isinstance(body, str) else "application/json"
    return web.Response(status=reply.status, text=text, content_type=kind, headers=dict(reply.headers))
