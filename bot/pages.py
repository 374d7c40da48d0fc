"""Pages as pictures, for whoever may read them: of a citation, of a document's id, of a document's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import notices
from bot.errors import AccessError
from bot.memory import Memory
from ingest.documents import Document, Scopes
from ingest.files import Files
from ingest.index import Index
from ingest.page_image import page_image
from ingest.workers import Workers


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as a PNG, with what to call it."""

    png: bytes
    place: str
    """`handbook.pdf, page iv (4 of 12)`."""
    file_name: str


class Pages:
    """Draws pages. Who may read what is checked here, at the moment of asking."""

    def __init__(self, index: Index, memory: Memory, files: Files, workers: Workers) -> None:
        self._index = index
        self._memory = memory
        self._files = files
        self._workers = workers

    async def cited(self, question_id: str, number: int, scopes: Scopes) -> PagePicture:
        """Draw the page of citation `number` of an answer, its quote highlighted.

        Raises:
            AccessError: it is not there, or not for this reader.
            IngestError: it cannot be drawn.
        """
        citation = await self._memory.citation(question_id, number)
        if citation is None:
            raise AccessError(notices.PAGE_GONE)
        document = await self._document(citation.document_id, scopes)
        return await self._draw(document, citation.page, citation.label, [citation.quote] if citation.quote else [])

    async def page(self, document_id: str, page: int, scopes: Scopes) -> PagePicture:
        """Draw a page of a document."""
        return await self.of(await self._document(document_id, scopes), page, scopes)

    async def of(self, document: Document, page: int, scopes: Scopes) -> PagePicture:
        """Draw a page of a document that was just found within the scopes."""
        chunks = await self._index.page_chunks(scopes, [(document.id, page)])
        return await self._draw(document, page, chunks[0].label if chunks else str(page), [])

    async def _document(self, document_id: str, scopes: Scopes) -> Document:
        for document in await self._index.documents(scopes):
            if document.id == document_id:
                return document
        raise AccessError(notices.PAGE_GONE)

    async def _draw(self, document: Document, page: int, label: str, quotes: Sequence[str]) -> PagePicture:
        async with self._files.local_copy(document.content_sha256) as original:
            png = await page_image(original, page, quotes, self._workers)
        name = f"{Path(document.name).stem}-p{page}.png"
        return PagePicture(png, notices.place(document, page, label), name)
