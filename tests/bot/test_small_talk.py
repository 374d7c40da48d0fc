"""What is a greeting, what are thanks, and what is a question all the same."""

from __future__ import annotations

import pytest

from bot.small_talk import asks_what_there_is, is_small_talk, is_thanks


@pytest.mark.parametrize(
    ("text", "talk", "thanks"),
    [
        pytest.param("hi", True, False, id="hi"),
        pytest.param("Good morning, everyone!", True, False, id="morning"),
        pytest.param("Hello there 👋", True, False, id="emoji"),
        pytest.param("ok great, thank you very much :)", True, True, id="thanks"),
        pytest.param("Vielen Dank!", True, True, id="German"),
        pytest.param("Hi! What can you do?", True, False, id="what it can do"),
        pytest.param("who are you", True, False, id="who it is"),
        pytest.param("Who are you allowed to invite?", False, False, id="begins like that"),
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


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        pytest.param("what documents do you have?", True, id="have"),
        pytest.param("Which files can I ask you about", True, id="ask about"),
        pytest.param("hi, please list all the documents", True, id="list"),
        pytest.param("which PDFs are indexed here?", True, id="indexed"),
        pytest.param("how many documents do you know about?", True, id="how many"),
        pytest.param("Welche Dokumente kennst du?", True, id="German"),
        pytest.param("which documents do I need for a visa?", False, id="need"),
        pytest.param("list the documents that a supplier must sign", False, id="of a kind"),
        pytest.param("what files are there in /etc?", False, id="elsewhere"),
        pytest.param("how many files can you attach to a claim?", False, id="attach"),
    ],
)
def test_wondering_what_there_is(text: str, asks: bool) -> None:
    """Asked in so many words only: documents have much to say about documents."""
    assert asks_what_there_is(text) is asks
