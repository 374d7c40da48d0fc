"""Chunks hold all of a page's own text, each on one page, each of a size that the model reads whole."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.chunking import ChunkPlan, Position, chunk, chunk_id, chunk_pages, context_line
from ingest.documents import Chunk, ExtractedPdf, Heading, Page, Span
from ingest.tokens import BUNDLED_TOKENIZER, token_counter

COUNTER = token_counter(BUNDLED_TOKENIZER)
SENTENCE = "The committee meets on the first Monday of every month in the small hall."


def pdf(*texts: str, title: str = "Handbook", headings: dict[int, list[Heading]] | None = None) -> ExtractedPdf:
    pages = (
        Page(number, str(number), text, headings=tuple((headings or {}).get(number, ())))
        for number, text in enumerate(texts, 1)
    )
    return ExtractedPdf(title, tuple(pages))


def chunks(document: ExtractedPdf, max_tokens: int = 128) -> tuple[Chunk, ...]:
    return chunk(document, "document", "sha", max_tokens, COUNTER)


def size(chunk: Chunk) -> int:
    return COUNTER.counts([chunk.embedded_text])[0]


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        pytest.param(("Leave", ""), "Leave", id="page title only"),
        pytest.param(("", "Parental leave"), "Parental leave", id="heading only"),
        pytest.param(("Leave", "Parental leave"), "Leave · Parental leave", id="both"),
        pytest.param(("Leave", "Leave"), "Leave", id="heading is the title"),
        pytest.param(("Part 2 Leave", "Leave"), "Part 2 Leave", id="heading is in the title"),
        pytest.param(("Sales", "By region", "2022 2021"), "Sales · By region · 2022 2021", id="head of a table"),
        pytest.param(("", ""), "", id="nothing"),
        pytest.param(("a b c d e f g h i j k l m n", ""), "a b c d e f g h i j k l", id="long title"),
        pytest.param(("Oﬃce\nhandbook", ""), "Office handbook", id="normalised"),
    ],
)
def test_the_context_line_is_short(parts: tuple[str, ...], line: str) -> None:
    """Page title, heading, head of the table: each once and clipped."""
    assert context_line(*parts) == line


def test_rows_carry_the_head_of_their_table() -> None:
    """Where a passage begins inside a table, its context says what the columns are."""
    rows = [f"Revenue of region {number} {number},100 {number},200" for number in range(1, 40)]
    found = chunks(pdf("\n".join(["Sales", "In thousands 2022 2021", *rows]), headings={1: [Heading(0, 1, "Sales")]}))

    assert len(found) > 1
    assert {piece.context for piece in found[1:]} == {"Sales · In thousands 2022 2021"}


def test_a_long_page_is_cut_between_sentences_into_even_chunks() -> None:
    """No chunk is a leftover, and all begin with a sentence."""
    found = chunks(pdf(" ".join([SENTENCE] * 25)))

    assert {piece.text.count(SENTENCE) for piece in found} <= {6, 7}
    assert all(piece.text.startswith("The committee") and piece.text.endswith("hall.") for piece in found)


def test_every_page_has_chunks_of_its_own() -> None:
    """A sentence that goes on over the page is in two chunks, one on each page; an empty page has none."""
    found = chunks(pdf("It begins here", "", "and ends here."))

    assert [(piece.page, piece.text, piece.ordinal) for piece in found] == [
        (1, "It begins here", 0),
        (3, "and ends here.", 1),
    ]


def test_a_heading_begins_a_chunk_and_never_ends_one() -> None:
    """Sections of some length are chunks of their own; their heading goes with them."""
    text = "\n".join(["Leave", *[SENTENCE] * 5, "Travel", *[SENTENCE] * 5])
    headings = {1: [Heading(0, 1, "Leave"), Heading(text.index("Travel"), 1, "Travel")]}
    found = chunks(pdf(text, headings=headings))

    assert [piece.text.split("\n")[0] for piece in found] == ["Leave", "Travel"]
    assert [piece.heading_path for piece in found] == [("Leave",), ("Travel",)]


def test_a_heading_is_not_left_behind() -> None:
    """Where the fullest chunk would end with a heading, it ends before it."""
    text = "\n".join([*[SENTENCE] * 7, "Travel", *[SENTENCE] * 7])
    found = chunks(pdf(text, headings={1: [Heading(text.index("Travel"), 1, "Travel")]}), max_tokens=113)

    assert [piece.text.count("\n") for piece in found] == [6, 7]
    assert found[1].text.startswith("Travel")


def test_headings_in_a_row_stay_together() -> None:
    """The heading of a part goes with its first section, not with the text before."""
    text = "\n".join([*[SENTENCE] * 6, "Part two", "Travel", *[SENTENCE] * 6])
    headings = [Heading(text.index("Part two"), 1, "Part two"), Heading(text.index("Travel"), 2, "Travel")]
    found = chunks(pdf(text, headings={1: headings}))

    assert [piece.text.split("\n")[0] for piece in found] == [SENTENCE, "Part two"]


def test_a_heading_in_the_text_is_not_repeated_in_the_context() -> None:
    """The context names the page's title and the heading above; one that opens the passage stands in the passage."""
    text = "\n".join(["Leave", *[SENTENCE] * 6, "Travel", *[SENTENCE] * 6])
    headings = [Heading(0, 1, "Leave"), Heading(text.index("Travel"), 1, "Travel")]
    found = chunks(pdf(text, headings={1: headings}))

    assert [piece.context for piece in found] == ["Leave", "Leave"]


