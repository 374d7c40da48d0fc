"""Commands and the App Home, over the wire."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot import notices
from tests.bot.slack.playing import HANDBOOK, LEAVE, MANUAL, playing, saying, settings_for
from tests.bot.slack.test_questions import ANSWER
from tests.fake_slack import FakeSlack

pytestmark = pytest.mark.timeout(120)


async def whispered(slack: FakeSlack, person, channel, text: str, count: int = 1):
    """Run a command and return what its result shows."""
    before = len(person.whispers(channel))
    await person.command("/askdocs", text, channel)
    await slack.until(lambda: len(person.whispers(channel)) >= before + count)
    return person.whispers(channel)[-1]


async def test_commands_that_tell(slack, samples, tmp_path):
    """help, docs, status, page, why: seen by their caller alone."""
    ann, bob = slack.user("ann"), slack.user("bob")
    channel = slack.channel("general", members=[ann, bob])
    async with playing(slack, settings_for(slack, tmp_path, samples), saying(*ANSWER)):
        told = {word: await whispered(slack, ann, channel, word) for word in ("help", "docs", "status", "why")}
        page = await whispered(slack, ann, channel, f"page {HANDBOOK} 2", count=2)
        nowhere = await whispered(slack, ann, channel, "page nowhere.pdf 2", count=2)
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        await slack.reply(asked, "[1]")
        why = await whispered(slack, ann, channel, "why")

    shown = {word: slack.see(one).shown for word, one in told.items()}
    assert "/askdocs docs" in shown["help"]
    assert HANDBOOK in shown["docs"]
    assert MANUAL in shown["docs"]
    assert "2 documents" in shown["status"]
    assert shown["why"] == notices.NO_ANSWER_YET
    assert page.blocks[0]["type"] == "image"
    assert "no document named nowhere.pdf" in slack.see(nowhere).shown
    assert HANDBOOK in slack.see(why).shown
    assert all(one.author != "askdocs" or one.thread_ts for one in bob.sees(channel))


async def test_why_tells_how_an_answer_came_about(slack, samples, tmp_path):
    """What was searched, the pages with their scores, what verification took out, the model and its seconds."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    pieces = (*ANSWER, " Pigs fly on 32 May 1875 [1].")
    async with playing(slack, settings_for(slack, tmp_path, samples), saying(*pieces)):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        answer = await slack.reply(asked, "[1]")
        why = slack.see(await whispered(slack, ann, channel, "why")).shown

    assert "Pigs fly on 32 May 1875. *(not found" in slack.see(answer).shown
    assert "Written by" in why
    assert "Searched: what everybody here may read" in why
    assert "Seconds: retrieve" in why
    assert re.search(rf"\[1\] {HANDBOOK}, page 2: \d+\.\d+, cited", why)
    assert "Taken out, because the pages do not support it:" in why
    assert "Pigs fly" in why.partition("Taken out")[2]


async def test_watching_is_switched_on_and_off(slack, samples, tmp_path):
    """Where we are, a member says whether uploads are indexed."""
    ann = slack.user("ann")
    here, elsewhere = slack.channel("here", members=[ann]), slack.channel("elsewhere", members=[ann], app=False)
    async with playing(slack, settings_for(slack, tmp_path, samples)) as core:
        on = await whispered(slack, ann, here, "watch")
        is_on = await core.watched.is_watched("slack:T0000000001", here.id)
        off = await whispered(slack, ann, here, "unwatch")
        is_off = not await core.watched.is_watched("slack:T0000000001", here.id)
        refused = await whispered(slack, ann, elsewhere, "watch")

    assert (slack.see(on).shown, is_on) == (notices.WATCHING, True)
    assert (slack.see(off).shown, is_off) == (notices.NOT_WATCHING, True)
    assert slack.see(refused).shown == notices.NOT_IN_CHANNEL


async def test_only_uploaders_and_admins_change_documents(slack, tmp_path):
    """forget asks first, and scope changes who may read; others are refused."""
    from tests.bot.slack.playing import index_samples

    await asyncio.to_thread(lambda: asyncio.run(index_samples(tmp_path)))
    ann, bob = slack.user("ann", admin=True), slack.user("bob")
    channel = slack.channel("general", members=[ann, bob])
    async with playing(slack, settings_for(slack, tmp_path, None), works=True) as core:
        refused = await whispered(slack, bob, channel, f"forget {MANUAL}")
        also = await whispered(slack, bob, channel, f"scope {HANDBOOK} channel")
        widened = await whispered(slack, ann, channel, f"scope {HANDBOOK} workspace")
        moved = await whispered(slack, ann, channel, f"scope {HANDBOOK} channel")
        asked = await whispered(slack, ann, channel, f"forget {MANUAL}")
        before = len(await core.index.every_document())
        await ann.clicks(asked, "forget")
        async with asyncio.timeout(60):
            while len(await core.index.every_document()) == before:
                await asyncio.sleep(0.1)
        (left,) = await core.index.every_document()

    assert "Only the person who added" in slack.see(refused).shown
    assert "Only the person who added" in slack.see(also).shown
    assert "everybody here" in slack.see(widened).shown
    assert "its channel only" in slack.see(moved).shown
    assert (left.name, left.scope) == (HANDBOOK, f"channel:{channel.id}")


async def test_the_home_tab(slack, samples, tmp_path):
    """It says how to ask, and lists what this person may read with pages and age."""
    ann = slack.user("ann")
    async with playing(slack, settings_for(slack, tmp_path, samples)):
        await ann.opens_home()
        home = await slack.until(lambda: ann.home)

    from tests.fake_slack.blockkit import words

    shown = words(home.body["blocks"])
    assert HANDBOOK in shown
    assert "12 pages · added" in shown
    assert "/askdocs QUESTION" in shown


async def test_a_command_that_was_cut_off_is_told_to_be_given_again(slack, samples, tmp_path):
    """Nobody can go on with an answer that only its asker sees, so the next process says so."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    settings = settings_for(slack, tmp_path, samples, ASKDOCS_SLACK__STOP_SECONDS="0")
    async with playing(slack, settings, model := saying(*ANSWER, delay=60.0)):
        await ann.command("/askdocs", LEAVE, channel)
        await slack.until(lambda: model.calls)
    async with playing(slack, settings):
        told = await slack.until(lambda: ann.whispers(channel)[1:])

    assert [slack.see(one).shown for one in told] == [notices.RESTARTED]
