from __future__ import annotations

from typing import Any

import discord

from tests.fake_discord import FakeDiscord
from tests.fake_discord.conftest import Bot
from tests.fake_discord.test_interactions import Buttons


class Librarian(Bot):
    """Takes every PDF it sees, and answers when it is named: enough of a bot to be used."""

    async def on_message(self, message: discord.Message) -> None:
        if message.author.bot:
            return
        for one in message.attachments:
            note = await message.reply(f"Reading {one.filename}", mention_author=False)
            await note.edit(content=f"{one.filename} is ready: {len(await one.read())} bytes")
        if self.user in message.mentions:
            async with message.channel.typing():
                await message.reply("Twelve days.", view=Buttons(), allowed_mentions=discord.AllowedMentions.none())

    async def on_raw_message_delete(self, event: Any) -> None:
        await self.get_channel(event.channel_id).send("Forgotten.")


async def test_a_story(fake: FakeDiscord, bots: list[Bot]):
    """An upload, a question, a click and a deletion, as each of two people sees them."""
    bots.append(bot := Librarian())
    await bot.go(fake)
    ann, bob = fake.user("ann"), fake.user("bob")
    plans = fake.channel("plans", private=True, members=[ann])

    upload = await ann.uploads(plans, "handbook.pdf", b"%PDF-1.7", "for you")
    ready = await fake.reply(upload, "is ready")
    question = await ann.says(plans, f"{fake.mention} how long is leave?")
    answer = await fake.reply(question, "Twelve")
    act = await ann.clicks(answer, "Show page")
    await fake.until(lambda: act.followups)
    await ann.deletes(upload)
    await fake.until(lambda: plans.messages[-1].content == "Forgotten.")

    assert [one.content for one in ready.versions] == ["Reading handbook.pdf"]
    assert ready.content == "handbook.pdf is ready: 8 bytes"
    assert answer.pings == frozenset()
    assert [one.shown for one in ann.sees(plans) if one.ephemeral] == ["the page"]
    assert bob.sees(plans) == ()
    assert "typing" in [one.kind for one in fake.happenings]
