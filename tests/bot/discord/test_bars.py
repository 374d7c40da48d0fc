"""The bars of Discord in small, without a time: `python -m tests.benchmarks.discord` has the large ones."""

from __future__ import annotations

import random

import pytest

from bot import notices
from tests.bot.discord.playing import LEAVE, playing, saying, settings_for
from tests.bot.discord.test_questions import ANSWER
from tests.bot.slack.test_bars import Gathering
from tests.fake_discord import FakeDiscord

pytestmark = pytest.mark.timeout(180)


async def test_fifty_at_once_do_not_wait_for_each_other(discord: FakeDiscord, samples, tmp_path):
    """Every question has its sign of life, and is with the model, before the first of them is answered."""
    people = [discord.user(f"person{number}") for number in range(10)]
    channels = [discord.channel(f"channel{number}") for number in range(8)]
    async with playing(discord, settings_for(discord, tmp_path, samples), Gathering(50)):
        asked = [await people[n % 10].says(channels[n % 8], f"{discord.mention} {LEAVE}") for n in range(50)]
        answers = [await discord.reply(one, "[1]") for one in asked]

    first_words = next(one for one in discord.happenings if "Days" in one.text)
    before = discord.happenings[: discord.happenings.index(first_words)]
    assert {one.id for one in answers} <= {one.message for one in before if notices.LOOKING in one.text}
    assert [len(discord.replies(one)) for one in asked] == [1] * 50


async def test_a_replay_with_what_goes_wrong(discord: FakeDiscord, samples, tmp_path):
    """Limits and broken connections, with two processes that hear everything: every question is answered once."""
    chance = random.Random(7)
    people = [discord.user(f"person{number}") for number in range(3)]
    channels = [discord.channel(f"channel{number}") for number in range(3)]
    posting, editing = "POST /channels/{channel}/messages", "PATCH /channels/{channel}/messages/{message}"
    settings = settings_for(discord, tmp_path, samples)
    async with playing(discord, settings, one := saying(*ANSWER)), playing(discord, settings, two := saying(*ANSWER)):
        await discord.connected(2)
        asked = []
        for number in range(30):
            asked.append(await people[number % 3].says(channels[number % 3], f"{discord.mention} {LEAVE}"))
            if number % 6 == 0:
                discord.limit(chance.choice([posting, editing]), 0.2)
            if number % 7 == 0:
                discord.break_off(chance.choice([posting, editing]))
            if number in (10, 20):
                discord.gateway.cut()
        for message in asked:
            await discord.until(lambda message=message: any(discord.see(e).buttons for e in discord.replies(message)))
        await discord.delivered()

    assert [len(discord.replies(message)) for message in asked] == [1] * 30
    assert len(one.calls) + len(two.calls) == 30
