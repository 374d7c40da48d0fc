"""Equations in a sentence: `a / b = r`, `r (a / b)`, and what stands between two equals signs. Evaluated, never run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
_CONSTANTS = frozenset({1.0, 2.0, 3.0, 4.0, 5.0, 12.0, 52.0, 100.0, 360.0, 365.0, 1000.0})


@dataclass(frozen=True, slots=True)
class _Token:
    sign: str
    number: int = -1
    """Index in the claim's numbers, where this is a number."""


def scale_of(claim: Claim, result: int, operands: Sequence[int]) -> float:
    """`98 - 90 = 8 million` gives the unit once."""
    return 1.0 if any(claim.numbers[i].scale for i in operands) else 10.0 ** claim.numbers[result].scale


def is_mistaken(claim: Claim) -> bool:
    """Whether something is said to be equal to what comes out otherwise."""
    if "=" not in claim.text or len(claim.numbers) < 3:
        return False
    tokens = _tokens(claim)
    for at in _equals(tokens):
        result = tokens[at + 1].number if at + 1 < len(tokens) else -1
        if result < 0 or (tokens[at + 2 : at + 3] and tokens[at + 2].sign):
            continue
        parsed = _expressions(claim, tokens, 0, at)
        values = [value * scale_of(claim, result, operands) for operands, value in parsed]
        if values and not any(comes_out(claim.numbers[result], value) for value in values):
            return True
    return False


def equations(claim: Claim) -> Iterator[tuple[int, tuple[int, ...], float]]:
    """Yield result, operands and value of `a / b = r` and `r (a / b)`."""
    if len(claim.numbers) < 2 or not _FORMULA.search(claim.text):
        return
    tokens = _tokens(claim)
    equals = _equals(tokens)
    for n, at in enumerate(equals):
        start = equals[n - 1] + 1 if n else 0
        result = next((token.number for token in tokens[at + 1 : at + 3] if token.number >= 0), None)
        following = tokens[at + 2 : at + 3]
        if result is not None and not (following and following[0].sign in ("+", "-", "*", "/")):
            own = list(_expressions(claim, tokens, start, at))
            # `a / b = c = r` has nothing to compute behind its first equals sign.
            yield from ((result, *parsed) for parsed in own or _expressions(claim, tokens, 0, equals[0]))
    for i, token in enumerate(tokens[:-1]):
        if token.number >= 0 and tokens[i + 1].sign == "(":
            end = _closing(tokens, i + 1)
            parsed = _evaluate(claim, tokens[i + 2 : end])
            if parsed and len(parsed[0]) > 1:
                yield token.number, *parsed


def between(claim: Claim) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield the numbers of the second expression of `(a - b) / c = d / c = r` that the first one does not have.

    Each is one that comes out on the way; the first expression's numbers are what it needs.
    """
    tokens = _tokens(claim) if claim.text.count("=") + claim.text.count("≈") > 1 else []
    for at, end in pairwise(_equals(tokens)):
        later = _evaluate(claim, tokens[at + 1 : end])
        if later is None or len(later[0]) < 2:
            continue
        rest = [i for i in later[0] if not is_constant(claim.numbers[i])]
        for operands, value in _expressions(claim, tokens, 0, at):
            used = {claim.numbers[i].readings for i in operands}
            new = [i for i in rest if claim.numbers[i].readings not in used]
            if abs(later[1] - value) <= abs(value) * sum(_imprecision(claim.numbers[i]) for i in new):
                needed = tuple(i for i in operands if not is_constant(claim.numbers[i]))
                yield from ((i, ()) for i in operands if i not in needed)
                yield from ((i, needed if i in new else ()) for i in rest)
                break


def is_constant(number: Number) -> bool:
    """Whether a number is one that formulas have without a page: days of a year, the half of an average."""
    return number.value in _CONSTANTS


def _imprecision(number: Number) -> float:
    """By how much a number may be off, as a share, to be right to the digits that are written."""
    return 0.6 * 10.0 ** (number.readings[0][1] + number.scale) / (abs(number.value) or 1.0)


def _expressions(
    claim: Claim, tokens: Sequence[_Token], start: int, end: int
) -> Iterator[tuple[tuple[int, ...], float]]:
    """The runs of tokens up to `end`, before an equals sign, that are expressions, the longest first."""
    for begin in range(start, end - 2):
        parsed = _evaluate(claim, tokens[begin:end])
        if parsed and len(parsed[0]) > 1:
            yield parsed


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


def _equals(tokens: Sequence[_Token]) -> list[int]:
    return [i for i, token in enumerate(tokens) if token.sign == "="]


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


def comes_out(result: Number, value: float) -> bool:
    """Whether a value is what is written, to the digits that are written."""
    mantissa, exponent = result.readings[0]
    unit = 10.0 ** (exponent + result.scale)
    written = abs(result.value)
    slack = (1.0 if len(str(mantissa)) >= 3 else 0.6) * unit
    values = (value, value * 100) if result.kind is Kind.PERCENT else (value,)
    return any(abs(abs(one) - written) <= slack and written + unit > abs(one) for one in values)
