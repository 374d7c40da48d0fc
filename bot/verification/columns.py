"""Whether a figure stands in the column, and in the year, that a claim says: from what stands above it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.verification.desk import Case
from bot.verification.numbers import Kind, Number
from bot.verification.passages import PageIndex
from bot.verification.words import content_stem


def wrong_column(case: Case) -> str:
    """The claim names one column of a table, and the number stands in another."""
    page = case.desk.page
    if not case.here.is_row or case.desk.is_foreign:
        return ""
    head = next((unit for unit in reversed(page.units[max(0, case.unit - 40) : case.unit]) if not unit.is_row), None)
    cells = _cells(page, case.unit)
    # Where the columns are years, `Current assets` below them names the rows that follow.
    if head is None or len(cells) < 2 or len(_years_from(page.head_numbers(case.unit))) == len(cells):
        return ""
    line = page.text[head.start : head.end].rpartition("\n")[2]
    labels = [content_stem(word) for word in line.split()]
    labels = labels[len(labels) - len(cells) :] if len(labels) in (len(cells), len(cells) + 1) else []
    at = next((i for i, cell in enumerate(cells) if cell.start == case.other.start), len(labels))
    if not all(labels) or at >= len(labels) or labels[at] in case.claim.stems:
        return ""
    return f"{case.named} stands in another column" if case.around & set(labels) else ""


def wrong_year(case: Case) -> str:
    """The claim puts the number in one year, the page in another."""
    if case.number.year or case.number.kind is Kind.ORDINAL:
        return ""
    claimed = _year_of(case.number, case.claim.numbers, case.claim.text)
    if not claimed or (case.is_operand and len({number.year for number in case.claim.numbers if number.year}) > 1):
        return ""  # `5 in 2016 and 6 in 2017, so the change is 6 - 5`: the years stand beside the first ones
    page = case.desk.page
    if case.here.is_row:
        stated = _column_year(page, case.unit, case.other)
    else:
        stated = _year_of(case.other, page.numbers_in(case.unit), page.text)
    return f"{case.named} is the figure of another year" if stated and stated != claimed else ""


def _column_year(page: PageIndex, row: int, number: Number) -> int:
    """The year above a figure, where the table's head has one for each of the first columns."""
    heads = page.head_numbers(row)
    runs = [_years_from(heads[start:]) for start in range(len(heads))]
    cells = _cells(page, row)
    if len(cells) > 2 and _is_of_label(cells[0]) and any(len(run) == len(cells) - 1 for run in runs):
        cells = cells[1:]
    # A title above the table may name a year, too: the years that are as many as the columns are those of the columns.
    years = next((run for run in runs if len(run) == len(cells) > 1), runs[0] if runs else [])
    at = next((i for i, cell in enumerate(cells) if cell.start == number.start), len(years))
    return years[at] if len(years) > 1 and len(cells) >= len(years) and at < len(years) else 0


def _cells(page: PageIndex, row: int) -> list[Number]:
    return [cell for cell in page.numbers_in(row) if cell.kind in (Kind.AMOUNT, Kind.PERCENT)]


def _is_of_label(cell: Number) -> bool:
    """`Gross profit (3)` has a note, and `Corporate bonds, level 2` a level: neither is a figure."""
    return abs(cell.value) < 20 and cell.value == int(cell.value) and cell.text.isdigit() and not cell.currency


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
