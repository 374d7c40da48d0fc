"""Rules of letters drawn as two glyphs: they are read as the one letter that people see, and nothing else is."""

import pytest

from ingest.pdfium import read_pages
from ingest.pdfium_accents import SEARCHES
from tests import pdfs


@pytest.fixture
def lines(tmp_path):
    """Return a function that reads the lines of a page."""

    def read(pdf):
        path = tmp_path / "document.pdf"
        path.write_bytes(pdf)
        [page] = read_pages(str(path), [1], 60)
        return [line.text for line in page.lines]

    return read


TEXTS = {
    "umlauts": "Der Preis für die Bücher über Möwen",
    "acute and grave": "un résultat après Noël: più créée",
    "a dotless i": "les chaînes de Guía y el naïf",
    "a cedilla": "les garçons, façade",
    "a tilde": "la mañana del señor João",
    "ring and caron": "de små båtar, škoda",
    "capitals": "Übungen: Ärger, École (Étendues) Å À",
    "one after the other": "íéàü ÄÖÜ",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_accents_are_on_their_letters(lines, text):
    """An accent that is drawn over or under a letter makes one letter of the two."""
    assert lines(pdfs.two_glyphs(["Before it.", text, "After it."])) == ["Before it.", text, "After it."]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_accents_that_come_late(lines, text):
    """An accent that the page draws somewhere else in the text is put on its letter too, and leaves no space."""
    assert lines(pdfs.two_glyphs(["Before it.", text, "After it."], are_late=True)) == ["Before it.", text, "After it."]


@pytest.mark.parametrize("are_late", [False, True])
@pytest.mark.parametrize("quarter_turns", [1, 2, 3])
def test_text_that_is_turned(lines, quarter_turns, are_late):
    """Above and below are as the letters stand, not as the page does."""
    text = ["Übel", "ça", "là", "île", "a^x"]  # PDFium itself takes longer lines apart when they stand upside down

    pdf = pdfs.two_glyphs(text, quarter_turns=quarter_turns, are_late=are_late)

    assert sorted("".join(lines(pdf)).replace(" ", "")) == sorted("".join(text))


SIGNS = {
    "code": "run `ls ~/file` with `a` and `e`",
    "powers": "x^2, a^b, e^i, n~1",
    "alone": "~ a ^ e ` o ~",
    "accents that are spoken of": "\xa8 and \xb4 and \xb8: \xa8u, e\xb4, c\xb8",
}


@pytest.mark.parametrize("text", SIGNS.values(), ids=SIGNS)
def test_signs_of_their_own(lines, text):
    """A sign that stands by itself stays what it is, even next to a letter, and with accents on the same page."""
    assert lines(pdfs.two_glyphs([text, "über"])) == [text, "über"]


def test_signs_between_lines(lines):
    """A sign belongs to no letter of the line below."""
    text = ["~~~~ ^^^^ ````", "aeno aeio aeio", "^^^^ ~~~~ ````", "AENO AEIO AEIO"]

    assert lines(pdfs.two_glyphs(text)) == text


@pytest.mark.parametrize(("rise", "read"), [(0, "xâx"), (5, "xˆax"), (-5, "xˆax")])
def test_a_sign_far_above_a_letter(lines, rise, read):
    """A sign makes one letter with another only if it is close above it."""
    page = f"BT /F1 12 Tf 72 700 Td (x) Tj {rise} Ts [(\\210) 444] TJ 0 Ts (ax) Tj ET"

    assert sorted("".join(lines(pdfs.simple(page))).replace(" ", "")) == sorted(read)


def test_a_page_of_nothing_but_signs(lines):
    """Looking for letters ends at some point: it costs the more, the more there is on the page."""
    signs = ["^" * 100] * (SEARCHES // 100)

    assert lines(pdfs.two_glyphs([*signs[1:], "Übel"], are_late=True))[-1] == "Übel"
    assert lines(pdfs.two_glyphs([*signs, "Übel"], are_late=True))[-1] != "Übel"
