"""What a document's lines have in common: hyphenation, printed page numbers, running headers and footers.

Pure functions over the lines of a whole document. A line that may be furniture or may be content is content.
"""

from __future__ import annotations

import re
import statistics
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from ingest.pdfium_lines import Line, Lines, Place
from ingest.running_heads import running_heads

EDGE_LINES = 4
"""How many lines from either edge may be furniture."""

_MARK = "[\u0002\ufffe]"
_BEGIN = r"(?<![^\W_])"
"""Elsewhere in a word nothing is to be tried: for words without end that would take without end."""
_JOINT = re.compile(rf"{_BEGIN}([^\W_]++){_MARK}(?=([^\W_]++))")
_JOINED = re.compile(rf"{_BEGIN}[^\W_]++(?:{_MARK}[^\W_]++)+")
_WORD = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)*")


def respelled(pages: Sequence[Lines]) -> list[Lines]:
    """Decide for every word that was broken over two lines whether its hyphen is part of it.

    The document's other words decide: `founda-tion` stands elsewhere as one word, `self-service` with its hyphen.
    They also give back the second f of `ef ect`: PDFium takes a slanted letter that overlaps its twin for a shadow.
    """
    texts = ["\n".join(line.text for line in page) for page in pages]
    if not any(_is_marked(text) or _lacks_letters(text) for text in texts):
        return list(pages)
    words = _words(texts)

    def spelled(joint: re.Match[str]) -> str:
        return joint[1] + _hyphen(joint[1].casefold(), joint[2].casefold(), words)

    def completed(after: re.Match[str]) -> str:
        before = re.split(r"[\W_]", after.string[max(0, after.start() - 20) : after.start() + 1])[-1]
        return "ff" if f"{before}f{after[1]}".casefold() in words else after[0]

    def mended(line: Line) -> Line:
        if not (_is_marked(line.text) or _lacks_letters(line.text)):
            return line
        text = _AFTER_F.sub(completed, line.text)
        return line._replace(text=re.sub(_MARK, "-", _JOINT.sub(spelled, text)))

    return [
        [mended(line) for line in page] if _is_marked(text) or _lacks_letters(text) else page
        for page, text in zip(pages, texts, strict=True)
    ]


_AFTER_F = re.compile(r"f (?<!\b[oiOI]f )(?=([a-z]+))")
"""What stands between two halves of a word that lost its second f; also the space after any other word in f."""


def _lacks_letters(text: str) -> bool:
    return _AFTER_F.search(text) is not None


def _is_marked(text: str) -> bool:
    return "\ufffe" in text or "\u0002" in text


def _words(texts: Sequence[str]) -> set[str]:
    """Return all words of a document but the broken ones, and of those with several hyphens each pair."""
    words: set[str] = set()
    for text in texts:
        words.update(_WORD.findall((_JOINED.sub("", text) if _is_marked(text) else text).casefold()))
    return words | {"-".join(pair) for word in words if word.count("-") > 1 for pair in pairwise(word.split("-"))}


def _hyphen(left: str, right: str, words: Set[str]) -> str:
    if left + right in words:
        return ""
    is_compound = f"{left}-{right}" in words or (left in words and right in words)
    return "-" if is_compound or not (left.isalpha() and right.isalpha()) else ""


class Furniture(NamedTuple):
    """Lines that are not content, and the page numbers printed in them, by index of the page."""

    places: frozenset[Place]
    labels: Mapping[int, str]


def furniture(pages: Sequence[Lines]) -> Furniture:
    """Recognise running headers, footers and printed page numbers; documents of one or two pages have none."""
    if len(pages) < 3:
        return Furniture(frozenset(), {})
    edges = [(_edge(page, from_top=True), _edge(page, from_top=False)) for page in pages]
    repeated = [_repeated(pages, [edge[side] for edge in edges]) for side in (0, 1)]
    numbers = _printed_numbers(pages, edges, repeated[0] | repeated[1])
    alone = {place for place, number in numbers.items() if number.is_alone}
    places: set[Place] = set(alone)
    for side in (0, 1):
        detached = _detached(pages, [edge[side] for edge in edges], repeated[side], places)
        for page, edge in enumerate(edges):
            for index in edge[side]:
                if (page, index) not in places and _key(pages[page][index].text) not in detached:
                    break  # from here on inwards is content
                places.add((page, index))
    for side in (0, 1):
        places |= _running(pages, [edge[side] for edge in edges], places, numbers.keys())
    emptied = _emptied(pages, places)
    if 2 * len(emptied) > len(pages):  # a stack of forms, each of a line or two, is all content
        places = {place for place in places if place[0] not in emptied or place in alone}
    printed = {page: number for (page, i), number in numbers.items() if number.is_sure or (page, i) in places}
    return Furniture(frozenset(places), _labels(printed))


