"""Sessions that break, limits, long answers, shards, several processes, a killed one: one answer each."""

from __future__ import annotations

import asyncio
import shutil
import signal
from pathlib import Path

import pytest

from bot import notices
from bot.database import open_state
from bot.marks import Marks
from tests.benchmarks.discord import start
from tests.bot.discord.playing import LEAVE, playing, saying, settings_for
from tests.bot.discord.test_questions import ANSWER
from tests.fake_discord import FakeDiscord
from tests.fake_discord.limits import Rate

pytestmark = pytest.mark.timeout(180)


async def answered(discord: FakeDiscord, *asked) -> list[int]:
    """Wait for the final answers; return how many messages each question got."""
    for one in asked:
        await discord.until(lambda one=one: any(discord.see(each).buttons for each in discord.replies(one)), 40)
    await discord.delivered()
    return [len(discord.replies(one)) for one in asked]


@pytest.mark.parametrize("trouble", ["cut", "reconnect", "resumable", pytest.param("over", marks=pytest.mark.slow)])
async def test_a_session_that_breaks(discord: FakeDiscord, samples, tmp_path, trouble):
    """What was asked meanwhile is answered once: after a resume it is told, after a new session it is looked for."""
    ann = discord.user("ann")
    channel = discord.channel("general")
    async with playing(discord, settings_for(discord, tmp_path, samples), model := saying(*ANSWER)):
        first = await ann.says(channel, f"{discord.mention} {LEAVE}")
        await answered(discord, first)
        if trouble == "cut":
            discord.gateway.cut()
        elif trouble == "reconnect":
            await discord.gateway.reconnect()
        else:
            await discord.gateway.invalidate(resumable=trouble == "resumable")
        meanwhile = await ann.says(channel, f"{discord.mention} {LEAVE}")
        counts = await answered(discord, first, meanwhile)
        later = await ann.says(channel, f"{discord.mention} {LEAVE}")
        counts += await answered(discord, later)

    assert counts == [1, 1, 1]
    assert len(model.calls) == 3
    assert len(discord.gateway.identifies) == (2 if trouble == "over" else 1)


async def test_limits_are_waited_for(discord: FakeDiscord, samples, tmp_path):
    """Down for a moment, or too many requests: nothing is lost, nothing is doubled, and few calls are refused."""
    ann = discord.user("ann")
    channel = discord.channel("general")
    posting, editing = "POST /channels/{channel}/messages", "PATCH /channels/{channel}/messages/{message}"
    discord.limits.enforced = True
    discord.limits.rates = {posting: Rate(5, 1.0), editing: Rate(5, 1.0)}  # of Discord's, the seconds are five
    discord.limit(posting, 0.3)
    discord.limit(editing, 0.3, scope="shared")
    discord.limit(editing, 0.3, scope="global")
    discord.break_off(posting)
    discord.fail(posting, status=503)
    discord.fail(editing, status=503)
    async with playing(discord, settings_for(discord, tmp_path, samples), saying(*ANSWER, delay=0.3)):
        asked = [await ann.says(channel, f"{discord.mention} {LEAVE}") for _ in range(4)]
        counts = await answered(discord, *asked)

    assert counts == [1] * 4
    assert len([one for one in discord.calls if one.status == 429]) <= 5


async def test_two_processes_on_one_bot(discord: FakeDiscord, samples, tmp_path):
    """Both hear everything; each question, command and click is answered by one of them."""
    ann = discord.user("ann")
    channel = discord.channel("general")
    settings = settings_for(discord, tmp_path, samples)
    async with playing(discord, settings, one := saying(*ANSWER)), playing(discord, settings, two := saying(*ANSWER)):
        await discord.connected(2, within=30)
        asked = [await ann.says(channel, f"{discord.mention} {LEAVE}") for _ in range(6)]
        counts = await answered(discord, *asked)
        act = await ann.command("askdocs ask", channel, question=LEAVE)
        await discord.until(lambda: discord.see(act.original).buttons, 30)
        button = next(each for each in discord.see(act.original).buttons if each.startswith("[1]"))
        click = await ann.clicks(act.original, button)
        await discord.until(lambda: click.original.attachments, 30)
        await ann.deletes(asked[0])
        await discord.until(lambda: not [each for each in channel.messages if each.referenced is asked[0]], 30)

    assert counts == [1] * 6
    assert len(one.calls) + len(two.calls) == 7
    assert act.followups == []
    assert click.followups == []


async def test_a_long_answer_to_a_command_goes_on_after_its_token(discord: FakeDiscord, samples, tmp_path):
    """The deferred message is edited as any other from then on."""
    ann = discord.user("ann")
    channel = discord.channel("general")
    discord.interactions.lifetime = 0.5
    async with playing(discord, settings_for(discord, tmp_path, samples), saying(*ANSWER, delay=0.5)):
        act = await ann.command("askdocs ask", channel, question=LEAVE)
        await discord.until(lambda: "[1]" in discord.see(act.original).shown, 30)

    assert [one for one in discord.calls if one.route.startswith("PATCH /webhooks") and one.status == 401]
    assert [one for one in discord.calls_of("PATCH /channels/{channel}/messages/{message}") if one.ok]


