"""Whether questions keep their latency while PDFs are indexed: `python -m tests.benchmarks.questions_while_indexing`.

One process, as `askdocs run` is: it searches (question embedded, hybrid search, ranking) every 50 ms, first while it is
idle, then while ten PDFs of 150 pages go through the jobs. Both times are measured at what the asker waits for.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import numpy as np

from bot.composition import answering
from bot.core import Core, open_core
from bot.question import Question
from bot.retrieval import PageRetriever
from bot.settings import MonitoringSettings, Settings
from ingest.documents import Origin, Scopes
from tests import pdfs

EVERYBODY = Scopes("local", frozenset({"workspace"}))
WORDS = pdfs.LOREM.split()
PAUSE = 0.05


def make_pdf(rng: random.Random, pages: int) -> bytes:
    """Return pages of two thousand characters each, no two alike."""
    lines = [[" ".join(rng.choices(WORDS, k=11)) for _ in range(30)] for _ in range(pages)]
    return pdfs.document(["\n".join(page) for page in lines], title=f"Report {rng.randrange(10**6)}", size=9)


async def search_until(retriever: PageRetriever, is_over: Callable[[], Awaitable[bool]]) -> list[float]:
    """Search again and again; return how long each search took."""
    rng = random.Random(1)
    seconds = []
    while not await is_over():
        question = Question("q", " ".join(rng.choices(WORDS, k=8)) + "?", EVERYBODY)
        began = time.perf_counter()
        await retriever.search(question, 10)
        seconds.append(time.perf_counter() - began)
        await asyncio.sleep(PAUSE)
    return seconds


async def submit(core: Core, folder: Path, count: int, pages: int, seed: int) -> None:
    rng = random.Random(seed)
    for number in range(count):
        path = folder / f"{seed}-{number}.pdf"
        await asyncio.to_thread(lambda path=path: path.write_bytes(make_pdf(rng, pages)))
        await core.jobs.submit(Origin("local", "workspace", path.name, str(path)), path)


def p95(seconds: Sequence[float]) -> float:
    return float(np.percentile(seconds, 95)) * 1000


async def measure(folder: Path, count: int, pages: int) -> dict[str, float]:
    """Return the milliseconds that 95 of 100 searches keep within, idle and while PDFs are indexed."""
    settings = Settings(data_dir=folder, models=("extractive",), monitoring=MonitoringSettings(port=0))
    async with (
        answering(settings, create=True) as parts,
        open_core(settings, parts.index, parts.embedder, parts.engine) as core,
    ):
        running = asyncio.create_task(core.run())

        async def is_done() -> bool:
            return not await core.jobs.unfinished()

        await submit(core, folder, 2, pages, seed=1)
        await search_until(parts.retriever, is_done)
        await asyncio.sleep(10)  # the index is tidied up
        deadline = time.monotonic() + 15
        idle = await search_until(parts.retriever, lambda: _at(deadline))
        await submit(core, folder, count, pages, seed=2)
        began = time.monotonic()
        busy = await search_until(parts.retriever, is_done)
        seconds = time.monotonic() - began
        running.cancel()
        await asyncio.wait({running})
    return {
        "idle_p95_ms": round(p95(idle), 1),
        "indexing_p95_ms": round(p95(busy), 1),
        "ratio": round(p95(busy) / p95(idle), 2),
        "searches": len(busy),
        "pages_per_second": round(count * pages / seconds, 1),
    }


async def _at(deadline: float) -> bool:
    return time.monotonic() > deadline


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pdfs", type=int, default=10)
    parser.add_argument("--pages", type=int, default=150)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="askdocs-") as folder:
        print(json.dumps(asyncio.run(measure(Path(folder), options.pdfs, options.pages))))


if __name__ == "__main__":
    main()
