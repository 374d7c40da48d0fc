"""PDFs over the wire: posted, announced, asked about, deleted; fetched from Discord's own hosts only."""

from __future__ import annotations

import asyncio

import pytest

from bot import notices
from bot.discord.render import INDEX_MENU
from tests import pdfs
from tests.bot.discord.playing import playing, settings_for
from tests.fake_discord import FakeDiscord
from tests.fake_discord.permissions import ADD_REACTIONS, SEND_MESSAGES
from tests.fake_discord.server import ADMIN

pytestmark = [pytest.mark.timeout(180)]

WATCHED = {"ASKDOCS_DISCORD__WATCHED": "[manuals]"}
READY = "is ready"


def pdf(subject: str) -> bytes:
    return pdfs.document([f"The {subject} has to be cleaned with warm water on every second Friday."], title=subject)


async def names(core) -> list[str]:
    return sorted(document.name for document in await core.index.every_document())


async def left(core, *expected: str, within: float = 30.0) -> None:
    """Wait until these documents are there, and no others."""
    async with asyncio.timeout(within):
        while await names(core) != sorted(expected):
            await asyncio.sleep(0.05)


@pytest.mark.slow
async def test_an_upload_in_a_watched_channel_becomes_answers(discord: FakeDiscord, tmp_path):
    """One message tells how far it is; a reply to the upload asks about it; deleting it forgets all."""
    ann = discord.user("ann")
    channel = discord.channel("manuals")
    async with playing(discord, settings_for(discord, tmp_path, None, **WATCHED), works=True) as core:
        upload = await ann.uploads(channel, "Infuser K2 – manual.pdf", pdf("infuser"), "Here it is.")
        notes = await ann.uploads(channel, "notes.txt", b"no PDF")
        done = await discord.reply(upload, READY, within=60)
        asked = await ann.says(channel, "When is the infuser cleaned?", reply_to=done)
        answer = await discord.reply(asked, "Friday", within=30)
        (document,) = await core.index.every_document()
        await discord.until(lambda: discord.see(upload).reactions, 30)
        reactions = discord.see(upload).reactions
        await ann.deletes(upload)
        await left(core)
        await discord.until(lambda: done.is_deleted, 30)

    assert reactions == ("✅",)
    assert (document.name, document.scope) == ("Infuser K2 – manual.pdf", "workspace")
    assert (document.uploader, document.link) == (ann.id, upload.url)
    assert discord.replies(notes) == []
    assert len([one for one in channel.messages if one.author is discord.bot]) == 1
    assert upload.url in discord.see(answer).links
    assert all("Authorization" not in one for one in discord.cdn.requests)


@pytest.mark.slow
async def test_a_question_with_its_pdf_waits_for_it(discord: FakeDiscord, tmp_path):
    """It is answered from that document, in a message of its own, which an edit finds again."""
    ann = discord.user("ann")
    channel = discord.channel("general")
    async with playing(discord, settings_for(discord, tmp_path, None), works=True):
        question = f"{discord.mention} when is the boiler cleaned?"
        asked = await ann.uploads(channel, "boiler.pdf", pdf("boiler"), question)
        answer = await discord.reply(asked, "Friday", within=60)
        told = await discord.reply(asked, READY)
        await discord.until(lambda: discord.see(answer).buttons, 30)
        before = len(answer.versions)
        await ann.edits(asked, f"{question} Please.")
        await discord.until(lambda: len(answer.versions) > before, 30)
        await discord.until(lambda: "Friday" in discord.see(answer).shown, 30)

    assert READY in discord.see(told).shown
    assert {one.id for one in discord.replies(asked)} == {told.id, answer.id}


