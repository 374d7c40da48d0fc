"""Cutting a long answer into messages: between paragraphs if it can, never through a marker; code stays code. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

SMALLEST_LIMIT = 100

_FENCE = re.compile(r"^(?P<before>[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)*)(?P<fence>`{3,12}|~{3,12})(?P<info>[^`]*)$")
_LOOKS_LIKE_FENCE = re.compile(r"^(?:[\s>]|(?:[-*+]|\d{1,9}[.)])\s)*(?:`{3}|~{3})")
_ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,9}[.)])\s")
_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_MARKER = re.compile(r"\[\d[\d,\s–-]{0,20}\]")
_GOOD_PLACE = re.compile(r"[.!?…][\"”’)\]*_]*(?:\s*\[\d[\d, ]*\])*\s+|\n")
_LONGEST_INFO = 30
_INVISIBLE = "\u200b"
"""Before three backticks that are not a fence, so that they do not become one."""


@dataclass(frozen=True, slots=True)
class _Block:
    """A piece of Markdown that stays whole if it can: a paragraph, a list, a table or a code block."""

    kind: str
    lines: tuple[str, ...]
    gap: str
    """What stood before it: a blank line, or just a line break."""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def split(text: str, limit: int) -> list[str]:
    """Return the text in parts of at most `limit` characters.

    Lists, tables and code blocks that fit one part are kept whole. Code that does not fit is closed at the end of one
    part and opened again in the next; a table's header is repeated. Nothing but white space is lost.
    """
    if limit < SMALLEST_LIMIT:
        raise ValueError(f"parts of {limit} characters are too short to be read")
    parts: list[str] = []
    for block in _blocks(text.replace("\r\n", "\n").split("\n")):
        pieces = [block.text] if len(block.text) <= limit else _pieces(block, limit)
        gap = block.gap
        for piece in pieces:
            _append(parts, gap, piece, limit)
            gap = "\n"
    return [part.rstrip() for part in parts]


def packed(units: Iterable[list[T]], fits: Callable[[list[T]], bool]) -> list[list[T]]:
    """Put what belongs together into as few messages as hold it, in order."""
    messages: list[list[T]] = []
    for unit in units:
        if messages and fits([*messages[-1], *unit]):
            messages[-1] += unit
        else:
            messages.append(list(unit))
    return messages


def _append(parts: list[str], gap: str, piece: str, limit: int) -> None:
    if parts and len(parts[-1]) + len(gap) + len(piece) <= limit:
        parts[-1] += gap + piece
        return
    heading = _heading_at_the_end(parts)
    if heading and len(heading) + len(gap) + len(piece) <= limit:
        parts[-1] = parts[-1].removesuffix(heading).rstrip()
        piece = heading + gap + piece
    parts.append(piece)


def _heading_at_the_end(parts: list[str]) -> str:
    """Return a heading that would stand alone at the end of a part; it belongs to what follows."""
    before, _, last = parts[-1].rpartition("\n") if parts else ("", "", "")
    return last if before.strip() and re.match(r"#{1,6}\s", last) else ""


def _blocks(lines: list[str]) -> Iterator[_Block]:
    position, gap = 0, ""
    while position < len(lines):
        if not lines[position].strip():
            position, gap = position + 1, "\n\n" if gap else ""
            continue
        block, position = _block_at(lines, position, gap)
        yield block
        gap = "\n"


def _block_at(lines: list[str], start: int, gap: str) -> tuple[_Block, int]:
    """Return the block that begins at a line, and where the next one does."""
    fence = _FENCE.match(lines[start])
    if fence:
        return _code(lines, start, gap, fence)
    if start + 1 < len(lines) and "|" in lines[start] and "|" in lines[start + 1] and _RULE.match(lines[start + 1]):
        kind, end = "table", _end(lines, start + 2, lambda line: "|" in line)
    elif _ITEM.match(lines[start]):
        kind, end = "list", _end(lines, start + 1, lambda _line: True)
    else:
        kind, end = "paragraph", _end(lines, start + 1, lambda line: not (_ITEM.match(line) or line.startswith("#")))
    return _Block(kind, tuple(_harmless(line) for line in lines[start:end]), gap), end


def _end(lines: list[str], start: int, belongs: Callable[[str], bool]) -> int:
    """Return where a run of lines ends: at a blank line, at code, or at a line that does not belong."""
    end = start
    while end < len(lines) and lines[end].strip() and not _FENCE.match(lines[end]) and belongs(lines[end]):
        end += 1
    return end


def _code(lines: list[str], start: int, gap: str, fence: re.Match[str]) -> tuple[_Block, int]:
    """Return a code block, closed even where the text ends before it is."""
    closing = re.compile(rf"^[\s>]*{fence['fence'][0]}{{{len(fence['fence'])},}}\s*$")
    end = start + 1
    while end < len(lines) and not closing.match(lines[end]):
        end += 1
    body = lines[start + 1 : end]
    close = lines[end].strip() if end < len(lines) else fence["fence"]
    if len(close) > _LONGEST_INFO:
        body, close = [*body, _harmless(close)], fence["fence"]
    before, info = fence["before"], fence["info"]
    if len(before) + len(info) > _LONGEST_INFO:
        body, before, info = [f"{before}{info}".strip(), *body], "", ""
    return _Block("code", (f"{before}{fence['fence']}{info}", *body, close), gap), end + 1


def _pieces(block: _Block, limit: int) -> Iterable[str]:
    match block.kind:
        case "code":
            return _pieces_of_code(block, limit)
        case "table":
            return _pieces_of_table(block, limit)
        case "list":
            return _packed(_items(block.lines), limit)
    return _pieces_of_text(block.text, limit)


def _pieces_of_code(block: _Block, limit: int) -> Iterator[str]:
    opening, *body, closing = block.lines
    room = limit - len(opening) - len(closing) - 2
    for chunk in _packed(body, room, prose=False):
        yield f"{opening}\n{chunk}\n{closing}"
        opening = re.sub(r"^[^`~]*", "", opening)


def _pieces_of_table(block: _Block, limit: int) -> Iterator[str]:
    header, rows = "\n".join(block.lines[:2]), block.lines[2:]
    room = limit - len(header) - 1
    if room < max((len(row) for row in rows), default=limit):
        yield from _packed(block.lines, limit)
        return
    for chunk in _packed(rows, room):
        yield f"{header}\n{chunk}"


def _items(lines: tuple[str, ...]) -> list[str]:
    """Return a list's items, each with the lines that continue it."""
    items: list[str] = []
    for line in lines:
        if items and not _ITEM.match(line):
            items[-1] += f"\n{line}"
        else:
            items.append(line)
    return items


