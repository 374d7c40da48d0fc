import asyncio
import os
from datetime import timedelta

import pytest

from ingest.documents import Scopes
from ingest.errors import IndexMissingError
from ingest.index import Index
from ingest.index_writes import Recovery, is_whole, recover
from tests.ingest.index_processes import NAMES, context, running, version, write_versions
from tests.ingest.index_values import EVERYBODY, IDENTITY, Filled, filled, open_index, settings, store, texts_of

pytestmark = pytest.mark.slow


async def test_missing(bucket):
    """An empty bucket is an index that is not there; a bucket that is not there is an error with a sentence."""
    with pytest.raises(IndexMissingError):
        await Index.open(settings(f"{bucket}/missing"), IDENTITY, create=False)


async def test_everything(bucket):
    """Storing, searching, replacing, moving, deleting and optimizing are the same as on a disk."""
    uri = f"{bucket}/everything"
    index = await open_index(uri)
    await store(index, filled(), filled("other.pdf", texts=["third text"]))
    reader = await Index.open(settings(uri), IDENTITY, create=False)
    assert texts_of(await reader.search_text("third", EVERYBODY, 5)) == ["third text"]
    await store(index, filled(content="v2", texts=["new text"]))
    await index.catch_up()
    assert (await index.stats()).unindexed_chunks == 0
    assert texts_of(await reader.search_vectors(filled(texts=["new text"]).vectors[0], EVERYBODY, 1)) == ["new text"]
    await index.set_scope(filled().document.id, "channel:C1")
    assert [document.name for document in await reader.documents(EVERYBODY)] == ["other.pdf"]
    await index.delete(filled("other.pdf").document.id)
    await index.optimize(erase=True, keep=timedelta(milliseconds=1))
    assert await reader.documents(EVERYBODY) == ()
    assert (await index.stats()).chunks == 1
    assert await index.recover() == Recovery()


async def test_tidied_by_several_at_once(bucket):
    """Processes that put the same passages into the full-text index, and tidy up, do not stop each other."""
    uri = f"{bucket}/tidied"
    indexes = [await open_index(uri) for _ in range(3)]
    await store(indexes[0], filled())
    await asyncio.gather(*(index.catch_up() for index in indexes))
    assert (await indexes[0].stats()).unindexed_chunks == 0
    await store(indexes[1], filled("other.pdf", texts=["third text"]))
    await asyncio.gather(*(index.optimize() for index in indexes))
    assert (await indexes[0].stats()).unindexed_chunks == 0
    assert texts_of(await indexes[2].search_text("third", EVERYBODY, 5)) == ["third text"]


async def test_created_by_several_at_once(bucket):
    """Processes that find no index and make one all get the same, with what was stored meanwhile."""
    uri = f"{bucket}/created"
    indexes = await asyncio.gather(*(open_index(uri) for _ in range(5)))
    for number, index in enumerate(indexes):
        await store(index, filled(f"{number}.pdf"))
    for index in [*indexes, await open_index(uri)]:
        assert len(await index.documents(EVERYBODY)) == len(indexes) > 0


def document(content: str, case: str) -> Filled:
    return filled(f"{case}.pdf", [f"{content} part {part}" for part in range(int(content[1:]) + 1)], content=content)


async def replace(index: Index, case: str) -> None:
    await store(index, document("v1", case))


async def delete(index: Index, case: str) -> None:
    await index.delete(document("v0", case).document.id)


async def move(index: Index, case: str) -> None:
    await index.set_scope(document("v0", case).document.id, "channel:C1")


@pytest.mark.parametrize(
    ("before", "late", "afterwards"),
    [
        pytest.param(None, replace, ["v1", "v2"], id="a first version"),
        pytest.param("v0", replace, ["v1", "v2"], id="a new version"),
        pytest.param("v0", delete, [None, "v2"], id="a deletion"),
        pytest.param("v0", move, ["v2"], id="a move"),
    ],
)
@pytest.mark.parametrize(
    "table", [pytest.param("documents", id="after announcing"), pytest.param("chunks", id="after the chunks")]
)
async def test_overtaken(door, bucket, before, late, afterwards, table):
    """Whoever is held up between its commits while another one stores a version: one whole version is left, or none."""
    case = f"{before} {late.__name__} {table}"
    slow, quick = [await open_index(f"{bucket}/overtaken") for _ in range(2)]
    if before:
        await store(quick, document(before, case))
    with door.hold(f"{table}_g1.lance/_versions/") as held:
        async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
            tasks.create_task(late(slow, case))
            assert await asyncio.to_thread(held.is_done.wait, 30)
            await store(quick, document("v2", case))
            held.may_go.set()
    document_id = document("v2", case).document.id
    assert await is_whole((await quick._generations.current()).tables, document_id)
    found = await quick.document(document_id)
    assert (found.content_sha256 if found else None) in afterwards
    chunks = await quick.chunks(Scopes("local", frozenset({"workspace", "channel:C1"})), [document_id])
    assert len(chunks) == (found.chunks if found else 0)


async def test_writers_in_two_processes(bucket):
    """Processes that nobody coordinates, and that write the same documents, leave one whole version of each."""
    uri = f"{bucket}/writers"
    index = await open_index(uri)
    await store(index, *(version(name, 0) for name in NAMES))
    ready = context().Event()
    environment = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    with (
        running(write_versions, uri, range(1, 3, 2), ready, environment) as odd,
        running(write_versions, uri, range(2, 3, 2), ready, environment) as even,
    ):
        ready.set()
        while odd.is_alive() or even.is_alive():
            await asyncio.sleep(0.05)
        assert (odd.exitcode, even.exitcode) == (0, 0)
    assert await recover((await index._generations.current()).tables, None) == Recovery()
    shas = {document.content_sha256 for document in await index.every_document()}
    assert len(await index.every_document()) == len(NAMES)
    assert shas <= {"v1", "v2"}
