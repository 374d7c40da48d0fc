import asyncio
import random
import time

from ingest.documents import Scopes
from ingest.index import Index
from ingest.index_writes import Recovery
from tests.ingest.index_processes import NAMES, context, running, version, write_and_delete, write_versions
from tests.ingest.index_values import EVERYBODY, IDENTITY, filled, open_index, settings, store

MEMBERS = Scopes("local", frozenset({"workspace", "channel:C1"}))


async def parts_by_document(index: Index) -> dict[str, set[str]]:
    """Return the versions of which chunks are read, by document; checks that each version is whole."""
    pages = [(version(name, 0).document.id, page) for name in NAMES for page in range(1, 6)]
    found: dict[str, set[str]] = {}
    chunks = await index.page_chunks(MEMBERS, pages)
    for chunk in chunks:
        found.setdefault(chunk.document_id, set()).add(chunk.content_sha256)
    for document_id, contents in found.items():
        number = int(next(iter(contents)).removeprefix("v"))
        assert sum(chunk.document_id == document_id for chunk in chunks) == number % 4 + 1
    return found


async def test_two_writers_and_a_reader(tmp_path):
    """Processes that write the same documents at the same time leave one whole version; a reader never sees less."""
    index = await open_index(tmp_path)
    await store(index, *(version(name, 0) for name in NAMES))
    ready = context().Event()
    with (
        running(write_versions, tmp_path, range(1, 11, 2), ready) as odd,
        running(write_versions, tmp_path, range(2, 11, 2), ready) as even,
    ):
        ready.set()
        reads = 0
        while odd.is_alive() or even.is_alive():
            assert [len(contents) for contents in (await parts_by_document(index)).values()] == [1, 1, 1]
            reads += 1
            await asyncio.sleep(0.01)
        assert (odd.exitcode, even.exitcode, reads > 10) == (0, 0, True)
    assert await index.recover() == Recovery()
    assert {document.content_sha256 for document in await index.every_document()} <= {"v9", "v10"}
    assert len(await parts_by_document(index)) == 3


async def test_killed_writers(tmp_path):
    """A writer killed at any moment leaves what the next one makes whole: before or after, never between."""
    choose = random.Random(4)
    index = await open_index(tmp_path)
    for _ in range(8):
        started = context().Event()
        with running(write_and_delete, tmp_path, started):
            while not started.is_set():
                await asyncio.sleep(0.01)
            await asyncio.sleep(choose.random() * 0.2)
        before = await parts_by_document(index)
        recovery = await index.recover()
        assert recovery.dropped == ()
        after = await parts_by_document(index)
        for document_id in before.keys() & after.keys():
            assert before[document_id] == after[document_id]
        assert after.keys() == {document.id for document in await index.documents(MEMBERS)}


async def test_reader_sees_other_processes(tmp_path):
    """A running reader sees what another process stored, within the interval and not much before."""
    index = await open_index(tmp_path, read_consistency_seconds=0.5)
    await store(index, version("a.pdf", 0))
    assert len(await index.documents(EVERYBODY)) == 1
    with running(write_versions, tmp_path, range(1, 2)) as process:
        while process.is_alive():
            await asyncio.sleep(0.01)
        committed = time.monotonic()
        while len(await index.documents(EVERYBODY)) < 3:
            assert time.monotonic() - committed < 1.0
            await asyncio.sleep(0.01)
    assert len(await index.search_text("version 1", EVERYBODY, 100)) == 6


async def test_own_writes_are_seen_at_once(tmp_path):
    """Whoever writes does not wait for the interval."""
    index = await open_index(tmp_path, read_consistency_seconds=3_600.0)
    assert await index.documents(EVERYBODY) == ()
    for number in range(3):
        await store(index, version("a.pdf", number))
        assert [document.content_sha256 for document in await index.documents(EVERYBODY)] == [f"v{number}"]
        assert len(await index.search_text("version", EVERYBODY, 10)) == number % 4 + 1


async def test_concurrent_tasks(tmp_path):
    """Tasks of one process that store the same document, through two handles, leave one version."""
    first, second = await open_index(tmp_path), await open_index(tmp_path)
    await asyncio.gather(*(store(index, version("a.pdf", n)) for n in range(6) for index in (first, second)))
    assert await first.recover() == Recovery()
    assert len(await first.every_document()) == 1


async def test_created_twice_at_once(tmp_path):
    """Two processes that find no index make one."""
    first, second = await asyncio.gather(open_index(tmp_path), open_index(tmp_path))
    await store(first, filled())
    assert [document.name for document in await second.every_document()] == ["handbook.pdf"]


async def test_lock_is_freed_by_a_kill(tmp_path):
    """A killed writer keeps nobody out."""
    started = context().Event()
    index = await Index.open(settings(tmp_path), IDENTITY, create=True)
    with running(write_and_delete, tmp_path, started) as process:
        while not started.is_set():
            await asyncio.sleep(0.01)
        process.kill()
        process.join()
        async with asyncio.timeout(5):
            await index.recover()
