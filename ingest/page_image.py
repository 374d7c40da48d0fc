"""One page as a picture with the quoted lines marked: rendered by PDFium in a worker process."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ingest.errors import CorruptPdfError, EncryptedPdfError, NoSuchPageError
from ingest.normalise import find
from ingest.pdfium import Refusal, annotation_texts, opened, refusal_of
from ingest.pdfium_lines import text_with_places
from ingest.workers import Workers

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfDocument, PdfPage

SHORT_SIDE = 1_300
LONG_SIDE = 2_000
MAX_SCALE = 6.0
"""Pixels for each point; a page the size of a stamp need not fill the screen."""

MAX_BYTES = 4_000_000
"""Half of what every platform takes."""

YELLOW = (255, 235, 110)


def kept_picture(data_dir: Path, name: str, page: int) -> Path:
    """Return where the picture of a document's page is kept for whoever looks at it from a terminal."""
    return data_dir / "pages" / f"{Path(name).stem}-p{page}.png"


def delete_kept_pictures(data_dir: Path, name: str) -> None:
    """Delete the pictures of a document's pages."""
    of_document = re.compile(re.escape(f"{Path(name).stem}-p") + r"\d+\.png")
    for path in (data_dir / "pages").glob("*.png"):
        if of_document.fullmatch(path.name):
            path.unlink(missing_ok=True)


async def page_image(path: Path, page: int, quotes: Sequence[str], workers: Workers, seconds: float = 30.0) -> bytes:
    """Return a PNG of a page (1-based), with every quote marked that is found on it.

    Raises:
        NoSuchPageError: the document has fewer pages.
        ExtractionError: the document cannot be opened any more.
        WorkerError: rendering took longer than `seconds`, or crashed.
    """
    picture = await workers.run(render, str(path), page, tuple(quotes), timeout=seconds)
    if picture == Refusal.ENCRYPTED:
        raise EncryptedPdfError
    if isinstance(picture, Refusal):
        raise CorruptPdfError
    if isinstance(picture, int):
        raise NoSuchPageError(page, picture)
    return picture


def render(path: str, number: int, quotes: Sequence[str]) -> bytes | Refusal | int:
    """Return the PNG, why the document cannot be opened, or how many pages it has when it lacks this one."""
    from pypdfium2 import PdfiumError

    try:
        with opened(path) as pdf:
            if not 1 <= number <= len(pdf):
                return len(pdf)
            page = pdf[number - 1]
            try:
                return _png(_picture(pdf, page, quotes))
            finally:
                page.close()
    except PdfiumError as error:
        return refusal_of(error)
    except Exception:  # noqa: BLE001 - whatever else a broken page makes a renderer stumble over
        return Refusal.CORRUPT


