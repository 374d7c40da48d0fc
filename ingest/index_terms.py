"""How text becomes search terms: one form for what is stored and for what is asked. Pure.

The full-text index itself lower-cases, folds accents, stems and cuts at punctuation; what it would get wrong is put
right here first. A question is only ever a bag of words: nothing in it is syntax.
"""

from __future__ import annotations

import re

from ingest.normalise import normalise

MAX_TERMS = 64
"""More words than a question has; each one costs time in every search."""
MAX_CHARACTERS = 2_000
"""Bounds questions in languages that are written without spaces."""

_WITH_DIGIT = re.compile(r"(?<![^ ])[^ \d]*+\d[^ ]*")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,]|\.\d*,)")
_MIXED = re.compile(r"(?=\d*[^\W\d_])(?=[^\W\d_]*\d)[^\W_]{2,24}")
_RUNS = re.compile(r"\d+|[^\W\d_]+")
_FOOTNOTE = re.compile("[⁰¹²³⁴-⁹]+")
_WORD = re.compile(r"\w")


def searchable(text: str) -> str:
    """Return normalised `text` as the full-text index gets it.

    1,577 is one number, also found as 1577. Words of letters and digits stay, and their parts are added behind them:
    FY2018 is found as 2018, too. The mark of a footnote is no part of its word.
    """
    # Only words with a digit, as most have none: six times as quick as the expressions over the whole text.
    return _WITH_DIGIT.sub(_expanded, text if text.isascii() else _FOOTNOTE.sub(" ", text))


def query_terms(question: str) -> str:
    """Return the distinct words of `question`, at most so many that a search stays quick; empty if it has none."""
    text = searchable(normalise(question[: 20 * MAX_CHARACTERS]))
    words = dict.fromkeys(word.casefold() for word in text.split() if _WORD.search(word))
    return " ".join(list(words)[:MAX_TERMS])[:MAX_CHARACTERS]


def _expanded(word: re.Match[str]) -> str:
    return _MIXED.sub(_with_parts, _THOUSANDS.sub(_joined, word[0]))


def _joined(match: re.Match[str]) -> str:
    return match[0].replace(",", "")


def _with_parts(match: re.Match[str]) -> str:
    return f"{match[0]} {' '.join(_RUNS.findall(match[0]))}"
