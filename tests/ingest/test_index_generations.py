import asyncio
import dataclasses
from datetime import timedelta

import pytest

from ingest.documents import Scopes
from ingest.errors import IndexMismatchError
from ingest.index import Index
from tests.ingest.index_values import EVERYBODY, IDENTITY, filled, open_index, settings, store, texts_of

OTHER = dataclasses.replace(IDENTITY, model="better", dimensions=32)


OLD = ["other text", "old text"]
"""By document id, as both are equally good."""


@pytest.fixture
async def index(tmp_path):
    index = await open_index(tmp_path)
    await store(index, filled("a.pdf", texts=["old text"]), filled("b.pdf", texts=["other text"]))
    yield index
    index.close()


def rebuilt(name: str):
    return filled(name, texts=["new text"], dimensions=OTHER.dimensions)


async def test_the_old_one_answers_until_the_switch(index):
    """While a generation is built, readers and writers use the one before."""
    building = await index.begin_generation(OTHER)
    await store(building, rebuilt("a.pdf"))
    assert texts_of(await index.search_text("text", EVERYBODY, 10)) == OLD
    assert texts_of(await building.search_text("text", EVERYBODY, 10)) == ["new text"]


async def test_switch_names_what_is_missing(index):
    """Nothing is lost in a switch: what is missing, or was replaced meanwhile, has to be brought over first."""
    building = await index.begin_generation(OTHER)
    await store(building, rebuilt("a.pdf"))
    assert [document.name for document in await building.switch()] == ["b.pdf"]
    await store(building, rebuilt("b.pdf"))
    await store(index, filled("a.pdf", content="v2"), filled("c.pdf"))
    assert [document.name for document in await building.switch()] == ["a.pdf", "c.pdf"]
    left_out = [document.id for document in await index.documents(EVERYBODY) if document.name != "b.pdf"]
    assert await building.switch(leave_out=left_out) == ()


async def test_who_switches_second_finds_it_done(index):
    """Two that built the same generation may both switch: nothing is left to do for the second."""
    first, second = await index.begin_generation(OTHER), await index.begin_generation(OTHER)
    await store(first, rebuilt("a.pdf"), rebuilt("b.pdf"))
    assert await first.switch() == ()
    assert await second.switch() == ()
    assert texts_of(await second.search_text("text", EVERYBODY, 10)) == ["new text", "new text"]


async def test_switch_follows_deletions_and_moves(index):
    """What is deleted or moved while a generation is built, is deleted and moved in it."""
    building = await index.begin_generation(OTHER)
    await store(building, rebuilt("a.pdf"), rebuilt("b.pdf"))
    await index.delete(rebuilt("a.pdf").document.id)
    await index.set_scope(rebuilt("b.pdf").document.id, "channel:C1")
    assert await building.switch() == ()
    assert await building.search_text("text", EVERYBODY, 10) == ()
    members = Scopes("local", frozenset({"channel:C1"}))
    assert texts_of(await building.search_text("text", members, 10)) == ["new text"]


async def test_readers_follow_the_switch(index, tmp_path):
    """After a switch with the same embedding model, a running reader reads the new generation."""
    reader = await open_index(tmp_path, read_consistency_seconds=0.1)
    assert texts_of(await reader.search_text("text", EVERYBODY, 10)) == OLD
    building = await index.begin_generation(IDENTITY)
    await store(building, *(filled(name, texts=["new text"]) for name in ("a.pdf", "b.pdf")))
    assert await building.switch() == ()
    await asyncio.sleep(0.1)
    assert texts_of(await reader.search_text("text", EVERYBODY, 10)) == ["new text", "new text"]
    await store(reader, filled("c.pdf", texts=["third text"]))
    assert len(await building.search_text("text", EVERYBODY, 10)) == 3


async def test_old_identity_is_refused_after_the_switch(index, tmp_path):
    """A process with the old embedding model neither reads nor writes the new generation; a new one needs the new."""
    building = await index.begin_generation(OTHER)
    await store(building, rebuilt("a.pdf"), rebuilt("b.pdf"))
    assert await building.switch() == ()
    with pytest.raises(IndexMismatchError, match="askdocs reindex"):
        await index.search_text("text", EVERYBODY, 10)
    with pytest.raises(IndexMismatchError, match="askdocs reindex"):
        await store(index, filled("c.pdf"))
    with pytest.raises(IndexMismatchError, match="askdocs reindex"):
        await open_index(tmp_path)
    again = await Index.open(settings(tmp_path), OTHER, create=False)
    assert len(await again.documents(EVERYBODY)) == 2


async def test_an_interrupted_build_is_gone_on_with(index, tmp_path):
    """What an interrupted reindex has built is used by the next one with the same model, and by no other."""
    await store(await index.begin_generation(OTHER), rebuilt("a.pdf"))
    admin = await Index.open(settings(tmp_path), None, create=False)
    assert [document.name for document in await (await admin.begin_generation(OTHER)).every_document()] == ["a.pdf"]
    assert await (await admin.begin_generation(IDENTITY)).every_document() == ()


async def test_retired_generations_are_removed(index, tmp_path):
    """A generation that has not answered for a while leaves the disk."""
    building = await index.begin_generation(OTHER)
    assert len(await building.switch()) == 2
    await store(building, rebuilt("a.pdf"), rebuilt("b.pdf"))
    assert await building.switch() == ()
    await building.optimize()
    assert (tmp_path / "index" / "chunks_g1.lance").exists()
    await building.optimize(keep=timedelta(milliseconds=1))
    assert sorted(path.name for path in (tmp_path / "index").glob("*.lance")) == [
        "chunks_g2.lance",
        "documents_g2.lance",
        "generations.lance",
    ]
    assert (await building.stats()).generation == 2
    assert len(await building.search_text("text", EVERYBODY, 10)) == 2