async def test_a_private_answer_after_its_token_is_written_directly(discord: FakeDiscord, samples, tmp_path):
    """Nobody but its asker sees it, and it is not lost."""
    ann = discord.user("ann")
    channel = discord.channel("general")
    discord.interactions.lifetime = 0.5
    async with playing(discord, settings_for(discord, tmp_path, samples), saying(*ANSWER, delay=0.5)):
        act = await ann.command("askdocs ask", channel, question=LEAVE, private=True)
        direct = discord.direct(ann)
        await discord.until(lambda: any(discord.see(one).buttons for one in direct.messages), 30)

    told, answer = (discord.see(one) for one in direct.messages)
    assert notices.TOO_LATE_HERE in told.shown
    assert "[1]" in answer.shown
    assert notices.SHARE not in answer.buttons
    assert "[1]" not in discord.see(act.original).shown
    assert channel.messages == []


async def test_shards(discord: FakeDiscord, samples, tmp_path):
    """As many connections as Discord recommends; every guild and every direct message is served by one of them."""
    discord.world.recommended_shards = 2
    guilds = [discord.home, *(discord.guild(f"Guild {number}") for number in range(3))]
    ann = discord.user("ann", guilds=guilds)
    settings = settings_for(discord, tmp_path, samples)
    async with playing(discord, settings, model := saying(*ANSWER)):
        await discord.connected(2, within=30)
        places = [discord.direct(ann), *(discord.channel("general", guild=guild) for guild in guilds)]
        asked = [await ann.says(place, f"{discord.mention} {LEAVE}") for place in places]
        for one in asked:
            await discord.until(lambda one=one: discord.replies(one) and discord.replies(one)[0].edited, 40)

    assert sorted(tuple(one["shard"]) for one in discord.gateway.identifies) == [(0, 2), (1, 2)]
    assert [len(discord.replies(one)) for one in asked] == [1] * 5
    assert len(model.calls) == 2


async def test_commands_are_told_once_a_change(discord: FakeDiscord, samples, tmp_path):
    """Not again at the next start; where guilds are configured, there alone; a guild we are not in stops nothing."""
    everywhere = settings_for(discord, tmp_path, samples)
    here = settings_for(discord, tmp_path, samples, ASKDOCS_DISCORD__GUILDS=f"['{discord.home.id}', '1']")
    names = []
    for settings in (everywhere, everywhere, here, here, everywhere):
        async with playing(discord, settings):
            pass
        registered = discord.app.commands
        names.append({guild: {one["name"] for one in found} for guild, found in registered.items() if found})

    both = {"askdocs", "Index this PDF"}
    assert names == [{"": both}, {"": both}, {discord.home.id: both}, {discord.home.id: both}, {"": both}]
    assert len(discord.calls_of("PUT /applications/{application}/commands")) == 3


async def test_without_the_intent_it_starts_all_the_same(discord: FakeDiscord, samples, tmp_path):
    """Refused with 4014, it goes on in the reduced way, and answers mentions."""
    ann = discord.user("ann")
    discord.app.intents.discard("message_content")
    async with playing(discord, settings_for(discord, tmp_path, samples), saying(*ANSWER)):
        asked = await ann.says(discord.channel("general"), f"{discord.mention} {LEAVE}")
        counts = await answered(discord, asked)

    assert counts == [1]
    assert len(discord.gateway.identifies) == 2


async def noted(folder: Path) -> None:
    """Wait until it is written down that somebody listens."""
    database = await open_state(f"sqlite:///{folder / 'askdocs.sqlite'}")
    try:
        async with asyncio.timeout(40):
            while not [one for one in await Marks(database).moments("discord:") if one.endswith(":listening")]:
                await asyncio.sleep(0.05)
    finally:
        await database.close()


@pytest.mark.slow
async def test_a_kill_loses_nothing_and_doubles_nothing(discord: FakeDiscord, samples, tmp_path):
    """Killed while answers are being written: who starts next finishes them in the same messages, then stops well."""
    ann = discord.user("ann")
    channel = discord.channel("general")
    shutil.copytree(samples, tmp_path, dirs_exist_ok=True)
    discord.slow("PATCH /channels/{channel}/messages/{message}", 60.0, times=4)
    process = await start(discord, tmp_path)
    asked = [await ann.says(channel, f"{discord.mention} {LEAVE}") for _ in range(4)]
    await discord.until(lambda: all(discord.replies(one) for one in asked), 40)
    await noted(tmp_path)
    process.kill()
    await process.wait()
    discord.api.faults.clear()
    asked += [await ann.says(channel, f"{discord.mention} {LEAVE}") for _ in range(2)]
    process = await start(discord, tmp_path)
    try:
        counts = await answered(discord, *asked)
    finally:
        process.send_signal(signal.SIGTERM)
        stopped = await asyncio.wait_for(process.wait(), 40)

    assert counts == [1] * 6
    assert stopped == 0
