"""Questions over the wire: asked in every kind of place, answered once, in order, in the thread."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from bot import notices
from bot.wording import IN_ENGLISH, wording
from tests.bot.slack.playing import HANDBOOK, LEAVE, playing, saying, settings_for

pytestmark = pytest.mark.timeout(120)

ANSWER = ("Days that are carried over ", "have to be taken by 31 March", " of the next year [1].")


async def test_a_mention_is_answered_in_its_thread(slack, samples, tmp_path):
    """The answer has its citation, its source with page and quote, buttons and a footer."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    async with playing(slack, settings_for(slack, tmp_path, samples)):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        answer = await slack.reply(asked, "Quoted word for word")

    seen = slack.see(answer)
    assert answer.thread_ts == asked.ts
    assert "[1]" in seen.shown
    assert "employee-handbook-2026.pdf, page" in seen.shown
    assert any(label.startswith("[1] Show page") for label in seen.buttons)
    assert notices.LOOKING not in seen.shown
    assert seen.pings == frozenset()
    assert len(slack.replies(asked)) == 1


@pytest.mark.parametrize("place", ["public", "private", "group message", "direct"])
async def test_every_kind_of_place(slack, samples, tmp_path, place):
    """Where the bot is named, or talked to directly, it answers in the thread."""
    ann, bob = slack.user("ann"), slack.user("bob")
    where = {
        "public": lambda: slack.channel("general", members=[ann]),
        "private": lambda: slack.channel("secret", private=True, members=[ann]),
        "group message": lambda: slack.direct(ann, bob),
        "direct": lambda: slack.direct(ann),
    }[place]()
    named = "" if place == "direct" else f"{slack.mention} "
    async with playing(slack, settings_for(slack, tmp_path, samples), saying(*ANSWER)):
        asked = await ann.says(where, f"{named}{LEAVE}")
        answer = await slack.reply(asked, "by 31 March of the next year")

    assert answer.thread_ts == asked.ts


async def test_follow_ups_in_a_thread_need_no_mention(slack, samples, tmp_path):
    """A question in a thread that we have answered in is one to us; talk between people is not."""
    ann, bob = slack.user("ann"), slack.user("bob")
    channel = slack.channel("general", members=[ann, bob])
    async with playing(slack, settings_for(slack, tmp_path, samples), model := saying(*ANSWER)):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        await slack.reply(asked, "next year")
        for chat in ("thanks!", f"{bob.mention} did you know that?", "I'll tell the others"):
            await bob.says(channel, chat, thread=asked)
        await bob.says(channel, "another topic: how is everybody?")
        follow_up = await bob.says(channel, "and what about part-time?", thread=asked)
        await slack.reply(follow_up, "next year")
        await slack.settled()

    assert len(slack.replies(asked)) == 2
    assert [one.question.text for one in model.calls][1:] == ["and what about part-time?"]
    assert model.calls[1].question.turns[0].question == LEAVE


async def test_a_thread_that_we_are_called_into_is_read(slack, samples, tmp_path):
    """What people wrote before comes with the question."""
    ann, bob = slack.user("ann"), slack.user("bob")
    channel = slack.channel("general", members=[ann, bob])
    async with playing(slack, settings_for(slack, tmp_path, samples), model := saying(*ANSWER)):
        root = await ann.says(channel, "Is annual leave longer for old hands?")
        await bob.says(channel, "I think it is", thread=root)
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}", thread=root)
        await slack.reply(asked, "next year")

    turns = [turn.question for turn in model.calls[0].question.turns]
    assert turns == ["Is annual leave longer for old hands?", "I think it is"]


async def test_bots_and_bystanders_are_left_alone(slack, samples, tmp_path):
    """Other bots, messages that name nobody, and our own messages start nothing."""
    ann, robot = slack.user("ann"), slack.user("robot", is_bot=True)
    channel = slack.channel("general", members=[ann, robot])
    async with playing(slack, settings_for(slack, tmp_path, samples)):
        await robot.says(channel, f"{slack.mention} {LEAVE}")
        await ann.says(channel, LEAVE)
        await slack.settled()
        await asyncio.sleep(0.2)

    assert [one for one in channel.messages if one.user == slack.bot.id] == []


