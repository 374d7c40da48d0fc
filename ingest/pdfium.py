"""What PDFium tells of a document: how many pages, labels, outline, title, form values; lines are `pdfium_lines.py`.

Runs in worker processes only: on a hostile file PDFium can crash, hang or eat memory. Nothing is interpreted here;
what is furniture, heading or label is decided elsewhere, from these values.
"""

from __future__ import annotations

import ctypes
import enum
import itertools
import logging
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ingest.pdfium_lines import Line, cleaned, text_lines

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfiumError, PdfPage

MAX_OUTLINE = 5_000
MAX_ANNOTATIONS = 5_000
"""More on one page is an attack or a drawing; neither is text."""


class Refusal(enum.StrEnum):
    """Why a document cannot be opened."""

    ENCRYPTED = "encrypted"
    CORRUPT = "corrupt"


class OutlineEntry(NamedTuple):
    """A bookmark that points to a page; `y` is where on the page, in PDF units from the bottom, if it says so."""

    level: int
    text: str
    page: int
    y: float | None


class Inspection(NamedTuple):
    """What a document says of itself, before any page is read."""

    pages: int
    labels: tuple[str, ...]
    """One for each page; empty where the document has none."""
    title: str
    outline: tuple[OutlineEntry, ...]


class PageLines(NamedTuple):
    """The lines of one page."""

    lines: tuple[Line, ...]
    upper_edge: float | None = None
    """Where y of an outline entry is 0 from the top; None on rotated pages."""


def inspect(path: str, max_pages: int, *, only_count: bool = False) -> Inspection | Refusal:
    """Open a document and return what it says of itself, or why it cannot be opened.

    With `only_count` nothing is looked at but how many pages there are: for a document on whose labels, title or
    outline PDFium crashes or hangs.
    """
    from pypdfium2 import PdfiumError

    try:
        with opened(path) as pdf:
            pages = _page_count(pdf, max_pages)
            if only_count or pages > max_pages:
                return Inspection(pages, (), "", ())
            return Inspection(pages, _labels(pdf, pages), _decoded(pdf.get_metadata_value, "Title"), _outline(pdf))
    except PdfiumError as error:
        return refusal_of(error)
    except Exception:  # noqa: BLE001 - whatever else a broken file makes a parser stumble over
        return Refusal.CORRUPT


def _page_count(pdf: PdfDocument, max_pages: int) -> int:
    """Return how many pages a document has: what it says, unless that is too many and they are not there."""
    told = len(pdf)
    if told <= max_pages or _has_page(pdf, max_pages):
        return told
    return bisect_left(range(max_pages), True, key=lambda index: not _has_page(pdf, index))


def _has_page(pdf: PdfDocument, index: int) -> bool:
    from pypdfium2 import PdfiumError

    try:
        pdf[index].close()
    except PdfiumError:
        return False
    return True


def refusal_of(error: PdfiumError) -> Refusal:
    """Return what PDFium's error means."""
    from pypdfium2 import raw

    needs_password = error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
    return Refusal.ENCRYPTED if needs_password else Refusal.CORRUPT


def read_pages(path: str, numbers: Sequence[int], budget: float) -> list[PageLines | None]:
    """Return the lines of pages; None for a page that PDFium cannot load.

    Stops after the page with which `budget` seconds are used up, so the result may be shorter than `numbers`.
    """
    start = time.monotonic()
    pages: list[PageLines | None] = []
    with opened(path) as pdf:
        for number in numbers:
            try:
                pages.append(_read_page(pdf, number))
            except Exception:  # noqa: BLE001 - whatever a broken page makes a parser stumble over, it is this page's
                pages.append(None)
            if time.monotonic() - start > budget:
                break
    return pages


@contextmanager
def opened(path: str) -> Iterator[PdfDocument]:
    """Open a document with its forms, and close all of it at the end."""
    logging.getLogger("pypdfium2").setLevel(logging.CRITICAL)  # it tells stderr what is wrong with a file
    from pypdfium2 import PdfDocument, raw

    raw.FPDF_LoadMemDocument(b" ", 1, None)  # some failures tell no reason, and then the one before would count
    with closing(PdfDocument(Path(path))) as pdf:
        if pdf.get_formtype() != raw.FORMTYPE_NONE:
            pdf.init_forms()
        yield pdf


