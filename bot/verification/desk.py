"""What judging a number of a page needs beside a claim: the page, and how its words weigh. Data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.verification.claims import Claim
from bot.verification.numbers import Number
from bot.verification.passages import PageIndex, Unit
from bot.verification.periods import Periods


@dataclass(frozen=True, slots=True)
class Desk:
    """What placing needs beside a claim: one page, its title's time, how words weigh, how near is near."""

    page: PageIndex
    periods: Periods
    title: frozenset[str]
    """Stems of what the document is called: they stand for all of its numbers, and tell none from another."""
    weigh: Callable[[Iterable[str]], float]
    near: float
    is_foreign: bool


@dataclass(frozen=True, slots=True)
class Case:
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
