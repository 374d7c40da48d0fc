"""How long a search takes among 100,000 chunks of 2,500 documents, and for how long it holds the event loop.

    python -m tests.benchmarks.search_latency [--chunks 100000] [--searches 200] [--tasks 1]

A hybrid search is one vector and one text search at the same time, within a workspace and some scopes, a hundred hits
each. Pages are those of a question's whole retrieval, without the time that embedding it takes.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bot.question import Question
from bot.retrieval import PageRetriever
from bot.settings import RetrievalSettings
from ingest.cards import make_card
from ingest.documents import Chunk, Document, EmbeddingIdentity, ExtractedPdf, Origin, Page, Scopes
from ingest.index import Index
from ingest.index_schema import State, Version, chunk_rows, version_rows
from ingest.settings import IngestSettings

DIMENSIONS = 384
CHUNKS_PER_DOCUMENT = 40
WORDS_PER_CHUNK = 130
LIMIT = 100
READER = Scopes("slack:T0", frozenset({"workspace", *(f"channel:{number}" for number in range(5))}))


@dataclass(frozen=True)
class Corpus:
    """Made-up documents: words by Zipf's law, vectors in clusters, four fifths in the reader's workspace."""

    vocabulary: Sequence[str]
    frequencies: NDArray[Any]
    centers: NDArray[Any]

    @classmethod
    def make(cls) -> Corpus:
        common = [
            "the",
            "of",
            "and",
            "to",
            "in",
            "a",
            "for",
            "is",
            "on",
            "with",
            "as",
            "by",
            "are",
            "we",
            "it",
            "what",
            "how",
        ]
        years = [str(year) for year in range(1990, 2030)]
        syllables = ["ba", "ke", "di", "lo", "mu", "ra", "ne", "ti", "so", "ju"]
        rare = [a + b + c + d for a in syllables for b in syllables for c in syllables for d in syllables]
        vocabulary = [*common, *years, *rare]
        frequencies = 1 / np.arange(1, len(vocabulary) + 1)
        centers = np.random.default_rng(1).normal(size=(800, DIMENSIONS))
        return cls(vocabulary, frequencies / frequencies.sum(), centers)

    def texts(self, count: int, words: int, choose: np.random.Generator) -> list[str]:
        places = choose.choice(len(self.vocabulary), size=(count, words), p=self.frequencies)
        return [" ".join(self.vocabulary[place] for place in row) for row in places]

    def vectors(self, count: int, choose: np.random.Generator) -> NDArray[Any]:
        points = self.centers[choose.integers(0, len(self.centers), count)] + choose.normal(size=(count, DIMENSIONS))
        return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)

    def document(self, number: int) -> tuple[Document, pa.Table]:
        choose = np.random.default_rng(number)
        scope = "workspace" if number % 3 else f"channel:{number % 50}"
        first, second = self.texts(2, 1, choose)
        name = f"{first}{second}_{2015 + number % 10}_{number}.pdf"
        origin = Origin(f"slack:T{int(number % 5 == 4)}", scope, name, "")
        content = f"{number:064x}"
        document = Document(
            id=origin.document_id,
            workspace=origin.workspace,
            scope=scope,
            name=origin.name,
            title=f"Annual report {number}",
            source="",
            content_sha256=content,
            pages=CHUNKS_PER_DOCUMENT,
            pages_without_text=(),
            pages_by_ocr=(),
            chunks=CHUNKS_PER_DOCUMENT,
            opening="",
            uploader="",
            link="",
            indexed_at=datetime.now(UTC),
        )
        chunks = [
            Chunk(
                f"{document.id}:{n}", document.id, content, n, n + 1, str(n + 1), 0, len(text), ("Part", "S"), text, ""
            )
            for n, text in enumerate(self.texts(CHUNKS_PER_DOCUMENT, WORDS_PER_CHUNK, choose))
        ]
        pages = tuple(Page(chunk.page, chunk.label, chunk.text) for chunk in chunks)
        document = replace(document, card=make_card(name, ExtractedPdf(document.title, pages), chunks))
        return document, chunk_rows(document, chunks, self.vectors(CHUNKS_PER_DOCUMENT, choose))


@dataclass(frozen=True)
class KnownVectors:
    """An embedder that has its vectors ready."""

    vectors: Iterator[NDArray[Any]]

    async def embed_query(self, text: str) -> NDArray[Any]:
        return next(self.vectors)


class Ticker:
    """Measures for how long the event loop did not get to a task that wants to run every millisecond."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def run(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            self.longest = max(self.longest, time.perf_counter() - before - 0.001)


