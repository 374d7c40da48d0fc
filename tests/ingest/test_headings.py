"""Rules of titles and headings: what a person gave as a name counts, what a program left behind does not."""

import pytest

from ingest.headings import headings, prettified, title_of
from ingest.pdfium import OutlineEntry
from ingest.pdfium_lines import Line

TEXT = "The committee meets on the first Monday of every month and keeps minutes."


def typed(*items, step=12.0):
    """Lines of a page: text alone is body; (text, size) or (text, size, weight) is not. None leaves a space."""
    lines, top = [], 50.0
    for item in items:
        if item is None:
            top += 2 * step
            continue
        text, size, weight = (*item, 400)[:3] if isinstance(item, tuple) else (item, 10.0, 400)
        lines.append(Line(text, top, size, weight))
        top += max(step, 1.2 * size)
    return lines


def found(pages, outline=(), edge=800.0):
    return [
        (heading.place[0] + 1, heading.level, heading.text)
        for heading in headings(pages, [edge] * len(pages), outline, frozenset())
    ]


def test_larger_and_bolder_lines():
    """Larger type makes outer headings, bold type with space above inner ones."""
    pages = [
        typed(("Boats", 16.0), TEXT, TEXT, None, ("Heavy boats", 10.0, 700), TEXT, TEXT),
        typed(TEXT, TEXT, None, ("Light boats", 10.0, 700), TEXT, TEXT, None, ("Oars", 16.0), TEXT, TEXT),
    ]

    assert found(pages) == [(1, 1, "Boats"), (1, 2, "Heavy boats"), (2, 2, "Light boats"), (2, 1, "Oars")]


def test_heading_of_two_lines():
    """A heading that goes on in the next line is one heading."""
    pages = [typed(TEXT, ("How to look after", 16.0), ("the club's boats", 16.0), TEXT, TEXT, TEXT)]

    assert found(pages) == [(1, 1, "How to look after the club's boats")]


NO_HEADINGS = {
    "row of a table": "Total fees 120 140",
    "amount": "Balance $120",
    "sentence": "It rained all morning.",
    "entry of contents": "Boats ........ 12",
    "list item": "• Bring a coat",
    "head of columns": "Years ended December 31,",
    "date": "December 31, 2018",
    "number": "2018",
    "paragraph": " ".join(["word"] * 20),
}


@pytest.mark.parametrize("text", NO_HEADINGS.values(), ids=NO_HEADINGS.keys())
def test_bold_lines_that_are_no_headings(text):
    """Bold rows, sentences and heads of columns do not name a part of the document."""
    assert found([typed(TEXT, TEXT, None, (text, 10.0, 700), TEXT, TEXT)]) == []


def test_bold_words_within_a_table():
    """Bold lines as close as the lines around them are rows."""
    assert found([typed(TEXT, ("Assets", 10.0, 700), TEXT, ("Liabilities", 10.0, 700), TEXT, TEXT)]) == []


def test_slides_have_no_headings():
    """Where most lines would be headings, none is."""
    assert found([typed(("Boats", 30.0), ("Oars", 24.0), ("Fees", 18.0), TEXT)]) == []


OUTLINE = [OutlineEntry(1, "Boats", 1, 750.0), OutlineEntry(2, "Oars and rudders", 1, None)]


def test_outline():
    """Bookmarks become headings on the line that has their words."""
    pages = [typed("Boats", TEXT, "2.1 OARS AND", "RUDDERS", TEXT)]
    placed = headings(pages, [800.0], OUTLINE, frozenset())

    assert [(heading.place, heading.level, heading.text) for heading in placed] == [
        ((0, 0), 1, "Boats"),
        ((0, 2), 2, "Oars and rudders"),
    ]


def test_outline_goes_by_position():
    """Of several lines with a bookmark's words, the one that it points to counts."""
    pages = [typed("Boats", TEXT, TEXT, None, "Boats", TEXT)]

    assert [h.place for h in headings(pages, [800.0], [OutlineEntry(1, "Boats", 1, 690.0)], frozenset())] == [(0, 3)]


