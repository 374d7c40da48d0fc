"""A killed ingest leaves the index before or after a document, never between; run again, all is as if undisturbed."""

import hashlib
import os
import random
import signal
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from tests import pdfs
from tests.zygote import Zygote

DOCUMENTS = 20
KILLS = 10

INGEST = """
from pathlib import Path
import ingest.pipeline as pipeline
from ingest.batch import Item, ingest_all
from ingest.documents import Origin
from ingest.settings import IngestSettings
from tests.ingest.embedders import HashEmbedder

pipeline.build_embedder = lambda settings, workers: HashEmbedder(seconds=0.005)

async def main(folder, data):
    items = [Item(Origin("local", "workspace", p.name, str(p)), p) for p in sorted(Path(folder).glob("*.pdf"))]
    async with pipeline.open_pipeline(IngestSettings(data_dir=Path(data), extraction={"workers": 2})) as opened:
        reports = await ingest_all(opened, items)
    failed = [report.error for report in reports if report.error]
    assert not failed, failed
"""
MODULES = ("lancedb", "pandas", "ingest.transformations", "ingest.pipeline", "ingest.batch", "alembic.command")


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
    zygote = Zygote(INGEST, *MODULES)
    zygote.start(str(folder), str(tmp_path / "undisturbed"))
    assert zygote.status() == 0
    data = tmp_path / "disturbed"
    for _ in range(KILLS):
        goal = originals(data) + moments.choice((0, 1, 1, 2))
        child = zygote.start(str(folder), str(data))
        while originals(data) < min(goal, DOCUMENTS - 1):
            time.sleep(0.002)
        time.sleep(moments.uniform(0, 0.1))
        os.kill(child, signal.SIGKILL)
        assert zygote.status() == signal.SIGKILL
    before = len(stored(data)["documents_g1"])
    zygote.start(str(folder), str(data))
    assert zygote.status() == 0
    zygote.close()

    assert 0 < before < DOCUMENTS
    assert stored(data) == stored(tmp_path / "undisturbed")


def originals(data: Path) -> int:
    """Count what is stored just before each commit: the moments around it are those that matter."""
    return sum(1 for _ in (data / "files").rglob("*.pdf"))
