"""A draft made ready for checking: markers, flags and unknown links taken out, then divided into parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.markers import FENCE, Mark, take_out
from bot.verification.asides import without_frame, without_source_list
from bot.verification.sentences import Block, blocks, without_flags

Defuse = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a draft: its text without markers, the markers, and where sentences end that must be flagged."""

    block: Block
    prefix: str
    text: str
    marks: tuple[Mark, ...] = ()
    flags: tuple[int, ...] = field(default=())


def parts(draft: str, defuse: Defuse) -> tuple[Part, ...]:
    """Divide a draft. Prefixes and texts, one after the other, are the draft without its markers."""
    draft = without_frame(without_source_list(draft.strip())).strip()
    while True:
        regions = [(region, marks) for region, marks in _regions(draft, defuse)]
        clean = "".join(region for region, _ in regions)
        if _fences(clean) == [region for region, marks in regions if marks is None]:
            return tuple(part for region, marks in regions for part in _parts(region, marks))
        draft = clean  # a marker hid the begin of a fence: read it again, now without markers


def _fences(text: str) -> list[str]:
    return [match[0] for match in FENCE.finditer(text)]


def _regions(draft: str, defuse: Defuse) -> Iterator[tuple[str, tuple[Mark, ...] | None]]:
    """Yield running text without markers, and its markers; and code, with None."""
    position = 0
    for fence in FENCE.finditer(draft):
        yield take_out(defuse(without_flags(draft[position : fence.start()])))
        yield fence[0], None
        position = fence.end()
    yield take_out(defuse(without_flags(draft[position:])))


def _parts(region: str, marks: Sequence[Mark] | None) -> Iterator[Part]:
    if marks is None:
        yield Part(Block.VERBATIM, "", region)
        return
    pieces = list(blocks(region))
    homes = _homes(pieces, marks)
    start = 0
    for i, (block, prefix, text) in enumerate(pieces):
        first = start + len(prefix)
        own = (Mark(min(max(mark.position - first, 0), len(text)), mark.numbers) for mark in homes[i])
        yield Part(block, prefix, text, tuple(own))
        start = first + len(text)


def _homes(pieces: Sequence[tuple[Block, str, str]], marks: Sequence[Mark]) -> list[list[Mark]]:
    """Give each group of markers to its piece: one on a line of its own to the text before it, else after it."""
    homes: list[list[Mark]] = [[] for _ in pieces]
    ends: list[int] = []
    for _, prefix, text in pieces:
        ends.append((ends[-1] if ends else 0) + len(prefix) + len(text))
    texts = [i for i, (block, _, _) in enumerate(pieces) if block is not Block.VERBATIM]
    for mark in marks if texts else ():
        at = next((i for i, end in enumerate(ends) if mark.position < end), len(pieces) - 1)
        if pieces[at][0] is Block.VERBATIM:
            before = [i for i in texts if i < at]
            at = before[-1] if before else texts[0]
        homes[at].append(mark)
    return homes
