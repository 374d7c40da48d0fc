"""How the extractive model shows a quote: what stands above it on the page, the passage itself, its marker. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from bot.verification.languages import fold, listed
from bot.verification.layout import LONGEST_QUOTE, Range
from bot.verification.listings import is_code
from bot.verification.numbers import numbers
from bot.verification.passages import PageIndex, Unit
from bot.verification.words import words
from ingest.normalise import normalise

LONGEST_HEAD = 160
LONGEST_LABEL = 90
FEWEST_CUT = 6
"""Words of what is taken for a sentence that is cut off, not for an entry of a list."""

_REFERS_BACK = frozenset(
    listed("it they this that these those such he she his her their its there then otherwise however also thereafter")
)


def quote_lines(shown: Iterable[tuple[PageIndex, int, int]], asked_for: Collection[str]) -> Iterator[str]:
    """Yield units of pages as quotes, each below what stands above it there, with its marker.

    Each is given by its page, its place there and the number of its Source. `asked_for` are the question's stems: a
    heading that holds one is needed to understand the sentence below. It is said once for the sentences below it.
    """
    said: tuple[PageIndex, Range | None] | None = None
    for page, index, number in shown:
        unit = page.units[index]
        first = index - 1 if refers_back(page, index) else index
        above = " · ".join(_heads(page, unit, asked_for))
        place = page, unit.span.heading
        is_said = not unit.is_row and place == said
        said = place if place == said or (above and not unit.is_row) else None
        body = _quotable(page.text[page.units[first].start : unit.end])
        before, after = "… " if _begins_before(page, first) else "", " …" if _goes_on_after(page, index, body) else ""
        yield f"{f'*{above}:* ' if above and not is_said else ''}“{before}{body}{after}” [{number}]"


def _heads(page: PageIndex, unit: Unit, asked_for: Collection[str]) -> list[str]:
    """Return the head of a row's table, or the heading where a sentence needs it to be understood."""
    if unit.is_row:
        lines = _labels(page.text, unit.span.head)[-4:] + _labels(page.text, unit.span.section)
        while len(" · ".join(lines)) > LONGEST_HEAD:
            lines.pop(0)
        return lines
    needed = frozenset(asked_for) & unit.context - unit.stems
    title = " ".join(_labels(page.text, unit.span.heading)) if needed else ""
    return [title] if title and not any(map(str.isdigit, title)) else []


def _begins_before(page: PageIndex, index: int) -> bool:
    """Whether a sentence began on the page before."""
    unit = page.units[index]
    first = next(iter(words(page.text, unit.start, unit.end)), None)
    is_first = all(other.span.is_heading for other in page.units[:index])
    return is_first and not unit.is_row and first is not None and first.start == unit.start and first.text.islower()


def _goes_on_after(page: PageIndex, index: int, body: str) -> bool:
    """Whether a sentence goes on on the next page, or behind what is one passage of it."""
    unit = page.units[index]
    if unit.is_row or not body[-1:].isalnum():
        return False
    last = list(words(page.text, unit.start, unit.end))[-1:]
    if last and not last[0].stem and last[0].text.islower():
        return True
    following = page.units[index + 1 :]
    is_piece = bool(following) and not re.search(r"[\r\n]", page.text[unit.end : following[0].start])
    is_last = all(other.span.is_heading for other in following)
    return (is_piece or is_last) and len(body.split()) >= FEWEST_CUT


def refers_back(page: PageIndex, index: int) -> bool:
    """Whether a sentence begins with a word like `it`, and can be read together with the one before."""
    here, before = page.units[index], page.units[index - 1] if index else None
    if before is None or here.is_row or before.is_row or before.span.is_heading:
        return False
    first = next(iter(words(page.text, here.start, here.end)), None)
    return first is not None and fold(first.text) in _REFERS_BACK and here.end - before.start <= LONGEST_QUOTE


_NUMBER_OF_HEADING = re.compile(
    r"^(?:(?:item|note|section|part|chapter)\s)?\(?\d{1,3}(?:\.\d+)*[A-Za-z]?[.):]?\s+(?=[^\W\d])|^§\s*\d+\s+",
    re.IGNORECASE,
)
"""What a line above begins with; the years above a table's columns are none."""


def _labels(text: str, place: Range | None) -> list[str]:
    """The lines of a range below any running text, ready to be shown; a year alone belongs to the line before."""
    if not place:
        return []
    shown = re.sub(r",\s*[\r\n]+\s*(?=(?:19|20)\d\d\b)", ", ", text[slice(*place)])
    labels: list[str] = []
    for part in reversed(re.split(r"[\r\n]+", shown)):
        if _is_text(part.strip()):
            break
        line = _plain(_NUMBER_OF_HEADING.sub("", normalise(part))).rstrip(" :*")
        if line and _is_label(line):
            labels.insert(0, line)
    return labels


_UNITS = re.compile(r"thousands|millions|billions|tausend|mio\b|except|per\b", re.IGNORECASE)


def _is_text(line: str) -> bool:
    """Whether a line is a piece of a sentence or of code: it and what stands above it label nothing."""
    count = len(line.split())
    if is_code(line) or (count >= 4 and line.endswith((".", "!"))):
        return True
    return count >= 5 and line[:1].islower() and not _UNITS.search(line)


def _is_label(line: str) -> bool:
    """What stands above says what and when; a sentence, or a line with other figures, says something of its own."""
    return len(line) <= LONGEST_LABEL and ". " not in line and all(number.is_date for number in numbers(line))


_BULLET = re.compile(r"^(?:[•●▪■◦‣∙·]\s*|[*–-]\s+(?=[^\W\d]))")


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
