from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.fake_slack import FakeSlack
from tests.fake_slack.prompt import Prompt
from tests.fake_slack.test_driver import BUTTONS


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def prompt(slack: FakeSlack, lines: list[str]) -> Prompt:
    return Prompt(slack, lines.append)


async def test_words_are_said_and_answers_are_shown(
    slack: FakeSlack, client: AsyncWebClient, prompt: Prompt, lines: list[str]
):
    """What is typed is said by the person of the moment, and what the app does is written."""
    assert await prompt.take("@askdocs how long?")
    (question,) = prompt.place.messages
    await client.chat_postMessage(channel=prompt.place.id, text="x", blocks=BUTTONS, thread_ts=question.ts)
    prompt.look()
    prompt.look()

    assert question.text == f"{slack.mention} how long?"
    assert lines == ["+    askdocs: An answer\n    [Show page]\n    [Good] [Bad]"]


async def test_people_move_upload_and_click(
    slack: FakeSlack, client: AsyncWebClient, prompt: Prompt, lines: list[str], tmp_path: Path
):
    """Each command of the help does what it says; a mistake is told and ends nothing."""
    slack.deliveries.ack_timeout = 0.05
    (tmp_path / "a b.pdf").write_bytes(b"%PDF-1.4")
    for line in (":as bob", ":in #secret private", f":upload '{tmp_path / 'a b.pdf'}'", "hello", ":edit bye"):
        assert await prompt.take(line)
    await client.chat_postMessage(channel=prompt.place.id, text="x", blocks=BUTTONS)
    for line in (":click Good", ":click Nothing", ":upload /nowhere.pdf", ":thread", "under it", ":send x"):
        assert await prompt.take(line)

    assert prompt.label == "bob in #secret, in a thread> "
    assert [one.text for one in prompt.place.messages] == ["", "bye", "x", "under it"]
    assert prompt.place.messages[0].files[0].name == "a b.pdf"
    assert prompt.place.messages[3].thread_ts == prompt.place.messages[2].ts
    (click,) = [one for one in slack.deliveries.sent if one.kind == "interactive"]
    assert click.payload["actions"][0]["value"] == "good"
    assert len(lines) == 3
    assert all(line.startswith("! ") for line in lines)
    assert not await prompt.take(":quit")


async def test_the_home_tab_is_written(slack: FakeSlack, client: AsyncWebClient, prompt: Prompt, lines: list[str]):
    """What the app published for this person."""
    await client.views_publish(user_id=prompt.person.id, view={"type": "home", "blocks": BUTTONS[:1]})
    slack.app.events.remove("app_home_opened")

    await asyncio.gather(prompt.take(":home"), _publish_soon(client, prompt))

    assert lines == ["An answer\n[Show page]"]


async def _publish_soon(client: AsyncWebClient, prompt: Prompt) -> None:
    await asyncio.sleep(0.05)
    await client.views_publish(user_id=prompt.person.id, view={"type": "home", "blocks": BUTTONS[:2]})


async def test_it_runs_by_itself():
    """The module prints the environment for the bot, and ends with its input."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.fake_slack",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    out, _ = await asyncio.wait_for(process.communicate(b"hello\n:quit\n"), 20)

    assert process.returncode == 0
    assert b"export SLACK_API_URL=http://127.0.0.1:" in out
    assert b"export SLACK_APP_TOKEN=xapp-" in out
