"""A draft taken apart: Markdown blocks, and the sentences in them. Pages are not here."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator

from bot.markers import inline_code
from bot.verification.dates import MONTHS
from bot.verification.languages import fold, listed
from bot.wording import WORDINGS


class Block(enum.StrEnum):
    """What a piece of a draft is."""

    TEXT = "text"
    HEADING = "heading"
    ITEM = "item"
    HEADER_ROW = "header row"
    ROW = "row"
    VERBATIM = "verbatim"
    """Code, rules, empty lines: never touched."""


Piece = tuple[Block, str, str]
"""What it is, its prefix (bullet, quote sign, #) and its text."""

_PREFIX = re.compile(
    r"[ \t]*(?:>[ \t]?)*(?P<sign>#{1,6}(?=\s)|[-*+•](?=\s)|\d{1,3}[.)](?=\s)|\(?[a-z]\)(?=\s)|)[ \t]*"
    r"(?:\[[ xX]\][ \t]+)?"
)
_RULE = re.compile(r"[ \t]*(?:[-*_=][ \t]*){3,}$")
_SEPARATOR = re.compile(r"[ \t>]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*$")
_BOLD_LINE = re.compile(r"(\*\*|__)[^*_]+\1:?[ \t]*$")


def blocks(text: str) -> Iterator[Piece]:
    """Divide running text; the prefixes and texts, one after the other, are the text."""
    lines = text.splitlines(keepends=True)
    waiting: Piece | None = None
    for i, line in enumerate(lines):
        block, prefix, body = _line(line, lines[i + 1] if i + 1 < len(lines) else "")
        if waiting and block is Block.TEXT and not prefix.strip() and waiting[0] in (Block.TEXT, Block.ITEM):
            waiting = (waiting[0], waiting[1], waiting[2] + line)
            continue
        if waiting:
            yield waiting
        waiting = (block, prefix, body)
    if waiting:
        yield waiting


def _line(line: str, following: str) -> Piece:
    body, following = line.rstrip("\r\n"), following.rstrip("\r\n")
    if not body.strip() or _RULE.match(body) or _SEPARATOR.match(body):
        return Block.VERBATIM, "", line
    prefix = _PREFIX.match(body)
    lead, sign = (prefix[0], prefix["sign"]) if prefix else ("", "")
    text = line[len(lead) :]
    has_separator = "-" in following and bool(_SEPARATOR.match(following))
    if text.startswith("|") or ("|" in body and "|" in following and has_separator):
        return (Block.HEADER_ROW if has_separator else Block.ROW), lead, text
    if sign.startswith("#") or (not sign and _BOLD_LINE.match(text.rstrip("\r\n"))):
        return Block.HEADING, lead, text
    return (Block.ITEM if sign else Block.TEXT), lead, text


_TERMINATOR = re.compile(r"[.!?…。！？\n][.!?…]*[\"'”’»)\]*_~」』）]*")
_FULL_WIDTH = frozenset("。！？")
_ABBREVIATIONS = frozenset(
    listed(
        "e.g i.e etc vs approx ca cf n no nos p pp fig figs sec secs art inc ltd co corp mr mrs ms dr prof st jr sr u.s"
        " u.k ph.d est max min incl excl dept ref eq vol ed eds al z.b d.h bzw usw nr ggf inkl abs vgl s str tel mio"
        " mrd evtl sog u.a m jan feb mar apr jun jul aug sep sept oct nov dec viz a.m p.m"
    )
)
_MAY_END = frozenset(listed("etc a.m p.m u.s u.k inc ltd corp co"))
"""Abbreviations that a sentence ends with as often as not."""


_QUOTATION = re.compile(r"“[^“”\n]{1,400}”|\A\*[^*\n]{1,250}:\*")


def quotations(text: str) -> tuple[tuple[int, int], ...]:
    """Return where quotations and a label in italics stand; full stops in them end no sentence around them."""
    return tuple(match.span() for match in _QUOTATION.finditer(text)) if "“" in text or text[:1] == "*" else ()


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the sentences of a text; white space between them belongs to none."""
    start = 0
    whole = (*inline_code(text), *quotations(text))
    for match in _TERMINATOR.finditer(text):
        if any(first < match.end() < last for first, last in whole) or not _ends(text, match):
            continue
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    body = text[start:end]
    if body.strip():
        yield start + len(body) - len(body.lstrip()), end - (len(body) - len(body.rstrip()))


def _ends(text: str, match: re.Match[str]) -> bool:
    """Whether a terminator is the end of a sentence, or of an abbreviation, a number, a line that goes on."""
    end = match.end()
    if match[0][0] in _FULL_WIDTH or end == len(text):
        return True
    if match[0][0] != "\n" and not text[end].isspace():
        return False
    if match[0].startswith(".") and text[: match.start()].endswith(" "):
        return False  # `0.005 .. 0.010` is a range, and `.` a key
    following = _WORD_AFTER.match(text, end)
    after = following[1] if following else ""
    if not after or after[0].islower():
        return not after
    return match[0][0] != "." or not _is_abbreviated(text, match.start(), after)


def ends_sentence(line: str, after: str) -> bool:
    """Whether the last sign of a line ends a sentence, given the word that begins the next line."""
    found = list(_TERMINATOR.finditer(line))
    return bool(found) and (found[-1][0][0] != "." or not _is_abbreviated(line, found[-1].start(), after or " "))


def _is_abbreviated(text: str, stop: int, after: str) -> bool:
    start = stop
    while start > stop - 24 and start and (text[start - 1].isalnum() or text[start - 1] == "."):
        start -= 1
    word = text[start:stop]
    folded = fold(word).strip(".")
    if folded in _ABBREVIATIONS:
        return not (folded in _MAY_END and after[0].isupper())
    if len(word) == 1 and word.isupper():
        return True  # an initial
    return len(word) <= 2 and word.isdigit() and fold(after.strip(".,;")) in MONTHS


_WORD_AFTER = re.compile(r"\s*(\S{1,40})")

_FLAG = re.compile("|".join(rf"[ \t]*{re.escape(one.flag)}" for one in WORDINGS.values()))


def without_flags(text: str) -> str:
    return _FLAG.sub("", text) if "*(" in text else text
