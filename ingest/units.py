"""A page's text as units that a chunk takes whole or not at all: headings, table rows, list items, sentences. Pure."""

from __future__ import annotations

import enum
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Protocol

from ingest.documents import Heading, Page, Span
from ingest.normalise import normalise
from ingest.sentences import sentence_starts


class Counter(Protocol):
    """Counts tokens as the embedding model does; `ingest.tokens.TokenCounter` is the real one."""

    def counts(self, texts: Sequence[str]) -> list[int]: ...

    def spans(self, text: str) -> list[tuple[int, int]]: ...


class Cut(enum.IntEnum):
    """What stands at the start of a unit: how good a place it is for a new chunk, best first."""

    HEADING = 0
    PARAGRAPH = 1
    SENTENCE = 2
    ROW = 3
    """Between two rows of one table, or between a table and the words above it."""
    INSIDE = 4
    """Inside a sentence or row that is too long for one unit."""


@dataclass(frozen=True, slots=True)
class Unit:
    """`Page.text[start:end]`, neither beginning nor ending with white space."""

    start: int
    end: int
    size: int
    """Tokens; more for scripts of which the tokenizer knows no words."""
    cut: Cut
    is_heading: bool = False


CHARACTERS_PER_TOKEN = 10
"""Text with more characters a token than this is counted by characters: an unknown word of any length is one token."""

_LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")
_WORD = re.compile(r"\S+")
_ITEM = re.compile(r"(?:[•▪◦‣●■□▶►✓➢\uf0b7\uf0a7·*–—-]\s|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]\s)")
_WIDE_GAP = re.compile(r"\S(?:[ \u00a0]{3,}|\t+)(?=\S)")
_AMOUNT = re.compile(r"[(\[$€£¥%~+\-–—−]*\d[\d,.'’]*[%)\]x*]*|[$€£¥—–−()%-]+")
_YEAR = re.compile(r"(?:19|20)\d\d[,.;:]?")
_CLAUSE_ENDS = frozenset(",;:)、，；：")


class RowLikeness(enum.IntEnum):
    """How much a line by itself looks like a row of a table."""

    NONE = 0
    SOME = 1
    """Could also be running text with figures in it; a row if the line before or after it is one."""
    CLEAR = 2


def row_likeness(line: str) -> RowLikeness:
    """Judge by wide gaps, and by figures at the end among few words. Years are not figures."""
    if ("  " in line or "\t" in line or "\u00a0" in line) and len(_WIDE_GAP.findall(line)) >= 2:
        return RowLikeness.CLEAR
    words = line.split()
    if not words or not _is_amount(words[-1]):
        return RowLikeness.NONE
    amounts = sum(map(_is_amount, words))
    plain = len(words) - amounts
    if amounts >= 2 and plain <= 3 * amounts:
        return RowLikeness.CLEAR
    return RowLikeness.SOME if plain <= 6 * amounts or len(words) <= 9 else RowLikeness.NONE


def _is_amount(word: str) -> bool:
    return _AMOUNT.fullmatch(word) is not None and _YEAR.fullmatch(word) is None


@dataclass(slots=True)
class _Line:
    start: int
    end: int
    after_gap: bool
    """An empty line stands before it."""
    row: RowLikeness
    is_item: bool
    is_heading: bool = False
    begins_section: bool = False

    @property
    def is_row(self) -> bool:
        return self.row is RowLikeness.CLEAR


def page_units(page: Page, limit: int, counter: Counter) -> list[Unit]:
    """Return the units of a page in reading order, none larger than `limit` unless it is a single token.

    Every character of the page that is neither furniture nor white space is in exactly one of them.
    """
    text = without_furniture(page)
    drafts = list(_drafts(text, _lines(page, text)))
    sizes = _sizes([text[draft.start : draft.end] for draft in drafts], counter)
    units: list[Unit] = []
    for draft, size in zip(drafts, sizes, strict=True):
        unit = Unit(draft.start, draft.end, size, draft.cut, draft.is_heading)
        units.extend((unit,) if size <= limit else _pieces(unit, text, limit, counter))
    return units


def without_furniture(page: Page) -> str:
    """Return the page's text with blanks in place of running headers and footers: all offsets stay."""
    text = page.text
    for span in page.furniture:
        text = text[: span.start] + re.sub(r"[^\r\n]", " ", text[span.start : span.end]) + text[span.end :]
    return text


