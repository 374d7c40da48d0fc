"""How much a sentence or row can be an answer, whatever words of the question it holds: its kind, its year. Pure."""

from __future__ import annotations

import re
from itertools import pairwise

from bot.verification.asked import Asked, Wanted
from bot.verification.passages import PageIndex


def is_contents(page: PageIndex) -> bool:
    """Whether a page is a table of contents: rows that end in page numbers, ever higher."""
    ends = [int(match[0]) for unit in page.units if (match := _LAST_NUMBER.search(page.text, unit.start, unit.end))]
    rising = sum(one <= other for one, other in pairwise(ends))
    return len(ends) >= 8 and len(ends) > 0.6 * len(page.units) and rising > 0.9 * (len(ends) - 1)


MANY_EMPTY = 3
"""Cells of a row with nothing in them: such a row is understood by its columns alone, which stand far above."""
_EMPTY_CELL = re.compile(r"(?<!\S)[—–-]{1,2}(?!\S)")
_LAST_NUMBER = re.compile(r"(?<![\d.,$€£(])\d{1,3}\Z")
_BOILERPLATE = re.compile(
    r"forward.looking|safe harbou?r|accompanying notes|table of contents|incorporated (?:herein )?by reference"
    r"|all rights reserved|undertake no obligation|see notes? to|refer to (?:note|table|item)\b|exhibit \d"
    r"|the following tables?\b|page \d+ of \d+|(?:\s?\.){5,}\s*\d{1,3}$",
    re.IGNORECASE,
)
_POINTS_ELSEWHERE = re.compile(
    r"\A\W*(?:for (?:more|further|additional) (?:information|details?)\b|(?:please )?(?:see|refer to|take a look at)\b"
    r"|(?:more|further|additional) (?:information|details?) (?:is|are|can)\b|weitere (?:informationen|einzelheiten)\b)"
    r"|\bfor (?:more|further|additional) (?:information|details?)\b.{0,80}\Z",
    re.IGNORECASE | re.DOTALL,
)
"""Where something is said, not what."""
_CAUSES = re.compile(
    r"\b(?:because|due to|driven|as a result|result(?:ed|ing) from|reflect\w*|primarily|mainly|attributable|caused"
    r"|owing to|therefore|weil|wegen)\b",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve)\s+(?:working\s+|calendar\s+)?(?:days?|weeks?|months?|years?|hours?|minutes?)\b"
    r"|(?<!\d)(?:19|20)\d\d(?!\d)|\d:\d\d|\b(?:january|february|march|april|june|july|august|september|october|november"
    r"|december)\b|\b(?:daily|weekly|monthly|annually|yearly|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\b[A-ZÄÖÜÅØ][\w.'’-]*(?:\s[A-ZÄÖÜÅØ][\w.'’-]*)+|\b(?:manager|officer|department|team|board|director|resources)\b"
)


_HOW_MUCH = re.compile(
    r"\bhow (?:much|many|long|old|large|big|heavy|high|tall|wide|far|fast|loud|deep)\b"
    r"|\bwhat (?:does|do|did)\b.{0,60}\bcost\b",
    re.IGNORECASE,
)
_COUNTS = re.compile(
    r"(?<![\w.])\d|[%$€£]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|dozens?"
    r"|hundreds?|thousands?|millions?|half|quarter|double|once|twice|no|none|any|all|every|each|both|single|several|few"
    r"|many|daily|weekly|monthly|yearly|annual\w*|always|never|unlimited|free|until|as (?:much|many|long))\b",
    re.IGNORECASE,
)
_NUMBER_OF_PASSAGE = re.compile(r"(?:\A|“)\W*\d+(?:\.\d+)*[.)]?\s+(?=[A-ZÄÖÜ])")
"""What a quoted section or step begins with. A sentence follows, with a capital: `3 weeks` tells a quantity."""


def asks_how_much(question: str) -> bool:
    """Whether a question is for a quantity; in English only."""
    return _HOW_MUCH.search(question) is not None


def tells_how_much(text: str) -> bool:
    """Whether a passage may answer such a question: it has a figure, or a word for one."""
    return _COUNTS.search(_NUMBER_OF_PASSAGE.sub("", text)) is not None


def usefulness(page: PageIndex, index: int, text: str, question: Asked) -> float:
    """How much a unit can be an answer, whatever its words."""
    unit = page.units[index]
    if text.rstrip().endswith(("?", ":")) or _BOILERPLATE.search(text):
        return 0.0
    factor = 1.0
    length = len(text.split())
    if unit.is_row:
        factor *= 0.5 if len(_EMPTY_CELL.findall(text)) >= MANY_EMPTY else 1.0
    else:
        factor *= 0.6 if length < 4 else min(1.0, (45 / length) ** 0.5)
    if _POINTS_ELSEWHERE.search(text):
        factor *= 0.6
    return factor * _kind_factor(page, index, text, question.wanted) * year_factor(page, index, question)


def _kind_factor(page: PageIndex, index: int, text: str, wanted: Wanted) -> float:
    if wanted is Wanted.AMOUNT:
        return 1.3 if index in page.figures or _TIMES.search(text) else 0.8
    fits = {Wanted.TIME: _TIMES, Wanted.PERSON: _PEOPLE, Wanted.REASON: _CAUSES}.get(wanted)
    return 1.0 if fits is None else 1.25 if fits.search(text) else 0.85


def year_factor(page: PageIndex, index: int, question: Asked) -> float:
    if not question.years or index not in page.figures:
        return 1.0
    unit = page.units[index]
    text = page.text[unit.start : unit.end] + (page.text[slice(*unit.span.head)] if unit.span.head else "")
    years = {int(year) for year in _YEAR.findall(text)}
    if years & question.years:
        return 1.2
    return 0.75 if years else 1.0


_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
