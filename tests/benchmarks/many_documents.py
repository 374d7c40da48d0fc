"""How long the last documents of a batch of many take, beside the first: the index grows, the wait must not.

    python -m tests.benchmarks.many_documents [--documents 1000]

Indexes PDFs of two pages with the bundled model, and prints the seconds that each hundred takes.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import logging
import random
import tempfile
import time
from pathlib import Path

from ingest.batch import Item, ingest_all
from ingest.documents import IngestReport, Progress
from ingest.logs import configure_logging
from ingest.pipeline import open_pipeline
from ingest.settings import IngestSettings
from tests import pdfs
from tests.benchmarks.ingest_throughput import item

STEP = 100
WORDS = sorted({word.strip(".,;").lower() for word in pdfs.LOREM.split()})


def write(folder: Path, count: int) -> list[Item]:
    """Make PDFs of 300 words, all different."""
    choose = random.Random(1)
    items = []
    for number in range(count):
        pages = [[" ".join(choose.choices(WORDS, k=10)) for _ in range(15)] for _ in range(2)]
        path = folder / f"{choose.choice(WORDS)}-{choose.choice(WORDS)}-{number}.pdf"
        path.write_bytes(pdfs.document(pages, title=f"Minutes {number}"))
        items.append(item(path))
    return items


async def measure(count: int, folder: Path) -> list[float]:
    """Return how many seconds each STEP documents took."""
    items = write(folder, count)
    ended: list[float] = []

    def listen(_: int, what: Progress | IngestReport) -> None:
        if isinstance(what, IngestReport):
            ended.append(time.perf_counter())
            if len(ended) % STEP == 0:
                print(f"{len(ended):6} documents {ended[-1] - began:8.1f} s")

    async with open_pipeline(IngestSettings(data_dir=folder / "data", extraction={"ocr": False})) as pipeline:
        await pipeline.prepare()
        began = time.perf_counter()
        reports = await ingest_all(pipeline, items, listen)
    assert not [report.error for report in reports if report.error]
    return [after - before for before, after in itertools.pairwise([began, *ended[STEP - 1 :: STEP]])]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000)
    options = parser.parse_args()
    configure_logging(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        steps = asyncio.run(measure(options.documents, Path(folder)))
    print(f"the last hundred take {steps[-1] / steps[0]:.2f} times as long as the first")


if __name__ == "__main__":
    main()
