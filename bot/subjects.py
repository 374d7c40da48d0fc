"""What a question names outright, as it is written there: names, codes such as `AJ300`, years. Pure.

It tells `Ford` from a word that only begins a sentence, and knows nothing of what either means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.pieces import is_blend
from bot.verification.languages import STOP_WORDS, asked_in, fold
from bot.verification.sentences import sentences
from bot.verification.words import content_stem
from ingest.cards import MONTHS, STOP, years
from ingest.cards import fold as folded
from ingest.documents import Document

_WORD = re.compile(r"[^\W_]+(?:[&'’-][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_PERIOD_OR_QUANTITY = re.compile(r"(?:fy|cy|q|h)\d*|\d+(?:st|nd|rd|th|s|k|m|bn)?|\d+-\d+", re.IGNORECASE)
_BETWEEN_LETTERS = re.compile(r"[\W_]+")
CAPITALISES_NOUNS = "de"
_UNMISTAKABLE = 7
"""Letters of a name that stands nowhere by chance, so that it is also found in other spacing: `Footlocker`."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """What a question names."""

    names: tuple[str, ...]
    codes: tuple[str, ...]
    """Words of letters and digits: they mean one thing, and another one is another thing."""
    years: tuple[int, ...]


def subjects(text: str) -> Subjects:
    """Read a question's names. In German every noun has a capital: there no word counts as a name."""
    found = list(_words(text))
    codes = [word for word, _ in found if _is_code(word)]
    told = () if asked_in(text) == CAPITALISES_NOUNS else (word for word, is_first in found if _is_name(word, is_first))
    return Subjects(tuple(dict.fromkeys(told)), tuple(dict.fromkeys(codes)), tuple(dict.fromkeys(years(text))))


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the words without possessives, and whether a capital may only be the sentence's beginning."""
    for start, end in sentences(text):
        for position, match in enumerate(_WORD.finditer(text, start, end)):
            word = _POSSESSIVE.sub("", match[0])
            if not _PERIOD_OR_QUANTITY.fullmatch(word):
                yield word, position == 0 and word == match[0]


def _is_code(word: str) -> bool:
    has_both = any(map(str.isdigit, word)) and any(map(str.isalpha, word))
    return has_both and (word[0].isalpha() or any(map(str.isupper, word)))


def _is_name(word: str, is_first: bool) -> bool:
    """Whether a capital says so. Words all in capitals are left out: most are abbreviations, which pages write out."""
    if is_first or not word[0].isupper() or word.isupper() or any(map(str.isdigit, word)):
        return False
    return word.casefold() not in STOP | MONTHS.keys() and fold(word) not in STOP_WORDS


def stands_in(word: str, text: str) -> bool:
    """Whether a page's text has a name or code, in one word or several."""
    if re.search(_spelled(word), text, re.IGNORECASE):
        return True
    squeezed = _squeezed(word)
    if len(squeezed) >= _UNMISTAKABLE and squeezed in _squeezed(text):
        return True
    stem = content_stem(word)
    if len(stem) <= 4 or not stem.isalpha():
        return False
    return re.search(rf"(?<!\w){re.escape(stem)}[^\W\d_]{{0,3}}(?!\w)", text, re.IGNORECASE) is not None


def is_called(document: Document, word: str) -> bool:
    """Whether a document's title or file name has a name or code, or a short form of it: `JPM` or `Amex`."""
    card, squeezed = document.card, _squeezed(word)
    if squeezed in card.pieces or squeezed in card.title or any(squeezed in parts for parts in card.parts.values()):
        return True
    if any(3 <= len(piece) <= 4 and squeezed.startswith(piece) for piece in card.pieces) or is_blend(squeezed, card):
        return True
    return len(squeezed) >= 4 and squeezed in _squeezed(document.title + document.name)


def is_about(document: Document, word: str) -> bool:
    """Whether a document is called by a name, or says it often, or on its first page."""
    card, squeezed = document.card, _squeezed(word)
    return is_called(document, word) or squeezed in card.frequent or folded(squeezed) in card.opening


def _spelled(word: str) -> str:
    """Return a pattern for a word: `AJ300` may stand there as `AJ 300`, `Penn` as `Penn's`."""
    parts = re.findall(r"[^\W\d_]+|\d+", word)
    return r"(?<!\w)" + r"[\s–&'’.-]*".join(map(re.escape, parts)) + r"(?:['’]?s)?(?!\w)"


def _squeezed(text: str) -> str:
    return _BETWEEN_LETTERS.sub("", text.casefold())
