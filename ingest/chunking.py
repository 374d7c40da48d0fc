"""Pages → chunks: passages of one page, of a size that the embedding model reads whole. Pure.

Units (see `ingest/units.py`) are put together so that the sum of costs is least: few and well-filled chunks, that begin
at headings and paragraphs rather than inside tables or sentences, and never end with a heading. Chunks do not overlap.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import itemgetter
from pathlib import Path

from ingest.documents import Chunk, ExtractedPdf, Heading, Page
from ingest.normalise import normalise
from ingest.tokens import token_counter
from ingest.units import Counter, Cut, Unit, page_units, without_furniture

CUT_COST = {Cut.HEADING: -1.4, Cut.PARAGRAPH: 0.0, Cut.SENTENCE: 0.15, Cut.ROW: 0.4, Cut.INSIDE: 0.7}
"""What it costs that a chunk begins there; a chunk by itself costs 1, a half-filled one `1 + EMPTY_COST / 4`."""

EMPTY_COST = 1.6
LONELY_HEADING_COST = 10.0

HEADING_WORDS = 12
TABLE_HEADER_WORDS = 14
TITLE_LINES = 4
"""A heading among the first lines of a page is the page's title."""

MANY_CONTEXTS = 2_000
"""So many headings times heads of columns are not tried out: their lines are taken to be as long as they may be."""

MANY_UNITS = 2_000
CRUMBS = 16
"""A page of so many units is cut between groups of them, of which a chunk takes up to so many."""


def context_line(title: str, heading: str, table_header: str = "") -> str:
    """Return what is embedded and searched together with a chunk, and never quoted: `page title · heading · header`.

    The document's own title is not in it: it would draw all its chunks together. Which document a question means is
    told by its card.
    """
    names = [_clip(title, HEADING_WORDS)]
    if heading not in title:
        names.append(_clip(heading, HEADING_WORDS))
    names.append(_clip(table_header, TABLE_HEADER_WORDS))
    return normalise(" · ".join(name for name in dict.fromkeys(names) if name))


def _clip(text: str, words: int) -> str:
    return " ".join(text.split()[:words])


@dataclass(frozen=True, slots=True)
class ChunkPlan:
    """What is the same for all pages of one document."""

    title: str
    document_id: str
    content_sha256: str
    max_tokens: int
    """Largest size of a chunk, context line included; only a token run that cannot be cut makes a larger one."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far into a document its pages are cut: what the next pages go on from."""

    chunks: int = 0
    headings: tuple[Heading, ...] = ()
    """Those that hold at the end of the pages so far, outermost first."""


def chunk(
    pdf: ExtractedPdf, document_id: str, content_sha256: str, max_tokens: int, counter: Counter
) -> tuple[Chunk, ...]:
    """Cut a whole PDF into chunks."""
    plan = ChunkPlan(pdf.title, document_id, content_sha256, max_tokens)
    return chunk_pages(pdf.pages, Position(), plan, counter)[0]