async def test_an_event_is_handled_once(slack, samples, tmp_path):
    """Every event is delivered three times, and a mention is two events: one answer."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    slack.deliveries.repeat = 3
    async with playing(slack, settings_for(slack, tmp_path, samples), model := saying(*ANSWER)):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        await slack.reply(asked, "next year")
        slack.redeliver()
        await slack.settled()
        await asyncio.sleep(0.2)

    assert len(slack.replies(asked)) == 1
    assert len(model.calls) == 1


@pytest.mark.parametrize("has_streams", [True, False], ids=["streams", "edits"])
async def test_the_draft_is_seen_while_it_is_written(slack, samples, tmp_path, has_streams):
    """A sign of life at once, then the draft without markers, then the verified answer in its place."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    if not has_streams:
        slack.disable_streaming()
    pieces = ["Days that are carried over ", "have to be taken [1]", " by 31 March ", "of the next year [1]. "]
    settings = settings_for(slack, tmp_path, samples, ASKDOCS_SLACK__EDIT_SECONDS="3")
    async with playing(slack, settings, saying(*pieces, delay=0.4)):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        answer = await slack.reply(asked, "next year")

    happened = [one for one in slack.happenings if one.ts == answer.ts]
    kinds, shown = [one.kind for one in happened], [one.text for one in happened]
    edits = [one.at for one in happened if one.kind == "edited"]
    assert all(later - earlier > 2.9 for earlier, later in pairwise(edits))
    assert notices.LOOKING in shown[0]
    assert ("streamed" in kinds) is has_streams
    assert any("Days that are" in text for text in shown[1:-1])
    assert all("[1]" not in text for text in shown[:-1])
    assert "[1]" in slack.see(answer).shown
    assert notices.LOOKING not in slack.see(answer).shown


async def test_a_stream_that_breaks_goes_on_as_edits(slack, samples, tmp_path):
    """A stream that Slack closes loses nothing: the message is edited from there on."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    slack.ws.stream_seconds = 0.8
    pieces = ["Days that are carried over ", "have to be taken ", "by 31 March ", "of the next year [1]. "]
    async with playing(slack, settings_for(slack, tmp_path, samples), saying(*pieces, delay=0.5)):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        answer = await slack.reply(asked, "[1]")

    kinds = [one.kind for one in slack.happenings if one.ts == answer.ts]
    assert "edited" in kinds[:-1]
    assert len(slack.replies(asked)) == 1
    assert not slack.see(answer).broken


async def test_a_stream_that_does_not_end_costs_no_answer(slack, samples, tmp_path):
    """Where Slack neither ends a stream nor lets it be edited, the answer is posted below."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    slack.fail("chat.stopStream", "internal_error", times=1_000)
    slack.fail("chat.update", "streaming_state_conflict", times=1_000)
    async with playing(slack, settings_for(slack, tmp_path, samples), saying(*ANSWER)):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        answer = await slack.reply(asked, "[1]", within=30)

    assert slack.see(answer).buttons


async def test_a_failure_is_a_sentence_with_a_way_on(slack, samples, tmp_path):
    """What went wrong is said in place of the answer, with a button where trying again may help."""
    from bot.errors import GenerationTimeoutError
    from tests.fakes import FakeChatModel

    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    model = FakeChatModel(["Full-", GenerationTimeoutError("The model did not answer in time.")])
    async with playing(slack, settings_for(slack, tmp_path, samples), model):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        failed = await slack.reply(asked, "did not answer in time")
        empty = await ann.says(channel, f"{slack.mention}")
        await slack.reply(empty, "no question")

    assert slack.see(failed).buttons == (notices.ASK_AGAIN,)
    assert slack.see(slack.replies(empty)[0]).buttons == ()


