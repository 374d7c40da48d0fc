from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.fake_slack import FakeSlack
from tests.fake_slack.conftest import refusal


async def test_auth_test_names_the_bot_and_its_scopes(slack: FakeSlack, client: AsyncWebClient):
    """`auth.test` says who the token is, and the header lists what it was granted."""
    answer = await client.auth_test()

    assert (answer["user_id"], answer["team_id"]) == (slack.bot.id, slack.ws.team)
    assert answer.headers["x-oauth-scopes"] == ",".join(sorted(slack.app.scopes))


@pytest.mark.parametrize(
    ("token", "error"),
    [
        pytest.param("xoxb-wrong", "invalid_auth", id="unknown"),
        pytest.param("xapp-fake-app-token", "not_allowed_token_type", id="app-token-for-a-bot-method"),
        pytest.param("", "not_authed", id="none"),
    ],
)
async def test_a_wrong_token_is_refused(slack: FakeSlack, token: str, error: str):
    """Each kind of wrong token has Slack's own error."""
    client = AsyncWebClient(token=token or None, base_url=slack.api_url)

    assert (await refusal(client.auth_test()))["error"] == error


async def test_a_missing_scope_is_named(slack: FakeSlack, client: AsyncWebClient):
    """A call without its scope says what it needs and what the token has."""
    slack.app.scopes.remove("reactions:write")
    ann = slack.user("ann")
    message = await ann.says(slack.channel("general", members=[ann]), "hello")

    answer = await refusal(client.reactions_add(channel=message.channel.id, timestamp=message.ts, name="eyes"))

    assert (answer["error"], answer["needed"]) == ("missing_scope", "reactions:write")
    assert "chat:write" in str(answer["provided"])


async def test_scopes_that_were_used_are_remembered(slack: FakeSlack, client: AsyncWebClient):
    """A test can compare what the app uses with what its manifest asks for."""
    channel = slack.channel("general")

    await client.chat_postMessage(channel=channel.id, text="hello")
    await client.conversations_info(channel=channel.id)

    assert slack.ws.scopes_used == {"chat:write", "channels:read", "channels:history"}  # its own message is an event


@pytest.mark.parametrize(
    ("private", "app", "error"),
    [
        pytest.param(False, False, "not_in_channel", id="public"),
        pytest.param(True, False, "channel_not_found", id="private"),
    ],
)
async def test_posting_where_the_app_is_not(
    slack: FakeSlack, client: AsyncWebClient, private: bool, app: bool, error: str
):
    """Public channels ask for membership; private ones do not exist for the app."""
    channel = slack.channel("elsewhere", private=private, app=app)

    assert (await refusal(client.chat_postMessage(channel=channel.id, text="hello")))["error"] == error


async def test_a_post_can_be_edited_and_deleted(slack: FakeSlack, client: AsyncWebClient):
    """What people see follows, and every step is on the timeline."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])

    ts = (await client.chat_postMessage(channel=channel.id, text="one"))["ts"]
    await client.chat_update(channel=channel.id, ts=ts, text="two")
    seen = ann.sees(channel)
    await client.chat_delete(channel=channel.id, ts=ts)

    assert [(one.shown, one.edited) for one in seen] == [("two", True)]
    assert ann.sees(channel) == ()
    assert [one.kind for one in slack.happenings] == ["posted", "edited", "deleted"]


async def test_another_persons_message_cannot_be_changed(slack: FakeSlack, client: AsyncWebClient):
    """The app edits and deletes its own messages only."""
    ann = slack.user("ann")
    message = await ann.says(slack.channel("general", members=[ann]), "mine")
    where = {"channel": message.channel.id, "ts": message.ts}

    assert (await refusal(client.chat_update(**where, text="yours")))["error"] == "cant_update_message"
    assert (await refusal(client.chat_delete(**where)))["error"] == "cant_delete_message"


async def test_an_ephemeral_message_is_seen_by_one(slack: FakeSlack, client: AsyncWebClient):
    """Only the person it is for sees it, and only in a channel they are in."""
    ann, bob, eve = slack.user("ann"), slack.user("bob"), slack.user("eve")
    channel = slack.channel("general", members=[ann, bob])

    await client.chat_postEphemeral(channel=channel.id, user=ann.id, text="psst")

    assert [one.shown for one in ann.sees(channel)] == ["psst"]
    assert bob.sees(channel) == ()
    outsider = client.chat_postEphemeral(channel=channel.id, user=eve.id, text="psst")
    assert (await refusal(outsider))["error"] == "user_not_in_channel"


async def test_a_permalink_leads_into_the_thread(slack: FakeSlack, client: AsyncWebClient):
    """A reply's link carries its thread."""
    channel = slack.channel("general")
    root = (await client.chat_postMessage(channel=channel.id, text="root"))["ts"]
    reply = (await client.chat_postMessage(channel=channel.id, text="reply", thread_ts=root))["ts"]

    link = (await client.chat_getPermalink(channel=channel.id, message_ts=reply))["permalink"]

    assert link.endswith(f"/archives/{channel.id}/p{reply.replace('.', '')}?thread_ts={root}&cid={channel.id}")


