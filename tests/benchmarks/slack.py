"""Slack's bars: from event to visible text, and a replay with duplicates, limits, disconnects and kills.

`python -m tests.benchmarks.slack` measures latency, `python -m tests.benchmarks.slack 10000` replays so many events.
The bot is a process of its own, with its own connections to Slack and to a model that speaks Groq's protocol.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bot.slack.playing import LEAVE, MANIFEST, SAMPLES, index_samples
from tests.fake_llm import FakeLlm, Quota, Reply
from tests.fake_slack import FakeSlack, Message
from tests.fake_slack.driver import Person, Place

ROOT = Path(__file__).parents[2]
MODEL = "openai/gpt-oss-20b"
PIECES = ("Days that are carried over ", "have to be taken by 31 March", " of the next year [1].")
FIRST_TOKEN = 0.1
DIFFERENT = LEAVE.replace("?", ", for somebody who joined {} weeks ago?")
CHANNELS = 8
EVENTS_A_QUESTION = 2
"""A mention is told as a message and as a mention."""
UNANSWERED = 40
"""Questions that are open at most."""


# Processes.


async def start(slack: FakeSlack, folder: Path, **environ: str) -> asyncio.subprocess.Process:
    """Start a bot in a process of its own, and wait until it is connected."""
    told = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ASKDOCS_")},
        **slack.environ,
        "ASKDOCS_DATA_DIR": str(folder),
        "ASKDOCS_MODELS": "[extractive]",
        "ASKDOCS_MONITORING__PORT": "0",
        "ASKDOCS_LIMITS__PERSON_PER_MINUTE": "100000",
        "ASKDOCS_LIMITS__WORKSPACE_PER_MINUTE": "100000",
        "PYTHONPATH": str(ROOT),
        **environ,
    }
    before = slack.sockets.opened
    with (folder / "bot.log").open("ab") as log:
        command = (sys.executable, "-m", "bot")
        process = await asyncio.create_subprocess_exec(
            *command, cwd=folder, env=told, stdout=asyncio.subprocess.DEVNULL, stderr=log
        )
    await slack.until(lambda: slack.sockets.opened > before, 120)
    return process


async def stop(process: asyncio.subprocess.Process) -> int:
    """Ask a process to end, as a supervisor does; return its exit code."""
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
    return await asyncio.wait_for(process.wait(), 60)


def no_limits() -> Quota:
    """Return the allowance of a provider without limits, which tells nothing of that."""
    return Quota(
        tokens_per_minute=1e9, requests_per_minute=1e6, requests_per_day=1e9, tokens_per_day=1e12, headers=False
    )


@asynccontextmanager
async def answering(slack: FakeSlack, folder: Path) -> AsyncIterator[None]:
    """Run a bot over a model that gives its first token after FIRST_TOKEN, has no limits, and tells nothing of that."""
    async with FakeLlm(reply=Reply(PIECES, first_token_seconds=FIRST_TOKEN)) as llm:
        llm.quotas[MODEL] = no_limits()
        models = {"ASKDOCS_MODELS": f"[groq/{MODEL}]", "GROQ_API_KEY": "key", "GROQ_BASE_URL": llm.url}
        process = await start(slack, folder, **models)
        try:
            yield
        finally:
            await stop(process)


# Latency.


@dataclass(frozen=True)
class Latency:
    """Seconds since the message was posted, at the 95th percentile."""

    questions: int
    sign_of_life: float
    first_words: float
    verified: float


def percentile(values: Sequence[float], share: float = 0.95) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def moments(slack: FakeSlack, asked: Message) -> tuple[float, float, float]:
    """Return when the reply was there, when words of the answer were, and when it was final."""
    began = next(one.at for one in slack.happenings if one.ts == asked.ts)
    (reply,) = slack.replies(asked)
    happened = [one for one in slack.happenings if one.ts == reply.ts]
    words = next(one for one in happened[1:] if "Days" in one.text)
    final = next(one for one in happened if "[1]" in one.text)
    return happened[0].at - began, words.at - began, final.at - began


async def latency(slack: FakeSlack, folder: Path, alone: int, at_once: int) -> list[Latency]:
    """Ask one after the other, then many at once in several channels, then as many that nobody asked before."""
    people = [slack.user(f"person{number}") for number in range(10)]
    channels = [slack.channel(f"channel{number}", members=people) for number in range(CHANNELS)]

    async def ask(number: int, question: str = LEAVE) -> Message:
        return await people[number % 10].says(channels[number % CHANNELS], f"{slack.mention} {question}")

    async with answering(slack, folder):
        for number in range(3):
            await slack.reply(await ask(number), "[1]", within=60)
        one_by_one = []
        for number in range(alone):
            one_by_one.append(await ask(number))
            await slack.reply(one_by_one[-1], "[1]", within=60)
        crowd = [await ask(number) for number in range(at_once)]
        for one in crowd:
            await slack.reply(one, "[1]", within=120)
        others = [await ask(number, DIFFERENT.format(number)) for number in range(at_once)]
        for one in others:
            await slack.reply(one, "[1]", within=120)
    return [_latency(slack, one) for one in (one_by_one, crowd, others)]


def _latency(slack: FakeSlack, asked: Sequence[Message]) -> Latency:
    each = [moments(slack, one) for one in asked]
    return Latency(len(asked), *(percentile(column) for column in zip(*each, strict=True)))


# A replay.


@dataclass(frozen=True)
class Replayed:
    """What became of a replay."""

    questions: int
    answered_once: int
    uploads: int
    indexed_once: int
    events: int
    deliveries: int
    limited: int
    cut: int
    killed: int
    seconds: float


@dataclass
class Replay:
    """Questions and uploads, while everything goes wrong that may."""

    slack: FakeSlack
    folder: Path
    """The bots' data folder, with the samples indexed."""
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    asked: list[Message] = field(default_factory=list)
    posted: list[Message] = field(default_factory=list)
    processes: list[asyncio.subprocess.Process] = field(default_factory=list)
    open: list[Message] = field(default_factory=list)
    limited: int = 0
    cut: int = 0
    killed: int = 0

    async def run(self, questions: int, uploads: int, kills: int) -> Replayed:
        """Play it to its end; whatever is not done after a while is what the figures tell."""
        slack = self.slack
        slack.deliveries.ack_timeout, slack.deliveries.retry_delays = 3.0, (1.0,) * 300
        slack.deliveries.repeat = 2
        people = [slack.user(f"person{number}") for number in range(10)]
        channels = [slack.channel(f"channel{number}", members=people) for number in range(CHANNELS)]
        self.processes = [await start(slack, self.folder) for _ in range(2)]
        began = time.monotonic()
        kill_at = {questions * (number + 1) // (kills + 1) for number in range(kills)}
        every = max(1, questions // max(1, uploads))
        try:
            for number in range(questions):
                await self._ask(people[number % 10], channels[number % CHANNELS])
                if number % every == 0 and len(self.posted) < uploads:
                    await self._upload(people[number % 10], number)
                self._trouble()
                if number in kill_at:
                    await self._kill()
                await self._until_few_are_open(UNANSWERED)
            await self._settle()
        finally:
            for process in self.processes:
                await stop(process)
        return self._result(time.monotonic() - began)

    async def _ask(self, who: Person, where: Place) -> None:
        asked = await who.says(where, f"{self.slack.mention} {LEAVE}")
        self.asked.append(asked)
        self.open.append(asked)

    async def _upload(self, who: Person, number: int) -> None:
        name = f"upload{number}.pdf"
        content = (SAMPLES / "infuser-k2-manual.pdf").read_bytes() + b"\n%" + name.encode()
        self.posted.append(await who.uploads(self.slack.direct(who), name, content))

    def _trouble(self) -> None:
        slack = self.slack
        if self.chance.random() < 0.03:
            posting = ["chat.postMessage", "chat.update", "chat.startStream", "chat.appendStream", "chat.stopStream"]
            slack.limit(self.chance.choice(posting))
            self.limited += 1
        if self.chance.random() < 0.01 and slack.sockets.sockets:
            slack.sockets.cut(self.chance.choice(slack.sockets.sockets))
            self.cut += 1

    async def _kill(self) -> None:
        victim = self.processes.pop(0)
        victim.kill()
        await victim.wait()
        self.killed += 1
        self.processes.append(await start(self.slack, self.folder))

    async def _until_few_are_open(self, most: int) -> None:
        async with asyncio.timeout(300):
            while len(self.open) > most:
                self.open = [one for one in self.open if not is_answered(self.slack, one)]
                await asyncio.sleep(0.05 if len(self.open) > most else 0.0)

    async def _settle(self) -> None:
        try:
            await self._until_few_are_open(0)
            async with asyncio.timeout(300):
                while not all(announcements(self.slack, one) for one in self.posted):
                    await asyncio.sleep(0.5)
            await self.slack.settled(300)
        except TimeoutError:
            print("not everything was done in time", flush=True)

    def _result(self, seconds: float) -> Replayed:
        slack = self.slack
        once = [one for one in self.asked if len(slack.replies(one)) == 1 and is_answered(slack, one)]
        ready = [one for one in self.posted if len(announcements(slack, one)) == 1]
        sent = slack.deliveries.sent
        return Replayed(
            questions=len(self.asked),
            answered_once=len(once),
            uploads=len(self.posted),
            indexed_once=len(ready),
            events=len({one.event_id for one in sent}),
            deliveries=sum(one.attempts for one in sent),
            limited=self.limited,
            cut=self.cut,
            killed=self.killed,
            seconds=round(seconds, 1),
        )


def is_answered(slack: FakeSlack, asked: Message) -> bool:
    replies = slack.replies(asked)
    return bool(replies) and "[1]" in slack.see(replies[0]).shown


def announcements(slack: FakeSlack, upload: Message) -> list[Message]:
    """Return what says that an upload is ready: exactly one is right."""
    name = upload.files[0].name
    return [one for one in slack.replies(upload) if f"{name} is ready" in slack.see(one).shown]


def load() -> str:
    return " ".join(f"{value:.1f}" for value in os.getloadavg())


async def main(events: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        await index_samples(folder)
        print(f"load {load()}", flush=True)
        async with FakeSlack(manifest=MANIFEST) as slack:
            if not events:
                for measured in await latency(slack, folder, 30, 50):
                    print(measured, flush=True)
                return
            questions = events // EVENTS_A_QUESTION
            print(await Replay(slack, folder).run(questions, max(2, questions // 100), 2), flush=True)
        print(f"load {load()}", flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
