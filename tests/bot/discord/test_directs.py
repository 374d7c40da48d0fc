"""Direct messages of somebody who shares several guilds with the bot: each wall stands, and all may answer."""

from __future__ import annotations

import asyncio
import shutil

import pytest

from bot.core import Core
from bot.discord.events import workspace
from ingest.documents import Origin
from ingest.pipeline import open_pipeline
from tests import pdfs
from tests.bot.discord.playing import HANDBOOK, LEAVE, playing, saying, settings_for
from tests.bot.discord.test_questions import ANSWER
from tests.fake_discord import FakeDiscord

pytestmark = pytest.mark.timeout(180)

BOILER = "How often is the boiler of the lighthouse inspected?"


@pytest.fixture
async def settings(discord: FakeDiscord, samples, tmp_path):
    """The handbook in the first guild, and in a private channel of the second one a note that ann may read."""
    second = discord.guild("Lighthouse")
    ann, bob = discord.user("ann"), discord.user("bob")
    await ann.joins(second)
    await bob.joins(second)
    secret = discord.channel("secret", private=True, members=[ann], guild=second)
    shutil.copytree(samples, tmp_path, dirs_exist_ok=True)
    found = settings_for(discord, tmp_path, None, ASKDOCS_ACCESS__MEMBERSHIP_SECONDS="0")
    note = tmp_path / "note.pdf"
    note.write_bytes(pdfs.document(["The boiler of the lighthouse is inspected every nine weeks by the keeper."]))
    async with open_pipeline(found) as pipeline:
        origin = Origin(workspace(int(second.id)), f"channel:{secret.id}", "note.pdf", "A-9", uploader=ann.id)
        await pipeline.ingest(origin, note)
    return found


async def test_every_guild_that_both_are_in_answers(discord: FakeDiscord, settings):
    """Which one it is follows from the question, or from what was said before; buttons and lists know all of them."""
    ann = discord.user("ann")
    direct = discord.direct(ann)
    async with playing(discord, settings):

        async def ask(text: str):
            asked = await ann.says(direct, text)
            answer = await discord.reply(asked, "Show page", within=30)
            return answer, discord.see(answer).shown

        _, leave = await ask(LEAVE)
        answer, boiler = await ask(BOILER)
        _, more = await ask("And who does that?")
        button = next(one for one in discord.see(answer).buttons if one.startswith("[1]"))
        click = await ann.clicks(answer, button)
        await discord.until(lambda: click.original.attachments, 30)
        listed = await ann.command("askdocs docs", direct)
        await discord.until(lambda: "note.pdf" in discord.see(listed.original).shown, 30)
        asked = await ann.command("askdocs ask", direct, question=BOILER, document="note.pdf")
        await discord.until(lambda: "nine weeks" in discord.see(asked.original).shown, 30)

    assert "31 March" in leave
    assert "nine weeks" in boiler
    assert "note.pdf" in more
    assert HANDBOOK in discord.see(listed.original).shown


async def test_what_there_is_is_told_of_every_guild(discord: FakeDiscord, settings):
    """The list has all that a question may be answered from, and what is asked then goes on where it was."""
    ann, bob = discord.user("ann"), discord.user("bob")
    direct = discord.direct(ann)
    async with playing(discord, settings):

        async def ask(text: str, said: str):
            asked = await ann.says(direct, text)
            return discord.see(await discord.reply(asked, said, within=30)).shown

        await ask(BOILER, "nine weeks")
        listed = await ask("What documents do you have?", "You can ask")
        await ask("And who does that?", "note.pdf")
        other = await bob.says(discord.direct(bob), "What documents do you have?")
        bobs = discord.see(await discord.reply(other, "You can ask", within=30)).shown
        command = await bob.command("askdocs ask", discord.direct(bob), question="What documents do you have?")
        await discord.until(lambda: "You can ask" in discord.see(command.original).shown, 30)

    assert "2 documents" in listed
    assert f"In Acme: {HANDBOOK}" in listed
    assert "In Lighthouse: note.pdf" in listed
    assert f"In Acme: {HANDBOOK}" in bobs
    assert "Lighthouse" not in bobs
    assert "In Acme: " in discord.see(command.original).shown


async def test_what_was_said_while_nobody_listened_is_answered(discord: FakeDiscord, samples, tmp_path):
    """A conversation that there was before is looked through at the next start: each question has one answer."""
    ann, direct = discord.user("ann"), discord.direct(discord.user("ann"))
    settings = settings_for(discord, tmp_path, samples)
    async with playing(discord, settings, saying(*ANSWER)) as core:
        first = await ann.says(direct, LEAVE)
        await discord.reply(first, "[1]", within=30)
        await listening(core)
    meanwhile = await ann.says(direct, f"{LEAVE} Please.")
    async with playing(discord, settings, model := saying(*ANSWER)):
        await discord.reply(meanwhile, "[1]", within=30)
        await discord.delivered()

    assert [one.referenced for one in direct.messages if one.author is discord.bot] == [first, meanwhile]
    assert len(model.calls) == 1


async def test_a_guild_that_tells_nothing_is_no_guild_in_common(discord: FakeDiscord, samples, tmp_path):
    """Where Discord does not let us look somebody up, the others answer."""
    ann = discord.user("ann")
    await ann.joins(discord.guild("Closed"))
    lookup = "GET /guilds/{guild}/members/{user}"
    discord.slow(lookup, 0.0)
    discord.fail(lookup, 50001)
    async with playing(discord, settings_for(discord, tmp_path, samples), saying(*ANSWER)):
        asked = await ann.says(discord.direct(ann), LEAVE)
        await discord.reply(asked, "[1]", within=30)

    assert [one.status for one in discord.calls_of(lookup)][:2] == [200, 403]


async def listening(core: Core) -> None:
    """Wait until it is written down that somebody listens to direct messages."""
    async with asyncio.timeout(30):
        while not [one for one in await core.marks.moments("discord-direct:") if one.endswith(":listening")]:
            await asyncio.sleep(0.02)


async def test_who_may_not_see_a_channel_reads_none_of_it(discord: FakeDiscord, settings):
    """Permissions are the asker's own in each guild, as they are now."""
    bob, ann = discord.user("bob"), discord.user("ann")
    async with playing(discord, settings):
        other = await bob.says(discord.direct(bob), BOILER)
        await discord.until(lambda: discord.replies(other) and discord.replies(other)[0].edited, 30)
        listed = await bob.command("askdocs docs", discord.direct(bob))
        await discord.until(lambda: HANDBOOK in discord.see(listed.original).shown, 30)
        names = await ann.autocompletes("askdocs page", discord.direct(ann), document="note")
        await ann.leaves(discord.guild("Lighthouse"))
        await discord.delivered()
        gone = await ann.autocompletes("askdocs page", discord.direct(ann), document="note")

    assert "nine weeks" not in discord.see(discord.replies(other)[0]).shown
    assert "note.pdf" not in discord.see(listed.original).shown
    assert (names, gone) == (["note.pdf"], [])
