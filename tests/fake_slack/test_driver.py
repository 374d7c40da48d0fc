from __future__ import annotations

import re

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.fake_slack import FakeSlack
from tests.fake_slack.conftest import Bolt, refusal

BUTTONS = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "An answer"}},
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": "show_1",
                "text": {"type": "plain_text", "text": "Show page"},
                "value": "p1",
            }
        ],
    },
    {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "feedback",
                "positive_button": {"text": {"type": "plain_text", "text": "Good"}, "value": "good"},
                "negative_button": {"text": {"type": "plain_text", "text": "Bad"}, "value": "bad"},
            }
        ],
    },
]
MODAL = {
    "type": "modal",
    "callback_id": "why",
    "title": {"type": "plain_text", "text": "What was wrong?"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "reason",
            "label": {"type": "plain_text", "text": "Reason"},
            "element": {"type": "plain_text_input", "action_id": "words"},
        }
    ],
}


async def test_where_app_mention_is_sent(slack: FakeSlack, bolt: Bolt):
    """In channels and group messages a mention is two events, in a direct message one."""
    ann, bob = slack.user("ann"), slack.user("bob")
    await bolt.connect()

    for place in (slack.channel("open", members=[ann]), slack.direct(ann, bob), slack.direct(ann)):
        await ann.says(place, f"{slack.mention} hello")
    await slack.settled()

    assert [one["channel_type"] for one in bolt.events("message")] == ["channel", "mpim", "im"]
    assert len(bolt.events("app_mention")) == 2


