from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import discord
import pytest
from discord import app_commands

from tests.fake_discord import FakeDiscord
from tests.fake_discord.conftest import Bot
from tests.fake_discord.prompt import Prompt
from tests.fake_discord.test_interactions import Buttons


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def prompt(fake: FakeDiscord, lines: list[str]) -> Prompt:
    return Prompt(fake, lines.append)


async def test_talking_by_hand(fake: FakeDiscord, bot: Bot, prompt: Prompt, lines: list[str], tmp_path: Path):
    """Words, files, replies, threads; what others say is written, once, and again when it changes."""
    (tmp_path / "a b.pdf").write_bytes(b"%PDF-")

    assert await prompt.take("hello @askdocs")
    assert await prompt.take(f":upload '{tmp_path / 'a b.pdf'}'")
    message = await bot.get_channel(int(prompt.place.id)).send("hi", view=Buttons())
    await bot.next("message", 3)
    prompt.look()
    await message.edit(content="hi there", view=None)
    prompt.look()
    prompt.look()

    assert [one.content for one in bot.all("message")] == [f"hello {fake.mention}", "", "hi"]
    assert lines == ["+ AskDocs: hi\n  [Show page] [Bad] [Done]", "~ AskDocs: hi there"]
    await prompt.take(":thread")
    await prompt.take("in the thread")
    await bot.next("thread_create")
    assert [one.content for one in fake.channel("general").threads[0].messages] == ["", "in the thread"]
    assert prompt.label == "ann in thread 'hi there'> "
    await prompt.take(":thread")
    await prompt.take(":dm")
    assert prompt.label == "ann in a direct message> "
    assert not await prompt.take(":quit")


async def test_commands_by_hand(fake: FakeDiscord, bot: Bot, prompt: Prompt, lines: list[str]):
    """Options by name or the first one bare; buttons by their beginning; modals are filled."""
    asked = []

    @bot.tree.command(name="ask", description="Ask")
    async def ask(interaction: discord.Interaction, question: str, private: bool = False) -> None:
        asked.append((question, private))
        await interaction.response.send_message("An answer", view=Buttons(), ephemeral=private)

    @ask.autocomplete("question")
    async def suggest(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{current}?", value=current)]

    await bot.tree.sync()

    await prompt.take("/ask how long: is it?")
    await prompt.take("/ask question: how long? private: true")
    await prompt.take(":suggest /ask question: how")
    await prompt.take(":click Ba")
    await prompt.take(":send the wrong year")
    await prompt.take(":click Nothing")
    await prompt.take("/nothing")

    assert asked == [("how long: is it?", False), ("how long?", True)]
    assert lines == [
        "suggested: how?",
        "[modal] What was wrong?: Comment",
        "! no button begins with 'Nothing'",
        "! there is no command 'nothing' here",
    ]


async def test_it_runs_alone():
    """As a command it prints the environment and takes lines until they end."""
    command = (sys.executable, "-m", "tests.fake_discord", "--no-content")
    pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
    process = await asyncio.create_subprocess_exec(*command, **pipes)
    out, _ = await asyncio.wait_for(process.communicate(b"hello\n:quit\n"), 30)

    assert process.returncode == 0
    assert b"export DISCORD_API_BASE=http://127.0.0.1:" in out
    assert b"export DISCORD_GATEWAY_URL=ws://127.0.0.1:" in out
