"""Where a number of a claim stands on a page, and whether it stands there for what the claim says. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.verification.claims import Claim
from bot.verification.dates import agree, digits_of
from bot.verification.languages import listed
from bot.verification.numbers import Kind, Number
from bot.verification.passages import PageIndex, Unit, leading
from bot.verification.periods import Periods, is_later, quarters
from bot.verification.words import content_stem, words

IN_TITLE = -1
"""The place of a year that the document's title names, and of a date that a table's head does."""


@dataclass(frozen=True, slots=True)
class Place:
    """The unit of the page where a number stands as claimed, or why it does not."""

    unit: int | None = None
    objection: str = ""
    neighbour: bool = False
    """The word after the number is the same as in the claim: `five unused days`."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What placing needs beside a claim: one page, its title's time, how words weigh, how near is near."""

    page: PageIndex
    periods: Periods
    weigh: Callable[[Iterable[str]], float]
    near: float
    is_foreign: bool


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
    found = _best(claim, number, around | claim.context, equal, desk)
    if found.unit is None and desk.periods.have(number, claim.text):
        return Place(IN_TITLE)
    return found


def _place_beside_amounts(claim: Claim, number: Number, candidates: Sequence[tuple[int, Number]], desk: Desk) -> Place:
    """A year or date beside an amount only has to be there: where it belongs is judged with the amount."""
    if number.moment and any(head.moment and agree(number.moment, head.moment) for head in desk.page.heads):
        return Place(IN_TITLE)
    if candidates:
        return Place(candidates[0][0])
    return Place(IN_TITLE) if desk.periods.have(number, claim.text) else Place()


def _best(
    claim: Claim, number: Number, around: frozenset[str], candidates: Sequence[tuple[int, Number]], desk: Desk
) -> Place:
    """Try the candidates, likeliest first, until nothing speaks against one."""
    ranked = sorted(candidates, key=lambda hit: _likeness(claim, around, desk, *hit), reverse=True)
    objection = ""
    for unit, other in ranked[:6]:
        case = _Case(claim, number, around, desk, unit, other)
        reason = next((why for test in _TESTS if (why := test(case))), "")
        if not reason:
            return Place(unit, neighbour=_same_neighbour(case))
        objection = objection or reason
    return Place(None, objection)


