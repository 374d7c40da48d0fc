"""Results that an answer computes from numbers of the pages: supported only where they come out again here."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bot.verification.claims import Claim
from bot.verification.numbers import Kind, Number

_OPERATORS = re.compile(r"[+\-−–×*/÷()=≈^]|(?<=\s)x(?=\s)|\b(?:divided by|over|minus|less|plus|times)\b", re.IGNORECASE)
_FORMULA = re.compile(r"[=≈(]")
_MEANING = {
    **dict.fromkeys(("-", "−", "–", "minus", "less"), "-"),
    **dict.fromkeys(("×", "*", "x", "times"), "*"),
    **dict.fromkeys(("/", "÷", "divided by", "over"), "/"),
    **dict.fromkeys(("=", "≈"), "="),
    **{sign: sign for sign in "+()^"},
    "plus": "+",
}
CONSTANTS = frozenset({1.0, 2.0, 3.0, 4.0, 5.0, 12.0, 52.0, 100.0, 360.0, 365.0, 1000.0})


@dataclass(frozen=True, slots=True)
class _Token:
    sign: str
    number: int = -1
    """Index in the claim's numbers, where this is a number."""


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
    values: dict[int, float] = {}
    stated: set[int] = set()
    for result, operands, unscaled in _equations(claim):
        stated.add(result)
        value = unscaled * _scale_of(claim, result, operands)
        if _comes_out(claim.numbers[result], value):
            needed = tuple(i for i in operands if not _is_constant(claim.numbers[i]))
            found.needs[result], values[result] = needed, value
            found.needs |= {i: () for i in operands if i not in needed and i not in found.needs}
            distinctive = sum(claim.numbers[i].significant >= 3 for i in needed)
            found.is_formula |= distinctive >= 2 and any(sign in claim.text for sign in "=≈")
    found.needs |= dict(_between(claim))
    for i in set(missing) - found.needs.keys() - stated:
        # `The ratio is 0.66, being 1,469 / 2,213 = 0.66`, or `= 5.43%, or about 5.4%`.
        same = (r for r in values if claim.numbers[r].kind is claim.numbers[i].kind)
        again = next((r for r in same if _comes_out(claim.numbers[i], values[r])), None)
        if again is not None:
            found.needs[i] = found.needs[again]
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


def _scale_of(claim: Claim, result: int, operands: Sequence[int]) -> float:
    """`98 - 90 = 8 million` gives the unit once."""
    return 1.0 if any(claim.numbers[i].scale for i in operands) else 10.0 ** claim.numbers[result].scale


def is_mistaken(claim: Claim) -> bool:
    """Whether something is said to be equal to what comes out otherwise."""
    if "=" not in claim.text or len(claim.numbers) < 3:
        return False
    tokens = _tokens(claim)
    equals = [i for i, token in enumerate(tokens) if token.sign == "="]
    for at in equals:
        result = tokens[at + 1].number if at + 1 < len(tokens) else -1
        if result < 0 or (tokens[at + 2 : at + 3] and tokens[at + 2].sign):
            continue
        parsed = list(_longest(claim, tokens, 0, at, result))
        values = [value * _scale_of(claim, result, operands) for _, operands, value in parsed]
        if values and not any(_comes_out(claim.numbers[result], value) for value in values):
            return True
    return False


def _equations(claim: Claim) -> Iterator[tuple[int, tuple[int, ...], float]]:
    """Yield result, operands and value of `a / b = r` and `r (a / b)`."""
    if len(claim.numbers) < 2 or not _FORMULA.search(claim.text):
        return
    tokens = _tokens(claim)
    equals = [i for i, token in enumerate(tokens) if token.sign == "="]
    for n, at in enumerate(equals):
        start = equals[n - 1] + 1 if n else 0
        result = next((token.number for token in tokens[at + 1 : at + 3] if token.number >= 0), None)
        following = tokens[at + 2 : at + 3]
        if result is not None and not (following and following[0].sign in ("+", "-", "*", "/")):
            yield from _longest(claim, tokens, start, at, result)
            if n:
                yield from _longest(claim, tokens, 0, equals[0], result)
    for i, token in enumerate(tokens[:-1]):
        if token.number >= 0 and tokens[i + 1].sign == "(":
            end = _closing(tokens, i + 1)
            parsed = _evaluate(claim, tokens[i + 2 : end])
            if parsed and len(parsed[0]) > 1:
                yield token.number, *parsed


