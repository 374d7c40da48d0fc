import asyncio
import dataclasses
from datetime import timedelta

import numpy as np
import pytest

from ingest import index_upkeep
from ingest.documents import Chunk
from ingest.index import Index
from ingest.index_search import EXACT_ROWS
from ingest.index_writes import Recovery
from tests.ingest.index_processes import running, version, write_versions
from tests.ingest.index_values import EVERYBODY, IDENTITY, Filled, filled, open_index, settings, store, texts_of

NOTHING = timedelta(milliseconds=1)


@pytest.fixture
async def index(tmp_path):
    index = await open_index(tmp_path, vector_index_rows=1_000)
    yield index
    index.close()


def many(name: str, count: int, *, clusters: int = 40, dimensions: int = IDENTITY.dimensions) -> Filled:
    """Make one document of many chunks, whose vectors lie in clusters."""
    document = dataclasses.replace(filled(name).document, content_sha256=name, chunks=count)
    choose = np.random.default_rng(len(name))
    centers = np.random.default_rng(1).normal(size=(clusters, dimensions))
    points = centers[choose.integers(0, clusters, count)] + choose.normal(size=(count, dimensions)) * 0.7
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    chunks = tuple(
        Chunk(f"{name}:{n}", document.id, name, n, n + 1, str(n + 1), 0, 4, (), f"{name} passage {n}", "")
        for n in range(count)
    )
    return Filled(document, chunks, points.astype(np.float32))


async def vector_indexes(index: Index) -> list[str]:
    chunks = (await index._generations.current()).tables.chunks
    return [item.name for item in await chunks.list_indices() if item.columns == ["vector"]]


async def test_optimize(index):
    """Many small commits become few files, everything is indexed, and searches find the same."""
    items = [filled(f"{number}.pdf", texts=[f"page about topic{number}"]) for number in range(12)]
    await store(index, *items)
    before = (
        await index.search_text("topic7", EVERYBODY, 20),
        await index.search_vectors(items[7].vectors[0], EVERYBODY, 20),
    )
    assert (await index.stats()).unindexed_chunks == 12
    await index.optimize(keep=NOTHING)
    stats = await index.stats()
    assert (stats.documents, stats.chunks, stats.unindexed_chunks, stats.has_vector_index) == (12, 12, 0, False)
    after = (
        await index.search_text("topic7", EVERYBODY, 20),
        await index.search_vectors(items[7].vectors[0], EVERYBODY, 20),
    )
    assert [texts_of(hits) for hits in after] == [texts_of(hits) for hits in before]
    for table in (
        (await index._generations.current()).tables.chunks,
        (await index._generations.current()).tables.documents,
    ):
        assert (await table.stats())["fragment_stats"]["num_fragments"] == 1
        assert len(await table.list_versions()) <= 2


async def parts_of(index):
    """How many rows each part of the full-text index has."""
    dataset = await (await index._generations.current()).tables.chunks.to_lance()
    return dataset.stats.index_stats("search_text_idx")["num_indexed_rows_per_delta"]


async def test_catch_up(index, monkeypatch):
    """New rows are in the full-text index, in parts that stay few, and everything is found once."""
    monkeypatch.setattr(index_upkeep, "SMALL_PARTS", 3)
    parts = []
    for number in range(8):
        await store(index, many("x" * (number + 1), 50))
        await index.catch_up()
        parts.append(len(await parts_of(index)))

    assert max(parts) <= 4
    assert (await index.stats()).unindexed_chunks == 0
    hits = await index.search_text("passage", EVERYBODY, 1_000)
    assert len(hits) == len({hit.chunk.id for hit in hits}) == 400


async def test_optimize_joins_the_parts_of_the_full_text_index(index, monkeypatch):
    """Each costs every search its time; nothing is lost or found twice."""
    monkeypatch.setattr(index_upkeep, "SMALL_PARTS", 100)
    for number in range(6):
        await store(index, many("x" * (number + 1), 50))
        await index.catch_up()
    assert len(await parts_of(index)) == 6

    await index.optimize(keep=NOTHING)

    assert await parts_of(index) == [300]
    hits = await index.search_text("passage", EVERYBODY, 1_000)
    assert len(hits) == len({hit.chunk.id for hit in hits}) == 300


async def test_optimize_leaves_idle_readers_alone(index, tmp_path):
    """A reader that slept while old versions were removed goes on with the newest."""
    await store(index, filled())
    reader = await open_index(tmp_path, read_consistency_seconds=0.1)
    assert len(await reader.search_text("page", EVERYBODY, 10)) == 2
    await store(index, filled(content="v2", texts=["A page", "A page", "A page"]))
    await index.optimize(keep=NOTHING)
    await asyncio.sleep(0.1)
    assert len(await reader.search_text("page", EVERYBODY, 10)) == 3
    assert [document.content_sha256 for document in await reader.documents(EVERYBODY)] == ["v2"]