def chunk_pages(
    pages: Sequence[Page], position: Position, plan: ChunkPlan, counter: Counter
) -> tuple[tuple[Chunk, ...], Position]:
    """Cut some consecutive pages of a document, and return where the next ones go on."""
    contexts = _Contexts(plan.title, plan.max_tokens // 3, counter)
    path = _HeadingPath(position.headings)
    chunks: list[Chunk] = []
    for page in pages:
        for passage in _passages(page, path, plan.max_tokens, contexts, counter):
            ordinal = position.chunks + len(chunks)
            chunks.append(
                Chunk(
                    id=chunk_id(plan.document_id, plan.content_sha256, ordinal),
                    document_id=plan.document_id,
                    content_sha256=plan.content_sha256,
                    ordinal=ordinal,
                    page=page.number,
                    label=page.label,
                    start=passage.start,
                    end=passage.end,
                    heading_path=passage.heading_path,
                    text=_visible(page, passage.start, passage.end),
                    context=passage.context,
                )
            )
    return tuple(chunks), Position(position.chunks + len(chunks), path.headings)


def cut(
    pages: Sequence[Page], position: Position, plan: ChunkPlan, tokenizer: Path
) -> tuple[tuple[Chunk, ...], Position]:
    """Do `chunk_pages` with a tokenizer of this process: what a worker process is asked to do."""
    return chunk_pages(pages, position, plan, token_counter(tokenizer))


def chunk_id(document_id: str, content_sha256: str, ordinal: int) -> str:
    """Return the same id for the same passage of the same bytes, whoever cuts them."""
    return hashlib.sha256(f"{document_id}\0{content_sha256}\0{ordinal}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class _Passage:
    start: int
    end: int
    heading_path: tuple[str, ...]
    context: str


class _HeadingPath:
    """The headings that hold at a place; they go on holding over the pages until one of their level follows."""

    def __init__(self, headings: Iterable[Heading]) -> None:
        self._open = list(headings)

    def enter(self, heading: Heading) -> None:
        while self._open and self._open[-1].level >= heading.level:
            self._open.pop()
        self._open.append(heading)

    @property
    def headings(self) -> tuple[Heading, ...]:
        return tuple(self._open)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(" ".join(heading.text.split()) for heading in self._open)


class _Contexts:
    """Context lines that take up at most `limit` tokens."""

    def __init__(self, title: str, limit: int, counter: Counter) -> None:
        self._title = title
        self._limit = limit
        self._counter = counter
        self._known: dict[tuple[str, str, str], tuple[str, int]] = {}

    def line(self, page_title: str, heading: str, table_header: str = "") -> tuple[str, int]:
        """Return the line and its size in tokens."""
        key = (page_title or ("" if heading else self._title), heading, table_header)
        if key not in self._known:
            self._known[key] = self._fitted(context_line(*key))
        return self._known[key]

    def largest(self, page_title: str, headings: Collection[str], table_headers: Collection[str]) -> int:
        """Return the size of the largest line that any of these make."""
        if len(headings) * len(table_headers) > MANY_CONTEXTS:
            return self._limit
        return max(self.line(page_title, heading, header)[1] for heading in headings for header in table_headers)

    def _fitted(self, line: str) -> tuple[str, int]:
        size = self._counter.counts([line])[0]
        if size <= self._limit:
            return line, size
        return line[: self._counter.spans(line)[self._limit][0]].rstrip(" ·"), self._limit


def _passages(
    page: Page, path: _HeadingPath, max_tokens: int, contexts: _Contexts, counter: Counter
) -> Iterator[_Passage]:
    """Cut one page, and leave `path` as it is at the page's end."""
    headings = sorted(page.headings, key=lambda heading: heading.start)
    paths = _paths(headings, path)
    text = without_furniture(page)
    title, headers = _page_title(text, headings), _table_headers(text)
    largest = contexts.largest(
        title, {names[-1] if names else "" for _, names in paths}, {"", *(header for _, header in headers)}
    )
    room = max_tokens - largest
    units = page_units(page, room, counter)
    if len(units) > MANY_UNITS:
        units = _grouped(units, room / CRUMBS)
    for first, last in pairwise(_cuts(units, room)):
        start, end = units[first].start, units[last - 1].end
        opening = next((unit.start for unit in units[first:last] if not unit.is_heading), start)
        # A heading that opens the passage stands in its text; the context line need not repeat it.
        above = _path_at(paths, start - 1 if units[first].is_heading and title else start)
        header = _header_above(headers, start) if units[first].cut is Cut.ROW else ""
        yield _Passage(
            start,
            end,
            heading_path=_path_at(paths, opening),
            context=contexts.line(title, above[-1] if above else "", header)[0],
        )


def _page_title(text: str, headings: Sequence[Heading]) -> str:
    """Return the heading among the first lines of the page, with the headings directly below it."""
    lines = [match for match in re.finditer(r"[^\r\n]+", text) if match[0].strip()][: TITLE_LINES + 2]
    starts = {heading.start: " ".join(heading.text.split()) for heading in headings}
    title: list[str] = []
    for position, line in enumerate(lines):
        names = [name for start, name in starts.items() if line.start() <= start < line.end()]
        if names:
            title += names
        elif title or position >= TITLE_LINES - 1:
            break
    return " ".join(title[:3])


_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


Placed = Sequence[tuple[int, str]]
"""Lines with their starts, in order."""


def _table_headers(text: str) -> Placed:
    """Return the lines that look like the head of columns of years."""
    return [
        (match.start(), " ".join(match[0].split()))
        for match in re.finditer(r"[^\r\n]+", text)
        if len(_YEAR.findall(match[0])) >= 2
        and len(match[0].split()) <= 20
        and not re.search(r"\d,\d{3}|[.;]\s*$", match[0])
    ]


def _header_above(headers: Placed, position: int) -> str:
    index = bisect_left(headers, position, key=itemgetter(0))
    return headers[index - 1][1] if index else ""


def _paths(headings: Iterable[Heading], path: _HeadingPath) -> list[tuple[int, tuple[str, ...]]]:
    """Return from which character on which heading path holds."""
    paths = [(-1, path.names)]
    for heading in headings:
        path.enter(heading)
        paths.append((heading.start, path.names))
    return paths


def _path_at(paths: Sequence[tuple[int, tuple[str, ...]]], position: int) -> tuple[str, ...]:
    return paths[bisect_right(paths, position, key=itemgetter(0)) - 1][1]


def _grouped(units: Sequence[Unit], size: float) -> list[Unit]:
    """Return groups of that size, each of neighbours that no heading parts, as if they were units."""
    groups: list[Unit] = []
    for unit in units:
        last = groups[-1] if groups else None
        if last is None or last.is_heading or unit.cut is Cut.HEADING or last.size + unit.size > size:
            groups.append(unit)
        else:
            groups[-1] = replace(last, end=unit.end, size=last.size + unit.size)
    return groups


def _cuts(units: Sequence[Unit], room: int) -> list[int]:
    """Return the units with which the cheapest chunks begin, and the number of units at the end."""
    costs = [0.0]
    begins = [0]
    sizes, places = [unit.size for unit in units], _costs_of_places(units)
    for end in range(1, len(units) + 1):
        best, best_begin, size = float("inf"), end - 1, 0
        for begin in range(end - 1, -1, -1):
            size += sizes[begin]
            if size > room and begin < end - 1:
                break
            empty = 1 - (size if size < room else room) / room
            lonely, place = places[begin]
            cost = costs[begin] + (1 + EMPTY_COST * empty**2 + lonely + place)
            if cost < best:
                best, best_begin = cost, begin
        costs.append(best)
        begins.append(best_begin)
    cuts = [len(units)]
    while cuts[-1] > 0:
        cuts.append(begins[cuts[-1]])
    return cuts[::-1]


def _costs_of_places(units: Sequence[Unit]) -> list[tuple[float, float]]:
    """Return what it costs that a chunk begins with each unit: for a heading left behind, and for the place."""
    places = [(0.0, 0.0)]
    for before, unit in pairwise(units):
        places.append((LONELY_HEADING_COST if before.is_heading else 0.0, CUT_COST[unit.cut]))
    return places


_EMPTY_LINES = re.compile(r"(?:[^\S\r\n]*\r?\n){2,}")


def _visible(page: Page, start: int, end: int) -> str:
    """Return the text of a passage without the furniture that stands in it."""
    inside = [span for span in page.furniture if span.start < end and span.end > start]
    if not inside:
        return page.text[start:end]
    kept: list[str] = []
    position = start
    for span in sorted(inside, key=lambda span: span.start):
        kept.append(page.text[position : max(position, span.start)])
        position = max(position, min(span.end, end))
    kept.append(page.text[position:end])
    return _EMPTY_LINES.sub("\n", "".join(kept))
