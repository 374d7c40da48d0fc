"""What speaks against a number of the page that equals one of the claim: it is said of something else there. Pure."""

from __future__ import annotations

import re

from bot.verification.columns import wrong_column, wrong_year
from bot.verification.desk import Case
from bot.verification.languages import listed
from bot.verification.measures import shared_stems, unit_of
from bot.verification.numbers import Kind, Number
from bot.verification.periods import is_later, quarters
from bot.verification.words import content_stem, words


def _too_far(case: Case) -> str:
    """The number is on the page, but not where the words around it are."""
    if case.desk.is_foreign or case.is_operand:
        return ""
    page, unit = case.desk.page, case.unit
    reach = case.here.stems | case.here.context
    if not case.here.is_row and unit and not page.units[unit - 1].is_row:
        reach |= page.units[unit - 1].stems
    limit = case.desk.near * (0.5 if case.number.significant >= 4 else 1.0)
    whole = case.claim.stems | case.claim.context
    if case.here.is_row:
        # What stands above a table is true of each of its rows.
        whole = whole - case.desk.title - shared_stems(case.claim.text) or whole
    wholes = (case.around, whole)
    shares = [case.desk.weigh(stems & reach) / total for stems in wholes if (total := case.desk.weigh(stems))]
    return "" if not shares or max(shares) >= limit else f"{case.named} is on the page, but not about this"


def _better_line(case: Case) -> str:
    """Another row or clause, with another number, has more of the words around the claimed one."""
    if case.desk.is_foreign or case.is_operand or case.number.kind is Kind.ORDINAL:
        return ""
    page = case.desk.page
    here = _said_here(case)
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
            if rival == case.unit and (clause == there.stems or _leaves_out(case, number, clause)):
                continue  # it has no clause of its own, or the claimed one shares it
            if _fits_better(case, here, shared, case.around & clause):
                return f"{case.named} stands for something else on the page"
    return ""


def _leaves_out(case: Case, before: Number, clause: frozenset[str]) -> bool:
    """`17 species in sown plots and 19 in unsown ones`: the second leaves out what the first one said."""
    said = _segment(case.desk.page.text, before, case.other)
    return bool((case.around & said) - clause)


def _said_of_another(case: Case) -> str:
    """`Cash is limited to 1,000 and jewellery to 15,000`: 1,000 is said of cash, though `limit` stands beside it."""
    if case.desk.is_foreign or case.is_operand or case.here.is_row:
        return ""
    page = case.desk.page
    here = _said_here(case)
    own = {_value(number) for number in case.claim.numbers_beside(case.number)}
    for rival in page.numbers_in(case.unit):
        if not _is_rival(rival, case) or _value(rival) in own:
            continue
        there = _segment(page.text, case.other, rival) or page.clause_stems(case.unit, rival)
        theirs, unclaimed = (case.around & there) - here, here - there - case.claim.stems - case.claim.context
        # The second of two leaves out what the first one said; the first leaves out nothing.
        if theirs and unclaimed and (rival.start > case.other.start or not (case.around & here) - there):
            return f"{case.named} stands for something else on the page"
    return ""


def _said_here(case: Case) -> frozenset[str]:
    """The stems of the number's clause; `for departure and return 21` is one, after a number before it."""
    page = case.desk.page
    before = [number for number in page.numbers_in(case.unit) if number.end <= case.other.start]
    here = page.clause_stems(case.unit, case.other)
    return here | _segment(page.text, before[-1], case.other) if before and not case.here.is_row else here


def _segment(text: str, number: Number, after: Number) -> frozenset[str]:
    """The stems of what is said of the second of two numbers; nothing where it is not the second."""
    parted = _PARTED.search(text, number.end, after.start) if after.start > number.end else None
    if parted is None:
        return frozenset()
    end = _STOP.search(text, after.end, after.end + 40)
    stop = end.start() if end else min(len(text), after.end + 40)
    return frozenset(word.stem for word in words(text, parted.end(), stop) if word.stem)


_PARTED = re.compile(r"[;,](?=\s)|\s(?:and|while|but|und|aber|et|mais|y)\s")


def _next_to_another(case: Case) -> str:
    """In `up to €20,000 in total and €2,500 for each item` the words behind a number tell which is which."""
    if case.desk.is_foreign or case.is_operand or case.here.is_row:
        return ""
    page = case.desk.page
    mine = _behind(case.claim.text, case.number)
    if not mine or mine & _behind(page.text, case.other):
        return ""
    own = case.around & _behind(page.text, case.other)
    for rival in page.numbers_in(case.unit):
        if own - _behind(page.text, rival):
            continue  # `17 in sown plots and 19 in unsown ones`: the noun is left out
        if _is_rival(rival, case) and rival.start > case.here.start and mine & _behind(page.text, rival):
            return f"{case.named} stands for something else on the page"
    return ""


def _is_rival(number: Number, case: Case) -> bool:
    """Whether a number could be meant instead: of the same kind, and another one."""
    return (
        number.kind in (case.other.kind, case.number.kind)
        and number is not case.other
        and _value(number) != _value(case.other)
    )


