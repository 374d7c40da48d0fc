"""Words as verification compares them: found in a text, and cut to stems.

Synonyms are not here on purpose: that a page says a thing in other words is nothing that code can prove.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.verification.languages import LETTER, STOP_WORDS, fold, listed

_JOINT = r"(?:[\u0002\ufffe]\s*|[-\u00ad\u2010][ \t]*\r?\n\s*)"
_CJK = r"\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af\u0e00-\u0e7f"

TOKEN = re.compile(
    rf"(?P<cjk>[{_CJK}]+)"
    # A word with a digit in it is a name: A320, COVID-19, 10-K. FY2022 and Q2 are left to the reader of numbers.
    rf"|(?P<code>(?!(?:FY|CY|fy|cy)\d|[Qq][1-4]\b|[Hh][12]\b){LETTER}+-?\d[\w-]*(?<![-_])|\d+-(?=[A-Z]+\b){LETTER}+)"
    rf"|(?P<word>{LETTER}+(?:{_JOINT}{LETTER}+)*(?:['’]{LETTER}+)*)"
)
"""A word: hyphens at a line's end join, others divide."""

_SUFFIXES = listed(
    "ications ication ations ities iness ments ation ingly ating ances ences ators ables ibles ively ness"
    " ment ance ence able ible ings ions ates ated ator ants ents ally edly ious ings ity ies ied ing ion"
    " ive ers ors ate ant ent ful ous ial als ung en em er or ed es ly al s e n"
)
_SUFFIX = re.compile("(?:" + "|".join(sorted(set(_SUFFIXES), key=len, reverse=True)) + ")$")


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return a rough stem, made to be the same for the forms of one word in European languages."""
    word = fold(word)
    word = word.split("'")[0] if word.endswith(("'s", "'")) else word.replace("'", "")
    if len(word) <= 3 or not word.isalpha():
        return word
    if word.endswith("s") and not word.endswith("ss"):
        word = word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]
    cut = _SUFFIX.search(word)
    if cut is None or cut.start() < 3 or word.endswith("ee"):
        return word
    word = word[: cut.start()]
    return word[:-1] if len(word) > 3 and (word[-1] == "e" or word[-1] == word[-2]) else word


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text, where it stands, and its stem; an empty stem means a function word."""

    start: int
    end: int
    text: str
    stem: str


def words(text: str, start: int = 0, end: int | None = None) -> Iterator[Word]:
    """Yield the words of a range of `text`; a run of a script without spaces gives its pairs of characters."""
    for match in TOKEN.finditer(text, start, len(text) if end is None else end):
        kind, token = match.lastgroup, match[0]
        if kind == "cjk":
            for i in range(max(1, len(token) - 1)):
                yield Word(
                    match.start() + i, match.start() + min(i + 2, len(token)), token[i : i + 2], token[i : i + 2]
                )
        else:
            yield Word(match.start(), match.end(), token, content_stem(token))


@lru_cache(maxsize=65_536)
def content_stem(token: str) -> str:
    """Return the stem of a word that carries content, else nothing."""
    folded = fold(token)
    if folded in STOP_WORDS or (len(folded) == 1 and folded.isascii()):
        return ""
    return folded.replace("-", "") if any(map(str.isdigit, folded)) else stem(token)


def initials(text: Iterable[str]) -> str:
    """Return the first letters of words, in which an abbreviation can be looked up."""
    return "".join(word[0].lower() for word in text if word)
