"""How the extractive model shows a quote: what stands above it on the page, the passage itself, its marker. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.verification.languages import fold, listed
from bot.verification.layout import LONGEST_QUOTE, Range
from bot.verification.numbers import numbers
from bot.verification.passages import PageIndex, Unit
from bot.verification.words import words
from ingest.normalise import normalise

LONGEST_HEAD = 160
LONGEST_LABEL = 90

_REFERS_BACK = frozenset(
    listed("it they this that these those such he she his her their its there then otherwise however also thereafter")
)


def quote_line(page: PageIndex, index: int, number: int, asked_for: Collection[str]) -> str:
    """Return a unit of a page as a quote, below what stands above it there, with its marker.

    `asked_for` are the question's stems: a heading that holds one is needed to understand the sentence below.
    """
    unit = page.units[index]
    start = page.units[index - 1].start if refers_back(page, index) else unit.start
    above = " · ".join(_heads(page, unit, asked_for))
    return f"{f'*{above}:* ' if above else ''}“{_quotable(page.text[start : unit.end])}” [{number}]"


def _heads(page: PageIndex, unit: Unit, asked_for: Collection[str]) -> list[str]:
    """Return the head of a row's table, or the heading where a sentence needs it to be understood."""
    if unit.is_row:
        lines = _lines(page.text, unit.span.head)[-4:] + _lines(page.text, unit.span.section)
        while len(" · ".join(lines)) > LONGEST_HEAD:
            lines.pop(0)
        return lines
    needed = frozenset(asked_for) & unit.context - unit.stems
    title = _lines(page.text, unit.span.heading) if needed else []
    return [] if any(map(str.isdigit, "".join(title))) else title


def refers_back(page: PageIndex, index: int) -> bool:
    """Whether a sentence begins with a word like `it`, and can be read together with the one before."""
    here, before = page.units[index], page.units[index - 1] if index else None
    if before is None or here.is_row or before.is_row or before.span.is_heading:
        return False
    first = next(iter(words(page.text, here.start, here.end)), None)
    return first is not None and fold(first.text) in _REFERS_BACK and here.end - before.start <= LONGEST_QUOTE


_NUMBERING = re.compile(
    r"^(?:(?:item|note|section|part|chapter)\s)?\(?\d{1,3}(?:\.\d+)*[A-Za-z]?[.):]?\s+(?=[^\W\d])|^§\s*\d+\s+",
    re.IGNORECASE,
)
"""Of a heading; the years above a table's columns are none."""


def _lines(text: str, place: Range | None) -> list[str]:
    """The lines of a range, ready to be shown; a year on a line of its own belongs to the line before."""
    if not place:
        return []
    shown = re.sub(r",\s*[\r\n]+\s*(?=(?:19|20)\d\d\b)", ", ", text[slice(*place)])
    lines = (_plain(_NUMBERING.sub("", normalise(part))).rstrip(" :*") for part in re.split(r"[\r\n]+", shown))
    return [line for line in lines if line and _is_label(line)]


def _is_label(line: str) -> bool:
    """What stands above says what and when; a sentence, or a line with other figures, says something of its own."""
    return len(line) <= LONGEST_LABEL and ". " not in line and all(number.is_date for number in numbers(line))


_BULLET = re.compile(r"^[•●▪■◦‣∙·]\s*")


def _quotable(text: str) -> str:
    """A passage as it stands on the page, at most 300 characters, without signs that would be read as Markdown."""
    text = _BULLET.sub("", normalise(text))
    if len(text) > LONGEST_QUOTE:
        text = text[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"
    return _plain(text)


def _plain(text: str) -> str:
    """What a page has in brackets is no marker, and its stars and backticks are no formatting."""
    text = re.sub(r"\[([^\[\]]*)\]", r"(\1)", text).replace("`", "'").replace("“", '"').replace("”", '"')
    return re.sub(r"([*_~])(?=.*\1)|(?<=\S)([*_~])$", r"\\\1\2", text) if re.search(r"([*_~]).*\1", text) else text
