from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.buttons import LONGEST_ID, AskAgain, Cancel, Forget, OpenPage, Rate, Share, ShowPage, decode, encode

DOCUMENT = "d" * 32


@pytest.mark.parametrize(
    ("button", "text"),
    [
        pytest.param(ShowPage("1a2b3c4d", 3), "page:1a2b3c4d:3", id="show-page"),
        pytest.param(OpenPage(DOCUMENT, 12), f"open:{DOCUMENT}:12", id="open-page"),
        pytest.param(Rate("1a2b3c4d", is_good=True), "good:1a2b3c4d", id="good"),
        pytest.param(Rate("1a2b3c4d", is_good=False), "bad:1a2b3c4d", id="bad"),
        pytest.param(AskAgain("1700000000.000100"), "again:1700000000.000100", id="ask-again"),
        pytest.param(Share("1a2b3c4d"), "share:1a2b3c4d", id="share"),
        pytest.param(Forget(DOCUMENT), f"forget:{DOCUMENT}", id="forget"),
        pytest.param(Forget(DOCUMENT, is_confirmed=True), f"forgetnow:{DOCUMENT}", id="forget-confirmed"),
        pytest.param(Cancel(), "cancel", id="cancel"),
    ],
)
def test_a_button_is_understood_again(button: ShowPage, text: str):
    """The text is a contract: buttons of older versions stand in old messages."""
    assert encode(button) == text
    assert decode(text) == button


@given(st.text(max_size=60))
def test_what_is_garbled_is_nothing(text: str):
    """Whatever comes back from a platform, decoding never fails, and what it understands it wrote."""
    button = decode(text)

    assert button is None or decode(encode(button)) == button


@pytest.mark.parametrize(
    "button", [pytest.param(Share("x" * LONGEST_ID), id="too-long"), pytest.param(Share("a:b"), id="ambiguous")]
)
def test_what_would_not_come_back_is_refused(button: Share):
    """An id that the platform would cut, or that we would misread, is an error where it is written."""
    with pytest.raises(ValueError, match="cannot carry"):
        encode(button)
