"""A killed ingest leaves the index before or after a document, never between; run again, all is as if undisturbed."""

import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests import pdfs

DOCUMENTS = 20
KILLS = 10

ZYGOTE = """
import asyncio, importlib, logging, os, sys
from pathlib import Path
from ingest.logs import configure_logging

configure_logging(logging.ERROR)
for name in ("lancedb", "pandas", "ingest.transformations", "ingest.pipeline", "ingest.batch", "alembic.command"):
    importlib.import_module(name)
import ingest.pipeline as pipeline
from ingest.batch import Item, ingest_all
from ingest.documents import Origin
from ingest.settings import IngestSettings
from tests.ingest.embedders import HashEmbedder

pipeline.build_embedder = lambda settings, workers: HashEmbedder(seconds=0.005)

async def ingest(folder, data):
    items = [Item(Origin("local", "workspace", p.name, str(p)), p) for p in sorted(Path(folder).glob("*.pdf"))]
    async with pipeline.open_pipeline(IngestSettings(data_dir=Path(data), extraction={"workers": 2})) as opened:
        reports = await ingest_all(opened, items)
    failed = [report.error for report in reports if report.error]
    assert not failed, failed

print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        asyncio.run(ingest(*line.split()))
        os._exit(0)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""
"""Imports once, what takes seconds, and forks an ingest for each line of its input."""


class Zygote:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", ZYGOTE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._line() == "ready"

    def start(self, folder: Path, data: Path) -> int:
        self._process.stdin.write(f"{folder} {data}\n")
        self._process.stdin.flush()
        return int(self._line())

    def status(self) -> int:
        return int(self._line())

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def _line(self) -> str:
        return self._process.stdout.readline().strip()


def stored(data: Path) -> dict[str, Any]:
    """Return all that an ingest leaves, without what names the time. Drafts are no originals; they are swept later."""
    import lancedb

    index = lancedb.connect(data / "index")
    tables: dict[str, Any] = {}
    for name in ("chunks_g1", "documents_g1"):
        rows = index.open_table(name).to_arrow().to_pylist()
        for row in rows:
            for timed in ("indexed_at", "changed_at"):
                row.pop(timed, None)
        tables[name] = sorted(rows, key=lambda row: row.get("id", ""))
    with sqlite3.connect(data / "askdocs.sqlite") as state:
        tables["vectors"] = sorted(state.execute("SELECT identity, text_sha256, vector FROM vectors"))
    state.close()
    tables["files"] = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (data / "files").rglob("*.pdf")
    }
    return tables


@pytest.mark.slow
def test_killed_ten_times_and_run_again_the_index_is_the_same(tmp_path: Path) -> None:
    """Twenty PDFs, SIGKILL at ten random moments: tables, vectors and originals equal those of an undisturbed run."""
    moments = random.Random(20)
    folder = tmp_path / "pdfs"
    folder.mkdir()
    for number in range(DOCUMENTS):
        pages = [f"Document {number}, page {page}.\n{pdfs.LOREM[:90]}\nIt says {number * page}." for page in (1, 2, 3)]
        (folder / f"{number:02}.pdf").write_bytes(pdfs.document(pages))
    zygote = Zygote()
    zygote.start(folder, tmp_path / "undisturbed")
    assert zygote.status() == 0
    data = tmp_path / "disturbed"
    for _ in range(KILLS):
        goal = originals(data) + moments.choice((0, 1, 1, 2))
        child = zygote.start(folder, data)
        while originals(data) < min(goal, DOCUMENTS - 1):
            time.sleep(0.002)
        time.sleep(moments.uniform(0, 0.1))
        os.kill(child, signal.SIGKILL)
        assert zygote.status() == signal.SIGKILL
    before = len(stored(data)["documents_g1"])
    zygote.start(folder, data)
    assert zygote.status() == 0
    zygote.close()

    assert 0 < before < DOCUMENTS
    assert stored(data) == stored(tmp_path / "undisturbed")


def originals(data: Path) -> int:
    """Count what is stored just before each commit: the moments around it are those that matter."""
    return sum(1 for _ in (data / "files").rglob("*.pdf"))
