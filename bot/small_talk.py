"""Greetings and thanks, which want no search and no model: told apart from questions. Pure."""

from __future__ import annotations

import re

_GREETING = r"hi|hello|hey|good (?:morning|afternoon|evening|day|night)|bye|goodbye|hallo|hola|bonjour|ciao"
_THANKS = (
    r"thanks?|thank you|thx|cheers|ok|okay|cool|great|nice|perfect|awesome|very much|so much|a lot|danke|vielen dank"
    r"|danke schön|merci|gracias|grazie"
)
_ANY = re.compile(rf"\W*(?:(?:{_GREETING}|{_THANKS})\b(?:\W+(?:there|all|everyone)\b)?\W*)+", re.IGNORECASE)
_WITH_THANKS = re.compile(rf"\b(?:{_THANKS})\b", re.IGNORECASE)


def is_small_talk(text: str) -> bool:
    """Whether a message greets or thanks, and asks nothing."""
    return _ANY.fullmatch(text) is not None


def is_thanks(text: str) -> bool:
    """Whether a message thanks, or says that all is well."""
    return is_small_talk(text) and _WITH_THANKS.search(text) is not None
