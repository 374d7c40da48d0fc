"""Running headers and footers whose text changes: told by their place, and by saying what is said nearby anyway.

Pure functions over the lines of a whole document. What repeats on many pages is recognised in `layout.py`.
"""

from __future__ import annotations

import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence, Set

from ingest.headings import PageLetters
from ingest.normalise import letters
from ingest.pdfium_lines import Line, Lines, Place

HEIGHT = 3.0
"""Points within which a header stands on all its pages."""

LARGEST = 1.15
"""What is larger than so many times the page's other lines is a title."""

NEARBY = 2
"""Pages: left and right ones alternate, and a chapter's first page has no header."""

SHORTEST = 4
"""Letters of a piece that is looked for by itself."""

LONGEST = 300
"""Characters of a header."""


def running_heads(
    pages: Sequence[Lines],
    outermost: Mapping[int, int],
    furniture: Set[Place],
    numbered: Set[Place],
    is_apart: Callable[[Lines, int], bool],
) -> set[Place]:
    """Return which of the outermost lines (of each page, by its index) are running headers.

    They stand at one height on many pages, apart from the text, and most of them hold the page's number (`numbered`),
    what the headers around it hold, or a heading that stands on this page or shortly before. Some of them repeat, or
    other furniture stands at that height: numbered sections, each on a page of its own, have neither. A line that says
    anything for the first time stays, wherever it stands, and one that looks like a heading but for a page's number.
    """
    nearby = _Nearby(pages, outermost)
    heights = sorted(pages[page][index].top for page, index in furniture)
    found: set[Place] = set()
    for group in _of_one_height(pages, outermost, numbered):
        others = _others(heights, pages, group, outermost) if len(group) >= 3 else 0
        if len(group) < 3 or len(group) + others < max(4, 0.12 * len(pages)):
            continue
        if sum(is_apart(pages[page], outermost[page]) for page in group) < 0.5 * len(group):
            continue
        counted = {page for page in group if (page, outermost[page]) in numbered}
        repeating = {page for page in group if nearby.repeats(page)}
        known = counted | {page for page in group if nearby.says(page)}
        if len(known | repeating) >= 0.6 * len(group) and len(repeating) + others >= 0.2 * len(group):
            found |= {
                (page, outermost[page])
                for page in known
                if page in counted or not _is_bolder(pages[page][outermost[page]], pages[page])
            }
    return found


def _of_one_height(pages: Sequence[Lines], outermost: Mapping[int, int], numbered: Set[Place]) -> Iterator[list[int]]:
    """Yield the pages whose outermost lines stand at one height, in type no larger than the rest but for numbers."""
    group: list[int] = []
    first = 0.0
    for top, page in sorted((pages[page][index].top, page) for page, index in outermost.items()):
        if group and top - first > HEIGHT:
            yield sorted(group)
            group = []
        place = page, outermost[page]
        line = pages[page][place[1]]
        if len(line.text) > LONGEST:
            continue
        if place in numbered or line.size <= LARGEST * _usual_size(pages[page]):
            first = first if group else top
            group.append(page)
    yield sorted(group)


def _usual_size(page: Lines) -> float:
    return statistics.median(line.size for line in page)


def _is_bolder(line: Line, page: Lines) -> bool:
    """Whether a line looks like a heading."""
    usual = statistics.median(other.weight for other in page)
    return line.weight > 1.2 * usual


def _others(
    heights: Sequence[float], pages: Sequence[Lines], group: Sequence[int], outermost: Mapping[int, int]
) -> int:
    """Return how many of these heights are that of the group."""
    tops = [pages[page][outermost[page]].top for page in group]
    return bisect_right(heights, max(tops) + 1) - bisect_left(heights, min(tops) - 1)


class _Nearby:
    """What stands on the pages around a header."""

    def __init__(self, pages: Sequence[Lines], outermost: Mapping[int, int]) -> None:
        self._pages = pages
        self._outermost = outermost
        self._letters: dict[tuple[int, bool], PageLetters] = {}
        self._headers: dict[int, str] = {}

    def repeats(self, page: int) -> bool:
        """Whether the header begins or ends as the ones before, or stands on the next pages."""
        own, words = self._header(page), self._pages[page][self._outermost[page]].text.split()
        if len(own) < SHORTEST:
            return False
        before = [self._header(other) for other in range(page - NEARBY, page)]
        ends = letters(" ".join(words[: (len(words) + 1) // 2])), letters(" ".join(words[len(words) // 2 :]))
        return (
            own in (self._header(page + 1), self._header(page + 2))
            or (len(ends[0]) >= SHORTEST and any(header.startswith(ends[0]) for header in before))
            or (len(ends[1]) >= SHORTEST and any(header.endswith(ends[1]) for header in before))
        )

    def says(self, page: int) -> bool:
        """Whether the header of a page says nothing else, by itself or as two pieces: of chapter and section."""
        words = self._pages[page][self._outermost[page]].text.split()
        return any(
            self._is_known(words[:cut], page) and (cut == len(words) or self._is_known(words[cut:], page))
            for cut in range(len(words), 0, -1)
        )

    def _is_known(self, words: Sequence[str], page: int) -> bool:
        wanted = letters(" ".join(words))
        if len(wanted) < SHORTEST:
            return False
        headers = [self._header(other) for other in range(page - NEARBY, page)]
        if any(header.startswith(wanted) or header.endswith(wanted) for header in headers):
            return True
        is_shortened = words[-1].endswith(("…", "..."))
        return any(
            True
            for other in range(max(0, page - NEARBY), page + 1)
            for _ in self._of(other, is_own=other == page).lines_that_read(wanted, is_shortened=is_shortened)
        )

    def _header(self, page: int) -> str:
        if page not in self._outermost:
            return ""
        if page not in self._headers:
            self._headers[page] = letters(self._pages[page][self._outermost[page]].text)
        return self._headers[page]

    def _of(self, page: int, *, is_own: bool) -> PageLetters:
        if (page, is_own) not in self._letters:
            header = self._outermost.get(page) if is_own else None
            lines = (line.text for index, line in enumerate(self._pages[page]) if index != header)
            self._letters[page, is_own] = PageLetters(lines)
        return self._letters[page, is_own]
