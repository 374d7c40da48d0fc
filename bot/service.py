"""What `askdocs run` runs: every adapter whose token is set; with none, the terminal chat."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Coroutine
from contextlib import AsyncExitStack

import structlog

from bot.composition import answering
from bot.core import Core, open_core
from bot.settings import Settings
from bot.terminal.session import run_chat
from ingest.documents import WORKSPACE_SCOPE, Scopes
from ingest.logs import configure_logging
from ingest.settings import SettingsError
from ingest.updating import bring_up_to_date

log = structlog.get_logger(__name__)


async def run_service(settings: Settings) -> None:
    """Run until a signal asks to stop; then finish, or hand over, what is under way."""
    if not (settings.slack_bot_token.get_secret_value() or settings.discord_bot_token.get_secret_value()):
        await bring_up_to_date(settings)
        await run_chat(settings, Scopes("local", frozenset({WORKSPACE_SCOPE})))
        return
    _check(settings)
    await bring_up_to_date(settings)
    configure_logging()
    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(answering(settings, create=True))

        def models() -> list[str]:
            return [f"{choice.model}: {choice.reason}" for choice in parts.models.choices() if choice.is_used]

        core = await stack.enter_async_context(open_core(settings, parts.index, parts.embedder, parts.engine, models))
        await _serve(core, _adapters(core))


def _check(settings: Settings) -> None:
    if not settings.slack_bot_token.get_secret_value():
        return
    if settings.slack.mode == "socket" and not settings.slack_app_token.get_secret_value():
        raise SettingsError("SLACK_APP_TOKEN is missing: an app-level token with the scope connections:write.")
    if settings.slack.mode == "http" and not settings.slack_signing_secret.get_secret_value():
        raise SettingsError("SLACK_SIGNING_SECRET is missing: without it nobody knows whether a request is Slack's.")


def _adapters(core: Core) -> list[Coroutine[None, None, None]]:
    """Import a platform's library only where it is used."""
    adapters = []
    if core.settings.slack_bot_token.get_secret_value():
        from bot.slack.adapter import run_slack

        adapters.append(run_slack(core))
    if core.settings.discord_bot_token.get_secret_value():
        from bot.discord.adapter import run_discord

        adapters.append(run_discord(core))
    return adapters


async def _serve(core: Core, adapters: list[Coroutine[None, None, None]]) -> None:
    """Run the adapters over the core; on a signal stop the adapters first, for they still need it."""
    # What was imported stays: to look through it for garbage, again and again, stops everything for a quarter second.
    gc.collect()
    gc.freeze()
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with asyncio.TaskGroup() as tasks:
        working = tasks.create_task(core.run())
        serving = [tasks.create_task(adapter) for adapter in adapters]
        await stopping.wait()
        log.info("stopping")
        for adapter in serving:
            adapter.cancel()
        await asyncio.wait(serving)
        working.cancel()
