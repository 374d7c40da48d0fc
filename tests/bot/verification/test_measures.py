"""Units behind numbers."""

from __future__ import annotations

import pytest

from bot.verification.claims import read
from bot.verification.measures import unit_of


@pytest.mark.parametrize(
    ("one", "other"),
    [("200 cm", "200 centimetres"), ("14 days", "14 Tage"), ("5 Wochen", "5-week"), ("3 h", "3 hours")],
)
def test_unit_of_same(one: str, other: str):
    """A unit has several names."""
    units = {unit_of(text, read(text, "en").numbers[0]) for text in (one, other)}

    assert len(units) == 1
    assert units != {0}


@pytest.mark.parametrize("text", ["200 people", "200", "200 (cm)", "200 and more"])
def test_unit_of_none(text: str):
    """Whatever else stands behind a number is no unit."""
    assert unit_of(text, read(text, "en").numbers[0]) == 0


def test_unit_of_other():
    """A millimetre is no centimetre."""
    assert unit_of("200 mm", read("200 mm", "en").numbers[0]) != unit_of("200 cm", read("200 cm", "en").numbers[0])
