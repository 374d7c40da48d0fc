"""Rules of furniture: what returns at the edges and counts up is left out, what may be content stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.layout import furniture, respelled
from ingest.pdfium_lines import Line


def page(*rows, step=12.0, start=100.0):
    """Lines below each other; a number among the rows is the space, in points, before the next one."""
    lines, top = [], start
    for row in rows:
        if isinstance(row, str):
            lines.append(Line(row, top, 10.0))
            top += step
        else:
            top += row - step
    return lines


BODY = [
    "It rained all morning on the river.",
    "Nobody had brought a coat or a hat.",
    "The coach said that it would pass.",
    "She was right, as it turned out.",
    "By noon the landing stage was dry.",
    "We rowed to the lock and back.",
]


def body(number):
    """Text that differs from page to page."""
    return [f"{line} {'abcdefghijklmnopqrstuvwxyz'[number % 26] * 3}" for line in BODY]


def left_out(pages):
    found = furniture(pages)
    return [[line.text for i, line in enumerate(p) if (n, i) in found.places] for n, p in enumerate(pages)]


def labels(pages):
    found = furniture(pages).labels
    return [found.get(index) for index in range(len(pages))]


def test_running_lines_and_numbers():
    """Header, footer and page number are furniture on every page, wherever they stand in the text."""
    pages = [page("Club rules", 40, *body(n), 40, f"- {n + 1} -") for n in range(6)]
    pages[3] = [pages[3][-1], *pages[3][:-1]]

    assert left_out(pages[:3]) == [["Club rules", f"- {n + 1} -"] for n in range(3)]
    assert left_out(pages)[3] == ["- 4 -", "Club rules"]


def test_two_line_header():
    """A header of two lines close together goes as a whole."""
    pages = [page("Rowing Club", "Rules of the house", 40, *body(n)) for n in range(5)]

    assert left_out(pages) == [["Rowing Club", "Rules of the house"]] * 5


def test_header_that_changes_with_the_chapter():
    """A header that stands on most pages of a stretch is furniture; one that returns by chance is not."""
    chapters = ["Boats"] * 8 + ["Oars"] * 8 + ["Fees"] * 14
    pages = [page(chapter, 40, *body(n)) for n, chapter in enumerate(chapters)]
    for n in (2, 14, 28):
        pages[n] = page("Remember the rule:", 40, *body(n))

    assert left_out(pages) == [[] if n in (2, 14, 28) else [chapter] for n, chapter in enumerate(chapters)]


def test_line_that_returns_now_and_then():
    """A line that opens some pages here and there, as a refrain does, is content."""
    pages = [page(*(["Remember the rule:", 40] if n % 7 == 0 else []), *body(n)) for n in range(43)]

    assert left_out(pages) == [[]] * 43


def test_head_of_a_table_stays():
    """Below a running header, the head of a table on every page is content: it stands as close as its rows."""
    pages = [page("Price list", 40, "Article Price", *[f"Part {x}{n} 9.50" for x in "abcdefg"]) for n in range(6)]

    assert left_out(pages) == [["Price list"]] * 6


def test_lines_that_differ_in_their_numbers_stay():
    """What is repeated with another number each time says something new, unless it counts the pages."""
    exhibits = ["21.1", "23.1", "31.1", "31.2", "32.1", "32.2"]
    pages = [
        page(f"Exhibit {number}", 40, *body(n), 40, f"Rules of 1987, {n + 4}") for n, number in enumerate(exhibits)
    ]

    assert left_out(pages) == [[f"Rules of 1987, {n + 4}"] for n in range(6)]


def test_rows_of_figures_stay():
    """Figures alone do not repeat, however alike they look without their digits."""
    pages = [page(f"{n}7 {n}8 {n}9", *body(n), f"{n}1 {n}2 {n}3") for n in range(6)]

    assert left_out(pages) == [[]] * 6


@pytest.mark.parametrize("count", [1, 2])
def test_short_documents_keep_everything(count):
    """One or two pages have no furniture and no printed numbers."""
    pages = [page("Header", 40, *body(n), 40, str(n + 1)) for n in range(count)]

    assert left_out(pages) == [[]] * count
    assert labels(pages) == [None] * count


def test_equal_pages_keep_their_text():
    """Text that is the same on every page, line below line, is content (forms, labels)."""
    pages = [page(*BODY[:4]) for _ in range(6)]

    assert left_out(pages) == [[]] * 6


NUMBERED = {
    "alone": lambda n: f"{n}",
    "with dashes": lambda n: f"– {n} –",
    "with a word": lambda n: f"Page {n}",
    "with the total": lambda n: f"Page {n} of 8",
    "with a slash": lambda n: f"{n}/8",
    "in german": lambda n: f"Seite {n} von 8",
    "at the end of a header": lambda n: f"Annual report of the club {n}",
    "at the start of a header": lambda n: f"{n} | Annual report of the club",
    "within a header": lambda n: f"Form 7 Page {n} Rowing Club",
}


@pytest.mark.parametrize("line", NUMBERED.values(), ids=NUMBERED.keys())
def test_printed_numbers(line):
    """The number printed on the page is its label, in whatever form it is printed."""
    pages = [page(*body(n), 40, line(n - 1)) for n in range(2, 10)]

    assert labels(pages) == [str(n - 1) for n in range(2, 10)]


def test_counts_that_change():
    """Roman front matter, then arabic pages, then an appendix with a prefix: each page has its own count's label."""
    printed = ["", "ii", "iii", "iv", *map(str, range(1, 6)), "F-1", "F-2", "F-3"]
    pages = [page(*body(n), 40, text or "Rowing Club, 2024") for n, text in enumerate(printed)]

    assert labels(pages) == [None, *printed[1:]]


