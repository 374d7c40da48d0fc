"""How a document gets into the tables, changes and leaves them: every step leaves a state that `settle` understands.

A new version is announced (pending row), its chunks replace the old ones in one commit, and the row becomes the
document's only one. Readers count a chunk only with a row for its version, and a document only with a readable row:
they see before or after. All functions want the right to write (`Store.writing`). On an object store that keeps out
nobody of another process: whoever may have met one looks afterwards whether the document `is_whole`.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ingest.documents import Document
from ingest.index_filters import equal
from ingest.index_schema import READABLE, State, Version, read_version, version_key, version_rows
from ingest.index_tables import QUERY_TIMEOUT, WRITE_TIMEOUT, Tables

if TYPE_CHECKING:
    import pyarrow as pa

LEASE = timedelta(minutes=10)
"""Longer than a writer takes from its first commit to its last; WRITE_TIMEOUT bounds each one."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """What `recover` did: ids of documents that were finished or undone, and what had to be dropped, by name."""

    settled: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


async def put(tables: Tables, document: Document, rows: pa.Table) -> bool:
    """Store this version of the document instead of any other; False if it is there already."""
    old = await settle(tables, document.id)
    if old is not None and old.content_sha256 == document.content_sha256:
        return False
    await _record(tables, Version(document, State.PENDING))
    await _replace_chunks(tables, document.id, rows, is_new=old is None)
    await _finish(tables, document)
    return True


async def put_again(tables: Tables, document: Document, rows: pa.Table) -> None:
    """Store this version whatever the tables say: where two writers met, a ready row may have none of its chunks."""
    old = await settle(tables, document.id)
    if old is None or old.content_sha256 != document.content_sha256:
        await _record(tables, Version(document, State.PENDING))
    await _replace_chunks(tables, document.id, rows, is_new=False)
    await _finish(tables, document)


async def add(tables: Tables, document: Document, rows: pa.Table) -> None:
    """Store more chunks of this version beside those that are there; other versions go."""
    old = await settle(tables, document.id)
    if old is None or old.content_sha256 != document.content_sha256:
        await put(tables, dataclasses.replace(document, chunks=len(rows)), rows)
        return
    grown = dataclasses.replace(document, scope=old.scope, pages=max(old.pages, document.pages))
    await _record(tables, Version(grown, State.ADDING))
    upsert = tables.chunks.merge_insert("id").when_matched_update_all().when_not_matched_insert_all()
    await upsert.execute(rows, timeout=WRITE_TIMEOUT)
    if grown.scope != document.scope:
        await _rescope(tables, grown)
    await _count(tables, grown)


async def remove(tables: Tables, document_id: str) -> bool:
    """Delete the document; False if there is none."""
    old = await settle(tables, document_id)
    if old is None:
        return False
    await _record(tables, Version(old, State.DELETING))
    await erase(tables, document_id)
    return True


async def move(tables: Tables, document_id: str, scope: str) -> bool:
    """Change who may read the document; False if there is none. From the first commit on, old readers see nothing."""
    old = await settle(tables, document_id)
    if old is None:
        return False
    if old.scope != scope:
        moved = dataclasses.replace(old, scope=scope)
        await _change(tables, Version(moved, State.MOVING))
        await _finish_moving(tables, moved)
    return True


async def erase(tables: Tables, document_id: str) -> None:
    """Delete whatever is stored of the document, whether the tables agree on it or not."""
    await tables.chunks.delete(equal("document_id", document_id))
    await tables.documents.delete(equal("id", document_id))


async def settle(tables: Tables, document_id: str) -> Document | None:
    """Finish or undo what a kill left of one document, and return the version that is stored."""
    versions = await _versions(tables, document_id)
    stored = next((v.document for v in versions if v.state in READABLE), None)
    for version in versions:
        if version.state is State.DELETING:
            await erase(tables, document_id)
            return None
        if version.state is State.MOVING:
            await _finish_moving(tables, version.document)
        if version.state is State.ADDING:
            return await _count(tables, version.document)
        if version.state is State.PENDING:
            content, chunks = version.document.content_sha256, version.document.chunks
            if await _contents_of(tables, document_id) == ({content: chunks} if chunks else {}):
                await _finish(tables, version.document)
                return version.document
            await tables.documents.delete(equal("key", version_key(version.document)))
    return stored


async def recover(tables: Tables, lease: timedelta | None) -> Recovery:
    """Settle all documents; drop what no order of our own commits explains, so that it is indexed again.

    Where writers cannot lock each other out, what changed within `lease` may be somebody's work and is left alone.
    """
    deadline = datetime.now(UTC) - lease if lease else datetime.max.replace(tzinfo=UTC)
    settled, dropped = [], []
    for document_id, versions in (await _all_versions(tables)).items():
        if _is_old(versions, deadline) and not _is_ready(versions):
            await settle(tables, document_id)
            settled.append(document_id)
    contents = await _contents(tables)
    known = await _all_versions(tables)
    for document_id in known.keys() | contents.keys():
        if not _is_old(known.get(document_id, ()), deadline):
            continue
        if _agree(known.get(document_id, ()), contents.get(document_id, {})):
            continue
        # Once more, as others may have written in between.
        await tables.refresh()
        versions = await _versions(tables, document_id)
        if _is_old(versions, deadline) and not _agree(versions, await _contents_of(tables, document_id)):
            await erase(tables, document_id)
            dropped.append(versions[0].document.name if versions else document_id)
    return Recovery(tuple(settled), tuple(dropped))


async def is_whole(tables: Tables, document_id: str) -> bool:
    """Whether the document has one version, and all of its chunks and no others are stored, in its scope."""
    versions = await _versions(tables, document_id)
    rows = await _chunks_of(tables, document_id, "content_sha256", "scope")
    scopes = set(rows.column("scope").to_pylist())
    return _agree(versions, _by_version(rows)) and scopes <= {version.document.scope for version in versions}


def _is_old(versions: Sequence[Version], deadline: datetime) -> bool:
    return all(version.changed_at is None or version.changed_at < deadline for version in versions)


def _is_ready(versions: Sequence[Version]) -> bool:
    return all(version.state is State.READY for version in versions)


def _agree(versions: Sequence[Version], contents: Mapping[str, int]) -> bool:
    """Whether exactly the chunks of the document's one version are stored; `contents` counts them by version."""
    if not versions:
        return not contents
    document = versions[0].document
    expected = {document.content_sha256: document.chunks} if document.chunks else {}
    return len(versions) == 1 and _is_ready(versions) and contents == expected


