"""What a number is measured in: the unit that stands behind it, and words that hold for all numbers of a page. Pure."""

from __future__ import annotations

import re

from bot.verification.languages import fold, listed
from bot.verification.numbers import Number
from bot.verification.words import content_stem

_NAMES = (
    "mm millimetre millimeter; cm centimetre centimeter; m metre meter; km kilometre kilometer; mi mile; ft feet foot;"
    " inch; mg milligram; g gram; kg kilogram; t tonne ton; ml millilitre milliliter; l litre liter; ms millisecond;"
    " s sec second sekunde; min minute; h hr hour stunde heure hora; day tag jour día giorno dag;"
    " week woche semaine semana settimana; month monat mois mes mese maand; year jahr an année año anno jaar;"
    " kb kib; mb mib; gb gib; tb tib; hz; khz; mhz; ghz; mv; v volt; kv; w watt; kw; ma; a ampere amp; db; rpm; bar;"
    " psi"
)
_UNITS = {unit: number for number, names in enumerate(_NAMES.split(";"), 1) for unit in listed(names)}
_WORD_BEHIND = re.compile(r"[\s-]?([^\W\d_]+)\b")
_QUARTER = re.compile(r"\b(?:quarter|half|quartal|halbjahr|trimestre|semestre)", re.IGNORECASE)
_SHARED = frozenset(
    map(
        content_stem, listed("quarter half year fiscal ended ending thousands millions billions quartal jahr trimestre")
    )
)
_SHARED_BY_QUARTERS = _SHARED | frozenset(
    map(content_stem, listed("first second third fourth erste zweite dritte vierte"))
)


def unit_of(text: str, number: Number) -> int:
    """Return which unit stands behind a number, the same for all its names; 0 where none does."""
    word = _behind(text, number)
    forms = (word, *(word.removesuffix(ending) for ending in ("s", "e", "n", "en")))
    return next((_UNITS[form] for form in forms if form in _UNITS), 0)


def unit_stem(text: str, number: Number) -> str:
    """Return the stem of the unit behind a number; empty where none stands there."""
    return content_stem(_behind(text, number)) if unit_of(text, number) else ""


def _behind(text: str, number: Number) -> str:
    found = _WORD_BEHIND.match(text, number.end)
    return fold(found[1]) if found else ""


def shared_stems(text: str) -> frozenset[str]:
    """Return the stems that tell time and scale: in a report they hold for all figures."""
    return _SHARED_BY_QUARTERS if _QUARTER.search(text) else _SHARED
