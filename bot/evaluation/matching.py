"""Whether an answer says what is known to be right: numbers as numbers, words by how many of them it holds. Pure.

This measures, it does not prove: an answer that quotes a whole page holds many right words. Read it beside the
precision of the citations.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.verification.numbers import Kind, Number, numbers
from bot.verification.words import words

_SCALES = (0, 3, 6, 9)
"""Thousands, millions, billions: the table's heading says so, or the answer does."""


def number_match(right: str, answer: str) -> float | None:
    """Return which share of the right answer's numbers the answer holds; None where it has none.

    1,577 million is 1577.00, and 0.6557 rounds to 0.66. Years count only where there is nothing else.
    """
    every = numbers(right)
    telling = [number for number in every if number.kind in (Kind.AMOUNT, Kind.PERCENT)] or [*every]
    if not telling:
        return None
    given = numbers(answer)
    return sum(any(_is_same(number, other) for other in given) for number in telling) / len(telling)


def text_overlap(right: str, answer: str) -> float | None:
    """Return which share of the right answer's content words the answer holds, by stem; None where it has none."""
    wanted = {word.stem for word in words(right) if word.stem}
    if not wanted:
        return None
    return len(wanted & {word.stem for word in words(answer)}) / len(wanted)


def match(right: str, answer: str) -> float | None:
    """Return how far an answer agrees with the right one, 0…1; None where nothing can be compared.

    Where the right answer is a sentence around a number, the number decides.
    """
    by_number = number_match(right, answer)
    return text_overlap(right, answer) if by_number is None else by_number


def _is_same(right: Number, given: Number) -> bool:
    if Kind.YEAR in (right.kind, given.kind) or right.moment or given.moment:
        return right.text.casefold() == given.text.casefold() or bool(right.year and right.year == given.year)
    return any(
        _rounds_to(value, digits, other * 10.0**scale) or _rounds_to(value, digits, other / 10.0**scale)
        for value, digits in _values(right)
        for other, _ in _values(given)
        for scale in (_SCALES if value >= 1 and 0 in (right.scale, given.scale) else (0,))
    )


def _values(number: Number) -> Sequence[tuple[float, int]]:
    """Return what a number may stand for, without its sign, each with the power of ten of its last digit."""
    return [
        (mantissa * 10.0 ** (exponent + number.scale), exponent + number.scale)
        for mantissa, exponent in number.readings
    ]


def _rounds_to(right: float, digits: int, given: float) -> bool:
    allowed = 0.5 * 10.0**digits if digits < 0 else 1e-6 * right
    return abs(right - given) <= allowed * (1 + 1e-9)
