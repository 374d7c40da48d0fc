import asyncio

import pytest
from llama_index.core import VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode
from llama_index.core.vector_stores.types import (
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
    VectorStoreQuery,
    VectorStoreQueryMode,
)

from ingest.documents import Scopes
from ingest.index_writes import Recovery
from ingest.nodes import node_to_chunk
from ingest.vector_store import IndexVectorStore
from tests.ingest.index_values import EVERYBODY, filled, open_index, store, vectors

GUIDE = filled("guide.pdf", texts=["alpha one", "alpha two", "beta three"])
SECRET = filled("secret.pdf", texts=["alpha four"], scope="channel:C1")


class HashEmbedding(BaseEmbedding):
    """Embeds as `index_values.vectors` does."""

    def _get_text_embedding(self, text: str) -> list[float]:
        return [float(number) for number in vectors([text])[0]]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


def embedding(text: str) -> list[float]:
    return HashEmbedding()._get_text_embedding(text)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library")

    async def build():
        index = await open_index(folder)
        await store(index, GUIDE, SECRET, filled("other.pdf", texts=["gamma"], content="x'; --"))
        index.close()

    asyncio.run(build())
    return folder


@pytest.fixture
async def vector_store(library):
    index = await open_index(library)
    yield IndexVectorStore(index, EVERYBODY)
    index.close()


@pytest.fixture
async def empty(tmp_path):
    index = await open_index(tmp_path)
    yield index
    index.close()


def matching(key, operator, value):
    return MetadataFilter(key=key, operator=operator, value=value)


def all_of(*filters, condition=FilterCondition.AND):
    return MetadataFilters(filters=list(filters), condition=condition)


EQ, NE, IN, NIN = FilterOperator.EQ, FilterOperator.NE, FilterOperator.IN, FilterOperator.NIN
EVERY = {"alpha one", "alpha two", "beta three", "gamma"}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (all_of(), EVERY),
        (all_of(matching("page", EQ, 2)), {"alpha two"}),
        (all_of(matching("page", NE, 1)), {"alpha two", "beta three"}),
        (all_of(matching("page", FilterOperator.GTE, 2)), {"alpha two", "beta three"}),
        (all_of(matching("page", FilterOperator.LT, 2)), {"alpha one", "gamma"}),
        (all_of(matching("page", EQ, "2")), set()),
        (all_of(matching("label", EQ, "A-2")), {"alpha two"}),
        (all_of(matching("doc_id", EQ, GUIDE.document.id)), EVERY - {"gamma"}),
        (all_of(matching("doc_id", NE, GUIDE.document.id)), {"gamma"}),
        (all_of(matching("page", IN, [1, 3])), {"alpha one", "beta three", "gamma"}),
        (all_of(matching("page", IN, [])), set()),
        (all_of(matching("page", NIN, [1, 3])), {"alpha two"}),
        (all_of(matching("page", NIN, [])), EVERY),
        (all_of(matching("label", IN, ["A-1", "A-3' OR '1'='1"])), {"alpha one", "gamma"}),
        (all_of(matching("label", EQ, "x' OR 1=1 --")), set()),
        (all_of(matching("content_sha256", EQ, "x'; --")), {"gamma"}),
        (all_of(matching("scope", EQ, "channel:C1")), set()),
        (
            all_of(
                matching("content_sha256", EQ, "v1"),
                all_of(matching("page", EQ, 1), matching("page", EQ, 3), condition=FilterCondition.OR),
            ),
            {"alpha one", "beta three"},
        ),
        (
            all_of(
                all_of(matching("page", EQ, 1), matching("content_sha256", EQ, "v1")),
                all_of(matching("page", EQ, 2), matching("content_sha256", EQ, "v1")),
                condition=FilterCondition.OR,
            ),
            {"alpha one", "alpha two"},
        ),
        (all_of(matching("page", EQ, 1), matching("page", EQ, 2), condition=FilterCondition.NOT), {"beta three"}),
    ],
)
async def test_filters(vector_store, filters, expected):
    """Metadata filters choose the same nodes in every kind of query, whatever is in their values."""
    query = VectorStoreQuery(embedding("alpha one"), similarity_top_k=10, filters=filters)
    assert {node.get_content() for node in (await vector_store.aquery(query)).nodes} == expected
    assert {node.get_content() for node in await vector_store.aget_nodes(filters=filters)} == expected
    query = VectorStoreQuery(
        query_str="alpha beta gamma", similarity_top_k=10, filters=filters, mode=VectorStoreQueryMode.TEXT_SEARCH
    )
    assert {node.get_content() for node in (await vector_store.aquery(query)).nodes} == expected


@pytest.mark.parametrize(
    "filters",
    [
        all_of(matching("author", EQ, "x")),
        all_of(matching("page = 1 OR page", EQ, 1)),
        all_of(matching("page", FilterOperator.CONTAINS, 1)),
        all_of(matching("page", FilterOperator.GT, "one")),
    ],
    ids=["unknown", "hostile", "unknown operator", "wrong type"],
)
async def test_filters_that_make_no_sense(vector_store, filters):
    """What cannot be filtered is an error, not a wrong result."""
    with pytest.raises(ValueError, match="cannot filter"):
        await vector_store.aquery(VectorStoreQuery(embedding("a"), similarity_top_k=1, filters=filters))


