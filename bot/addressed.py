"""Which messages, that do not name the bot, are questions to it: in a thread, people also talk to each other. Pure."""

from __future__ import annotations

import re

LONGEST_FRAGMENT = 60
"""Of "and for part-timers" or "what about 2025", which ask without a question mark."""

_ASKS = re.compile(
    r"^(?:(?:ok|okay|and|but|so|also|then|und|aber|also|dann|et|mais|y|pero|e|ma)\b[,:]?\s+)*"
    r"(?:who|whom|whose|what|when|where|which|why|how|is|are|was|were|do|does|did|can|could|should|shall|will|would|may"
    r"|must|has|have|had|list|show|name|give|tell|explain|describe|summari[sz]e|compare|find"
    r"|wer|wen|wem|was|wann|wo|wie|welche[rsnm]?|warum|wieso|weshalb|wofür|ist|sind|gibt|gilt|gelten|kann|können|darf"
    r"|dürfen|muss|müssen|soll|hat|haben|zeige?|nenne|erkläre?|liste"
    r"|qui|que|quel(?:le)?s?|quand|où|pourquoi|comment|combien|est-ce|y a-t-il"
    r"|qué|quién|cuándo|dónde|cuál(?:es)?|cuánt[oa]s?|por qué|cómo|hay"
    r"|chi|che|cosa|quando|dove|perché|come|quanto|quanti|qual[ei]?)\b",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"^(?:and|or|und|oder|et|y|e)?\s*"
    r"(?:what about|how about|only|just|for|in|with|without|per|was ist mit|nur|für|im?|bei)\b",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"^(?:thanks?|thank you|thx|ty|great|nice|cool|perfect|ok(?:ay)?|yes|yeah|no|nope|lol|haha|wow|done|danke|super|ja"
    r"|nein|merci|gracias|grazie|\+1|:[\w+-]+:)(?:\W|$)",
    re.IGNORECASE,
)
_BETWEEN_PEOPLE = re.compile(
    r"\b(?:have|do|did|can|could|will|would|are) you (?:guys|all|folks|two)\b"
    r"|\b(?:can|could|will|would) (?:someone|anyone|somebody|anybody)\b"
    r"|\b(?:can|could|will|would) you (?:please )?(?:check|look|ping|send|call|ask)\b"
    r"|\b(?:shall|should) we (?:meet|talk|call|discuss)\b|\bi(?:'ll| will| think| guess| agree)\b",
    re.IGNORECASE,
)


def is_question(text: str) -> bool:
    """Say whether a message in a thread with the bot asks something that documents could answer.

    Quiet when in doubt: whoever is not heard can still name the bot.
    """
    text = " ".join(text.split())
    if not text or _BETWEEN_PEOPLE.search(text):
        return False
    if "?" in text or "？" in text:
        return len(text) > 2
    if _TALK.match(text):
        return False
    if _ASKS.match(text):
        return True
    return len(text) <= LONGEST_FRAGMENT and _LEADS.match(text) is not None