def _value(number: Number) -> tuple[object, ...]:
    return (number.readings, number.moment.dates, number.moment.minutes) if number.moment else (number.readings,)


def _behind(text: str, number: Number) -> frozenset[str]:
    """The stems of the two words behind a number, up to the end of its clause."""
    end = _STOP.search(text, number.end, number.end + 40)
    found = [word.stem for word in words(text, number.end, end.start() if end else number.end + 40) if word.stem]
    return frozenset(found[:2])


_STOP = re.compile(r"[.,;:!?)](?=\s|$)|\s(?:and|or|und|oder|et|y|to)\s")


def _fits_better(case: Case, here: frozenset[str], shared: frozenset[str], rival: frozenset[str]) -> bool:
    """Whether a rival has all that this place shares with the claim and more, or at least clearly more of it."""
    weigh = case.desk.weigh
    if shared < rival and here - case.claim.stems - case.claim.context:
        return True
    if weigh(rival) > 2 * weigh(shared) + 0.3:
        return True
    return weigh(rival) > weigh(shared) + 0.15 and weigh(shared & rival) >= 0.6 * weigh(shared)


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


def _wrong_sign(case: Case) -> str:
    if case.number.kind not in (Kind.AMOUNT, Kind.PERCENT) or case.number.negative == case.other.negative:
        return ""
    about = case.around | case.here.stems
    if case.other.negative and case.here.is_row and case.around & _GOOD and not about & _BAD:
        return f"{case.named} is negative on the page"
    is_enumerated = case.claim.text[case.number.start] == "(" and len(case.number.text) <= 2
    if case.number.negative and not is_enumerated and not about & _BAD:
        return f"{case.named} is not negative on the page"
    return ""


def _other_unit(case: Case) -> str:
    """`200 mm` on the page are not `200 cm`."""
    if case.number.kind is not Kind.AMOUNT:
        return ""
    mine, theirs = unit_of(case.claim.text, case.number), unit_of(case.desk.page.text, case.other)
    return f"{case.named} has another unit on the page" if mine and theirs and mine != theirs else ""


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


def _wrong_bound(case: Case) -> str:
    mine = _bound(case.claim.text, case.number)
    theirs = _bound(case.desk.page.text, case.other)
    return f"the page bounds {case.named} the other way" if mine and theirs and mine != theirs else ""


def _bound(text: str, number: Number) -> str:
    before = re.sub(r"\s+", " ", text[max(0, number.start - 28) : number.start])
    after = re.sub(r"\s+", " ", text[number.end : number.end + 28])
    if _AT_LEAST.search(before) or _AT_LEAST_AFTER.match(after):
        return "" if re.search(r"\b(?:no|not)\s+(?:more than|exceed\w*)\s+\S*$", before, re.IGNORECASE) else "least"
    return "most" if _AT_MOST.search(before) or _AT_MOST_AFTER.match(after) else ""


def _another_time(case: Case) -> str:
    """`For the coming quarter we expect 4,950` says nothing of the quarter that the report is about."""
    claim, page = case.claim, case.desk.page
    told = quarters(claim.text)
    said = page.text[case.here.start : case.here.end]
    if is_later(said) and told and told <= {q % 4 + 1 for q in case.desk.periods.quarters}:
        return ""
    if told and case.desk.periods.quarters and not told & (case.desk.periods.quarters | quarters(page.text)):
        return f"{case.named} is the figure of another quarter"
    named = [number for number in claim.numbers if case.desk.periods.have(number, claim.text)]
    if not named or case.number.kind not in (Kind.AMOUNT, Kind.PERCENT) or is_later(claim.text):
        return ""
    return f"{case.named} is the figure of another time" if is_later(said) else ""


_TESTS = (
    _too_far,
    _another_time,
    _said_of_another,
    wrong_column,
    wrong_year,
    _wrong_sign,
    _wrong_bound,
    _other_unit,
    _next_to_another,
    _better_line,
)


def _is_of_name(case: Case) -> bool:
    """`Debian 8` and `Section 12`: the number is a part of what something is called, here and there."""
    mine = _name_before(case.claim.text, case.number)
    return bool(mine) and mine == _name_before(case.desk.page.text, case.other)


def _name_before(text: str, number: Number) -> str:
    match = _NAME_BEFORE.search(text[max(0, number.start - _LONGEST_NAME) : number.start])
    return match[1] if match else ""


def _is_length(case: Case) -> bool:
    """`The three months ended June 30`: how long the time is that a whole table tells of."""
    return bool(_ENDED.match(case.claim.text, case.number.end) and _ENDED.match(case.desk.page.text, case.other.end))


_ENDED = re.compile(r"\s+(?:months?|weeks?|quarters?|years?)\s+end(?:ed|ing)\b", re.IGNORECASE)
_LONGEST_NAME = 40
_NAME_BEFORE = re.compile(r"([A-Z][^\W\d_]+)[\s-]$")


def reason_against(case: Case) -> str:
    """Return why a number does not stand for what the claim says; empty where nothing speaks against it."""
    if case.number.kind is Kind.AMOUNT and not case.number.currency and (_is_of_name(case) or _is_length(case)):
        return ""
    return next((why for test in _TESTS if (why := test(case))), "")
