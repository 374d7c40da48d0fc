"""A fake Slack, the unmodified SDK client on it, and a Bolt app that records what reaches it."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fake_slack import FakeSlack

QUIET = logging.getLogger("quiet")
QUIET.setLevel(logging.CRITICAL)


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as server:
        yield server


@pytest.fixture
def client(slack: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient(token=slack.app.bot_token, base_url=slack.api_url)


async def refusal(call: Awaitable[Any]) -> dict[str, Any]:
    """Await a call that Slack refuses, and return what it answered."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return dict(caught.value.response.data)


class Bolt:
    """A Bolt app, unmodified, that keeps the bodies it was given; a test adds listeners of its own to `app`."""

    def __init__(self, slack: FakeSlack, client: AsyncWebClient) -> None:
        self.app = AsyncApp(client=client, signing_secret=slack.app.signing_secret, logger=QUIET)
        self.bodies: list[dict[str, Any]] = []
        self.delay = 0.0
        self._slack = slack
        self._handlers: list[AsyncSocketModeHandler] = []
        self.app.middleware(self._record)

    def ignore_the_rest(self) -> None:
        """Acknowledge what no listener wants: Bolt answers 404 to it, and Slack would deliver it three times more."""

        @self.app.event(re.compile(".*"))
        async def rest() -> None: ...

    async def _record(self, body: dict[str, Any], next: Any) -> None:
        self.bodies.append(body)
        await asyncio.sleep(self.delay)
        await next()

    def events(self, kind: str, subtype: str | None = None) -> list[dict[str, Any]]:
        """Return the events of this kind that arrived, in order."""
        found = [body["event"] for body in self.bodies if body.get("event", {}).get("type") == kind]
        return [one for one in found if one.get("subtype") == subtype]

    async def connect(self, ping_interval: float = 5.0) -> AsyncSocketModeHandler:
        if not self._handlers:
            self.ignore_the_rest()
        handler = AsyncSocketModeHandler(self.app, self._slack.app.app_token, logger=QUIET, ping_interval=ping_interval)
        self._handlers.append(handler)
        await handler.connect_async()
        await self._slack.connected(len(self._handlers))
        return handler

    async def close(self) -> None:
        for handler in self._handlers:
            await handler.close_async()


@pytest.fixture
async def bolt(slack: FakeSlack, client: AsyncWebClient) -> AsyncIterator[Bolt]:
    app = Bolt(slack, client)
    yield app
    await app.close()
