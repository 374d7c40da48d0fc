"""What a document's parts are called: its title, and the headings, from the outline or from the look of the lines.

Pure functions over the lines of a whole document. A bookmark counts only where its words stand on the page.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import accumulate
from typing import NamedTuple

from ingest.normalise import letters
from ingest.pdfium import OutlineEntry
from ingest.pdfium_lines import BOLD, Line, Lines, Place

MAX_LEVEL = 4
MAX_HEADING = 200
"""Characters; what is longer is a paragraph."""


class PlacedHeading(NamedTuple):
    """A heading and the line on which it stands."""

    place: Place
    level: int
    text: str


class Body(NamedTuple):
    """What ordinary text of the document looks like."""

    size: float
    weight: int

    def is_bold(self, line: Line) -> bool:
        """Whether a line is bolder than ordinary text."""
        if self.weight >= BOLD:
            return False
        return line.weight >= BOLD or (self.weight > 0 and line.weight >= 1.25 * self.weight)


def body_of(pages: Sequence[Lines]) -> Body:
    """Return size and weight of most of the text."""
    looks: Counter[tuple[float, int]] = Counter()
    for page in pages:
        for line in page:
            if line.size > 0:
                looks[_rounded(line.size), line.weight] += len(line.text)
    return Body(*max(looks, key=looks.__getitem__)) if looks else Body(0.0, 0)


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def headings(
    pages: Sequence[Lines], edges: Sequence[float | None], outline: Sequence[OutlineEntry], furniture: Set[Place]
) -> list[PlacedHeading]:
    """Return the document's headings in reading order; `edges` has the upper edge of each page, where y is known.

    An outline of which the pages know less than half is taken for wrong, and the look of the lines decides.
    """
    placed = list(_outlined(pages, edges, outline))
    if placed and len(placed) >= len(outline) / 2:
        return sorted({heading.place: heading for heading in reversed(placed)}.values())
    return list(_recognised(pages, furniture))


def _outlined(
    pages: Sequence[Lines], edges: Sequence[float | None], outline: Sequence[OutlineEntry]
) -> Iterator[PlacedHeading]:
    """Find the words of each bookmark on the page that it points to."""
    of_pages: dict[int, PageLetters] = {}
    for entry in outline:
        page = entry.page - 1
        if page >= len(pages):
            continue
        if page not in of_pages:
            of_pages[page] = PageLetters(line.text for line in pages[page])
        target = edge - entry.y if (edge := edges[page]) is not None and entry.y is not None else 0.0
        lines = of_pages[page].lines_that_read(letters(entry.text))
        nearest = min(lines, key=lambda index: abs(pages[page][index].top - target), default=None)
        if nearest is not None:
            yield PlacedHeading((page, nearest), entry.level, entry.text)


_NUMBERING = 12
"""Letters that a heading's line may have before its title: `Appendix A: `, `Chapter 7. `."""


def reads_as_title(title: str, position: int, length: int) -> bool:
    """Whether a line of so many letters, in which a title begins at `position`, says that and not much more."""
    return 0 <= position <= _NUMBERING and length <= 2 * len(title) + _NUMBERING


class PageLetters:
    """The letters of a page's lines in one string, and where each line starts in it."""

    def __init__(self, lines: Iterable[str]) -> None:
        pieces = [letters(line) for line in lines]
        self._all = "".join(pieces)
        self._starts = [0, *accumulate(map(len, pieces))]

    def lines_that_read(self, title: str, *, is_shortened: bool = False) -> Iterator[int]:
        """Yield the lines that say a title, given as letters, and not much more; it may go on over the next lines.

        Of a title that is shortened the rest is not known.
        """
        position = self._all.find(title) if title else -1
        while position >= 0:
            line = bisect_right(self._starts, position) - 1
            start, end = self._starts[line : line + 2]
            if reads_as_title(title, position - start, 0 if is_shortened else end - start):
                yield line
            position = self._all.find(title, end)  # further on in the same line it would not begin it


