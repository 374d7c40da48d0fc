"""Pages without text, read from their pictures: rapidocr in worker processes. The only importer of rapidocr.

A page costs seconds where text costs thousandths of one, so what was read is kept at once: a job that is killed goes
on with the next page.
"""

from __future__ import annotations

import asyncio
import functools
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import structlog

from ingest.documents import ExtractedPdf, Page, Progress, ProgressCallback, Stage
from ingest.errors import WorkerError
from ingest.settings import ExtractionSettings
from ingest.workers import Workers

if TYPE_CHECKING:
    from numpy.typing import NDArray

log = structlog.get_logger(__name__)

INSTALL = "Install text recognition with `pip install 'askdocs[ocr]'` and add the file again."
SWITCH_ON = "Set `extraction.ocr` in config.yaml to true and add the file again."
NOTHING_FOUND = "Text recognition found nothing on them either."

LONG_SIDE = 2_000
"""Pixels of a page's longer side: small print is about twenty of them high, and more are scaled down again."""
SHORT_SIDE = 300
"""Pixels of its shorter side at least: rapidocr enlarges what is narrower, a strip until no memory is left."""
BLANK_CONTRAST = 40
"""Less between the darkest and the lightest pixel is a blank page, or the shadow of one."""
COLUMN_LINES = 5
COLUMN_SHARE = 0.25
"""A column of prose has at least so many lines, and they fill at least this share of the page's width."""


class Line(NamedTuple):
    """A line of text in the picture; the box in pixels from the upper left corner."""

    left: float
    top: float
    right: float
    bottom: float
    text: str
    confidence: float


class Recognised(NamedTuple):
    """What was read on one page."""

    text: str
    confidence: float
    """Mean over the characters, 0…1."""


NOTHING = Recognised("", 0.0)


class PageStore(Protocol):
    """Keeps the pages of one document that were read already."""

    async def read(self) -> Mapping[int, Recognised]: ...

    async def write(self, number: int, page: Recognised) -> None: ...


def advice(settings: ExtractionSettings, find: Callable[[str], object] = importlib.util.find_spec) -> str:
    """Say what is missing to read pictures; empty where nothing is."""
    if not all(find(name) for name in ("rapidocr", "cv2")):
        return INSTALL
    return "" if settings.ocr else SWITCH_ON


async def read_pictures(
    pdf: ExtractedPdf,
    path: Path,
    settings: ExtractionSettings,
    workers: Workers,
    store: PageStore,
    on_progress: ProgressCallback,
) -> ExtractedPdf:
    """Return the document with text on those of its pages that had none, where their pictures show some.

    A page that takes too long, or ends its worker, stays without text.
    """
    wanted = [page.number for page in pdf.pages if not page.has_text and page.number not in pdf.failed_pages]
    found = {number: page for number, page in (await store.read()).items() if number in wanted}
    missing = iter([number for number in wanted if number not in found])

    def tell() -> None:
        on_progress(Progress(Stage.OCR, len(found), len(wanted)))

    async def work() -> None:
        for number in missing:
            found[number] = await _read(path, number, settings, workers)
            await store.write(number, found[number])
            tell()

    if wanted:
        tell()
        async with asyncio.TaskGroup() as group:
            for _ in range(workers.count):
                group.create_task(work())
    return replace(pdf, pages=tuple(_with_text(page, found.get(page.number)) for page in pdf.pages))


def _with_text(page: Page, recognised: Recognised | None) -> Page:
    if recognised is None or not recognised.text:
        return page
    return replace(page, text=recognised.text, ocr_confidence=recognised.confidence)


async def _read(path: Path, number: int, settings: ExtractionSettings, workers: Workers) -> Recognised:
    try:
        return await workers.run(recognise, str(path), number, timeout=settings.ocr_timeout_seconds)
    except (WorkerError, MemoryError) as error:
        log.warning("page_not_recognised", page=number, error=type(error).__name__)
        return NOTHING


# In the worker process.