async def test_editing_and_deleting(slack: FakeSlack, bolt: Bolt):
    """`message_changed` and `message_deleted` carry what was there before; naming the app late mentions it."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    await bolt.connect()

    message = await ann.says(channel, "hello")
    await ann.edits(message, f"{slack.mention} hello")
    await ann.deletes(message)
    await slack.settled()

    (change,) = bolt.events("message", "message_changed")
    (removal,) = bolt.events("message", "message_deleted")
    assert (change["previous_message"]["text"], change["message"]["text"]) == ("hello", f"{slack.mention} hello")
    assert change["message"]["edited"]["user"] == ann.id
    assert (removal["deleted_ts"], removal["previous_message"]["text"]) == (message.ts, f"{slack.mention} hello")
    assert [one["edited"]["user"] for one in bolt.events("app_mention")] == [ann.id]
    assert ann.sees(channel) == ()


async def test_a_thread_is_one_whatever_is_replied_to(slack: FakeSlack, bolt: Bolt):
    """Replies carry their root and who started it."""
    ann, bob = slack.user("ann"), slack.user("bob")
    channel = slack.channel("general", members=[ann, bob])
    await bolt.connect()

    root = await ann.says(channel, "root")
    first = await bob.says(channel, "first", thread=root)
    await ann.says(channel, "second", thread=first)
    await slack.settled()

    replies = bolt.events("message")[1:]
    assert [(one["thread_ts"], one["parent_user_id"]) for one in replies] == [(root.ts, ann.id)] * 2


async def test_a_command_is_answered_for_one(slack: FakeSlack, bolt: Bolt):
    """Ack and `respond` are ephemeral unless `in_channel`; a response URL is good for five posts."""
    ann, bob = slack.user("ann"), slack.user("bob")
    channel = slack.channel("general", members=[ann, bob])
    forms = []

    @bolt.app.command("/askdocs")
    async def command(ack, respond, body):
        forms.append(body)
        await ack("working")
        await respond(text="for you")
        await respond(text="for all", response_type="in_channel")

    await bolt.connect()
    invocation = await ann.command("/askdocs", "how long?", channel)
    await slack.until(lambda: len(invocation.posts) == 3)

    assert {one.shown for one in ann.sees(channel)} == {"working", "for you", "for all"}
    assert [one.shown for one in bob.sees(channel)] == ["for all"]
    assert (forms[0]["text"], forms[0]["channel_id"], forms[0]["user_id"]) == ("how long?", channel.id, ann.id)
    async with aiohttp.ClientSession() as session:
        answers = [(await session.post(forms[0]["response_url"], json={"text": "x"})).status for _ in range(4)]
    assert answers == [200, 200, 200, 404]


async def test_a_command_without_an_ack_fails_visibly(slack: FakeSlack, bolt: Bolt):
    """After three seconds Slack says so to the person; commands are not delivered again."""
    slack.deliveries.ack_timeout = 0.05
    bolt.delay = 0.2
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    await bolt.connect()

    invocation = await ann.command("/askdocs", "hello", channel)

    assert (invocation.acked, invocation.delivery.attempts) == (False, 1)
    assert "operation_timeout" in ann.sees(channel)[-1].shown


async def test_clicks_carry_the_button_and_its_message(slack: FakeSlack, bolt: Bolt, client: AsyncWebClient):
    """Buttons and thumbs give `block_actions`; replacing the original edits it for everybody."""
    ann, bob = slack.user("ann"), slack.user("bob")
    channel = slack.channel("general", members=[ann, bob])
    actions = []

    @bolt.app.action(re.compile("show_.*|feedback"))
    async def clicked(ack, body, respond):
        await ack()
        actions.append(body)
        await respond(text="clicked", replace_original=True)

    await bolt.connect()
    ts = (await client.chat_postMessage(channel=channel.id, text="An answer", blocks=BUTTONS))["ts"]
    message = channel.record.messages[ts]
    buttons = ann.sees(channel)[0].buttons
    await ann.clicks(message, "feedback", "bad")
    await slack.until(lambda: bob.sees(channel)[0].shown == "clicked")

    assert buttons == ("Show page", "Good", "Bad")
    assert (actions[0]["actions"][0]["type"], actions[0]["actions"][0]["value"]) == ("feedback_buttons", "bad")
    assert (actions[0]["message"]["ts"], actions[0]["container"]["is_ephemeral"]) == (ts, False)
    assert actions[0]["user"]["id"] == ann.id
    with pytest.raises(AssertionError, match="nothing here"):
        await ann.clicks(message, "show_1")


async def test_an_ephemeral_message_is_edited_through_its_click(slack: FakeSlack, bolt: Bolt, client: AsyncWebClient):
    """The click carries no message, only where it stands; `chat.update` does not know it."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    bodies = []

    @bolt.app.action("show_1")
    async def clicked(ack, body, respond):
        await ack()
        bodies.append(body)
        await respond(delete_original=True)

    await bolt.connect()
    ts = (await client.chat_postEphemeral(channel=channel.id, user=ann.id, text="An answer", blocks=BUTTONS))[
        "message_ts"
    ]
    unknown = await refusal(client.chat_update(channel=channel.id, ts=ts, text="x"))
    (whisper,) = ann.whispers(channel)
    await ann.clicks(whisper, "show_1")
    await slack.until(lambda: not ann.whispers(channel))

    assert unknown["error"] == "message_not_found"
    assert "message" not in bodies[0]
    assert (bodies[0]["container"]["is_ephemeral"], bodies[0]["container"]["message_ts"]) == (True, ts)