def _between(claim: Claim) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield the numbers of the second expression of `(a - b) / c = d / c = r` that the first one does not have.

    Each is one that comes out on the way; the first expression's numbers are what it needs.
    """
    tokens = _tokens(claim) if claim.text.count("=") + claim.text.count("≈") > 1 else []
    equals = [i for i, token in enumerate(tokens) if token.sign == "="]
    for at, end in pairwise(equals):
        later = _evaluate(claim, tokens[at + 1 : end])
        starts = (_evaluate(claim, tokens[begin:at]) for begin in range(at - 2))
        first = next((parsed for parsed in starts if parsed and len(parsed[0]) > 1), None)
        if later and first and len(later[0]) > 1:
            used = {claim.numbers[i].readings for i in first[0]}
            new = [i for i in later[0] if claim.numbers[i].readings not in used and not _is_constant(claim.numbers[i])]
            if abs(later[1] - first[1]) <= abs(first[1]) * sum(_imprecision(claim.numbers[i]) for i in new):
                yield from ((i, first[0] if i in new else ()) for i in later[0] if not _is_constant(claim.numbers[i]))


def _is_constant(number: Number) -> bool:
    """Whether a number is one that formulas have without a page: days of a year, the half of an average."""
    return number.value in CONSTANTS


def _is_span(claim: Claim, index: int) -> bool:
    """Whether a number counts the years that the claim names: `the two-year growth from 2020 to 2022`."""
    number = claim.numbers[index]
    years = [other.year for other in claim.numbers if other.year]
    if number.kind is not Kind.AMOUNT or len(years) < 2 or not _YEARS.match(claim.text, number.end):
        return False
    return number.value in (max(years) - min(years), max(years) - min(years) + 1)


_YEARS = re.compile(r"[\s-]years?\b", re.IGNORECASE)


def _imprecision(number: Number) -> float:
    """By how much a number may be off, as a share, to be right to the digits that are written."""
    return 0.6 * 10.0 ** (number.readings[0][1] + number.scale) / (abs(number.value) or 1.0)


def _longest(
    claim: Claim, tokens: Sequence[_Token], start: int, end: int, result: int
) -> Iterator[tuple[int, tuple[int, ...], float]]:
    """The runs of tokens before an equals sign that are expressions, the longest first."""
    for begin in range(start, end - 2):
        parsed = _evaluate(claim, tokens[begin:end])
        if parsed and len(parsed[0]) > 1:
            yield result, *parsed


def _tokens(claim: Claim) -> list[_Token]:
    """Numbers and operators in order; everything else, labels and units, is left out."""
    found: list[tuple[int, _Token]] = [
        (number.start, _Token("", i))
        for i, number in enumerate(claim.numbers)
        if number.kind in (Kind.AMOUNT, Kind.PERCENT)
    ]
    spans = [(number.start, number.end, number.negative) for number in claim.numbers]
    for match in _OPERATORS.finditer(claim.text):
        inside = any(start <= match.start() < end for start, end, _ in spans)
        closes = match[0] == ")" and any(
            end == match.start() and negative and "(" in claim.text[start:end] for start, end, negative in spans
        )
        hyphen = match[0] in "-–" and not (
            claim.text[match.start() - 1 : match.start()].isspace()
            or claim.text[match.start() - 1 : match.start()] == ")"
        )
        if not inside and not closes and not hyphen:
            found.append((match.start(), _Token(_MEANING[match[0].lower()])))
    return [token for _, token in sorted(found, key=lambda item: item[0])]


def _closing(tokens: Sequence[_Token], at: int) -> int:
    depth = 0
    for i in range(at, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[i].sign, 0)
        if depth == 0:
            return i
    return len(tokens)


def _evaluate(claim: Claim, tokens: Sequence[_Token]) -> tuple[tuple[int, ...], float] | None:
    """Return operands and value of an expression; None where it is not one."""
    operands: list[int] = []
    position = 0

    def peek() -> str:
        return tokens[position].sign if position < len(tokens) else "end"

    def atom() -> float:
        nonlocal position
        if position >= len(tokens):
            raise ValueError
        token = tokens[position]
        position += 1
        if token.number >= 0:
            operands.append(token.number)
            number = claim.numbers[token.number]
            return number.value / 100 if number.kind is Kind.PERCENT else number.value
        if token.sign == "-":
            return -atom()
        if token.sign != "(":
            raise ValueError
        value = total()
        if peek() != ")":
            raise ValueError
        position += 1
        return value

    def power() -> float:
        nonlocal position
        value = atom()
        if peek() == "^":
            position += 1
            value = float(abs(value) ** max(-9.0, min(9.0, atom())))
        return value

    def product() -> float:
        nonlocal position
        value = power()
        while peek() in ("*", "/"):
            sign = peek()
            position += 1
            value = value * power() if sign == "*" else value / power()
        return value

    def total() -> float:
        nonlocal position
        value = product()
        while peek() in ("+", "-"):
            sign = peek()
            position += 1
            value = value + product() if sign == "+" else value - product()
        return value

    if len(tokens) > 60:
        return None
    try:
        value = total()
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return (tuple(dict.fromkeys(operands)), value) if position == len(tokens) else None


def _comes_out(result: Number, value: float) -> bool:
    """Whether a value is what is written, to the digits that are written."""
    mantissa, exponent = result.readings[0]
    unit = 10.0 ** (exponent + result.scale)
    written = abs(result.value)
    slack = (1.0 if len(str(mantissa)) >= 3 else 0.6) * unit
    values = (value, value * 100) if result.kind is Kind.PERCENT else (value,)
    return any(abs(abs(one) - written) <= slack and written + unit > abs(one) for one in values)


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
        return operands if any(value is not None and _comes_out(result, value) for value in wanted) else None
    return operands if any(_comes_out(result, value) for value in _operations(claim.text, result, values)) else None


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
