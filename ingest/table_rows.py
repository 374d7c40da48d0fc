"""Rows of tables, put together from what PDFium gives as lines of their own. Pure."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ingest.pdfium_lines import Line

CELL_LINES = 4
"""Lines of a table's cell that are looked at for what stands beside them."""

LINE_HEIGHT = 1.6
"""From line to line within a cell, in heights of the type, at most."""


class Placed(NamedTuple):
    """A line with its ends as people see the page, left to right."""

    line: Line
    left: float
    right: float
    is_vertical: bool = False
    """Its characters stand upright, one below the other."""


def in_rows(lines: Iterable[Placed]) -> Iterator[Placed]:
    """Yield the lines of a page, those of one row as one."""
    rows: deque[Placed] = deque()
    for placed in lines:
        if rows and _is_same_row(rows[-1], placed):
            rows[-1] = _joined(rows[-1], placed)
            continue
        if len(rows) > 2:
            _put_cell_into_its_row(rows, placed)
        rows.append(placed)
        if len(rows) > CELL_LINES + 2:
            yield rows.popleft()
    if len(rows) > 2:
        _put_cell_into_its_row(rows, None)
    yield from rows


def _is_same_row(row: Placed, placed: Placed) -> bool:
    """Whether PDFium began a line where people see none: it does so in tables, before a cell of one character."""
    if placed.left < row.right - 1:
        return False
    size = min(row.line.size, placed.line.size)
    shared = min(row.line.top + row.line.size, placed.line.top + placed.line.size) - max(row.line.top, placed.line.top)
    return size > 0 and shared > 0.6 * size


def _put_cell_into_its_row(rows: deque[Placed], following: Placed | None) -> None:
    """Move the last of some rows, a cell of one line, behind the line at whose height it stands.

    PDFium gives a row of a table cell by cell where one of its cells goes on below: the next cell then comes after the
    whole of it. Between the two stands nothing but that cell, and what follows is not below the moved one: columns of
    text, addresses and notes in the margin have more than one line.
    """
    cell = rows[-1]
    if cell.left <= rows[-2].right:  # as nearly all lines are
        return
    index = next((index for index in range(len(rows) - 3, -1, -1) if _is_same_row(rows[index], cell)), None)
    if index is None:
        return
    first, wrapped = rows[index], list(itertools.islice(rows, index + 1, len(rows) - 1))
    right = max(line.right for line in wrapped)
    if right >= cell.left or (following is not None and following.left > right):
        return
    reach = (len(wrapped) + 0.5) * LINE_HEIGHT * first.line.size
    indent = first.left + first.line.size / 2
    if all(line.left > indent and abs(line.line.top - first.line.top) < reach for line in wrapped):
        rows.pop()
        rows[index] = _joined(first, cell)


def _joined(row: Placed, placed: Placed) -> Placed:
    a, b = row.line, placed.line
    line = a._replace(
        text=f"{a.text} {b.text.lstrip()}",
        top=min(a.top, b.top),
        size=max(a.size, b.size),
        weight=min(a.weight, b.weight),
        is_italic=a.is_italic and b.is_italic,
    )
    return Placed(line, row.left, placed.right)
