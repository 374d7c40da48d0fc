"""What is forgotten is gone from the disk: a word of it is looked for in every byte that an installation keeps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import lance.file
import pytest

import ingest.job_runner
from bot.composition import answering
from bot.core import Core, open_core
from bot.settings import MonitoringSettings, Settings
from bot.terminal.session import run_forget
from ingest.documents import Scopes
from ingest.page_image import kept_picture
from tests import pdfs
from tests.bot.test_uploads import PlayedPlatform
from tests.test_silence import ask, upload

WORD = "wombatdocument"
TEAM = Scopes("slack:T1", frozenset({"workspace"}))
KEPT = pdfs.document(["Bicycles are kept in the cellar. The key hangs beside the door."], title="Bicycles")
GONE = pdfs.document([f"The {WORD} needs 12 days of leave a year.", f"Ask the {WORD} for the form."], title=WORD)


@dataclass
class Disk:
    """The folder with everything that an installation keeps."""

    folder: Path

    def places_of(self, word: str) -> set[str]:
        """Return the top folders and files that hold a word, in their bytes or in the values of LanceDB's files."""
        return {
            path.relative_to(self.folder).parts[0]
            for path in self.folder.rglob("*")
            if path.is_file() and (word.encode() in path.read_bytes() or word in values(path) or word in path.name)
        }

    def words_of_text_index(self) -> set[bytes]:
        """Return the dictionaries of the full-text index, which have a form of their own; empty ones say nothing."""
        tables = [read(path) for path in self.folder.rglob("part_*_tokens.lance")]
        return {table["_token_fst_bytes"][0] for table in tables if table["_token_total_length"] != [0]}


def values(path: Path) -> str:
    return str(read(path)) if path.suffix == ".lance" else ""


def read(path: Path) -> dict[str, list[bytes]]:
    return lance.file.LanceFileReader(str(path)).read_all().to_table().to_pydict()


@asynccontextmanager
async def bot(settings: Settings, platform: PlayedPlatform) -> AsyncIterator[Core]:
    async with (
        answering(settings, create=True) as parts,
        open_core(settings, parts.index, parts.embedder, parts.engine) as core,
    ):
        core.uploads.register("slack", platform)
        running = asyncio.create_task(core.run())
        yield core
        running.cancel()
        await asyncio.wait({running})


async def indexed(core: Core, disk: Disk) -> set[bytes]:
    """Wait until all words are in the full-text index, whoever puts them there; return its dictionaries."""
    async with asyncio.timeout(30):
        while (await core.index.stats()).unindexed_chunks:
            await asyncio.sleep(0.05)
    return disk.words_of_text_index()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody reads for as long as a second."""
    monkeypatch.setattr(ingest.job_runner, "TIDY_SECONDS", 0.2)
    monkeypatch.setattr(ingest.job_runner, "READERS_NEED", timedelta(seconds=1))


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("how", ["message", "command beside a bot", "command"])
async def test_no_byte_is_left(tmp_path: Path, how: str):
    """Neither index, originals, pictures, vectors, turns of threads nor jobs keep a word, and others stay whole."""
    disk = Disk(tmp_path)
    settings = Settings(data_dir=tmp_path, models=("extractive",), monitoring=MonitoringSettings(port=0))
    platform = PlayedPlatform()
    async with bot(settings, platform) as core:
        await upload(core, platform, "F1", KEPT)
        words = await indexed(core, disk)
        await upload(core, platform, "F2", GONE)
        assert words < await indexed(core, disk)
        assert "12 days" in await ask(core, f"How many days of leave does the {WORD} need?")
        gone = next(document for document in await core.index.documents(TEAM) if document.title == WORD)
        picture = kept_picture(settings.data_dir, gone.name, 1)
        picture.parent.mkdir()
        picture.write_text(WORD)
        assert disk.places_of(WORD) >= {"files", "index", "pages"}
        assert any(place.startswith("askdocs.sqlite") for place in disk.places_of(WORD)), "the answer in its thread"
        if how != "command":
            if how == "message":
                await core.uploads.forget_message("slack:T1", "C1", "F2")
            else:
                await run_forget(settings, gone.name, TEAM)
            async with asyncio.timeout(60):
                while disk.places_of(WORD) or disk.words_of_text_index() != words:
                    await asyncio.sleep(0.2)
    if how == "command":
        await run_forget(settings, gone.name, TEAM)

    assert disk.places_of(WORD) == set()
    assert disk.words_of_text_index() == words
    async with bot(settings, platform) as core:
        assert [document.title for document in await core.index.documents(TEAM)] == ["Bicycles"]
        assert "cellar" in await ask(core, "Where are bicycles kept?")
        async with asyncio.timeout(60):
            while not platform.retracted:
                await asyncio.sleep(0.05)
