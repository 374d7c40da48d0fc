"""The index as LlamaIndex's LanceDB vector store: the same table, within the scopes of one reader. Imports LlamaIndex.

It overrides everything of `LanceDBVectorStore` that reads or writes: with lancedb 0.40 the original pastes filter
values into SQL, makes the full-text index inside of queries, raises on empty results and returns ranks for scores.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Coroutine, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from llama_index.core.async_utils import asyncio_run
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.schema import BaseNode
from llama_index.core.vector_stores.types import (
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
    VectorStoreQuery,
    VectorStoreQueryMode,
    VectorStoreQueryResult,
)
from llama_index.vector_stores.lancedb import LanceDBVectorStore

from ingest.documents import Chunk, Document, Scopes
from ingest.index import Hit, Index
from ingest.index_filters import among, compared, none_of
from ingest.nodes import chunk_to_node, node_to_chunk

if TYPE_CHECKING:
    from lancedb.expr import Expr

_COLUMNS = {name: name for name in ("id", "document_id", "content_sha256", "label", "context", "text", "scope")}
_NUMBERS = {name: name for name in ("ordinal", "page", "start", "end")}
_ALIASES = {"doc_id": "document_id", "ref_doc_id": "document_id", "node_id": "id", "page_label": "label"}
FILTERED = {**_COLUMNS, **_NUMBERS, **_ALIASES}
"""What a metadata filter may name, and the column that it means."""

_TEXT_MODES = frozenset({VectorStoreQueryMode.TEXT_SEARCH, VectorStoreQueryMode.SPARSE})

_Result = TypeVar("_Result")


class IndexVectorStore(LanceDBVectorStore):
    """An index within some scopes. Its synchronous methods are for LlamaIndex's own tools; ours await the others.

    Nodes that are added are chunks of ours (`ingest.nodes`), or any other text nodes: these become documents named
    after their source, in the one scope that has to be given then.
    """

    _index: Index = PrivateAttr()
    _scopes: Scopes = PrivateAttr()

    def __init__(self, index: Index, scopes: Scopes) -> None:
        # Not LanceDBVectorStore.__init__: it connects on its own, without read consistency.
        super(LanceDBVectorStore, self).__init__(
            stores_text=True,
            uri=None,
            vector_column_name="vector",
            nprobes=None,
            refine_factor=None,
            text_key="text",
            doc_id_key="document_id",
            api_key=None,
            region=None,
            mode="append",
            query_type="vector",
            overfetch_factor=1,
        )
        self._index = index
        self._scopes = scopes

    @classmethod
    def class_name(cls) -> str:
        return "IndexVectorStore"

    @property
    def client(self) -> Any:  # noqa: ANN401  # LlamaIndex's signature
        return self._index

    async def async_add(self, nodes: Sequence[BaseNode], **_: Any) -> list[str]:  # noqa: ANN401
        """Add nodes to their documents; a document may come in several calls."""
        by_document: dict[str, list[BaseNode]] = {}
        for node in nodes:
            by_document.setdefault(node.ref_doc_id or node.node_id, []).append(node)
        for document_id, of_document in by_document.items():
            chunks = tuple(_to_chunk(node, document_id, place) for place, node in enumerate(of_document))
            vectors = np.asarray([node.get_embedding() for node in of_document], dtype=np.float32)
            await self._index.add(await self._document(document_id, of_document, chunks), chunks, vectors)
        return [node.node_id for node in nodes]

    async def adelete(self, ref_doc_id: str, **_: Any) -> None:  # noqa: ANN401
        """Delete a document, if it is one of those that may be read here."""
        if ref_doc_id in await self._documents():
            await self._index.delete(ref_doc_id)

    async def aquery(self, query: VectorStoreQuery, **_: Any) -> VectorStoreQueryResult:  # noqa: ANN401
        """Return the best nodes: by cosine similarity, by BM25, or by both for the mode HYBRID."""
        where = _where(query)
        top_k = query.similarity_top_k
        if query.mode == VectorStoreQueryMode.DEFAULT:
            hits: Sequence[Hit] = await self._by_vector(query, top_k, where)
        elif query.mode in _TEXT_MODES:
            hits = await self._by_text(query, top_k, where)
        elif query.mode == VectorStoreQueryMode.HYBRID:
            alpha = 0.5 if query.alpha is None else query.alpha
            by_vector, by_text = await self._by_vector(query, top_k, where), await self._by_text(query, top_k, where)
            hits = _fused(by_vector, by_text, alpha)[: query.hybrid_top_k or top_k]
        else:
            raise ValueError(f"the index has no search of the kind {query.mode}")
        return VectorStoreQueryResult(
            nodes=[chunk_to_node(hit.chunk) for hit in hits],
            similarities=[hit.score for hit in hits],
            ids=[hit.chunk.id for hit in hits],
        )

    async def aget_nodes(
        self, node_ids: list[str] | None = None, filters: MetadataFilters | None = None
    ) -> list[BaseNode]:
        wanted = VectorStoreQuery(node_ids=node_ids, filters=filters)
        return [chunk_to_node(chunk) for chunk in await self._index.chunks(self._scopes, where=_where(wanted))]

    def add(self, nodes: Sequence[BaseNode], **_: Any) -> list[str]:  # noqa: ANN401
        return _wait(self.async_add(nodes))

    def delete(self, ref_doc_id: str, **_: Any) -> None:  # noqa: ANN401
        _wait(self.adelete(ref_doc_id))

    def query(self, query: VectorStoreQuery, **_: Any) -> VectorStoreQueryResult:  # noqa: ANN401
        return _wait(self.aquery(query))

    def get_nodes(
        self,
        node_ids: list[str] | None = None,
        filters: MetadataFilters | None = None,
        **_: Any,  # noqa: ANN401
    ) -> list[BaseNode]:
        return _wait(self.aget_nodes(node_ids, filters))

    def delete_nodes(self, node_ids: list[str] | None = None, *_: Any, **__: Any) -> None:  # noqa: ANN401
        raise NotImplementedError("A document is stored and deleted whole: use delete(ref_doc_id).")

    async def adelete_nodes(self, node_ids: list[str] | None = None, *_: Any, **__: Any) -> None:  # noqa: ANN401
        self.delete_nodes(node_ids)

    def create_index(self, *_: Any, **__: Any) -> None:  # noqa: ANN401
        raise NotImplementedError("Indexes are made by `Index.optimize`.")

    async def _by_vector(self, query: VectorStoreQuery, limit: int, where: Expr | None) -> tuple[Hit, ...]:
        if query.query_embedding is None:
            raise ValueError("this search needs an embedding")
        vector = np.asarray(query.query_embedding, dtype=np.float32)
        return await self._index.search_vectors(vector, self._scopes, limit, query.doc_ids, where)

    async def _by_text(self, query: VectorStoreQuery, limit: int, where: Expr | None) -> tuple[Hit, ...]:
        return await self._index.search_text(query.query_str or "", self._scopes, limit, query.doc_ids, where)

    async def _documents(self) -> dict[str, Document]:
        return {document.id: document for document in await self._index.documents(self._scopes)}

    async def _document(self, document_id: str, nodes: Sequence[BaseNode], chunks: Sequence[Chunk]) -> Document:
        """Return the document that nodes belong to, or make one from what the nodes say."""
        known = (await self._documents()).get(document_id)
        if known is not None and known.content_sha256 == chunks[0].content_sha256:
            return dataclasses.replace(known, pages=max(known.pages, *(chunk.page for chunk in chunks)))
        if len(self._scopes.names) != 1:
            raise ValueError("a document can be added in one scope only")
        metadata = nodes[0].metadata
        return Document(
            id=document_id,
            workspace=self._scopes.workspace,
            scope=next(iter(self._scopes.names)),
            name=str(metadata.get("file_name") or document_id),
            title=str(metadata.get("title") or metadata.get("file_name") or document_id),
            source=str(metadata.get("file_path") or ""),
            content_sha256=chunks[0].content_sha256,
            pages=max(chunk.page for chunk in chunks),
            pages_without_text=(),
            pages_by_ocr=(),
            chunks=len(chunks),
            opening=chunks[0].text[:300],
            uploader="",
            link="",
            indexed_at=datetime.now(UTC),
        )


def _to_chunk(node: BaseNode, document_id: str, place: int) -> Chunk:
    """Read a chunk of ours, or make one of a foreign node; only its text, page and place are kept."""
    if "content_sha256" in node.metadata:
        return node_to_chunk(node)
    text = node.get_content()
    start = getattr(node, "start_char_idx", None) or 0
    label = str(node.metadata.get("page_label") or "1")
    return Chunk(
        id=node.node_id,
        document_id=document_id,
        content_sha256=hashlib.sha256(document_id.encode("utf-8", "replace")).hexdigest(),
        ordinal=place,
        page=int(label) if label.isdecimal() else 1,
        label=label,
        start=start,
        end=start + len(text),
        heading_path=(),
        text=text,
        context="",
    )


def _fused(by_vector: Iterable[Hit], by_text: Sequence[Hit], alpha: float) -> list[Hit]:
    """Weigh cosine similarity with `alpha` and BM25, as a share of its best, with the rest."""
    best = max((hit.score for hit in by_text), default=1.0)
    fused = {hit.chunk.id: Hit(hit.chunk, alpha * hit.score) for hit in by_vector}
    for hit in by_text:
        score = (1 - alpha) * hit.score / best
        other = fused.get(hit.chunk.id)
        fused[hit.chunk.id] = Hit(hit.chunk, score + (other.score if other else 0.0))
    return sorted(fused.values(), key=lambda hit: -hit.score)


def _where(query: VectorStoreQuery) -> Expr | None:
    """Build the filter that a query asks for, besides its documents; None if it asks for none."""
    # LlamaIndex's own retriever passes no node ids as an empty list.
    parts = [among("id", query.node_ids)] if query.node_ids else []
    if query.filters is not None and query.filters.filters:
        parts.append(_of_filters(query.filters))
    return _joined(parts, FilterCondition.AND) if parts else None


def _of_filters(filters: MetadataFilters) -> Expr:
    parts = [_of_filters(f) if isinstance(f, MetadataFilters) else _of_filter(f) for f in filters.filters]
    if filters.condition == FilterCondition.NOT:
        return ~_joined(parts, FilterCondition.OR)
    return _joined(parts, filters.condition or FilterCondition.AND)


def _joined(parts: Sequence[Expr], condition: FilterCondition) -> Expr:
    joined, *others = parts or [among("id", ())]
    for part in others:
        joined = joined | part if condition == FilterCondition.OR else joined & part
    return joined


def _of_filter(item: MetadataFilter) -> Expr:
    column = FILTERED.get(item.key)
    if column is None:
        raise ValueError(f"the index cannot filter by {item.key!r}, only by {', '.join(sorted(FILTERED))}")
    values = item.value if isinstance(item.value, list) else [item.value]
    fitting = [v for v in values if v is not None and isinstance(v, int | float) == (column in _NUMBERS)]
    if item.operator in _SETS:
        return _SETS[item.operator](column, fitting)
    if item.operator in _COMPARISONS and fitting:
        return compared(column, item.operator.value, fitting[0])
    raise ValueError(f"the index cannot filter {item.key!r} by {item.operator.value!r} and {item.value!r}")


_SETS: dict[FilterOperator, Callable[[str, Iterable[str | float]], Any]] = {
    FilterOperator.EQ: among,
    FilterOperator.IN: among,
    FilterOperator.NE: none_of,
    FilterOperator.NIN: none_of,
}
_COMPARISONS = frozenset({FilterOperator.LT, FilterOperator.LTE, FilterOperator.GT, FilterOperator.GTE})


def _wait(call: Coroutine[Any, Any, _Result]) -> _Result:
    result: _Result = asyncio_run(call)
    return result
