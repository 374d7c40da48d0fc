"""Reading pages from their pictures: which ones, in what order, with what certainty, and what happens when it fails."""

from __future__ import annotations

import io
from pathlib import Path

import fpdf
import pypdfium2
import pytest

from ingest.database import Database
from ingest.documents import ExtractedPdf, Page, Progress, Stage
from ingest.extract import extract
from ingest.ocr import INSTALL, SWITCH_ON, Line, Recognised, advice, in_reading_order, read_pictures, recognise
from ingest.ocr_pages import OcrPages
from ingest.settings import ExtractionSettings
from ingest.workers import Workers
from tests import pdfs


def scanned(*pages: bytes) -> bytes:
    """Return a PDF with pictures of the first pages of other PDFs."""
    pdf = fpdf.FPDF()
    for page in pages:
        with pypdfium2.PdfDocument(page) as source:
            picture = source[0].render(scale=2.5).to_pil()
        buffer = io.BytesIO()
        picture.save(buffer, "PNG")
        pdf.add_page()
        pdf.image(buffer, 0, 0, 210)
    return bytes(pdf.output())


LEFT = [
    "Employees are entitled to",
    "twelve days of leave in",
    "their first year. Requests",
    "are sent to the office.",
    "It answers in a week.",
]
RIGHT = [
    "Travel is booked by the",
    "office. Trains are taken",
    "where they run, and a seat",
    "is reserved on each trip",
    "of more than an hour.",
]


def column(texts: list[str], left: float, width: float = 400, top: float = 100) -> list[Line]:
    return [Line(left, top + 30 * row, left + width, top + 30 * row + 22, text, 0.9) for row, text in enumerate(texts)]


YEARS = ["Year", "2024", "2025", "2026", "2027", "2028"]
DAYS = ["Days", "12", "13", "14", "15", "16"]
PAGE = [*column(["Rules"], 50, 850, top=20), *column(LEFT, 50), *column(RIGHT, 500), *column(["3"], 480, 40, top=900)]
TILTED = [Line(50, 100, 200, 122, "Tilted", 0.9), Line(220, 108, 400, 130, "line", 0.9), *column(["next"], 50, top=140)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param(column(LEFT, 50), LEFT, id="one-column"),
        pytest.param([*column(RIGHT, 500), *column(LEFT, 50)], [*LEFT, *RIGHT], id="two-columns"),
        pytest.param(PAGE, ["Rules", *LEFT, *RIGHT, "3"], id="title-above-and-number-below"),
        pytest.param(
            [*column(YEARS, 50, 80), *column(DAYS, 500, 60)],
            [f"{year} {days}" for year, days in zip(YEARS, DAYS, strict=True)],
            id="table",
        ),
        pytest.param(TILTED, ["Tilted line", "next"], id="tilted"),
    ],
)
def test_reading_order(lines, expected):
    """Columns are read one after the other, rows of a table across."""
    assert expected == in_reading_order(lines, width=1_000).text.splitlines()


def test_confidence_counts_characters():
    """A long clear line weighs more than a short doubtful one."""
    recognised = in_reading_order([Line(0, 0, 9, 9, "x" * 90, 1.0), Line(0, 20, 9, 29, "x" * 10, 0.5)], 1_000)

    assert recognised.confidence == pytest.approx(0.95)


@pytest.mark.parametrize(
    ("missing", "wanted", "expected"),
    [
        pytest.param("", True, "", id="there"),
        pytest.param("rapidocr", True, INSTALL, id="not-installed"),
        pytest.param("cv2", False, INSTALL, id="half-installed"),
        pytest.param("", False, SWITCH_ON, id="switched-off"),
    ],
)
def test_advice(missing, wanted, expected):
    """What would make pictures readable is told with the command or the setting."""
    assert expected == advice(ExtractionSettings(ocr=wanted), lambda name: name != missing)


