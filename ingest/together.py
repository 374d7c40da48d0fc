"""Does together what comes while others are being done: one commit, or one run of a model, for all who wait.

A commit waits for those before it, and costs the same whether it writes one row or fifty; a model reads eight short
texts at less than the cost of eight. When many people ask at once, each would wait for the work of all the others.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from sqlalchemy.exc import OperationalError

T = TypeVar("T")
R = TypeVar("R")


class Together(Generic[T, R]):
    """Collects what is to be done. Whatever comes while nothing is under way is done at once, alone."""

    def __init__(
        self, do: Callable[[Sequence[T]], Awaitable[Sequence[R]]], *, most: int = 200, at_once: int = 1
    ) -> None:
        """`do` returns one result for each of at most `most` items; `at_once` calls of it may be under way."""
        self._do = do
        self._most = most
        self._at_once = at_once
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._doing: set[asyncio.Task[None]] = set()

    async def add(self, item: T) -> R:
        """Return the result for `item`; whoever stops waiting does not take it back.

        Raises:
            OperationalError: the database is away, or locked for too long.
            Exception: whatever doing it raised; the others are tried without it.
        """
        done: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if len(self._doing) < self._at_once:
            self._doing.add(asyncio.create_task(self._run()))
        return await done

    async def _run(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        try:
            while self._waiting:
                count = min(self._most, math.ceil(len(self._waiting) / self._at_once))
                batch, self._waiting = self._waiting[:count], self._waiting[count:]
                try:
                    await self._try(batch)
                finally:
                    for _, done in batch:
                        done.cancel()  # does nothing, unless this task was cancelled: the others have their results
        finally:
            self._doing.discard(task)  # here, not when it is done: whoever comes in between would wait for nobody

    async def _try(self, batch: Sequence[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            results = await self._do([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 - handed to whoever waits for it
            if len(batch) > 1 and not isinstance(error, OperationalError):
                for one in batch:
                    await self._try([one])
                return
            for _, done in batch:
                if not done.done():
                    done.set_exception(error)
        else:
            for (_, done), result in zip(batch, results, strict=True):
                if not done.done():
                    done.set_result(result)