async def test_channels_come_in_pages(slack: FakeSlack, client: AsyncWebClient):
    """Cursors lead through all of a person's channels, each once; private ones only where the app is."""
    ann = slack.user("ann")
    for number in range(5):
        slack.channel(f"public-{number}", members=[ann])
    slack.channel("secret-with-app", private=True, members=[ann])
    slack.channel("secret-without-app", private=True, members=[ann], app=False)

    pages = [
        [one["name"] for one in page["channels"]]
        async for page in await client.users_conversations(user=ann.id, types="public_channel,private_channel", limit=4)
    ]

    assert pages == [["public-0", "public-1", "public-2", "public-3"], ["public-4", "secret-with-app"]]


async def test_history_and_replies(slack: FakeSlack, client: AsyncWebClient):
    """History is newest first and has no replies; replies are oldest first with their root."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    first = await ann.says(channel, "first")
    await ann.says(channel, "second")
    await ann.says(channel, "reply", thread=first)

    history = await client.conversations_history(channel=channel.id)
    replies = await client.conversations_replies(channel=channel.id, ts=first.ts)

    assert [one["text"] for one in history["messages"]] == ["second", "first"]
    assert history["messages"][1]["reply_count"] == 1
    assert [one["text"] for one in replies["messages"]] == ["first", "reply"]


async def test_people_and_members(slack: FakeSlack, client: AsyncWebClient):
    """`users.info` and `conversations.members` know the people of the test."""
    ann = slack.user("ann", admin=True)
    channel = slack.channel("general", members=[ann])

    user = (await client.users_info(user=ann.id))["user"]
    members = (await client.conversations_members(channel=channel.id))["members"]

    assert (user["name"], user["is_admin"], user["is_bot"]) == ("ann", True, False)
    assert members == [ann.id, slack.bot.id]


async def test_direct_messages_are_opened_once(slack: FakeSlack, client: AsyncWebClient):
    """`conversations.open` gives the same channel each time, the one in which the person talks to the app."""
    ann = slack.user("ann")

    first = (await client.conversations_open(users=ann.id))["channel"]["id"]
    second = (await client.conversations_open(users=ann.id))["channel"]["id"]

    assert first == second == slack.direct(ann).id
    assert first.startswith("D")


async def test_reactions(slack: FakeSlack, client: AsyncWebClient):
    """A reaction is there once and can be taken back once."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    message = await ann.says(channel, "hello")
    where = {"channel": channel.id, "timestamp": message.ts, "name": "eyes"}

    await client.reactions_add(**where)
    seen = ann.sees(channel)[0].reactions

    assert seen == ("eyes",)
    assert (await refusal(client.reactions_add(**where)))["error"] == "already_reacted"
    await client.reactions_remove(**where)
    assert (await refusal(client.reactions_remove(**where)))["error"] == "no_reaction"


