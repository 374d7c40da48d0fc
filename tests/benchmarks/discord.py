"""Discord's bars: from event to visible text, and a replay with limits, disconnects and kills.

`python -m tests.benchmarks.discord` measures latency, `python -m tests.benchmarks.discord 1000` replays so many
questions. The bots are processes of their own; the model of the first speaks Groq's protocol.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.discord.events import workspace
from tests.benchmarks.slack import (
    CHANNELS,
    DIFFERENT,
    FIRST_TOKEN,
    MODEL,
    PIECES,
    ROOT,
    SAMPLES,
    UNANSWERED,
    Latency,
    load,
    no_limits,
    percentile,
    stop,
)
from tests.bot.discord.playing import index_handbook
from tests.bot.slack.playing import LEAVE
from tests.fake_discord import FakeDiscord
from tests.fake_discord.driver import Person
from tests.fake_discord.place import Place
from tests.fake_discord.records import Message
from tests.fake_llm import FakeLlm, Reply

HOME = "1000000000000000000"
POSTING, EDITING = "POST /channels/{channel}/messages", "PATCH /channels/{channel}/messages/{message}"


async def start(discord: FakeDiscord, folder: Path, **environ: str) -> asyncio.subprocess.Process:
    """Start a bot in a process of its own, and wait until it is connected."""
    told = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ASKDOCS_")},
        **discord.environ,
        "ASKDOCS_DATA_DIR": str(folder),
        "ASKDOCS_MODELS": "[extractive]",
        "ASKDOCS_MONITORING__PORT": "0",
        "ASKDOCS_LIMITS__PERSON_PER_MINUTE": "100000",
        "ASKDOCS_LIMITS__WORKSPACE_PER_MINUTE": "100000",
        "PYTHONPATH": str(ROOT),
        **environ,
    }
    before = len(discord.gateway.identifies)
    with (folder / "bot.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", cwd=folder, env=told, stdout=asyncio.subprocess.DEVNULL, stderr=log
        )
    await discord.until(lambda: len(discord.gateway.identifies) > before, 120)
    return process


# Latency.


def moments(discord: FakeDiscord, asked: Message) -> tuple[float, float, float]:
    """Return when the reply was there, when words of the answer were, and when it was final."""
    began = next(one.at for one in discord.happenings if one.message == asked.id)
    (reply,) = discord.replies(asked)
    happened = [one for one in discord.happenings if one.message == reply.id]
    words = next(one for one in happened[1:] if "Days" in one.text)
    final = next(one for one in happened if "[1]" in one.text)
    return happened[0].at - began, words.at - began, final.at - began


async def latency(discord: FakeDiscord, folder: Path, alone: int, at_once: int) -> list[Latency]:
    """Ask one after the other, then many at once in several channels, then as many that nobody asked before."""
    people = [discord.user(f"person{number}") for number in range(10)]
    channels = [discord.channel(f"channel{number}") for number in range(CHANNELS)]

    async def ask(number: int, question: str = LEAVE) -> Message:
        return await people[number % 10].says(channels[number % CHANNELS], f"{discord.mention} {question}")

    async with FakeLlm(reply=Reply(PIECES, first_token_seconds=FIRST_TOKEN)) as llm:
        llm.quotas[MODEL] = no_limits()
        models = {"ASKDOCS_MODELS": f"[groq/{MODEL}]", "GROQ_API_KEY": "key", "GROQ_BASE_URL": llm.url}
        process = await start(discord, folder, **models)
        try:
            for number in range(3):
                await discord.reply(await ask(number), "[1]")
            one_by_one = []
            for number in range(alone):
                one_by_one.append(await ask(number))
                await discord.reply(one_by_one[-1], "[1]")
            crowd = [await ask(number) for number in range(at_once)]
            for one in crowd:
                await discord.reply(one, "[1]", within=120)
            others = [await ask(number, DIFFERENT.format(number)) for number in range(at_once)]
            for one in others:
                await discord.reply(one, "[1]", within=120)
        finally:
            await stop(process)
    return [_latency(discord, one) for one in (one_by_one, crowd, others)]


def _latency(discord: FakeDiscord, asked: Sequence[Message]) -> Latency:
    each = [moments(discord, one) for one in asked]
    return Latency(len(asked), *(percentile(column) for column in zip(*each, strict=True)))


# A replay.


@dataclass(frozen=True)
class Replayed:
    """What became of a replay."""

    questions: int
    answered_once: int
    uploads: int
    indexed_once: int
    limited: int
    cut: int
    killed: int
    seconds: float


@dataclass
class Replay:
    """Questions and uploads to two processes, while everything goes wrong that may."""

    discord: FakeDiscord
    folder: Path
    """The bots' data folder, with the handbook indexed."""
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    asked: list[Message] = field(default_factory=list)
    posted: list[Message] = field(default_factory=list)
    open: list[Message] = field(default_factory=list)
    processes: list[asyncio.subprocess.Process] = field(default_factory=list)
    limited: int = 0
    cut: int = 0
    killed: int = 0

    async def run(self, questions: int, uploads: int, kills: int) -> Replayed:
        """Play it to its end; whatever is not done after a while is what the figures tell."""
        people = [self.discord.user(f"person{number}") for number in range(10)]
        channels = [self.discord.channel(f"channel{number}") for number in range(CHANNELS)]
        self.processes = [await start(self.discord, self.folder) for _ in range(2)]
        began = time.monotonic()
        kill_at = {questions * (number + 1) // (kills + 1) for number in range(kills)}
        try:
            for number in range(questions):
                await self._ask(people[number % 10], channels[number % CHANNELS])
                if number % max(1, questions // max(1, uploads)) == 0 and len(self.posted) < uploads:
                    await self._upload(people[number % 10], number)
                self._trouble()
                if number in kill_at:
                    await self._kill()
                await self._until_few_are_open(UNANSWERED)
            await self._settle()
        finally:
            for process in self.processes:
                await stop(process)
        once = [one for one in self.asked if len(self.discord.replies(one)) == 1 and self._is_answered(one)]
        ready = [one for one in self.posted if self._ready(one) == 1]
        seconds = round(time.monotonic() - began, 1)
        done = len(self.asked), len(once), len(self.posted), len(ready)
        return Replayed(*done, self.limited, self.cut, self.killed, seconds)

    async def _ask(self, who: Person, where: Place) -> None:
        self.asked.append(await who.says(where, f"{self.discord.mention} {LEAVE}"))
        self.open.append(self.asked[-1])

    async def _upload(self, who: Person, number: int) -> None:
        content = (SAMPLES / "infuser-k2-manual.pdf").read_bytes() + b"\n%" + str(number).encode()
        self.posted.append(await who.uploads(self.discord.direct(who), f"upload{number}.pdf", content))

    def _trouble(self) -> None:
        if self.chance.random() < 0.03:
            self.discord.limit(self.chance.choice([POSTING, EDITING]), 0.3)
            self.limited += 1
        if self.chance.random() < 0.01:
            self.discord.gateway.cut()
            self.cut += 1

    async def _kill(self) -> None:
        victim = self.processes.pop(0)
        victim.kill()
        await victim.wait()
        self.killed += 1
        self.processes.append(await start(self.discord, self.folder))

    async def _until_few_are_open(self, most: int) -> None:
        async with asyncio.timeout(300):
            while len(self.open) > most:
                self.open = [one for one in self.open if not self._is_answered(one)]
                await asyncio.sleep(0.05 if len(self.open) > most else 0.0)

    async def _settle(self) -> None:
        try:
            await self._until_few_are_open(0)
            await self.discord.until(lambda: all(self._ready(one) for one in self.posted), 300)
            await self.discord.delivered()
        except TimeoutError:
            print("not everything was done in time", flush=True)

    def _is_answered(self, asked: Message) -> bool:
        replies = self.discord.replies(asked)
        return bool(replies) and "[1]" in self.discord.see(replies[0]).shown

    def _ready(self, upload: Message) -> int:
        """Count the messages that say that an upload is ready."""
        text = f"{upload.attachments[0].filename} is ready"
        return sum(text in self.discord.see(one).shown for one in self.discord.replies(upload))


async def main(questions: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        await index_handbook(folder, workspace(int(HOME)))
        print(f"load {load()}", flush=True)
        async with FakeDiscord(home=HOME) as discord:
            if not questions:
                for measured in await latency(discord, folder, 30, 50):
                    print(measured, flush=True)
                return
            print(await Replay(discord, folder).run(questions, max(2, questions // 100), 2), flush=True)
        print(f"load {load()}", flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
