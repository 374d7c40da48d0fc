import pytest

from ingest import index_writes as writes
from ingest.documents import Scopes
from ingest.index_schema import State, Version, chunk_rows
from ingest.index_tables import Tables
from tests.ingest.index_values import EVERYBODY, Filled, filled, open_index, store, texts_of

OLD = filled(texts=["old one", "old two"], content="v1")
NEW = filled(texts=["new one", "new two", "new three"], content="v2")
OTHER = filled("other.pdf", texts=["other one"])
CHANNEL = Scopes("local", frozenset({"channel:C1"}))


@pytest.fixture
async def index(tmp_path):
    index = await open_index(tmp_path)
    await store(index, OTHER)
    yield index
    index.close()


@pytest.fixture
async def tables(index) -> Tables:
    return (await index._generations.current()).tables


async def announce(tables: Tables, item: Filled) -> None:
    await writes._record(tables, Version(item.document, State.PENDING))


async def store_chunks(tables: Tables, item: Filled) -> None:
    await tables.chunks.delete(f"document_id = '{item.document.id}'")
    await tables.chunks.add(chunk_rows(item.document, item.chunks, item.vectors))


async def killed_before_chunks(tables: Tables) -> None:
    await announce(tables, NEW)


async def killed_before_the_last_commit(tables: Tables) -> None:
    await announce(tables, NEW)
    await store_chunks(tables, NEW)


async def killed_before_erasing(tables: Tables) -> None:
    await writes._record(tables, Version(OLD.document, State.DELETING))


async def killed_before_the_row_was_erased(tables: Tables) -> None:
    await writes._record(tables, Version(OLD.document, State.DELETING))
    await tables.chunks.delete(f"document_id = '{OLD.document.id}'")


async def seen(index) -> list[str]:
    """Return what a reader finds of the document in question, having checked that all kinds of reads agree."""
    by_text = await index.search_text("old new other", EVERYBODY, 100)
    by_vector = await index.search_vectors(NEW.vectors[0], EVERYBODY, 100)
    pages = [(document.id, page) for document in await index.documents(EVERYBODY) for page in (1, 2, 3)]
    by_page = await index.page_chunks(EVERYBODY, pages)
    assert sorted(texts_of(by_text)) == sorted(texts_of(by_vector)) == sorted(chunk.text for chunk in by_page)
    assert OTHER.chunks[0].text in texts_of(by_text)
    return [chunk.text for chunk in by_page if chunk.document_id == OLD.document.id]


def texts(item: Filled | None) -> list[str]:
    return [chunk.text for chunk in item.chunks] if item else []


@pytest.mark.parametrize(
    ("before", "kill", "meanwhile", "afterwards"),
    [
        (None, killed_before_chunks, None, None),
        (None, killed_before_the_last_commit, None, NEW),
        (OLD, killed_before_chunks, OLD, OLD),
        (OLD, killed_before_the_last_commit, NEW, NEW),
        (OLD, killed_before_erasing, None, None),
        (OLD, killed_before_the_row_was_erased, None, None),
    ],
)
async def test_killed(index, tables, before, kill, meanwhile, afterwards):
    """Whatever a writer was killed at, readers see before or after, and recovery makes it final."""
    if before:
        await store(index, before)
    await kill(tables)
    assert await seen(index) == texts(meanwhile)
    recovery = await index.recover()
    assert recovery.settled == (OLD.document.id,)
    assert recovery.dropped == ()
    assert await seen(index) == texts(afterwards)
    shas = [d.content_sha256 for d in await index.documents(EVERYBODY) if d.id == OLD.document.id]
    assert shas == ([afterwards.document.content_sha256] if afterwards else [])
    assert await index.recover() == writes.Recovery()


@pytest.mark.parametrize("kill", [killed_before_chunks, killed_before_the_last_commit, killed_before_erasing])
async def test_written_again_after_a_kill(index, tables, kill):
    """A writer does not need a recovery first: it settles the document that it writes."""
    await store(index, OLD)
    await kill(tables)
    await store(index, NEW)
    assert await seen(index) == texts(NEW)
    assert await index.recover() == writes.Recovery()


