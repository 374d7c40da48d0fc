"""Where a number of a claim stands on a page, and whether it stands there for what the claim says. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.verification.claims import Claim
from bot.verification.dates import agree, digits_of
from bot.verification.desk import Case, Desk
from bot.verification.measures import shared_stems
from bot.verification.numbers import Kind, Number
from bot.verification.objections import reason_against
from bot.verification.passages import PageIndex, leading
from bot.verification.words import words

IN_TITLE = -1
"""The place of a year that the document's title names, and of a date that a table's head does."""


@dataclass(frozen=True, slots=True)
class Place:
    """The unit of the page where a number stands as claimed, or why it does not."""

    unit: int | None = None
    objection: str = ""
    neighbour: bool = False
    """The word after the number is the same as in the claim: `five unused days`."""


def place(claim: Claim, index: int, desk: Desk) -> Place:
    """Find the unit in which a number of the claim stands for what it is said to be."""
    number, page = claim.numbers[index], desk.page
    if number.kind is Kind.IDENTIFIER:
        hit = re.search(rf"(?<![\d.]){re.escape(number.text)}(?!\d|\.\d)", page.text)
        return Place(page.unit_at(hit.start())) if hit else Place()
    equal = [hit for hit in candidates(number, page) if _same(claim, index, hit[1], page, hit[0])]
    if number.is_date and any(other.kind in (Kind.AMOUNT, Kind.PERCENT) for other in claim.numbers):
        return _place_beside_amounts(claim, number, equal, desk)
    around = claim.clause(number) or claim.stems
    around = around - desk.title - shared_stems(claim.text) or around - desk.title or around
    found = _best(claim, number, around | claim.context, equal, desk)
    if found.unit is None and (
        desk.periods.have(number, claim.text) or _is_put_together(number, desk) or _is_only_day(number, page)
    ):
        return Place(IN_TITLE)
    return found


def _place_beside_amounts(claim: Claim, number: Number, candidates: Sequence[tuple[int, Number]], desk: Desk) -> Place:
    """A year or date beside an amount only has to be there: where it belongs is judged with the amount."""
    if number.moment and any(head.moment and agree(number.moment, head.moment) for head in desk.page.heads):
        return Place(IN_TITLE)
    if candidates:
        return Place(candidates[0][0])
    in_title = desk.periods.have(number, claim.text) or _is_put_together(number, desk)
    return Place(IN_TITLE) if in_title else Place()


def _is_only_day(number: Number, page: PageIndex) -> bool:
    """Whether a page names one day and no other: then it is the day of all that it tells."""
    dates = number.moment.dates if number.moment else ()
    return any(date[2] for date in dates) and page.days <= set(dates) and bool(page.days)


def _is_put_together(number: Number, desk: Desk) -> bool:
    """Whether the head of a table has a date in pieces: `at 30 September`, and below it `2023 2022`."""
    heads = desk.page.heads
    years = {head.year for head in heads} | desk.periods.years
    days = {(month, day) for head in heads if head.moment for year, month, day in head.moment.dates if not year}
    dates = number.moment.dates if number.moment else ()
    return any(day and year in years and (month, day) in days for year, month, day in dates)


def _best(
    claim: Claim, number: Number, around: frozenset[str], candidates: Sequence[tuple[int, Number]], desk: Desk
) -> Place:
    """Try the candidates, likeliest first, until nothing speaks against one."""
    ranked = sorted(candidates, key=lambda hit: _likeness(claim, around, desk, *hit), reverse=True)
    objection = ""
    for unit, other in ranked[:6]:
        case = Case(claim, number, around, desk, unit, other)
        reason = reason_against(case)
        if not reason:
            return Place(unit, neighbour=_same_neighbour(case))
        objection = objection or reason
    return Place(None, objection)


# Equal numbers


def candidates(number: Number, page: PageIndex) -> list[tuple[int, Number]]:
    """Return the numbers of a page that may be equal, with their units."""
    if number.moment:
        return page.with_digits(digits_of(number.moment), (Kind.MOMENT,))
    if not number.readings:  # 4.12.3 is a name in digits; it is found by its text
        return []
    value = number.readings[0][0]
    if number.kind is Kind.YEAR:
        dated = page.with_digits((str(value), str(value)[2:]), (Kind.YEAR, Kind.MOMENT))
        return dated + page.written((leading(str(value)),), (Kind.AMOUNT,))
    kinds = {Kind.PERCENT: (Kind.PERCENT, Kind.AMOUNT), Kind.ORDINAL: (Kind.ORDINAL,)}
    wanted = kinds.get(number.kind, (Kind.AMOUNT, Kind.YEAR))
    found = page.written(keys(number), wanted)
    if number.value == int(number.value):
        found += page.spelled(int(abs(number.value)), wanted)
    return found


def may_be_on(number: Number, page: PageIndex) -> bool:
    """Whether a page can have a number at all: a cheap look, right whenever it says no."""
    if number.moment or number.kind in (Kind.IDENTIFIER, Kind.YEAR):
        return True
    whole = number.value == int(number.value)
    return page.may_have(keys(number), int(abs(number.value)) if whole else None)


def keys(number: Number) -> set[int]:
    """The leading digits that an equal number, or one that rounds to this one, may have."""
    found: set[int] = set()
    for mantissa, _ in number.readings:
        first = leading(str(mantissa))
        reach = range(-6, 10) if number.significant == 1 else range(-1, 2)
        found.update(10 + (first - 10 + step) % 90 for step in reach)
        if not mantissa:
            found.add(0)
    return found


def _same(claim: Claim, index: int, other: Number, page: PageIndex, unit: int) -> bool:
    number = claim.numbers[index]
    if number.moment:
        return other.moment is not None and agree(number.moment, other.moment)
    if number.kind is Kind.YEAR:
        return other.year == number.year or other.readings == ((number.year, 0),)
    if number.kind is Kind.ORDINAL:
        return number.readings[0] == other.readings[0]
    if number.kind is Kind.PERCENT and other.kind is Kind.AMOUNT and not _may_be_percent(other, page, unit):
        return False
    if number.currency and (
        (other.currency and other.currency != number.currency)
        or (page.currencies and number.currency not in page.currencies)
    ):
        return False
    stated = list(_stated(number, other, page))
    return any(_equal(mine, one, claim.loose.get(index, "")) for mine in _scaled(number, claim.scale) for one in stated)


def _may_be_percent(number: Number, page: PageIndex, unit: int) -> bool:
    """In a table the sign may stand above; of `20 percent for breakfast and forty for lunch` the last leaves it out."""
    if page.units[unit].is_row:
        return page.has_percent and abs(number.value) < 1000
    before = [other for other in page.numbers_in(unit) if other.end <= number.start]
    return bool(before) and before[-1].kind is Kind.PERCENT and not (number.currency or number.scale)


def _scaled(number: Number, hint: int) -> list[tuple[int, int]]:
    scales = {number.scale} if number.scale or number.kind is Kind.PERCENT else {0, hint}
    return [(mantissa, exponent + scale) for mantissa, exponent in number.readings for scale in scales]


def _stated(number: Number, other: Number, page: PageIndex) -> Iterator[tuple[int, int]]:
    """Yield the values that a number on the page may stand for, given what the page says of its units."""
    if Kind.PERCENT in (other.kind, number.kind):
        scales: tuple[int, ...] = (0,)
    else:
        scales = (other.scale,) if other.scale else (0, *page.scales_at(other.start))
    for mantissa, exponent in other.readings:
        for scale in scales:
            yield mantissa, exponent + scale


def _equal(mine: tuple[int, int], theirs: tuple[int, int], loose: str) -> bool:
    """Whether the claimed value is the stated one, or the stated one rounded to the digits that are claimed."""
    (claimed, fine), (stated, coarse) = mine, theirs
    if fine <= coarse:
        stated, coarse = stated * _power(coarse - fine), fine
        if claimed == stated:
            return True
    while loose and claimed and claimed % 10 == 0:
        claimed, fine = claimed // 10, fine + 1
    step = _power(fine - coarse)
    if stated == claimed * step:
        return True
    if step == 1 or not claimed or (len(str(claimed)) < 2 and not loose):
        return False
    if loose in ("above", "below"):
        whole = stated // step if loose == "above" else -(-stated // step)
        return whole == claimed and 4 * abs(stated - claimed * step) <= claimed * step
    return (2 * stated + step) // (2 * step) == claimed


def _power(exponent: int) -> int:
    return int(10 ** min(exponent, 40))


def _likeness(claim: Claim, around: frozenset[str], desk: Desk, unit: int, number: Number) -> tuple[float, float, int]:
    """How much a place has of the words around the number, then of the whole claim; the first such place wins."""
    here = desk.page.units[unit]
    clause = desk.page.clause_stems(unit, number)
    near = desk.weigh(around & clause) + 0.5 * desk.weigh((around & here.stems) - clause)
    return near, desk.weigh(claim.stems & (here.stems | here.context)), -unit


def _same_neighbour(case: Case) -> bool:
    mine = next((word.stem for word in case.claim.words if word.start >= case.number.end), "")
    end = case.other.end
    theirs = [word.stem for word in words(case.desk.page.text, end, end + 40) if word.stem][:2]
    return bool(mine) and mine in theirs
