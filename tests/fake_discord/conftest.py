"""A fake Discord, and unmodified discord.py clients on it that record what reaches them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import discord
import pytest
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.fake_discord import FakeDiscord


@pytest.fixture
async def fake(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        monkeypatch.setattr(Route, "BASE", server.api_base)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))
        yield server


def intents(*, content: bool = True, members: bool = True) -> discord.Intents:
    wanted = discord.Intents.default()
    wanted.message_content, wanted.members = content, members
    return wanted


class Bot(discord.Client):
    """A client as it is, that keeps the events it was given; a test adds commands to `tree`."""

    def __init__(self, wanted: discord.Intents | None = None, **options: Any) -> None:
        super().__init__(intents=wanted or intents(), guild_ready_timeout=0.05, **options)
        self.tree = app_commands.CommandTree(self)
        self.events: list[tuple[str, tuple[Any, ...]]] = []
        self.came = asyncio.Event()
        self.running: asyncio.Task[None] | None = None

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        if not event.startswith("socket"):
            self.events.append((event, args))
            self.came.set()
        super().dispatch(event, *args, **kwargs)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait five seconds before identifying again."""

    def all(self, event: str) -> list[Any]:
        """Return what each event of this name carried: its argument, or a tuple of several."""
        return [args[0] if len(args) == 1 else args for name, args in self.events if name == event]

    async def next(self, event: str, count: int = 1, within: float = 5.0) -> Any:
        """Wait for the event to have come this often; return the last one's argument."""
        async with asyncio.timeout(within):
            while len(self.all(event)) < count:
                self.came.clear()
                await self.came.wait()
        return self.all(event)[-1]

    async def go(self, fake: FakeDiscord, *, ready: bool = True) -> Bot:
        """Log in, and run until the test ends."""
        self.running = asyncio.create_task(self.start(fake.app.token))
        if ready:
            await self.next("ready")
        return self


@pytest.fixture
async def bots() -> AsyncIterator[list[Bot]]:
    """Clients to close at the end of the test."""
    made: list[Bot] = []
    yield made
    for one in made:
        await one.close()
        if one.running is not None:
            await asyncio.gather(one.running, return_exceptions=True)


@pytest.fixture
async def bot(fake: FakeDiscord, bots: list[Bot]) -> Bot:
    """A client with all intents, ready."""
    one = Bot()
    bots.append(one)
    return await one.go(fake)


async def refusal(call: Awaitable[Any]) -> discord.HTTPException:
    """Await a call that Discord refuses."""
    with pytest.raises(discord.HTTPException) as caught:
        await call
    return caught.value
