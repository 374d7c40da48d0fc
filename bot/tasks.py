"""What an adapter has under way, apart from whoever asked for it: one thing that breaks stops no other."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

import structlog

from ingest.logs import where

log = structlog.get_logger(__name__)

T = TypeVar("T")


class Tasks:
    """Work under way in this process."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._is_over = False

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do some work apart from whoever asked for it; what breaks in it is logged, and breaks nothing else.

        Nothing is begun after the end: nobody would wait for it, and what it works on is being closed.
        """
        if self._is_over:
            work.close()
        else:
            self._add(asyncio.create_task(_logged(work)))

    async def result(self, work: Coroutine[Any, Any, T]) -> T:
        """Do some work for whoever waits for it here; a stop waits for it, too.

        Raises:
            asyncio.CancelledError: it was stopped, or there was an end before.
        """
        if self._is_over:
            work.close()
            raise asyncio.CancelledError
        task = asyncio.create_task(work)
        self._add(task)
        return await task

    def _add(self, task: asyncio.Task[Any]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self, seconds: float) -> None:
        """Let what is under way come to its end for a while; what is left is somebody else's."""
        until = time.monotonic() + seconds
        while self._tasks and (left := until - time.monotonic()) > 0:  # what ends may have begun something else
            await asyncio.wait(set(self._tasks), timeout=left, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.sleep(0)
        if self._tasks:
            log.info("handed_over", count=len(self._tasks))
        while self._tasks:
            for task in self._tasks:
                task.cancel()
            await asyncio.wait(set(self._tasks))
            await asyncio.sleep(0)
        self._is_over = True


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001 - the boundary of an event: one that breaks must not stop the others
        log.error("event_broke", id=secrets.token_hex(4), error=type(error).__name__, at=where(error))


async def to_its_end(call: Awaitable[T]) -> T:
    """Wait for a call to a platform even when cancelled: only then it is known what stands in the channel."""
    task = asyncio.ensure_future(call)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
