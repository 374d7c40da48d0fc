from __future__ import annotations

import asyncio

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fake_slack import FakeSlack
from tests.fake_slack.conftest import Bolt


async def test_a_mention_arrives_as_two_events(slack: FakeSlack, bolt: Bolt):
    """In a channel, Slack sends `message` and `app_mention` for the same words; Bolt's answer is seen by people."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])

    @bolt.app.event("app_mention")
    async def answer(event, say):
        await say(text="hello", thread_ts=event["ts"])

    await bolt.connect()
    question = await ann.says(channel, f"{slack.mention} good morning")
    reply = await slack.reply(question, "hello")
    await slack.settled()

    assert [one["ts"] for one in bolt.events("message")][:1] == [question.ts]
    assert [one["ts"] for one in bolt.events("app_mention")] == [question.ts]
    assert reply.thread_ts == question.ts
    assert [one.shown for one in ann.sees(channel)] == [question.text, "hello"]


async def test_each_event_goes_to_one_of_the_sockets(slack: FakeSlack, bolt: Bolt):
    """With several sockets, every event arrives once, and all sockets get some."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    for _ in range(3):
        await bolt.connect()

    for number in range(9):
        await ann.says(channel, str(number))
    await slack.settled()

    assert sorted(one["text"] for one in bolt.events("message")) == [str(number) for number in range(9)]
    assert [socket.received for socket in slack.sockets.sockets] == [3, 3, 3]


async def test_an_event_that_is_not_acknowledged_comes_again(slack: FakeSlack, bolt: Bolt):
    """After the ack time the same event id is delivered again, up to three times, then it is lost."""
    slack.deliveries.ack_timeout = 0.05
    slack.deliveries.retry_delays = (0.0, 0.0, 0.0)
    bolt.delay = 0.2
    ann = slack.user("ann")
    await bolt.connect()

    await ann.says(slack.channel("general", members=[ann]), "hello")
    await slack.settled()

    assert len({body["event_id"] for body in bolt.bodies}) == 1
    assert [one.attempts for one in slack.deliveries.lost] == [4]


async def test_the_same_event_can_be_delivered_again(slack: FakeSlack, bolt: Bolt):
    """Redelivery on demand keeps the event id; Bolt runs its listeners each time."""
    ann = slack.user("ann")
    await bolt.connect()

    await ann.says(slack.channel("general", members=[ann]), "hello")
    await slack.settled()
    slack.redeliver()
    await slack.settled()
    slack.deliveries.repeat = 3
    await ann.says(slack.channel("general"), "again")
    await slack.settled()

    ids = [body["event_id"] for body in bolt.bodies]
    assert [ids.count(one) for one in dict.fromkeys(ids)] == [2, 3]


async def test_envelopes_say_which_attempt_they_are(slack: FakeSlack, bolt: Bolt):
    """Over Socket Mode the first delivery has the number 0, unlike over HTTP, where it has none."""
    slack.deliveries.ack_timeout = 0.3
    ann = slack.user("ann")
    seen = []

    @bolt.app.middleware
    async def headers(request, next):
        seen.append([request.headers.get(f"x-slack-retry-{name}") for name in ("num", "reason")])
        await asyncio.sleep(0.6 if len(seen) == 1 else 0)
        await next()

    await bolt.connect()
    await ann.says(slack.channel("general", members=[ann]), "hello")
    await slack.settled()

    assert seen[:2] == [[["0"], [""]], [["1"], ["timeout"]]]


async def test_a_refresh_moves_the_app_to_a_new_socket(slack: FakeSlack, bolt: Bolt):
    """`disconnect` makes the client reconnect; nothing that was said meanwhile is lost."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    await bolt.connect(ping_interval=0.2)
    (old,) = await slack.connected()

    await slack.sockets.warn(old)
    await slack.until(lambda: slack.sockets.opened == 2)
    (new,) = [one for one in slack.sockets.sockets if one is not old]
    await slack.sockets.disconnect(new)
    await ann.says(channel, "hello")
    await slack.settled()

    assert slack.sockets.opened == 3
    assert [one["text"] for one in bolt.events("message")] == ["hello"]


async def test_a_connection_that_breaks_is_opened_again(slack: FakeSlack, bolt: Bolt):
    """Without a word of goodbye, the client notices and comes back; the event waits for it."""
    ann = slack.user("ann")
    await bolt.connect(ping_interval=0.1)
    (old,) = await slack.connected()

    slack.sockets.cut(old)
    await ann.says(slack.channel("general", members=[ann]), "hello")
    await slack.settled()

    assert [one["text"] for one in bolt.events("message")] == ["hello"]
    assert slack.sockets.opened == 2


async def test_a_silent_socket_delivers_nothing(slack: FakeSlack, bolt: Bolt):
    """It answers pings, so the client believes in it; another socket gets the event at the retry."""
    slack.deliveries.ack_timeout, slack.deliveries.retry_delays = 0.1, (0.1,) * 200
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    await bolt.connect(ping_interval=2.0)
    (first,) = await slack.connected()
    first.silent = True

    await ann.says(channel, "into the void")
    await asyncio.sleep(0.3)
    heard = len(bolt.bodies)
    await bolt.connect()
    await slack.settled()

    assert heard == 0
    assert not first.ws.closed
    assert [one["text"] for one in bolt.events("message")] == ["into the void"]


async def test_a_deaf_socket_is_left_by_the_client(slack: FakeSlack, bolt: Bolt):
    """When pings are not answered either, the client notices and reconnects."""
    ann = slack.user("ann")
    await bolt.connect(ping_interval=0.3)
    (first,) = await slack.connected()
    first.deaf = True

    await slack.until(lambda: slack.sockets.opened == 2)
    await ann.says(slack.channel("general", members=[ann]), "hello")
    await slack.settled()

    assert [one["text"] for one in bolt.events("message")] == ["hello"]


async def test_an_eleventh_socket_is_turned_away(slack: FakeSlack, client: AsyncWebClient):
    """Slack keeps ten sockets for an app and says so to the next."""
    links = [(await client.apps_connections_open(app_token=slack.app.app_token))["url"] for _ in range(11)]
    async with aiohttp.ClientSession() as session:
        sockets = [await session.ws_connect(link) for link in links]
        last = await sockets[-1].receive_json()
        first = await sockets[0].receive_json()
        for one in sockets:
            await one.close()

    assert first["type"] == "hello"
    assert (last["type"], last["reason"]) == ("disconnect", "too_many_websockets")


async def test_the_app_token_needs_its_scope(slack: FakeSlack, client: AsyncWebClient):
    """Socket Mode cannot be opened with a token that lacks `connections:write`."""
    slack.app.app_token_scopes.clear()

    try:
        await client.apps_connections_open(app_token=slack.app.app_token)
    except SlackApiError as refused:
        answer = refused.response

    assert (answer["error"], answer["needed"]) == ("missing_scope", "connections:write")


async def test_events_follow_subscriptions_scopes_and_membership(slack: FakeSlack, bolt: Bolt):
    """What the app did not subscribe to, has no scope for, or cannot see is not delivered."""
    ann = slack.user("ann")
    slack.app.scopes.remove("groups:history")
    slack.app.events.remove("message.im")
    await bolt.connect()

    await ann.says(slack.channel("without-app", members=[ann], app=False), "not seen")
    await ann.says(slack.channel("secret", private=True, members=[ann]), "no scope")
    await ann.says(slack.direct(ann), "not subscribed")
    await ann.says(slack.channel("general", members=[ann]), "seen")
    await slack.settled()

    assert [one["text"] for one in bolt.events("message")] == ["seen"]
