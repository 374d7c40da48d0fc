"""PDFs over the wire: dropped, announced, asked about, deleted; fetched with the token from Slack only."""

from __future__ import annotations

import asyncio

import pytest

from bot import notices
from tests.bot.slack.playing import SAMPLES, playing, settings_for
from tests.fake_slack import FakeSlack
from tests.fake_slack.blockkit import words

pytestmark = [pytest.mark.timeout(120)]

MANUAL = (SAMPLES / "infuser-k2-manual.pdf").read_bytes()
ASK = "What must be done before descaling?"


async def names(core) -> list[str]:
    return sorted(document.name for document in await core.index.every_document())


async def gone(core, within: float = 60.0) -> None:
    async with asyncio.timeout(within):
        while await core.index.every_document():
            await asyncio.sleep(0.1)


@pytest.mark.slow
async def test_an_upload_in_a_watched_channel_becomes_answers(slack: FakeSlack, tmp_path):
    """One message tells how far it is; then it can be asked about in its thread; deleting it forgets all."""
    ann = slack.user("ann")
    channel = slack.channel("manuals", members=[ann])
    settings = settings_for(slack, tmp_path, None, ASKDOCS_SLACK__WATCHED="[manuals]")
    async with playing(slack, settings, works=True) as core:
        upload = await ann.uploads(channel, "k2.pdf", MANUAL)
        await ann.uploads(channel, "notes.txt", b"no PDF")
        done = await slack.reply(upload, "k2.pdf is ready", within=60)
        asked = await ann.says(channel, "How is the infuser cleaned?", thread=upload)
        await slack.until(lambda: any("k2.pdf, page" in slack.see(one).shown for one in slack.replies(asked)))
        (document,) = await core.index.every_document()
        reactions = slack.see(upload).reactions
        await ann.deletes_file(upload.files[0])
        await gone(core)
        await slack.until(lambda: done not in channel.messages)

    assert reactions == ("white_check_mark",)
    assert (document.scope, document.uploader) == ("workspace", ann.id)
    assert document.link.startswith("http")
    assert len(slack.replies(upload)) == 1
    assert all(one["token"] == slack.app.bot_token for one in slack.web.downloads)


@pytest.mark.slow
async def test_uploads_elsewhere_and_what_becomes_of_them(slack: FakeSlack, tmp_path):
    """Direct messages and the shortcut index, unwatched channels do not; what is private stays so; kicked out: gone."""
    ann = slack.user("ann")
    plain, secret = slack.channel("plain", members=[ann]), slack.channel("secret", private=True, members=[ann])
    async with playing(slack, settings_for(slack, tmp_path, None), works=True) as core:
        ignored = await ann.uploads(plain, "ignored.pdf", MANUAL)
        direct = await ann.uploads(slack.direct(ann), "direct.pdf", MANUAL + b"\n%1")
        stub = await ann.uploads(secret, "secret.pdf", MANUAL + b"\n%2", stub=True)
        await ann.runs_shortcut(stub, "index_pdf")
        wrong = await ann.uploads(slack.direct(ann), "wrong.pdf", b"<html>not a PDF</html>")
        await slack.reply(direct, "direct.pdf is ready", within=60)
        await slack.reply(stub, "secret.pdf is ready", within=60)
        await slack.reply(wrong, "not a PDF")
        found = {document.name: document.scope for document in await core.index.every_document()}
        await ann.removes_app(secret)
        async with asyncio.timeout(60):
            while "secret.pdf" in await names(core):
                await asyncio.sleep(0.1)

    assert found == {
        "direct.pdf": f"channel:{slack.direct(ann).id}",
        "secret.pdf": f"channel:{secret.id}",
    }
    assert slack.replies(ignored) == []
    assert slack.see(wrong).reactions == ("warning",)


async def test_the_token_goes_to_slack_only(slack: FakeSlack, tmp_path):
    """A download that leads elsewhere is refused, and the other host never sees a request."""
    ann = slack.user("ann")
    slack.web.redirect_downloads_to = slack.elsewhere_url
    async with playing(slack, settings_for(slack, tmp_path, None), works=True):
        upload = await ann.uploads(slack.direct(ann), "trap.pdf", MANUAL)
        await slack.reply(upload, "does not lie with Slack", within=30)

    assert slack.elsewhere == []


async def test_a_question_that_comes_with_its_file_waits_for_it(slack: FakeSlack, tmp_path):
    """It is answered once the file is indexed, from that file, and the asker is told so meanwhile."""
    ann = slack.user("ann")
    slack.slow("files.info", 1.0)
    async with playing(slack, settings_for(slack, tmp_path, None), works=True):
        asked = await ann.uploads(slack.direct(ann), "k2.pdf", MANUAL, "How is the infuser cleaned?")
        answer = await slack.reply(asked, "k2.pdf, page")

    happened = [one for one in slack.happenings if one.ts == answer.ts]
    ready = next(one for one in slack.happenings if "k2.pdf is ready" in one.text)
    assert any(notices.reading_first(["k2.pdf"]) in one.text for one in happened)
    assert slack.happenings.index(ready) < slack.happenings.index(happened[-1])


