"""The values that flow through ingest and are stored: documents, pages, chunks, and who may read them.

Nothing here does I/O or knows a library. Page numbers are physical and 1-based everywhere; what a page has printed
on it is its `label`. Character offsets count Python characters of `Page.text`.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

WORKSPACE_SCOPE = "workspace"
"""The scope of a document that everybody in its workspace may read."""


def channel_scope(channel_id: str) -> str:
    """Return the scope of a document that only the members of one channel may read."""
    return f"channel:{channel_id}"


@dataclass(frozen=True, slots=True)
class Scopes:
    """Which scopes of one workspace a reader may see. Every read of the index takes one; there is no other way in."""

    workspace: str
    names: frozenset[str]

    def __post_init__(self) -> None:
        if not self.workspace:
            raise ValueError("a reader always belongs to a workspace")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document came from, known before a byte of it is read."""

    workspace: str
    scope: str
    name: str
    """File name as people know it, e.g. `handbook.pdf`."""
    source: str
    """The platform's file id, or a local path."""
    uploader: str = ""
    link: str = ""
    """Opens the message that carries the file; empty for local files."""
    known_id: str = ""
    """The id of the document, where it is stored already and its scope may have been changed since."""

    @property
    def document_id(self) -> str:
        """The same name in the same scope is the same document, whatever its bytes: new bytes supersede old ones."""
        if self.known_id:
            return self.known_id
        key = "\0".join((self.workspace, self.scope, self.name))
        return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Card:
    """How one document may be named in a question; `ingest/cards.py` makes it."""

    pieces: tuple[str, ...] = ()
    """Of the file name, without years, quarters and bare numbers."""
    parts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Glued piece → words inside it and how surely (0…1) they are: `generalmills` → `general` 0.8, `mills` 0.6."""
    years: tuple[int, ...] = ()
    quarters: frozenset[str] = frozenset()
    months: frozenset[int] = frozenset()
    title: frozenset[str] = frozenset()
    opening: frozenset[str] = frozenset()
    """Words of the first page."""
    frequent: Mapping[str, int] = field(default_factory=dict)
    """Frequent words and how often they occur."""
    has_statements: bool = False
    """Some page of it is a financial statement."""


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one indexed PDF."""

    id: str
    workspace: str
    scope: str
    name: str
    title: str
    source: str
    content_sha256: str
    pages: int
    pages_without_text: tuple[int, ...]
    pages_by_ocr: tuple[int, ...]
    chunks: int
    opening: str
    """The first page's first words, a few hundred characters: questions often name a document by them."""
    uploader: str
    link: str
    indexed_at: datetime
    """Time zone: UTC."""
    card: Card = field(default_factory=Card, compare=False)


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open character range of one page's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, from the outline or recognised on the page; it holds from `start` on. Level 1 is the outermost."""

    start: int
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page's text as the PDF has it, with what was recognised in it."""

    number: int
    label: str
    """As printed; the physical number where the PDF has no labels."""
    text: str
    furniture: tuple[Span, ...] = ()
    """Running headers, footers and printed page numbers: left out of chunks."""
    headings: tuple[Heading, ...] = ()
    ocr_confidence: float | None = None
    """Mean confidence 0…1 where the text was read from a picture, else None."""

    @property
    def has_text(self) -> bool:
        return bool(self.text.strip())


@dataclass(frozen=True, slots=True)
class ExtractedPdf:
    """What was read from one file."""

    title: str
    pages: tuple[Page, ...]
    failed_pages: tuple[int, ...] = ()
    """Pages on which the reader crashed or ran out of time; they stand in `pages` with empty text."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage of exactly one page, as it is stored and searched."""

    id: str
    document_id: str
    content_sha256: str
    ordinal: int
    """Position in the document, 0-based."""
    page: int
    label: str
    start: int
    end: int
    """`Page.text[start:end]` is where the passage stands; furniture inside it is cut from `text`."""
    heading_path: tuple[str, ...]
    text: str
    """The passage as people and models read it; quotes come from here."""
    context: str
    """`title · heading`: embedded and searched together with the text, never quoted."""

    @property
    def embedded_text(self) -> str:
        """What the embedding model and the full-text index see: normalised, so that `ﬁ` and broken words are found."""
        return _embedded_text(self.context, self.text)


@lru_cache(maxsize=4096)
def _embedded_text(context: str, text: str) -> str:
    """Remember what was embedded until it is stored, a moment later."""
    from ingest.normalise import normalise

    return normalise(f"{context}\n{text}")


@dataclass(frozen=True, slots=True)
class EmbeddingIdentity:
    """What made an index's vectors. It is stored with the index; vectors of two identities are never compared."""

    provider: str
    model: str
    dimensions: int
    convention: str
    """How texts are prefixed before they are embedded, with a version, e.g. `plain-1`; changes when vectors would."""

    def __str__(self) -> str:
        return f"{self.provider}/{self.model} ({self.dimensions} dimensions, {self.convention})"


class Stage(enum.StrEnum):
    """The stages of indexing one document, in order."""

    RECEIVED = "received"
    READING = "reading"
    OCR = "ocr"
    EMBEDDING = "embedding"
    STORING = "storing"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one document is: `done` of `total` pages (reading, ocr) or chunks (embedding)."""

    stage: Stage
    done: int
    total: int


ProgressCallback = Callable[[Progress], None]


class IngestStatus(enum.StrEnum):
    """What became of one file."""

    INDEXED = "indexed"
    UNCHANGED = "unchanged"
    REPLACED = "replaced"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of one file, in the words of the `ingest --json` contract."""

    document: str
    status: IngestStatus
    pages: int = 0
    pages_without_text: tuple[int, ...] = ()
    chunks: int = 0
    seconds: float = 0.0
    error: str | None = None
    """A sentence for a person, set exactly when `status` is FAILED."""
    pages_by_ocr: tuple[int, ...] = field(default=())
    advice: str = ""
    """What would make the pages without text readable; empty where nothing would."""
