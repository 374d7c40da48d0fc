"""What PDFium tells of a document: pages, labels, outline, lines of text, form values.

Runs in worker processes only: on a hostile file PDFium can crash, hang or eat memory. Nothing is interpreted here;
what is furniture, heading or label is decided elsewhere, from these values.
"""

from __future__ import annotations

import ctypes
import enum
import itertools
import logging
import math
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfiumError, PdfPage, PdfTextPage

MAX_OUTLINE = 5_000
MAX_ANNOTATIONS = 5_000
"""More on one page is an attack or a drawing; neither is text."""

BOLD = 700

GARBAGE = re.compile("[\x00\x01\x03-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\uffff\ue000-\uf8ff\U000f0000-\U0010ffff]")
"""What comes out for glyphs whose character the file does not tell."""

_DROPPED = re.compile("[\x00\x01\x03-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u2060\ufeff\uffff\ud800-\udfff]")
"""Invisible in every viewer, and a nuisance in every database. U+0002 and U+FFFE mark hyphens and stay for now."""

_SPACE = re.compile("[\t\n\r\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")


_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_RIGHT_TO_LEFT_WORD = re.compile(f"[{_RIGHT_TO_LEFT}]{{2,}}")
_DIRECTIONS = re.compile(
    rf"(?P<right>[{_RIGHT_TO_LEFT}](?:[^\w]*[{_RIGHT_TO_LEFT}])*)|(?P<left>[^{_RIGHT_TO_LEFT}\W](?:\W*[^{_RIGHT_TO_LEFT}\W])*)"
    r"|(?P<neither>.)",
    re.DOTALL,
)
"""Runs of one direction of writing."""
_MIRRORED = dict(zip("()[]{}<>«»", ")(][}{><»«", strict=True))


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


class Line(NamedTuple):
    """One line of text in reading order, with the look of its ends."""

    text: str
    top: float = 0.0
    """Distance from the page's upper edge as people see it, in points."""
    size: float = 0.0
    """Height of the type in points; 0 where it is not known or does not stand upright."""
    weight: int = 0
    is_italic: bool = False


class PageLines(NamedTuple):
    """The lines of one page."""

    lines: tuple[Line, ...]
    upper_edge: float | None = None
    """Where y of an outline entry is 0 from the top; None on rotated pages."""


def inspect(path: str, max_pages: int) -> Inspection | Refusal:
    """Open a document and return what it says of itself, or why it cannot be opened."""
    from pypdfium2 import PdfiumError

    try:
        with opened(path) as pdf:
            pages = len(pdf)
            if pages > max_pages:
                return Inspection(pages, (), "", ())
            labels = tuple(_decoded(pdf.get_page_label, index)[:32] for index in range(pages))
            return Inspection(pages, labels, _decoded(pdf.get_metadata_value, "Title"), tuple(_outline(pdf)))
    except PdfiumError as error:
        return refusal_of(error)


def refusal_of(error: PdfiumError) -> Refusal:
    """Return what PDFium's error means."""
    from pypdfium2 import raw

    needs_password = error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
    return Refusal.ENCRYPTED if needs_password else Refusal.CORRUPT


def read_pages(path: str, numbers: Sequence[int], budget: float) -> list[PageLines | None]:
    """Return the lines of pages; None for a page that PDFium cannot load.

    Stops after the page with which `budget` seconds are used up, so the result may be shorter than `numbers`.
    """
    from pypdfium2 import PdfiumError

    start = time.monotonic()
    pages: list[PageLines | None] = []
    with opened(path) as pdf:
        for number in numbers:
            try:
                pages.append(_read_page(pdf, number))
            except PdfiumError:
                pages.append(None)
            if time.monotonic() - start > budget:
                break
    return pages


