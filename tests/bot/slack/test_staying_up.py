"""Connections that break, fall silent or are HTTP requests; processes that are killed; what is logged."""

from __future__ import annotations

import asyncio
import shutil
import socket

import pytest

from bot.core import Core
from tests.benchmarks.slack import start, stop
from tests.bot.slack.playing import LEAVE, playing, saying, settings_for
from tests.bot.slack.test_questions import ANSWER
from tests.fake_slack import FakeSlack
from tests.fake_slack.delivery import AttemptFailedError

pytestmark = pytest.mark.timeout(120)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def healthy(core: Core, wanted: str = "ok") -> None:
    """Wait until `/healthz` says this of the connection."""
    async with asyncio.timeout(60):
        while (await core.health.examine()).get("slack") != wanted:
            await asyncio.sleep(0.05)


async def test_http_mode(slack: FakeSlack, samples, tmp_path):
    """Signed requests do all that a socket does; unsigned and old ones are refused."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    port = free_port()
    http = await slack.use_http(f"http://127.0.0.1:{port}/slack/events")
    settings = settings_for(slack, tmp_path, samples, ASKDOCS_SLACK__MODE="http", ASKDOCS_SLACK__PORT=str(port))
    async with playing(slack, settings, model := saying(*ANSWER)) as core:
        await healthy(core)
        async with asyncio.timeout(60):
            while True:
                try:
                    status, _ = await http.post("{}", {"Content-Type": "application/json"})
                    break
                except AttemptFailedError:
                    await asyncio.sleep(0.05)
        slack.deliveries.repeat = 2
        asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
        answer = await slack.reply(asked, "[1]")
        await ann.edits(asked, f"{slack.mention} {LEAVE} Please.")
        await slack.until(lambda: len(model.calls) == 2)
        await slack.reply(asked, "[1]")
        await ann.clicks(answer, "show_page_1")
        await slack.until(lambda: [one for one in slack.replies(asked) if one.files])
        await ann.command("/askdocs", LEAVE, channel)
        await slack.until(lambda: [one for one in ann.whispers(channel) if one.blocks])
        http.skew = -600
        slack.deliveries.retry_delays = ()
        late = await ann.says(channel, f"{slack.mention} {LEAVE}")
        await slack.settled()

    assert status == 401
    assert len([one for one in slack.replies(asked) if not one.files]) == 1
    assert slack.replies(late) == []


async def test_a_socket_that_breaks_or_falls_silent_is_replaced(slack: FakeSlack, samples, tmp_path):
    """What Slack sends again after that is answered."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    slack.deliveries.ack_timeout = 0.5
    slack.deliveries.retry_delays = (0.5,) * 20
    settings = settings_for(slack, tmp_path, samples, ASKDOCS_SLACK__SILENCE_SECONDS="2")
    async with playing(slack, settings, saying(*ANSWER)) as core:
        await healthy(core)
        await slack.sockets.disconnect(slack.sockets.sockets[0])
        await healthy(core, "failed")
        first = await ann.says(channel, f"{slack.mention} {LEAVE}")
        await slack.reply(first, "[1]")
        slack.sockets.sockets[0].silent = True
        second = await ann.says(channel, f"{slack.mention} {LEAVE}")
        await slack.reply(second, "[1]")

    assert [len(slack.replies(one)) for one in (first, second)] == [1, 1]


@pytest.mark.slow
async def test_a_kill_loses_nothing_and_doubles_nothing(slack: FakeSlack, samples, tmp_path):
    """Killed while five answers are being written: who starts next finishes them in the same messages."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    slack.deliveries.ack_timeout = 1.0
    slack.deliveries.retry_delays = (1.0,) * 30
    shutil.copytree(samples, tmp_path, dirs_exist_ok=True)
    slack.slow("chat.update", 60.0, times=5)
    process = await start(slack, tmp_path)
    asked = [await ann.says(channel, f"{slack.mention} {LEAVE}") for _ in range(5)]
    await slack.until(lambda: all(slack.replies(one) for one in asked), 30)
    process.kill()
    await process.wait()
    slack.web.faults.clear()
    asked += [await ann.says(channel, f"{slack.mention} {LEAVE}") for _ in range(3)]
    process = await start(slack, tmp_path)
    try:
        for one in asked:
            await slack.reply(one, "[1]", within=40)
        await slack.settled(40)
        await asyncio.sleep(0.5)
    finally:
        stopped = await stop(process)

    assert [len(slack.replies(one)) for one in asked] == [1] * 8
    assert stopped == 0


async def test_nothing_that_people_wrote_is_logged(slack: FakeSlack, samples, tmp_path, capsys, caplog):
    """Neither question nor answer nor document text stands in a log, also when things go wrong."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    slack.fail("chat.update", "internal_error", times=3)
    with caplog.at_level("DEBUG"):
        async with playing(slack, settings_for(slack, tmp_path, samples), saying("Xylophones march [1]. ", *ANSWER)):
            asked = await ann.says(channel, f"{slack.mention} {LEAVE} marzipan")
            await slack.until(lambda: slack.calls_of("chat.update"))
            await slack.settled()
            await ann.command("/askdocs", "forget marzipan.pdf", channel)
            await asyncio.sleep(0.5)
    logged = "".join(capsys.readouterr()) + "".join(
        record.getMessage() for record in caplog.records if record.name.startswith(("askdocs", "bot", "ingest"))
    )

    assert "slack_connected" in logged
    for words in ("marzipan", "Xylophones", "carried over"):
        assert words not in logged
    assert asked.ts