async def _contents(tables: Tables) -> dict[str, dict[str, int]]:
    """Count the chunks of every document by version."""
    import pyarrow as pa

    counts: dict[str, dict[str, int]] = {}
    query = tables.chunks.query().select(["document_id", "content_sha256"])
    async for batch in await query.to_batches(timeout=QUERY_TIMEOUT):
        groups = pa.Table.from_batches([batch]).group_by(["document_id", "content_sha256"])
        for row in groups.aggregate([([], "count_all")]).to_pylist():
            of_document = counts.setdefault(row["document_id"], {})
            of_document[row["content_sha256"]] = of_document.get(row["content_sha256"], 0) + row["count_all"]
    return counts


async def _all_versions(tables: Tables) -> dict[str, list[Version]]:
    versions: dict[str, list[Version]] = {}
    for row in await tables.documents.query().to_list(timeout=QUERY_TIMEOUT):
        version = read_version(row)
        versions.setdefault(version.document.id, []).append(version)
    return versions


async def _versions(tables: Tables, document_id: str) -> list[Version]:
    rows = await tables.documents.query().where(equal("id", document_id)).to_list(timeout=QUERY_TIMEOUT)
    return [read_version(row) for row in rows]


async def _contents_of(tables: Tables, document_id: str) -> Counter[str]:
    """Count one document's chunks by version."""
    return _by_version(await _chunks_of(tables, document_id, "content_sha256"))


async def _chunks_of(tables: Tables, document_id: str, *columns: str) -> pa.Table:
    query = tables.chunks.query().where(equal("document_id", document_id)).select(list(columns))
    return await query.to_arrow(timeout=QUERY_TIMEOUT)


def _by_version(chunks: pa.Table) -> Counter[str]:
    return Counter(chunks.column("content_sha256").to_pylist())


async def _count(tables: Tables, document: Document) -> Document:
    """Finish a document with as many chunks as are stored."""
    counted = dataclasses.replace(document, chunks=(await _contents_of(tables, document.id)).total())
    await _finish(tables, counted)
    return counted


async def _record(tables: Tables, version: Version) -> None:
    """Write one version's row and leave the document's other rows alone."""
    upsert = tables.documents.merge_insert("key").when_matched_update_all().when_not_matched_insert_all()
    await upsert.execute(version_rows([version]), timeout=WRITE_TIMEOUT)


async def _change(tables: Tables, version: Version) -> None:
    """Write one version's row if it is still there: another writer may have replaced the version meanwhile."""
    update = tables.documents.merge_insert("key").when_matched_update_all()
    await update.execute(version_rows([version]), timeout=WRITE_TIMEOUT)


async def _replace_chunks(tables: Tables, document_id: str, rows: pa.Table, *, is_new: bool) -> None:
    """Store these chunks in place of all others of the document, of which there are none if it `is_new`."""
    if len(rows):
        merge = tables.chunks.merge_insert("id").when_matched_update_all().when_not_matched_insert_all()
        if not is_new:  # looking for what to delete reads all rows: 200 ms in 100,000
            merge = merge.when_not_matched_by_source_delete(equal("document_id", document_id))
        await merge.execute(rows, timeout=WRITE_TIMEOUT)
    elif not is_new:
        await tables.chunks.delete(equal("document_id", document_id))


async def _finish(tables: Tables, document: Document) -> None:
    """Make this version's row the document's only one."""
    replace = (
        tables.documents.merge_insert("key")
        .when_matched_update_all()
        .when_not_matched_insert_all()
        .when_not_matched_by_source_delete(equal("id", document.id))
    )
    await replace.execute(version_rows([Version(document, State.READY)]), timeout=WRITE_TIMEOUT)


async def _finish_moving(tables: Tables, document: Document) -> None:
    await _rescope(tables, document)
    await _change(tables, Version(document, State.READY))


async def _rescope(tables: Tables, document: Document) -> None:
    """Give the document's chunks its scope."""
    import pyarrow as pa

    names = (await tables.chunks.schema()).names
    query = tables.chunks.query().where(equal("document_id", document.id)).select(names)
    rows = await query.to_arrow(timeout=QUERY_TIMEOUT)
    if len(rows):
        scope = pa.array([document.scope] * len(rows), pa.string())
        moved = rows.set_column(names.index("scope"), "scope", scope)
        update = tables.chunks.merge_insert("id").when_matched_update_all()
        await update.execute(moved, timeout=WRITE_TIMEOUT)
