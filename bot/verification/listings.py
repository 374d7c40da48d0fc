"""Lines that are no running text, by their look: code and commands, tables of words, footnote numbers. Pure."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from itertools import pairwise

from bot.verification.sentences import ends_sentence


class Line(enum.Enum):
    """What a line that is no row of figures is."""

    TEXT = "text"
    CODE = "code"
    WORDS = "row of a table of words"


LEAST_ROWS = 3
"""Of a table of words; two short lines may be chance."""

_PROMPT = re.compile(
    r"(?:[\w.-]+@[\w.-]+\S*)?[$>~]\s+(?!(?:in|en|and|per)\b)[^\W\d]|[$>]\s+[./~]\S*[A-Za-z]"
    r"|[A-Za-z][\w.-]*%\s+[a-z]|[A-Z]:\\\S*>"
)
"""Not `$ in millions`, nor `% Change`."""
_ASSIGNMENT = re.compile(r"[A-Za-z_][\w.\[\]$]*\s(?:<-|:=)\s\S")
_STATEMENT_END = re.compile(r"(?:^|[\s)\w])[{}]|\s\\")
_STATEMENT_ENDS = ("{", "}", "\\")
_TERMINATED = re.compile(r"[.?!]['\")\]’”»]*$")
_BROKEN = re.compile(r"[.?!:;,\-\u00ad\u0002\ufffe]['\")\]’”»]*$")
_FOOTNOTE = re.compile(r"(?:[.!?:]['\")\]’”»]*|[a-zß-ÿ]{2,}[.,;])(?:\s+\d{1,2}){1,3}$")


def is_code(line: str) -> bool:
    """Whether a line is what is typed at a prompt, or a statement of a program: no head, and no part of a sentence."""
    stripped = line.strip()
    if stripped[-1:] in _STATEMENT_ENDS and _STATEMENT_END.fullmatch(stripped[-2:]):
        return True
    return bool(_PROMPT.match(stripped) or _ASSIGNMENT.match(stripped))


def goes_on(line: str) -> bool:
    """Whether a line of code says that the next one belongs to it."""
    return line.rstrip().endswith("\\")


def is_finished(line: str, following: str) -> bool:
    """Whether a line ends a sentence, so that a small letter after it begins a name: `lowmem Forces …`.

    A single letter is the rest of an abbreviation that was broken.
    """
    stripped = line.rstrip()
    if stripped[-1:].isalnum() or not _TERMINATED.search(stripped[-6:]) or stripped.endswith(("..", "…")):
        return False
    after = following.lstrip().split(" ", 1)[0].strip(".")
    return len(after) > 1 and ends_sentence(stripped, after)


def ends_in_footnote(line: str) -> bool:
    """Whether a line is the end of a sentence with the number of a footnote: `in the catalogue. 12`."""
    stripped = line.rstrip()
    return stripped[-1:].isdigit() and bool(_FOOTNOTE.search(stripped, max(0, len(stripped) - 20)))


def line_kinds(lines: Sequence[str], wide: float, is_head: Sequence[bool]) -> list[Line]:
    """Tell what each of some lines is; `is_head`: it stands above the figures of a table.

    A row of a table of words, such as `cache Data of applications`, is broken before it is full and ends no sentence,
    and most begin small: running text is as long as it can be, and headings begin large.
    """
    kinds = [Line.CODE if is_code(line) else Line.TEXT for line in lines]
    start = 0
    for i in range(len(lines) + 1):
        if i < len(lines) and kinds[i] is Line.TEXT and not is_head[i] and _may_be_cells(lines[i], wide):
            continue
        while start < i and not lines[start].lstrip()[:1].islower():
            start += 1
        if i - start >= LEAST_ROWS and start and _is_column_head(lines[start - 1]) and _is_loose(lines[start:i]):
            kinds[start:i] = [Line.WORDS] * (i - start)
        start = i + 1
    return kinds


def _may_be_cells(line: str, wide: float) -> bool:
    stripped = line.strip()
    return len(stripped) < wide and not (_BROKEN.search(stripped[-6:]) or ends_in_footnote(line))


def _is_loose(lines: Sequence[str]) -> bool:
    """Whether many lines have room for the first word of the next one; of running text, hardly any."""
    full = 0.95 * max(len(line.strip()) for line in lines)
    pairs = [(line.strip(), following.split()[0]) for line, following in pairwise(lines)]
    loose = sum(len(line) + 1 + len(word) <= full for line, word in pairs)
    small = sum(line.lstrip()[:1].islower() for line in lines)
    single = sum(len(line.split()) < 2 for line in lines)
    return loose >= 0.4 * len(pairs) and 2 * small >= len(lines) and 3 * single <= len(lines)


def _is_column_head(line: str) -> bool:
    """Whether a line may name the columns of the table of words below: `Directory Description`."""
    words = line.split()
    return 2 <= len(words) <= 8 and all(word[:1].isupper() or word in ("of", "and", "or", "in") for word in words)
