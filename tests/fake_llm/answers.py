"""The default behaviour: the sentence of the prompt's Sources that shares most words with the question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.prompt import CANNOT_ANSWER

_SOURCE = re.compile(r'<source n="(\d+)"[^>]*>\n(.*?)\n</source>', re.DOTALL)
_COMMON = frozenset(
    re.findall(r"\w+", "a an and are as at be by can do does for from how in is it of on or the to was what")
)


def answer_from(messages: Sequence[dict[str, str]]) -> str:
    """Answer the last question of a prompt of ours; a prompt without Sources gets its own last line back."""
    text = "\n".join(str(message["content"]) for message in messages)
    question = text.rsplit("Question: ", 1)[-1].strip()
    sources = _SOURCE.findall(text)
    if not sources:
        return question.splitlines()[0]
    words = _words(question)
    scored = [
        (len(words & _words(sentence)), -place, sentence, number)
        for number, body in sources
        for place, sentence in enumerate(re.split(r"(?<=[.!?])\s+|\n", body))
        if sentence.strip()
    ]
    best = [item for item in sorted(scored, reverse=True)[:2] if item[0] > 0]
    if not best or best[0][0] < max(1, len(words) // 3):
        return CANNOT_ANSWER
    return " ".join(f"{sentence.strip().rstrip('.')} [{number}]." for score, _, sentence, number in best[:1])


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", text.casefold())) - _COMMON
