"""Which messages of a thread are questions to the bot."""

from __future__ import annotations

import pytest

from bot.addressed import is_question


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("and what about part-time?", True, id="question mark"),
        pytest.param("what about interns", True, id="fragment"),
        pytest.param("And for part-timers", True, id="short fragment"),
        pytest.param("how long is the notice period", True, id="question word"),
        pytest.param("list the public holidays", True, id="request"),
        pytest.param("und wie lange gilt das", True, id="german"),
        pytest.param("combien de jours ?", True, id="french"),
        pytest.param("thanks!", False, id="thanks"),
        pytest.param("ok cool", False, id="ok"),
        pytest.param(":+1:", False, id="emoji"),
        pytest.param("I'll tell the others", False, id="statement"),
        pytest.param("can someone check this?", False, id="asks people"),
        pytest.param("could you ping legal about it?", False, id="asks a colleague"),
        pytest.param("The form is on the intranet.", False, id="fact"),
        pytest.param("?", False, id="only a mark"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_who_is_asked(text, expected):
    """Questions are taken; what people say to each other is not."""
    assert is_question(text) is expected
