from __future__ import annotations

import json

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.fake_slack import FakeSlack
from tests.fake_slack.conftest import Bolt, refusal

PDF = b"%PDF-1.4 a handbook"


async def fetch(url: str, token: str = "") -> tuple[str, bytes]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        assert response.status == 200
        return response.content_type, await response.read()


async def test_an_upload_arrives_twice(slack: FakeSlack, bolt: Bolt):
    """As `message` with subtype `file_share`, and as `file_shared`: the same file id."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    await bolt.connect()

    message = await ann.uploads(channel, "handbook.pdf", PDF, "please read")
    await slack.settled()

    (share,) = bolt.events("message", "file_share")
    (shared,) = bolt.events("file_shared")
    assert (share["text"], share["files"][0]["name"], share["files"][0]["mimetype"]) == (
        "please read",
        "handbook.pdf",
        "application/pdf",
    )
    assert share["files"][0]["id"] == shared["file_id"] == message.files[0].id
    assert (shared["channel_id"], share["ts"]) == (channel.id, message.ts)


async def test_several_files_in_one_message(slack: FakeSlack, bolt: Bolt):
    """One message, several `file_shared`; a mention beside them is an `app_mention` too."""
    ann = slack.user("ann")
    await bolt.connect()

    await ann.says(slack.channel("general", members=[ann]), slack.mention, files=[("a.pdf", PDF), ("b.pdf", PDF)])
    await slack.settled()

    assert [[one["name"] for one in share["files"]] for share in bolt.events("message", "file_share")] == [
        ["a.pdf", "b.pdf"]
    ]
    assert len(bolt.events("file_shared")) == 2
    assert len(bolt.events("app_mention")[0]["files"]) == 2


async def test_bytes_are_for_the_bots_token_only(slack: FakeSlack, client: AsyncWebClient):
    """Without it, or without `files:read`, Slack answers 200 with its sign-in page."""
    ann = slack.user("ann")
    message = await ann.uploads(slack.channel("general", members=[ann]), "handbook.pdf", PDF)
    url = (await client.files_info(file=message.files[0].id))["file"]["url_private_download"]

    assert await fetch(url, slack.app.bot_token) == ("application/pdf", PDF)
    assert (await fetch(url))[0] == "text/html"
    slack.app.scopes.remove("files:read")
    assert b"Sign in" in (await fetch(url, slack.app.bot_token))[1]


async def test_a_download_can_lead_elsewhere(slack: FakeSlack):
    """A redirect to a host that is not Slack's shows what was sent along."""
    ann = slack.user("ann")
    message = await ann.uploads(slack.channel("general", members=[ann]), "handbook.pdf", PDF)
    slack.web.redirect_downloads_to = slack.elsewhere_url
    link = slack.ws.json(message)["files"][0]["url_private_download"]

    await fetch(link, slack.app.bot_token)

    assert len(slack.elsewhere) == 1
    assert slack.elsewhere[0]["Host"].startswith("localhost")


async def test_a_file_of_a_private_channel_is_hidden(slack: FakeSlack, client: AsyncWebClient):
    """Where the app is not, a public channel's file can be read, a private one's does not exist."""
    ann = slack.user("ann")
    public = await ann.uploads(slack.channel("open", members=[ann], app=False), "a.pdf", PDF)
    private = await ann.uploads(slack.channel("shut", private=True, members=[ann], app=False), "b.pdf", PDF)

    info = await client.files_info(file=public.files[0].id)

    assert info["file"]["shares"]["public"]
    assert (await refusal(client.files_info(file=private.files[0].id)))["error"] == "file_not_found"


async def test_a_stub_must_be_asked_for(slack: FakeSlack, bolt: Bolt, client: AsyncWebClient):
    """The event carries only an id and `check_file_info`; `files.info` has the rest."""
    ann = slack.user("ann")
    await bolt.connect()

    await ann.uploads(slack.channel("general", members=[ann]), "shared.pdf", PDF, stub=True)
    await slack.settled()
    stub = bolt.events("message", "file_share")[0]["files"][0]

    assert (stub["file_access"], "name" in stub) == ("check_file_info", False)
    assert (await client.files_info(file=stub["id"]))["file"]["name"] == "shared.pdf"


