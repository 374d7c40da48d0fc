"""The messages that make up one reply: those that stand there are edited, what lacks is posted, what is left goes.

The same on every platform; an adapter edits, posts and deletes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

M = TypeVar("M")
P = TypeVar("P")


async def settle(
    parts: list[P],
    messages: Sequence[M],
    *,
    edit: Callable[[int, M], Awaitable[bool]],
    post: Callable[[int, M], Awaitable[None]],
    delete: Callable[[P], Awaitable[None]],
) -> None:
    """Make these messages the whole reply.

    `edit` changes the part of a number, and returns False where that part is gone; `post` adds one to `parts`.
    """
    for number, message in enumerate(messages):
        if number < len(parts):
            if await edit(number, message):
                continue
            for left in parts[number + 1 :]:  # what is posted now would stand below it
                await delete(left)
            del parts[number:]
        await post(number, message)
    while len(parts) > len(messages):
        await delete(parts.pop())
