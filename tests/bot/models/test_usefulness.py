"""How much a passage can be an answer, whatever its words."""

from __future__ import annotations

import pytest

from bot.models.usefulness import tells_how_much


@pytest.mark.parametrize(
    ("quoted", "tells"),
    [
        pytest.param("“Parents get 18 weeks of leave.”", True, id="figure"),
        pytest.param("“3 weeks are paid in full.”", True, id="figure-first"),
        pytest.param("“The deposit is 25 EUR a day.”", True, id="figure-before-a-capital"),
        pytest.param("“Parents get two weeks of leave.”", True, id="word"),
        pytest.param("“Leave is agreed on with the manager.”", False, id="nothing"),
        pytest.param("“4.2 Leave is agreed on with the manager.”", False, id="number-of-a-section"),
        pytest.param("*Leave:* “4. Agree on it with the manager.”", False, id="number-of-a-step-below-a-heading"),
        pytest.param("*Leave:* “… 4.2 Agree on 3 weeks.”", True, id="number-of-a-section-and-a-figure"),
    ],
)
def test_a_quantity_is_told(quoted: str, tells: bool) -> None:
    """A figure, or a word for one; the number that a section or a step begins with is none."""
    assert tells_how_much(quoted) is tells