async def test_a_modal_is_opened_filled_and_sent(slack: FakeSlack, bolt: Bolt, client: AsyncWebClient):
    """A trigger opens one modal, soon; errors keep it open; a submission closes it."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    triggers, words = [], []

    @bolt.app.action("feedback")
    async def clicked(ack, body, client):
        await ack()
        triggers.append(body["trigger_id"])
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @bolt.app.view("why")
    async def sent(ack, view):
        given = view["state"]["values"]["reason"]["words"]["value"]
        words.append(given)
        await ack(response_action="errors", errors={"reason": "Please say more."}) if len(given) < 5 else await ack()

    await bolt.connect()
    ts = (await client.chat_postMessage(channel=channel.id, text="An answer", blocks=BUTTONS))["ts"]
    await ann.clicks(channel.record.messages[ts], "feedback", "bad")
    modal = await slack.until(lambda: ann.modal)
    refused = await ann.submits(modal, {"words": "no"})
    still_open = ann.modal
    await ann.submits(modal, {"words": "the wrong year"})

    assert (refused.errors, still_open) == ({"reason": "Please say more."}, modal)
    assert (words, ann.modal) == (["no", "the wrong year"], None)
    used = await refusal(client.views_open(trigger_id=triggers[0], view=MODAL))
    assert used["error"] == "exchanged_trigger_id"


async def test_a_trigger_does_not_wait(slack: FakeSlack, client: AsyncWebClient):
    """Three seconds after the click it is too late for a modal."""
    trigger = slack.ws.trigger(slack.user("ann").record)
    slack.clock.advance(3.1)

    assert (await refusal(client.views_open(trigger_id=trigger, view=MODAL)))["error"] == "expired_trigger_id"


async def test_the_home_tab(slack: FakeSlack, bolt: Bolt):
    """Opening it is an event; what is published is what that person sees, buttons included."""
    ann, bob = slack.user("ann"), slack.user("bob")
    clicks = []

    @bolt.app.event("app_home_opened")
    async def opened(event, client):
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": BUTTONS[:2]})

    @bolt.app.action("show_1")
    async def clicked(ack, body):
        await ack()
        clicks.append(body)

    await bolt.connect()
    await ann.opens_home()
    home = await slack.until(lambda: ann.home)
    await ann.clicks(home, "show_1")
    await ann.opens_home()
    await slack.settled()

    assert bob.home is None
    assert (clicks[0]["view"]["id"], "channel" in clicks[0]) == (home.id, False)
    assert [("view" in one, one["tab"]) for one in bolt.events("app_home_opened")] == [(False, "home"), (True, "home")]


async def test_a_message_shortcut_works_anywhere(slack: FakeSlack, bolt: Bolt):
    """Even where the app is not: the message comes with its files."""
    ann = slack.user("ann")
    channel = slack.channel("elsewhere", members=[ann], app=False)
    bodies = []

    @bolt.app.shortcut("index_pdf")
    async def chosen(ack, body):
        await ack()
        bodies.append(body)

    await bolt.connect()
    message = await ann.uploads(channel, "handbook.pdf", b"%PDF-1.4")
    invocation = await ann.runs_shortcut(message, "index_pdf")

    assert invocation.acked
    assert (bodies[0]["type"], bodies[0]["channel"]["id"]) == ("message_action", channel.id)
    assert bodies[0]["message"]["files"][0]["name"] == "handbook.pdf"


async def test_coming_and_going(slack: FakeSlack, bolt: Bolt):
    """Leaving, removing the app and deleting channels are told; what is private stops existing for the leaver."""
    ann, bob = slack.user("ann"), slack.user("bob")
    secret = slack.channel("secret", private=True, members=[ann, bob])
    old, shut = slack.channel("old", members=[ann]), slack.channel("shut", private=True, members=[ann])
    await ann.says(secret, "hello")
    await bolt.connect()

    await bob.leaves(secret)
    await ann.removes_app(secret)
    await ann.deletes_channel(old)
    await ann.deletes_channel(shut)
    await slack.settled()

    assert [one["user"] for one in bolt.events("member_left_channel")] == [bob.id, slack.bot.id]
    assert [one["channel"] for one in bolt.events("group_left")] == [secret.id]
    assert [one["channel"] for one in bolt.events("channel_deleted")] == [old.id]
    assert [one["channel"] for one in bolt.events("group_deleted")] == [shut.id]
    assert (len(ann.sees(secret)), bob.sees(secret)) == (1, ())


async def test_what_pings_and_what_links_is_noticed(slack: FakeSlack, client: AsyncWebClient):
    """Mentions and addresses count in formatted text, not in plain or literal text."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    blocks = [
        {"type": "markdown", "text": f"{ann.mention} [here](https://a.example) or https://b.example"},
        {"type": "section", "text": {"type": "plain_text", "text": "<!channel> https://c.example"}},
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_quote", "elements": [{"type": "text", "text": "<!here> https://d.example"}]}
            ],
        },
    ]

    await client.chat_postMessage(channel=channel.id, text="fallback", blocks=blocks)

    seen = ann.sees(channel)[0]
    assert seen.pings == {ann.id}
    assert seen.links == {"https://a.example", "https://b.example"}
