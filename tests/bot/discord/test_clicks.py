"""Buttons over the wire: pages, feedback, asking again, sharing; after a restart, too."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot import notices
from bot.errors import GenerationTimeoutError
from bot.memory import feedback
from tests.bot.discord.playing import LEAVE, playing, saying, settings_for
from tests.bot.discord.test_questions import ANSWER
from tests.fakes import FakeChatModel

pytestmark = pytest.mark.timeout(180)


async def ratings(core) -> list[tuple[int, str]]:
    async with core.memory._database.read() as connection:
        return [tuple(row) for row in await connection.execute(select(feedback.c.rating, feedback.c.comment))]


def button(discord, answer, start: str) -> str:
    return next(label for label in discord.see(answer).buttons if label.startswith(start))


async def test_show_page_after_a_restart(discord, samples, tmp_path):
    """The picture is seen by whoever clicked."""
    ann, bob = discord.user("ann"), discord.user("bob")
    channel = discord.channel("general")
    settings = settings_for(discord, tmp_path, samples)
    async with playing(discord, settings, saying(*ANSWER)):
        answer = await discord.reply(await ann.says(channel, f"{discord.mention} {LEAVE}"), "[1]", within=60)
    async with playing(discord, settings, saying(*ANSWER)):
        act = await bob.clicks(answer, button(discord, answer, "[1]"))
        await discord.until(lambda: discord.see(act.original).files, within=20)

    assert act.original.attachments[0].filename == "page.png"
    assert act.original.visible_to == bob.id


async def test_feedback(discord, samples, tmp_path):
    """A thumb up is thanked for; a thumb down asks what was wrong."""
    ann, bob = discord.user("ann"), discord.user("bob")
    channel = discord.channel("general")
    async with playing(discord, settings_for(discord, tmp_path, samples), saying(*ANSWER)):
        answer = await discord.reply(await ann.says(channel, f"{discord.mention} {LEAVE}"), "[1]", within=60)
    async with playing(discord, settings_for(discord, tmp_path, samples)) as core:
        up = await ann.clicks(answer, good(answer))
        await discord.until(lambda: notices.THANKS in discord.see(up.original).shown)
        down = await bob.clicks(answer, bad(answer))
        reason = next(iter(notices.REASONS))
        sent = await bob.submits(down, {"reason": reason, "comment": "It is April."})
        await discord.until(lambda: notices.THANKS in discord.see(sent.original).shown)
        found = await ratings(core)

    assert sorted(found) == [(-1, f"{reason}: It is April."), (1, "")]


def button_ids(answer) -> list[str]:
    return [one["custom_id"] for row in answer.components for one in row["components"]]


def good(answer) -> str:
    return next(one for one in button_ids(answer) if one.startswith("good:"))


def bad(answer) -> str:
    return next(one for one in button_ids(answer) if one.startswith("bad:"))


async def test_a_private_answer_is_shared(discord, samples, tmp_path):
    """What only its asker saw stands in the channel for everybody after a click, and notifies nobody."""
    ann, bob = discord.user("ann"), discord.user("bob")
    channel = discord.channel("general")
    async with playing(discord, settings_for(discord, tmp_path, samples), saying(*ANSWER)):
        act = await ann.command("askdocs ask", channel, question=LEAVE, private=True)
        await discord.until(lambda: "[1]" in discord.see(act.original).shown, within=60)
    async with playing(discord, settings_for(discord, tmp_path, samples)):
        await ann.clicks(act.original, notices.SHARE)
        await discord.until(lambda: any("[1]" in one.shown for one in bob.sees(channel)), within=60)

    assert notices.SHARED_BY in "".join(one.shown for one in bob.sees(channel))
    assert not any(one.pings for one in bob.sees(channel))


async def test_ask_again_answers_in_the_place_of_what_went_wrong(discord, samples, tmp_path):
    """A failure has a button; the answer takes the failure's place."""
    ann = discord.user("ann")
    channel = discord.channel("general")
    settings = settings_for(discord, tmp_path, samples)
    broken = FakeChatModel(["Full-", GenerationTimeoutError("The model did not answer in time.")])
    async with playing(discord, settings, broken):
        asked = await ann.says(channel, f"{discord.mention} {LEAVE}")
        failed = await discord.reply(asked, "did not answer in time", within=60)
    async with playing(discord, settings, saying(*ANSWER)):
        await ann.clicks(failed, notices.ASK_AGAIN)
        answer = await discord.reply(asked, "[1]", within=60)

    assert answer is failed