def test_a_heading_at_the_foot_of_a_page_stays_there() -> None:
    """Nothing moves to another page: a heading whose text is overleaf belongs to its page's last chunk."""
    text = "\n".join([SENTENCE, "Travel"])
    found = chunks(pdf(text, SENTENCE, headings={1: [Heading(text.index("Travel"), 1, "Travel")]}))

    assert [(piece.page, piece.heading_path) for piece in found] == [(1, ()), (2, ("Travel",))]


def test_the_heading_path_goes_on_over_pages() -> None:
    """A heading holds until one of its level or above follows."""
    headings = {
        1: [Heading(0, 1, "Part one"), Heading(0, 2, "Leave")],
        3: [Heading(0, 2, "Travel")],
        4: [Heading(0, 1, "Part two")],
    }
    found = chunks(pdf(SENTENCE, SENTENCE, SENTENCE, SENTENCE, headings=headings))

    assert [piece.heading_path for piece in found] == [
        ("Part one", "Leave"),
        ("Part one", "Leave"),
        ("Part one", "Travel"),
        ("Part two",),
    ]


def test_pages_can_be_cut_a_few_at_a_time() -> None:
    """A long document gives the same chunks in parts: ordinals and headings go on."""
    headings = {1: [Heading(0, 1, "Part one")], 2: [Heading(0, 2, "Leave")], 4: [Heading(0, 1, "Part two")]}
    document = pdf(*[f"{SENTENCE} " * 20] * 5, headings=headings)
    plan = ChunkPlan(document.title, "document", "sha", 128)
    position, parts = Position(), []
    for pages in (document.pages[:2], document.pages[2:3], document.pages[3:]):
        part, position = chunk_pages(pages, position, plan, COUNTER)
        parts.extend(part)

    assert tuple(parts) == chunks(document)


def test_a_table_that_fits_is_not_cut() -> None:
    """Rather than in the middle of a table, a chunk ends before the words above it."""
    rows = [f"Total cost of item {n} $ {n}01 $ {n}02 {n} %" for n in range(1, 8)]
    text = "\n".join([*[SENTENCE] * 5, "Costs were as follows:", *rows])
    holding = [piece.text for piece in chunks(pdf(text)) if "Total cost" in piece.text]

    assert len(holding) == 1
    assert "Costs were as follows:" in holding[0]


def test_a_page_of_crumbs_is_cut_between_groups_of_them() -> None:
    """A table of thousands of cells, each on a line, is cut into full chunks, and nothing of it is lost."""
    cells = [f"{number % 97}" for number in range(9_000)]
    found = chunks(pdf("\n".join(cells)))

    assert [cell for piece in found for cell in piece.text.split()] == cells
    assert all(0.8 * 128 < size(piece) <= 128 for piece in found[:-1])


