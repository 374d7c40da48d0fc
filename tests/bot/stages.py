"""The same person's doings on each platform, for stories that are told on all of them."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from bot.database import open_state
from bot.memory import feedback
from bot.settings import Settings, load_settings
from ingest.index import Index
from tests.bot.slack.playing import HANDBOOK, SAMPLES
from tests.fake_discord import FakeDiscord
from tests.fake_discord.records import Message
from tests.fake_slack import FakeSlack

WAIT = 60.0
FILE = SAMPLES / HANDBOOK


class Stage(ABC):
    """One platform with a bot and a person on it. What a method returns is what that person sees."""

    settings: Settings

    @abstractmethod
    async def upload(self) -> list[str]:
        """Add the handbook; return what is told of it, from first to last."""

    @abstractmethod
    async def ask(self, question: str) -> str: ...

    @abstractmethod
    async def follow_up(self, question: str) -> str: ...

    @abstractmethod
    async def show_page(self) -> bytes:
        """Open the page of the last answer's first source; return the picture."""

    @abstractmethod
    async def say_it_is_wrong(self, why: str) -> None: ...

    @abstractmethod
    async def forget(self) -> None: ...

    async def ratings(self) -> list[tuple[int, str]]:
        database = await open_state(self.settings.resolved_database_url)
        try:
            async with database.read() as connection:
                rows = await connection.execute(select(feedback.c.rating, feedback.c.comment))
                return [(row.rating, row.comment) for row in rows]
        finally:
            await database.close()

    async def documents(self) -> list[str]:
        index = await Index.open(self.settings, None, create=False)
        try:
            return [document.name for document in await index.every_document()]
        finally:
            index.close()


async def all_shown(shown: Callable[[], str], is_last: Callable[[str], bool]) -> list[str]:
    """Watch a message until it shows its last text; return all that it showed."""
    seen: list[str] = []
    async with asyncio.timeout(WAIT):
        while not (seen and is_last(seen[-1])):
            text = shown()
            if text and text not in seen[-1:]:
                seen.append(text)
            await asyncio.sleep(0.02)
    return seen


class SlackStage(Stage):
    def __init__(self, slack: FakeSlack, settings: Settings) -> None:
        self.slack, self.settings = slack, settings
        self.ann = slack.user("ann")
        self.channel = slack.channel("handbooks", members=[self.ann])

    async def upload(self) -> list[str]:
        upload = await self.ann.uploads(self.channel, HANDBOOK, FILE.read_bytes())
        told = await self.slack.until(lambda: next(iter(self.slack.replies(upload)), None), WAIT)
        return await all_shown(lambda: self.slack.see(told).shown, lambda text: "ready" in text)

    async def ask(self, question: str) -> str:
        self.asked = await self.ann.says(self.channel, f"{self.slack.mention} {question}")
        return await self._answer(1)

    async def follow_up(self, question: str) -> str:
        await self.ann.says(self.channel, question, thread=self.asked)
        return await self._answer(2)

    async def _answer(self, count: int) -> str:
        def finished():
            replies = [one for one in self.slack.replies(self.asked) if not one.files]
            return replies[-1] if len(replies) == count and self.slack.see(replies[-1]).buttons else None

        self.answer = await self.slack.until(finished, WAIT)
        return self.slack.see(self.answer).shown

    async def show_page(self) -> bytes:
        await self.ann.clicks(self.answer, "show_page_1")
        picture = await self.slack.until(
            lambda: next((one for one in self.slack.replies(self.asked) if one.files), None), WAIT
        )
        return picture.files[0].content

    async def say_it_is_wrong(self, why: str) -> None:
        thumbs = next(block for block in self.answer.blocks if block["type"] == "context_actions")["elements"][0]
        await self.ann.clicks(self.answer, "feedback", thumbs["negative_button"]["value"])
        modal = await self.slack.until(lambda: self.ann.modal, WAIT)
        await self.ann.submits(modal, {"comment": why})

    async def forget(self) -> None:
        await self.ann.command("/askdocs", f"forget {HANDBOOK}", self.channel)
        asked = await self.slack.until(
            lambda: next((one for one in self.ann.whispers(self.channel) if self.slack.see(one).buttons), None), WAIT
        )
        await self.ann.clicks(asked, "forget")


