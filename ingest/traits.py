"""What kind of text a chunk is: a statement, a table, a contents page. Only ranking looks at it. Pure."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.documents import Chunk
from ingest.units import RowLikeness, row_likeness

STATEMENTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "income",
        re.compile(
            r"\bstatements? of (?:consolidated )?(?:income|operations|earnings)\b|\bincome statements?\b"
            r"|profit and loss|\bp ?& ?l\b",
            re.IGNORECASE,
        ),
    ),
    (
        "balance",
        re.compile(
            r"\bbalance sheets?\b|\bstatements? of (?:consolidated )?(?:financial )?(?:position|condition)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "cash",
        re.compile(r"\bstatements? of (?:consolidated )?cash ?flows?\b|\bcash ?flow statements?", re.IGNORECASE),
    ),
)
"""The financial statements by their names: the one kind of page that questions of every company ask for."""

STATEMENT_ROWS = 8
STATEMENT_ROWS_IN_CHUNK = 3
TITLE_LINES = 6
TITLE_WORDS = 14
"""A page is a statement when it has so many rows, and one of its first short lines says so."""

_PAGE_AT_END = re.compile(r"(?:\s|(?<!\d)\.)(\d{1,3})$")
INDEX_ENTRIES = 12
DENSE_INDEX_ENTRIES = 40
"""An index has so many entries on a page; so many where nothing stands between words and page number."""

_PAGES = r"(?:\d{1,4}|[ivxlc]{1,6})(?:\s?[,–-]\s?(?:\d{1,4}|[ivxlc]{1,6}))*"
_INDEX_ENTRY = re.compile(rf"(?P<words>[^\d\s].*?)(?P<leader>,\s?|(?:\s?\.){{2,}}+\s?|\s)(?P<pages>{_PAGES})")
_WORD, _ASCII_WORD = re.compile(r"[^\W\d_]{2,}"), re.compile(r"[A-Za-z]{2,}")
_AMOUNT = re.compile(r"[$%,]\s?\d")


@dataclass(frozen=True, slots=True)
class Traits:
    """What ranking knows of a chunk."""

    statements: frozenset[str]
    """The financial statements that its page is, where the chunk holds rows of one."""
    table_rows: int
    is_contents: bool
    """A table of contents, or an index: holds every word and answers nothing."""
    words: int


NO_TRAITS = Traits(frozenset(), 0, is_contents=False, words=0)


def traits(chunks: Sequence[Chunk]) -> list[Traits]:
    """Return the traits of each chunk of one document; a page is judged as a whole."""
    pages: dict[int, list[str]] = defaultdict(list)
    page_rows: dict[int, int] = defaultdict(int)
    rows: list[int] = []
    for chunk in chunks:
        lines = _lines(chunk.text)
        rows.append(_row_count(lines))
        pages[chunk.page] += lines
        page_rows[chunk.page] += rows[-1]
    kinds = {number: _page_kind(lines, page_rows[number]) for number, lines in pages.items()}
    return [_traits(chunk, count, *kinds[chunk.page]) for chunk, count in zip(chunks, rows, strict=True)]


_HINTS = ("statement of", "statements of", "income statement", "balance sheet", "flow statement", "profit and loss")
_SHORT_HINT = re.compile(r"p ?& ?l")


def has_statements(chunks: Sequence[Chunk]) -> bool:
    """Say whether any chunk holds rows of a financial statement: looks closely only at pages that may be one."""
    pages = {chunk.page for chunk in chunks if _may_be_statement(chunk.text.casefold())}
    return any(kind.statements for kind in traits([chunk for chunk in chunks if chunk.page in pages]))


def _may_be_statement(text: str) -> bool:
    return any(hint in text for hint in _HINTS) or _SHORT_HINT.search(text) is not None


def _traits(chunk: Chunk, rows: int, statements: frozenset[str], is_contents: bool) -> Traits:
    return Traits(
        statements=statements if rows >= STATEMENT_ROWS_IN_CHUNK else frozenset(),
        table_rows=rows,
        is_contents=is_contents,
        words=len((_ASCII_WORD if chunk.text.isascii() else _WORD).findall(chunk.text)),
    )


def _page_kind(lines: Sequence[str], rows: int) -> tuple[frozenset[str], bool]:
    """Return the statements that a page holds, and whether it is a table of contents."""
    if _is_contents(lines):
        return frozenset(), True
    if rows < STATEMENT_ROWS:
        return frozenset(), False
    titles = [line for line in lines[:TITLE_LINES] if len(line.split()) <= TITLE_WORDS and not line.endswith(".")]
    return frozenset(name for name, pattern in STATEMENTS if any(pattern.search(line) for line in titles)), False


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _row_count(lines: Sequence[str]) -> int:
    return sum(row_likeness(line) is RowLikeness.CLEAR for line in lines)


def _is_contents(lines: Sequence[str]) -> bool:
    """Say whether most lines end in a page number, and the numbers or the lines' first letters rise."""
    if len(lines) >= INDEX_ENTRIES and _is_index(lines):
        return True
    ends = (line for line in lines if line[-1].isdigit() and not _AMOUNT.search(line))
    pages = [int(match[1]) for line in ends if (match := _PAGE_AT_END.search(line))]
    if len(pages) < 4 or len(pages) < 0.5 * len(lines):
        return False
    rising = sum(earlier <= later for earlier, later in itertools.pairwise(pages))
    return rising >= 0.85 * (len(pages) - 1) and pages[-1] > pages[0] + 1


def _is_index(lines: Sequence[str]) -> bool:
    """Say whether most lines are words with the pages where they stand, in the order of the alphabet."""
    entries = [entry for line in lines if len(line) < 120 and (entry := _INDEX_ENTRY.fullmatch(line))]
    led = [entry for entry in entries if not entry["leader"].isspace()]
    if len(led) < max(INDEX_ENTRIES, 0.5 * len(lines)):
        led = [entry for entry in entries if not any(map(str.isdigit, entry["words"]))]
        if len(led) < max(DENSE_INDEX_ENTRIES, 0.6 * len(lines)):
            return False
    initials = [letter.casefold() for entry in led if (letter := next(filter(str.isalpha, entry["words"]), ""))]
    share = 0.6 if len(led) < DENSE_INDEX_ENTRIES else 0.45  # entries below entries have an order of their own
    return len(set(initials)) > 1 and _longest_rise(initials) >= share * len(led)


def _longest_rise(values: Sequence[str]) -> int:
    """Return how many values are left when those are taken out that do not rise or stay."""
    ends: list[str] = []
    for value in values:
        place = bisect_right(ends, value)
        ends[place : place + 1] = [value]
    return len(ends)