async def test_limits_of_slack_are_waited_for(slack, samples, tmp_path):
    """A 429 delays the answer, and loses nothing."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    slack.limit("chat.startStream", 1.0)
    slack.limit("chat.postMessage", 1.0)
    slack.limit("chat.update", 1.0)
    async with playing(slack, settings_for(slack, tmp_path, samples), saying(*ANSWER)):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        await slack.reply(asked, "[1]")

    assert len(slack.replies(asked)) == 1


@pytest.mark.parametrize("method", ["chat.startStream", "chat.postMessage", "chat.update", "chat.stopStream"])
async def test_a_call_that_breaks_off_leaves_one_answer(slack, samples, tmp_path, method):
    """Slack carried the call out, and the connection broke before it could say so."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    if method == "chat.postMessage":
        slack.disable_streaming()
    slack.break_off(method)
    async with playing(slack, settings_for(slack, tmp_path, samples), saying(*ANSWER)):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        await slack.reply(asked, "[1]")

    assert len(slack.replies(asked)) == 1


async def test_questions_of_a_thread_are_answered_in_order(slack, samples, tmp_path):
    """Five questions at once in one thread: the answers stand in the order of the questions."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    async with playing(slack, settings_for(slack, tmp_path, samples), model := saying(*ANSWER)):
        root = await ann.says(channel, "Some questions:")
        asked = [await ann.says(channel, f"{slack.mention} {LEAVE} {n}", thread=root) for n in range(5)]
        await slack.until(lambda: sum("[1]" in slack.see(one).shown for one in slack.replies(root)) == 5)

    assert [one.question.text[-1] for one in model.calls] == list("01234")
    assert len(slack.replies(root)) == len(asked)


@pytest.mark.parametrize(
    ("method", "error", "is_answered"),
    [
        pytest.param("users.info", "unknown_method", True, id="a server without people"),
        pytest.param("users.info", "missing_scope", False, id="a person not told is an outsider"),
        pytest.param("users.conversations", "missing_scope", True, id="memberships not told are none"),
        pytest.param("conversations.info", "channel_not_found", True, id="a place not told is private"),
        pytest.param("conversations.replies", "missing_scope", True, id="a thread not told is empty"),
    ],
)
async def test_what_slack_does_not_tell_narrows_the_answer(slack, samples, tmp_path, method, error, is_answered):
    """A lookup that Slack refuses never widens what may be read, and never leaves the asker without a reply."""
    ann = slack.user("ann")
    slack.fail(method, error, times=1_000)
    async with playing(slack, settings_for(slack, tmp_path, samples)):
        asked = await ann.says(slack.direct(ann), LEAVE)
        answer = await slack.reply(asked, "Quoted word for word" if is_answered else notices.NO_DOCUMENTS)

    assert ("31 March" in slack.see(answer).shown) is is_answered


@pytest.mark.parametrize("words", ["help", "status"])
async def test_a_word_of_a_command_is_no_question(slack, samples, tmp_path, words):
    """Whoever only names us with `help`, or a command without its slash, is told how we are used."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    async with playing(slack, settings_for(slack, tmp_path, samples), model := saying(*ANSWER)):
        asked = await ann.says(channel, f"{slack.mention} {words}")
        answer = await slack.reply(asked, "/askdocs docs")

    assert answer.thread_ts == asked.ts
    assert notices.LOOKING not in slack.see(answer).shown
    assert model.calls == []


async def test_where_we_may_not_write_the_asker_is_told_directly(slack, samples, tmp_path):
    """A channel in which only some may post: the asker hears of it in a direct message."""
    ann = slack.user("ann")
    channel = slack.channel("announcements", members=[ann])
    slack.fail("chat.startStream", "restricted_action")
    slack.fail("chat.postMessage", "restricted_action")
    async with playing(slack, settings_for(slack, tmp_path, samples), saying(*ANSWER)):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        (told,) = await slack.until(lambda: slack.direct(ann).messages)
        await slack.settled()

    assert told.text == notices.CANNOT_WRITE
    assert slack.replies(asked) == []