class DiscordStage(Stage):
    def __init__(self, discord: FakeDiscord, settings: Settings) -> None:
        self.discord, self.settings = discord, settings
        self.ann = discord.user("ann")
        self.channel = discord.channel("handbooks")

    async def upload(self) -> list[str]:
        upload = await self.ann.uploads(self.channel, HANDBOOK, FILE.read_bytes())
        told = await self.discord.until(lambda: next(iter(self.discord.replies(upload)), None), WAIT)
        return await all_shown(lambda: self.discord.see(told).shown, lambda text: "ready" in text)

    async def ask(self, question: str) -> str:
        return await self._answer(await self.ann.says(self.channel, f"{self.discord.mention} {question}"))

    async def follow_up(self, question: str) -> str:
        return await self._answer(await self.ann.says(self.channel, question, reply_to=self.answer))

    async def _answer(self, asked: Message) -> str:
        def finished() -> Message | None:
            return next((one for one in self.discord.replies(asked) if self.discord.see(one).buttons), None)

        self.answer = await self.discord.until(finished, WAIT)
        return self.discord.see(self.answer).shown

    def _button(self, start: str, message: Message | None = None) -> str:
        rows = (message or self.answer).components
        ids = [one["custom_id"] for row in rows for one in row.get("components", ())]
        return next(one for one in ids if one.startswith(start))

    async def show_page(self) -> bytes:
        act = await self.ann.clicks(self.answer, self._button("page:"))
        await self.discord.until(lambda: act.original is not None and act.original.attachments, WAIT)
        return act.original.attachments[0].content

    async def say_it_is_wrong(self, why: str) -> None:
        opened = await self.ann.clicks(self.answer, self._button("bad:"))
        await self.ann.submits(opened, {"comment": why})

    async def forget(self) -> None:
        act = await self.ann.command("askdocs forget", self.channel, document=HANDBOOK)
        await self.discord.until(lambda: act.original is not None and self.discord.see(act.original).buttons, WAIT)
        await self.ann.clicks(act.original, self._button("forgetnow:", act.original))


ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r")


class TerminalStage(Stage):
    """A chat on a terminal of its own, and commands beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environ = {"ASKDOCS_DATA_DIR": str(folder / "data"), "PATH": os.environ["PATH"], "TERM": "xterm"}
        self.settings = load_settings(environ=self.environ)
        self.screen = ""

    async def upload(self) -> list[str]:
        process = await self._start("ingest", str(FILE), stdout=asyncio.subprocess.PIPE)
        out, _ = await asyncio.wait_for(process.communicate(), WAIT)
        return [str(FILE), out.decode()]

    async def _start(self, *words: str, **pipes: int) -> asyncio.subprocess.Process:
        command = (sys.executable, "-c", "from bot.cli import main; main()", *words)
        environ = {**self.environ, "COLUMNS": "200", "PYTHONPATH": str(SAMPLES.parent)}
        return await asyncio.create_subprocess_exec(*command, env=environ, cwd=self.folder, **pipes)

    async def open_chat(self) -> None:
        self.terminal, end = os.openpty()
        self.process = await self._start("chat", stdin=end, stdout=end, stderr=end)
        os.close(end)
        asyncio.get_running_loop().add_reader(self.terminal, self._read)
        await self._shows("› ")

    def _read(self) -> None:
        try:
            self.screen += os.read(self.terminal, 65_536).decode(errors="replace")
        except OSError:  # the other end is closed
            asyncio.get_running_loop().remove_reader(self.terminal)

    async def close(self) -> None:
        if hasattr(self, "process"):
            os.write(self.terminal, b"/quit\n")
            await asyncio.wait_for(self.process.wait(), WAIT)
            asyncio.get_running_loop().remove_reader(self.terminal)
            os.close(self.terminal)

    async def _type(self, line: str) -> str:
        """Type a line; return what is shown until the next prompt."""
        self.screen = ""
        os.write(self.terminal, line.encode() + b"\n")
        await self._shows("› ")
        return ANSI.sub("", self.screen)

    async def _shows(self, text: str) -> None:
        async with asyncio.timeout(WAIT):
            while text not in self.screen:
                assert self.process.returncode is None, self.screen
                await asyncio.sleep(0.02)

    async def ask(self, question: str) -> str:
        if not hasattr(self, "process"):
            await self.open_chat()
        return await self._type(question)

    async def follow_up(self, question: str) -> str:
        return await self._type(question)

    async def show_page(self) -> bytes:
        path = re.search(r"→ (\S+\.png)", await self._type("/page 1"))
        assert path is not None
        return (self.folder / path[1]).read_bytes()

    async def say_it_is_wrong(self, why: str) -> None:
        await self._type(f"/bad {why}")

    async def forget(self) -> None:
        process = await self._start("forget", HANDBOOK, stdout=asyncio.subprocess.PIPE)
        await asyncio.wait_for(process.communicate(), WAIT)