class Box(NamedTuple):
    """A rectangle on the picture, in pixels from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float


def _picture(pdf: PdfDocument, page: PdfPage, quotes: Sequence[str]) -> Image:
    width, height = page.get_size()
    scale = min(SHORT_SIDE / min(width, height), LONG_SIDE / max(width, height), MAX_SCALE)
    picture = page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
    boxes = [_padded(line) for line in _lines(_boxes(pdf, page, quotes, picture.size))]
    return _marked(picture, boxes) if boxes else picture


def _boxes(pdf: PdfDocument, page: PdfPage, quotes: Sequence[str], size: tuple[int, int]) -> Iterator[Box]:
    """Yield where the quotes' characters stand on the picture, in reading order."""
    from pypdfium2 import raw

    textpage = page.get_textpage()
    text, places = text_with_places(page, textpage)
    rectangle = raw.FS_RECTF()
    for start, end in _spans(quotes, text):
        for place in places[start:end]:
            found = raw.FPDFText_GetLooseCharBox(textpage, place, rectangle)
            if found and rectangle.right > rectangle.left and rectangle.top > rectangle.bottom:
                yield _on_picture(page, size, rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
    for typed, box in annotation_texts(pdf, page):
        if any(find(typed, quote) or find(quote, typed) for quote in quotes):
            yield _on_picture(page, size, *box)
    textpage.close()


SHORTEST = 12
"""Characters; less may stand on the page in many places."""

ROW = 400
"""Characters that a table's row may have."""

_PIECES = re.compile(r"\s*\n\s*|(?<=[.!?;:])\s+")


def _spans(quotes: Sequence[str], text: str) -> Iterator[tuple[int, int]]:
    """Yield where each quote stands; of one that does not stand there in one piece, its sentences and lines."""
    for quote in quotes:
        whole = find(quote, text)
        if whole is not None:
            yield whole.start, whole.end
            continue
        for piece in _PIECES.split(quote):
            if len(piece) >= SHORTEST:
                yield from _row_spans(piece.split(), text)


def _row_spans(words: Sequence[str], text: str) -> Iterator[tuple[int, int]]:
    """Yield where a line stands, and where the rest of it when it is a table's row whose cells the text has apart."""
    for cut in range(len(words), 0, -1):
        start = " ".join(words[:cut])
        span = find(start, text) if len(start) >= SHORTEST else None
        if span is not None:
            yield span.start, span.end
            nearby = text[span.end : span.end + ROW]
            rest = find(" ".join(words[cut:]), nearby) if cut < len(words) else None
            if rest is not None:
                yield span.end + rest.start, span.end + rest.end
            return


def _on_picture(page: PdfPage, size: tuple[int, int], *box: float) -> Box:
    """Turn left, bottom, right, top of the page into pixels; PDFium knows rotation and crop box."""
    import ctypes

    from pypdfium2 import raw

    x, y = ctypes.c_int(), ctypes.c_int()
    corners = []
    for across, up in ((box[0], box[1]), (box[2], box[3])):
        raw.FPDF_PageToDevice(page, 0, 0, *size, 0, across, up, x, y)
        corners.append((x.value, y.value))
    (x0, y0), (x1, y1) = corners
    return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _lines(boxes: Iterator[Box]) -> Iterator[Box]:
    """Join the boxes of characters that follow each other on a line."""
    line: Box | None = None
    for box in boxes:
        if line is not None and _is_on(line, box):
            line = Box(*map(min, line[:2], box[:2]), *map(max, line[2:], box[2:]))
            continue
        if line is not None:
            yield line
        line = box
    if line is not None:
        yield line


def _is_on(line: Box, box: Box) -> bool:
    height = min(line.bottom - line.top, box.bottom - box.top)
    shared = min(line.bottom, box.bottom) - max(line.top, box.top)
    apart = max(box.left - line.right, line.left - box.right)
    return shared > height / 2 and apart < 3 * height


def _padded(box: Box) -> Box:
    """Give the line's ends some air; above and below it has the room that its type has."""
    margin = (box.bottom - box.top) * 0.15 + 1
    return Box(box.left - margin, box.top, box.right + margin, box.bottom)


def _marked(picture: Image, boxes: Sequence[Box]) -> Image:
    """Colour the paper under the text, as a felt pen does; dark paper is lightened instead."""
    from PIL import Image, ImageChops, ImageDraw, ImageStat

    mask = Image.new("L", picture.size, 0)
    draw = ImageDraw.Draw(mask)
    for box in boxes:
        draw.rounded_rectangle(box, radius=4, fill=255)
    is_dark = ImageStat.Stat(picture.convert("L"), mask).mean[0] < 110
    paper = Image.new("RGB", picture.size, YELLOW)
    coloured = Image.blend(picture, paper, 0.4) if is_dark else ImageChops.multiply(picture, paper)
    return Image.composite(coloured, picture, mask)


def _png(picture: Image) -> bytes:
    """Encode, with fewer colours and then fewer pixels when the file would be too large to post."""
    data = _encoded(picture)
    if len(data) > MAX_BYTES:
        data = _encoded(picture.quantize(256))
    while len(data) > MAX_BYTES:
        picture = picture.resize((math.ceil(picture.width * 0.7), math.ceil(picture.height * 0.7)))
        data = _encoded(picture.quantize(256))
    return data


def _encoded(picture: Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