def _running(
    pages: Sequence[Lines], edges: Sequence[Sequence[int]], places: Set[Place], numbers: Set[Place]
) -> set[Place]:
    """Return the running headers that stand next to what is furniture already, line by line inwards."""
    found: set[Place] = set()
    for _ in range(EDGE_LINES):
        outermost = {
            page: index
            for page, edge in enumerate(edges)
            if (index := next((i for i in edge if (page, i) not in places and (page, i) not in found), None))
            is not None
        }
        new = running_heads(pages, outermost, places | found, numbers, _has_gap)
        if not new:
            break
        found |= new
    return found


def _emptied(pages: Sequence[Lines], places: Set[Place]) -> frozenset[int]:
    """Return the pages of which nothing would be left."""
    return frozenset(
        number for number, page in enumerate(pages) if page and all((number, i) in places for i in range(len(page)))
    )


def _edge(page: Lines, *, from_top: bool) -> list[int]:
    """Return the outermost lines of a page, from the edge inwards, as people see them."""
    upright = [index for index, line in enumerate(page) if line.size > 0]
    upright.sort(key=lambda index: page[index].top, reverse=not from_top)
    return upright[:EDGE_LINES]


_DIGITS = re.compile(r"\d+")
_ROMAN_EDGE = re.compile(r"^[ivxlc]{1,7}\b|\b[ivxlc]{1,7}$")


@lru_cache(maxsize=8192)
def _key(text: str) -> str:
    """Return what stays the same when a header is repeated on another page; empty when nothing does."""
    key = _DIGITS.sub("#", _ROMAN_EDGE.sub("#", " ".join(text.casefold().split())))
    return key if sum(map(str.isalpha, key)) >= 2 else ""


def _repeated(pages: Sequence[Lines], edges: Sequence[Sequence[int]]) -> set[str]:
    """Return the keys of lines that return on many pages, or on most pages of a stretch, such as a chapter."""
    occurrences: dict[str, dict[int, str]] = defaultdict(dict)
    for page, edge in enumerate(edges):
        for index in edge:
            occurrences[_key(pages[page][index].text)][page] = pages[page][index].text
    occurrences.pop("", None)
    return {
        key for key, texts in occurrences.items() if _is_frequent(texts.keys(), len(pages)) and _says_nothing_new(texts)
    }


def _says_nothing_new(texts: Mapping[int, str]) -> bool:
    """Whether each number in a repeated line stays the same or counts pages; `Exhibit 31.1` … `32.2` does neither."""
    rows = [(page, _DIGITS.findall(text)) for page, text in texts.items()]
    for column in range(min(len(numbers) for _, numbers in rows)):
        same = Counter(numbers[column] for _, numbers in rows)
        counting = Counter(int(numbers[column][:9]) - page for page, numbers in rows)
        if max(*same.values(), *counting.values()) < 0.6 * len(rows):
            return False
    return True


def _is_frequent(found: Set[int], pages: int) -> bool:
    stretch = max(found) - min(found) + 1
    return len(found) >= 3 and (len(found) >= 0.3 * pages or (len(found) >= 5 and len(found) >= 0.45 * stretch))


def _detached(
    pages: Sequence[Lines], edges: Sequence[Sequence[int]], repeated: Set[str], numbers: Set[Place]
) -> set[str]:
    """Return the keys of repeated lines that stand apart from the text; the head of a continued table does not."""
    votes: dict[str, list[bool]] = defaultdict(list)
    for page, edge in enumerate(edges):
        is_apart = False
        for position in range(len(edge) - 1, -1, -1):
            index = edge[position]
            key = _key(pages[page][index].text)
            if key in repeated or (page, index) in numbers:
                is_apart = is_apart or _has_gap(pages[page], index)
                votes[key].append(is_apart)
            else:
                is_apart = False
    return {key for key, vote in votes.items() if key and sum(vote) >= len(vote) / 2}


def _has_gap(page: Lines, index: int) -> bool:
    """Whether the space between a line at an edge and what follows inwards is wider than between lines of text."""
    tops = sorted({round(line.top) for line in page if line.size > 0})
    own = round(page[index].top)
    rank = tops.index(own)
    is_upper = rank < len(tops) / 2
    inner = tops[rank:] if is_upper else tops[rank::-1]
    steps = [abs(b - a) for a, b in pairwise(inner) if abs(b - a) > 2]
    if len(steps) < 4:  # too few lines to know their usual distance
        return not steps or steps[0] > 2.2 * page[index].size
    return steps[0] > 1.25 * statistics.median(steps[1:12])


