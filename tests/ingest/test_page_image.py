"""Rules of page pictures: readable, small enough to post, and marked exactly where the quote stands."""

import io
import os
from pathlib import Path

import numpy
import pytest
from PIL import Image

from ingest.errors import CorruptPdfError, EncryptedPdfError, NoSuchPageError, WorkerTimeoutError
from ingest.page_image import MAX_BYTES, page_image, render
from ingest.workers import Workers
from tests import pdfs

EVAL = Path(os.environ.get("EVAL_DIR", Path(__file__).parents[2].parent / "shared" / "eval"))


@pytest.fixture
def picture(tmp_path):
    """Return a function that renders a page of a PDF, given as bytes or path."""

    def draw(source, *quotes, page=1):
        path = source
        if isinstance(source, bytes):
            path = tmp_path / "document.pdf"
            path.write_bytes(source)
        data = render(str(path), page, quotes)
        assert len(data) <= MAX_BYTES
        return Image.open(io.BytesIO(data)).convert("RGB")

    return draw


def marks(image):
    """Return the marked areas, top to bottom and left to right, as (left, top, right, bottom) in shares of the page."""
    red, _, blue = numpy.moveaxis(numpy.asarray(image, dtype=int), 2, 0)
    marked = (red > 230) & (blue < 130)
    areas = []
    for top, bottom in runs(marked.sum(axis=1) > 5):  # single pixels are the edges of coloured letters
        for left, right in runs(marked[top:bottom].any(axis=0), gap=image.width // 20):
            areas.append((left / image.width, top / image.height, right / image.width, bottom / image.height))
    return areas


def runs(flags, gap=2):
    """Return where the flags are set, as ranges; smaller gaps than `gap` do not count."""
    places = numpy.flatnonzero(flags)
    if not len(places):
        return []
    breaks = numpy.flatnonzero(numpy.diff(places) > gap)
    starts = places[numpy.concatenate(([0], breaks + 1))]
    ends = places[numpy.concatenate((breaks, [len(places) - 1]))] + 1
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def text_at(*lines, **kwargs):
    content = "".join(f"BT /F1 12 Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET\n" for x, y, text in lines)
    return pdfs.simple(content, **kwargs)


def test_size(picture):
    """A page of ordinary size is about 1,300 pixels wide, or high when it lies on its side."""
    upright = pdfs.document(["text"])

    assert picture(upright).width == pytest.approx(1_300, abs=2)
    assert picture(pdfs.changed(upright, lambda page: page.set_rotation(90))).height == pytest.approx(1_300, abs=2)


SIZES = {
    "huge": (14_400, 14_400),
    "stamp": (20, 30),
    "strip": (14_400, 20),
    "tower": (3, 14_400),
    "poster": (2_384, 3_370),
}


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES.keys())
def test_any_page_size_makes_a_picture(picture, size):
    """However large or narrow a page is, its picture stays within sane limits."""
    page = pdfs.changed(pdfs.document(["text"]), lambda page: page.set_mediabox(0, 0, *size))
    image = picture(page, "text")

    assert min(image.size) >= 1
    assert max(image.size) <= 2_001


def test_noise_is_made_small_enough(picture):
    """A page that is all photograph still makes a file that every platform takes."""
    noise = numpy.random.default_rng(1).integers(0, 256, (1_400, 1_000, 3), dtype=numpy.uint8)
    pdf = pdfs.fpdf.FPDF()
    pdf.add_page()
    pdf.image(Image.fromarray(noise), x=0, y=0, w=210, h=297)

    picture(bytes(pdf.output()))


def test_the_quote_is_marked_where_it_stands(picture):
    """One mark, over the words of the quote and nothing else."""
    image = picture(text_at((72, 700, "The fee is twelve dollars."), (72, 600, "Something else.")), "twelve dollars")
    [(left, top, right, bottom)] = marks(image)

    assert (842 - 714) / 842 < top < bottom < (842 - 694) / 842
    assert left == pytest.approx((72 + 12 * 4.78) / 595, abs=0.012)
    assert right == pytest.approx((72 + 12 * 10.95) / 595, abs=0.015)


def test_text_stays_readable(picture):
    """Under the mark the letters are as dark as before."""
    plain, marked = (picture(text_at((72, 700, "The fee is twelve dollars.")), *quotes) for quotes in ([], ["fee"]))
    dark = numpy.asarray(plain.convert("L")) < 60

    assert numpy.asarray(marked.convert("L"))[dark].max() < 80


def test_a_row_whose_cells_stand_apart(picture):
    """The words of a table's row are marked, also where the file has them in another order than the text."""
    page = pdfs.cells(
        (60, 100, "delay.stop"), (200, 100, "Time to wait"), (200, 118, "until it stops"), (400, 100, "20")
    )
    found = marks(picture(page, "delay.stop Time to wait 20\nuntil it stops"))

    assert [area[0] for area in found] == [pytest.approx(left / 595, abs=0.01) for left in (60, 200, 400, 200)]


def test_a_quote_with_a_footnote(picture):
    """The mark of a footnote in a quote is found where it stands."""
    page = pdfs.simple("BT /F1 11 Tf 72 700 Td (The keys) Tj 4 Ts /F1 7 Tf (2) Tj 0 Ts /F1 11 Tf ( are ours.) Tj ET")

    assert len(marks(picture(page, "keys² are ours"))) == 1