@pytest.mark.slow
async def test_every_way_to_add_a_pdf(discord: FakeDiscord, tmp_path):
    """A mention, a direct message, the command and the menu; what is private stays so, what is no PDF is told."""
    ann = discord.user("ann")
    plain, secret, direct = discord.channel("plain"), discord.channel("secret", private=True), discord.direct(ann)
    secret.allow(ann)
    async with playing(discord, settings_for(discord, tmp_path, None), works=True) as core:
        ignored = await ann.uploads(plain, "ignored.pdf", pdf("ignored"))
        named = await ann.says(
            plain, discord.mention, attachments=[("one.pdf", pdf("one")), ("x.txt", b"x"), ("two.pdf", pdf("two"))]
        )
        sent = await ann.uploads(direct, "direct.pdf", pdf("direct"))
        words = await ann.uploads(direct, "words.txt", b"words")
        wrong = await ann.uploads(direct, "wrong.pdf", b"<html>not a PDF</html>")
        pointed_at = await ann.uploads(secret, "secret.pdf", pdf("secret"))
        menu = await ann.runs_context_menu(INDEX_MENU, pointed_at)
        given = await ann.command("askdocs upload", plain, file=("given.pdf", pdf("given")))
        refused = await ann.command("askdocs upload", plain, file=("given.txt", b"no"))
        for name, message in {"one.pdf": named, "two.pdf": named, "direct.pdf": sent, "secret.pdf": pointed_at}.items():
            await discord.reply(message, f"{name} {READY}", within=60)
        await discord.reply(wrong, "not a PDF", within=30)
        await discord.reply(words, notices.NO_PDF_IN_MESSAGE, within=30)
        await discord.until(lambda: READY in discord.see(given.original).shown, 60)
        found = {one.name: (one.scope, one.uploader) for one in await core.index.every_document()}
        links = {one.name: one.link for one in await core.index.every_document()}
        await discord.until(lambda: discord.see(wrong).reactions, 30)
        discord.user("mod", admin=True)
        await discord.user("mod").deletes(given.original)
        await left(core, "direct.pdf", "one.pdf", "secret.pdf", "two.pdf")

    assert found == {
        "one.pdf": ("workspace", ann.id),
        "two.pdf": ("workspace", ann.id),
        "given.pdf": ("workspace", ann.id),
        "direct.pdf": (f"channel:{direct.id}", ann.id),
        "secret.pdf": (f"channel:{secret.id}", ann.id),
    }
    assert links["given.pdf"] == given.original.url
    assert discord.replies(ignored) == []
    assert discord.see(wrong).reactions == ("⚠️",)
    assert "secret.pdf" in discord.see(menu.original).shown
    assert menu.original.visible_to == ann.id
    assert notices.NO_PDF_FILE in discord.see(refused.original).shown
    assert refused.original.visible_to == ann.id


@pytest.mark.slow
async def test_whatever_is_deleted_is_forgotten(discord: FakeDiscord, tmp_path):
    """Several messages at once, a thread, a channel with its threads, a file taken off a message, a guild."""
    mod = discord.user("mod", admin=True)
    channel, other = discord.channel("manuals"), discord.channel("other")
    settings = settings_for(discord, tmp_path, None, ASKDOCS_DISCORD__WATCHED="[manuals, other]")
    async with playing(discord, settings, works=True) as core:
        bulk = [await mod.uploads(channel, f"bulk{number}.pdf", pdf(f"bulk{number}")) for number in range(2)]
        thread = await mod.starts_thread(channel, "a thread")
        await mod.uploads(thread, "thread.pdf", pdf("thread"))
        inner = await mod.starts_thread(other, "inner")
        await mod.uploads(inner, "inner.pdf", pdf("inner"))
        await mod.uploads(other, "outer.pdf", pdf("outer"))
        both = await mod.says(channel, "two", attachments=[("kept.pdf", pdf("kept")), ("taken.pdf", pdf("taken"))])
        await left(
            core, "bulk0.pdf", "bulk1.pdf", "thread.pdf", "inner.pdf", "outer.pdf", "kept.pdf", "taken.pdf", within=90
        )
        await mod.bulk_deletes(bulk)
        await left(core, "thread.pdf", "inner.pdf", "outer.pdf", "kept.pdf", "taken.pdf")
        await mod.deletes_thread(thread)
        await left(core, "inner.pdf", "outer.pdf", "kept.pdf", "taken.pdf")
        await mod.deletes_channel(other)
        await left(core, "kept.pdf", "taken.pdf")
        await mod.removes_attachment(both, "taken.pdf")
        await left(core, "kept.pdf")
        await mod.removes_bot()
        await left(core)