class _Number(NamedTuple):
    """A page number as printed: `F-12` has the prefix `F-`; alone, or at an end of a longer line."""

    prefix: str
    value: int
    is_roman: bool
    is_alone: bool
    is_sure: bool
    """It is alone, or in a line that is repeated: in any other it counts where there is no such number."""


_NUMBER = r"(?P<prefix>[A-Z]{1,3}-)?(?:(?P<digits>\d{1,4})|(?P<roman>[ivxlcIVXLC]{1,7}))"
_ALONE = re.compile(
    rf"[\W_]*(?:(?i:page|seite|página|pagina|pág|pag|pg|p)\b\.?\s*)?{_NUMBER}"
    r"(?:\s*(?:/|\||(?i:of|von|de|sur|di|van))\s*\d{1,5})?[\W_]*"
)
_AT_AN_END = (
    re.compile(rf".*[\s|]{_NUMBER}"),
    re.compile(rf"{_NUMBER}[\s|].*"),
    re.compile(rf".*\b(?i:page|seite|página|pagina)\s{_NUMBER}\b.*"),
)


def _printed_numbers(
    pages: Sequence[Lines], edges: Sequence[tuple[list[int], list[int]]], repeated: Set[str]
) -> dict[Place, _Number]:
    """Return for each page the number at its edge that counts up with the pages around it."""
    candidates = [
        ((page, index), number)
        for page, edge in enumerate(edges)
        for index in dict.fromkeys(edge[0] + edge[1])
        for number in _numbers(pages[page][index].text, repeated, is_outermost=index in (*edge[0][:1], *edge[1][:1]))
    ]
    groups: dict[tuple[str, bool, int], list[int]] = defaultdict(list)
    for (page, _), number in candidates:
        groups[_group(page, number)].append(page)
    best: dict[int, tuple[tuple[bool, int], Place, _Number]] = {}
    for place, number in candidates:
        found = groups[_group(place[0], number)]
        worth = number.is_sure, len(found)
        if _has_company(found, place[0]) and (place[0] not in best or worth > best[place[0]][0]):
            best[place[0]] = worth, place, number
    return {place: number for _, place, number in best.values()}


def _numbers(text: str, repeated: Set[str], *, is_outermost: bool) -> Iterator[_Number]:
    text = text.strip()
    alone = _ALONE.fullmatch(text) if len(text) < 40 else None
    is_repeated = _key(text) in repeated
    if alone:
        yield from _number(alone, is_alone=True, is_sure=True)
    elif is_repeated or is_outermost:
        for pattern in _AT_AN_END:
            match = pattern.fullmatch(text)
            if match:
                yield from _number(match, is_alone=False, is_sure=is_repeated)


def _number(match: re.Match[str], *, is_alone: bool, is_sure: bool) -> Iterator[_Number]:
    if match["digits"]:
        yield _Number(match["prefix"] or "", int(match["digits"]), False, is_alone, is_sure)
    elif _roman(value := _roman_value(match["roman"])) == match["roman"].lower():
        yield _Number(match["prefix"] or "", value, True, is_alone, is_sure)


def _group(page: int, number: _Number) -> tuple[str, bool, int]:
    """Return what numbers of one count have in common: on every page the same distance to the page."""
    return number.prefix, number.is_roman, number.value - page


def _has_company(found: list[int], page: int) -> bool:
    """Whether two more pages nearby are numbered by the same count; `found` is sorted."""
    return bisect_right(found, page + 6) - bisect_left(found, page - 6) >= 3


def _labels(numbers: Mapping[int, _Number]) -> dict[int, str]:
    """Return what is printed on each page, and between two pages of one count what would be."""
    labels = {page: _label(number) for page, number in numbers.items()}
    known = sorted(numbers)
    for before, after in pairwise(known):
        if 1 < after - before <= 6 and _group(before, numbers[before]) == _group(after, numbers[after]):
            for page in range(before + 1, after):
                labels[page] = _label(numbers[before]._replace(value=numbers[before].value + page - before))
    return labels


def _label(number: _Number) -> str:
    return number.prefix + (_roman(number.value) if number.is_roman else str(number.value))


_ROMAN = (("c", 100), ("xc", 90), ("l", 50), ("xl", 40), ("x", 10), ("ix", 9), ("v", 5), ("iv", 4), ("i", 1))


def _roman(value: int) -> str:
    text = ""
    for letters, worth in _ROMAN:
        count, value = divmod(value, worth)
        text += letters * count
    return text


def _roman_value(text: str) -> int:
    worths = [dict(_ROMAN)[letter] for letter in text.lower()]
    return sum(-a if a < b else a for a, b in zip(worths, [*worths[1:], 0], strict=True))
