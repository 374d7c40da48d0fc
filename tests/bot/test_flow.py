"""One story on every platform: a PDF is added, asked about, looked at, judged and forgotten, and means the same."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.bot.discord import playing as on_discord
from tests.bot.slack import playing as on_slack
from tests.bot.slack.playing import HANDBOOK, MANIFEST
from tests.bot.stages import DiscordStage, SlackStage, Stage, TerminalStage
from tests.fake_discord import FakeDiscord
from tests.fake_slack import FakeSlack

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

CARRIED_OVER = "By when do days of annual leave that are carried over have to be taken?"
PARENTS = "And how many weeks of parental leave are there?"


@pytest.fixture(params=["slack", "discord", "terminal"])
async def stage(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    match request.param:
        case "slack":
            async with FakeSlack(manifest=MANIFEST) as slack:
                settings = on_slack.settings_for(slack, tmp_path, None, ASKDOCS_SLACK__WATCHED="[handbooks]")
                async with on_slack.playing(slack, settings, works=True):
                    yield SlackStage(slack, settings)
        case "discord":
            # discord.py keeps its addresses in its classes.
            monkeypatch.setattr(Route, "BASE", Route.BASE)
            monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
            async with FakeDiscord() as discord:
                settings = on_discord.settings_for(discord, tmp_path, None, ASKDOCS_DISCORD__WATCHED="[handbooks]")
                async with on_discord.playing(discord, settings, works=True):
                    yield DiscordStage(discord, settings)
        case "terminal":
            terminal = TerminalStage(tmp_path)
            yield terminal
            await terminal.close()


async def test_a_handbook_from_its_upload_to_its_end(stage: Stage) -> None:
    """Added with progress, cited with its page, followed up, shown, judged, and gone when it is forgotten."""
    told = await stage.upload()
    answer = await stage.ask(CARRIED_OVER)
    picture = await stage.show_page()
    more = await stage.follow_up(PARENTS)
    await stage.say_it_is_wrong("It is longer.")
    await until_equal(stage.ratings, [(-1, "It is longer.")])
    await stage.forget()
    await until_equal(stage.documents, [])
    nothing = await stage.ask(CARRIED_OVER)

    assert HANDBOOK in told[0]
    assert "12 pages" in told[-1]
    assert facts(answer) == {"31 March", "[1]", f"{HANDBOOK}, page 2"}
    assert facts(more) == {"18 weeks", "[1]", f"{HANDBOOK}, page 2"}
    assert picture.startswith(b"\x89PNG")
    assert facts(nothing) == set()


def facts(shown: str) -> set[str]:
    """Return what an answer says, however the platform shows it."""
    text = re.sub(r"[*_`~\\]|\s+", " ", shown)
    known = ("31 March", "18 weeks", "[1]", f"{HANDBOOK}, page 2")
    return {fact for fact in known if fact in re.sub(r" +", " ", text)}


async def until_equal(read, expected: object) -> None:
    """Wait until something reads as expected: what a click sets off goes on after it."""
    async with asyncio.timeout(60):
        while await read() != expected:
            await asyncio.sleep(0.1)
