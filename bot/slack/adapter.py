"""The Slack app: which events, commands and clicks go where, and the connection they come over."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.claims import TAKE_OVER_SECONDS
from bot.core import Core
from bot.slack import connection, render
from bot.slack.api import Api, Json
from bot.slack.clicks import Clicks
from bot.slack.commands import SlashCommands
from bot.slack.directory import Directory
from bot.slack.events import Identity, is_by_bot
from bot.slack.home import Home
from bot.slack.inbox import Inbox
from bot.slack.questions import Questions
from bot.slack.upkeep import Upkeep
from bot.slack.uploads import SlackUploads
from bot.slack.whisper import Whisper
from bot.upkeep import LISTENING_SECONDS
from ingest.periodic import repeat

log = structlog.get_logger(__name__)

ACK_SECONDS = 0.05
"""Bolt sends an acknowledgement a moment after it was given; the result comes below it."""
ANYTHING = re.compile(".*")


async def run_slack(core: Core) -> None:
    """Serve the workspace that the tokens belong to, until cancelled; then finish or hand over answers."""
    settings = core.settings
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100)) as session:
        api = Api(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session)
        about = await api.call("auth.test")
        identity = Identity(str(about["team_id"]), str(about["user_id"]), str(about.get("user") or "askdocs"))
        adapter = SlackAdapter(core, api, identity)
        await adapter.run()


class SlackAdapter:
    """The parts that serve one workspace, wired to Bolt."""

    def __init__(self, core: Core, api: Api, identity: Identity) -> None:
        self._core = core
        self._api = api
        self._team = team = identity.team
        directory = Directory(api, team, core.settings.access.membership_seconds)
        questions = Questions(core, api, directory, identity)
        uploads = SlackUploads(core, api, directory, identity.bot)
        home = Home(core, api, questions, identity)
        self._inbox = Inbox(core, api, directory, questions, uploads, home, identity)
        self._slash = SlashCommands(core, api, directory, questions, identity)
        self._clicks = Clicks(core, api, questions, self._slash, self._inbox, home)
        self._upkeep = Upkeep(core, directory, uploads, self._inbox, team)
        core.uploads.register("slack", uploads)
        secret = core.settings.slack_signing_secret.get_secret_value()
        self.app = AsyncApp(client=api.client, signing_secret=secret, logger=_quiet_logger())
        self._register()

    def _register(self) -> None:
        self.app.command(render.COMMAND)(self._on_command)
        self.app.shortcut(render.INDEX_SHORTCUT)(self._on_shortcut)
        self.app.action(ANYTHING)(self._on_click)
        self.app.view(render.FEEDBACK_VIEW)(self._on_submission)
        # Bolt acknowledges an event only if a listener takes it, and after that listener's middleware.
        self.app.event(ANYTHING, middleware=[self._take])(_acknowledged)

    async def run(self) -> None:
        """Serve until cancelled."""
        await self._warm_up()
        try:
            opened = connection.opened(self.app, self._core.settings, self._core.health, self._is_idle)
            async with opened, asyncio.TaskGroup() as tasks:
                tasks.create_task(repeat(TAKE_OVER_SECONDS, self._inbox.take_over))
                tasks.create_task(repeat(LISTENING_SECONDS, self._upkeep.look))
        finally:
            await self._inbox.stop(self._core.settings.slack.stop_seconds)

    async def _warm_up(self) -> None:
        """Let Bolt look up who we are now: at the first events it would do so for each, and mix up their order."""
        body = {"type": "event_callback", "team_id": self._team, "event": {"type": "warm_up"}}
        await self.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))

    def _is_idle(self, body: Mapping[str, Any]) -> bool:
        """Say whether nothing comes of an event: for each answer there are several that tell us what we wrote."""
        self._upkeep.heard()
        return is_by_bot(body.get("event") or {})

    async def _take(self, body: Json, next: Callable[[], Awaitable[None]]) -> None:
        self._upkeep.heard()
        await self._inbox.take(body.get("event") or {})
        await next()

    async def _on_command(self, ack: AsyncAck, body: Json) -> None:
        sign = self._slash.sign_of_life(str(body.get("text") or ""))
        await ack(sign)
        if sign:
            await asyncio.sleep(ACK_SECONDS)
        self._inbox.start(self._slash.run(body))

    async def _on_click(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        self._inbox.start(self._clicks.take(body))

    async def _on_submission(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        self._inbox.start(self._clicks.submitted(body))

    async def _on_shortcut(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        whisper = Whisper(self._api.session, str(body["response_url"]))
        self._inbox.start(self._inbox.index_message(body["message"], str(body["channel"]["id"]), whisper))


async def _acknowledged() -> None:
    """Everything was done before."""


def _quiet_logger() -> logging.Logger:
    """Bolt and the SDK log bodies of events at times, with what people wrote."""
    logger = logging.getLogger("askdocs.slack")
    logger.setLevel(logging.CRITICAL)
    return logger
