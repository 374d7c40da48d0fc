"""Which time a question speaks of: years, quarters, months, or simply the newest. Pure.

Understands `'22`, `Q1-24`, `03/2024`, "the first half", and "the latest" in the languages that follow-ups know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.cards import MONTHS, words, years

_QUARTER_PHRASES = {
    "first quarter": "q1",
    "second quarter": "q2",
    "third quarter": "q3",
    "fourth quarter": "q4",
    "last quarter of": "q4",
    "first half": "q2",
}
"""A half-year is told by the report of its second quarter."""
_QUARTER_AND_YEAR = re.compile(r"\bq([1-4])[-/ '’]{0,2}(?:20)?(\d\d)\b", re.IGNORECASE)
_SHORT_YEAR = re.compile(r"(?<![\w'’])['’](\d\d)\b")
_MONTH_AND_YEAR = re.compile(r"\b(0?[1-9]|1[0-2])[/.](?:19|20)\d\d\b|\b(?:19|20)\d\d-(0[1-9]|1[0-2])\b")
_LATEST = re.compile(
    r"\b(?:latest|newest|current(?:ly)?(?! (?:ratio|assets?|liabilit|accounts?|portion))|most recent(?:ly)?"
    r"|up[ -]to[ -]date|(?:last|this) year(?:'s|’s)?|now|today"
    r"|neue?st(?:e|en|er|es)|aktuell\w*|derzeit\w*|letzte[nmrs]? jahr\w*|heute"
    r"|derni(?:er|ère)s?|actuel\w*|plus récent\w*|aujourd['’]hui|últim[oa]s?|actuales|actualmente|ultim[oaie]"
    r"|attual\w*)\b"
    r"|\b(?:last|previous) (?:\w+ ){0,2}(?:meeting|report|edition|version|minutes|statement|review)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Periods:
    """What a question says about time."""

    years: tuple[int, ...]
    quarters: frozenset[str]
    """As `q1` … `q4`."""
    months: frozenset[int]
    is_latest: bool
    """It asks for the newest, and names no year."""
    words: frozenset[str]
    """The words that say so, in lower case; years are not among them."""

    @property
    def quarters_of_months(self) -> frozenset[str]:
        return frozenset(f"q{(month + 2) // 3}" for month in self.months)


def periods(question: str) -> Periods:
    """Read the periods of a question."""
    named = [*years(question), *(2000 + int(year) for year in _SHORT_YEAR.findall(question))]
    said: set[str] = set()
    quarters = set(re.findall(r"\bq[1-4]\b", question.lower()))
    for quarter, year in _QUARTER_AND_YEAR.findall(question):
        quarters.add(f"q{quarter}")
        named.append(2000 + int(year))
    for phrase, quarter in _QUARTER_PHRASES.items():
        if phrase in question.lower():
            quarters.add(quarter)
            said |= set(phrase.split())
    if re.search(r"\bh1\b", question.lower()):
        quarters.add("q2")
        said.add("h1")
    by_name = {
        word for word in words(question) if word in MONTHS and (word != "may" or re.search(r"\bMay\b", question))
    }
    by_number = {int(first or second) for first, second in _MONTH_AND_YEAR.findall(question)}
    is_latest = not named and (latest := _LATEST.search(question)) is not None
    return Periods(
        years=tuple(dict.fromkeys(named)),
        quarters=frozenset(quarters),
        months=frozenset(MONTHS[word] for word in by_name) | by_number,
        is_latest=is_latest,
        words=frozenset(said | quarters | by_name | (set(words(latest[0])) if is_latest and latest else set())),
    )
