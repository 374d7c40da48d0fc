"""Questions over the wire: asked in every kind of place, answered once, below the question."""

from __future__ import annotations

import asyncio

import pytest

from bot import notices
from ingest.documents import Origin
from ingest.pipeline import open_pipeline
from tests import pdfs
from tests.bot.discord.playing import LEAVE, playing, saying, settings_for
from tests.fake_discord.permissions import CREATE_PUBLIC_THREADS
from tests.fakes import FakeChatModel

pytestmark = pytest.mark.timeout(180)

ANSWER = ("Days that are carried over ", "have to be taken by 31 March", " of the next year [1].")


async def test_a_mention_is_answered_below_it(discord, samples, tmp_path):
    """The answer has its citation, its source with page and quote, buttons and a footer, and pings nobody."""
    ann = discord.user("ann")
    channel = discord.channel("general")
    async with playing(discord, settings_for(discord, tmp_path, samples)):
        asked = await ann.says(channel, f"{discord.mention} {LEAVE}")
        answer = await discord.reply(asked, "Quoted word for word", within=60)

    seen = discord.see(answer)
    assert seen.reply_to == asked.id
    assert "[1]" in seen.shown
    assert "employee-handbook-2026.pdf, page" in seen.shown
    assert any(label.startswith("[1] Show page") for label in seen.buttons)
    assert notices.LOOKING in answer.versions[0].content
    assert seen.pings == frozenset()
    assert len(discord.replies(asked)) == 1


@pytest.mark.parametrize("place", ["private", "thread", "forum", "direct"])
async def test_every_kind_of_place(discord, samples, tmp_path, place):
    """Where the bot is named, or talked to directly, it answers."""
    ann = discord.user("ann")
    named = "" if place == "direct" else f"{discord.mention} "
    async with playing(discord, settings_for(discord, tmp_path, samples), saying(*ANSWER)):
        if place == "private":
            where = discord.channel("secret", private=True, members=[ann])
        elif place == "thread":
            where = await ann.starts_thread(discord.channel("general"), "about leave")
        elif place == "forum":
            where = await ann.posts(discord.forum("questions"), "Leave", "I wonder")
        else:
            where = discord.direct(ann)
        asked = await ann.says(where, f"{named}{LEAVE}")
        answer = await discord.reply(asked, "by 31 March of the next year", within=60)

    assert "[1]" in discord.see(answer).shown


async def test_a_reply_to_us_goes_on_with_what_was_said(discord, samples, tmp_path):
    """A reply to our answer is a question to us, pinging or not; other talk is not."""
    ann, bob = discord.user("ann"), discord.user("bob")
    channel = discord.channel("general")
    async with playing(discord, settings_for(discord, tmp_path, samples), model := saying(*ANSWER)):
        asked = await ann.says(channel, f"{discord.mention} {LEAVE}")
        answer = await discord.reply(asked, "next year", within=60)
        await bob.says(channel, "thanks!", reply_to=asked)
        await bob.says(channel, "how is everybody?")
        follow_up = await bob.says(channel, "and part-time?", reply_to=answer, ping=False)
        await discord.reply(follow_up, "[1]", within=60)

    assert [one.question.text for one in model.calls] == [LEAVE, "and part-time?"]
    assert model.calls[1].question.turns[0].question == LEAVE


async def test_follow_ups_in_a_thread_need_no_mention(discord, samples, tmp_path):
    """A question in a thread that we have answered in is one to us; talk between people is not."""
    ann, bob = discord.user("ann"), discord.user("bob")
    async with playing(discord, settings_for(discord, tmp_path, samples), model := saying(*ANSWER)):
        channel = discord.channel("general")
        thread = await ann.starts_thread(channel, "about leave")
        await bob.says(thread, "How many days of leave are there?")
        talk = await bob.says(channel, "I am off on Friday.")
        await ann.says(channel, "How many days of leave do you have left?", reply_to=talk)
        await discord.reply(await ann.says(thread, f"{discord.mention} {LEAVE}"), "[1]", within=60)
        for chat in ("thanks!", f"{bob.mention} did you know that?", "I'll tell the others"):
            await bob.says(thread, chat)
        await bob.says(thread, "and what about part-time?")
        await discord.until(lambda: len(model.calls) == 2)
        await discord.delivered()

    assert [one.question.text for one in model.calls] == [LEAVE, "and what about part-time?"]


