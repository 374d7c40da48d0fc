"""Prints how often questions are refused, by threshold: `python -m tests.benchmarks.abstention [SET[=DATA] …]`.

A SET is a folder with `pdfs/` and `questions.jsonl`; without one the general set is made and used. A set whose file
has no questions that are not answered is asked those of `refusals.FILINGS` if it is of filings, else of
`refusals.GENERAL`. False refusals are counted among the answerable questions whose page was found.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.abstention import LEAST_FOR_A_MODEL, LEAST_FOR_QUOTES, SURE_OF_QUOTES
from bot.evaluation.cases import Case, read_cases
from bot.question import Question
from bot.retrieval import PageRetriever
from bot.settings import RetrievalSettings
from bot.small_talk import is_small_talk
from tests.benchmarks.general.refusals import FILINGS, GENERAL
from tests.benchmarks.sets import SCOPES, opened, sets

THRESHOLDS = sorted({LEAST_FOR_A_MODEL, LEAST_FOR_QUOTES, SURE_OF_QUOTES, 0.05, 0.1, 0.2, 0.3, 0.35, 0.4, 0.5, 0.6})

ROLES = {
    LEAST_FOR_A_MODEL: " (no model is asked)",
    LEAST_FOR_QUOTES: " (nothing quoted)",
    SURE_OF_QUOTES: " (not sure)",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """How likely an answer was thought to be, of each question of one kind."""

    answerable: tuple[float, ...]
    refusals: Mapping[str, tuple[float, ...]]


async def judge(folder: Path, data: Path) -> Judged:
    cases = read_cases(folder / "questions.jsonl")
    answerable = []
    async with opened(folder, data) as (index, embedder):
        retriever = PageRetriever(index, embedder, RetrievalSettings())

        async def likelihood(text: str) -> float:
            if is_small_talk(text):  # the engine does not search for it
                return 0.0
            return (await retriever.retrieve(Question("benchmark", text, SCOPES))).likelihood

        for case in cases:
            pages = await retriever.search(Question("benchmark", case.question, SCOPES), RetrievalSettings().sources)
            if not case.turns and any(case.is_right(page.document.name, page.page) for page in pages):
                answerable.append(await likelihood(case.question))
        documents = await index.documents(SCOPES)
        is_of_filings = 2 * sum(document.card.has_statements for document in documents) > len(documents)
        asked = _unanswerable(cases) or (FILINGS if is_of_filings else GENERAL)
        refusals = {kind: tuple([await likelihood(text) for text in texts]) for kind, texts in asked.items()}
    return Judged(tuple(answerable), refusals)


def _unanswerable(cases: Sequence[Case]) -> dict[str, tuple[str, ...]]:
    by_kind: dict[str, tuple[str, ...]] = {}
    for case in cases:
        if case.is_answerable is False:
            by_kind[case.kind] = (*by_kind.get(case.kind, ()), case.question)
    return by_kind


def curve(name: str, judged: Judged) -> Table:
    """One row a threshold: which share lies below it."""
    every = [value for values in judged.refusals.values() for value in values]
    title = f"{name}: refused below ({len(judged.answerable)} answerable, {len(every)} not)"
    table = Table(title, "answerable", "not", *judged.refusals, box=None)
    for threshold in THRESHOLDS:
        shares = [np.mean(np.array(values) < threshold) for values in (judged.answerable, every)]
        shares += [np.mean(np.array(values) < threshold) for values in judged.refusals.values()]
        role = ROLES.get(threshold, "")
        table.add_row(f"{threshold:.2f}{role}", *(f"{share:.2f}" for share in shares))
    return table


def main(arguments: Sequence[str]) -> None:
    console = Console(width=140)
    with sets(arguments) as given:
        for folder, data in given:
            console.print(curve(folder.name, asyncio.run(judge(folder, data))))


if __name__ == "__main__":
    main(sys.argv[1:])
