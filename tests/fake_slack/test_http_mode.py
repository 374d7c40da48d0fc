from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from tests.fake_slack import FakeSlack
from tests.fake_slack.conftest import Bolt
from tests.fake_slack.delivery import HttpMode


@pytest.fixture
async def http(slack: FakeSlack, bolt: Bolt) -> AsyncIterator[HttpMode]:
    """Bolt behind its own web server, as `AsyncApp.start` runs it, on a free port."""
    runner = web.AppRunner(bolt.app.web_app("/slack/events"), access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield await slack.use_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    await runner.cleanup()


async def test_the_request_url_is_verified(http: HttpMode):
    """The challenge comes back."""
    assert await http.verify()


async def test_events_commands_and_clicks_arrive_signed(slack: FakeSlack, bolt: Bolt, http: HttpMode):
    """Everything works over signed HTTP as it does over Socket Mode."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])

    @bolt.app.event("app_mention")
    async def answer(event, say):
        await say(text="hello", thread_ts=event["ts"])

    @bolt.app.command("/askdocs")
    async def command(ack):
        await ack("working")

    bolt.ignore_the_rest()
    question = await ann.says(channel, f"{slack.mention} hi")
    await slack.reply(question, "hello")
    invocation = await ann.command("/askdocs", "x", channel)
    await slack.settled()

    assert (invocation.acked, ann.sees(channel)[-1].shown) == (True, "working")
    assert slack.deliveries.lost == []


@pytest.mark.parametrize(
    ("skew", "secret", "accepted"),
    [
        pytest.param(0, "fake-signing-secret", True, id="right"),
        pytest.param(0, "another secret", False, id="wrong-secret"),
        pytest.param(-301, "fake-signing-secret", False, id="replayed-after-five-minutes"),
    ],
)
async def test_a_signature_must_be_right_and_recent(
    slack: FakeSlack, bolt: Bolt, http: HttpMode, skew: float, secret: str, accepted: bool
):
    """Forged and replayed requests can be made, for the app to refuse."""
    http.skew, http.secret = skew, secret
    slack.deliveries.retry_delays = ()
    bolt.ignore_the_rest()
    ann = slack.user("ann")

    await ann.says(slack.channel("general", members=[ann]), "hello")
    await slack.settled()

    assert bool(bolt.bodies) is accepted
    assert bool(slack.deliveries.lost) is not accepted


async def test_retries_say_which_they_are(slack: FakeSlack, bolt: Bolt, http: HttpMode):
    """The first delivery has no retry header; the second has number 1 and the same event id."""
    ann = slack.user("ann")
    seen = []

    @bolt.app.middleware
    async def headers(request, body, next):
        seen.append((body["event_id"], request.headers.get("x-slack-retry-num")))
        await next()

    bolt.ignore_the_rest()
    await ann.says(slack.channel("general", members=[ann]), "hello")
    await slack.settled()
    slack.redeliver()
    await slack.settled()

    assert [number for _, number in seen] == [None, ["1"]]
    assert len({event_id for event_id, _ in seen}) == 1


async def test_an_app_that_is_down_is_tried_again(slack: FakeSlack, http: HttpMode):
    """Nobody at the URL is a failed attempt like any other."""
    http.url = "http://127.0.0.1:9/slack/events"
    slack.deliveries.retry_delays = (0.0, 0.0, 0.0)
    ann = slack.user("ann")

    await ann.says(slack.channel("general", members=[ann]), "hello")
    await slack.settled()

    assert [one.attempts for one in slack.deliveries.lost] == [4]
    assert json.dumps(slack.deliveries.lost[0].payload)