async def test_an_edit_is_answered_in_place_and_a_deletion_takes_the_answer_away(discord, samples, tmp_path):
    """One answer stands to a question, and none to a deleted one."""
    ann = discord.user("ann")
    channel = discord.channel("general")
    async with playing(discord, settings_for(discord, tmp_path, samples), model := saying(*ANSWER)):
        asked = await ann.says(channel, f"{discord.mention} {LEAVE}")
        first = await discord.reply(asked, "[1]", within=60)
        await ann.edits(asked, f"{discord.mention} {LEAVE} Please.")
        await discord.until(lambda: len(model.calls) == 2 and len(discord.replies(asked)) == 1)
        await discord.reply(asked, "[1]", within=60)
        again = discord.replies(asked)
        await ann.deletes(asked)
        await discord.until(lambda: first.is_deleted, within=60)

    assert again == [first]


@pytest.mark.parametrize("change", ["deleted", "edited"])
async def test_a_question_that_changes_while_it_is_answered(discord, samples, tmp_path, change):
    """The model is stopped at once; a deleted question has no answer, an edited one that of what it is now."""
    ann = discord.user("ann")
    channel = discord.channel("general")
    slow = saying(*ANSWER, delay=60.0)
    async with playing(discord, settings_for(discord, tmp_path, samples), slow):
        asked = await ann.says(channel, f"{discord.mention} {LEAVE}")
        await discord.until(lambda: slow.calls, 30)
        (reply,) = discord.replies(asked)
        if change == "deleted":
            await ann.deletes(asked)
            await discord.until(lambda: reply.is_deleted, 30)
        else:
            slow.delay = 0.0
            await ann.edits(asked, f"{discord.mention} {LEAVE} Please.")
            await discord.reply(asked, "[1]", within=30)
        stopped = slow.closed

    assert stopped == len(slow.calls)
    assert discord.replies(asked) == ([] if change == "deleted" else [reply])
    assert [one.kind for one in discord.happenings if one.kind == "typing"], "it was shown that somebody writes"


async def test_a_long_answer_stands_in_several_messages(discord, samples, tmp_path):
    """None is longer than Discord takes, code stays code, and an edit that needs fewer leaves none behind."""
    ann = discord.user("ann")
    channel = discord.channel("general")
    lines = "".join(f"print('by 31 March of the next year, line {number}')\n" for number in range(90))
    long = FakeChatModel([*ANSWER, f"\n\n```python\n{lines}```\n"])
    async with playing(discord, settings_for(discord, tmp_path, samples), long):
        asked = await ann.says(channel, f"{discord.mention} {LEAVE}")
        await discord.until(lambda: any(discord.see(one).buttons for one in discord.replies(asked)), 30)
        parts = list(discord.replies(asked))
        long.events = ANSWER
        await ann.edits(asked, f"{discord.mention} {LEAVE} Please.")
        await discord.until(lambda: len(discord.replies(asked)) == 1, 30)

    assert len(parts) > 1
    assert max(len(version.content) for one in parts for version in one.versions) <= 2_000
    assert all(version.content.count("```") % 2 == 0 for one in parts for version in one.versions[-1:])
    assert discord.replies(asked) == parts[:1]


async def test_what_is_private_to_a_channel_is_answered_where_it_may_be_read(discord, samples, tmp_path):
    """In the channel and its threads to all, elsewhere only to a member who alone sees the answer."""
    ann, bob = discord.user("ann"), discord.user("bob")
    secret, general = discord.channel("secret", private=True, members=[ann]), discord.channel("general")
    settings = settings_for(discord, tmp_path, None)
    note = tmp_path / "note.pdf"
    note.write_bytes(pdfs.document(["The boiler of the lighthouse is inspected every nine weeks by the keeper."]))
    async with open_pipeline(settings) as pipeline:
        scope = f"channel:{secret.id}"
        await pipeline.ingest(Origin(f"discord:{discord.home.id}", scope, "note.pdf", "A-9", uploader=ann.id), note)
    boiler = "How often is the boiler of the lighthouse inspected?"
    told = {}
    async with playing(discord, settings):
        thread = await ann.starts_thread(secret, "boilers")
        for name, where in {"here": secret, "in a thread": thread, "elsewhere": general}.items():
            asked = await ann.says(where, f"{discord.mention} {boiler}")
            await discord.until(lambda asked=asked: discord.replies(asked) and discord.replies(asked)[0].edited, 30)
            told[name] = discord.see(discord.replies(asked)[0]).shown
        for person in (ann, bob):
            act = await person.command("askdocs ask", general, question=boiler, private=True)
            await discord.until(lambda act=act: discord.see(act.original).buttons, 30)
            told[person.name] = discord.see(act.original).shown

    assert {name for name, shown in told.items() if "nine weeks" in shown} == {"here", "in a thread", "ann"}


