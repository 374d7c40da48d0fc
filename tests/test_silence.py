"""Nothing that people ask, get told, or put into documents, and no secret, comes out anywhere but where it belongs."""

from __future__ import annotations

import asyncio
import logging
import socket
from pathlib import Path

import aiohttp
import pytest
import structlog
from pydantic import SecretStr

from bot.access import Audience, Person, Place, PlaceKind, readable_scopes
from bot.composition import answering
from bot.conversation import Ask
from bot.core import Core, open_core
from bot.errors import BotError, DownloadError
from bot.memory import Thread
from bot.settings import AnswerSettings, MonitoringSettings, Settings
from bot.upload_table import Upload
from ingest.documents import Origin
from ingest.logs import configure_logging
from tests import pdfs
from tests.bot.test_uploads import PlayedPlatform
from tests.fakes import FakeReply

QUESTION, DOCUMENT, NAME, SECRET = "quokkaquestion", "wombatdocument", "bilbyname", "numbatsecret"
MARKED = (QUESTION, DOCUMENT, NAME, SECRET)
PLACE = Place("slack:T1", "C1", PlaceKind.PUBLIC)


class Withdrawable(FakeReply):
    async def withdraw(self) -> None:
        return


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(autouse=True)
def logs() -> None:
    """Everything is logged, as `askdocs run` would at its most talkative."""
    configure_logging(logging.DEBUG)
    logging.getLogger().setLevel(logging.DEBUG)
    yield
    logging.getLogger().setLevel(logging.WARNING)
    structlog.reset_defaults()


async def upload(core: Core, platform: PlayedPlatform, source: str, data: bytes) -> None:
    """Put one file into the channel and wait until that came to its end."""
    platform.files[source] = data
    before = len(platform.marks)
    await core.uploads.accept(Upload(Origin("slack:T1", "workspace", f"{NAME}-{source}.pdf", source), "C1", source))
    async with asyncio.timeout(60):
        while len(platform.marks) == before:
            await asyncio.sleep(0.05)


async def ask(core: Core, text: str) -> str:
    scopes = readable_scopes(PLACE, Person("U1"), Audience.CHANNEL)
    answer = await core.conversation.answer(
        Ask(text, Thread("slack:T1", "C1", "1"), scopes, "U1", text), Withdrawable()
    )
    return answer.text if answer is not None else ""


@pytest.mark.slow
async def test_marked_words_stay_where_they_belong(tmp_path: Path, capfd, caplog):
    """Uploads that work, fail and break, questions with and without an answer: no output holds a word of them."""
    settings = Settings(
        data_dir=tmp_path,
        models=("extractive",),
        monitoring=MonitoringSettings(port=free_port()),
        answer=AnswerSettings(max_question_characters=200),
        groq_api_key=SecretStr(SECRET),
        slack_bot_token=SecretStr(SECRET),
    )
    platform = PlayedPlatform()
    async with (
        answering(settings, create=True) as parts,
        open_core(settings, parts.index, parts.embedder, parts.engine) as core,
    ):
        core.uploads.register("slack", platform)
        running = asyncio.create_task(core.run())
        text = f"The {DOCUMENT} needs 12 days of leave a year. Ask the office for the form."
        await upload(core, platform, "F1", pdfs.document([text], title=f"Rules of the {DOCUMENT}"))
        await upload(core, platform, "F2", pdfs.encrypted())
        await upload(core, platform, "F3", f"%PDF-1.7 {DOCUMENT}".encode())
        platform.fetch_failures = [DownloadError(f"{SECRET} {NAME}")]
        await upload(core, platform, "F4", f"<html>{DOCUMENT}</html>".encode())
        answered = await ask(core, f"How many days of leave does the {DOCUMENT} need, {QUESTION}?")
        await ask(core, f"What is a {QUESTION}?")
        with pytest.raises(BotError):
            await ask(core, QUESTION * 100)
        await core.uploads.forget_message("slack:T1", "C1", "F1")
        async with aiohttp.ClientSession() as session:
            pages = [await fetch(session, settings, path) for path in ("healthz", "metrics")]
        running.cancel()
        await asyncio.wait({running})

    out, err = capfd.readouterr()
    assert "12 days" in answered
    assert 'askdocs_uploads_total{status="indexed"} 1.0' in pages[1]
    assert "job_ended" in err
    assert "answered" in err
    for where, output in {"stdout": out, "stderr": err, "logging": caplog.text, "http": "\n".join(pages)}.items():
        found = [line for line in output.splitlines() if any(word in line for word in MARKED)]
        assert found == [], where


async def fetch(session: aiohttp.ClientSession, settings: Settings, path: str) -> str:
    async with session.get(f"http://127.0.0.1:{settings.monitoring.port}/{path}") as response:
        return await response.text()