def test_a_page_of_thousands_of_headings_and_heads_of_columns() -> None:
    """Not every heading is tried out with every head of columns, and still no chunk is too large."""
    parts = [(f"Section {number} of the report", f"Year 2018 2019 a{number}", SENTENCE) for number in range(1_500)]
    text = "\n".join("\n".join(part) for part in parts)
    headings = [Heading(text.index(f"{title}\n"), 1, title) for title, *_ in parts]
    found = chunks(pdf(text, headings={1: headings}))

    assert "\n".join(piece.text for piece in found) == text
    assert max(map(size, found)) <= 128


def test_furniture_is_cut_from_the_text_and_the_place_is_true() -> None:
    """What stands between start and end is the passage, once furniture is taken out."""
    text = f"ACME\n{SENTENCE}\nPage 3\n{SENTENCE}\nACME"
    middle = text.index("Page")
    furniture = (Span(0, 4), Span(middle, middle + 6), Span(len(text) - 4, len(text)))
    page = Page(1, "iii", text, furniture)
    (found,) = chunks(ExtractedPdf("Handbook", (page,)))

    assert found.text == f"{SENTENCE}\n{SENTENCE}"
    assert (text[found.start :].index("The"), text[: found.end].endswith("hall.")) == (0, True)
    assert found.label == "iii"


def test_ids_follow_the_bytes_and_the_place() -> None:
    """The same passage of the same bytes has the same id; other bytes, or another document, have other ids."""
    ids = {chunk_id("a", "sha", 0), chunk_id("a", "sha", 1), chunk_id("b", "sha", 0), chunk_id("a", "other", 0)}

    assert len(ids) == 4
    assert chunks(pdf(SENTENCE))[0].id == chunk_id("document", "sha", 0)


SAMPLES = [SENTENCE, "Leave policy", "Total cost 1,204 990 12 %", "Name\tRoom\tPhone", "• a badge", "", "   "]
HARD = ["第一句。第二句！", "e.g. Dr. No", "ﬁnance oﬃ-", "…", "½ ㎏ ™", "\u200b", "\x00\x02-\n"]
LINES = st.one_of(
    st.sampled_from(SAMPLES + HARD),
    st.text(max_size=60),
    st.text(alphabet="abc. \n\t,1", max_size=200),
    st.builds(str.__mul__, st.sampled_from(["x", "word ", "中", "ก", ". "]), st.integers(1, 900)),
)
HEADINGS = st.builds(
    Heading, st.integers(0, 900), st.integers(1, 4), st.sampled_from(["Leave", "Leave policy", "word word"])
)


@st.composite
def documents(draw: st.DrawFn) -> ExtractedPdf:
    pages = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        text = "\n".join(draw(st.lists(LINES, max_size=12)))
        places = st.integers(0, len(text))
        spans = draw(st.lists(st.tuples(places, places), max_size=3))
        headings = draw(st.lists(HEADINGS, max_size=3))
        furniture = tuple(Span(min(pair), min(max(pair), min(pair) + 40)) for pair in spans)
        pages.append(Page(number, str(number), text, furniture, tuple(headings)))
    return ExtractedPdf(draw(st.sampled_from(["", "Handbook", "A long title of many words " * 9])), tuple(pages))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=documents(), max_tokens=st.integers(64, 300))
def test_all_text_of_a_page_is_in_its_chunks(document: ExtractedPdf, max_tokens: int) -> None:
    """All text but furniture is in a chunk of its page: in order, without overlap, within the size."""
    found = chunks(document, max_tokens)

    assert found == chunks(document, max_tokens)
    assert [piece.ordinal for piece in found] == list(range(len(found)))
    for page in document.pages:
        own = [piece for piece in found if piece.page == page.number]
        outside = {i for span in page.furniture for i in range(span.start, span.end)}
        covered = {i for piece in own for i in range(piece.start, piece.end)}
        assert {i for i, character in enumerate(page.text) if not character.isspace()} <= covered | outside
        assert all(before.end <= after.start for before, after in pairwise(own))
        for piece in own:
            inside = "".join(page.text[i] for i in range(piece.start, piece.end) if i not in outside)
            assert piece.text.split() == inside.split() or "".join(piece.text.split()) == "".join(inside.split())
            assert piece.text.strip()
            assert size(piece) <= max_tokens or len(piece.text.split()) == 1
