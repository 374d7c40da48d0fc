"""The Slack app: which events, commands and clicks go where, and the connection they come over."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp

from bot.core import Core
from bot.slack import connection
from bot.slack.api import Api
from bot.slack.directory import Directory
from bot.slack.inbox import Inbox
from bot.slack.questions import Questions
from ingest.periodic import repeat

log = structlog.get_logger(__name__)

TAKE_OVER_SECONDS = 10.0
ANYTHING = re.compile(".*")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are in the workspace."""

    team: str
    bot: str


async def run_slack(core: Core) -> None:
    """Serve the workspace that the tokens belong to, until cancelled; then finish or hand over answers."""
    settings = core.settings
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100)) as session:
        api = Api(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session)
        about = await api.call("auth.test")
        identity = Identity(str(about["team_id"]), str(about["user_id"]))
        adapter = SlackAdapter(core, api, identity)
        await adapter.run()


class SlackAdapter:
    """The parts that serve one workspace, wired to Bolt."""

    def __init__(self, core: Core, api: Api, identity: Identity) -> None:
        self._core = core
        self._directory = Directory(api, identity.team, core.settings.access.membership_seconds)
        self._questions = Questions(core, api, self._directory, identity.bot)
        self._inbox = Inbox(core, api, self._directory, self._questions, identity.team, identity.bot)
        secret = core.settings.slack_signing_secret.get_secret_value()
        self.app = AsyncApp(client=api.client, signing_secret=secret, logger=_quiet_logger())
        self._register()

    def _register(self) -> None:
        # Bolt acknowledges an event only if a listener takes it, and after that listener's middleware.
        self.app.event(ANYTHING, middleware=[self._take])(_acknowledged)

    async def run(self) -> None:
        """Serve until cancelled."""
        try:
            async with connection.opened(self.app, self._core.settings), asyncio.TaskGroup() as tasks:
                tasks.create_task(repeat(TAKE_OVER_SECONDS, self._inbox.take_over))
        finally:
            await self._inbox.stop(self._core.settings.slack.stop_seconds)

    async def _take(self, body: dict[str, Any], next: Callable[[], Awaitable[None]]) -> None:
        await self._inbox.take(body.get("event") or {})
        await next()


async def _acknowledged() -> None:
    """Everything was done before."""


def _quiet_logger() -> logging.Logger:
    """Bolt and the SDK log bodies of events at times, with what people wrote."""
    logger = logging.getLogger("askdocs.slack")
    logger.setLevel(logging.CRITICAL)
    return logger
