"""Connections that break, fall silent or are HTTP requests; processes that are killed; what is logged."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
from pathlib import Path

import aiohttp
import pytest

from bot.core import Core
from bot.settings import Settings
from bot.slack.connection import OPENINGS
from tests.benchmarks.slack import start, stop
from tests.bot.slack.playing import LEAVE, SAMPLES, playing, saying, settings_for, thumb, until_known
from tests.bot.slack.test_questions import ANSWER
from tests.fake_slack import FakeSlack
from tests.fake_slack.delivery import MAX_SOCKETS, HttpMode

pytestmark = pytest.mark.timeout(120)

MANUAL = (SAMPLES / "infuser-k2-manual.pdf").read_bytes()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def healthy(core: Core, wanted: str = "ok") -> None:
    """Wait until `/healthz` says this of the connection."""
    async with asyncio.timeout(60):
        while (await core.health.examine()).get("slack") != wanted:
            await asyncio.sleep(0.05)


async def over_http(slack: FakeSlack, folder: Path, samples: Path | None, **more: str) -> tuple[HttpMode, Settings]:
    """Deliver to a port where the bot will listen; nobody does yet."""
    port = free_port()
    http = await slack.use_http(f"http://127.0.0.1:{port}/slack/events")
    mode = {"ASKDOCS_SLACK__MODE": "http", "ASKDOCS_SLACK__PORT": str(port)}
    return http, settings_for(slack, folder, samples, **mode, **more)


async def test_http_mode_does_what_a_socket_does(slack: FakeSlack, tmp_path):
    """Uploads, questions, follow-ups, edits, deletions, clicks, modals, commands, the shortcut and the home tab."""
    ann = slack.user("ann")
    manuals, general = slack.channel("manuals", members=[ann]), slack.channel("general", members=[ann])
    slack.deliveries.repeat, slack.deliveries.retry_delays = 2, (0.2,) * 50
    _, settings = await over_http(slack, tmp_path, None, ASKDOCS_SLACK__WATCHED="[manuals]")
    cleaned = "How is the tank of the infuser descaled?"
    upload = await ann.uploads(manuals, "k2.pdf", MANUAL)
    pointed_at = await ann.uploads(general, "other.pdf", MANUAL + b"\n%1")
    async with playing(slack, settings, saying("The tank is descaled [1]."), works=True) as core:
        await healthy(core)
        await slack.reply(upload, "k2.pdf is ready")  # posted before anybody listened: delivered again
        asked = await ann.says(general, f"{slack.mention} {cleaned}")
        answer = await slack.reply(asked, "k2.pdf, page")
        follow_up = await ann.says(general, "and why?", thread=asked)
        await slack.until(lambda: len(slack.replies(asked)) == 2)
        await ann.edits(follow_up, "and when?")
        await slack.until(lambda: slack.see(slack.replies(asked)[1]).buttons)
        direct = await ann.says(slack.direct(ann), cleaned)
        await slack.reply(direct, "k2.pdf, page")
        await ann.deletes(direct)
        await slack.until(lambda: not slack.replies(direct))
        await ann.clicks(answer, "show_page_1")
        await slack.until(lambda: [one for one in slack.replies(asked) if one.files])
        await ann.clicks(answer, "feedback", thumb(answer, "negative_button"))
        await ann.submits(await slack.until(lambda: ann.modal), {"reason": "wrong", "comment": ""})
        await ann.command("/askdocs", cleaned, general)
        await slack.until(lambda: [one for one in ann.whispers(general) if slack.see(one).buttons])
        await ann.runs_shortcut(pointed_at, "index_pdf")
        await slack.reply(pointed_at, "other.pdf is ready")
        await ann.opens_home()
        await slack.until(lambda: ann.home)
        await ann.deletes_file(upload.files[0])
        await slack.until(lambda: not slack.replies(upload))
        await slack.settled()
        left = await until_known(core, lambda names: "k2.pdf" not in names)

    assert left == {"other.pdf"}
    assert len([one for one in slack.replies(asked) if not one.files]) == 2
    assert slack.sockets.opened == 0


async def test_requests_that_slack_did_not_send_now_are_refused(slack: FakeSlack, samples, tmp_path):
    """Without a signature, with a wrong one, or with one that is ten minutes old."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    slack.deliveries.retry_delays = (0.2,) * 50
    http, settings = await over_http(slack, tmp_path, samples)
    asked = await ann.says(channel, f"{slack.mention} {LEAVE}")
    async with playing(slack, settings, model := saying(*ANSWER)):
        await slack.reply(asked, "[1]")
        body = json.dumps(slack.deliveries.sent[0].payload | {"event_id": "Ev-forged"})
        kind = {"Content-Type": "application/json"}
        unsigned, _ = await http.post(body, kind)
        wrong, _ = await http.post(body, kind | http.signed("{}"))
        http.skew = -600
        late, _ = await http.post(body, kind | http.signed(body))

    assert (unsigned, wrong, late) == (401, 401, 401)
    assert len(model.calls) == 1


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


async def test_a_warning_brings_a_new_socket(slack: FakeSlack, samples, tmp_path):
    """Slack says that a socket goes away soon: another one is opened before, and nothing is answered twice."""
    ann = slack.user("ann")
    channel = slack.channel("general", members=[ann])
    async with playing(slack, settings_for(slack, tmp_path, samples), model := saying(*ANSWER)):
        first = await ann.says(channel, f"{slack.mention} {LEAVE}")
        await slack.sockets.warn(slack.sockets.sockets[0])
        await slack.until(lambda: slack.sockets.opened == 2)
        second = await ann.says(channel, f"{slack.mention} {LEAVE}")
        await slack.reply(first, "[1]")
        await slack.reply(second, "[1]")

    assert len(model.calls) == 2


@pytest.mark.slow
async def test_a_ticket_is_used_once(slack: FakeSlack, samples, tmp_path):
    """Where a socket is not opened, its address is good for nothing any more: another one is asked for."""
    ann = slack.user("ann")
    slack.sockets.unwilling = 1
    async with playing(slack, settings_for(slack, tmp_path, samples), saying(*ANSWER)):
        asked = await ann.says(slack.direct(ann), LEAVE)
        await slack.reply(asked, "[1]")

    assert len(slack.calls_of("apps.connections.open")) == 2


@pytest.mark.slow
async def test_where_all_sockets_are_taken_we_wait(slack: FakeSlack, samples, tmp_path):
    """Slack turns away the eleventh, time and again: it is tried now and then, until somebody leaves."""
    ann = slack.user("ann")
    async with aiohttp.ClientSession() as session:
        token = {"Authorization": f"Bearer {slack.app.app_token}"}
        taken = []
        while len(taken) < MAX_SOCKETS:
            async with session.post(f"{slack.api_url}apps.connections.open", headers=token) as response:
                taken.append(await session.ws_connect((await response.json())["url"]))
        await slack.connected(MAX_SOCKETS)
        async with playing(slack, settings_for(slack, tmp_path, samples), saying(*ANSWER)):
            await slack.until(lambda: slack.sockets.opened > MAX_SOCKETS + 2)
            await asyncio.sleep(1)
            tried = slack.sockets.opened - MAX_SOCKETS
            others = set(slack.sockets.sockets)
            for one in others:
                slack.sockets.cut(one)
            await slack.until(lambda: slack.sockets.sockets and others.isdisjoint(slack.sockets.sockets))
            asked = await ann.says(slack.direct(ann), LEAVE)
            await slack.reply(asked, "[1]")

    assert tried <= 2 * OPENINGS


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