def _decoded(read: Callable[..., str], *args: object) -> str:
    """Return what the document holds as a plain line; broken encodings give nothing."""
    try:
        text = read(*args)
    except UnicodeDecodeError:
        return ""
    return " ".join(cleaned(text).split())


def _labels(pdf: PdfDocument, pages: int) -> tuple[str, ...]:
    return tuple(_decoded(pdf.get_page_label, index)[:32] for index in range(pages))


def _outline(pdf: PdfDocument) -> tuple[OutlineEntry, ...]:
    try:
        return tuple(_outline_entries(pdf))
    except Exception:  # noqa: BLE001 - whatever a broken outline makes a parser stumble over, the pages are there
        return ()


def _outline_entries(pdf: PdfDocument) -> Iterator[OutlineEntry]:
    for bookmark in itertools.islice(pdf.get_toc(), MAX_OUTLINE):
        destination = bookmark.get_dest()
        page = destination.get_index() if destination else None
        title = _decoded(bookmark.get_title)[:300]
        if page is not None and title:
            yield OutlineEntry(bookmark.level + 1, title, page + 1, _y(*destination.get_view()))


def _y(mode: int, position: Sequence[float | None]) -> float | None:
    from pypdfium2 import raw

    if mode == raw.PDFDEST_VIEW_XYZ and len(position) > 1:
        return position[1]
    return position[0] if mode in (raw.PDFDEST_VIEW_FITH, raw.PDFDEST_VIEW_FITBH) and position else None


def _read_page(pdf: PdfDocument, number: int) -> PageLines:
    with closing(pdf[number - 1]) as page, closing(page.get_textpage()) as textpage:
        lines = tuple(text_lines(page, textpage))
        values = tuple(Line(text) for text, _ in annotation_texts(pdf, page))
        return PageLines(lines + values, None if page.get_rotation() else page.get_bbox()[3])


def annotation_texts(pdf: PdfDocument, page: PdfPage) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """Yield what is filled in and typed onto the page, which its text lacks, with its left, bottom, right and top."""
    from pypdfium2 import raw

    for index in range(min(raw.FPDFPage_GetAnnotCount(page), MAX_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            text = _annotation_text(pdf, annotation)
            box = raw.FS_RECTF()
            if text and raw.FPDFAnnot_GetRect(annotation, box):
                yield text, (box.left, box.bottom, box.right, box.top)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _annotation_text(pdf: PdfDocument, annotation: object) -> str:
    from pypdfium2 import raw

    kind = raw.FPDFAnnot_GetSubtype(annotation)
    if kind == raw.FPDF_ANNOT_FREETEXT:
        return _string(raw.FPDFAnnot_GetStringValue, annotation, b"Contents")
    if kind != raw.FPDF_ANNOT_WIDGET or not pdf.formenv:
        return ""
    field = raw.FPDFAnnot_GetFormFieldType(pdf.formenv, annotation)
    if field in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        value = "yes" if raw.FPDFAnnot_IsChecked(pdf.formenv, annotation) else ""
    elif field in (raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX):
        is_secret = raw.FPDFAnnot_GetFormFieldFlags(pdf.formenv, annotation) & raw.FPDF_FORMFLAG_TEXT_PASSWORD
        value = "" if is_secret else _string(raw.FPDFAnnot_GetFormFieldValue, pdf.formenv, annotation)
    else:
        value = ""
    return f"{_field_name(pdf, annotation)}{value}" if value else ""


def _field_name(pdf: PdfDocument, annotation: object) -> str:
    """Return what the field is called by people, else by its author; a generated path (`a[0].b[1]`) says nothing."""
    from pypdfium2 import raw

    shown = _string(raw.FPDFAnnot_GetFormFieldAlternateName, pdf.formenv, annotation)
    name = shown or _string(raw.FPDFAnnot_GetFormFieldName, pdf.formenv, annotation)
    return f"{name}: " if name and "[" not in name else ""


def _string(read: Callable[..., int], *args: object) -> str:
    """Call one of PDFium's functions that fill a buffer with UTF-16."""
    length = read(*args, None, 0)
    if not 2 < length < 100_000:
        return ""
    buffer = (ctypes.c_ushort * (length // 2 + 1))()
    read(*args, buffer, length)
    return _decoded(bytes(buffer)[: length - 2].decode, "utf-16-le", "ignore")
