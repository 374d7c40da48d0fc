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
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")
_CJK_RUN = re.compile(rf"[{_CJK}]+")
_FOLDED_CJK = re.compile(rf"[{_CJK}\u1100-\u11ff]")
"""Folding takes Korean syllables apart."""
_HYPHEN = re.compile("[-\u00ad\u2010\u0002\ufffe]")
_GLUE = re.compile(rf"{_JOINT}(?={LETTER})|-(?=[A-Z\d])")
_UNIT = re.compile(r"[\d.,]+(?P<unit>[^\W\d_]+)")
"""5kg: a number and its unit."""
_FISCAL = re.compile(r"(?:FY|CY|Q|H)\d+", re.IGNORECASE)


def tokens(text: str) -> list[tuple[int, str]]:
    """Return the words of a text with their places; a run of a script without spaces gives its pairs of characters."""
    found = [(match.start(), match[0]) for match in _TOKEN.finditer(text)]
    if glue := dict(_glue(text)):
        found = _glued(text, found, glue)
    if not text.isascii() and _CJK_RUN.search(text):
        found = [part for token in found for part in _pairs(*token)]
    return found


def _glue(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a hyphen does not divide: in a word broken over two lines, in RF-12, COVID-19, 10-K."""
    for hyphen in _HYPHEN.finditer(text, 1):
        match = _GLUE.match(text, hyphen.start())
        if match:
            before, after = text[match.start() - 1], text[match.end()]
            is_break = match[0] != "-"
            if before.isalpha() if is_break else (before.isupper() if after.isdigit() else before.isdigit()):
                yield match.span()


def _glued(text: str, found: list[tuple[int, str]], glue: dict[int, int]) -> list[tuple[int, str]]:
    joined: list[tuple[int, str]] = []
    for start, token in found:
        first, last = joined[-1] if joined else (0, "")
        if last and glue.get(first + len(last)) == start:
            joined[-1] = (first, text[first : start + len(token)])
        else:
            joined.append((start, token))
    return joined


def _pairs(start: int, token: str) -> Iterator[tuple[int, str]]:
    position = 0
    for run in _CJK_RUN.finditer(token):
        if run.start() > position:
            yield start + position, token[position : run.start()]
        for i in range(run.start(), max(run.start() + 1, run.end() - 1)):
            yield start + i, token[i : min(i + 2, run.end())]
        position = run.end()
    if position < len(token):
        yield start + position, token[position:]


_SUFFIXES = listed(
    "ications ication ations ities iness ments ation ingly ating ances ences ators ables ibles ively ness"
    " ment ance ence able ible ings ions ates ated ator ants ents ally edly ious ings ity ies ied ing ion"
    " ive ers ors ate ant ent ful ous ial als ung en em er or ed es ly al s e n"
)
_SUFFIX = re.compile("(?:" + "|".join(sorted(set(_SUFFIXES), key=len, reverse=True)) + ")$")


_ADJECTIVES = {
    "height": "high",
    "width": "wide",
    "depth": "deep",
    "length": "long",
}
"""Tables have the noun, questions and answers the adjective."""


_ELIDED = re.compile(r"^(?:[ldnscjmt]|qu|jusqu|lorsqu|puisqu|dell|all|nell|sull|dall|quell|un)'(?=[^\W\d_]{2})")
"""The article or preposition of `l'indemnité` and `dell'azienda`."""


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return a rough stem, made to be the same for the forms of one word in European languages."""
    word = _ADJECTIVES.get(fold(word)) or fold(word)
    word = word.split("'")[0] if word.endswith(("'s", "'")) else _ELIDED.sub("", word).replace("'", "")
    if len(word) <= 3 or not word.isalpha():
        return word
    if word.endswith("s") and not word.endswith("ss"):
        word = word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]
    cut = _SUFFIX.search(word)
    if cut is None or cut.start() < 3 or word.endswith("ee"):
        return word
    word = word[: cut.start()]
    return word[:-1] if len(word) > 3 and (word[-1] == "e" or word[-1] == word[-2]) else word


def beginnings(stemmed: str) -> tuple[str, ...]:
    """Return with what the words that have this stem begin, folded: with some others, whose stem is to be looked at."""
    nouns = (noun for noun, adjective in _ADJECTIVES.items() if stem(adjective) == stemmed)
    return (stemmed[:-1] if len(stemmed) > 3 and stemmed.isalpha() else stemmed, *nouns)


def is_pair(stemmed: str) -> bool:
    """Whether a stem is two characters of a script without spaces, and may stand anywhere in a run of them."""
    return _FOLDED_CJK.match(stemmed) is not None


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text, where it stands, and its stem; an empty stem means a function word."""

    start: int
    end: int
    text: str
    stem: str


def words(text: str, start: int = 0, end: int | None = None) -> Iterator[Word]:
    """Yield the words of a range of `text`, without plain numbers."""
    for first, token in tokens(text[start:end]):
        if not token.isdigit():
            yield Word(start + first, start + first + len(token), token, content_stem(token))


@lru_cache(maxsize=65_536)
def content_stem(token: str) -> str:
    """Return the stem of a word that carries content, else nothing: for numbers, function words, FY2022."""
    if token.isdigit() or _FISCAL.fullmatch(token):
        return ""
    folded = fold(token)
    if folded in STOP_WORDS or (len(folded) == 1 and folded.isascii()):
        return ""
    if not any(map(str.isdigit, folded)):
        return stem(token)
    unit = _UNIT.fullmatch(folded)
    if unit and token[-1].islower():
        return "" if unit["unit"] in ("st", "nd", "rd", "th") else stem(unit["unit"])
    return folded.replace("-", "")


def initials(text: Iterable[str]) -> str:
    """Return the first letters of words, in which an abbreviation can be looked up."""
    return "".join(word[0].lower() for word in text if word)
