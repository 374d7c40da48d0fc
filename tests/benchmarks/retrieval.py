"""Prints what each part of retrieval is worth: `python -m tests.benchmarks.retrieval [SET …]`.

A SET is a folder with `pdfs/` and `questions.jsonl`, such as `tests.benchmarks.manuals.make` fetches; without one the
general set is made and used. Every part is measured by leaving it out, on the index as the product makes it; at the end
stand plain searches to compare with.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from rich.console import Console
from rich.table import Table

from bot import comparing, naming, pieces
from bot.evaluation.cases import Case, read_cases
from bot.evaluation.figures import RetrievalFigures, figures
from bot.evaluation.results import Result, Run, found
from bot.follow_ups import by_rule
from bot.question import Question
from bot.ranking import DEFAULT_WEIGHTS, Weights
from bot.retrieval import PageRetriever, RankedPage
from bot.settings import RetrievalSettings
from ingest.embedding import Embedder
from ingest.index import Hit, Index
from tests.benchmarks.sets import SCOPES, opened, sets

DEPTH = 100
Search = Callable[[str], Awaitable[Sequence[RankedPage]]]

VARIANTS: dict[str, Weights] = {
    "all": DEFAULT_WEIGHTS,
    "without words (full text)": replace(DEFAULT_WEIGHTS, text=0.0),
    "words need not stand together": replace(DEFAULT_WEIGHTS, place=0.0),
    "without quantities": replace(DEFAULT_WEIGHTS, quantity=0.0),
    "without the topic": replace(DEFAULT_WEIGHTS, topic=0.0),
    "topic only": replace(DEFAULT_WEIGHTS, topic=1.0),
    "without statements": replace(DEFAULT_WEIGHTS, statement=0.0),
    "without document cards": replace(DEFAULT_WEIGHTS, document=0.0, sure=99.0),
    "without contents and stubs": replace(DEFAULT_WEIGHTS, contents=0.0, stub=0.0),
    "without likeness of letters": replace(DEFAULT_WEIGHTS, alike=0.0),
    "languages not apart": replace(DEFAULT_WEIGHTS, apart=0.0),
}
CONSTANTS: dict[str, tuple[ModuleType, str, float]] = {
    "comparisons in one search": (comparing, "MOST_PARTS", 1),
    "without the latest": (naming, "LATEST", 0.0),
    "without quarters and months": (naming, "PERIOD", 0.0),
    "without initials": (pieces, "INITIALS", 0.0),
    "without shortened words": (pieces, "SHORTENED", 0.0),
}
"""What is no weight of the ranking: a constant of another room, set for one variant."""


TWO_FILINGS = (
    ("Compare Adobe's and General Mills' net revenue in FY2022", "ADOBE_2022", "GENERALMILLS_2022"),
    ("Was the operating margin of MGM Resorts or Boeing higher in 2022?", "MGMRESORTS_2022", "BOEING_2022"),
    ("difference in capex between Best Buy and Adobe, 2022", "BESTBUY_2023", "ADOBE_2022"),
    ("Which had more long-term debt in 2018: MGM Resorts or Boeing?", "MGMRESORTS_2018", "BOEING_2018"),
    ("General Mills vs. Boeing: research and development 2022", "GENERALMILLS_2022", "BOEING_2022"),
    ("How did Boeing's revenue in the 2018 10-K compare with the 2022 10-K?", "BOEING_2018", "BOEING_2022"),
    ("Adobe effective tax rate 2016 compared with Adobe 2022", "ADOBE_2016", "ADOBE_2022"),
    ("inventories of Best Buy and General Mills", "BESTBUY", "GENERALMILLS"),
)
"""Questions of our own on the filings, with how the two documents are called that it takes."""


async def both_filings(search: Search) -> int:
    """Count the comparisons of which both documents are among the first five pages."""
    found = 0
    for text, *prefixes in TWO_FILINGS:
        names = [page.document.name for page in (await search(text))[:5]]
        found += all(any(name.startswith(prefix) for name in names) for prefix in prefixes)
    return found


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

    def changed(module: ModuleType, name: str, value: float) -> Search:
        async def search(text: str) -> Sequence[RankedPage]:
            kept = getattr(module, name)
            setattr(module, name, value)
            try:
                return await weighted(DEFAULT_WEIGHTS)(text)
            finally:
                setattr(module, name, kept)

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
    other = {name: changed(*constant) for name, constant in CONSTANTS.items()}
    return {**{name: weighted(weights) for name, weights in VARIANTS.items()}, **other, **plain}


async def run(folder: Path, data: Path, console: Console) -> None:
    cases = [case for case in read_cases(folder / "questions.jsonl") if case.evidence]
    columns = ("page hit @1", "@3", "@5", "@10", "all parts @5", "document @1", "MRR", "ms p50", "ms p95")
    table = Table(f"{folder.name} ({len(cases)} questions)", *columns, box=None)
    async with opened(folder, data) as (index, embedder):
        everything = searches(index, embedder)
        await everything["all"](cases[0].question)  # what is loaded once is not part of a search
        for name, search in everything.items():
            figures = await measure(cases, search)
            hits = [*figures.page_hit, figures.whole_hit[2], figures.document_hit[0]]
            times = (f"{figures.seconds_p50 * 1000:.0f}", f"{figures.seconds_p95 * 1000:.0f}")
            table.add_row(name, *(f"{hit:.2f}" for hit in hits), f"{figures.mrr:.3f}", *times)
        console.print(table)
        if folder.name == "financebench-dev":
            for name in ("all", "comparisons in one search"):
                count = await both_filings(everything[name])
                console.print(
                    f"{name}: both documents of {count} of {len(TWO_FILINGS)} comparisons among the first 5 pages"
                )


def main(arguments: Sequence[str]) -> None:
    """Each argument is SET or SET=DATA, where DATA keeps its index between two runs."""
    console = Console(width=140)
    with sets(arguments) as given:
        for folder, data in given:
            asyncio.run(run(folder, data, console))


if __name__ == "__main__":
    main(sys.argv[1:])