async def test_no_result(vector_store):
    """Nothing found is an empty result."""
    nothing = VectorStoreQuery(embedding("a"), similarity_top_k=5, doc_ids=["unknown"])
    result = await vector_store.aquery(nothing)
    assert (result.nodes, result.similarities, result.ids) == ([], [], [])


async def test_scores(vector_store):
    """Similarities are those of the index: cosine, BM25, and for HYBRID both in the weight that is asked for."""
    query = VectorStoreQuery(embedding("alpha one"), query_str="beta", similarity_top_k=4)
    by_vector = await vector_store.aquery(query)
    assert by_vector.similarities[0] == pytest.approx(1.0)
    assert by_vector.similarities == sorted(by_vector.similarities, reverse=True)
    query.mode = VectorStoreQueryMode.SPARSE
    assert [node.get_content() for node in (await vector_store.aquery(query)).nodes] == ["beta three"]
    query.mode, query.alpha = VectorStoreQueryMode.HYBRID, 0.9
    assert (await vector_store.aquery(query)).nodes[0].get_content() == "alpha one"
    query.alpha = 0.1
    assert (await vector_store.aquery(query)).nodes[0].get_content() == "beta three"


async def test_nodes_are_chunks(vector_store):
    """A node that is retrieved is the chunk that was stored."""
    result = await vector_store.aquery(VectorStoreQuery(embedding("alpha two"), similarity_top_k=1))
    assert [node_to_chunk(node) for node in result.nodes] == [GUIDE.chunks[1]]
    assert result.ids == [GUIDE.chunks[1].id]


def test_llama_index_opens_the_table(library):
    """LlamaIndex's own VectorStoreIndex retrieves from our table, synchronously and not."""

    async def retrieve():
        index = await open_index(library)
        vector_store = IndexVectorStore(index, Scopes("local", frozenset({"workspace", "channel:C1"})))
        retriever = VectorStoreIndex.from_vector_store(vector_store, embed_model=HashEmbedding()).as_retriever(
            similarity_top_k=2, filters=all_of(matching("page", EQ, 1))
        )
        found = await retriever.aretrieve("alpha four")
        assert found[0].node.get_content() == "alpha four"
        assert found[0].score == pytest.approx(1.0)
        assert len(found) == 2
        return retriever

    retriever = asyncio.run(retrieve())
    assert retriever.retrieve("gamma")[0].node.get_content() == "gamma"


def foreign(text, document, *, page=1, node_id=None):
    return TextNode(
        id_=node_id or f"node of {text}",
        text=text,
        metadata={"file_name": f"{document}.pdf", "page_label": str(page)},
        embedding=embedding(text),
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=document)},
    )


async def test_add(empty):
    """Nodes of LlamaIndex become documents that the index reads like any other, also when they come in pieces."""
    vector_store = IndexVectorStore(empty, EVERYBODY)
    nodes = [foreign("first", "d1"), foreign("second", "d1", page=2), foreign("third", "d2")]
    assert await vector_store.async_add(nodes) == [node.node_id for node in nodes]
    await vector_store.async_add([foreign("fourth", "d1", page=3)])
    documents = await empty.documents(EVERYBODY)
    assert [(document.id, document.name, document.pages, document.chunks) for document in documents] == [
        ("d1", "d1.pdf", 3, 3),
        ("d2", "d2.pdf", 1, 1),
    ]
    assert [chunk.text for chunk in await empty.page_chunks(EVERYBODY, [("d1", 3)])] == ["fourth"]
    assert len(await empty.search_text("first fourth third", EVERYBODY, 10)) == 3
    assert await empty.recover() == Recovery()


async def test_add_the_same_node_again(empty):
    """A node that is added again takes its own place."""
    vector_store = IndexVectorStore(empty, EVERYBODY)
    await vector_store.async_add([foreign("old", "d1", node_id="n"), foreign("other", "d1")])
    await vector_store.async_add([foreign("new", "d1", node_id="n")])
    assert {node.get_content() for node in await vector_store.aget_nodes()} == {"new", "other"}
    assert [document.chunks for document in await empty.documents(EVERYBODY)] == [2]


async def test_add_needs_one_scope(empty):
    """Who may read a new document is never guessed."""
    vector_store = IndexVectorStore(empty, Scopes("local", frozenset({"workspace", "channel:C1"})))
    with pytest.raises(ValueError, match="one scope"):
        await vector_store.async_add([foreign("text", "d1")])


async def test_delete(empty):
    """Deleting a document by its id deletes it whole, and only within the scopes."""
    await store(empty, GUIDE, SECRET)
    vector_store = IndexVectorStore(empty, EVERYBODY)
    await vector_store.adelete(SECRET.document.id)
    await vector_store.adelete("x' OR 1=1 --")
    assert len(await empty.every_document()) == 2
    await vector_store.adelete(GUIDE.document.id)
    assert [document.name for document in await empty.every_document()] == ["secret.pdf"]


async def test_a_query_makes_no_index(empty):
    """A query changes nothing in the table."""
    await store(empty, GUIDE)
    chunks = (await empty._generations.current()).tables.chunks
    before = await chunks.version()
    vector_store = IndexVectorStore(empty, EVERYBODY)
    for mode in (VectorStoreQueryMode.DEFAULT, VectorStoreQueryMode.TEXT_SEARCH, VectorStoreQueryMode.HYBRID):
        query = VectorStoreQuery(embedding("a"), query_str="alpha", similarity_top_k=3, mode=mode)
        assert (await vector_store.aquery(query)).nodes
    assert await chunks.version() == before
