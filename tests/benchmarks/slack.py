"""Slack's bars: from event to visible text, and a replay with duplicates, limits, disconnects and kills.

`python -m tests.benchmarks.slack [QUESTIONS]` measures; tests/bot/slack/test_bars.py runs a small one.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bot.slack.playing import LEAVE, MANIFEST, SAMPLES, index_samples, playing, saying, settings_for
from tests.fake_slack import FakeSlack, Message

ROOT = Path(__file__).parents[2]
PIECES = ("Days that are carried over ", "have to be taken by 31 March", " of the next year [1].")
FIRST_TOKEN = 0.1
CHANNELS = 8


@dataclass(frozen=True)
class Latency:
    """Seconds at the 95th percentile."""

    sign_of_life: float
    first_words: float


def percentile(values: Sequence[float], share: float = 0.95) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def seconds_until(slack: FakeSlack, asked: Message) -> tuple[float, float]:
    """Return when the reply was there, and when words of the answer were, since the message was posted."""
    began = next(one.at for one in slack.happenings if one.ts == asked.ts)
    (reply,) = slack.replies(asked)
    happened = [one for one in slack.happenings if one.ts == reply.ts]
    words = next(one for one in happened[1:] if "Days" in one.text or one.kind in ("edited", "stopped"))
    return happened[0].at - began, words.at - began


async def latency(slack: FakeSlack, samples: Path, folder: Path, count: int, *, at_once: bool) -> Latency:
    """Ask questions one after the other, or all at once in several channels."""
    people = [slack.user(f"person{number}") for number in range(10)]
    channels = [slack.channel(f"channel{number}", members=people) for number in range(CHANNELS)]
    measured = []
    async with playing(slack, settings_for(slack, folder, samples), saying(*PIECES, delay=FIRST_TOKEN)):
        warm = await people[0].says(channels[0], f"{slack.mention} {LEAVE}")
        await slack.reply(warm, "[1]", within=20)
        asked = []
        for number in range(count):
            asked.append(await people[number % 10].says(channels[number % CHANNELS], f"{slack.mention} {LEAVE}"))
            if not at_once:
                await slack.reply(asked[-1], "[1]", within=20)
        for one in asked:
            await slack.reply(one, "[1]", within=120)
            measured.append(seconds_until(slack, one))
    return Latency(percentile([one for one, _ in measured]), percentile([one for _, one in measured]))


@dataclass(frozen=True)
class Replayed:
    """What became of a replay."""

    questions: int
    answered_once: int
    uploads: int
    indexed_once: int
    deliveries: int
    seconds: float


async def replay(slack: FakeSlack, samples: Path, folder: Path, questions: int, uploads: int, kills: int) -> Replayed:
    """Ask and upload while connections break, Slack limits, events come twice, and processes are killed."""
    chance = random.Random(7)
    slack.deliveries.ack_timeout, slack.deliveries.retry_delays = 3.0, (1.0,) * 120
    slack.deliveries.repeat = 2
    people = [slack.user(f"person{number}") for number in range(10)]
    channels = [slack.channel(f"channel{number}", members=people) for number in range(CHANNELS)]
    content = (SAMPLES / "infuser-k2-manual.pdf").read_bytes()
    processes = [await start(slack, folder) for _ in range(2)]
    began = time.monotonic()
    asked: list[Message] = []
    posted: list[Message] = []
    moments = {questions * (number + 1) // (kills + 1) for number in range(kills)}
    every = max(1, questions // max(1, uploads))
    for number in range(questions):
        who, where = people[number % 10], channels[number % CHANNELS]
        asked.append(await who.says(where, f"{slack.mention} {LEAVE}"))
        if number % every == 0 and len(posted) < uploads:
            name = f"upload{number}.pdf"
            posted.append(await who.uploads(slack.direct(who), name, content + b"\n%" + name.encode()))
        if chance.random() < 0.03:
            slack.limit(chance.choice(["chat.postMessage", "chat.update", "chat.startStream", "chat.appendStream"]))
        if chance.random() < 0.01 and slack.sockets.sockets:
            slack.sockets.cut(chance.choice(slack.sockets.sockets))
        if number in moments:
            victim = processes.pop(0)
            victim.kill()
            await victim.wait()
            processes.append(await start(slack, folder))
        while len(asked) - sum(is_answered(slack, one) for one in asked[-40:]) - max(0, len(asked) - 40) > 30:
            await asyncio.sleep(0.05)
    try:
        await settle(slack, asked, posted)
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            await process.wait()
    once = [one for one in asked if len(slack.replies(one)) == 1 and is_answered(slack, one)]
    ready = [one for one in posted if len(announcements(slack, one)) == 1]
    return Replayed(questions, len(once), len(posted), len(ready), len(slack.deliveries.sent), time.monotonic() - began)


def is_answered(slack: FakeSlack, asked: Message) -> bool:
    replies = slack.replies(asked)
    return bool(replies) and "[1]" in slack.see(replies[0]).shown


def announcements(slack: FakeSlack, upload: Message) -> list[Message]:
    """Return what says that an upload is ready: exactly one is right."""
    name = upload.files[0].name
    thread = [one for one in upload.channel.messages.values() if one.thread_ts == upload.ts]
    return [one for one in thread if f"{name} is ready" in slack.see(one).shown]


async def settle(slack: FakeSlack, asked: Sequence[Message], posted: Sequence[Message]) -> None:
    async with asyncio.timeout(120 + len(asked) * 0.5):
        while not all(is_answered(slack, one) for one in asked):
            await asyncio.sleep(0.2)
        while not all(announcements(slack, one) for one in posted):
            await asyncio.sleep(0.2)
    await slack.settled(180)
    await asyncio.sleep(1.0)


async def start(slack: FakeSlack, folder: Path) -> asyncio.subprocess.Process:
    """Start a bot in a process of its own, and wait until it is connected."""
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ASKDOCS_")},
        **slack.environ,
        "ASKDOCS_DATA_DIR": str(folder),
        "ASKDOCS_MODELS": "[extractive]",
        "ASKDOCS_MONITORING__PORT": "0",
        "ASKDOCS_LIMITS__PERSON_PER_MINUTE": "100000",
        "ASKDOCS_LIMITS__WORKSPACE_PER_MINUTE": "100000",
        "ASKDOCS_LIMITS__QUEUE": "10000",
        "PYTHONPATH": str(ROOT),
    }
    before = slack.sockets.opened
    with (folder / "bot.log").open("ab") as log:
        command = (sys.executable, "-m", "bot")
        process = await asyncio.create_subprocess_exec(
            *command, cwd=folder, env=environ, stdout=asyncio.subprocess.DEVNULL, stderr=log
        )
    await slack.until(lambda: slack.sockets.opened > before, 90)
    return process


async def main(questions: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        await index_samples(folder / "samples")
        for at_once, count in ((False, 30), (True, 50)):
            async with FakeSlack(manifest=MANIFEST) as slack:
                measured = await latency(slack, folder / "samples", folder / f"state{count}", count, at_once=at_once)
            print(f"{count} questions, {'at once' if at_once else 'alone'}: {measured}", flush=True)
        async with FakeSlack(manifest=MANIFEST) as slack:
            print(await replay(slack, folder, folder / "samples", questions, questions // 50, 2))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