async def test_a_very_long_answer_is_split_well(slack, samples, tmp_path):
    """Nothing is lost, each message is whole Markdown, sources and buttons stand below the last."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    row = "- Days that are carried over have to be taken by 31 March of the next year [1].\n"
    code = "```\nleave = carried over\n```\n"
    async with playing(slack, settings_for(slack, tmp_path, samples), saying(*[row * 10, code] * 30)):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        await slack.until(lambda: slack.replies(asked) and slack.see(slack.replies(asked)[-1]).buttons)

    parts = slack.replies(asked)
    texts = ["".join(one["text"] for one in part.blocks if one["type"] == "markdown") for part in parts]
    assert len(parts) >= 3
    assert sum(text.count("31 March of the next year [1].") for text in texts) == 300
    assert sum(text.count("leave = carried over") for text in texts) == 30
    assert all(text.count("```") % 2 == 0 for text in texts)
    assert [bool(slack.see(part).buttons) for part in parts] == [False] * (len(parts) - 1) + [True]


async def test_what_is_not_found_comes_with_the_nearest_pages(slack, samples, tmp_path):
    """It says so, lists the pages, and a button opens each in the thread."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    async with playing(slack, settings_for(slack, tmp_path, samples), saying("The chief drives a green car.")):
        asked = await ann.says(channel, f"{slack.mention} By when has the chief to carry over a green car?")
        answer = await slack.reply(asked, IN_ENGLISH.not_found)
        await ann.clicks(answer, "show_page_1")
        page = await slack.until(lambda: next((one for one in slack.replies(asked) if one.files), None))

    seen = slack.see(answer)
    assert "green" not in seen.shown
    assert IN_ENGLISH.nearest in seen.shown
    assert f"{HANDBOOK}, page" in seen.shown
    assert page.files[0].content.startswith(b"\x89PNG")


async def test_nothing_indexed_yet_is_said(slack, tmp_path):
    """Whoever asks before there is a document learns how to add one, in their language, not that it does not say."""
    ann = slack.user("ann")
    async with playing(slack, settings_for(slack, tmp_path, None), model := saying(*ANSWER)):
        asked = await ann.says(slack.direct(ann), LEAVE)
        answer = await slack.reply(asked, IN_ENGLISH.no_documents)
        in_german = await ann.says(slack.direct(ann), "Wie viele Urlaubstage habe ich?")
        await slack.reply(in_german, wording("de").no_documents)
        greeting = await ann.says(slack.direct(ann), "Bonjour !")
        await slack.reply(greeting, wording("fr").greeting)

    assert IN_ENGLISH.not_found not in slack.see(answer).shown
    assert model.calls == []


async def test_an_answer_pings_nobody_and_links_nowhere(slack, samples, tmp_path):
    """Whatever a model makes of a page: no mention, no link but our own to the file, no preview; nor in the draft."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    trap = (
        "<!channel> @everyone <@U1> see [the rules](https://evil.example) at https://evil.example or www.evil.example. "
    )
    pieces = [*ANSWER, " ", trap, "Ask somebody."]
    async with playing(slack, settings_for(slack, tmp_path, samples), saying(*pieces, delay=0.4)):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        streamed = await slack.until(
            lambda: next((one for one in slack.replies(asked) if "evil" in one.markdown), None)
        )
        draft = slack.see(streamed)
        answer = await slack.reply(asked, "[1]")

    assert "31 March" in slack.see(answer).shown
    for seen in (draft, slack.see(answer)):
        assert (seen.pings, seen.links) == (frozenset(), frozenset())
    posted = [call for call in slack.calls if call.method == "chat.postMessage"]
    assert all(call.args["unfurl_links"] is call.args["unfurl_media"] is False for call in posted)


async def test_a_thread_whose_first_message_was_deleted(slack, samples, tmp_path):
    """What is left of it is a thread like others: asked in, answered in, followed up."""
    ann, bob = slack.user("ann"), slack.user("bob")
    channel = slack.channel("general", members=[ann, bob])
    async with playing(slack, settings_for(slack, tmp_path, samples), model := saying(*ANSWER)):
        root = await ann.says(channel, "A word about leave.")
        await bob.says(channel, "What about it?", thread=root)
        await ann.deletes(root)
        asked = await bob.says(channel, f"{slack.mention} {LEAVE}", thread=root)
        answer = await slack.reply(asked, "[1]")
        follow_up = await bob.says(channel, "and for part-timers?", thread=root)
        await slack.reply(follow_up, "[1]")

    assert answer.thread_ts == root.ts
    assert [turn.question for turn in model.calls[0].question.turns] == ["What about it?"]
