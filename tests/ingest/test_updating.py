"""An index that an older version of AskDocs made, brought up to date by whoever starts first."""

from __future__ import annotations

import asyncio
import dataclasses
import shutil
from pathlib import Path

import pytest
from pydantic import SecretStr

from ingest.command import run_ingest
from ingest.documents import Document, EmbeddingIdentity
from ingest.embedding import build_embedder
from ingest.errors import IndexMismatchError, IndexOutdatedError
from ingest.files import Files
from ingest.index import Index
from ingest.index_schema import SCHEMA_VERSION
from ingest.index_tables import Store
from ingest.settings import EmbeddingSettings, IngestSettings
from ingest.updating import bring_up_to_date
from ingest.worker import open_worker


async def made_by(settings: IngestSettings, versions_ago: int) -> None:
    """Let the index say that a version made it that stores things as this one did so many versions ago."""
    store = await Store.connect(settings, create=False)
    (generation,) = await store.generations()
    await store.record(dataclasses.replace(generation, schema_version=SCHEMA_VERSION - versions_ago))
    store.close()


async def opened(settings: IngestSettings, identity: EmbeddingIdentity | None) -> tuple[int, tuple[Document, ...]]:
    """Open the index as this version does, and return the number of its generation and its documents."""
    index = await Index.open(settings, identity, create=False)
    try:
        return (await index.stats()).generation, await index.every_document()
    finally:
        index.close()


def identity(settings: IngestSettings) -> EmbeddingIdentity:
    return build_embedder(settings).identity


@pytest.fixture
async def settings(samples_data: Path, tmp_path: Path) -> IngestSettings:
    """The samples, indexed by an older version."""
    shutil.copytree(samples_data, tmp_path / "data")
    settings = IngestSettings(data_dir=tmp_path / "data")
    await made_by(settings, 1)
    return settings


async def test_the_one_command_just_works(
    settings: IngestSettings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`askdocs ingest` reads everything anew, says why on stderr, and goes on; the next time nothing is to be said."""
    with pytest.raises(IndexOutdatedError, match="askdocs reindex"):
        await opened(settings, identity(settings))
    shutil.copy(Path(__file__).parents[2] / "samples" / "infuser-k2-manual.pdf", tmp_path)

    codes = [await run_ingest([str(tmp_path / "infuser-k2-manual.pdf")], settings) for _ in range(2)]
    printed = capsys.readouterr()

    assert codes == [0, 0]
    assert printed.out == "1 unchanged.\n1 unchanged.\n"
    assert printed.err.count("older version of AskDocs") == 1
    assert printed.err.endswith("The index is up to date.\n")
    generation, documents = await opened(settings, identity(settings))
    assert (generation, len(documents)) == (2, 2)


async def test_a_worker_brings_it_up_to_date(settings: IngestSettings) -> None:
    """A process that works on uploads may be the first that starts after an update."""
    async with open_worker(settings) as worker:
        assert (await worker.index.stats()).generation == 2


async def test_two_that_start_at_once_rebuild_once(settings: IngestSettings) -> None:
    """One rebuilds, the other waits for it; the lock holds between processes as it does here (`test_locks`)."""
    await asyncio.gather(bring_up_to_date(settings), bring_up_to_date(settings))

    assert (await opened(settings, identity(settings)))[0] == 2


async def test_another_model_is_never_taken_unasked(settings: IngestSettings) -> None:
    """With another embedding model configured, an outdated index is refused as any other is."""
    other = settings.model_copy(
        update={"embedding": EmbeddingSettings(provider="google"), "google_api_key": SecretStr("key")}
    )
    with pytest.raises(IndexMismatchError, match="embedding model"):
        await bring_up_to_date(other)
    assert (await opened(settings, None))[0] == 1


async def test_nothing_is_spent_unasked(tmp_path: Path) -> None:
    """Where somebody else computes the vectors, and may charge for it, the sentence names the command instead."""
    settings = IngestSettings(
        data_dir=tmp_path, embedding=EmbeddingSettings(provider="google"), google_api_key=SecretStr("key")
    )
    (await Index.open(settings, identity(settings), create=True)).close()
    await made_by(settings, 1)

    with pytest.raises(IndexOutdatedError, match=r"allowance at google.*askdocs reindex"):
        await bring_up_to_date(settings)
    assert (await opened(settings, None))[0] == 1


async def test_a_newer_index_stays(settings: IngestSettings) -> None:
    """An older version that is started again does not take a newer one's index back."""
    await made_by(settings, -1)

    with pytest.raises(IndexMismatchError, match="newer version"):
        await bring_up_to_date(settings)
    assert (await opened(settings, None))[0] == 1


async def test_a_lost_original_is_named(settings: IngestSettings, capsys: pytest.CaptureFixture[str]) -> None:
    """No document is dropped unasked: the one that cannot be read is named, with what can be done."""
    _, (lost, _) = await opened(settings, None)
    await Files(settings.files_uri).delete(lost.content_sha256)

    with pytest.raises(IndexOutdatedError, match=r"1 of its documents .*--leave-out"):
        await bring_up_to_date(settings)
    assert f"{lost.name}: " in capsys.readouterr().err
    assert len((await opened(settings, None))[1]) == 2


async def test_nothing_is_made_where_nothing_is(tmp_path: Path) -> None:
    """Without an index there is nothing to do, and no folder is left behind."""
    await bring_up_to_date(IngestSettings(data_dir=tmp_path))
    assert not (tmp_path / "index").exists()
