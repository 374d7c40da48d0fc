"""Groq behind its own SDK; the only file that imports `groq`.

`GROQ_BASE_URL` may point anywhere that speaks the same wire, with `/openai/v1` after the host: a local llama.cpp
server has neither a key, nor Groq's model fields, nor its headers, and works all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bot.models.reading import SdkObject
from bot.models.streaming import CONNECT_SECONDS, SDK_SECONDS, Completion, Opened, Served, create, list_served

OFFICIAL = "https://api.groq.com"
_NO_KEY = "none"


class GroqHost:
    """Opens chat completions with AsyncGroq. The SDK takes over a second to import, so that waits for the first use."""

    provider = "groq"

    def __init__(self, label: str, api_key: str, base_url: str) -> None:
        self.label = label
        self._api_key = api_key or _NO_KEY
        # The SDK appends /openai/v1 itself; people copy the address with it from Groq's documentation.
        self._base_url = (base_url or OFFICIAL).rstrip("/").removesuffix("/v1").removesuffix("/openai")
        self._client: SdkObject = None
        self._opening = asyncio.Lock()
        self.failures: tuple[type[Exception], ...] = ()

    async def ready(self) -> None:
        async with self._opening:
            if self._client is None:
                await asyncio.to_thread(_import_sdk)
                import groq
                import httpx  # groq does not translate what it raises in the middle of a stream

                self.failures = (groq.GroqError, httpx.HTTPError, httpx.StreamError, ValueError)
                self._client = groq.AsyncGroq(
                    api_key=self._api_key,
                    base_url=self._base_url,
                    max_retries=0,
                    timeout=groq.Timeout(SDK_SECONDS, connect=CONNECT_SECONDS),
                )

    async def open(self, completion: Completion, refused: Mapping[str, str | None]) -> Opened:
        return await create(self._client, completion, "max_completion_tokens", refused)

    async def served(self) -> tuple[Served, ...]:
        await self.ready()
        return await list_served(self._client)

    async def aclose(self) -> None:
        if self._client is not None:
            await self._client.close()


def _import_sdk() -> None:
    """Load what the SDK itself only loads at the first request."""
    import groq.resources.chat
    import groq.resources.models  # noqa: F401