@pytest.mark.parametrize("is_rescoped", [False, True], ids=["before the chunks", "after the chunks"])
async def test_killed_while_moving(index, tables, is_rescoped):
    """From the first commit of a move on, nobody of the old scope reads the document."""
    await store(index, OLD)
    moved = filled(texts=["old one", "old two"], content="v1", scope="channel:C1").document
    moved = writes.dataclasses.replace(moved, id=OLD.document.id)
    await writes._record(tables, Version(moved, State.MOVING))
    if is_rescoped:
        await writes._rescope(tables, moved)
    assert await seen(index) == []
    await index.recover()
    assert await seen(index) == []
    assert sorted(texts_of(await index.search_text("old", CHANNEL, 10))) == texts(OLD)


async def chunks_without_a_row(tables: Tables) -> None:
    await tables.documents.delete(f"id = '{OLD.document.id}'")


async def row_without_chunks(tables: Tables) -> None:
    await tables.chunks.delete(f"document_id = '{OLD.document.id}'")


async def chunk_missing(tables: Tables) -> None:
    await tables.chunks.delete(f"id = '{OLD.chunks[0].id}'")


async def chunk_twice(tables: Tables) -> None:
    await tables.chunks.add(chunk_rows(OLD.document, OLD.chunks[:1], OLD.vectors[:1]))


@pytest.mark.parametrize("damage", [chunks_without_a_row, row_without_chunks, chunk_missing, chunk_twice])
async def test_damage_is_dropped(index, tables, damage):
    """What our own commits cannot have left is dropped whole, so that it can be indexed again."""
    await store(index, OLD)
    await damage(tables)
    recovery = await index.recover()
    assert recovery.dropped == ((OLD.document.id,) if damage is chunks_without_a_row else (OLD.document.name,))
    assert await seen(index) == []
    await store(index, OLD)
    assert await seen(index) == texts(OLD)


async def test_chunks_without_a_row_are_not_read(index, tables):
    """A chunk counts only with a row for its version of the document."""
    await store(index, OLD)
    await store_chunks(tables, NEW)
    assert await index.search_text("new", EVERYBODY, 10) == ()


async def test_recovery_leaves_others_work_alone(index, tables):
    """Where writers cannot lock each other out, a fresh announcement may be of one who is at work."""
    await store(index, OLD)
    await killed_before_the_last_commit(tables)
    assert await writes.recover(tables, writes.LEASE) == writes.Recovery()
    assert await seen(index) == texts(NEW)


async def test_unfinished_documents_take_nobodys_place(index, tables):
    """What may not be read yet is left out before the best are chosen, not after."""
    await killed_before_the_last_commit(tables)
    by_vector = await index.search_vectors(NEW.vectors[0], EVERYBODY, 1)
    by_text = await index.search_text("new one other", EVERYBODY, 1)
    assert texts_of(by_vector) == texts_of(by_text) == ["other one"]


async def test_another_process_is_not_taken_for_a_kill(tmp_path):
    """Who writes or recovers looks at what others wrote a moment ago, whatever its readers may be content with."""
    ours, theirs = [await open_index(tmp_path, read_consistency_seconds=600) for _ in range(2)]
    await store(theirs, OTHER)
    assert await ours.documents(EVERYBODY) == ()
    tables = (await ours._generations.current()).tables
    assert await tables.chunks.count_rows() == 0
    await store(theirs, OLD)
    await tables.documents.checkout_latest()  # as it happens: one table's second is over, the other's is not

    assert await ours.recover() == writes.Recovery()
    assert not await ours.replace(OLD.document, OLD.chunks, OLD.vectors)
    assert {document.name for document in await theirs.every_document()} == {"handbook.pdf", "other.pdf"}
    assert await tables.chunks.count_rows() == 3
    for index in (ours, theirs):
        index.close()
