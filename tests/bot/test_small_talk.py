"""What is a greeting, what are thanks, and what is a question all the same."""

from __future__ import annotations

import pytest

from bot.small_talk import is_small_talk, is_thanks


@pytest.mark.parametrize(
    ("text", "talk", "thanks"),
    [
        pytest.param("hi", True, False, id="hi"),
        pytest.param("Good morning, everyone!", True, False, id="morning"),
        pytest.param("Hello there 👋", True, False, id="emoji"),
        pytest.param("ok great, thank you very much :)", True, True, id="thanks"),
        pytest.param("Vielen Dank!", True, True, id="German"),
        pytest.param("hello, how much leave do I have?", False, False, id="a question after a greeting"),
        pytest.param("thanks, and in 2023?", False, False, id="a question after thanks"),
        pytest.param("history", False, False, id="begins like a greeting"),
        pytest.param("all", False, False, id="may be an answer"),
        pytest.param("???", False, False, id="no word"),
        pytest.param("", False, False, id="nothing"),
    ],
)
def test_small_talk(text: str, talk: bool, thanks: bool) -> None:
    assert (is_small_talk(text), is_thanks(text)) == (talk, thanks)
