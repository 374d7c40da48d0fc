"""How documents and chunks lie in the index: Arrow schemas, and values to rows and back. No I/O, no LanceDB."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from ingest.documents import Card, Chunk, Document, EmbeddingIdentity
from ingest.index_terms import searchable
from ingest.traits import Traits, traits

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

SCHEMA_VERSION = 4
"""Counted up with every change of what is stored, how pages are read, or how texts become search terms."""

PASSAGE = "passage"
"""The column that searches read: a whole chunk in one piece.

Every column costs a read from disk for each row, and a hundred chunks of fifteen columns take three times as long as
in one. The other columns are there to be filtered by, and for other tools.
"""


class State(enum.StrEnum):
    """Where one version of a document is between absent and there. A kill leaves it there; `recover` goes on."""

    PENDING = "pending"
    """Announced; its chunks may or may not be stored. Not to be read yet."""
    READY = "ready"
    MOVING = "moving"
    """Ready, and its chunks are about to get its new scope."""
    ADDING = "adding"
    """Ready, and more chunks are about to come."""
    DELETING = "deleting"
    """Not to be read any more; its chunks may or may not be gone."""


READABLE = frozenset({State.READY, State.MOVING, State.ADDING})


@dataclass(frozen=True, slots=True)
class Version:
    """A row of the documents table: one version of one document and its state."""

    document: Document
    state: State
    changed_at: datetime | None = None
    """None until it is stored."""


@dataclass(frozen=True, slots=True)
class Generation:
    """A row of the generations table: one complete pair of tables and what made it."""

    number: int
    is_current: bool
    identity: EmbeddingIdentity
    schema_version: int
    changed_at: datetime


def _key(name: str, type_: pa.DataType) -> pa.Field:
    """Return a primary key: LanceDB detects concurrent inserts of one key, and repeats them, only with this mark."""
    import pyarrow as pa

    return pa.field(name, type_, nullable=False, metadata={"lance-schema:unenforced-primary-key": "true"})


@cache
def chunk_schema(dimensions: int) -> pa.Schema:
    import pyarrow as pa

    return pa.schema(
        [
            _key("id", pa.string()),
            pa.field("document_id", pa.string()),
            pa.field("content_sha256", pa.string()),
            pa.field("workspace", pa.string()),
            pa.field("scope", pa.string()),
            pa.field("ordinal", pa.int32()),
            pa.field("page", pa.int32()),
            pa.field("label", pa.string()),
            pa.field("start", pa.int32()),
            pa.field("end", pa.int32()),
            pa.field("heading_path", pa.list_(pa.string())),
            pa.field("text", pa.string()),
            pa.field("context", pa.string()),
            pa.field("search_text", pa.string()),
            pa.field("statements", pa.string()),
            pa.field(PASSAGE, pa.string()),
            pa.field("vector", pa.list_(pa.float32(), dimensions)),
        ]
    )


@cache
def document_schema() -> pa.Schema:
    import pyarrow as pa

    return pa.schema(
        [
            _key("key", pa.string()),
            pa.field("state", pa.string()),
            pa.field("changed_at", pa.timestamp("us", "UTC")),
            pa.field("id", pa.string()),
            pa.field("workspace", pa.string()),
            pa.field("scope", pa.string()),
            pa.field("name", pa.string()),
            pa.field("title", pa.string()),
            pa.field("source", pa.string()),
            pa.field("content_sha256", pa.string()),
            pa.field("pages", pa.int32()),
            pa.field("pages_without_text", pa.list_(pa.int32())),
            pa.field("pages_by_ocr", pa.list_(pa.int32())),
            pa.field("chunks", pa.int32()),
            pa.field("opening", pa.string()),
            pa.field("uploader", pa.string()),
            pa.field("link", pa.string()),
            pa.field("indexed_at", pa.timestamp("us", "UTC")),
            pa.field("card", pa.string()),
        ]
    )


@cache
def generation_schema() -> pa.Schema:
    import pyarrow as pa

    return pa.schema(
        [
            _key("number", pa.int32()),
            pa.field("is_current", pa.bool_()),
            pa.field("schema_version", pa.int32()),
            pa.field("provider", pa.string()),
            pa.field("model", pa.string()),
            pa.field("dimensions", pa.int32()),
            pa.field("convention", pa.string()),
            pa.field("changed_at", pa.timestamp("us", "UTC")),
        ]
    )


def chunk_rows(document: Document, chunks: Sequence[Chunk], vectors: NDArray[Any]) -> pa.Table:
    """Build the rows of one document's chunks.

    Raises:
        ValueError: chunks, vectors and document do not belong together.
    """
    import numpy as np
    import pyarrow as pa

    if vectors.ndim != 2 or len(vectors) != len(chunks):
        raise ValueError(f"{len(chunks)} chunks came with vectors of shape {vectors.shape}")
    if not np.isfinite(vectors).all():
        raise ValueError("a vector holds a value that is not a number")
    foreign = [c.id for c in chunks if (c.document_id, c.content_sha256) != (document.id, document.content_sha256)]
    if foreign:
        raise ValueError(f"chunk {foreign[0]} belongs to another version of the document")
    if len({c.id for c in chunks}) != len(chunks):
        raise ValueError("two chunks of the document have the same id")
    flat = pa.array(np.ascontiguousarray(vectors, dtype=np.float32).ravel())
    count = len(chunks)
    kinds = traits(chunks)
    columns: dict[str, Any] = {
        "id": [c.id for c in chunks],
        "document_id": [document.id] * count,
        "content_sha256": [document.content_sha256] * count,
        "workspace": [document.workspace] * count,
        "scope": [document.scope] * count,
        "ordinal": [c.ordinal for c in chunks],
        "page": [c.page for c in chunks],
        "label": [storable(c.label) for c in chunks],
        "start": [c.start for c in chunks],
        "end": [c.end for c in chunks],
        "heading_path": [[storable(heading) for heading in c.heading_path] for c in chunks],
        "text": [storable(c.text) for c in chunks],
        "context": [storable(c.context) for c in chunks],
        "search_text": [storable(searchable(c.embedded_text)) for c in chunks],
        "statements": [" ".join(sorted(kind.statements)) for kind in kinds],
        PASSAGE: [_passage(chunk, kind) for chunk, kind in zip(chunks, kinds, strict=True)],
        "vector": pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1]),
    }
    return pa.table(columns, schema=chunk_schema(vectors.shape[1]))


def read_passages(rows: pa.Table) -> Iterator[tuple[Chunk, Traits]]:
    """Read chunks, and what ranking knows of them, from a result that has the column PASSAGE."""
    for text in rows.column(PASSAGE).to_pylist():
        chunk, (statements, *other_traits) = json.loads(text)
        chunk[_HEADING_PATH] = tuple(chunk[_HEADING_PATH])
        yield Chunk(*chunk), Traits(frozenset(statements), *other_traits)


_HEADING_PATH = [field.name for field in fields(Chunk)].index("heading_path")


def _passage(chunk: Chunk, kind: Traits) -> str:
    values = [getattr(chunk, field.name) for field in fields(Chunk)]
    other_traits = (kind.table_rows, kind.is_contents, kind.words)
    return storable(json.dumps([values, [sorted(kind.statements), *other_traits]], ensure_ascii=False))


def version_key(document: Document) -> str:
    """Return the primary key of the documents table."""
    return f"{document.id}:{document.content_sha256}"


def version_rows(versions: Iterable[Version]) -> pa.Table:
    import pyarrow as pa

    now = datetime.now(UTC)
    return pa.Table.from_pylist(
        [
            {
                "key": version_key(version.document),
                "state": version.state.value,
                "changed_at": now,
                **_document_row(version.document),
            }
            for version in versions
        ],
        schema=document_schema(),
    )


def read_version(row: dict[str, Any]) -> Version:
    document = Document(
        id=row["id"],
        workspace=row["workspace"],
        scope=row["scope"],
        name=row["name"],
        title=row["title"],
        source=row["source"],
        content_sha256=row["content_sha256"],
        pages=row["pages"],
        pages_without_text=tuple(row["pages_without_text"]),
        pages_by_ocr=tuple(row["pages_by_ocr"]),
        chunks=row["chunks"],
        opening=row["opening"],
        uploader=row["uploader"],
        link=row["link"],
        indexed_at=row["indexed_at"],
        card=_read_card(row["card"]),
    )
    return Version(document, State(row["state"]), row["changed_at"])


def generation_rows(generations: Iterable[Generation]) -> pa.Table:
    import pyarrow as pa

    return pa.Table.from_pylist(
        [
            {
                "number": generation.number,
                "is_current": generation.is_current,
                "schema_version": generation.schema_version,
                "provider": generation.identity.provider,
                "model": generation.identity.model,
                "dimensions": generation.identity.dimensions,
                "convention": generation.identity.convention,
                "changed_at": generation.changed_at,
            }
            for generation in generations
        ],
        schema=generation_schema(),
    )


def read_generation(row: dict[str, Any]) -> Generation:
    return Generation(
        number=row["number"],
        is_current=row["is_current"],
        identity=EmbeddingIdentity(row["provider"], row["model"], row["dimensions"], row["convention"]),
        schema_version=row["schema_version"],
        changed_at=row["changed_at"],
    )


def storable(text: str) -> str:
    """Return `text` as Arrow can hold it: lone surrogates, as file names on Linux may have, become `?`."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _document_row(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "workspace": document.workspace,
        "scope": document.scope,
        "name": storable(document.name),
        "title": storable(document.title),
        "source": storable(document.source),
        "content_sha256": document.content_sha256,
        "pages": document.pages,
        "pages_without_text": document.pages_without_text,
        "pages_by_ocr": document.pages_by_ocr,
        "chunks": document.chunks,
        "opening": storable(document.opening),
        "uploader": storable(document.uploader),
        "link": storable(document.link),
        "indexed_at": document.indexed_at,
        "card": _card_text(document.card),
    }


def _card_text(card: Card) -> str:
    values = {name: sorted(value) if isinstance(value, frozenset) else value for name, value in asdict(card).items()}
    return storable(json.dumps(values, ensure_ascii=False))


def _read_card(text: str) -> Card:
    values = json.loads(text)
    sets = {name: frozenset(values[name]) for name in ("quarters", "months", "title", "opening")}
    return Card(**{**values, **sets, "pieces": tuple(values["pieces"]), "years": tuple(values["years"])})
