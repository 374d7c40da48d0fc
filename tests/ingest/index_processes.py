"""What other processes do to an index in the tests; functions here are called by name in a process of their own."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any

from tests.ingest.index_values import Filled, filled, open_index, store

NAMES = ("a.pdf", "b.pdf", "c.pdf")


def version(name: str, number: int) -> Filled:
    """Make one of many versions of a document; each one says in all its texts which it is."""
    return filled(
        name, [f"{name} version {number} part {part}" for part in range(number % 4 + 1)], content=f"v{number}"
    )


def write_versions(folder: Path | str, numbers: range, ready: Any = None, environment: Mapping[str, str] = {}) -> None:
    """Store one version after another of every document."""
    os.environ.update(environment)

    async def run() -> None:
        index = await open_index(folder)
        if ready:
            ready.wait()
        for number in numbers:
            await store(index, *(version(name, number) for name in NAMES))
        index.close()

    asyncio.run(run())


def write_and_delete(folder: Path, started: Any) -> None:
    """Go on storing, moving and deleting until killed."""

    async def run() -> None:
        index = await open_index(folder)
        await index.recover()
        for number in range(1_000_000):
            for name in NAMES:
                item = version(name, number)
                await store(index, item)
                started.set()
                if number % 3 == 1:
                    await index.set_scope(item.document.id, "channel:C1")
                if number % 3 == 2:
                    await index.delete(item.document.id)

    asyncio.run(run())


def context() -> ForkServerContext:
    """Return a way to start processes that have LanceDB imported already, which takes seconds.

    Forking is safe there: the fork server has imported LanceDB and never used it.
    """
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.ingest.index_processes", "lancedb"])
    return processes


@contextmanager
def running(function: Callable[..., None], *arguments: Any) -> Iterator[ForkServerProcess]:
    process = context().Process(target=function, args=arguments, daemon=True)
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()