@pytest.fixture
async def store(tmp_path: Path):
    database = Database.open(f"sqlite:///{tmp_path / 'askdocs.sqlite'}")
    await database.migrate("ingest")
    yield OcrPages(database, "c1")
    await database.close()


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with text, a scanned page, and an empty one."""
    writer, mixed = pypdfium2.PdfDocument.new(), io.BytesIO()
    parts = (
        pdfs.document(["This page has text of its own."]),
        scanned(pdfs.document([["Employees are entitled to 12 days.", "Unused days end on 31 March 2027."]], size=14)),
        pdfs.document([""]),
    )
    for part in parts:
        writer.import_pages(pypdfium2.PdfDocument(part))
    writer.save(mixed)
    path = tmp_path_factory.mktemp("scan") / "scan.pdf"
    path.write_bytes(mixed.getvalue())
    return path


@pytest.mark.slow
async def test_only_pages_without_text_are_read(scan, store):
    """The scanned page gets its text with a confidence; the one with text keeps it, the empty one stays empty."""
    settings = ExtractionSettings(workers=1)
    told: list[Progress] = []
    async with Workers(1) as workers:
        pdf = await extract(scan, settings, workers)
        read = await read_pictures(pdf, scan, settings, workers, store, told.append)

    first, second, third = read.pages
    assert first == pdf.pages[0]
    assert second.text == "Employees are entitled to 12 days.\nUnused days end on 31 March 2027."
    assert second.ocr_confidence is not None
    assert second.ocr_confidence > 0.9
    assert third == pdf.pages[2]
    assert [progress.stage for progress in told] == [Stage.OCR] * 3
    assert (told[0].done, told[-1].done, told[-1].total) == (0, 2, 2)
    assert set(await store.read()) == {2, 3}


def pages(count: int) -> ExtractedPdf:
    return ExtractedPdf("", tuple(Page(number, str(number), "") for number in range(1, count + 1)), failed_pages=(3,))


async def test_what_was_read_is_not_read_again(store):
    """After a kill only the missing pages are read; here none is, and there is not even a file."""
    for number, text in ((1, "one"), (2, "two"), (4, ""), (9, "of another version")):
        await store.write(number, Recognised(text, 0.8))
    async with Workers(1) as workers:
        read = await read_pictures(pages(4), Path("nowhere.pdf"), ExtractionSettings(), workers, store, lambda _: None)

    assert [page.text for page in read.pages] == ["one", "two", "", ""]
    assert [page.ocr_confidence for page in read.pages] == [0.8, 0.8, None, None]
    await store.delete()
    assert await store.read() == {}


async def test_a_page_that_cannot_be_drawn_stays_without_text(store, tmp_path):
    """A page of no size at all is given up, the document is not."""
    path = tmp_path / "broken.pdf"
    path.write_bytes(pdfs.simple("BT /F1 12 Tf 72 700 Td (Boats) Tj ET", page="/CropBox [-900 -900 -800 -800]"))
    async with Workers(1) as workers:
        read = await read_pictures(pages(1), path, ExtractionSettings(), workers, store, lambda _: None)

    assert [page.text for page in read.pages] == [""]


@pytest.mark.slow
async def test_a_strip_is_looked_at(tmp_path):
    """A page a hundred times as high as wide is not enlarged until there is no memory left."""
    path = tmp_path / "strip.pdf"
    stripes = " ".join(f"0 {height} 4 9 re f" for height in range(0, 800, 20))
    path.write_bytes(pdfs.simple(stripes, page="/CropBox [0 0 2 842]"))
    async with Workers(1) as workers:
        assert await workers.run(recognise, str(path), 1, timeout=60) == Recognised("", 0.0)


async def test_a_page_that_takes_too_long_stays_without_text(scan, store):
    """The page is given up, the document is not."""
    async with Workers(1) as workers:
        settings = ExtractionSettings(ocr_timeout_seconds=0.01)
        read = await read_pictures(pages(2), scan, settings, workers, store, lambda _: None)

    assert [page.text for page in read.pages] == ["", ""]
