"""Markers: how a draft points to Sources, in every style that models write, and how an answer shows it: `[n]`.

Markers come from drafts only. What a page has in brackets is its text, and never becomes a marker.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_NUMBER = r"\d{1,2}"
_WORD = (
    r"(?:sources?|src|documents?|docs?|ref(?:erence)?s?|cit(?:e|ation)s?|quellen?|fuentes?|fonti|fonte|来源|出典|s|#|no"
    r"|nr)\.?"
)
_LIST = rf"{_NUMBER}(?:\s*(?:[,;&/]|and|und|et|y|or|to|-|–|—|\]\s*,?\s*\[)\s*(?:{_WORD}[\s:#]*)?{_NUMBER})*"
_PLACE = r"(?:\s*†[^\]】]{0,40}|\s*[,:]\s*(?:pp?|pages?|seiten?|lines?|S)\.?\s*[\w–-]{1,12})?"
_FILE = r"(?:\s*[,:–-]?\s*[^\[\]()\n]{1,80}\.pdf\b[^\[\]()\n]{0,30})"
"""Models name the document as well, though they are not asked to."""
_NOUN = r"(?:sources?|quellen?|fuentes?|refs?|docs?)"
_BEFORE = r"(?:(?:see|from|siehe|cf)\.?\s+)?"

MARKER = re.compile(
    rf"(?P<hug>\*\*|\*|__|_|)(?:"
    rf"\(\s*{_BEFORE}(?:{_NOUN}\s*:?\s*)?{_FILE}?[\s,]*\[(?P<wrapped>{_LIST})\]\s*\)"
    rf"|\(\s*{_BEFORE}(?:{_NOUN}\s*:)?{_FILE}[\s,]*{_NOUN}[\s:#]*(?P<named>{_LIST})\s*\)"
    rf"|(?:\b{_NOUN}\s*:\s*)?\^?\\?\[\[?\^?\s*(?:{_WORD}[\s:#]*)?(?P<square>{_LIST})"
    rf"(?:{_FILE}|{_PLACE})\s*\\?\]\]?(?:\(#[^()\s]{{0,60}}\))?"
    rf"|[\[(<]\s*(?:source\s+)?n\s*=\s*[\"“”']?(?P<attribute>{_NUMBER})[\"“”']?\s*/?[\])>]"
    rf"|【\s*(?:{_WORD}[\s:#]*)?(?P<lens>{_LIST}){_PLACE}\s*】"
    rf"|［\s*(?P<wide>{_LIST})\s*］"
    rf"|<(?P<tag>sup|cite|ref)>\s*\[?(?P<sup>{_LIST})\]?\s*</(?P=tag)>"
    rf"|\(\s*(?:see\s+|from\s+|siehe\s+|cf\.?\s+)?(?:sources?|quellen?|fuentes?|refs?|docs?)\.?[\s:#]*\[?"
    rf"(?P<round>{_LIST})\]?(?:{_FILE}|{_PLACE})\s*\)"
    rf"|[-–—]\s*(?:[Ss]ources?|Quellen?|Fuentes?)[\s:#]*(?P<dash>{_LIST})(?=[ \t]*[.)]?[ \t]*(?:\n|\Z))"
    rf"|\b(?:[Ss]ources?|Quellen?|Fuentes?)\s+#?(?P<word>{_LIST})(?![\w%]|[.,:]\d)"
    rf"|(?<=[^\W\d_])(?<!\bwas)(?<!\bwere)(?<!\bis)(?<!\bare)(?<!\bof)(?<!\bto)(?<!\bby)(?<!\bin)[ \t]?\("
    rf"(?P<bare>{_NUMBER}(?:,\s?{_NUMBER})*)\)(?=[.,;:!?](?:\s|\Z)|[ \t]*(?:\n|\Z))"
    rf"|(?<=[^\W\d_.,;!?%)])[ \t]?\^(?P<caret>{_NUMBER})(?=[.,;:!?](?:\s|\Z)|\s|\Z)"
    rf"|(?<=[^\W\d_]{{4}})[ \t]?(?P<raised>[¹²³⁴-⁹]{{1,2}})(?![\w⁰¹²³⁴-⁹])|(?<=[.,;!?%)])(?P<high>"
    rf"[¹²³⁴-⁹]{{1,2}})(?=\s|\Z)"
    rf")(?P=hug)",
    re.IGNORECASE,
)
_MARKER_AND_BLANKS = re.compile(rf"[ \t]*(?:{MARKER.pattern})", re.IGNORECASE)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NOT_NUMBERS = ("hug", "tag")
FENCE = re.compile(
    r"^[ \t>]*(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})[^\n]*\n?(?:.*?(?:^[ \t>]*(?P=fence)[`~]*[ \t]*$)|.*\Z)",
    re.DOTALL | re.MULTILINE,
)
"""A fenced block of code; one that is never closed goes on to the end."""
_CODE = re.compile(r"(?<!`)(`+)(?!`)[^\n]+?(?<!`)\1(?!`)")
_SHOWN = re.compile(r"\[(\d{1,2})\]")
_RANGE = re.compile(r"(\d{1,2})\s*(?:-|–|—|to)\s*(\d{1,2})", re.IGNORECASE)
_SPOKEN = {
    "sources": "the sources",
    "quelle": "der Quelle",
    "quellen": "den Quellen",
    "fuente": "la fuente",
    "fuentes": "las fuentes",
}
_CLOSING = frozenset(" \t\r\n\u00a0.,;:!?)]}\"'”’»*_~|…。，、；：！？）」』")


@dataclass(frozen=True, slots=True)
class Mark:
    """Markers that stood together, and where: a position in the text without markers."""

    position: int
    numbers: tuple[int, ...]


def take_out(text: str) -> tuple[str, tuple[Mark, ...]]:
    """Return the text without markers, and the markers. What is in `code` is not a marker."""
    pieces: list[str] = []
    marks: list[Mark] = []
    length = position = 0
    for match in _outside_code(text):
        kept = text[position : match.start()]
        kept = kept + _spoken(match) if match["word"] else kept.rstrip(" \t\u00a0")
        position = match.end()
        if marks and marks[-1].position == length and not kept:
            marks[-1] = Mark(length, tuple(dict.fromkeys(marks[-1].numbers + _numbers(match))))
        else:
            marks.append(Mark(length + len(kept), _numbers(match)))
        if not length and not kept:
            position += len(text[position:]) - len(text[position:].lstrip(" \t"))
        elif text[position : position + 1] and text[position] not in _CLOSING:
            kept += " "
        pieces.append(kept)
        length += len(kept)
    return _without_leftovers("".join(pieces) + text[position:]), tuple(marks)


def hidden(text: str) -> str:
    """Return a draft without its markers, as it may be shown before it is verified."""
    return _MARKER_AND_BLANKS.sub(lambda match: match[0] if match["word"] else "", text)


def put_in(text: str, marks: Iterable[Mark]) -> str:
    """Return the text with its markers as people see them."""
    pieces: list[str] = []
    position = 0
    for mark in marks:
        pieces += (
            text[position : mark.position],
            " " if text[: mark.position] else "",
            *(f"[{n}]" for n in mark.numbers),
        )
        position = mark.position
    return "".join(pieces) + text[position:]


def shown(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and number of every marker of a verified answer: what a renderer turns into a link."""
    code = code_spans(text)
    for match in _SHOWN.finditer(text):
        if not any(start <= match.start() < end for start, end in code):
            yield (*match.span(), int(match[1]))