def _recognised(pages: Sequence[Lines], furniture: Set[Place]) -> Iterator[PlacedHeading]:
    """Recognise headings by larger or bolder type."""
    body = body_of(pages)
    content = [
        [(index, line) for index, line in enumerate(page) if (number, index) not in furniture]
        for number, page in enumerate(pages)
    ]
    found = [((number, group[0][0]), group) for number, page in enumerate(content) for group in _groups(page, body)]
    if sum(len(group) for _, group in found) > 0.4 * sum(map(len, content)):
        return  # most of it would be headings: slides, posters
    found = _without_cover(found, len(pages), body)
    styles = sorted({_style(group[0][1], body) for _, group in found})
    for place, group in found:
        level = min(styles.index(_style(group[0][1], body)) + 1, MAX_LEVEL)
        yield PlacedHeading(place, level, _joined(line for _, line in group))


Numbered = tuple[int, Line]
"""A line with its index on the page."""


def _without_cover(
    found: list[tuple[Place, list[Numbered]]], pages: int, body: Body
) -> list[tuple[Place, list[Numbered]]]:
    """Leave out what is in type of its own on the first two pages: it names the document, not a part of it."""
    if pages < 6:
        return found
    inside = {_style(group[0][1], body) for (page, _), group in found if page > 1}
    return [item for item in found if item[0][0] > 1 or _style(item[1][0][1], body) in inside]


def _groups(page: Sequence[Numbered], body: Body) -> Iterator[list[Numbered]]:
    """Yield the headings of one page, each of one line or of up to three in the same type."""
    group: list[Numbered] = []
    for position, (index, line) in enumerate(page):
        before = page[position - 1][1] if position else None
        if group and _continues(group[-1][1], line, body):
            group.append((index, line))
            continue
        yield from _checked(group)
        group = [(index, line)] if _is_heading(line, before, body) else []
    yield from _checked(group)


def _checked(group: list[Numbered]) -> Iterator[list[Numbered]]:
    if 0 < len(group) <= 3 and len(_joined(line for _, line in group)) <= MAX_HEADING:
        yield group


def _joined(lines: Iterable[Line]) -> str:
    return " ".join(" ".join(line.text for line in lines).split())


def _continues(last: Line, line: Line, body: Body) -> bool:
    """Whether a heading goes on in the next line: same type, directly below."""
    return _style(last, body) == _style(line, body) and 0 < line.top - last.top < 1.6 * last.size


def _style(line: Line, body: Body) -> tuple[float, bool, bool, bool]:
    """Return what sorts headings from the outermost to the innermost."""
    return -_rounded(line.size), not line.text.isupper(), not body.is_bold(line), line.is_italic


_TABULAR = re.compile(r"[$€£%]|\d[\d,.)]*\s+\(?\d|\.{4}|[,;:]$|[^.\d]\.$|^[(\W_a-z]|^\d+\s*$")
"""Signs of a table's row, an entry of a table of contents, a list item or a sentence."""

_PERIOD = re.compile(r"(?i)\b(years?|months?|weeks?|quarters?|period)\s+ended\b|^(\w+ \d{1,2}, )?\d{4}$")
"""Heads of columns that look like headings."""


def _is_heading(line: Line, before: Line | None, body: Body) -> bool:
    text = line.text.strip()
    if not 2 < len(text) <= 120 or line.size <= 0 or _TABULAR.search(text) or _PERIOD.search(text):
        return False
    if sum(map(str.isalpha, text)) < max(3, len(text) / 2) or len(text.split()) > 14:
        return False
    if line.size >= max(1.12 * body.size, body.size + 1):
        return True
    return body.is_bold(line) and line.size >= 0.9 * body.size and _stands_apart(line, before)


def _stands_apart(line: Line, before: Line | None) -> bool:
    """Whether there is space above, as above a heading, unlike above a table's next row."""
    step = line.top - before.top if before is not None else 0.0
    return step <= 0 or step >= 1.5 * line.size


