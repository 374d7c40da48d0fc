"""Dates and times of day in a text, in the ways in which they are written; nothing about plain numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.verification.languages import fold

_MONTH_NAMES = (
    "january jan januar janvier janv enero ene gennaio genn janeiro januari jänner",
    "february feb februar février févr febrero febbraio febbr fevereiro fev februari",
    "march mar märz mars marzo março maart mrt",
    "april apr avril avr abril abr aprile",
    "may mai mayo maggio magg maio mei",
    "june jun juni juin junio giugno junho",
    "july jul juli juillet juil julio luglio julho",
    "august aug août agosto augustus",
    "september sept sep septembre septiembre settembre setembro",
    "october oct oktober okt octobre octubre ottobre ott outubro",
    "november nov novembre noviembre novembro",
    "december dec dezember dez décembre déc diciembre dic dicembre dezembro",
)
MONTHS = {fold(name): number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}

_YEAR = r"(?:19|20)\d\d(?!\d)"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"

_DAY_BEFORE = re.compile(rf"(?<![\w.,])(?P<day>{_DAY})(?:st|nd|rd|th|\.|er|º|ª)?\s+(?:of\s+|de\s+)?$", re.IGNORECASE)
_YEAR_AFTER = re.compile(rf"\.?,?\s+(?:de\s+|of\s+)?(?P<year>{_YEAR})", re.IGNORECASE)
_DAY_AFTER = re.compile(
    rf"\.?\s+(?P<day>{_DAY})(?:st|nd|rd|th)?(?![\d.,]?\d|\s?%)(?:\s*,?\s+(?P<year>{_YEAR}))?", re.IGNORECASE
)
_NUMERIC = re.compile(
    rf"(?P<y1>{_YEAR})(?P<s>[-/.])(?P<m1>1[0-2]|0?[1-9])(?P=s)(?P<d1>{_DAY})(?![\d/-])"
    rf"|(?P<a>\d\d?)(?P<t>[./-])(?P<b>\d\d?)(?P=t)(?P<y2>{_YEAR}|\d\d(?!\d))(?![.,/-]?\d)"
    rf"|(?P<y3>{_YEAR})年(?P<m3>\d\d?)月(?:(?P<d3>\d\d?)日)?"
)
_MARKED = re.compile(r"(?<![\d.,/:-])(?:\d{1,4}[-./:年h]\d{1,2}|\d\d?\s?[apAP]\.?\s?[mM]\b)")
"""Where a date or time in digits may begin: cheap, since pages of figures have thousands of digits."""
_MORE_YEARS = re.compile(rf"(?:\s*,\s*|\s+and\s+|\s+|\s*,\s*and\s+){_YEAR}")
_TIME = re.compile(
    r"(?P<h1>[01]?\d|2[0-4])(?::(?P<min>[0-5]\d)|h(?P<minf>[0-5]\d))(?![\d:])(?:\s?(?P<p1>[ap])\.?\s?m\b\.?)?"
    r"|(?P<h2>1[0-2]|0?\d)\s?(?P<p2>[ap])\.?\s?m\b\.?"
    r"|(?P<h3>[01]?\d|2[0-4])\.(?P<min3>[0-5]\d)(?:(?=\s?Uhr\b)|\s?(?P<p3>[ap])\.?\s?m\b\.?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date (year, month, day; 0 where not given) or a time of day (minutes), in every reading that it allows."""

    start: int
    end: int
    dates: tuple[tuple[int, int, int], ...] = ()
    minutes: tuple[int, ...] = ()


def moments(text: str, months: Iterable[tuple[int, int]]) -> list[Moment]:
    """Return the dates and times of a text, in order, none overlapping another; `months` is where month names stand."""
    found = [moment for start, end in months for moment in _named(text, start, end)]
    found += (moment for match in _MARKED.finditer(text) for moment in _in_digits(text, match.start()))
    found.sort(key=lambda moment: (moment.start, -moment.end))
    kept: list[Moment] = []
    for moment in found:
        if not kept or moment.start >= kept[-1].end:
            kept.append(moment)
    return kept


def is_month(word: str) -> bool:
    """Whether a word names a month; `may` is a verb."""
    return word != "may" and fold(word) in MONTHS


def _named(text: str, start: int, end: int) -> Iterator[Moment]:
    month = MONTHS[fold(text[start:end])]
    before = _DAY_BEFORE.search(text, max(0, start - 16), start)
    after = (_YEAR_AFTER if before else _DAY_AFTER).match(text, end) or _YEAR_AFTER.match(text, end)
    if before is None and after is None:
        return
    day = before["day"] if before else after.groupdict().get("day", 0) if after else 0
    year = int(after["year"] or 0) if after else 0
    stop = after.end() if after else end
    yield Moment(before.start() if before else start, stop, ((year, month, int(day)),))
    yield from _further_years(text, stop, month, int(day)) if year else ()


def _further_years(text: str, position: int, month: int, day: int) -> Iterator[Moment]:
    """`December 31, 2022, 2021 and 2020` names three dates."""
    while more := _MORE_YEARS.match(text, position):
        position = more.end()
        yield Moment(position - 4, position, ((int(text[position - 4 : position]), month, day),))


def _in_digits(text: str, start: int) -> Iterator[Moment]:
    if match := _NUMERIC.match(text, start):
        if match["a"]:
            first, second, year = int(match["a"]), int(match["b"]), int(match["y2"])
            year += 2000 if year < 100 else 0
            readings = tuple(
                (year, m, d) for d, m in {(first, second), (second, first)} if 1 <= m <= 12 and 1 <= d <= 31
            )
        else:
            parts = [match["y1"] or match["y3"], match["m1"] or match["m3"], match["d1"] or match["d3"] or "0"]
            readings = ((int(parts[0]), int(parts[1]), int(parts[2])),)
        if readings:
            yield Moment(*match.span(), tuple(sorted(readings)))
    elif match := _TIME.match(text, start):
        hours, half = (
            int(match["h1"] or match["h2"] or match["h3"]),
            (match["p1"] or match["p2"] or match["p3"] or "").lower(),
        )
        minutes = int(match["min"] or match["minf"] or match["min3"] or 0)
        yield Moment(*match.span(), minutes=_readings(hours, minutes, half))


def _readings(hours: int, minutes: int, half: str) -> tuple[int, ...]:
    if half:
        return ((hours % 12 + (12 if half == "p" else 0)) * 60 + minutes,)
    return (hours * 60 + minutes,)


def agree(claimed: Moment, stated: Moment) -> bool:
    """Whether the page's date or time is the claimed one, at least as exactly as it is claimed."""
    if claimed.minutes:
        return bool(set(claimed.minutes) & set(stated.minutes))
    return any(
        all(mine in (0, other) for mine, other in zip(wanted, given, strict=True))
        for wanted in claimed.dates
        for given in stated.dates
    )


def digits_of(moment: Moment) -> set[str]:
    """The runs of digits of which a page that has this date or time shows at least one."""
    hours = {(hour, time % 60) for time in moment.minutes for hour in (time // 60, time // 60 % 12 or 12)}
    found = {str(hour) for hour, _ in hours} | {f"{hour}{minutes:02}" for hour, minutes in hours}
    for year, month, day in moment.dates:
        found |= {str(day)} if day else {str(year)}
        found |= {f"{day}{month}{year}", f"{day:02}{month:02}{year}", f"{month}{day}{year}"} if year and day else set()
    return found
