"""Results that an answer computes from numbers of the pages: supported only where they come out again here."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from bot.verification.claims import Claim
from bot.verification.equations import between, comes_out, equations, is_constant, scale_of
from bot.verification.numbers import Kind, Number


@dataclass(slots=True)
class Derivation:
    """Which numbers of a claim come out of others: index → the indexes that it needs."""

    needs: dict[int, tuple[int, ...]] = field(default_factory=dict)
    uses_earlier: bool = False
    """Out of the last two numbers of the sentences before."""
    is_formula: bool = False
    """The claim is an equation of distinctive numbers: then what it is called matters less than that it comes out."""


def derived(claim: Claim, missing: Collection[int], earlier: Sequence[Number]) -> Derivation:
    """Recompute the results of a claim.

    Without a formula only a number that is on no page, one of `missing`, can be a result. `earlier` are numbers of the
    sentences before, already found on pages.
    """
    found = Derivation()
    results = _of_equations(claim, found)
    found.needs |= dict(between(claim))
    for i in set(missing) - found.needs.keys() - results.keys():
        # `The ratio is 0.66, being 1,469 / 2,213 = 0.66`, or `= 5.43%, or about 5.4%`.
        for result, value in results.items():
            if value is not None and _is_again(claim, i, result, value):
                found.needs[i] = found.needs[result]
    found.needs |= {i: () for i in missing if _is_span(claim, i)}
    used = {i for needed in found.needs.values() for i in needed}
    for i, number in enumerate(claim.numbers):
        is_amount = i in missing and number.kind in (Kind.AMOUNT, Kind.PERCENT)
        if is_amount and i not in found.needs and i not in used:
            implied = _implied(claim, i, earlier)
            if implied is not None:
                found.needs[i] = implied
                found.uses_earlier |= not implied
                used |= set(implied)
    return found


def _of_equations(claim: Claim, found: Derivation) -> dict[int, float | None]:
    """Add what the equations of a claim show; return the value of each result, None where it is another one."""
    results: dict[int, float | None] = {}
    for result, operands, unscaled in equations(claim):
        value = unscaled * scale_of(claim, result, operands)
        results.setdefault(result, None)
        if comes_out(claim.numbers[result], value):
            needed = tuple(i for i in operands if not is_constant(claim.numbers[i]))
            found.needs[result], results[result] = needed, value
            found.needs |= {i: () for i in operands if i not in needed and i not in found.needs}
            distinctive = sum(claim.numbers[i].significant >= 3 for i in needed)
            found.is_formula |= distinctive >= 2 and any(sign in claim.text for sign in "=≈")
    return results


def _is_again(claim: Claim, index: int, result: int, value: float) -> bool:
    number = claim.numbers[index]
    return number.kind is claim.numbers[result].kind and comes_out(number, value)


def _is_span(claim: Claim, index: int) -> bool:
    """Whether a number counts the years that the claim names: `the two-year growth from 2020 to 2022`."""
    number = claim.numbers[index]
    years = [other.year for other in claim.numbers if other.year]
    if number.kind is not Kind.AMOUNT or len(years) < 2 or not _YEARS.match(claim.text, number.end):
        return False
    return number.value in (max(years) - min(years), max(years) - min(years) + 1)


_YEARS = re.compile(r"[\s-]years?\b", re.IGNORECASE)


_SUM = re.compile(
    r"\b(?:total|sum|combined|together|altogether|add(?:s|ed|ing)? up|insgesamt|zusammen|summe)\b", re.IGNORECASE
)
_AVERAGE = re.compile(r"\b(?:average|mean|averag\w+|durchschnitt\w*|moyenne|promedio)\b", re.IGNORECASE)
_DIFFERENCE = re.compile(
    r"\b(?:difference|increas\w*|decreas\w*|rose|r[ai]s\w*|grew|grow\w*|declin\w*|fell|fall\w*|drop\w*|chang\w*|reduc\w*|gain\w*|lower|higher|more|less|fewer"
    r"|net|working capital|differenz|gestiegen|gesunken|anstieg|rückgang)\b",
    re.IGNORECASE,
)
_RATIO = re.compile(
    r"\b(?:ratio|margin|share|proportion|per|times|turnover|quote|of (?:the )?(?:total|revenue|sales)|percent\w*"
    r"|conversion|multiple)\b|%",
    re.IGNORECASE,
)


def _implied(claim: Claim, index: int, earlier: Sequence[Number]) -> tuple[int, ...] | None:
    """Operands of a result without a formula: exactly two candidates, and an operation that the sentence names.

    With more candidates something would always come out; then only a formula shows where a result comes from.
    """
    result = claim.numbers[index]
    pool: list[tuple[int, Number]] = [
        (i, number)
        for i, number in enumerate(claim.numbers)
        if i != index and number.kind in (Kind.AMOUNT, Kind.PERCENT) and not number.spelled
    ]
    if result.kind is Kind.PERCENT and any(number.kind is Kind.AMOUNT for _, number in pool):
        pool = [(i, number) for i, number in pool if number.kind is Kind.AMOUNT]
    if not pool:
        pool = [(-1, number) for number in earlier[-2:] if number.kind in (Kind.AMOUNT, Kind.PERCENT)]
    if len(pool) < 2 or result.significant + (result.kind is Kind.PERCENT) < 2:
        return None
    if result.kind is Kind.AMOUNT and len({number.kind for _, number in pool}) > 1:
        return None
    operands = tuple(i for i, _ in pool if i >= 0)
    values = [
        abs(number.value) / (100 if number.kind is Kind.PERCENT and result.kind is Kind.AMOUNT else 1)
        for _, number in pool
    ]
    if len(pool) > 2:
        total = sum(values)
        wanted = (
            total if _SUM.search(claim.text) else None,
            total / len(values) if _AVERAGE.search(claim.text) else None,
        )
        return operands if any(value is not None and comes_out(result, value) for value in wanted) else None
    return operands if any(comes_out(result, value) for value in _operations(claim.text, result, values)) else None


def _operations(text: str, result: Number, values: Sequence[float]) -> Iterator[float]:
    one, other = values
    if _SUM.search(text):
        yield one + other
    if _AVERAGE.search(text):
        yield (one + other) / 2
    if _DIFFERENCE.search(text):
        yield one - other
        if result.kind is Kind.PERCENT:
            yield from (value / 1 for value in _quotients(one - other, (one, other)))
    if _RATIO.search(text):
        yield from _quotients(one, (other,))
        yield from _quotients(other, (one,))


def _quotients(value: float, divisors: Sequence[float]) -> Iterator[float]:
    yield from (value / divisor for divisor in divisors if divisor)