async def fill(index: Index, corpus: Corpus, chunks: int) -> None:
    """Store everything at once: how long single documents take is not the question here."""
    tables = (await index._generations.current()).tables
    documents, rows = zip(*(corpus.document(n) for n in range(chunks // CHUNKS_PER_DOCUMENT)), strict=True)
    await tables.chunks.add(pa.concat_tables(rows))
    await tables.documents.add(version_rows(Version(document, State.READY) for document in documents))


async def timed(search: Callable[[], Coroutine[Any, Any, Any]], times: int) -> NDArray[Any]:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        await search()
        taken.append(time.perf_counter() - start)
    return np.asarray(taken) * 1_000


async def measure(chunks: int, searches: int, tasks: int, folder: Path) -> None:
    corpus, choose = Corpus.make(), np.random.default_rng(7)
    settings = IngestSettings(data_dir=folder)
    identity = EmbeddingIdentity("benchmark", "none", DIMENSIONS, "plain-1")
    index = await Index.open(settings, identity, create=True)
    await fill(index, corpus, chunks)
    start = time.perf_counter()
    await index.optimize()
    print(f"optimize               {time.perf_counter() - start:8.1f} s")
    questions = iter(corpus.texts(40 * searches, 12, choose))
    vectors = iter(corpus.vectors(40 * searches, choose))

    async def hybrid() -> None:
        by_vector, by_text = await asyncio.gather(
            index.search_vectors(next(vectors), READER, LIMIT), index.search_text(next(questions), READER, LIMIT)
        )
        assert len(by_vector) == len(by_text) == LIMIT

    retriever = PageRetriever(index, KnownVectors(vectors), RetrievalSettings())

    async def pages() -> None:
        assert await retriever.search(Question("benchmark", f"What is {next(questions)}?", READER), 10)

    kinds: dict[str, Callable[[], Coroutine[Any, Any, Any]]] = {
        "hybrid": hybrid,
        "vectors only": lambda: index.search_vectors(next(vectors), READER, LIMIT),
        "text only": lambda: index.search_text(next(questions), READER, LIMIT),
        "documents": lambda: index.documents(READER),
        "pages": pages,
    }
    gc.collect()
    gc.freeze()  # as the service does
    first = time.perf_counter()
    await hybrid()
    print(f"first search           {(time.perf_counter() - first) * 1_000:8.1f} ms")
    print(f"\n{'ms':<16}{'p50':>8}{'p95':>8}{'max':>8}{'loop blocked':>15}")
    for name, search in kinds.items():
        await timed(search, 20)
        ticker = Ticker()
        ticking = asyncio.create_task(ticker.run())
        taken = np.concatenate(await asyncio.gather(*(timed(search, searches // tasks) for _ in range(tasks))))
        ticking.cancel()
        p50, p95 = np.percentile(taken, [50, 95])
        print(f"{name:<16}{p50:8.1f}{p95:8.1f}{taken.max():8.1f}{ticker.longest * 1_000:15.1f}")
    index.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, default=100_000)
    parser.add_argument("--searches", type=int, default=200)
    parser.add_argument("--tasks", type=int, default=1, help="searches at the same time")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(options.chunks, options.searches, options.tasks, Path(folder)))


if __name__ == "__main__":
    main()
