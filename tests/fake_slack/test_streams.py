from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fake_slack import FakeSlack, Message
from tests.fake_slack.conftest import Bolt, refusal

BLOCK = {"type": "section", "text": {"type": "plain_text", "text": "sources"}}


@pytest.fixture
async def question(slack: FakeSlack) -> Message:
    ann = slack.user("ann")
    return await ann.says(slack.channel("general", members=[ann]), "how long?")


def where(slack: FakeSlack, question: Message) -> dict[str, str]:
    return {
        "channel": question.channel.id,
        "thread_ts": question.ts,
        "recipient_team_id": slack.ws.team,
        "recipient_user_id": question.user,
    }


async def test_the_sdks_helper_streams(slack: FakeSlack, client: AsyncWebClient, question: Message):
    """People see the text grow; blocks appear at the end, under it."""
    ann = slack.user("ann")
    stream = await client.chat_stream(buffer_size=1, **where(slack, question))

    await stream.append(markdown_text="Twelve ")
    growing = ann.sees(slack.channel("general"))[-1]
    await stream.append(markdown_text="days.")
    await stream.stop(blocks=[BLOCK])
    final = ann.sees(slack.channel("general"))[-1]

    assert (growing.shown, growing.streaming) == ("Twelve ", True)
    assert (final.shown, final.streaming, final.edited) == ("Twelve days.\nsources", False, False)
    assert [one.kind for one in slack.happenings[1:]] == ["posted", "streamed", "stopped"]


async def test_bolts_say_stream_knows_the_recipient(slack: FakeSlack, bolt: Bolt):
    """`say_stream` takes thread and recipient from the event."""
    ann = slack.user("ann")

    @bolt.app.event("app_mention")
    async def answer(say_stream):
        stream = await say_stream()
        await stream.append(markdown_text="hello")
        await stream.stop()

    await bolt.connect()
    question = await ann.says(slack.channel("general", members=[ann]), f"{slack.mention} hi")

    assert (await slack.reply(question)).markdown == "hello"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        pytest.param({"thread_ts": None}, "invalid_arguments", id="no-thread"),
        pytest.param({"recipient_team_id": None}, "missing_recipient_team_id", id="no-team"),
        pytest.param({"recipient_user_id": None}, "missing_recipient_user_id", id="no-user"),
        pytest.param({"recipient_team_id": "T-other"}, "team_not_found", id="wrong-team"),
        pytest.param({"blocks": [BLOCK]}, "invalid_arguments", id="blocks-too-early"),
        pytest.param({"markdown_text": "x" * 12_001}, "msg_too_long", id="too-long"),
    ],
)
async def test_a_stream_starts_only_as_slack_allows(
    slack: FakeSlack, client: AsyncWebClient, question: Message, change: dict[str, Any], error: str
):
    """A thread and both recipients are needed, and blocks wait for the end."""
    arguments = {key: value for key, value in (where(slack, question) | change).items() if value is not None}

    assert (await refusal(client.api_call("chat.startStream", json=arguments)))["error"] == error


async def test_a_message_being_streamed_is_left_alone(slack: FakeSlack, client: AsyncWebClient, question: Message):
    """While a stream is open its message can be neither edited nor deleted; afterwards it can."""
    ts = (await client.chat_startStream(**where(slack, question)))["ts"]
    at = {"channel": question.channel.id, "ts": ts}

    assert (await refusal(client.chat_update(**at, text="x")))["error"] == "streaming_state_conflict"
    assert (await refusal(client.chat_delete(**at)))["error"] == "cant_delete_message"
    await client.chat_stopStream(**at, markdown_text="done")
    assert (await refusal(client.chat_appendStream(**at, markdown_text="x")))["error"] == (
        "message_not_in_streaming_state"
    )
    await client.chat_update(**at, text="edited")
    assert slack.user("ann").sees(slack.channel("general"))[-1].shown == "edited"


async def test_slack_closes_a_stream_after_five_minutes(slack: FakeSlack, client: AsyncWebClient, question: Message):
    """However lively it is; people see Slack's error until the message is updated."""
    ann, channel = slack.user("ann"), slack.channel("general")
    ts = (await client.chat_startStream(**where(slack, question)))["ts"]
    at = {"channel": question.channel.id, "ts": ts}

    slack.clock.advance(200)
    await client.chat_appendStream(**at, markdown_text="half")
    slack.clock.advance(101)

    assert ann.sees(channel)[-1].broken
    for call in (client.chat_appendStream(**at, markdown_text="x"), client.chat_stopStream(**at)):
        assert (await refusal(call))["error"] == "message_not_in_streaming_state"
    await client.chat_update(**at, text="half and the rest")
    assert (ann.sees(channel)[-1].shown, ann.sees(channel)[-1].broken) == ("half and the rest", False)


async def test_a_workspace_without_streams(slack: FakeSlack, client: AsyncWebClient, question: Message):
    """It answers `ok: false` and nothing is posted."""
    slack.disable_streaming()

    with pytest.raises(SlackApiError, match="unknown_method"):
        await client.chat_startStream(**where(slack, question))
    assert len(slack.channel("general").messages) == 1
