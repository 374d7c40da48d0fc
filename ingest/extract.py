"""One file → its pages of text with labels, furniture and headings; PDFium itself runs in worker processes.

Every step that touches the file's inside has a time limit. A page on which a worker crashes or hangs is named and
left empty; the rest of the document is read.
"""

from __future__ import annotations

import asyncio
import itertools
import stat
from collections import deque
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from ingest import headings, layout, pdfium
from ingest.documents import ExtractedPdf, Heading, Page, Progress, ProgressCallback, Span, Stage
from ingest.errors import (
    CorruptPdfError,
    EncryptedPdfError,
    NoReadablePageError,
    NotAPdfError,
    TooLargeError,
    TooManyPagesError,
    UnreadableFileError,
    WorkerError,
)
from ingest.pdfium import Inspection, PageLines, Refusal
from ingest.pdfium_lines import Line
from ingest.settings import ExtractionSettings
from ingest.workers import Workers

PAGES_PER_TASK = 64
"""Each task opens the file, and reads its fonts, anew: with 16 pages a task that is a tenth of the time."""

PATIENCE = 5
"""After so many pages that ran out of time, the other pages of the document get a tenth of it."""

PAGES_SENT = 2_000
"""Packing more pages for a worker process would hold the event loop up; a thread is slower, and does not."""

ASSEMBLY_SECONDS = 120.0

OPENING_SECONDS = 30.0
"""Opening reads the file's table, and searches the whole file for it when it is broken."""


async def extract(
    path: Path,
    settings: ExtractionSettings,
    workers: Workers,
    on_progress: ProgressCallback | None = None,
    *,
    name: str = "",
) -> ExtractedPdf:
    """Read a PDF. `name` is what people call the file, where `path` is only where it lies.

    Raises:
        WorkersUnavailableError: nobody could read it; says nothing about the file.
        UnreadableFileError: there is no such file, or it may not be read.
        ExtractionError: a subclass says why these bytes give no pages.
    """
    await asyncio.to_thread(_check, path, settings)
    inspection = await _inspect(path, settings, workers)
    reading = _Reading(path, settings, workers, on_progress, inspection.pages)
    pages = await reading.run()
    if len(reading.failed) == inspection.pages:
        raise NoReadablePageError(inspection.pages)
    if len(pages) > PAGES_SENT:
        return await asyncio.to_thread(assemble, inspection, pages, name or path.name)
    return await workers.run(assemble, inspection, pages, name or path.name, timeout=ASSEMBLY_SECONDS)


def assemble(inspection: Inspection, read: Sequence[PageLines | None], name: str) -> ExtractedPdf:
    """Put together what the pages say about each other. Pure."""
    pages = layout.respelled([page.lines if page else () for page in read])
    furniture = layout.furniture(pages)
    edges = [page.upper_edge if page else None for page in read]
    found: dict[int, list[headings.PlacedHeading]] = {}
    for heading in headings.headings(pages, edges, inspection.outline, furniture.places):
        found.setdefault(heading.place[0], []).append(heading)
    labels = _labels(inspection, furniture)
    return ExtractedPdf(
        title=headings.title_of(inspection.title, pages, furniture.places, name),
        pages=tuple(
            _page(index, labels[index], lines, furniture, found.get(index, ())) for index, lines in enumerate(pages)
        ),
        failed_pages=tuple(index + 1 for index, page in enumerate(read) if page is None),
    )


def _labels(inspection: Inspection, furniture: layout.Furniture) -> list[str]:
    """Return each page's label: the PDF's own, unless it only counts; else what is printed; else the number."""
    counted = [str(number) for number in range(1, inspection.pages + 1)]
    if any(inspection.labels) and list(inspection.labels) != counted:
        return [label or number for label, number in zip(inspection.labels, counted, strict=True)]
    return [furniture.labels.get(index, number) for index, number in enumerate(counted)]


def _page(
    index: int,
    label: str,
    lines: Sequence[Line],
    furniture: layout.Furniture,
    found: Sequence[headings.PlacedHeading],
) -> Page:
    starts = [0, *itertools.accumulate(len(line.text) + 1 for line in lines)]
    return Page(
        number=index + 1,
        label=label,
        text="\n".join(line.text for line in lines),
        furniture=tuple(
            Span(starts[position], starts[position] + len(line.text))
            for position, line in enumerate(lines)
            if (index, position) in furniture.places
        ),
        headings=tuple(Heading(starts[heading.place[1]], heading.level, heading.text) for heading in found),
    )