def _packed(texts: Iterable[str], limit: int, *, prose: bool = True) -> Iterator[str]:
    """Join lines into chunks of at most `limit` characters; a line that is too long is cut."""
    chunk: str | None = None
    for text in texts:
        for piece in [text] if len(text) <= limit else _cut(text, limit, prose):
            if chunk is not None and len(chunk) + 1 + len(piece) <= limit:
                chunk += f"\n{piece}"
                continue
            if chunk is not None:
                yield chunk
            chunk = piece
    if chunk is not None:
        yield chunk


def _cut(text: str, limit: int, prose: bool) -> Iterable[str]:
    if prose:
        return _pieces_of_text(text, limit)
    step = limit - len(_INVISIBLE)
    return (_harmless(text[at : at + step]) for at in range(0, len(text), step))


def _pieces_of_text(text: str, limit: int) -> Iterator[str]:
    """Cut words: after a sentence, else between words, else anywhere but in a marker."""
    while len(text) > limit:
        at = _place_to_cut(text, limit)
        yield text[:at].rstrip()
        text = _harmless(text[at:].lstrip())
    if text:
        yield text


def _place_to_cut(text: str, limit: int) -> int:
    markers = [match.span() for match in _MARKER.finditer(text, 0, limit + 30)]

    def allowed(at: int) -> bool:
        return 0 < at <= limit and not any(start < at < end for start, end in markers)

    good = [match.end() for match in _GOOD_PLACE.finditer(text, limit // 3, limit + 1)]
    begins = {start for start, _ in markers}
    spaces = (match.end() for match in re.finditer(r"\s+", text[: limit + 1]))
    words = [at for at in spaces if at not in begins and text[:at].strip()]
    for candidates in (good, words, range(limit - 30, limit + 1)):
        for at in sorted(candidates, reverse=True):
            if allowed(at):
                return at
    return limit


def _harmless(line: str) -> str:
    """Keep a line that is no fence from being taken for one."""
    return _INVISIBLE + line if _LOOKS_LIKE_FENCE.match(line) else line
