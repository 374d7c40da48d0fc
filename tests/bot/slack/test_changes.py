"""Questions that are edited or deleted, and processes that are killed."""

from __future__ import annotations

import asyncio

import pytest

from tests.bot.slack.playing import LEAVE, playing, saying, settings_for
from tests.bot.slack.test_questions import ANSWER

pytestmark = pytest.mark.timeout(120)


async def test_an_edited_question_edits_its_answer(slack, samples, tmp_path):
    """After the answer or while it is written: one message, the answer to what the question is now."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    async with playing(slack, settings_for(slack, tmp_path, samples), model := saying(*ANSWER, delay=0.2)):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE} And why?")
        await slack.reply(asked, "[1]")
        await ann.edits(asked, f"{slack.mention} {LEAVE}")
        await slack.until(lambda: len(model.calls) == 2)
        await asyncio.sleep(0.1)
        await ann.edits(asked, f"{slack.mention} {LEAVE} Please.")
        await slack.until(lambda: len(model.calls) == 3)
        await slack.until(lambda: "[1]" in slack.see(slack.replies(asked)[0]).shown)
        await slack.settled()

    assert len(slack.replies(asked)) == 1
    assert model.calls[2].question.text == f"{LEAVE} Please."


async def test_an_edit_can_make_it_a_question(slack, samples, tmp_path):
    """Naming us late counts."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    async with playing(slack, settings_for(slack, tmp_path, samples), model := saying(*ANSWER)):
        asked = await ann.says(channel, LEAVE)
        await ann.edits(asked, f"{slack.mention} {LEAVE}")
        await slack.reply(asked, "[1]")
        await slack.settled()

    assert len(model.calls) == 1


@pytest.mark.parametrize("moment", ["while it is written", "after"])
async def test_a_deleted_question_takes_its_answer_along(slack, samples, tmp_path, moment):
    """Generation stops, and what was shown is removed."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    delay = 0.5 if moment != "after" else 0.0
    async with playing(slack, settings_for(slack, tmp_path, samples), model := saying(*ANSWER, delay=delay)):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        if moment == "after":
            await slack.reply(asked, "[1]")
        else:
            await slack.until(lambda: model.calls and slack.replies(asked))
        await ann.deletes(asked)
        await slack.until(lambda: not slack.replies(asked))
        await slack.until(lambda: model.closed == 1)
        await slack.settled()
        await asyncio.sleep(0.3)

    assert [one for one in channel.messages if one.user == slack.bot.id] == []


async def test_what_a_stopped_process_leaves_is_finished_by_the_next(slack, samples, tmp_path):
    """An answer that is cut off by a stop is written into the same message by who comes next, once."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    settings = settings_for(slack, tmp_path, samples, ASKDOCS_SLACK__STOP_SECONDS="0")
    async with playing(slack, settings, saying(*ANSWER, delay=5.0)):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        await slack.until(lambda: slack.replies(asked))
    assert len(slack.replies(asked)) == 1

    async with playing(slack, settings, model := saying(*ANSWER)):
        await slack.reply(asked, "[1]")
        slack.redeliver(slack.deliveries.sent[0])
        await slack.settled()

    assert len(slack.replies(asked)) == 1
    assert len(model.calls) == 1


async def test_a_stop_waits_for_what_is_being_written(slack, samples, tmp_path):
    """Whoever is asked to end finishes its answers first, and takes no new ones."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    async with playing(slack, settings_for(slack, tmp_path, samples), saying(*ANSWER, delay=0.5)):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        await slack.until(lambda: slack.replies(asked))
    late = await ann.says(channel, f"{slack.mention} {LEAVE}")

    (answer,) = slack.replies(asked)
    assert "[1]" in slack.see(answer).shown
    assert slack.replies(late) == []


async def test_two_processes_share_the_work(slack, samples, tmp_path):
    """Twenty questions, each delivered twice, over two sockets of two processes: twenty answers."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    settings = settings_for(slack, tmp_path, samples)
    slack.deliveries.repeat = 2
    async with playing(slack, settings, one := saying(*ANSWER)), playing(slack, settings, two := saying(*ANSWER)):
        await slack.connected(2)
        asked = [await ann.says(channel, f"{slack.mention} {LEAVE}") for _ in range(20)]
        for message in asked:
            await slack.reply(message, "[1]")
        await slack.settled()

    assert [len(slack.replies(message)) for message in asked] == [1] * 20
    assert len(one.calls) + len(two.calls) == 20


async def test_an_edit_taken_by_another_process_stops_the_answer_here(slack, samples, tmp_path):
    """Who takes the edit waits until the other one has left the answer, and writes into the same message."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    settings = settings_for(slack, tmp_path, samples)
    forever = saying("Days that are carried over ", *["and over "] * 1_000, delay=0.2)
    async with playing(slack, settings, forever):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE} And why?")
        await slack.until(lambda: forever.calls)
        async with playing(slack, settings, model := saying(*ANSWER)):
            await slack.connected(2)
            slack.sockets.sockets[0].retiring = True  # what comes now goes to the second
            await ann.edits(asked, f"{slack.mention} {LEAVE}")
            await slack.reply(asked, "[1]")
            await slack.until(lambda: forever.closed)
            await slack.settled()

    assert len(slack.replies(asked)) == 1
    assert "over and over" not in slack.see(slack.replies(asked)[0]).shown
    assert [one.question.text for one in model.calls] == [LEAVE]


async def test_a_deletion_taken_by_another_process_stops_the_answer_here(slack, samples, tmp_path):
    """Generation is cancelled, and nothing of the answer stays."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    settings = settings_for(slack, tmp_path, samples)
    forever = saying("Days that are carried over ", *["and over "] * 1_000, delay=0.2)
    async with playing(slack, settings, forever):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        await slack.until(lambda: forever.calls)
        async with playing(slack, settings):
            await slack.connected(2)
            slack.sockets.sockets[0].retiring = True
            await ann.deletes(asked)
            await slack.until(lambda: forever.closed)
            await slack.until(lambda: not slack.replies(asked))
            await slack.settled()

    assert [one for one in channel.messages if one.user == slack.bot.id] == []


async def test_edits_that_come_in_the_wrong_order(slack, samples, tmp_path):
    """An older edit that is delivered late changes nothing."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    async with playing(slack, settings_for(slack, tmp_path, samples), model := saying(*ANSWER)):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE} And why?")
        await slack.reply(asked, "[1]")
        slack.deliveries.paused = True
        await ann.edits(asked, f"{slack.mention} {LEAVE} Old?")
        (late,) = [one for one in slack.deliveries.lost if one.event.get("subtype") == "message_changed"]
        slack.deliveries.paused = False
        await ann.edits(asked, f"{slack.mention} {LEAVE}")
        await slack.until(lambda: len(model.calls) == 2)
        await slack.reply(asked, "[1]")
        slack.redeliver(late)
        await slack.settled()
        await asyncio.sleep(0.3)

    assert [one.question.text for one in model.calls] == [f"{LEAVE} And why?", LEAVE]
    assert len(slack.replies(asked)) == 1
