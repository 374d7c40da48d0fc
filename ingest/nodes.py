"""Our values as LlamaIndex knows them, and back: a Page as a Document, a Chunk as a TextNode. Imports LlamaIndex."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from llama_index.core.schema import BaseNode, Document, NodeRelationship, RelatedNodeInfo, TextNode

from ingest.documents import Chunk, Heading, Page, Span

_CHUNK_METADATA = ("content_sha256", "ordinal", "page", "label", "start", "end", "heading_path", "context")


def page_to_document(document_id: str, page: Page) -> Document:
    return Document(
        id_=f"{document_id}:{page.number}",
        text=page.text,
        metadata={
            "page": page.number,
            "label": page.label,
            "furniture": [(span.start, span.end) for span in page.furniture],
            "headings": [(heading.start, heading.level, heading.text) for heading in page.headings],
            "ocr_confidence": page.ocr_confidence,
        },
    )


def document_to_page(document: BaseNode) -> Page:
    data: dict[str, Any] = document.metadata
    return Page(
        number=data["page"],
        label=data["label"],
        text=document.get_content(),
        furniture=tuple(Span(*span) for span in data["furniture"]),
        headings=tuple(Heading(*heading) for heading in data["headings"]),
        ocr_confidence=data["ocr_confidence"],
    )


def chunk_to_node(chunk: Chunk) -> TextNode:
    """Return the node of a chunk; its source is the document, so that LlamaIndex's `ref_doc_id` is our document id."""
    metadata: dict[str, Any] = {name: getattr(chunk, name) for name in _CHUNK_METADATA}
    metadata["heading_path"] = list(chunk.heading_path)
    return TextNode(
        id_=chunk.id,
        text=chunk.text,
        metadata=metadata,
        # Of the metadata only the context line is embedded; nothing of it is for a model to read.
        excluded_embed_metadata_keys=[name for name in _CHUNK_METADATA if name != "context"],
        excluded_llm_metadata_keys=list(_CHUNK_METADATA),
        metadata_template="{value}",
        text_template="{metadata_str}\n{content}",
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=chunk.document_id)},
    )


def node_to_chunk(node: BaseNode) -> Chunk:
    data = dict(node.metadata)
    return Chunk(
        id=node.node_id,
        document_id=node.ref_doc_id or "",
        heading_path=tuple(data.pop("heading_path")),
        text=node.get_content(),
        **{name: data[name] for name in _CHUNK_METADATA if name != "heading_path"},
    )


def nodes_to_chunks(nodes: Iterable[BaseNode]) -> tuple[Chunk, ...]:
    return tuple(node_to_chunk(node) for node in nodes)
