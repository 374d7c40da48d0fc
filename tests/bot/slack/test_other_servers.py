"""Slack as others may build it: without methods, without fields, without blocks; what works there is used."""

from __future__ import annotations

import pytest

from bot import notices
from tests.bot.slack.playing import HANDBOOK, LEAVE, SAMPLES, playing, saying, settings_for
from tests.bot.slack.test_questions import ANSWER
from tests.fake_slack import FakeSlack
from tests.fake_slack.web_api import Unknown

pytestmark = pytest.mark.timeout(120)

FEWEST = frozenset({"auth.test", "apps.connections.open", "chat.postMessage", "chat.update"})
MANUAL = (SAMPLES / "infuser-k2-manual.pdf").read_bytes()


@pytest.mark.parametrize(
    "unknown",
    [
        pytest.param(Unknown(), id="as Slack says it"),
        pytest.param(Unknown(body='{"ok": false, "error": "not_implemented"}'), id="in words of its own"),
        pytest.param(Unknown(404, "404: Not Found", "text/plain"), id="as a web server says it"),
        pytest.param(Unknown(404, "<html>Not found</html>", "text/html"), id="with a page"),
        pytest.param(Unknown(404, "", "application/json"), id="with nothing"),
        pytest.param(Unknown(200, '{"ok": true}'), id="with a yes to everything"),
    ],
)
async def test_four_methods_are_enough_for_an_answer(slack: FakeSlack, samples, tmp_path, unknown):
    """In channel and direct message, with its sources; the follow-up without a mention, too."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    slack.web.implemented, slack.web.unknown = FEWEST, unknown
    async with playing(slack, settings_for(slack, tmp_path, samples), saying(*ANSWER)):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        direct = await ann.says(slack.direct(ann), LEAVE)
        answer = await slack.reply(asked, "[1]")
        await slack.reply(direct, "[1]")
        follow_up = await ann.says(channel, "and for part-timers?", thread=asked)
        await slack.until(lambda: len(slack.replies(asked)) == 2)
        await slack.settled()

    assert slack.see(answer).buttons
    assert follow_up.thread_ts == asked.ts
    assert all(notices.LOOKING not in slack.see(one).shown for one in slack.replies(direct))


@pytest.mark.parametrize(
    ("missing", "error", "has_buttons"),
    [
        pytest.param({"markdown"}, "invalid_blocks", True, id="no Markdown"),
        pytest.param({"context_actions", "rich_text"}, "invalid_blocks_format", True, id="nothing new"),
        pytest.param({"markdown", "section", "rich_text"}, "msg_blocks_too_long", False, id="no blocks at all"),
    ],
)
async def test_blocks_that_are_refused_are_made_plainer(
    slack: FakeSlack, samples, tmp_path, missing, error, has_buttons
):
    """In older blocks there is still a button for everything; in words alone there is still the source."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    slack.ws.missing_blocks = dict.fromkeys(missing, error)
    async with playing(slack, settings_for(slack, tmp_path, samples), saying(*ANSWER)):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        answer = await slack.reply(asked, "by 31 March of the next year [1]")
        await ann.command("/askdocs", LEAVE, channel)
        told = await slack.until(lambda: next((one for one in ann.whispers(channel) if "[1]" in one.text), None))
        if has_buttons:
            await ann.clicks(answer, "show_page_1")
            await slack.until(lambda: [one for one in slack.replies(asked) if one.files])

    for seen in (slack.see(answer), slack.see(told)):
        assert f"{HANDBOOK}, page 2" in seen.shown
        assert bool(seen.buttons) is has_buttons
    assert {"👍", "👎"} <= set(slack.see(answer).buttons) or not has_buttons