def test_pages_between_numbers():
    """A page without a number between numbered ones has the label that it would have."""
    pages = [page(*body(n), 40, *([str(n)] if n != 4 else [])) for n in range(1, 9)]

    assert labels(pages) == [str(n) for n in range(1, 9)]


def test_numbers_that_do_not_count():
    """Years, quantities and numbers that jump are no page numbers."""
    pages = [page(*body(n), 40, text) for n, text in enumerate(["2019", "17", "3", "1998", "40", "2", "2021"])]

    assert labels(pages) == [None] * 7
    assert left_out(pages) == [[]] * 7


@pytest.mark.parametrize(
    ("others", "broken", "expected"),
    [
        ("the foundation", "founda\ufffetion", "foundation"),
        ("a self-service desk", "self\ufffeservice", "self-service"),
        ("a do-it-yourself kit", "it\ufffeyourself", "it-yourself"),
        ("touch and based", "touch\ufffebased", "touch-based"),
        ("nothing", "gondo\ufffelier", "gondolier"),
        ("nothing", "gon\ufffedo\ufffelier", "gondolier"),
        ("nothing", "covid\ufffe19", "covid-19"),
        ("nothing", "old\u0002mark", "oldmark"),
        ("nothing", "open\ufffe", "open-"),
        ("no effect", "an ef ect", "an effect"),
        ("our office", "of ice", "of ice"),
        ("nothing", "chef ate", "chef ate"),
    ],
)
def test_hyphens(others, broken, expected):
    """Words broken over lines, or robbed of an f, are spelled as the rest of the document spells them."""
    [_, [line]] = respelled([[Line(others)], [Line(f"one {broken} two")]])

    assert line.text == f"one {expected} two"


@pytest.mark.parametrize("mark", ["\ufffe", "\u0002"])
def test_a_word_without_end(mark):
    """A line of one word without end, beside a broken word, is looked at once and stays as it is."""
    endless = "a" * 300_000

    assert respelled([[Line(endless), Line(f"founda{mark}tion")]]) == [[Line(endless), Line("foundation")]]


lines = st.builds(
    Line,
    st.text(alphabet="ab1 -ivF\ufffe|", max_size=12),
    st.floats(0, 800, allow_nan=False),
    st.sampled_from([0.0, 8.0, 10.0]),
)


def test_a_stack_of_forms_keeps_its_text():
    """Pages of which nothing would be left are no header without a text: only their numbers go."""
    pages = [page(f"This certificate {n} is for the crew.", 40, f"{n + 1}") for n in range(5)]

    assert left_out(pages) == [[f"{n + 1}"] for n in range(5)]


def test_a_divider_stays_a_divider():
    """A few pages with nothing but header and number do not make the header content."""
    pages = [page("Club rules", 40, *(body(n) if n % 3 else []), 40, f"{n + 1}") for n in range(9)]

    assert left_out(pages) == [["Club rules", f"{n + 1}"] for n in range(9)]


@given(st.lists(st.lists(lines, max_size=8), max_size=8))
def test_any_lines(pages):
    """Whatever the lines are, furniture is a part of them, labels belong to pages, and no hyphen mark is left."""
    found = furniture(pages)

    assert all(pages[n][i] for n, i in found.places)
    assert set(found.labels) <= set(range(len(pages)))
    assert not any("\ufffe" in line.text for page in respelled(pages) for line in page)
