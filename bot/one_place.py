"""How much of a question stands in one place of a page: in one sentence or row, with what is beside and above it. Pure.

A page that has every word of the question somewhere need not answer it; a sentence that has them mostly does.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.verification.languages import fold_text
from bot.verification.words import beginnings, content_stem, is_pair

BESIDE = 0.6
"""What a word counts for that stands in the sentence before or after, or in the first one of the passage."""
_END = re.compile(r"[.!?;\n。！？](?:\W+|(?<=[\n。！？]))")
"""Signs on a line of their own, such as the bullet of an item, are no place."""
_WITHIN_CODE = re.compile(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)")
"""Where RF-12 may have a hyphen: its stem has none."""

Held = dict[int, set[str]]
"""Which of the wanted stems the sentences and lines of a passage have, by number. Those with none are left out."""


def in_one_place(wanted: frozenset[str], pages: Sequence[Sequence[str]]) -> list[float]:
    """Return for each page, 0…1, how much of what is wanted its best place has.

    Args:
        wanted: the stems of the question; those on few of the pages count more.
        pages: the passages of each page.
    """
    finder = _finder(wanted)
    held = [[_held(fold_text(passage), finder, wanted) for passage in page] for page in pages]
    on = Counter(stem for page in held for stem in _union(_union(one.values()) for one in page))
    rarity = {stem: math.log(1 + len(pages) / (1 + on[stem])) for stem in wanted}
    total = sum(rarity.values()) or 1.0
    return [max((_best(one, rarity) for one in page), default=0.0) / total for page in held]


def _finder(wanted: Iterable[str]) -> re.Pattern[str]:
    """Find what may be a word of one of the stems, or the end of one: quicker than reading every word."""
    pairs = sorted(stem for stem in wanted if is_pair(stem))
    begun = sorted({begins for stem in wanted if stem not in pairs for begins in beginnings(stem)})
    # Nothing stands before the alternatives: then only places with a letter that one begins with are looked at.
    words = [rf"(?:{'|'.join(map(_pattern, begun))})[^\W_]*"] if begun else []
    return re.compile("|".join([*words, *([f"(?=(?P<pair>{'|'.join(pairs)}))"] if pairs else [])]) or r"(?!)")


def _pattern(begins: str) -> str:
    return "-?".join(map(re.escape, _WITHIN_CODE.split(begins)))


def _held(passage: str, finder: re.Pattern[str], wanted: frozenset[str]) -> Held:
    """Tell what each sentence or line has."""
    places = [(start, stem) for start, stem in _stems(passage, finder) if stem in wanted]
    held: Held = {}
    if places:
        ends = [match.end() for match in _END.finditer(passage)]
        for start, stem in places:
            held.setdefault(bisect_right(ends, start), set()).add(stem)
    return held


def _stems(passage: str, finder: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    for match in finder.finditer(passage):
        start = match.start()
        if match.lastgroup:
            yield start, match[match.lastgroup]
        elif not passage[start - 1 : start].isalpha():
            yield start, content_stem(match[0])


def _best(held: Held, rarity: Mapping[str, float]) -> float:
    best = 0.0
    for number, stems in held.items():
        beside = _union(held.get(other, ()) for other in (0, number - 1, number + 1)) - stems
        best = max(best, sum(map(rarity.__getitem__, stems)) + BESIDE * sum(map(rarity.__getitem__, beside)))
    return best


def _union(sets: Iterable[Iterable[str]]) -> set[str]:
    return set().union(*sets)