@pytest.mark.parametrize(
    ("method", "content", "error"),
    [
        pytest.param("chat.postMessage", {"text": "x" * 40_001}, "msg_too_long", id="text"),
        pytest.param("chat.postMessage", {"markdown_text": "x" * 12_001}, "msg_too_long", id="markdown"),
        pytest.param("chat.postMessage", {"markdown_text": "x", "text": "x"}, "markdown_text_conflict", id="both"),
        pytest.param("chat.postMessage", {}, "no_text", id="nothing"),
        pytest.param("chat.postMessage", {"blocks": "{"}, "invalid_blocks_format", id="not-json"),
        pytest.param("chat.postMessage", {"blocks": [{"type": "hologram"}]}, "invalid_blocks", id="unknown-block"),
        pytest.param("chat.update", {"text": "x" * 4_001}, "msg_too_long", id="edits-are-shorter"),
    ],
)
async def test_what_a_message_may_hold(
    slack: FakeSlack, client: AsyncWebClient, method: str, content: dict[str, object], error: str
):
    """Limits of text, and of blocks, are Slack's; an edit takes less than a post."""
    channel = slack.channel("general")
    ts = (await client.chat_postMessage(channel=channel.id, text="first"))["ts"]

    answer = await refusal(client.api_call(method, json={"channel": channel.id, "ts": ts} | content))

    assert answer["error"] == error


async def test_guests_and_shared_channels(slack: FakeSlack, client: AsyncWebClient):
    """Guests and channels with outsiders are told from others."""
    guest = slack.user("gus", guest=True)
    channel = slack.channel("with-partners", shared=True, members=[guest])

    assert (await client.users_info(user=guest.id))["user"]["is_restricted"]
    assert (await client.conversations_info(channel=channel.id))["channel"]["is_ext_shared"]
    await guest.says(channel, "hello")
    assert slack.deliveries.sent[0].payload["is_ext_shared_channel"]


async def test_unknown_methods_and_missing_arguments(slack: FakeSlack, client: AsyncWebClient):
    """A call that Slack would not understand is refused, not guessed at."""
    assert (await refusal(client.api_call("chat.shout")))["error"] == "unknown_method"
    assert (await refusal(client.api_call("chat.update", json={"text": "x"})))["error"] == "invalid_arguments"


async def test_one_message_a_second_in_a_channel(slack: FakeSlack, client: AsyncWebClient):
    """With limits on, the second post in a second is 429 with Retry-After; another channel is not affected."""
    slack.clock.stop()
    slack.limits.enforced = True
    one, two = slack.channel("one"), slack.channel("two")

    await client.chat_postMessage(channel=one.id, text="first")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=one.id, text="second")
    await client.chat_postMessage(channel=two.id, text="elsewhere")
    slack.clock.advance(1)
    await client.chat_postMessage(channel=one.id, text="third")

    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    assert caught.value.response["error"] == "ratelimited"


async def test_edits_have_a_tier(slack: FakeSlack, client: AsyncWebClient):
    """`chat.update` is tier 3: fifty a minute for the app, whatever the message."""
    slack.clock.stop()
    slack.limits.enforced = True
    channel = slack.channel("one")
    ts = (await client.chat_postMessage(channel=channel.id, text="first"))["ts"]

    for number in range(50):
        await client.chat_update(channel=channel.id, ts=ts, text=str(number))

    answer = await refusal(client.chat_update(channel=channel.id, ts=ts, text="one too many"))
    assert answer["error"] == "ratelimited"


async def test_planned_trouble_happens_and_ends(slack: FakeSlack, client: AsyncWebClient):
    """Errors, 429 and broken connections come when a test asks for them, as often as it asks."""
    channel = slack.channel("one")
    slack.fail("chat.postMessage", "fatal_error")
    slack.limit("chat.postMessage", retry_after=0.01)
    slack.break_off("chat.postMessage", times=2)

    first = await refusal(client.chat_postMessage(channel=channel.id, text="1"))
    second = await refusal(client.chat_postMessage(channel=channel.id, text="2"))
    with pytest.raises(aiohttp.ClientError):  # after the repeat that the SDK makes by itself
        await client.chat_postMessage(channel=channel.id, text="3")
    await client.chat_postMessage(channel=channel.id, text="4")

    assert (first["error"], second["error"]) == ("fatal_error", "ratelimited")
    assert [one.text for one in channel.messages] == ["3", "3", "4"]


async def test_the_sdk_waits_as_it_is_told(slack: FakeSlack, client: AsyncWebClient):
    """With its retry handler, the unmodified client repeats a call after Retry-After."""
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    channel = slack.channel("one")
    slack.limit("chat.postMessage", retry_after=1)

    await client.chat_postMessage(channel=channel.id, text="patience")

    assert [call.status for call in slack.calls_of("chat.postMessage")] == [429, 200]
