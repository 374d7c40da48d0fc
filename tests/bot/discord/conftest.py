"""Fixtures: the handbook indexed once, and a fake Discord whose guild it belongs to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.discord.events import workspace
from tests.bot.discord.playing import index_handbook
from tests.fake_discord import FakeDiscord

HOME = 1_000_000_000_000_000_000


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the handbook indexed for the home guild."""
    folder = tmp_path_factory.mktemp("discord-samples")
    asyncio.run(index_handbook(folder, workspace(HOME)))
    return folder


@pytest.fixture
async def discord(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    async with FakeDiscord(home=str(HOME)) as server:
        server.interactions.seconds = 15.0  # of Discord's three, a busy machine may need more
        yield server
        assert [one.route for one in server.calls if may_ping(one.body)] == [], "everything we send may ping nobody"


def may_ping(body: Any) -> bool:
    """Say whether a call sends words without saying that they mention nobody."""
    said = body.get("data", body) if isinstance(body, dict) else None
    if not isinstance(said, dict) or not {"content", "embeds"} & said.keys():
        return False
    return (said.get("allowed_mentions") or {}).get("parse") != []
