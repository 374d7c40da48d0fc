"""The bars of Slack in small, without a time: `python -m tests.benchmarks.slack` has the large ones."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator

import pytest

from bot import notices
from bot.models import ModelEvent, Prompt
from tests.bot.slack.playing import LEAVE, playing, saying, settings_for
from tests.bot.slack.test_questions import ANSWER
from tests.fake_slack import FakeSlack
from tests.fakes import FakeChatModel

pytestmark = pytest.mark.timeout(120)


class Gathering(FakeChatModel):
    """A model that says nothing before so many questions are with it."""

    def __init__(self, count: int) -> None:
        super().__init__(list(ANSWER))
        self._everybody = asyncio.Barrier(count)

    async def stream(self, prompt: Prompt) -> AsyncGenerator[ModelEvent, None]:
        await self._everybody.wait()
        async for event in super().stream(prompt):
            yield event


async def test_fifty_at_once_do_not_wait_for_each_other(slack: FakeSlack, samples, tmp_path):
    """Every question has its sign of life, and is with the model, before the first of them is answered."""
    people = [slack.user(f"person{number}") for number in range(10)]
    channels = [slack.channel(f"channel{number}", members=people) for number in range(8)]
    async with playing(slack, settings_for(slack, tmp_path, samples), Gathering(50)):
        asked = [await people[n % 10].says(channels[n % 8], f"{slack.mention} {LEAVE}") for n in range(50)]
        answers = [await slack.reply(one, "[1]", within=60) for one in asked]

    first_words = next(one for one in slack.happenings if "Days" in one.text)
    before = slack.happenings[: slack.happenings.index(first_words)]
    assert {one.ts for one in answers} <= {one.ts for one in before if notices.LOOKING in one.text}
    assert [len(slack.replies(one)) for one in asked] == [1] * 50


async def test_a_replay_with_what_goes_wrong(slack: FakeSlack, samples, tmp_path):
    """Duplicates, limits and broken sockets, over two processes' sockets: every question is answered once."""
    chance = random.Random(7)
    people = [slack.user(f"person{number}") for number in range(3)]
    channels = [slack.channel(f"channel{number}", members=people) for number in range(3)]
    slack.deliveries.ack_timeout, slack.deliveries.retry_delays = 0.5, (0.2,) * 100
    slack.deliveries.repeat = 2
    settings = settings_for(slack, tmp_path, samples)
    async with playing(slack, settings, one := saying(*ANSWER)), playing(slack, settings, two := saying(*ANSWER)):
        await slack.connected(2, within=30)
        asked = []
        for number in range(30):
            asked.append(await people[number % 3].says(channels[number % 3], f"{slack.mention} {LEAVE}"))
            if number % 6 == 0:
                slack.limit(chance.choice(["chat.postMessage", "chat.update", "chat.startStream", "chat.appendStream"]))
            if number in (10, 20):
                slack.sockets.cut(slack.sockets.sockets[0])
        for message in asked:
            await slack.reply(message, "[1]", within=60)
        await slack.settled(60)

    assert [len(slack.replies(message)) for message in asked] == [1] * 30
    assert len(one.calls) + len(two.calls) == 30
