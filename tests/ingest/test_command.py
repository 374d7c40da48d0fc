"""What `askdocs ingest` and `python -m ingest` print, and how they end."""

import asyncio
import json
import logging
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from pydantic import SecretStr

from ingest.__main__ import INTERRUPTED, main
from ingest.command import STOPPED, _duration, _pages, as_dict, run_ingest
from ingest.documents import IngestReport, IngestStatus
from ingest.logs import configure_logging
from ingest.settings import IngestSettings
from tests import pdfs

# Who runs the tests in the background has SIGINT ignored, and so would the command.
HEEDING_CTRL_C = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from ingest.__main__ import main
sys.exit(main())
"""


@pytest.fixture(autouse=True)
def _logs() -> Iterator[None]:
    """Log as the command itself does: warnings, on stderr."""
    configure_logging(logging.WARNING)
    yield
    structlog.reset_defaults()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two PDFs that can be indexed, one of them with a page that is only a picture, and one that cannot."""
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "leave.pdf").write_bytes(pdfs.document(["Leave is 25 days a year."]))
    (folder / "travel.pdf").write_bytes(pdfs.document(["Travel is booked by the office.", "", "Ask before you go."]))
    (folder / "secret.pdf").write_bytes(pdfs.encrypted())
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> IngestSettings:
    return IngestSettings(data_dir=tmp_path / "data", extraction={"workers": 1})


async def test_json_is_the_contract(folder: Path, settings: IngestSettings, capsys: pytest.CaptureFixture[str]) -> None:
    """One object with one entry for each file, in their order; the exit code tells of failures."""
    code = await run_ingest([str(folder)], settings, as_json=True)
    documents = json.loads(capsys.readouterr().out)["documents"]
    seconds = [document.pop("seconds") for document in documents]

    assert code == 1
    assert documents == [
        {
            "document": "leave.pdf",
            "status": "indexed",
            "pages": 1,
            "pages_without_text": [],
            "chunks": 1,
            "error": None,
        },
        {
            "document": "secret.pdf",
            "status": "failed",
            "pages": 0,
            "pages_without_text": [],
            "chunks": 0,
            "error": "This PDF is protected by a password. Save a copy without the password and add that. "
            "If it opens without one elsewhere, it is damaged: download it again.",
        },
        {
            "document": "travel.pdf",
            "status": "indexed",
            "pages": 3,
            "pages_without_text": [2],
            "chunks": 2,
            "error": None,
        },
    ]
    assert all(second >= 0 for second in seconds)


async def test_a_person_reads_what_became_of_each(
    folder: Path, settings: IngestSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    """A summary, the pages without text, and a table of what failed and why; the second time nothing is to be done."""
    (folder / "secret.pdf").unlink()
    failed = await run_ingest([str(folder), str(folder / "gone.pdf")], settings)
    first = capsys.readouterr().out
    fine = await run_ingest([str(folder)], settings)
    second = capsys.readouterr().out

    assert (failed, fine) == (1, 0)
    assert first.startswith("2 indexed, 1 failed. 4 pages, 3 chunks in ")
    assert "travel.pdf: no text on page 2.\n" in first
    assert "gone.pdf" in first
    assert "There is no file gone.pdf." in first
    assert second == "2 unchanged.\ntravel.pdf: no text on page 2.\n"


async def test_another_models_index_is_refused_with_the_command(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: IngestSettings
) -> None:
    """Vectors of two models are never mixed: a sentence on stderr, nothing on stdout, exit code 1."""
    (folder / "secret.pdf").unlink()
    await run_ingest([str(folder)], settings)
    capsys.readouterr()
    other = settings.model_copy(
        update={
            "embedding": settings.embedding.model_copy(update={"provider": "google"}),
            "google_api_key": SecretStr("key"),
        }
    )
    code = await run_ingest([str(folder)], other)
    printed = capsys.readouterr()

    assert code == 1
    assert printed.out == ""
    assert "askdocs reindex" in printed.err


@pytest.mark.slow
async def test_ctrl_c_stops_with_a_sentence(tmp_path: Path) -> None:
    """The command ends soon after SIGINT, says what stays, and prints no traceback."""
    (tmp_path / "long.pdf").write_bytes(pdfs.document([pdfs.LOREM.split(". ")] * 600))
    environment = {"ASKDOCS_DATA_DIR": str(tmp_path / "data"), "PATH": "/usr/bin:/bin"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", HEEDING_CTRL_C, str(tmp_path / "long.pdf"), "--json"),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    while not (tmp_path / "data/index/documents_g1.lance").exists():
        assert process.returncode is None
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.3)
    process.send_signal(signal.SIGINT)
    out, err = await asyncio.wait_for(process.communicate(), 30)

    assert process.returncode == INTERRUPTED
    assert out == b""
    assert err.decode().strip() == STOPPED


def test_wrong_settings_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The place in the configuration, and exit code 2."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text("chunking:\n  max_tokens: many\n")

    assert main(["a.pdf"]) == 2
    assert "chunking.max_tokens" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        pytest.param((3,), "page 3", id="one"),
        pytest.param((1, 2, 3), "pages 1–3", id="range"),
        pytest.param((3, 7, 8, 9, 12), "pages 3, 7–9 and 12", id="mixed"),
    ],
)
def test_pages_are_said_briefly(numbers: tuple[int, ...], said: str) -> None:
    """Neighbours are a range."""
    assert _pages(numbers) == said


def test_durations_are_said_briefly() -> None:
    """Seconds, then minutes."""
    assert (_duration(3.21), _duration(192)) == ("3.2 s", "3:12 min")


def test_the_contract_has_these_keys() -> None:
    """Scripts rely on them, in this order."""
    assert list(as_dict(IngestReport("a.pdf", IngestStatus.INDEXED))) == [
        "document", "status", "pages", "pages_without_text", "chunks", "seconds", "error",
    ]  # fmt: skip
