"""Documents, chunks and vectors for the tests of the index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.documents import WORKSPACE_SCOPE, Chunk, Document, EmbeddingIdentity, Origin, Scopes
from ingest.index import Hit, Index
from ingest.settings import IndexSettings, IngestSettings

IDENTITY = EmbeddingIdentity("test", "hash", 16, "plain-1")
EVERYBODY = Scopes("local", frozenset({WORKSPACE_SCOPE}))


@dataclass(frozen=True)
class Filled:
    """A document with what `Index.replace` wants."""

    document: Document
    chunks: tuple[Chunk, ...]
    vectors: NDArray[Any]


def settings(place: Path | str, **index: Any) -> IngestSettings:
    """Make settings for an index in a folder's subfolder, or at an address."""
    uri = {"uri": place} if isinstance(place, str) else {}
    data = {} if isinstance(place, str) else {"data_dir": place}
    return IngestSettings(**data, index=IndexSettings(**{"read_consistency_seconds": 0.0, **uri, **index}))


async def open_index(folder: Path | str, **index: Any) -> Index:
    return await Index.open(settings(folder, **index), IDENTITY, create=True)


def filled(
    name: str = "handbook.pdf",
    texts: Sequence[str] = ("One page.", "Another page."),
    *,
    content: str = "v1",
    workspace: str = "local",
    scope: str = WORKSPACE_SCOPE,
    dimensions: int = IDENTITY.dimensions,
) -> Filled:
    """Make a document with one chunk a page, one for each text."""
    document_id = Origin(workspace, scope, name, source=name).document_id
    document = Document(
        id=document_id,
        workspace=workspace,
        scope=scope,
        name=name,
        title=f"Title of {name}",
        source=f"/files/{name}",
        content_sha256=content,
        pages=len(texts),
        pages_without_text=(3, 7),
        pages_by_ocr=(7,),
        chunks=len(texts),
        opening="The opening words",
        uploader="U1",
        link="https://example.org/message",
        indexed_at=datetime(2026, 11, 23, 8, 30, 0, 123456, tzinfo=UTC),
    )
    chunks = tuple(
        Chunk(
            id=f"{document_id}:{content}:{number}",
            document_id=document_id,
            content_sha256=content,
            ordinal=number,
            page=number + 1,
            label=f"A-{number + 1}",
            start=0,
            end=len(text),
            heading_path=("Chapter", f"Section {number}"),
            text=text,
            context=f"Title · Section {number}",
        )
        for number, text in enumerate(texts)
    )
    return Filled(document, chunks, vectors(texts, dimensions))


def vectors(texts: Sequence[str], dimensions: int = IDENTITY.dimensions) -> NDArray[Any]:
    """Make one L2-normalised vector for each text; equal texts have equal vectors."""
    rows = [
        np.random.default_rng(list(text.encode("utf-8", "surrogatepass"))).normal(size=dimensions) for text in texts
    ]
    matrix = np.asarray(rows, dtype=np.float32).reshape(len(texts), dimensions)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


async def store(index: Index, *items: Filled) -> None:
    for item in items:
        await index.replace(item.document, item.chunks, item.vectors)


def texts_of(hits: Sequence[Hit]) -> list[str]:
    return [hit.chunk.text for hit in hits]