async def test_what_cannot_be_indexed_is_told(slack: FakeSlack, tmp_path):
    """Too large, and not readable for lack of a permission: each in a sentence, with a mark on the message."""
    ann = slack.user("ann")
    settings = settings_for(slack, tmp_path, None, ASKDOCS_EXTRACTION__MAX_MEGABYTES="1")
    async with playing(slack, settings, works=True):
        large = await ann.uploads(slack.direct(ann), "large.pdf", MANUAL + b"\n%" + b"x" * 1_100_000)
        await slack.reply(large, "larger than the 1 MB")
        slack.app.scopes.discard("files:read")
        hidden = await ann.uploads(slack.direct(ann), "hidden.pdf", MANUAL)
        await slack.reply(hidden, "scope files:read")
        await slack.until(lambda: slack.see(hidden).reactions)

    assert [slack.see(one).reactions for one in (large, hidden)] == [("warning",), ("warning",)]


@pytest.mark.slow
async def test_several_files_in_one_message(slack: FakeSlack, tmp_path):
    """Where a member switched watching on, each PDF of a message is indexed and announced; other files are no noise."""
    ann = slack.user("ann")
    channel = slack.channel("manuals", members=[ann])
    slack.slow("files.info", 1.0, times=2)
    async with playing(slack, settings_for(slack, tmp_path, None), works=True) as core:
        await ann.command("/askdocs", "watch", channel)
        await slack.until(lambda: ann.whispers(channel))
        files = [("one.pdf", MANUAL + b"\n%1"), ("notes.txt", b"no PDF"), ("two.pdf", MANUAL + b"\n%2")]
        upload = await ann.says(channel, "Both manuals", files=files)
        await slack.until(lambda: len(slack.replies(upload)) == 2)
        await ann.opens_home()
        home = await slack.until(lambda: ann.home and words(ann.home.body["blocks"]))
        for name in ("one.pdf", "two.pdf"):
            await slack.reply(upload, f"{name} is ready")
        found = await names(core)

    assert found == ["one.pdf", "two.pdf"]
    assert home.index(notices.BEING_INDEXED) < home.index("one.pdf") < home.index("two.pdf")
    assert len(slack.replies(upload)) == 2
    assert slack.see(upload).reactions == ("white_check_mark",)


async def test_a_question_while_something_is_indexed(slack: FakeSlack, tmp_path):
    """Where nothing is found, what is still being read is named: asking again in a moment may help."""
    ann = slack.user("ann")
    slack.slow("files.info", 2.0)
    async with playing(slack, settings_for(slack, tmp_path, None), works=True):
        upload = await ann.uploads(slack.direct(ann), "k2.pdf", MANUAL)
        await slack.until(lambda: slack.replies(upload))
        asked = await ann.says(slack.direct(ann), ASK)
        await slack.reply(asked, "still reading k2.pdf")
        in_french = await ann.says(slack.direct(ann), "Combien coûte le parking ?")
        await slack.reply(in_french, "en train de lire k2.pdf")


async def test_a_file_for_us_where_nobody_watches(slack: FakeSlack, tmp_path):
    """With a mention it is indexed in its channel; by the shortcut also where we are not, and its owner is told."""
    ann = slack.user("ann")
    plain, elsewhere = slack.channel("plain", members=[ann]), slack.channel("elsewhere", members=[ann], app=False)
    hidden = slack.channel("hidden", private=True, members=[ann], app=False)
    async with playing(slack, settings_for(slack, tmp_path, None), works=True) as core:
        named = await ann.uploads(plain, "named.pdf", MANUAL + b"\n%1", slack.mention)
        pointed_at = await ann.uploads(elsewhere, "pointed-at.pdf", MANUAL + b"\n%2")
        closed = await ann.uploads(hidden, "closed.pdf", MANUAL + b"\n%3")
        await ann.runs_shortcut(pointed_at, "index_pdf")
        await ann.runs_shortcut(closed, "index_pdf")
        await slack.reply(named, "named.pdf is ready")
        await slack.until(lambda: said(slack, slack.direct(ann), "pointed-at.pdf is ready"))
        await slack.until(lambda: said(slack, slack.direct(ann), "closed.pdf. Slack does not let me read it"))
        found = await names(core)

    assert found == ["named.pdf", "pointed-at.pdf"]
    assert slack.replies(pointed_at) == slack.replies(closed) == []


async def test_an_upload_into_a_group_message_stays_there(slack: FakeSlack, tmp_path):
    """Nobody tells how we stand to a group message, which has no scope: nothing is concluded from that, and what was
    missed elsewhere is taken at the next start."""
    ann, bob = slack.user("ann"), slack.user("bob")
    group = slack.direct(ann, bob)
    settings = settings_for(slack, tmp_path, None)
    async with playing(slack, settings, works=True) as core:
        upload = await ann.uploads(group, "k2.pdf", MANUAL + b"\n%1", slack.mention)
        await slack.reply(upload, "k2.pdf is ready")
        (document,) = await core.index.every_document()
    slack.deliveries.paused = True
    missed = await ann.uploads(slack.direct(ann), "missed.pdf", MANUAL + b"\n%2")
    slack.deliveries.paused = False
    async with playing(slack, settings, works=True) as core:
        await slack.reply(missed, "missed.pdf is ready")
        found = await names(core)

    assert document.scope == f"channel:{group.id}"
    assert found == ["k2.pdf", "missed.pdf"]


def said(slack: FakeSlack, place, words: str) -> bool:
    return any(words in slack.see(one).shown for one in place.messages)


async def test_an_upload_outlives_an_outage(slack: FakeSlack, tmp_path):
    """Where Slack cannot be reached while an upload is taken, it is taken a little later."""
    ann = slack.user("ann")
    slack.break_off("users.info", times=7)  # three attempts, each of which aiohttp makes twice
    async with playing(slack, settings_for(slack, tmp_path, None), works=True):
        upload = await ann.uploads(slack.direct(ann), "k2.pdf", MANUAL)
        await slack.reply(upload, "k2.pdf is ready")
