"""Greetings, thanks, and questions about the bot itself: they want no search and no model. Pure."""

from __future__ import annotations

import re

_GREETING = r"hi|hello|hey|good (?:morning|afternoon|evening|day|night)|bye|goodbye|hallo|hola|bonjour|ciao"
_THANKS = (
    r"thanks?|thank you|thx|cheers|ok|okay|cool|great|nice|perfect|awesome|very much|so much|a lot|danke|vielen dank"
    r"|danke schön|merci|gracias|grazie"
)
_ABOUT_ME = (
    r"(?:who|what) are you|what can you do(?: for (?:me|us))?|how (?:do you work|does this work|can you help(?: me)?)"
    r"|how do i use (?:you|this)|what can i ask(?: you)?|are you (?:an? )?(?:human|person|real|ro?bot|ai|machine)"
)
_ANY = re.compile(rf"\W*(?:(?:{_GREETING}|{_THANKS}|{_ABOUT_ME})\b(?:\W+(?:there|all|everyone)\b)?\W*)+", re.IGNORECASE)
_WITH_THANKS = re.compile(rf"\b(?:{_THANKS})\b", re.IGNORECASE)
_DOCUMENTS = r"(?:documents?|docs|files?|pdfs?|sources|dokumente|dateien|unterlagen)"
_HERE = r"(?:\W+(?:here|in here|now|right now|about|of|access to|indexed|available|hier|im index))*"
_WHAT_THERE_IS = re.compile(
    rf"\W*(?:(?:{_GREETING})\W+)?(?:please\s+)?(?:"
    rf"(?:what|which|how many)\s+{_DOCUMENTS}\s+(?:do|can|have)\s+(?:you|we|i)\s+(?:have|got|know|see|read|search|use"
    rf"|access|indexed|ask(?:\s+you)?){_HERE}"
    rf"|(?:what|which|how many)\s+{_DOCUMENTS}\s+(?:are|is)\s+(?:there|here|available|indexed){_HERE}"
    rf"|(?:list|show(?:\s+(?:me|us))?)(?:\s+(?:all|of|the|your|our|my|available|indexed))*\s+{_DOCUMENTS}{_HERE}"
    rf"|(?:welche|wie viele)\s+{_DOCUMENTS}\s+(?:hast du|kennst du|gibt es|sind(?:\s+da)?){_HERE})\W*",
    re.IGNORECASE,
)


def is_small_talk(text: str) -> bool:
    """Whether a message greets, thanks, or wonders who answers, and asks nothing of the documents."""
    return _ANY.fullmatch(text) is not None


def is_thanks(text: str) -> bool:
    """Whether a message thanks, or says that all is well."""
    return is_small_talk(text) and _WITH_THANKS.search(text) is not None


def asks_no_page(text: str) -> bool:
    """Whether a message is answered from no page, so that what comes after it cannot lean on it."""
    return is_small_talk(text) or asks_what_there_is(text)


def asks_what_there_is(text: str) -> bool:
    """Whether somebody wants to know which documents can be asked about; no page of them says that."""
    return _WHAT_THERE_IS.fullmatch(text) is not None