@pytest.mark.parametrize("error", ["edit_window_closed", "unknown_method", "message_not_found", "something_new"])
async def test_an_answer_that_cannot_be_edited_is_posted(slack: FakeSlack, samples, tmp_path, error):
    """Below the question, in one message: what stood there before is taken away."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    slack.disable_streaming()
    slack.fail("chat.update", error, times=1_000)
    async with playing(slack, settings_for(slack, tmp_path, samples), saying(*ANSWER)):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        await slack.reply(asked, "[1]")

    assert len(slack.replies(asked)) == 1


@pytest.mark.parametrize("method", ["chat.startStream", "chat.appendStream", "chat.postMessage", "chat.update"])
async def test_failures_of_slack_itself_are_tried_again(slack: FakeSlack, samples, tmp_path, method):
    """A page of HTML with status 503, then `fatal_error`: the answer comes all the same, once."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    if method == "chat.postMessage":
        slack.disable_streaming()
    slack.fail(method, "service_unavailable", status=503)
    slack.fail(method, "fatal_error")
    async with playing(slack, settings_for(slack, tmp_path, samples), saying(*ANSWER)):
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        await slack.reply(asked, "[1]")

    assert len(slack.replies(asked)) == 1
    assert slack.calls_of(method)[0].status == 503


@pytest.mark.parametrize("trouble", ["down", "limit"])
async def test_an_answer_that_only_its_asker_sees_is_tried_again(slack: FakeSlack, samples, tmp_path, trouble):
    """Over a `response_url` that fails twice for a moment, the answer to a command comes all the same."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    if trouble == "limit":
        slack.limit("response_url", 0.1, times=2)
    else:
        slack.fail("response_url", "<html>upstream</html>", status=500)
        slack.fail("response_url", "service_unavailable", status=503)
    async with playing(slack, settings_for(slack, tmp_path, samples), saying(*ANSWER)):
        await ann.command("/askdocs", LEAVE, channel)
        await slack.until(lambda: any("[1]" in slack.see(one).shown for one in ann.whispers(channel)))

    answers = [one for one in ann.whispers(channel) if "[1]" in slack.see(one).shown]
    assert len(answers) == 1
    assert not any("refused" in slack.see(one).shown for one in ann.whispers(channel))


async def test_files_need_no_files_info(slack: FakeSlack, tmp_path):
    """Where a server cannot be asked about a file, the message that carries it says where its bytes are."""
    ann = slack.user("ann")
    slack.web.implemented = FEWEST | {"conversations.replies"}
    async with playing(slack, settings_for(slack, tmp_path, None), works=True):
        upload = await ann.uploads(slack.direct(ann), "k2.pdf", MANUAL)
        await slack.reply(upload, "k2.pdf is ready")


async def test_events_without_their_fields_break_nothing(slack: FakeSlack, samples, tmp_path):
    """They are acknowledged, forget nothing, and what comes after them is answered."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    events = [
        {"type": kind}
        for kind in ("file_shared", "file_deleted", "file_unshared", "channel_left", "channel_deleted", "message",
                     "app_mention", "app_home_opened", "member_left_channel", "reaction_added", "quite_new")
    ]  # fmt: skip
    events += [
        {"type": "message", "subtype": subtype, "channel": channel.id}
        for subtype in ("message_changed", "message_deleted", "file_share", "quite_new")
    ]
    slack.app.events |= {event["type"] for event in events}
    async with playing(slack, settings_for(slack, tmp_path, samples), saying(*ANSWER)) as core:
        before = await core.index.every_document()
        for event in events:
            slack.ws.tell(event["type"], event)
        await slack.settled()
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        await slack.reply(asked, "[1]")

        assert await core.index.every_document() == before
    assert slack.deliveries.lost == []


async def test_what_takes_long_to_decide_is_acknowledged_first(slack: FakeSlack, tmp_path):
    """Slack waits three seconds for an acknowledgement, and whether a channel is watched may take longer to learn."""
    ann = slack.user("ann")
    channel = slack.channel("manuals", members=[ann])
    slack.slow("conversations.info", 4.0, times=2)
    settings = settings_for(slack, tmp_path, None, ASKDOCS_SLACK__WATCHED="[manuals]")
    async with playing(slack, settings, works=True):
        upload = await ann.uploads(channel, "k2.pdf", MANUAL)
        await slack.settled()
        attempts = [one.attempts for one in slack.deliveries.sent]
        await slack.reply(upload, "k2.pdf is ready")

    assert attempts == [1] * len(attempts)
    assert len(slack.replies(upload)) == 1
