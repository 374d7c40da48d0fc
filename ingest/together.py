"""Does together what comes while others are being done: one commit, or one run of a model, for all who wait.

A commit waits for those before it, and costs the same whether it writes one row or fifty; a model reads eight short
texts at less than the cost of eight. When many people ask at once, each would wait for the work of all the others.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
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
        self._waiting: dict[asyncio.Future[R], T] = {}
        self._doing: set[asyncio.Task[None]] = set()

    async def add(self, item: T) -> R:
        """Return the result for `item`. Whoever is cancelled takes it back, or waits until it is done.

        Raises:
            OperationalError: the database is away, or locked for too long.
            Exception: whatever doing it raised; the others are tried without it.
        """
        done: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting[done] = item
        if len(self._doing) < self._at_once:
            self._doing.add(asyncio.create_task(self._run()))
        try:
            return await asyncio.shield(done)
        except asyncio.CancelledError:
            if self._waiting.pop(done, None) is None:
                await asyncio.wait([done])
                done.cancelled() or done.exception()  # no news to anybody
            raise

    async def _run(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        try:
            while self._waiting:
                count = min(self._most, math.ceil(len(self._waiting) / self._at_once))
                batch = {done: self._waiting.pop(done) for done in list(self._waiting)[:count]}
                try:
                    await self._try(batch)
                finally:
                    for done in batch:
                        done.cancel()  # does nothing, unless this task was cancelled: they have their results
        finally:
            self._doing.discard(task)  # here, not when it is done: whoever comes in between would wait for nobody

    async def _try(self, batch: Mapping[asyncio.Future[R], T]) -> None:
        try:
            results = await self._do(list(batch.values()))
        except Exception as error:  # noqa: BLE001 - handed to whoever waits for it
            if len(batch) > 1 and not isinstance(error, OperationalError):
                for done, item in batch.items():
                    await self._try({done: item})
                return
            for done in batch:
                done.set_exception(error)
        else:
            for done, result in zip(batch, results, strict=True):
                done.set_result(result)
