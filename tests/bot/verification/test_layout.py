"""Which lines of a page are rows, and what stands above them."""

from __future__ import annotations

import pytest

from bot.verification.layout import spans

HEADS = {
    "years in one line": "BALANCE SHEETS\n(in thousands)\nAs of December 31, 2017 2016",
    "a date each": "BALANCE SHEETS\n(in thousands)\nDecember 31, 2017 December 31, 2016",
    "years alone": "BALANCE SHEETS\n(in thousands)\n2017 2016",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_dates_above_a_table_are_its_head(head: str) -> None:
    """They say what the figures below are of; figures of their own they are not."""
    text = f"{head}\nTotal current assets 7,669,974 5,720,291\nTotal assets 19,012,742 13,586,610"

    rows = [span for span in spans(text) if span.is_row]

    assert [text[span.start : span.end].split()[1] for span in rows] == ["current", "assets"]
    assert {text[slice(*span.head)] if span.head else "" for span in rows} == {head}
