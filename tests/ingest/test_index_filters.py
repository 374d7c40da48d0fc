import asyncio
import dataclasses
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.documents import Scopes
from ingest.index import Index
from ingest.index_filters import among, compared, equal, none_of
from tests.ingest.index_values import Filled, filled, open_index, store, vectors

HOSTILE = [
    "workspace",
    "channel:C1",
    "'",
    "''",
    "' OR '1'='1",
    "x' OR 1=1 --",
    'x" OR "1"="1',
    "`scope`",
    "back\\slash",
    "\\' OR 1=1 --",
    "semi; DROP TABLE chunks_g1; --",
    "nul\0byte",
    "line\nbreak\ttab",
    "%",
    "_",
    "*",
    "$1",
    "{0}",
    "é",
    "e\u0301",
    "😀",
    "\u202e\u2028",
    "NULL",
    "true",
    "0",
    "long" * 2_500,
]
TEXT = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=20), st.sampled_from(HOSTILE).map(lambda text: text + "'"))
WORKSPACES = HOSTILE[1:6]


@dataclasses.dataclass
class Library:
    """An index of documents with hostile names for everything, and a loop to ask it questions in."""

    index: Index
    items: list[Filled]
    loop: asyncio.AbstractEventLoop

    def ask(self, question: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(question)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    loop = asyncio.new_event_loop()
    items = []
    for number, scope in enumerate(HOSTILE):
        item = filled(
            f"{scope[:30]}.pdf", workspace=WORKSPACES[number % len(WORKSPACES)], scope=scope, texts=["a page"]
        )
        items.append(item)
    index = loop.run_until_complete(open_index(tmp_path_factory.mktemp("library"), read_consistency_seconds=60.0))
    loop.run_until_complete(store(index, *items))
    yield Library(index, items, loop)
    index.close()
    loop.close()


@settings(max_examples=150, deadline=None)
@given(
    workspace=st.sampled_from(WORKSPACES) | TEXT.filter(bool),
    names=st.frozensets(TEXT, max_size=8),
    document_ids=st.none() | st.lists(TEXT, max_size=3),
    known=st.lists(st.integers(0, len(HOSTILE) - 1), max_size=6),
)
def test_reads_stay_within_scopes(library, workspace, names, document_ids, known):
    """Whatever a workspace, a scope or a document is called, a reader gets exactly what its scopes allow."""
    scopes = Scopes(workspace, names)
    if document_ids is not None:
        document_ids = [*document_ids, *(library.items[number].document.id for number in known)]
    expected = {
        item.document.id
        for item in library.items
        if item.document.workspace == workspace
        and item.document.scope in names
        and (document_ids is None or item.document.id in document_ids)
    }

    async def found():
        index = library.index
        by_vector = await index.search_vectors(vectors(["a page"])[0], scopes, 100, document_ids)
        by_text = await index.search_text("page", scopes, 100, document_ids)
        pages = [(item.document.id, 1) for item in library.items] if document_ids is None else []
        by_page = await index.page_chunks(scopes, [*pages, *((document_id, 1) for document_id in document_ids or [])])
        return [{hit.chunk.document_id for hit in hits} for hits in (by_vector, by_text)] + [
            {chunk.document_id for chunk in by_page}
        ]

    assert library.ask(found()) == [expected] * 3


@settings(max_examples=60, deadline=None)
@given(values=st.lists(TEXT, max_size=6))
def test_among(library, values):
    """`among` means exactly its values, and `none_of` exactly the others."""
    stored = {item.document.scope for item in library.items}

    async def scopes(where):
        table = (await library.index._generations.current()).tables.chunks
        return {row["scope"] for row in await table.query().where(where).select(["scope"]).to_list()}

    assert library.ask(scopes(among("scope", values))) == stored & set(values)
    assert library.ask(scopes(none_of("scope", values))) == stored - set(values)


async def test_delete_by_any_id(tmp_path):
    """Moving and deleting a document touches that one, whatever its id is."""
    index = await open_index(tmp_path)
    item, ids = filled(), [value for value in HOSTILE if "'" in value or "\0" in value or "\\" in value]
    for value in ids:
        chunks = [dataclasses.replace(chunk, id=value + chunk.id, document_id=value) for chunk in item.chunks]
        await index.replace(dataclasses.replace(item.document, id=value), chunks, item.vectors)
    members = Scopes("local", frozenset({"workspace", "channel:C1"}))
    for done, value in enumerate(ids, start=1):
        assert await index.set_scope(value, "channel:C1")
        assert await index.delete(value)
        assert {chunk.document_id for chunk in await index.chunks(members)} == set(ids[done:])
    index.close()


@pytest.mark.parametrize(
    ("where", "pages"),
    [
        (lambda: compared("page", "<", 2), {1}),
        (lambda: compared("page", "<=", 2), {1, 2}),
        (lambda: compared("page", ">", 2), {3}),
        (lambda: compared("page", ">=", 2), {2, 3}),
        (lambda: equal("page", 2), {2}),
        (lambda: compared("label", ">=", "A-2' OR 1=1 --"), {3}),
    ],
)
async def test_compared(tmp_path, where, pages):
    """Comparisons are those of numbers and of texts."""
    index = await open_index(tmp_path)
    await store(index, filled(texts=["one", "two", "three"]))
    chunks = await index.chunks(Scopes("local", frozenset({"workspace"})), where=where())
    assert {chunk.page for chunk in chunks} == pages
    index.close()
