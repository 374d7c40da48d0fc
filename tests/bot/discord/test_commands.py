"""`/askdocs` over the wire."""

from __future__ import annotations

import pytest

from tests.bot.discord.playing import HANDBOOK, LEAVE, playing, saying, settings_for
from tests.bot.discord.test_questions import ANSWER

pytestmark = pytest.mark.timeout(60)


@pytest.mark.parametrize("private", [False, True], ids=["for everybody", "for the asker"])
async def test_ask(discord, samples, tmp_path, private):
    """A question is deferred at once, and its answer takes the deferred message's place."""
    ann, bob = discord.user("ann"), discord.user("bob")
    channel = discord.channel("general")
    async with playing(discord, settings_for(discord, tmp_path, samples), saying(*ANSWER)):
        names = await ann.autocompletes("askdocs ask", channel, question=LEAVE, document="hand")
        act = await ann.command("askdocs ask", channel, question=LEAVE, document=HANDBOOK, private=private)
        await discord.until(lambda: "[1]" in discord.see(act.original).shown, within=15)

    assert names == [HANDBOOK]
    assert act.responded_after < 1
    assert act.followups == []
    assert any("[1]" in one.shown for one in bob.sees(channel)) is not private
    assert ("Share in channel" in discord.see(act.original).buttons) is private


async def test_commands_of_one_word(discord, samples, tmp_path):
    """What a command says is seen by whoever gave it alone."""
    ann, bob = discord.user("ann"), discord.user("bob")
    channel = discord.channel("general")
    async with playing(discord, settings_for(discord, tmp_path, samples)):
        for word, shown in {"docs": HANDBOOK, "help": "/askdocs", "status": "document", "why": "not answered"}.items():
            act = await ann.command(f"askdocs {word}", channel)
            await discord.until(lambda act=act, shown=shown: shown in discord.see(act.original).shown, within=10)
        refused = await bob.command("askdocs forget", channel, document="nothing.pdf")
        await discord.until(lambda: "nothing.pdf" in discord.see(refused.original).shown, within=10)

    assert bob.sees(channel)[-1].ephemeral
    assert not [one for one in channel.messages if one.author is discord.bot]
