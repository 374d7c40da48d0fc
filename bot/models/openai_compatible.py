"""Any host with an OpenAI-compatible API, behind the OpenAI SDK; the only file that imports `openai`.

That is Google's endpoint for Gemma, Ollama, vLLM, llama.cpp, and OpenAI itself. A local one needs no key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bot.models.reading import SdkObject
from bot.models.streaming import CONNECT_SECONDS, SDK_SECONDS, Completion, Opened, Served, create, list_served

GOOGLE_BASE_URL = "https://generativelanguage.googleapis.com/v1beta/openai/"
_NO_KEY = "none"


class OpenAICompatibleHost:
    """Opens chat completions with AsyncOpenAI at one address."""

    def __init__(self, provider: str, label: str, api_key: str, base_url: str) -> None:
        self.provider = provider
        self.label = label
        self._api_key = api_key or _NO_KEY
        self._base_url = base_url or None
        self._client: SdkObject = None
        self._opening = asyncio.Lock()
        self.failures: tuple[type[Exception], ...] = ()

    async def ready(self) -> None:
        async with self._opening:
            if self._client is None:
                await asyncio.to_thread(_import_sdk)
                import openai

                self.failures = (openai.OpenAIError, ValueError)
                self._client = openai.AsyncOpenAI(
                    api_key=self._api_key,
                    base_url=self._base_url,
                    max_retries=0,
                    timeout=openai.Timeout(SDK_SECONDS, connect=CONNECT_SECONDS),
                )

    async def open(self, completion: Completion, refused: Mapping[str, str | None]) -> Opened:
        return await create(self._client, completion, "max_tokens", refused)

    async def served(self) -> tuple[Served, ...]:
        await self.ready()
        return await list_served(self._client)

    async def aclose(self) -> None:
        if self._client is not None:
            await self._client.close()


def _import_sdk() -> None:
    """Load what the SDK itself only loads at the first request."""
    import openai.resources.chat
    import openai.resources.models  # noqa: F401
