"""The whole path with real processes: accepted, indexed by workers that are killed meanwhile, found, and deleted again.

On one machine (SQLite, a folder) and on many (PostgreSQL, a bucket, two workers). `benchmarks/kill_workers.py` does the
same with ten times as much.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ingest.documents import Scopes
from ingest.embedding_onnx import bundled_embedder
from ingest.index import Index
from ingest.jobs import Jobs
from tests.benchmarks.kill_workers import Plan, stored_files, survive

EVERYBODY = Scopes("local", frozenset({"workspace"}))


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_on_one_machine(tmp_path: Path):
    """SQLite and folders, one worker, killed twice: every document in its latest version, once, and nothing else."""
    outcome = await survive(Plan(f"sqlite:///{tmp_path}/askdocs.sqlite", tmp_path, uploads=16, versions=4, kills=2))

    assert outcome.failures == ()


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_on_many_machines(tmp_path: Path, postgres_url: str, bucket: str):
    """PostgreSQL and a bucket, two workers, one killed; then documents are found, and deleted with all they had."""
    plan = Plan(postgres_url, tmp_path, uploads=8, versions=2, kills=1, workers=2, bucket=bucket)
    index = await Index.open(plan.settings, bundled_embedder(None).identity, create=True)

    async def find_and_delete(jobs: Jobs) -> None:
        hits = await index.search_text("what is the answer of document 7", EVERYBODY, 2)
        assert "Document 7, version 1" in hits[0].chunk.text
        for document in (await index.every_document())[1:]:
            await jobs.forget("local", document.id)
        async with asyncio.timeout(60):
            while await jobs.unfinished():
                await asyncio.sleep(0.1)

    outcome = await survive(plan, find_and_delete)

    await asyncio.sleep(plan.settings.index.read_consistency_seconds)
    (left,) = await index.every_document()
    index.close()
    assert outcome.failures == ()
    assert stored_files(plan) == {f"{left.content_sha256}.pdf"}