@contextmanager
def opened(path: str) -> Iterator[PdfDocument]:
    """Open a document with its forms, and close all of it at the end."""
    logging.getLogger("pypdfium2").setLevel(logging.CRITICAL)  # it tells stderr what is wrong with a file
    from pypdfium2 import PdfDocument, raw

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
    return " ".join(_DROPPED.sub("", _SPACE.sub(" ", text)).split())


def _outline(pdf: PdfDocument) -> Iterator[OutlineEntry]:
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
        lines = tuple(_text_lines(page, textpage))
        values = tuple(Line(text) for text, _ in annotation_texts(pdf, page))
        return PageLines(lines + values, None if page.get_rotation() else page.get_bbox()[3])


def _text_lines(page: PdfPage, textpage: PdfTextPage) -> Iterator[Line]:
    text: str = textpage.get_text_range()
    if not text.strip() or _is_garbage(text, textpage):
        return
    look = _Look(page, textpage, text)
    for position, raw_line in _raw_lines(text):
        readable = "".join(character for character, _ in look.in_reading_order(raw_line, position))
        clean = _DROPPED.sub("", _SPACE.sub(" ", readable)).rstrip()
        if clean.strip():
            first = position + len(raw_line) - len(raw_line.lstrip())
            line = look.line(clean, first, position + len(raw_line.rstrip()) - 1)
            if line is not None:
                yield line


def _raw_lines(text: str) -> Iterator[tuple[int, str]]:
    position = 0
    for line in text.split("\r\n"):
        yield position, line
        position += len(line) + 2


def text_with_places(page: PdfPage, textpage: PdfTextPage) -> tuple[str, list[int]]:
    """Return a page's text in the order in which it is read, and PDFium's index of each of its characters."""
    text: str = textpage.get_text_range()
    look = _Look(page, textpage, text)
    characters: list[tuple[str, int]] = []
    for position, line in _raw_lines(text):
        characters += [*look.in_reading_order(line, position), ("\n", position + len(line))]
    return "".join(character for character, _ in characters), [look.index(place) for _, place in characters]