@pytest.mark.parametrize("are_late", [False, True])
def test_a_quote_behind_accents(picture, are_late):
    """Words behind letters whose accents are glyphs of their own are marked where they stand."""
    page = pdfs.two_glyphs(["Überall gibt es für höhere Gebühren Möwen."], are_late=are_late)
    [(left, _, right, _)] = marks(picture(page, "höhere Gebühren"))

    assert left == pytest.approx((72 + 20 * 7.2) / 595, abs=0.012)
    assert right == pytest.approx((72 + 35 * 7.2) / 595, abs=0.012)


def test_every_quote_is_marked(picture):
    """All quotes of a page are marked."""
    page = text_at((72, 700, "First thing."), (72, 500, "Second thing."), (72, 300, "Third thing."))

    assert len(marks(picture(page, "First thing.", "third thing"))) == 2


QUOTES = {
    "over two lines": ("red green", [(72, 700, "blue red"), (72, 640, "green black")]),
    "hyphenated": ("a foundation holds", [(72, 700, "a founda-"), (72, 640, "tion holds")]),
    "over two columns": (
        "end of left start of right",
        [(72, 300, "the end of left"), (330, 700, "start of right side")],
    ),
}


@pytest.mark.parametrize(("quote", "lines"), QUOTES.values(), ids=QUOTES.keys())
def test_quotes_in_pieces(picture, quote, lines):
    """A quote that goes on elsewhere has a mark on each line."""
    areas = marks(picture(text_at(*lines), quote))
    expected = sorted((1 - y / 842, x / 595) for x, y, _ in lines)

    assert len(areas) == 2
    for (left, _, _, bottom), (baseline, start) in zip(areas, expected, strict=True):
        assert bottom == pytest.approx(baseline, abs=0.012)
        assert start - 0.01 < left < start + 0.12


@pytest.mark.parametrize("quote", ["the “first” line — so", "THE FIRST\u00a0LINE", "the ﬁrst line"])
def test_normalised_quotes(picture, quote):
    """Typography, case and spacing of the quote do not matter."""
    page = text_at((72, 700, 'The "first" line - so it is')) if "“" in quote else text_at((72, 700, "The first line"))

    assert len(marks(picture(page, quote))) == 1


def test_quotes_with_something_in_between(picture):
    """Of a quote that is not on the page in one piece, the sentences that are there are marked."""
    page = text_at((72, 700, "The first sentence stands."), (72, 600, "Page 7"), (72, 500, "The second one, too."))

    assert len(marks(picture(page, "The first sentence stands. The second one, too."))) == 2


def test_absent_quotes_mark_nothing(picture):
    """A quote that is not on the page marks nothing; the picture comes all the same."""
    assert marks(picture(text_at((72, 700, "The fee is twelve dollars.")), "thirteen", "")) == []


CORNERS = {0: (0.25, 0.1), 90: (0.9, 0.25), 180: (0.75, 0.9), 270: (0.1, 0.75)}
"""Where the upper left quarter's words stand on the rotated page."""


@pytest.mark.parametrize(("angle", "place"), CORNERS.items())
def test_rotation_and_crop_box(picture, angle, place):
    """The mark is where the words are seen, on a rotated page that shows only a part."""
    page = text_at((160, 735, "marked"), (72, 100, "other"), page=f"/Rotate {angle} /CropBox [100 400 400 800]")
    [(left, top, right, bottom)] = marks(picture(page, "marked"))

    assert (left + right) / 2 == pytest.approx(place[0], abs=0.09)
    assert (top + bottom) / 2 == pytest.approx(place[1], abs=0.09)


def test_right_to_left_quotes(picture):
    """A right-to-left quote is marked at its place, in the line's left part."""
    [(left, _, right, _)] = marks(picture(pdfs.unicode_lines(["שלום עולם"], right_to_left=True), "עולם"))

    assert 345 / 595 < left < right < 385 / 595


def test_filled_fields_are_marked(picture):
    """A quote from a filled form marks the field."""
    assert len(marks(picture(pdfs.form(), "Full name: Ada Example"))) == 1


async def test_through_workers(tmp_path):
    """The picture is drawn in a worker process, with a limit; what cannot be drawn is an error with a sentence."""
    path = tmp_path / "document.pdf"
    async with Workers(1) as workers:
        path.write_bytes(pdfs.handbook())
        assert (await page_image(path, 9, ["every key"], workers)).startswith(b"\x89PNG")
        with pytest.raises(NoSuchPageError, match=r"no page 10: this document has pages 1 to 9\."):
            await page_image(path, 10, [], workers)
        with pytest.raises(NoSuchPageError):
            await page_image(path, 0, [], workers)
        path.write_bytes(pdfs.encrypted())
        with pytest.raises(EncryptedPdfError):
            await page_image(path, 1, [], workers)
        path.write_bytes(b"%PDF-1.7 gone")
        with pytest.raises(CorruptPdfError):
            await page_image(path, 1, [], workers)
        path.write_bytes(pdfs.slow_page())
        with pytest.raises(WorkerTimeoutError):
            await page_image(path, 2, ["slow"], workers, 0.5)


ODD = sorted(EVAL.glob("odd-pdfs/*.pdf"))


@pytest.mark.skipif(not ODD, reason="the evaluation data is not here")
def test_odd_pdfs(picture):
    """The first page of every odd PDF that opens can be drawn."""
    for path in ODD:
        if path.name not in {"libreoffice-writer-password.pdf", "unreadablemetadata.pdf"}:
            picture(path, "a quote")
