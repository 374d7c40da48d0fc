"""Prints what each part of retrieval is worth: `python -m tests.benchmarks.retrieval [SET …]`.

A SET is a folder with `pdfs/` and `questions.jsonl`; without one the general set is made and used. Every part is
measured by leaving it out, on the index as the product makes it; at the end stand plain searches to compare with.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot import naming
from bot.evaluation.cases import Case, read_cases
from bot.evaluation.figures import RetrievalFigures, figures
from bot.evaluation.results import Result, Run, found
from bot.follow_ups import by_rule
from bot.question import Question
from bot.ranking import DEFAULT_WEIGHTS, Weights
from bot.retrieval import PageRetriever, RankedPage
from bot.settings import RetrievalSettings, Settings
from ingest.command import run_ingest
from ingest.documents import Scopes
from ingest.embedding import Embedder, build_embedder
from ingest.index import Hit, Index
from tests.benchmarks.general import make

SCOPES = Scopes("local", frozenset({"workspace"}))
DEPTH = 100
Search = Callable[[str], Awaitable[Sequence[RankedPage]]]

VARIANTS: dict[str, Weights] = {
    "all": DEFAULT_WEIGHTS,
    "without words (full text)": replace(DEFAULT_WEIGHTS, text=0.0),
    "without the topic": replace(DEFAULT_WEIGHTS, topic=0.0),
    "topic only": replace(DEFAULT_WEIGHTS, topic=1.0),
    "without statements": replace(DEFAULT_WEIGHTS, statement=0.0),
    "without document cards": replace(DEFAULT_WEIGHTS, document=0.0, sure=99.0),
    "without contents and stubs": replace(DEFAULT_WEIGHTS, contents=0.0, stub=0.0),
    "without the second document": replace(DEFAULT_WEIGHTS, sibling=0.0),
    "without likeness of letters": replace(DEFAULT_WEIGHTS, alike=0.0),
    "languages not apart": replace(DEFAULT_WEIGHTS, apart=0.0),
}
NAMING: dict[str, dict[str, float]] = {
    "without the latest": {"LATEST": 0.0},
    "without quarters and months": {"PERIOD": 0.0},
    "without initials": {"INITIALS": 0.0},
}
"""Constants of `bot.naming`, set for one variant."""


async def measure(cases: Sequence[Case], search: Search) -> RetrievalFigures:
    results = []
    for case in cases:
        began = time.perf_counter()
        pages = await search(by_rule(case.question, case.turns))
        judged = found(case, pages, time.perf_counter() - began)
        results.append(Result(case.id, case.kind, case.is_answerable, bool(case.evidence), judged))
    return figures(Run("", "", 0, tuple(results))).retrieval


def searches(index: Index, embedder: Embedder) -> dict[str, Search]:
    """Every variant as a function from a question to ranked pages, plain ones last."""

    def weighted(weights: Weights) -> Search:
        retriever = PageRetriever(index, embedder, RetrievalSettings(), weights)
        return lambda text: retriever.search(Question("benchmark", text, SCOPES), 10)

    def renamed(constants: Mapping[str, float]) -> Search:
        async def search(text: str) -> Sequence[RankedPage]:
            retriever = PageRetriever(index, embedder, RetrievalSettings())
            kept = {name: getattr(naming, name) for name in constants}
            vars(naming).update(constants)
            try:
                return await retriever.search(Question("benchmark", text, SCOPES), 10)
            finally:
                vars(naming).update(kept)

        return search

    async def dense(text: str) -> Sequence[RankedPage]:
        return await pages(await index.search_vectors(await embedder.embed_query(text), SCOPES, DEPTH))

    async def words(text: str) -> Sequence[RankedPage]:
        return await pages(await index.search_text(text, SCOPES, DEPTH))

    async def fused(text: str) -> Sequence[RankedPage]:
        scores: dict[str, float] = defaultdict(float)
        hits: dict[str, Hit] = {}
        vector = await embedder.embed_query(text)
        for ranked in (await index.search_vectors(vector, SCOPES, DEPTH), await index.search_text(text, SCOPES, DEPTH)):
            for rank, hit in enumerate(ranked, 1):
                hits[hit.chunk.id] = hit
                scores[hit.chunk.id] += 1 / (60 + rank)
        return await pages([replace(hits[key], score=scores[key]) for key in sorted(scores, key=lambda k: -scores[k])])

    async def pages(hits: Sequence[Hit]) -> Sequence[RankedPage]:
        documents = {document.id: document for document in await index.documents(SCOPES)}
        best: dict[tuple[str, int], RankedPage] = {}
        for hit in hits:
            chunk = hit.chunk
            page = RankedPage(documents[chunk.document_id], chunk.page, chunk.label, hit.score, chunk.text)
            best.setdefault((chunk.document_id, chunk.page), page)
        return list(best.values())[:10]

    plain = {"hybrid, reciprocal rank fusion": fused, "dense only": dense, "full text only": words}
    named = {name: renamed(constants) for name, constants in NAMING.items()}
    return {**{name: weighted(weights) for name, weights in VARIANTS.items()}, **named, **plain}


async def run(folder: Path, data: Path, console: Console) -> None:
    settings = Settings(data_dir=data)
    if not (data / "index").exists():
        await run_ingest([str(folder / "pdfs")], settings)
    cases = read_cases(folder / "questions.jsonl")
    embedder = build_embedder(settings)
    index = await Index.open(settings, embedder.identity, create=False)
    columns = ("page hit @1", "@3", "@5", "@10", "document @1", "@5", "MRR", "ms p50", "ms p95")
    table = Table(f"{folder.name} ({len(cases)} questions)", *columns, box=None)
    everything = searches(index, embedder)
    await everything["all"](cases[0].question)  # what is loaded once is not part of a search
    for name, search in everything.items():
        figures = await measure(cases, search)
        hits = [*figures.page_hit, figures.document_hit[0], figures.document_hit[2]]
        times = (f"{figures.seconds_p50 * 1000:.0f}", f"{figures.seconds_p95 * 1000:.0f}")
        table.add_row(name, *(f"{hit:.2f}" for hit in hits), f"{figures.mrr:.3f}", *times)
    console.print(table)
    index.close()
    await embedder.close()


def main(arguments: Sequence[str]) -> None:
    """Each argument is SET or SET=DATA, where DATA keeps its index between two runs."""
    console = Console(width=140)
    with tempfile.TemporaryDirectory() as scratch:
        if not arguments:
            make.main(Path(scratch) / "general")
            arguments = [str(Path(scratch) / "general")]
        for number, argument in enumerate(arguments):
            folder, _, data = argument.partition("=")
            asyncio.run(run(Path(folder), Path(data or f"{scratch}/data{number}"), console))


if __name__ == "__main__":
    main(sys.argv[1:])