def _sizes(texts: Sequence[str], counter: Counter) -> list[int]:
    searched = [text if text.isascii() else normalise(text) for text in texts]
    return [
        max(count, -(-len(text) // CHARACTERS_PER_TOKEN))
        for count, text in zip(counter.counts(searched), searched, strict=True)
    ]


def _lines(page: Page, text: str) -> list[_Line]:
    lines: list[_Line] = []
    gap = False
    for match in _LINE.finditer(text):
        stripped = _strip(text, match.start(), match.end())
        if stripped is None:
            # A line of furniture hides no gap; a really empty line is one.
            gap = gap or not page.text[match.start() : match.end()].strip()
            continue
        gap = gap or _has_empty_line(page.text, lines[-1].end if lines else 0, stripped.start)
        line = text[stripped.start : stripped.end]
        lines.append(_Line(stripped.start, stripped.end, gap, row_likeness(line), _ITEM.match(line) is not None))
        gap = False
    _mark_rows(lines)
    _mark_headings(lines, page.headings, text)
    return lines


def _mark_rows(lines: Sequence[_Line]) -> None:
    """Settle the lines that look like rows a little: beside another such line they are rows, alone they are not."""
    likeness = [RowLikeness.NONE, *(line.row for line in lines), RowLikeness.NONE]
    for index, line in enumerate(lines):
        if line.row is RowLikeness.SOME:
            alone = max(likeness[index], likeness[index + 2]) is RowLikeness.NONE
            line.row = RowLikeness.NONE if alone else RowLikeness.CLEAR


def _has_empty_line(text: str, start: int, end: int) -> bool:
    between = text[start:end]
    return between.isspace() and between.replace("\r\n", "\n").count("\n") >= 2


def _strip(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    if left == len(piece):
        return None
    return Span(start + left, start + len(piece.rstrip()))


def _mark_headings(lines: list[_Line], headings: Iterable[Heading], text: str) -> None:
    ends = [line.end for line in lines]
    for heading in headings:
        index = bisect_right(ends, heading.start)
        if index == len(lines):
            continue
        lines[index].begins_section = True
        rest = _letters(heading.text)
        for line in lines[index:]:
            letters = _letters(text[line.start : line.end])
            if not letters or not rest.startswith(letters):
                break
            line.is_heading = True
            line.row, line.is_item = RowLikeness.NONE, False
            rest = rest[len(letters) :]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


@dataclass(frozen=True, slots=True)
class _Draft:
    start: int
    end: int
    cut: Cut
    is_heading: bool = False


def _drafts(text: str, lines: Sequence[_Line]) -> Iterator[_Draft]:
    """Group lines into units that have no size yet: heading lines together, rows alone, prose by sentence."""
    position = 0
    while position < len(lines):
        first = lines[position]
        previous = lines[position - 1] if position else None
        length = _run(lines, position)
        end = lines[position + length - 1].end
        if first.is_heading or first.is_row:
            yield _Draft(first.start, end, _cut(first, previous), first.is_heading)
        else:
            yield from _sentences(text, first.start, end, _cut(first, previous))
        position += length


def _run(lines: Sequence[_Line], position: int) -> int:
    """Return how many lines from `position` on are one heading, one row, or one stretch of running text."""
    first = lines[position]
    length = 1
    for line in lines[position + 1 :]:
        same = line.is_heading == first.is_heading and not line.is_row and not first.is_row
        if not same or line.begins_section or line.after_gap or line.is_item:
            break
        length += 1
    return length


def _cut(line: _Line, previous: _Line | None) -> Cut:
    if line.begins_section or line.is_heading:
        return Cut.HEADING
    if line.is_row and not line.after_gap:
        return Cut.ROW
    if line.after_gap or line.is_item or (previous is not None and previous.is_row):
        return Cut.PARAGRAPH
    return Cut.SENTENCE


def _sentences(text: str, start: int, end: int, first: Cut) -> Iterator[_Draft]:
    starts = [start + offset for offset in sentence_starts(text[start:end])]
    cut = first
    for begin, following in pairwise([*starts, end]):
        span = _strip(text, begin, following)
        if span is not None:
            yield _Draft(span.start, span.end, cut)
            cut = Cut.SENTENCE


def _pieces(unit: Unit, text: str, limit: int, counter: Counter) -> Iterator[Unit]:
    """Cut a unit that is too large: at line ends, else after clauses, else between words, else between tokens."""
    cut = unit.cut
    spans = list(_piece_spans(unit, text, max(1, limit // 2), counter))
    sizes = _sizes([text[span.start : span.end] for span in spans], counter)
    for span, size in zip(spans, sizes, strict=True):
        piece = Unit(span.start, span.end, size, cut, unit.is_heading)
        # Half a word can have more tokens than the whole: an unknown word of a hundred letters is only one.
        again = size > limit and len(spans) > 1
        yield from _pieces(piece, text, limit, counter) if again else (piece,)
        cut = Cut.INSIDE


def _piece_spans(unit: Unit, text: str, limit: int, counter: Counter) -> Iterator[Span]:
    spans = counter.spans(text[unit.start : unit.end]) or [(0, unit.end - unit.start)]
    tokens = [(unit.start + start, unit.start + end) for start, end in _countable(spans, limit)]
    ranks = _ranks(text, tokens)
    ends = list(accumulate(max(1, (end - start) // CHARACTERS_PER_TOKEN) for start, end in tokens))
    first = 0
    while first < len(tokens):
        taken = ends[first - 1] if first else 0
        last = max(first + 1, bisect_right(ends, taken + limit))
        if last < len(tokens):
            # The best place in the second half of what would fit, the later one among equals.
            half = max(first + 1, bisect_right(ends, taken + limit // 2))
            last = min(range(half, last + 1), key=lambda i: (ranks[i], -i), default=last)
        start = tokens[first][0] if first else unit.start
        span = _strip(text, start, tokens[last][0] if last < len(tokens) else unit.end)
        if span is not None:
            yield span
        first = last


def _countable(spans: Iterable[tuple[int, int]], limit: int) -> Iterator[tuple[int, int]]:
    """Cut a token of very many characters, as an unknown word is, into pieces of at most `limit` tokens' size."""
    length = CHARACTERS_PER_TOKEN * limit
    for start, end in spans:
        for begin in range(start, max(end, start + 1), length):
            yield begin, min(end, begin + length)


def _ranks(text: str, tokens: Sequence[tuple[int, int]]) -> list[int]:
    """Return for each token how bad it is to cut before it: line end 0, clause 1, word 2, inside a word 3."""
    ranks = [3]
    for (_, end), (start, _) in pairwise(tokens):
        between = text[end:start]
        if "\n" in between or "\r" in between:
            ranks.append(0)
        elif text[end - 1] in _CLAUSE_ENDS:
            ranks.append(1)
        else:
            ranks.append(2 if between else 3)
    return ranks
