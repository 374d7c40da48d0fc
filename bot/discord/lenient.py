"""Keeps discord.py going where a server says less than Discord does, or something else: a gap ends no connection.

discord.py stops for good at an event that it cannot read, and gives up at a rate limit without Cloudflare's header.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.discord import completing, permissions

log = structlog.get_logger(__name__)

MOST_TRIES = 5
LONGEST_PAUSE = 60.0
HELD_UP = 429
NOT_NOW = frozenset({503, 520, 521, 522, 523})
"""Failures of a moment that discord.py reports at once, unlike the others, which it waits out."""
DISCORD = ".discord.gg"

Request = Callable[..., Awaitable[Any]]


class LenientWebSocket(DiscordWebSocket):
    """A connection to the gateway that outlives what it does not understand."""

    async def received_message(self, msg: Any, /) -> None:  # noqa: ANN401 - as discord.py has it
        if isinstance(msg, bytes):
            msg = self._decompressor.decompress(msg)
            if msg is None:
                return
        name = ""
        try:
            payload = json.loads(msg)
            name = payload.get("t") or ""
            if name:
                payload["d"] = self._completed(name, payload.get("d"))
                payload.setdefault("s", self.sequence)
                msg = json.dumps(payload)
            await super().received_message(msg)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            log.warning("event_not_understood", name=name, error=type(error).__name__)

    def _completed(self, name: str, data: Any) -> Any:  # noqa: ANN401 - JSON
        state = self._connection
        whole = completing.event(
            name,
            data,
            state.application_id or 0,
            self.shard_id or 0,
            self.shard_count or 1,
            permissions.wanted().value,
        )
        if name == "READY":
            whole["resume_gateway_url"] = self._resumed_at(whole["resume_gateway_url"])
        if name == "MESSAGE_CREATE" and isinstance(whole, dict):  # a command may come from where we are not
            guild = whole.get("guild_id")
            if guild and state._get_guild(int(guild)) is None:  # else it would be taken for a direct message
                state._add_guild_from_data({"id": guild, "unavailable": True})  # type: ignore[typeddict-item]
        return whole

    def _resumed_at(self, told: str) -> str:
        """Return where a session is resumed: never at Discord itself where something stands in for it."""
        is_discord = (yarl.URL(told).host or "").endswith(DISCORD)
        stands_in = not (self.DEFAULT_GATEWAY.host or "").endswith(DISCORD)
        return str(self.DEFAULT_GATEWAY) if not told or (is_discord and stands_in) else told


class LenientWebhooks(AsyncWebhookAdapter):
    """Responses to commands and clicks."""

    async def request(self, route: Route, *arguments: Any, **more: Any) -> Any:  # noqa: ANN401 - as discord.py has it
        return await _persist(super().request, route, *arguments, **more)


def make_lenient(client: discord.Client) -> None:
    """Let a client and its webhooks, in this task and those it starts, take what is not quite Discord's."""
    request = client.http.request

    async def lenient(route: Route, **more: Any) -> Any:  # noqa: ANN401 - as discord.py has it
        return await _persist(_through_failures(request), route, **more)

    client.http.request = lenient  # type: ignore[method-assign]
    async_context.set(LenientWebhooks())  # type: ignore[no-untyped-call]
    discord.webhook.async_.json_or_text = _json_or_text  # type: ignore[attr-defined]
    for module in (discord.client, discord.shard):
        module.DiscordWebSocket = LenientWebSocket  # type: ignore[attr-defined]


def _through_failures(request: Request) -> Request:
    """Wait out the failures that discord.py does not, as long as it does for others."""

    async def called(route: Route, **more: Any) -> Any:  # noqa: ANN401 - as discord.py has it
        for attempt in range(MOST_TRIES - 1):
            try:
                return await request(route, **more)
            except discord.HTTPException as error:
                if error.status not in NOT_NOW:
                    raise
            log.info("discord_fails", route=route.path)
            await asyncio.sleep(1 + 2 * attempt)
            for file in more.get("files") or ():
                file.reset()
        return await request(route, **more)

    return called


async def _json_or_text(response: aiohttp.ClientResponse) -> Any:  # noqa: ANN401 - JSON
    """discord.py's webhooks fail at a rate limit that they took for text."""
    return _parsed(await response.text(encoding="utf-8"))


async def _persist(request: Request, route: Route, *arguments: Any, **more: Any) -> Any:  # noqa: ANN401 - JSON
    """Call until no rate limit stands in the way; discord.py waits for those only that came through Cloudflare."""
    for attempt in range(1, MOST_TRIES + 1):
        for file in more.get("files") or ():
            file.reset()
        try:
            data = _parsed(await request(route, *arguments, **more))
            return completing.answer(route.method, route.path, data)
        except discord.HTTPException as error:
            response: Any = error.response
            body = _parsed(await response.text())
            pause = _pause(error, body)
            if error.status != HELD_UP or pause is None or attempt == MOST_TRIES:
                if isinstance(body, dict) and body.get("code") and not error.code:
                    raise type(error)(error.response, body) from error
                raise
            log.info("discord_limit", route=route.path, seconds=pause)
            await asyncio.sleep(pause)
    raise AssertionError("unreachable")


def _pause(error: discord.HTTPException, body: Any) -> float | None:  # noqa: ANN401 - JSON
    """Return how long Discord wants to be left alone; None where that is longer than anybody waits."""
    said = (body.get("retry_after") if isinstance(body, dict) else None) or error.response.headers.get("Retry-After")
    try:
        seconds = float(said or 1.0)
    except ValueError:
        seconds = 1.0
    return seconds if seconds <= LONGEST_PAUSE else None


def _parsed(data: Any) -> Any:  # noqa: ANN401 - JSON
    """discord.py takes for text what is not called `application/json` to the letter, `; charset=utf-8` included."""
    if isinstance(data, str) and data[:1] in ("{", "["):
        try:
            return json.loads(data)
        except ValueError:
            return data
    return data
