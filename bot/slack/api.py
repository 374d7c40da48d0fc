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
NO_SUCH_METHOD = "unknown_method"
_NO_SUCH_METHOD = frozenset({"not_implemented", "unimplemented", "unsupported_method", "method_not_found"})
"""The same as other servers say it."""
_NO_SUCH_ADDRESS = frozenset({404, 405, 501})
_BROKE = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
"""Slack's own failures, after which a call may have been carried out or not."""
_NO_PLACE = frozenset(
    {
        "not_in_channel", "channel_not_found", "is_archived", "thread_not_found", "cannot_reply_to_message",
        "messages_tab_disabled", "no_permission", "user_is_restricted", "access_denied", "ekm_access_denied",
    }
)  # fmt: skip
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
        self.is_refusal = not retry_after

    @property
    def is_no_place(self) -> bool:
        """We may not write there, whatever and however."""
        return self.code in _NO_PLACE or self.code.startswith("restricted_action")


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

    async def direct(self, user: str) -> str:
        """Return where a person is written to directly: messages for their id get there, too."""
        try:
            body = await self.call("conversations.open", users=user)
        except SlackRefusedError as error:
            if error.code != NO_SUCH_METHOD:
                raise
            return user
        return str((body.get("channel") or {}).get("id") or user)

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
                refused = refusal(method, error)
                if refused.code not in _BROKE or (attempt == ATTEMPTS and method not in POSTS):
                    raise refused from error
                broke: Exception = error
            except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError) as error:
                broke = error
            if method in POSTS:
                raise UncertainError("The connection to Slack broke.") from broke
            if attempt == ATTEMPTS:
                raise DeliveryError("Slack cannot be reached.") from broke
            await asyncio.sleep(0.2 * attempt)
        raise AssertionError("unreachable")


def refusal(method: str, error: SlackApiError) -> SlackRefusedError:
    """Return what Slack said, whatever it said it with."""
    response = error.response
    data = getattr(response, "data", None)
    status = getattr(response, "status_code", 0) or getattr(response, "status", 0)
    code = str(data.get("error") or "") if isinstance(data, dict) else ""
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return SlackRefusedError(method, "ratelimited", _retry_after(response))
    if code in _NO_SUCH_METHOD or (not code and status in _NO_SUCH_ADDRESS):
        code = NO_SUCH_METHOD
    return SlackRefusedError(method, code or ("service_unavailable" if status >= 500 else "no_json"))


def _retry_after(response: Any) -> float:  # noqa: ANN401 - whatever the SDK hands over
    headers = {name.lower(): value for name, value in getattr(response, "headers", {}).items()}
    try:
        return max(1.0, float(headers.get("retry-after", 1)))
    except ValueError:
        return 1.0