def _is_garbage(text: str, textpage: PdfTextPage) -> bool:
    """Whether the characters say nothing: glyphs drawn without telling which letters they are."""
    from pypdfium2 import raw

    letters = len(text) - text.count(" ") - 2 * text.count("\r\n")
    if len(GARBAGE.findall(text)) > 0.3 * letters:
        return True
    sample = range(0, len(text), max(1, len(text) // 40))
    unmapped = sum(raw.FPDFText_HasUnicodeMapError(textpage, index) == 1 for index in sample)
    return unmapped > len(sample) / 2 and not _looks_like_words(text)


def _looks_like_words(text: str) -> bool:
    """Whether unmapped glyph codes happen to be the letters themselves, as in many old fonts."""
    letters = re.findall(r"[^\W\d_]", text)
    vowels = sum(letter in "aeiouyAEIOUY" for letter in letters)
    return len(letters) > 0.6 * len(text.split()) and 0.25 < vowels / max(1, len(letters)) < 0.6


class _Look:
    """Asks PDFium how characters of one page look; only the ends of a line are asked for, to stay fast."""

    def __init__(self, page: PdfPage, textpage: PdfTextPage, text: str) -> None:
        from pypdfium2 import raw

        self._raw: Any = raw
        self._textpage = textpage
        self._quarter_turns = page.get_rotation() // 90
        self._left, self._bottom, self._right, self._top = page.get_bbox()
        self._box = raw.FS_RECTF()
        self._font, self._flags = ctypes.create_string_buffer(128), ctypes.c_int()
        self._has_own_indices = len(text) != textpage.count_chars()
        self._text = text
        self._has_right_to_left = _RIGHT_TO_LEFT_WORD.search(text) is not None

    def line(self, text: str, first: int, last: int) -> Line | None:
        """Return the line whose ends stand at these places of the page's text; None if it is outside of the page."""
        first, last = self.index(first), self.index(last)
        top, size, is_visible = self._place(first)
        _, last_size, is_end_visible = self._place(last)
        if not (is_visible or is_end_visible):
            return None
        weight, is_italic = self._type(first)
        last_weight, last_italic = self._type(last)
        upright = self._is_upright(first)
        return Line(
            text, top, min(size, last_size) if upright else 0.0, min(weight, last_weight), is_italic and last_italic
        )

    def index(self, position: int) -> int:
        """Translate a place in the text to PDFium's count of characters, where the two differ."""
        if not self._has_own_indices:
            return position
        units = len(self._text[:position].encode("utf-16-le", "surrogatepass")) // 2
        return int(self._raw.FPDFText_GetCharIndexFromTextIndex(self._textpage, units))

    def in_reading_order(self, line: str, position: int) -> Iterable[tuple[str, int]]:
        """Return the characters of a line and their places.

        PDFium turns right-to-left text round, for programs that write it as it looks. Where a program wrote it as it
        is read, the letters then stand on the page from left to right, and it has to be turned back.
        """
        places = range(position, position + len(line))
        if not self._has_right_to_left or not self._was_turned(line, position):
            return zip(line, places, strict=True)
        runs = []
        for match in _DIRECTIONS.finditer(line):
            run = list(zip(match[0], places[match.start() : match.end()], strict=True))
            if match.lastgroup == "right":
                run = [(_MIRRORED.get(character, character), place) for character, place in reversed(run)]
            runs.append(run)
        right_to_left = sum(len(word) for word in _RIGHT_TO_LEFT_WORD.findall(line))
        is_line_turned = right_to_left > sum(map(str.isalpha, line)) / 2
        return itertools.chain.from_iterable(reversed(runs) if is_line_turned else runs)

    def _was_turned(self, line: str, position: int) -> bool:
        words = [match.span() for match in _RIGHT_TO_LEFT_WORD.finditer(line)]
        steps = [self._left_of(position + end - 1) - self._left_of(position + start) for start, end in words]
        return sum(1 if step > 0 else -1 for step in steps if step) > 0

    def _left_of(self, position: int) -> float:
        self._raw.FPDFText_GetLooseCharBox(self._textpage, self.index(position), self._box)
        return float(self._box.left)

    def _place(self, index: int) -> tuple[float, float, bool]:
        """Return a character's distance from the top, its height, and whether it is on the visible page."""
        box = self._box
        if not self._raw.FPDFText_GetLooseCharBox(self._textpage, index, box):
            return 0.0, 0.0, True
        is_visible = (
            box.right > self._left and box.left < self._right and box.top > self._bottom and box.bottom < self._top
        )
        width, height = box.right - box.left, box.top - box.bottom
        if self._quarter_turns == 0:
            return self._top - box.top, height, is_visible
        if self._quarter_turns == 1:
            return box.left - self._left, width, is_visible
        if self._quarter_turns == 2:
            return box.bottom - self._bottom, height, is_visible
        return self._right - box.right, width, is_visible

    def _is_upright(self, index: int) -> bool:
        angle = self._raw.FPDFText_GetCharAngle(self._textpage, index)
        return bool(round(angle / (math.pi / 2)) % 4 == -self._quarter_turns % 4)

    def _type(self, index: int) -> tuple[int, bool]:
        """Return weight (name and number, whichever says more) and slant of a character."""
        length = self._raw.FPDFText_GetFontInfo(self._textpage, index, self._font, len(self._font), self._flags)
        name = self._font.raw[: max(0, min(length, len(self._font)) - 1)].lower()
        is_bold = any(word in name for word in (b"bold", b"black", b"heavy", b"demi"))
        weight = self._raw.FPDFText_GetFontWeight(self._textpage, index)
        if not 0 < weight <= 1000:  # computed from nonsense in the font
            weight = 0
        return max(weight, BOLD) if is_bold else weight, b"italic" in name or b"oblique" in name


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
