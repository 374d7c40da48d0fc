"""How a developer drives a fake platform by hand: lines in, what happens on the screen out."""

from __future__ import annotations

import asyncio
import sys
from typing import Protocol


class Prompt(Protocol):
    """What a line does, and what is new since the last look."""

    @property
    def label(self) -> str: ...

    async def take(self, text: str) -> bool:
        """Do what one line says; return False when it ends the session."""
        ...

    def look(self) -> None: ...


async def talk(prompt: Prompt) -> None:
    """Read lines until there are no more, and show what happens meanwhile."""
    watching = asyncio.create_task(_watch(prompt))
    try:
        while True:
            print(prompt.label, end="", flush=True)
            line = await asyncio.to_thread(sys.stdin.readline)
            if not line or not await prompt.take(line):
                return
            await asyncio.sleep(0.3)
    finally:
        watching.cancel()


async def _watch(prompt: Prompt) -> None:
    while True:
        await asyncio.sleep(0.1)
        prompt.look()