def recognise(path: str, number: int) -> Recognised:
    """Read one page (1-based) from its picture; nothing where the page, or its picture, is broken."""
    try:
        picture = _picture(path, number)
    except Exception:  # noqa: BLE001 - whatever a broken page makes a renderer stumble over, it is this page's
        return NOTHING
    if int(picture.max()) - int(picture.min()) < BLANK_CONTRAST:
        return NOTHING
    engine = _engine()
    try:
        found = engine(_widened(picture))
    except Exception:  # noqa: BLE001 - whatever a strange picture makes a model stumble over, it is this page's
        return NOTHING
    if found.boxes is None:
        return NOTHING
    lines = [
        _line(box, text, float(confidence))
        for box, text, confidence in zip(found.boxes, found.txts, found.scores, strict=True)
        if text.strip()
    ]
    return in_reading_order(lines, picture.shape[1])


def _line(box: NDArray[Any], text: str, confidence: float) -> Line:
    """Make a line of what rapidocr found, whose box is four corners."""
    (left, top), (right, bottom) = box.min(axis=0).tolist(), box.max(axis=0).tolist()
    return Line(left, top, right, bottom, text, confidence)


def in_reading_order(lines: Sequence[Line], width: float) -> Recognised:
    """Put lines together as a person reads them: columns one after the other, table rows whole. Pure."""
    ordered = [_joined(row) for column in _columns(lines, width) for row in _rows(column)]
    characters = sum(len(line.text) for line in lines)
    confidence = sum(line.confidence * len(line.text) for line in lines) / characters if characters else 0.0
    return Recognised("\n".join(ordered), confidence)


def _columns(lines: Sequence[Line], width: float) -> list[Sequence[Line]]:
    """Split where a gutter runs through prose. A table has gutters too, but its cells are short."""
    for gutter in _gutters(lines):
        left = [line for line in lines if line.right <= gutter]
        right = [line for line in lines if line.left >= gutter]
        across = [line for line in lines if line.left < gutter < line.right]
        if _is_prose(left, width) and _is_prose(right, width) and len(across) <= len(lines) / 4:
            first = min(line.top for line in [*left, *right])
            last = max(line.bottom for line in [*left, *right])
            above = [line for line in across if line.bottom <= first + (last - first) / 2]
            below = [line for line in across if line not in above]
            return [above, *_columns(left, width), *_columns(right, width), below]
    return [lines]


def _gutters(lines: Sequence[Line]) -> list[float]:
    """Return where a vertical line crosses the fewest lines of text: right of lines' ends, the most telling first."""
    ends = sorted({line.right + 1 for line in lines})
    return sorted(ends, key=lambda x: sum(line.left < x < line.right for line in lines))[:8]


def _is_prose(lines: Sequence[Line], width: float) -> bool:
    wide = [line for line in lines if line.right - line.left >= COLUMN_SHARE * width]
    return len(wide) >= COLUMN_LINES and len(wide) >= len(lines) / 2


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Group what stands side by side."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.top + line.bottom) / 2):
        middle = (line.top + line.bottom) / 2
        if rows and middle < max(other.bottom for other in rows[-1]) - (line.bottom - line.top) / 10:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _joined(row: Sequence[Line]) -> str:
    return " ".join(line.text for line in sorted(row, key=lambda line: line.left))


def _picture(path: str, number: int) -> NDArray[Any]:
    from ingest.pdfium import opened

    with opened(path) as pdf:
        page = pdf[number - 1]
        try:
            picture: NDArray[Any] = page.render(scale=LONG_SIDE / max(page.get_size()), rev_byteorder=False).to_numpy()
        finally:
            page.close()
    return picture


def _widened(picture: NDArray[Any]) -> NDArray[Any]:
    """Return the picture of a narrow page with blank paper beside or below it."""
    import numpy as np

    missing = [max(0, SHORT_SIDE - side) for side in picture.shape[:2]]
    if not any(missing):
        return picture
    return np.pad(picture, [*((0, pixels) for pixels in missing), (0, 0)], constant_values=255)


@functools.cache
def _engine() -> Any:  # noqa: ANN401 - rapidocr has no types
    """Load the models that are in the wheel, once a process; each process uses one thread."""
    import logging

    from rapidocr import RapidOCR

    engine = RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    return engine