def code_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return where fenced blocks and inline code stand; nothing in them is changed."""
    fences = tuple(match.span() for match in FENCE.finditer(text))
    outside = (span for span in inline_code(text) if not any(start <= span[0] < end for start, end in fences))
    return (*fences, *outside)


def inline_code(text: str) -> tuple[tuple[int, int], ...]:
    """Return where `code` stands inside lines."""
    return tuple(match.span() for match in _CODE.finditer(text)) if "`" in text else ()


def _outside_code(text: str) -> Iterator[re.Match[str]]:
    code = inline_code(text)
    return (m for m in MARKER.finditer(text) if not any(m.start() < end and start < m.end() for start, end in code))


def _spoken(match: re.Match[str]) -> str:
    """`According to Source 2, …` still needs a noun when the number is gone."""
    noun = re.split(r"[\s#\d]", match[0].lstrip("*_"), maxsplit=1)[0]
    phrase = _SPOKEN.get(noun.casefold(), "the source")
    return phrase.capitalize() if not match.string[: match.start()].strip() else phrase


def _without_leftovers(text: str) -> str:
    """`[[1]2]` leaves a marker where one was taken out: nobody writes that by accident, and it goes."""
    while found := tuple(_outside_code(text)):
        for match in found:
            text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
    return text


def _numbers(match: re.Match[str]) -> tuple[int, ...]:
    listed = next(group for name, group in match.groupdict().items() if name not in _NOT_NUMBERS and group)
    listed = listed.translate(_RAISED)
    numbers: list[int] = []
    for part in re.split(r"[,;&/]|\band\b|\bund\b|\bor\b|\bet\b|\by\b|\]", listed, flags=re.IGNORECASE):
        span = _RANGE.search(part)
        if span:
            first, last = int(span[1]), int(span[2])
            numbers += range(first, last + 1) if first <= last else (first, last)
        else:
            numbers += map(int, re.findall(r"\d{1,2}", part))
    return tuple(dict.fromkeys(numbers))
