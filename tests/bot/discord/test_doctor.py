"""`askdocs doctor` on Discord: what is missing is named, with what to do."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from bot.discord import permissions
from bot.discord.doctor import check_discord
from bot.doctor import Finding
from tests.bot.discord.playing import settings_for
from tests.fake_discord import FakeDiscord
from tests.fake_discord.permissions import ADD_REACTIONS, BOT


async def found(discord: FakeDiscord, tmp_path, **more: str) -> dict[str, Finding]:
    settings = settings_for(discord, tmp_path, None, **more)
    return {finding.subject: finding async for finding in check_discord(settings)}


async def test_all_is_well(discord, tmp_path):
    """Token, intent, servers, watched channels; and a link that asks for exactly what the code needs."""
    discord.channel("manuals")

    findings = await found(discord, tmp_path, ASKDOCS_DISCORD__WATCHED="['#manuals']")

    link = parse_qs(urlsplit(findings["discord invite"].text).query)
    assert {name: one.is_ok for name, one in findings.items()} == dict.fromkeys(
        (
            "discord token",
            "discord message content",
            "discord invite",
            "discord server Acme",
            "discord channel #manuals",
        ),
        True,
    )
    assert (link["client_id"], link["scope"]) == ([discord.app.id], ["bot applications.commands"])
    assert int(link["permissions"][0]) == permissions.wanted().value == BOT


@pytest.mark.parametrize(
    ("break_it", "more", "subject"),
    [
        pytest.param(lambda discord: None, {"DISCORD_BOT_TOKEN": "wrong"}, "discord token", id="token"),
        pytest.param(
            lambda discord: discord.app.intents.discard("message_content"), {}, "discord message content", id="intent"
        ),
        pytest.param(
            lambda discord: discord.channel("manuals").deny(None, ADD_REACTIONS),
            {"ASKDOCS_DISCORD__WATCHED": "[manuals]"},
            "discord channel #manuals",
            id="permission",
        ),
        pytest.param(
            lambda discord: None, {"ASKDOCS_DISCORD__WATCHED": "[nowhere]"}, "discord channel nowhere", id="channel"
        ),
        pytest.param(lambda discord: None, {"ASKDOCS_DISCORD__GUILDS": "['1']"}, "discord server 1", id="server"),
        pytest.param(lambda discord: discord.world.remove_bot(discord.home), {}, "discord servers", id="in no server"),
        pytest.param(
            lambda discord: None, {"DISCORD_API_BASE": "http://127.0.0.1:9/api/v10"}, "discord", id="unreachable"
        ),
    ],
)
async def test_what_is_wrong_is_named(discord, tmp_path, break_it, more, subject):
    """One thing is wrong, and exactly that is found."""
    break_it(discord)

    findings = await found(discord, tmp_path, **more)

    assert [name for name, one in findings.items() if one.is_ok is False] == [subject]