@pytest.mark.slow
async def test_what_happened_while_nobody_listened(discord: FakeDiscord, tmp_path):
    """At the start, missed uploads are taken, and what was deleted is forgotten: messages, files, channels, guilds."""
    mod = discord.user("mod", admin=True)
    channel, other = discord.channel("manuals"), discord.channel("other")
    second = discord.guild("Second")
    await mod.joins(second)
    discord.user("mod", admin=True)
    elsewhere = discord.channel("manuals", guild=second)
    settings = settings_for(discord, tmp_path, None, ASKDOCS_DISCORD__WATCHED="[manuals, other]")
    async with playing(discord, settings, works=True) as core:
        kept = await mod.says(channel, "two", attachments=[("kept.pdf", pdf("kept")), ("taken.pdf", pdf("taken"))])
        deleted = await mod.uploads(channel, "deleted.pdf", pdf("deleted"))
        await mod.uploads(other, "channel.pdf", pdf("channel"))
        await mod.uploads(elsewhere, "guild.pdf", pdf("guild"))
        await left(core, "kept.pdf", "taken.pdf", "deleted.pdf", "channel.pdf", "guild.pdf", within=90)
    await mod.deletes(deleted)
    await mod.removes_attachment(kept, "taken.pdf")
    await mod.deletes_channel(other)
    await mod.removes_bot(second)
    await mod.uploads(discord.channel("elsewhere"), "unwatched.pdf", pdf("unwatched"))
    missed = await mod.uploads(channel, "missed.pdf", pdf("missed"))
    thread = await mod.starts_thread(channel, "a thread")
    in_thread = await mod.uploads(thread, "thread.pdf", pdf("thread"))
    thread.record.is_archived = True
    async with playing(discord, settings, works=True) as core:
        await discord.reply(missed, READY, within=60)
        await discord.reply(in_thread, READY, within=60)
        await left(core, "kept.pdf", "missed.pdf", "thread.pdf")


@pytest.mark.slow
async def test_where_the_bot_may_not_write_the_uploader_is_told(discord: FakeDiscord, tmp_path):
    """In a direct message; what may not be marked stays unmarked."""
    ann = discord.user("ann")
    channel = discord.channel("manuals")
    channel.deny(None, SEND_MESSAGES | ADD_REACTIONS)
    async with playing(discord, settings_for(discord, tmp_path, None, **WATCHED), works=True) as core:
        upload = await ann.uploads(channel, "quiet.pdf", pdf("quiet"))
        direct = discord.direct(ann)
        await discord.until(lambda: [one for one in direct.messages if READY in discord.see(one).shown])
        await ann.deletes(upload)
        await left(core)
        await discord.until(lambda: not direct.messages)

    assert discord.see(upload).reactions == ()


@pytest.mark.slow
async def test_addresses_expire_and_lead_to_discord_only(discord: FakeDiscord, tmp_path):
    """A file whose address has expired is fetched from a fresh one; one that lies elsewhere is not asked for."""
    ann = discord.user("ann")
    direct = discord.direct(ann)
    discord.cdn.failures = 1
    async with playing(discord, settings_for(discord, tmp_path, None), works=True):
        late = await ann.uploads(direct, "late.pdf", pdf("late"))
        await discord.until(lambda: discord.cdn.requests, 30)
        discord.cdn.rekey()
        await discord.reply(late, READY, within=60)
        fetched = len(discord.cdn.requests)
        site, discord.cdn.site = discord.cdn.site, "http://elsewhere.invalid"
        trap = await ann.uploads(direct, "trap.pdf", pdf("trap"))
        discord.cdn.site = site
        await discord.reply(trap, "does not lie with Discord")

    assert len(discord.cdn.requests) == fetched


async def test_watching_is_for_who_manages_the_server(discord: FakeDiscord, tmp_path):
    """`watch` says what is in the way: a missing permission, or that nobody shows us what is posted."""
    ann, mod = discord.user("ann"), discord.user("mod", admin=True)
    channel = discord.channel("manuals")
    channel.deny(None, ADMIN | 1 << 6)
    discord.app.intents.discard("message_content")
    async with playing(discord, settings_for(discord, tmp_path, None), works=True) as core:
        told = {}
        for person, word in ((ann, "watch"), (mod, "watch"), (mod, "unwatch")):
            act = await person.command(f"askdocs {word}", channel)
            await discord.until(lambda act=act: not discord.see(act.original).loading, 30)
            told[person.name, word] = discord.see(act.original).shown
        unseen = await ann.uploads(channel, "unseen.pdf", pdf("unseen"))
        await ann.runs_context_menu(INDEX_MENU, unseen)
        await discord.reply(unseen, READY, within=60)
        found = await names(core)

    assert notices.ADMINS_ONLY in told["ann", "watch"]
    assert notices.WATCHING in told["mod", "watch"]
    assert "message-content intent is off" in told["mod", "watch"]
    assert not {"\\", "\u2060"} & set(told["mod", "watch"])
    assert "Add Reactions" in told["mod", "watch"]
    assert notices.NOT_WATCHING in told["mod", "unwatch"]
    assert found == ["unseen.pdf"]