async def test_deleting_a_file_changes_its_messages(slack: FakeSlack, bolt: Bolt, client: AsyncWebClient):
    """`file_deleted`, and a tombstone in every message that carried it."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    await bolt.connect()
    message = await ann.uploads(channel, "handbook.pdf", PDF)

    await ann.deletes_file(message.files[0])
    await slack.settled()

    assert [one["file_id"] for one in bolt.events("file_deleted")] == [message.files[0].id]
    (change,) = bolt.events("message", "message_changed")
    assert change["message"]["files"] == [{"id": message.files[0].id, "mode": "tombstone"}]
    assert change["previous_message"]["files"][0]["name"] == "handbook.pdf"
    assert (await refusal(client.files_info(file=message.files[0].id)))["error"] == "file_deleted"
    assert ann.sees(channel)[0].files == ("(deleted)",)


async def test_deleting_the_message_unshares_the_file(slack: FakeSlack, bolt: Bolt):
    """`message_deleted` and `file_unshared`; with replies under it, a tombstone stays."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    await bolt.connect()
    plain = await ann.uploads(channel, "a.pdf", PDF)
    discussed = await ann.uploads(channel, "b.pdf", PDF)
    await ann.says(channel, "nice", thread=discussed)

    await ann.deletes(plain)
    await ann.deletes(discussed)
    await slack.settled()

    assert [one["deleted_ts"] for one in bolt.events("message", "message_deleted")] == [plain.ts]
    (change,) = bolt.events("message", "message_changed")
    assert (change["message"]["subtype"], change["message"]["ts"]) == ("tombstone", discussed.ts)
    assert len(bolt.events("file_unshared")) == 2


async def test_what_was_missed_can_be_found(slack: FakeSlack, client: AsyncWebClient):
    """Uploads while the app was away are lost as events, and listed; what a policy deleted is gone without a word."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    slack.deliveries.paused = True
    kept = await ann.uploads(channel, "kept.pdf", PDF)
    await ann.uploads(channel, "notes.txt", b"text")
    expired = await ann.uploads(channel, "expired.pdf", PDF)
    slack.ws.expire(expired)

    listed = (await client.files_list(channel=channel.id, types="pdfs"))["files"]

    assert [one["id"] for one in listed] == [kept.files[0].id]
    assert {one.event["type"] for one in slack.deliveries.lost} == {"message", "file_shared"}
    assert not [one for one in slack.deliveries.sent if "deleted" in json.dumps(one.event)]


@pytest.mark.parametrize("direct", [pytest.param(False, id="channel"), pytest.param(True, id="direct-message")])
async def test_the_sdk_uploads_a_picture(slack: FakeSlack, client: AsyncWebClient, direct: bool):
    """`files_upload_v2` puts it into the thread."""
    ann = slack.user("ann")
    place = slack.direct(ann) if direct else slack.channel("general", members=[ann])
    question = await ann.says(place, "show me")

    await client.files_upload_v2(
        channel=place.id, thread_ts=question.ts, filename="page-3.png", content=b"\x89PNG", title="Page 3"
    )

    reply = ann.sees(place)[-1]
    assert (reply.author, reply.files, reply.thread_ts) == ("askdocs", ("page-3.png",), question.ts)


async def test_a_picture_can_be_shown_to_one_person(slack: FakeSlack, client: AsyncWebClient):
    """Uploaded without a channel, then shown by an image block, once Slack has processed it."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    slack.ws.file_processing_seconds = 2.0
    uploaded = await client.files_upload_v2(filename="page-3.png", content=b"\x89PNG")
    block = {"type": "image", "alt_text": "Page 3", "slack_file": {"id": uploaded["file"]["id"]}}
    post = {"channel": channel.id, "user": ann.id, "text": "Page 3", "blocks": [block]}

    assert (await refusal(client.chat_postEphemeral(**post)))["error"] == "invalid_blocks"
    slack.clock.advance(2)
    await client.chat_postEphemeral(**post)

    assert ann.sees(channel)[-1].shown == "[image: Page 3]"
