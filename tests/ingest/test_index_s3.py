import asyncio
import os
from datetime import timedelta

import pytest

from ingest.errors import IndexMissingError
from ingest.index import Index
from ingest.index_writes import Recovery, recover
from tests.ingest.index_processes import NAMES, context, running, version, write_versions
from tests.ingest.index_values import EVERYBODY, IDENTITY, filled, open_index, settings, store, texts_of

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


async def test_created_by_several_at_once(bucket):
    """Processes that find no index and make one all get the same, with what was stored meanwhile."""
    uri = f"{bucket}/created"
    indexes = await asyncio.gather(*(open_index(uri) for _ in range(5)))
    for number, index in enumerate(indexes):
        await store(index, filled(f"{number}.pdf"))
    for index in [*indexes, await open_index(uri)]:
        assert len(await index.documents(EVERYBODY)) == len(indexes) > 0


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
