"""Watches an event loop for calls that hold it up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Longest:
    """The longest turn of the loop so far, in seconds of its own thread's processor time.

    Not of the clock: on a machine that is busy with other things, that says more about those.
    """

    seconds = 0.0


@asynccontextmanager
async def watched() -> AsyncIterator[Longest]:
    """Watch the running loop for the duration of the block."""
    longest = Longest()

    async def watch() -> None:
        while True:
            began = time.thread_time()
            await asyncio.sleep(0.001)
            longest.seconds = max(longest.seconds, time.thread_time() - began)

    watcher = asyncio.create_task(watch())
    try:
        yield longest
    finally:
        watcher.cancel()
