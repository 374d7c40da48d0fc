"""Rules of headers whose text changes: they go where they only say what stands nearby; what is new stays."""

import pytest

from ingest.layout import furniture
from ingest.pdfium_lines import Line

SENTENCES = [
    "It rained all morning on the river, and nobody had brought a coat.",
    "The coach said that it would pass before the boats were in the water.",
    "She was right, as it turned out, and by noon the stage was dry.",
    "We rowed to the lock and back, which took the better part of an hour.",
    "Whoever came last had to wash the boats and put the oars away.",
    "Nobody remembers who that was, but the boats were very clean.",
]
SECTIONS = ["Boats", "Oars and rowlocks", "Fees of guests", "Keys of the house", "Races on the river", "Evening meals"]


def page(number, header, *headings, top=36.0, weight=400, size=10.0):
    """A page with a header above text that differs from page to page; headings stand within the text."""
    lines = [Line(header, top, size, weight)] if header else []
    height = 80.0
    for position, sentence in enumerate(SENTENCES):
        if position < len(headings):
            lines.append(Line(headings[position], height + 6, 14.0, 700))
            height += 24
        lines.append(Line(f"{sentence} {'abcdefghij'[number % 10] * 4}", height, 10.0, 400))
        height += 12
    return lines


def left_out(pages):
    found = furniture(pages)
    return [[line.text for i, line in enumerate(p) if (n, i) in found.places] for n, p in enumerate(pages)]


def headers_gone(pages):
    return [bool(lines) for lines in left_out(pages)]


def test_headers_with_the_page_number():
    """A header that names each section once or twice goes, for the number in it counts the pages, and labels them."""
    pages = [
        page(n, f"{n + 1} CHAPTER {n // 6 + 1}." if n % 2 else f"{n % 6 + 1}. {name.upper()} {n + 1}")
        for n, name in enumerate(SECTIONS * 4)
    ]

    assert all(headers_gone(pages))
    assert furniture(pages).labels == {n: str(n + 1) for n in range(24)}


def test_a_first_line_without_end_stays():
    """What is longer than any header is text, and is not compared with the pages around it word by word."""
    endless = [" ".join(f"{sentence} {letter * 5}" for sentence in SENTENCES * 300) for letter in "abcdefghi"]

    assert not any(headers_gone([page(n, header) for n, header in enumerate(endless)]))


def test_headers_above_small_type():
    """A header is no title because its page is a listing in small type."""
    pages = [page(n, f"{n + 1} CHAPTER {n // 6 + 1}.") for n in range(24)]
    pages[5] = [pages[5][0], *(line._replace(size=7.0) for line in pages[5][1:])]

    assert all(headers_gone(pages))


def test_headers_that_repeat_a_heading():
    """A header goes that says what a heading on its page or shortly before says; what is new stays."""
    names = [f"{name} {letter}" for letter in "ABCD" for name in SECTIONS]
    pages = [page(n, names[n // 2], *([names[n // 2]] if n % 2 == 0 else [])) for n in range(48)]
    pages[21] = page(21, "Closed for the winter")

    assert headers_gone(pages) == [n != 21 for n in range(48)]


def test_headers_of_chapter_and_section():
    """A header of two parts, shortened or not, goes when both are known from nearby."""
    pages = [
        page(
            n,
            f"CHAPTER {n // 6 + 1}. THE HOUSE AND ITS… {n % 6 + 1}. WHAT TO KNOW OF {name.upper()[:4]}…",
            *([f"Chapter {n // 6 + 1}. The house and its members"] if n % 6 == 0 else []),
            f"{n % 6 + 1}. What to know of {name}, and whom to ask about it in the office on Mondays",
        )
        for n, name in enumerate(SECTIONS * 4)
    ]

    assert all(headers_gone(pages))


def test_the_first_header_of_a_kind_stays():
    """What is said for the first time is kept once, though the pages after it say it as well."""
    pages = [page(n, SECTIONS[n // 3 % 6] + "abcd"[n // 18]) for n in range(72)]

    assert headers_gone(pages) == [n % 3 != 0 for n in range(72)]


@pytest.mark.parametrize("look", [{}, {"size": 14.0}, {"weight": 700}], ids=["plain", "larger", "bold"])
def test_numbered_sections_stay(look):
    """Sections that are numbered as the pages are, each on a page of its own, keep their titles, and give no labels."""
    names = [f"{name} {letter}" for letter in "abcd" for name in SECTIONS]
    pages = [page(0, "")] + [page(n, f"{n} {name}", **look) for n, name in enumerate(names, 1)]

    assert not any(headers_gone(pages))
    assert furniture(pages).labels == {}


TITLES = {
    "larger": {"size": 14.0},
    "bold": {"weight": 700},
}


@pytest.mark.parametrize("look", TITLES.values(), ids=TITLES.keys())
def test_titles_of_pages_stay(look):
    """What looks like a heading stays at the top of each page, also where it goes on over two or three."""
    pages = [page(n, SECTIONS[n // 3 % 6] + "abcd"[n // 18], **look) for n in range(72)]

    assert not any(headers_gone(pages))


def test_titles_that_a_list_announces_stay():
    """Titles of the pages behind a list of them stay, though each has been read before."""
    pages = [page(n, "") for n in range(20)]
    pages[9] = page(9, "", *SECTIONS[:4])
    pages[10:14] = [page(n, SECTIONS[n - 10]) for n in range(10, 14)]

    assert not any(headers_gone(pages))


def test_first_lines_of_the_text_stay():
    """The first line of each page stands at one height as well, but not apart from the others."""
    pages = [page(n, f"{SECTIONS[n // 2 % 6]}{n // 12}", top=68.0) for n in range(48)]

    assert not any(headers_gone(pages))


def test_forms_that_differ_in_a_number_stay():
    """Invoices, one on each page, keep the lines that tell them apart."""
    pages = [page(n, f"Invoice 2024-{7 * n + 101} to a member of the club") for n in range(24)]

    assert not any(headers_gone(pages))