class _Reading:
    """The pages of one document being read, a few tasks at a time, so that other documents get their turn."""

    def __init__(
        self,
        path: Path,
        settings: ExtractionSettings,
        workers: Workers,
        on_progress: ProgressCallback | None,
        pages: int,
    ) -> None:
        self._path = path
        self._limit = settings.page_timeout_seconds
        self._workers = workers
        self._on_progress = on_progress
        self._pages: dict[int, PageLines | None] = {}
        self._total = pages
        numbers = range(1, pages + 1)
        size = min(PAGES_PER_TASK, -(-pages // workers.count))
        self._tasks = deque(numbers[start : start + size] for start in range(0, pages, size))
        self.failed: list[int] = []

    async def run(self) -> list[PageLines | None]:
        """Read all pages; a page that cannot be read is None."""
        self._report()
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(self._workers.count, len(self._tasks))):
                    group.create_task(self._work())
        except ExceptionGroup as errors:  # all for the same reason; the caller knows errors, not groups
            raise errors.exceptions[0] from errors
        return [self._pages[number] for number in range(1, self._total + 1)]

    async def _work(self) -> None:
        while self._tasks:
            await self._read(self._tasks.popleft())

    async def _read(self, numbers: range) -> None:
        """Read one task's pages; when that fails, each by itself, so that the page at fault is known."""
        limit = self._limit if len(self.failed) < PATIENCE else self._limit / 10
        try:
            pages = await self._workers.run(
                # A task starts no page after half of its time, so one that is stopped was stopped by one page.
                pdfium.read_pages,
                str(self._path),
                numbers,
                limit / 2,
                timeout=limit if len(numbers) == 1 else 1.5 * limit,
            )
        except WorkerError:
            if len(numbers) > 1:
                self._tasks.extendleft(range(number, number + 1) for number in reversed(numbers))
                return
            pages = [None]
        self._keep(numbers, pages)
        if len(pages) < len(numbers):
            self._tasks.appendleft(numbers[len(pages) :])

    def _keep(self, numbers: range, pages: Sequence[PageLines | None]) -> None:
        for number, page in zip(numbers, pages, strict=False):
            self._pages[number] = page
            if page is None:
                self.failed.append(number)
        self._report()

    def _report(self) -> None:
        if self._on_progress is not None:
            self._on_progress(Progress(Stage.READING, len(self._pages), self._total))


async def _inspect(path: Path, settings: ExtractionSettings, workers: Workers) -> Inspection:
    look = partial(pdfium.inspect, str(path), settings.max_pages)
    limit = OPENING_SECONDS + settings.page_timeout_seconds
    try:
        inspection = await workers.run(look, timeout=limit)
    except WorkerError:
        try:
            inspection = await workers.run(partial(look, only_count=True), timeout=limit)
        except WorkerError as error:
            raise CorruptPdfError from error
    if inspection == Refusal.ENCRYPTED:
        raise EncryptedPdfError
    if isinstance(inspection, Refusal) or not inspection.pages:
        raise CorruptPdfError
    if inspection.pages > settings.max_pages:
        raise TooManyPagesError(inspection.pages, settings.max_pages)
    return inspection


def _check(path: Path, settings: ExtractionSettings) -> None:
    """Refuse what is no PDF by its size and first bytes, before anything looks inside."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFileError(f"{path.name} is not a file.")
        if status.st_size > settings.max_megabytes * 1_000_000:
            raise TooLargeError(status.st_size, settings.max_megabytes * 1_000_000)
        with path.open("rb") as file:
            head = file.read(1024)
            file.seek(max(0, status.st_size - 1024))
            tail = file.read(1024)
    except FileNotFoundError:
        raise UnreadableFileError(f"There is no file {path.name}.") from None
    except OSError as error:
        raise UnreadableFileError(f"{path.name} cannot be read: {error.strerror}.") from error
    if b"%PDF" not in head:
        if b"startxref" in tail:  # it ends as one
            raise CorruptPdfError
        raise NotAPdfError(f"{_looks_like(head)} Add the PDF itself.")


_SIGNATURES: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"PK\x03\x04", b"PK\x05\x06"), "This is a Word, Excel or PowerPoint file or a zip archive, not a PDF."),
    ((b"\xd0\xcf\x11\xe0",), "This is an old Word, Excel or PowerPoint file, not a PDF."),
    ((b"{\\rtf",), "This is a rich text document, not a PDF."),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM", b"RIFF"), "This is a picture, not a PDF."),
    ((b"%!PS",), "This is a PostScript file, not a PDF."),
    ((b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ"), "This is a compressed archive, not a PDF."),
)


def _looks_like(head: bytes) -> str:
    """Say what the bytes are, as far as their beginning tells."""
    if not head:
        return "This file is empty."
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<script")) or b"<html" in start:
        return "This is a web page, not a PDF; often a sign-in page that was downloaded in place of the file."
    for signatures, sentence in _SIGNATURES:
        if head.startswith(signatures):
            return sentence
    if not head.strip(b"\0"):
        return "This file holds nothing but zeros; its download was probably cut short."
    is_text = all(byte >= 32 or byte in b"\t\r\n\f" for byte in head)
    return f"This is {'a text file' if is_text else 'some other kind of file'}, not a PDF."
