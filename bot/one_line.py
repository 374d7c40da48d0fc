"""One line that a model is asked for before a search: the question made whole, or translated. No long wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from bot.models import Message

SECONDS = 4.0
"""A model that takes longer is not waited for: what there is without it is good enough."""
DRESS = ' "“”«»*`'
"""What models put around a line."""


class ShortCompletion(Protocol):
    """A model that writes a short text at once, or raises a BotError."""

    async def complete(self, messages: Sequence[Message], max_tokens: int) -> str: ...


async def one_line(
    model: ShortCompletion, messages: Sequence[Message], *, max_tokens: int, seconds: float, longest: int
) -> str:
    """Return the line that the model wrote; empty where it wrote none, several, or more than `longest` characters.

    Raises:
        BotError: no model answers.
        TimeoutError: none did within `seconds`.
    """
    async with asyncio.timeout(seconds):
        said = await model.complete(messages, max_tokens)
    lines = [line.strip() for line in said.strip().splitlines() if line.strip()]
    return lines[0] if len(lines) == 1 and len(lines[0]) <= longest else ""


def is_echo(line: str, asked: str) -> bool:
    """Tell whether a line only says again what was asked."""
    return line.casefold().strip(" ?") == asked.casefold().strip(" ?")
