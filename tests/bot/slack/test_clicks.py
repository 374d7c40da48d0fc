"""Buttons, over the wire: pages, feedback, asking again, sharing; and the slash command's private answers."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot import notices
from bot.memory import feedback
from tests.bot.slack.playing import HANDBOOK, LEAVE, playing, saying, settings_for, thumb
from tests.bot.slack.test_questions import ANSWER
from tests.fakes import FakeChatModel

pytestmark = pytest.mark.timeout(120)


async def ratings(core) -> list[tuple[int, str]]:
    async with core.memory._database.read() as connection:
        return [tuple(row) for row in await connection.execute(select(feedback.c.rating, feedback.c.comment))]


async def test_show_page_posts_the_page_into_the_thread(slack, samples, tmp_path):
    """The picture stands in the thread, and the button works after a restart, too."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    settings = settings_for(slack, tmp_path, samples)
    async with playing(slack, settings, saying(*ANSWER)):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        answer = await slack.reply(asked, "[1]")
    async with playing(slack, settings, saying(*ANSWER)):
        await ann.clicks(answer, "show_page_1")
        picture = await slack.until(lambda: next((one for one in slack.replies(asked) if one.files), None))

    assert picture.files[0].content.startswith(b"\x89PNG")
    assert HANDBOOK in picture.files[0].title


async def test_access_is_checked_at_the_click(slack, samples, tmp_path):
    """A document that was moved out of reach shows no page any more."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    async with playing(slack, settings_for(slack, tmp_path, samples), saying(*ANSWER)) as core:
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        answer = await slack.reply(asked, "[1]")
        (document,) = [one for one in await core.index.every_document() if one.name == HANDBOOK]
        await core.index.set_scope(document.id, "channel:C-elsewhere")
        try:
            await ann.clicks(answer, "show_page_1")
            await slack.until(lambda: ann.whispers(channel))
        finally:
            await core.index.set_scope(document.id, "workspace")

    assert [slack.see(one).shown for one in ann.whispers(channel)] == [notices.PAGE_GONE]


async def test_thumbs_are_kept(slack, samples, tmp_path):
    """Up is kept and thanked for; down asks what was wrong."""
    ann, bob = slack.user("ann"), slack.user("bob")
    channel = slack.channel("general", members=[ann, bob])
    async with playing(slack, settings_for(slack, tmp_path, samples), saying(*ANSWER)) as core:
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        answer = await slack.reply(asked, "[1]")
        await ann.clicks(answer, "feedback", thumb(answer, "positive_button"))
        await slack.until(lambda: ann.whispers(channel))
        await bob.clicks(answer, "feedback", thumb(answer, "negative_button"))
        modal = await slack.until(lambda: bob.modal)
        await bob.submits(modal, {"reason": "source", "comment": "It says April."})
        await slack.until(lambda: bob.modal is None)
        import asyncio

        await asyncio.sleep(0.2)

        assert sorted(await ratings(core)) == [(-1, "source: It says April."), (1, "")]
    assert slack.see(ann.whispers(channel)[0]).shown == notices.THANKS


async def test_asking_again_replaces_the_failure(slack, samples, tmp_path):
    """A click on a failure asks the same question, and the answer takes its place."""
    from bot.errors import GenerationTimeoutError

    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    model = FakeChatModel([GenerationTimeoutError("The model did not answer in time.")])
    async with playing(slack, settings_for(slack, tmp_path, samples), model):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        failed = await slack.reply(asked, "did not answer in time")
        model.events = ANSWER
        await ann.clicks(failed, "ask_again")
        await slack.reply(asked, "[1]")

    assert len(slack.replies(asked)) == 1


async def test_a_slash_question_is_answered_to_its_asker_alone(slack, samples, tmp_path):
    """Only the asker sees the answer and its pages; the others see it once it is shared."""
    ann, bob = slack.user("ann"), slack.user("bob")
    channel = slack.channel("general", members=[ann, bob])
    async with playing(slack, settings_for(slack, tmp_path, samples), saying(*ANSWER, delay=0.1)):
        await ann.command("/askdocs", LEAVE, channel)
        answer = await slack.until(lambda: next((one for one in ann.whispers(channel) if one.blocks), None))
        before = bob.sees(channel)
        await ann.clicks(answer, "show_page_1")
        page = await slack.until(lambda: [one for one in ann.whispers(channel) if one.blocks][1:])
        await ann.clicks(answer, "share")
        await slack.until(lambda: bob.sees(channel))

    assert slack.see(ann.whispers(channel)[0]).shown == notices.LOOKING
    assert "[1]" in slack.see(answer).shown
    assert before == ()
    assert page[0].blocks[0]["type"] == "image"
    (shared,) = bob.sees(channel)
    assert shared.shown.startswith(notices.SHARED_BY)
    assert "[1]" in shared.shown
    assert shared.shown.splitlines()[-1] == slack.see(answer).shown.splitlines()[-1]  # who wrote it, in which time


async def test_what_not_everybody_may_read_is_not_shared(slack, samples, tmp_path):
    """An answer out of a private channel's document stays with its asker elsewhere."""
    ann, bob = slack.user("ann"), slack.user("bob")
    channel = slack.channel("general", members=[ann, bob])
    secret = slack.channel("secret", private=True, members=[ann])
    async with playing(slack, settings_for(slack, tmp_path, samples), saying(*ANSWER)) as core:
        (document,) = [one for one in await core.index.every_document() if one.name == HANDBOOK]
        await core.index.set_scope(document.id, f"channel:{secret.id}")
        try:
            await ann.command("/askdocs", LEAVE, channel)
            answer = await slack.until(lambda: next((one for one in ann.whispers(channel) if one.blocks), None))
            await ann.clicks(answer, "share")
            await slack.until(lambda: any(notices.NOT_FOR_EVERYBODY in one.text for one in ann.whispers(channel)))
            await bob.command("/askdocs", LEAVE, channel)
            theirs = await slack.until(lambda: next((one for one in bob.whispers(channel) if one.blocks), None))
        finally:
            await core.index.set_scope(document.id, "workspace")

    assert "[1]" in slack.see(answer).shown
    assert HANDBOOK not in slack.see(theirs).shown
    assert bob.whispers(channel)[-1] is theirs
    assert all(one.ephemeral for one in bob.sees(channel))
