"""What is deleted in Slack is forgotten: files, shares, channels, our place in them; by whom, and when nobody heard."""

from __future__ import annotations

import pytest

from bot import notices
from tests.bot.slack.playing import SAMPLES, playing, settings_for, until_known
from tests.fake_slack import FakeSlack
from tests.fake_slack.blockkit import words

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

MANUAL = (SAMPLES / "infuser-k2-manual.pdf").read_bytes()


def pdf(name: str) -> bytes:
    return MANUAL + b"\n%" + name.encode()


async def test_files_and_channels_that_go(slack: FakeSlack, tmp_path):
    """A file is forgotten when the last message that shares it goes; a channel takes its files with it."""
    ann = slack.user("ann")
    one, two = slack.channel("one", members=[ann]), slack.channel("two", members=[ann])
    closed = slack.channel("closed", private=True, members=[ann])
    settings = settings_for(slack, tmp_path, None, ASKDOCS_SLACK__WATCHED="[one, two, closed]")
    async with playing(slack, settings, works=True) as core:
        first = await ann.uploads(one, "shared.pdf", pdf("shared"))
        second = await ann.shares(two, first.files, "here, too")
        private = await ann.uploads(closed, "private.pdf", pdf("private"))
        await slack.reply(first, "shared.pdf is ready")
        await slack.reply(second, "shared.pdf")
        await slack.reply(private, "private.pdf is ready")
        await ann.deletes(second)
        await ann.deletes_channel(closed)
        left = await until_known(core, lambda names: "private.pdf" not in names)
        await slack.until(lambda: not [said for said in two.messages if said.user == slack.bot.id])
        await ann.deletes(first)
        await until_known(core, lambda names: not names)

    assert left == {"shared.pdf"}


async def test_the_home_tab_forgets_own_uploads(slack: FakeSlack, tmp_path):
    """The button stands below one's own documents only, asks first, and the tab shows at once that it is done."""
    ann, bob = slack.user("ann"), slack.user("bob")
    channel = slack.channel("manuals", members=[ann, bob])
    settings = settings_for(slack, tmp_path, None, ASKDOCS_SLACK__WATCHED="[manuals]")
    async with playing(slack, settings, works=True) as core:
        upload = await ann.uploads(channel, "k2.pdf", MANUAL)
        await slack.reply(upload, "k2.pdf is ready")
        await bob.opens_home()
        theirs = await slack.until(lambda: bob.home and words(bob.home.body["blocks"]))
        buttons = [block for block in bob.home.body["blocks"] if block["type"] == "actions"]
        await ann.opens_home()
        await slack.until(lambda: ann.home and notices.YOUR_DOCUMENTS in words(ann.home.body["blocks"]))
        (own,) = [block for block in ann.home.body["blocks"] if block["type"] == "actions"]
        await ann.clicks(ann.home, "forget")
        await slack.until(lambda: "k2.pdf" not in words(ann.home.body["blocks"]))
        await until_known(core, lambda names: not names)
        await slack.until(lambda: not slack.replies(upload))

    assert "k2.pdf" in theirs
    assert buttons == []
    assert "k2.pdf" in own["elements"][0]["confirm"]["text"]["text"]


async def test_what_happened_while_nobody_listened(slack: FakeSlack, tmp_path):
    """At the start, missed uploads are taken; what retention deleted, what is shared no more, and channels that are
    closed to us are forgotten."""
    ann = slack.user("ann")
    channel, other = slack.channel("manuals", members=[ann]), slack.channel("other", members=[ann])
    left = slack.channel("left", members=[ann])
    settings = settings_for(slack, tmp_path, None, ASKDOCS_SLACK__WATCHED="[manuals, other, left]")
    async with playing(slack, settings, works=True) as core:
        expired = await ann.uploads(channel, "expired.pdf", pdf("expired"))
        kept = await ann.uploads(channel, "kept.pdf", pdf("kept"))
        unshared = await ann.uploads(other, "unshared.pdf", pdf("unshared"))
        await ann.shares(ann_home := slack.channel("unwatched", members=[ann]), unshared.files)
        removed = await ann.uploads(left, "removed.pdf", pdf("removed"))
        for one in (expired, kept, unshared, removed):
            await slack.reply(one, "is ready")
    slack.deliveries.paused = True
    slack.ws.expire(expired)
    await ann.deletes(unshared)
    await ann.removes_app(left)
    missed = await ann.uploads(channel, "missed.pdf", pdf("missed"))
    slack.deliveries.paused = False
    async with playing(slack, settings, works=True) as core:
        await slack.reply(missed, "is ready")
        await until_known(core, lambda names: names == {"kept.pdf", "missed.pdf"})

    assert ann_home.messages