@dataclass(frozen=True, slots=True)
class _Case:
    """One number of the claim beside one equal number of the page."""

    claim: Claim
    number: Number
    around: frozenset[str]
    """Stems of the number's clause in the claim."""
    desk: Desk
    unit: int
    other: Number

    @property
    def here(self) -> Unit:
        return self.desk.page.units[self.unit]

    @property
    def is_operand(self) -> bool:
        return self.number.start in self.claim.operands and self.number.significant >= 3

    @property
    def named(self) -> str:
        return self.number.text.strip()


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
    if number.kind is Kind.PERCENT and other.kind is Kind.AMOUNT and not (page.units[unit].is_row and page.has_percent):
        return False
    if number.currency and (
        (other.currency and other.currency != number.currency)
        or (page.currencies and number.currency not in page.currencies)
    ):
        return False
    stated = list(_stated(number, other, page))
    return any(_equal(mine, one, claim.loose.get(index, "")) for mine in _scaled(number, claim.scale) for one in stated)


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
    if loose == "above":
        return stated // step == claimed
    if loose == "below":
        return -(-stated // step) == claimed
    return (2 * stated + step) // (2 * step) == claimed


def _power(exponent: int) -> int:
    return int(10 ** min(exponent, 40))


# What speaks against a place


def _likeness(claim: Claim, around: frozenset[str], desk: Desk, unit: int, number: Number) -> tuple[float, float, int]:
    """How much a place has of the words around the number, then of the whole claim; the first such place wins."""
    here = desk.page.units[unit]
    clause = desk.page.clause_stems(unit, number)
    near = desk.weigh(around & clause) + 0.5 * desk.weigh((around & here.stems) - clause)
    return near, desk.weigh(claim.stems & (here.stems | here.context)), -unit


def _too_far(case: _Case) -> str:
    """The number is on the page, but not where the words around it are."""
    if case.desk.is_foreign or case.is_operand:
        return ""
    page, unit = case.desk.page, case.unit
    reach = case.here.stems | case.here.context
    if not case.here.is_row and unit and not page.units[unit - 1].is_row:
        reach |= page.units[unit - 1].stems
    limit = case.desk.near * (0.5 if case.number.significant >= 4 else 1.0)
    wholes = (case.around, case.claim.stems | case.claim.context)
    shares = [case.desk.weigh(stems & reach) / total for stems in wholes if (total := case.desk.weigh(stems))]
    return "" if not shares or max(shares) >= limit else f"{case.named} is on the page, but not about this"


def _better_line(case: _Case) -> str:
    """Another row or clause, with another number, has more of the words around the claimed one."""
    if case.desk.is_foreign or case.is_operand or case.number.kind is Kind.ORDINAL:
        return ""
    page = case.desk.page
    here = page.clause_stems(case.unit, case.other)
    shared = case.around & here
    own = {_value(number) for number in case.claim.numbers_beside(case.number)}
    rivals = {rival for stem in case.around - here for rival in page.postings.get(stem, ())} & page.figures
    for rival in rivals:
        there = page.units[rival]
        if there.is_row and rival == case.unit:
            continue
        for number in page.numbers_in(rival)[: 1 if there.is_row else None]:
            if not _is_rival(number, case) or _value(number) in own:
                continue
            clause = page.clause_stems(rival, number)
            if rival == case.unit and clause == there.stems:
                continue  # it has no clause of its own
            if _fits_better(case, here, shared, case.around & clause):
                return f"{case.named} stands for something else on the page"
    return ""


def _said_of_another(case: _Case) -> str:
    """`Cash is limited to 1,000 and jewellery to 15,000`: 1,000 is said of cash, though `limit` stands beside it."""
    if case.desk.is_foreign or case.is_operand or case.here.is_row:
        return ""
    page, weigh = case.desk.page, case.desk.weigh
    here = page.clause_stems(case.unit, case.other)
    own = {_value(number) for number in case.claim.numbers_beside(case.number)}
    for rival in page.numbers_in(case.unit):
        if not _is_rival(rival, case) or _value(rival) in own:
            continue
        there = page.clause_stems(case.unit, rival)
        if rival.start > case.other.end:  # the second of two, in a clause that begins before the first
            there &= frozenset(word.stem for word in words(page.text, case.other.end, rival.start))
        theirs, ours = (case.around & there) - here, (case.around & here) - there
        if theirs and here - there - case.claim.stems - case.claim.context and weigh(theirs) >= weigh(ours):
            return f"{case.named} stands for something else on the page"
    return ""


def _wrong_column(case: _Case) -> str:
    """The claim names one column of a table, and the number stands in another."""
    page = case.desk.page
    if not case.here.is_row or case.desk.is_foreign:
        return ""
    head = next((unit for unit in reversed(page.units[max(0, case.unit - 40) : case.unit]) if not unit.is_row), None)
    cells = [cell for cell in page.numbers_in(case.unit) if cell.kind in (Kind.AMOUNT, Kind.PERCENT)]
    if head is None or len(cells) < 2:
        return ""
    line = page.text[head.start : head.end].rpartition("\n")[2]
    labels = [content_stem(word) for word in line.split()]
    labels = labels[len(labels) - len(cells) :] if len(labels) in (len(cells), len(cells) + 1) else []
    at = next((i for i, cell in enumerate(cells) if cell.start == case.other.start), len(labels))
    if not all(labels) or at >= len(labels) or labels[at] in case.claim.stems:
        return ""
    return f"{case.named} stands in another column" if case.around & set(labels) else ""


def _next_to_another(case: _Case) -> str:
    """In `up to €20,000 in total and €2,500 for each item` the words behind a number tell which is which."""
    if case.desk.is_foreign or case.is_operand or case.here.is_row:
        return ""
    page = case.desk.page
    mine = _behind(case.claim.text, case.number)
    if not mine or mine & _behind(page.text, case.other):
        return ""
    for rival in page.numbers_in(case.unit):
        if _is_rival(rival, case) and rival.start > case.here.start and mine & _behind(page.text, rival):
            return f"{case.named} stands for something else on the page"
    return ""


def _is_rival(number: Number, case: _Case) -> bool:
    """Whether a number could be meant instead: of the same kind, and another one."""
    return number.kind is case.other.kind and number is not case.other and _value(number) != _value(case.other)


def _value(number: Number) -> tuple[object, ...]:
    return (number.readings, number.moment.dates, number.moment.minutes) if number.moment else (number.readings,)


def _behind(text: str, number: Number) -> frozenset[str]:
    """The stems of the two words behind a number, up to the end of its clause."""
    end = _STOP.search(text, number.end, number.end + 40)
    found = [word.stem for word in words(text, number.end, end.start() if end else number.end + 40) if word.stem]
    return frozenset(found[:2])


_STOP = re.compile(r"[.,;:!?)](?=\s|$)|\s(?:and|or|und|oder|et|y|to)\s")


def _fits_better(case: _Case, here: frozenset[str], shared: frozenset[str], rival: frozenset[str]) -> bool:
    """Whether a rival has all that this place shares with the claim and more, or at least clearly more of it."""
    weigh = case.desk.weigh
    if shared < rival and here - case.claim.stems - case.claim.context:
        return True
    if weigh(rival) > 2 * weigh(shared) + 0.3:
        return True
    return weigh(rival) > weigh(shared) + 0.15 and weigh(shared & rival) >= 0.6 * weigh(shared)


def _wrong_year(case: _Case) -> str:
    """The claim puts the number in one year, the page in another."""
    if case.number.year or case.number.kind is Kind.ORDINAL:
        return ""
    claimed = _year_of(case.number, case.claim.numbers, case.claim.text)
    if not claimed:
        return ""
    page = case.desk.page
    if case.here.is_row:
        stated = _column_year(page, case.unit, case.other)
    else:
        stated = _year_of(case.other, page.numbers_in(case.unit), page.text)
    return f"{case.named} is the figure of another year" if stated and stated != claimed else ""


def _column_year(page: PageIndex, row: int, number: Number) -> int:
    """The year above a figure, where the table's head has one for each of the first columns."""
    heads = page.head_numbers(row)
    cells = [cell for cell in page.numbers_in(row) if cell.kind in (Kind.AMOUNT, Kind.PERCENT)]
    runs = [_years_from(heads[start:]) for start in range(len(heads))]
    # A title above the table may name a year, too: the years that are as many as the columns are those of the columns.
    years = next((run for run in runs if len(run) == len(cells) > 1), runs[0] if runs else [])
    at = next((i for i, cell in enumerate(cells) if cell.start == number.start), len(years))
    return years[at] if len(years) > 1 and len(cells) >= len(years) and at < len(years) else 0


def _years_from(heads: Sequence[Number]) -> list[int]:
    years: list[int] = []
    for head in heads:
        if head.year and head.year in years:
            break
        if head.year:
            years.append(head.year)
    return years


_YEAR_FOLLOWS = re.compile(r"[^.;,]{0,30}?\b(?:in|for|at|during|of|on)?\s*(?:the\s)?(?:fiscal\s)?(?:year\s)?\(?")


def _year_of(number: Number, others: Sequence[Number], text: str) -> int:
    """The year that a sentence gives to one of its numbers; 0 where that cannot be told for certain."""
    years = [other for other in others if other.year]
    if not years:
        return 0
    if len({other.year for other in years}) == 1:
        return years[0].year
    amounts = [other for other in others if other.kind is number.kind]
    if len(amounts) == len(years) and (amounts[-1].end <= years[0].start or amounts[0].start >= years[-1].end):
        return years[amounts.index(number)].year  # …, respectively
    after = next((other for other in years if other.start >= number.end), None)
    before = next((other for other in reversed(years) if other.end <= number.start), None)
    if after and _YEAR_FOLLOWS.fullmatch(text[number.end : after.start]):
        return after.year
    if before and not after and re.fullmatch(r"[^.;]{0,40}", text[before.end : number.start]):
        return before.year
    return 0


_GOOD = frozenset(map(content_stem, listed("income profit earnings gain margin growth increased grew rose surplus")))
_BAD = frozenset(
    map(
        content_stem,
        listed(
            "loss losses decrease decline declined fell drop dropped negative minus deficit expense cost used"
            " outflow purchase payment paid repayment reduction reduced lower spent capex expenditures charge"
            " provision tax outflows"
        ),
    )
)


def _wrong_sign(case: _Case) -> str:
    if case.number.kind not in (Kind.AMOUNT, Kind.PERCENT) or case.number.negative == case.other.negative:
        return ""
    about = case.around | case.here.stems
    if case.other.negative and case.here.is_row and case.around & _GOOD and not about & _BAD:
        return f"{case.named} is negative on the page"
    is_enumerated = case.claim.text[case.number.start] == "(" and len(case.number.text) <= 2
    if case.number.negative and not is_enumerated and not about & _BAD:
        return f"{case.named} is not negative on the page"
    return ""


_AT_LEAST = re.compile(
    r"(?:at least|no less than|not less than|minimum(?: of)?|more than|exceed(?:s|ing)?|mindestens|au moins|al menos)"
    r"\s+[$€£]?$",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    r"(?:at most|no more than|not more than|maximum(?: of)?|up to|less than|not exceed(?:ing)?|within|höchstens|bis zu"
    r"|au plus|como máximo)\s+(?:EUR\s|USD\s)?[$€£]?$",
    re.IGNORECASE,
)
_AT_LEAST_AFTER = re.compile(r"\W*(?:\w+\s){0,2}?(?:or more|at least|minimum|mindestens)\b", re.IGNORECASE)
_AT_MOST_AFTER = re.compile(r"\W*(?:\w+\s){0,2}?(?:or less|or fewer|at most|maximum|höchstens)\b", re.IGNORECASE)


def _wrong_bound(case: _Case) -> str:
    mine = _bound(case.claim.text, case.number)
    theirs = _bound(case.desk.page.text, case.other)
    return f"the page bounds {case.named} the other way" if mine and theirs and mine != theirs else ""


def _bound(text: str, number: Number) -> str:
    before = re.sub(r"\s+", " ", text[max(0, number.start - 28) : number.start])
    after = re.sub(r"\s+", " ", text[number.end : number.end + 28])
    if _AT_LEAST.search(before) or _AT_LEAST_AFTER.match(after):
        return "" if re.search(r"\b(?:no|not)\s+(?:more than|exceed\w*)\s+\S*$", before, re.IGNORECASE) else "least"
    return "most" if _AT_MOST.search(before) or _AT_MOST_AFTER.match(after) else ""


def _same_neighbour(case: _Case) -> bool:
    mine = next((word.stem for word in case.claim.words if word.start >= case.number.end), "")
    end = case.other.end
    theirs = [word.stem for word in words(case.desk.page.text, end, end + 40) if word.stem][:2]
    return bool(mine) and mine in theirs


def _another_time(case: _Case) -> str:
    """`For the coming quarter we expect 4,950` says nothing of the quarter that the report is about."""
    claim, page = case.claim, case.desk.page
    told = quarters(claim.text)
    if told and case.desk.periods.quarters and not told & (case.desk.periods.quarters | quarters(page.text)):
        return f"{case.named} is the figure of another quarter"
    named = [number for number in claim.numbers if case.desk.periods.have(number, claim.text)]
    if not named or case.number.kind not in (Kind.AMOUNT, Kind.PERCENT) or is_later(claim.text):
        return ""
    said = page.text[case.here.start : case.here.end]
    return f"{case.named} is the figure of another time" if is_later(said) else ""


_TESTS = (
    _too_far,
    _another_time,
    _said_of_another,
    _wrong_column,
    _wrong_year,
    _wrong_sign,
    _wrong_bound,
    _next_to_another,
    _better_line,
)
