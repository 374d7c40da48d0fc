"""Pages read from pictures, in the state database until their document is committed or given up."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Column, Float, Integer, String, Table, Text, delete, select

from ingest.database import Database, metadata
from ingest.ocr import Recognised

ocr_pages = Table(
    "ocr_pages",
    metadata,
    Column("content_sha256", String(64), primary_key=True),
    Column("page", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("confidence", Float, nullable=False),
)


class OcrPages:
    """The pages of one file, by its content hash: the same scan need not be read twice at once."""

    def __init__(self, database: Database, content_sha256: str) -> None:
        self._database = database
        self._content = content_sha256

    async def read(self) -> Mapping[int, Recognised]:
        """Return the pages that were read already."""
        query = select(ocr_pages).where(ocr_pages.c.content_sha256 == self._content)
        async with self._database.read() as connection:
            return {row.page: Recognised(row.text, row.confidence) for row in await connection.execute(query)}

    async def write(self, number: int, page: Recognised) -> None:
        row = {"content_sha256": self._content, "page": number, "text": page.text, "confidence": page.confidence}
        insert = self._database.insert(ocr_pages).values(row).on_conflict_do_nothing()
        async with self._database.write() as connection:
            await connection.execute(insert)

    async def delete(self) -> None:
        async with self._database.write() as connection:
            await connection.execute(delete(ocr_pages).where(ocr_pages.c.content_sha256 == self._content))