async def test_optimize_while_others_write_and_read(index, tmp_path):
    """Tidying up and another process's commits do not disturb each other."""
    with running(write_versions, tmp_path, range(1, 4)) as process:
        while process.is_alive():
            await index.optimize(keep=timedelta(seconds=2))
            await index.search_text("version", EVERYBODY, 10)
            await asyncio.sleep(0.01)
        assert process.exitcode == 0
    assert await index.recover() == Recovery()
    assert len(await index.search_text("version", EVERYBODY, 100)) == 3 * len(version("a.pdf", 3).chunks)


async def test_optimize_is_done_by_one(index, tmp_path):
    """While one process optimizes, the others do not wait."""
    await store(index, filled())
    other = await open_index(tmp_path)
    async with index._store.tidying() as is_free:
        assert is_free
        await other.optimize()
    assert (await index.stats()).unindexed_chunks == 2


async def test_erase(index):
    """Deleted text stays in no file, when it is asked for."""
    keep, gone = many("keep", 100), many("gone", 5)
    await store(index, keep, gone)
    await index.optimize()
    await index.delete(gone.document.id)
    await index.optimize(erase=True, keep=NOTHING)
    chunks = (await index._generations.current()).tables.chunks
    fragments = (await chunks.to_lance()).get_fragments()
    assert [(fragment.count_rows(), fragment.num_deletions) for fragment in fragments] == [(100, 0)]
    assert len(await index.search_text("passage", EVERYBODY, 1_000)) == 100
    assert (await index.stats()).unindexed_chunks == 0


@pytest.mark.parametrize(
    "order", ["nothing", "keep, tidy, gone, tidy", "keep, gone, tidy", "gone, tidy, keep, tidy", "gone, tidy"]
)
async def test_erase_leaves_no_word_in_an_index(index, order):
    """The indexes count what is left and nothing else, whether deleted rows shared a file with others or not."""
    for step in order.split(", "):
        if step == "tidy":
            await index.optimize()
        elif step != "nothing":
            await store(index, many(step, 1_000))
    await index.delete(many("gone", 1_000).document.id)
    await index.optimize(erase=True, keep=NOTHING)
    chunks = (await index._generations.current()).tables.chunks
    dataset = await chunks.to_lance()
    left = 1_000 if "keep" in order else 0

    assert sum(part.get("num_docs", 0) for part in dataset.stats.index_stats("search_text_idx")["indices"]) == left
    for name in await vector_indexes(index):
        parts = [part.get("partitions", ()) for part in dataset.stats.index_stats(name)["indices"]]
        assert sum(partition["size"] for part in parts for partition in part) == left
    assert len(await index.search_text("passage", EVERYBODY, 2_000)) == left


async def test_vector_index_is_made_when_it_pays(index):
    """There is no vector index for few chunks; one is made for many, and again for many more."""
    await store(index, many("a", 900))
    await index.optimize()
    assert await vector_indexes(index) == []
    await store(index, many("b", 100))
    await index.optimize()
    assert await vector_indexes(index) == ["vector_1000"]
    await store(index, many("c", 2_000))
    await index.optimize()
    assert await vector_indexes(index) == ["vector_1000"]
    await store(index, many("d", 1_000))
    await index.optimize()
    assert await vector_indexes(index) == ["vector_4000"]
    assert (await index.stats()).has_vector_index


async def test_vector_index_recall(tmp_path):
    """With the vector index a search finds what an exact one finds, with the same scores, later rows included."""
    identity = dataclasses.replace(IDENTITY, dimensions=64)
    index = await Index.open(settings(tmp_path, vector_index_rows=1_000), identity, create=True)
    indexed, later = many("indexed", EXACT_ROWS + 1, dimensions=64), many("later", 200, dimensions=64)
    await store(index, indexed)
    await index.optimize()
    await store(index, later)
    vectors = np.concatenate([indexed.vectors, later.vectors])
    ids = [chunk.id for chunk in (*indexed.chunks, *later.chunks)]
    found, of_later = 0, 0
    for question in vectors[:: len(vectors) // 40]:
        similarity = vectors @ question
        nearest = {ids[position] for position in np.argsort(-similarity)[:50]}
        hits = await index.search_vectors(question, EVERYBODY, 50)
        found += len(nearest & {hit.chunk.id for hit in hits}) / 50
        of_later += sum(hit.chunk.document_id == later.document.id for hit in hits)
        scores = [similarity[ids.index(hit.chunk.id)] for hit in hits[:3]]
        assert np.allclose([hit.score for hit in hits[:3]], np.clip(scores, 0, 1), atol=1e-4)
    assert found / 41 >= 0.95
    assert of_later > 0
    index.close()


@pytest.mark.parametrize("dimensions", [12, 768])
async def test_vector_index_of_any_size(tmp_path, dimensions):
    """Vectors of any length can be indexed."""
    identity = dataclasses.replace(IDENTITY, dimensions=dimensions)
    index = await Index.open(settings(tmp_path, vector_index_rows=1_000), identity, create=True)
    item = many("a", 1_000, dimensions=dimensions)
    await store(index, item)
    await index.optimize()
    hits = await index.search_vectors(item.vectors[5], EVERYBODY, 1)
    assert (texts_of(hits), await vector_indexes(index)) == (["a passage 5"], ["vector_1000"])
    index.close()
