"""Direct conversations: opened where something is for one person alone, and remembered, for no list of them exists."""

from __future__ import annotations

import time

import discord

from bot.discord.sending import delivering
from bot.marks import Marks
from bot.upkeep import LONGEST_AWAY

NOTED_SECONDS = 3_600.0
MOST = 500
"""Conversations that are looked through after a break, those that were used last."""


async def directly(client: discord.Client, user: int) -> discord.DMChannel:
    """Return the direct conversation with somebody."""
    with delivering():
        return await client.create_dm(discord.Object(user))


class Directs:
    """Which direct conversations there were lately: their ids, and when something was said in them."""

    def __init__(self, marks: Marks, client: discord.Client) -> None:
        self._marks = marks
        self._client = client
        self._noted: dict[int, float] = {}

    @property
    def mark(self) -> str:
        return f"discord-direct:{self._client.application_id}"

    async def note(self, channel: int) -> None:
        """Something was said in a conversation."""
        now = time.time()
        if now - self._noted.get(channel, 0.0) > NOTED_SECONDS:
            await self._marks.set(f"{self.mark}:{channel}", now)
            self._noted[channel] = now

    async def lately(self) -> list[int]:
        """Return the conversations of the last weeks, and forget the others."""
        moments = await self._marks.moments(f"{self.mark}:")
        noted = {name: moment for name, moment in moments.items() if name.rpartition(":")[2].isdecimal()}
        for name in [name for name, moment in noted.items() if time.time() - moment > LONGEST_AWAY]:
            await self._marks.forget(name)
            del noted[name]
        latest_first = sorted(noted, key=lambda name: noted[name], reverse=True)
        return [int(name.rpartition(":")[2]) for name in latest_first[:MOST]]