def title_of(metadata: str, pages: Sequence[Lines], furniture: Set[Place], name: str) -> str:
    """Return what the document calls itself, else its first big heading, else its file's name."""
    if _is_real_title(metadata, name):
        return metadata
    heading = _first_heading(pages, furniture)
    return prettified(name) if not heading or letters(heading) in _LETTERHEADS else heading


def prettified(name: str) -> str:
    """Return a file's name as words."""
    stem = re.sub(r"\.pdf$", "", name.rsplit("/", 1)[-1], flags=re.IGNORECASE)
    return " ".join(re.sub(r"[_\s]+|(?<=[^\W\d])-(?=[^\W\d])", " ", stem).split()) or name


_PARTS = frozenset({"contents", "tableofcontents", "inhalt", "inhaltsverzeichnis", "sommaire", "index", "abstract"})
"""Headings that every document may open with."""

_LETTERHEADS = ("unitedstates", "unitedstatessecuritiesandexchangecommission", "securitiesandexchangecommission")
"""Stand largest on the first page of thousands of different documents."""

_JUNK_TITLE = re.compile(
    r"""(?ix)
    microsoft\s(office\s)?(word|excel|powerpoint|publisher|outlook)\b .*
    | (powerpoint|keynote)[\s-]presentation | presentation\s?title | presentaci[oó]n.* | title | titel
    | (new\s)?(document|presentation|dokument|slide|folie|book|tabelle|sheet|mappe)\s?\d*
    | untitled.* | unbenannt.* | sans\stitre.* | sin\st[ií]tulo.* | no(ne|t\sset)? | null | unknown | unspecified
    | anonymous | \(.*\) | about:blank | print(ing)?(\s.*)? | layout\s?\d* | scan(ned)?\b.*
    | .*\.(pdf|docx?|xlsx?|pptx?|odt|ods|odp|rtf|tex|dvi|ps|eps|indd|qxp|qxd|pub|pages|key|html?|xml|txt|md
        |jpe?g|png|tiff?|ai|fm|dot|p65|cdr)
    | [a-z]:\\.* | /.* | file:.* | https?:.*
    """
)
"""What programs write where a title should be, in their languages, and names of files."""


def _is_real_title(title: str, name: str) -> bool:
    """Whether a title was given by a person, not by the program that wrote the file."""
    is_words = len(re.findall(r"[^\W\d_]", title)) >= max(3, len(title) / 3)
    is_file_name = " " not in title and re.search(r"[\d_-]", title) is not None
    is_name = letters(title) == letters(prettified(name)) and " " not in title
    return (
        is_words and not is_file_name and not is_name and len(title) <= MAX_HEADING and not _JUNK_TITLE.fullmatch(title)
    )


def _first_heading(pages: Sequence[Lines], furniture: Set[Place]) -> str:
    """Return the largest type of the first page that has any larger than ordinary text, if it is there only."""
    body = body_of(pages)
    for number, page in enumerate(pages[:3]):
        lines = [line for index, line in enumerate(page) if (number, index) not in furniture and line.size > 0]
        largest = max((_rounded(line.size) for line in lines if _may_be_title(line)), default=0.0)
        if largest > 0 and largest >= 1.15 * body.size:
            group = _first_group(lines, largest, body)
            others = sum(_rounded(line.size) >= largest for page in pages for line in page) - len(group)
            text = _joined(group)
            return text if others <= 3 and len(text) <= MAX_HEADING else ""
    return ""


def _may_be_title(line: Line) -> bool:
    return 3 <= len(re.findall(r"[^\W\d_]", line.text)) <= 150 and letters(line.text) not in _PARTS


def _first_group(lines: Sequence[Line], size: float, body: Body) -> list[Line]:
    first = next(i for i, line in enumerate(lines) if _may_be_title(line) and _rounded(line.size) == size)
    group = [lines[first]]
    for line in lines[first + 1 : first + 3]:
        if _continues(group[-1], line, body):
            group.append(line)
    return group
