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
