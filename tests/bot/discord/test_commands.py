"""`/askdocs` over the wire."""

from __future__ import annotations

import asyncio
import shutil

import pytest

from bot import notices
from ingest.documents import Origin
from ingest.pipeline import open_pipeline
from tests.bot.discord.playing import HANDBOOK, LEAVE, playing, saying, settings_for
from tests.bot.discord.test_questions import ANSWER
from tests.bot.slack.playing import SAMPLES
from tests.fake_discord import FakeDiscord
from tests.fake_discord.permissions import VIEW_CHANNEL

pytestmark = pytest.mark.timeout(180)


@pytest.mark.parametrize("private", [False, True], ids=["for everybody", "for the asker"])
async def test_ask(discord, samples, tmp_path, private):
    """A question is deferred at once, and its answer takes the deferred message's place."""
    ann, bob = discord.user("ann"), discord.user("bob")
    channel = discord.channel("general")
    async with playing(discord, settings_for(discord, tmp_path, samples), saying(*ANSWER)):
        names = await ann.autocompletes("askdocs ask", channel, question=LEAVE, document="hand")
        act = await ann.command("askdocs ask", channel, question=LEAVE, document=HANDBOOK, private=private)
        await discord.until(lambda: "[1]" in discord.see(act.original).shown, within=60)

    assert names == [HANDBOOK]
    assert not act.has_failed
    assert act.followups == []
    assert any("[1]" in one.shown for one in bob.sees(channel)) is not private
    assert ("Share in channel" in discord.see(act.original).buttons) is private


async def test_commands_of_one_word(discord, samples, tmp_path):
    """What a command says is seen by whoever gave it alone."""
    ann, bob = discord.user("ann"), discord.user("bob")
    channel = discord.channel("general")
    async with playing(discord, settings_for(discord, tmp_path, samples)):
        for word, shown in {"docs": HANDBOOK, "help": "/askdocs", "status": "document", "why": "not answered"}.items():
            act = await ann.command(f"askdocs {word}", channel)
            await discord.until(lambda act=act, shown=shown: shown in discord.see(act.original).shown, within=60)
        refused = await bob.command("askdocs forget", channel, document="nothing.pdf")
        await discord.until(lambda: "nothing.pdf" in discord.see(refused.original).shown, within=60)

    assert bob.sees(channel)[-1].ephemeral
    assert not [one for one in channel.messages if one.author is discord.bot]


async def test_who_may_forget_and_hide(discord: FakeDiscord, samples, tmp_path):
    """Only the uploader and who manages the server; then a document is read in its channel alone, or forgotten."""
    bob, mod = discord.user("bob"), discord.user("mod", admin=True)
    channel, other = discord.channel("general"), discord.channel("other")
    shutil.copytree(samples, tmp_path, dirs_exist_ok=True)
    told = []
    async with playing(discord, settings_for(discord, tmp_path, None), works=True) as core:

        async def say(person, command: str, where, **options: object):
            act = await person.command(f"askdocs {command}", where, **options)
            await discord.until(lambda: not discord.see(act.original).loading, 30)
            told.append(discord.see(act.original).shown)
            return act.original

        await say(bob, "forget", channel, document=HANDBOOK)
        await say(bob, "scope", channel, document=HANDBOOK, readers="channel")
        await say(mod, "scope", channel, document=HANDBOOK, readers="channel")
        names = [await bob.autocompletes("askdocs page", channel, document="")]
        channel.deny(bob.record, VIEW_CHANNEL)
        names.append(await bob.autocompletes("askdocs page", other, document=""))
        confirm = await say(mod, "forget", channel, document=HANDBOOK)
        await mod.clicks(confirm, notices.FORGET)
        async with asyncio.timeout(30):
            while await core.index.every_document():
                await asyncio.sleep(0.05)

    refused = notices.may_not_forget(HANDBOOK)
    assert [refused in one for one in told] == [True, True, False, False]
    assert names == [[HANDBOOK], []]


async def test_documents_of_one_name_are_told_apart(discord: FakeDiscord, samples, tmp_path):
    """A suggestion says who may read it where another one has its name, and means that one."""
    ann = discord.user("ann", admin=True)
    secret = discord.channel("secret", private=True, members=[ann])
    shutil.copytree(samples, tmp_path, dirs_exist_ok=True)
    origin = Origin(f"discord:{discord.home.id}", f"channel:{secret.id}", HANDBOOK, "A-2", uploader=ann.id)
    settings = settings_for(discord, tmp_path, None)
    async with open_pipeline(settings) as pipeline:
        await pipeline.ingest(origin, SAMPLES / "infuser-k2-manual.pdf")
    async with playing(discord, settings):
        names = await ann.autocompletes("askdocs page", secret, document="hand")
        ids = [one["value"] for one in discord.interactions.all[-1].choices]
        chosen = ids[names.index(f"{HANDBOOK} · #secret")]
        act = await ann.command("askdocs page", secret, document=chosen, page=1)
        await discord.until(lambda: not discord.see(act.original).loading, 30)

    assert sorted(names) == [f"{HANDBOOK} · #secret", f"{HANDBOOK} · everybody here"]
    assert discord.see(act.original).files == ("page.png",)


@pytest.mark.parametrize("is_late", [False, True], ids=["in its place", "directly after its token is over"])
async def test_a_command_that_was_cut_off_says_so(discord: FakeDiscord, samples, tmp_path, is_late):
    """Whoever gave it is told to ask again by the process that takes over."""
    ann = discord.user("ann")
    channel, direct = discord.channel("general"), discord.direct(ann)
    settings = settings_for(discord, tmp_path, samples, ASKDOCS_DISCORD__STOP_SECONDS="0")
    async with playing(discord, settings, slow := saying(*ANSWER, delay=60)):
        act = await ann.command("askdocs ask", channel, question=LEAVE)
        async with asyncio.timeout(30):
            while not slow.calls:
                await asyncio.sleep(0.02)
    if is_late:
        discord.interactions.lifetime = 0.0
    async with playing(discord, settings, saying(*ANSWER)):

        def told() -> list[str]:
            return [discord.see(one).shown for one in (direct.messages if is_late else [act.original])]

        await discord.until(lambda: any(notices.RESTARTED in one for one in told()), 30)