def test_a_bookmark_of_several_lines():
    """A long title may stand in as many lines as the page has room for it."""
    words = ["The care of boats", "that are kept", "over the winter", "in the lower house", "or outside"]

    assert found([typed(TEXT, *words, TEXT)], [OutlineEntry(1, " ".join(words), 1, None)]) == [(1, 1, " ".join(words))]


def test_a_page_of_thousands_of_bookmarks():
    """Each bookmark finds its line on a page without end."""
    entries = [f"Entry {number} of the register" for number in range(5_000)]
    outline = [OutlineEntry(1, text, 1, None) for text in entries]

    assert found([typed(*entries, TEXT)], outline) == [(1, 1, text) for text in entries]


def test_outline_of_another_document():
    """When most bookmarks are not on their pages, the outline is wrong, and the look of the lines decides."""
    pages = [typed(("Boats", 16.0), TEXT, TEXT, ("Oars", 16.0), TEXT)]
    outline = [OutlineEntry(1, text, 1, None) for text in ("Intro", "Slide 2", "Boats")]
    outline.append(OutlineEntry(1, "Beyond the end", 9, None))

    assert found(pages, outline) == [(1, 1, "Boats"), (1, 1, "Oars")]


REAL = ["Handbook", "Annual report 2024", "Q3", "ADBE 10K FY15", "年次報告書", "Rules (draft)", "The IX. Regatta"]


@pytest.mark.parametrize("title", [title for title in REAL if len(title) > 2])
def test_real_titles(title):
    """A title that a person gave is the title."""
    assert title_of(title, [typed(("Something else", 20.0), TEXT)], frozenset(), "file.pdf") == title


JUNK = [
    "",
    "Microsoft Word - Report_final.docx",
    "Microsoft PowerPoint - deck",
    "PowerPoint Presentation",
    "untitled",
    "Untitled document",
    "Unbenannt 1",
    "Document1",
    "report_v3_final",
    "scan0001",
    "handbook.indd",
    "C:\\Users\\me\\report.doc",
    "https://intranet.example/report",
    "0001065280-16-000047",
    "(anonymous)",
    "about:blank",
    "d41d8cd98f00b204e9800998ecf8427e",
    "x" * 300,
]


@pytest.mark.parametrize("title", JUNK)
def test_junk_titles(title):
    """What a program wrote where a title should be is none; the first big heading is."""
    pages = [typed(("Handbook of the", 20.0), ("Rowing Club", 20.0), TEXT, TEXT)]

    assert title_of(title, pages, frozenset(), "file.pdf") == "Handbook of the Rowing Club"


UNTITLED = {
    "no large type": [typed(TEXT, TEXT)],
    "no text": [[]],
    "only a table of contents": [typed(("Contents", 20.0), TEXT, TEXT)],
    "chapters": [typed(("1 Boats", 16.0), TEXT, TEXT)] * 6,
    "the authority's letterhead": [typed(("UNITED STATES", 20.0), ("SECURITIES AND EXCHANGE COMMISSION", 20.0), TEXT)],
}


@pytest.mark.parametrize("pages", UNTITLED.values(), ids=UNTITLED.keys())
def test_the_name_is_the_last_resort(pages):
    """Where nothing on the first pages names the document, its file's name does."""
    assert title_of("", pages, frozenset(), "club_rules-2024.pdf") == "club rules-2024"


NAMES = {
    "annual_report_2024.pdf": "annual report 2024",
    "Club-Rules.PDF": "Club Rules",
    "2024-01-31 minutes.pdf": "2024-01-31 minutes",
    ".pdf": ".pdf",
    "no suffix": "no suffix",
}


@pytest.mark.parametrize(("name", "title"), NAMES.items())
def test_prettified(name, title):
    """A file's name is shown as words."""
    assert prettified(name) == title
