"""Which time a document is called by, and which time a text speaks of: quarters, months, the next one. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.verification.numbers import Kind, Number, numbers


@dataclass(frozen=True, slots=True)
class Periods:
    """Which time a document is about, by its name and title: true of each of its pages."""

    years: frozenset[int]
    months: frozenset[tuple[int, int]]
    quarters: frozenset[int]

    def have(self, number: Number, text: str) -> bool:
        """Whether a number of this text names that time."""
        if number.kind is Kind.YEAR:
            return number.year in self.years
        if number.kind is Kind.ORDINAL:
            is_quarter = number.text[:1] in "Qq" or bool(_QUARTER.match(text, number.end))
            # What a report says of the next quarter is told from what it says of its own where the number stands.
            return is_quarter and number.readings[0][0] in self.quarters | {
                quarter % 4 + 1 for quarter in self.quarters
            }
        dates = number.moment.dates if number.moment else ()
        return any((year, month) in self.months for year, month, day in dates if month and not day)


_QUARTER = re.compile(r"[\s-]*(?:quarter|quartal|trimestre|kwartaal)", re.IGNORECASE)


_YEAR_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_./ ]?(0[1-9]|1[0-2])(?!\d)")


def periods_of(name: str, parted: str) -> Periods:
    """Read a document's title and name; `parted` has them with a space wherever letters and digits meet."""
    told = numbers(parted)
    years, named = frozenset(number.year for number in told if number.year), quarters(name.replace("_", " "))
    months = {(year, 3 * quarter - past) for quarter in named for year in years for past in range(3)}
    months |= {(year, month) for n in told if n.moment for year, month, _ in n.moment.dates if year and month}
    return Periods(
        years,
        frozenset(months | {(int(match[1]), int(match[2])) for match in _YEAR_MONTH.finditer(name)}),
        named,
    )


_QUARTERS = re.compile(r"\b(?:Q([1-4])|(first|second|third|fourth)[\s-]+quarter)\b", re.IGNORECASE)
_NTH = ("", "first", "second", "third", "fourth")


def quarters(text: str) -> frozenset[int]:
    """The quarters that a text names in English; `first` alone is no number."""
    found = _QUARTERS.findall(text) if "uarter" in text or "Q" in text else ()
    return frozenset(int(digit) if digit else _NTH.index(word.lower()) for digit, word in found)


_LATER = re.compile(
    r"\b(?:coming|next) (?:\w+ )?(?:quarter|year|half|months?)\b|\b(?:kommende|nächste)[nrs]? (?:quartal|jahr|monat)"
    r"|\b(?:trimestre|année|exercice|año|mes) (?:prochaine?|próximo)",
    re.IGNORECASE,
)


def is_later(text: str) -> bool:
    """Whether a text speaks of the time after its own."""
    return bool(_LATER.search(text))