async def test_without_the_intent_mentions_and_direct_messages_work(discord, samples, tmp_path):
    """Discord refuses an intent that is off; the bot says so, and works in the reduced way."""
    ann = discord.user("ann")
    discord.app.intents.discard("message_content")
    async with playing(discord, settings_for(discord, tmp_path, samples), saying(*ANSWER)):
        asked = await ann.says(discord.channel("general"), f"{discord.mention} {LEAVE}")
        await discord.reply(asked, "[1]", within=60)
        direct = await ann.says(discord.direct(ann), LEAVE)
        await discord.reply(direct, "[1]", within=60)


async def test_bots_and_bystanders_are_left_alone(discord, samples, tmp_path):
    """Messages that name nobody, and our own, start nothing."""
    ann = discord.user("ann")
    channel = discord.channel("general")
    async with playing(discord, settings_for(discord, tmp_path, samples)):
        await ann.says(channel, LEAVE)
        await discord.delivered()
        await asyncio.sleep(0.2)

    assert [one for one in channel.messages if one.author is discord.bot] == []


async def test_what_was_said_before_is_known(discord, samples, tmp_path):
    """Called into a thread, or to a message, the bot knows what people wrote there before."""
    ann, bob = discord.user("ann"), discord.user("bob")
    channel = discord.channel("general")
    async with playing(discord, settings_for(discord, tmp_path, samples), model := saying(*ANSWER)):
        start = await bob.says(channel, "I carried over six days of annual leave.")
        thread = await ann.starts_thread(channel, "leave", on=start)
        await bob.says(thread, "They are from last year.")
        asked = await ann.says(thread, f"{discord.mention} {LEAVE}")
        await discord.reply(asked, "[1]", within=30)
        other = await bob.says(channel, "My parental leave begins in May.")
        asked = await ann.says(channel, f"{discord.mention} {LEAVE}", reply_to=other)
        await discord.reply(asked, "[1]", within=30)

    said = [[turn.question for turn in one.question.turns] for one in model.calls]
    assert said == [
        ["I carried over six days of annual leave.", "They are from last year."],
        ["My parental leave begins in May."],
    ]


async def test_a_thread_for_each_question(discord, samples, tmp_path):
    """The answer stands in a thread of its own: followed up, edited, asked again and taken away there."""
    ann = discord.user("ann")
    channel = discord.channel("general")
    settings = settings_for(discord, tmp_path, samples, ASKDOCS_DISCORD__THREADS="true")
    async with playing(discord, settings, model := saying(*ANSWER)):
        asked = await ann.says(channel, f"{discord.mention} {LEAVE}")
        answer = await discord.reply(asked, "Show page", within=30)
        thread = channel.threads[0]
        await ann.says(thread, "and what about part-time?")
        await discord.until(lambda: len(model.calls) == 2, 30)
        await ann.edits(asked, f"{discord.mention} {LEAVE} Please.")
        await discord.until(lambda: len(model.calls) == 3, 30)
        await discord.until(lambda: "Show page" in discord.see(answer).shown, 30)
        channel.deny(None, CREATE_PUBLIC_THREADS)
        refused = await ann.says(channel, f"{discord.mention} {LEAVE}")
        below = await discord.reply(refused, "[1]", within=30)
    async with playing(discord, settings, saying(*ANSWER)):
        await ann.deletes(asked)
        await discord.until(lambda: answer.is_deleted, 30)

    assert (thread.id, thread.name) == (asked.id, LEAVE)
    assert answer.channel is thread.record
    assert model.calls[1].question.turns[0].question == LEAVE
    assert below.channel is channel.record
