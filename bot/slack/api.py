"""Calls to Slack's Web API: what is tried again and what never is, how long limits are waited for, what errors mean.

A call that broke off may have been carried out. What may be done twice is tried again here; what may not, such as
posting, raises `UncertainError`, and whoever posts looks whether the message is there.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DeliveryError

log = structlog.get_logger(__name__)

POSTS = frozenset({"chat.postMessage", "chat.postEphemeral", "chat.startStream", "chat.appendStream"})
"""Never called twice; limited for each channel."""
READS = (".info", ".list", ".replies", ".history", ".members", ".conversations", ".getPermalink", ".test")
"""Methods that take no JSON."""
PATIENCE_SECONDS = 120.0
ATTEMPTS = 3
TIMEOUT_SECONDS = 20
SLACK = "https://slack.com/api/"

Json = dict[str, Any]


class SlackRefusedError(DeliveryError):
    """Slack answered, and said no: `code` is its own word for why."""

    def __init__(self, method: str, code: str, retry_after: float = 0.0) -> None:
        super().__init__(f"Slack refused {method}: {code}.")
        self.code = code
        self.retry_after = retry_after


class UncertainError(DeliveryError):
    """The connection broke before Slack answered: the call may have been carried out or not."""


class Api:
    """The Web API with the bot's token."""

    def __init__(self, token: str, base_url: str, session: aiohttp.ClientSession) -> None:
        base_url = base_url or SLACK
        self.token = token
        self.session = session
        self._once = AsyncWebClient(token, base_url, TIMEOUT_SECONDS, session=session, retry_handlers=[])
        retries = [AsyncConnectionErrorRetryHandler(), AsyncRateLimitErrorRetryHandler(max_retry_count=5)]
        self.client = AsyncWebClient(token, base_url, TIMEOUT_SECONDS, session=session, retry_handlers=retries)
        """For Bolt and for uploads in several steps: it repeats what broke off."""
        self._pauses: dict[tuple[str, str], float] = {}
        self._queues: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def call(self, method: str, *, is_patient: bool = True, **arguments: Any) -> Json:  # noqa: ANN401 - JSON
        """Call a method; a rate limit is waited for, unless the call is not worth it (`is_patient`).

        Raises:
            SlackRefusedError: Slack said no.
            UncertainError: the connection broke, and the method may not be called twice.
            DeliveryError: Slack could not be reached.
        """
        gate = (method, str(arguments.get("channel", "")) if method in POSTS else "")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                if not self._pause(gate):
                    return await self._attempt(method, arguments)
                if not is_patient:
                    raise SlackRefusedError(method, "ratelimited", self._pause(gate))
                async with self._queues[gate]:  # one by one, or all would be refused again
                    await asyncio.sleep(self._pause(gate))
                    return await self._attempt(method, arguments)
            except SlackRefusedError as error:
                if not error.retry_after:
                    raise
                self._pauses[gate] = max(self._pauses.get(gate, 0.0), time.monotonic() + error.retry_after)
                log.info("slack_limit", method=method, seconds=error.retry_after)
                if not is_patient or self._pauses[gate] > deadline:
                    raise

    def _pause(self, gate: tuple[str, str]) -> float:
        """Return for how long Slack wants to be left alone with this."""
        return max(0.0, self._pauses.get(gate, 0.0) - time.monotonic())

    async def _attempt(self, method: str, arguments: Json) -> Json:
        """Call once; where the connection breaks, again if that does no harm."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                if method.endswith(READS):
                    response = await self._once.api_call(method, http_verb="GET", params=arguments)
                else:
                    response = await self._once.api_call(method, json=arguments)
                return dict(response.data) if isinstance(response.data, dict) else {}
            except SlackApiError as error:
                raise _refusal(method, error) from error
            except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError) as error:
                if method in POSTS:
                    raise UncertainError("The connection to Slack broke.") from error
                if attempt == ATTEMPTS:
                    raise DeliveryError("Slack cannot be reached.") from error
                await asyncio.sleep(0.2 * attempt)
        raise AssertionError("unreachable")


def _refusal(method: str, error: SlackApiError) -> SlackRefusedError:
    data = getattr(error.response, "data", None)
    code = str(data.get("error") or "unknown") if isinstance(data, dict) else "no_json"
    if getattr(error.response, "status_code", 0) != 429:
        return SlackRefusedError(method, code)
    headers = {name.lower(): value for name, value in error.response.headers.items()}
    return SlackRefusedError(method, "ratelimited", max(1.0, float(headers.get("retry-after", 1))))
