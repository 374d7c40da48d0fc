"""Prints how long prompts are, and how much of the answers is in them: `python -m tests.benchmarks.prompts SET …`.

A SET (or SET=DATA, with its index) is a folder with `pdfs/` and `questions.jsonl`. What the model reads is compared
with the whole pages: an answer's words and numbers are looked for on the right ones of the pages found.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.answer import Source
from bot.evaluation.cases import Case, read_cases
from bot.models import Prompt
from bot.prompt import build_messages
from bot.question import Question
from bot.retrieval import PageRetriever
from bot.settings import RetrievalSettings
from bot.verification.words import words
from tests.benchmarks.sets import SCOPES, opened, sets


@dataclass(frozen=True, slots=True)
class Read:
    """One question: characters of its prompt, and which share of its answer's words the right pages have, of 0…1."""

    characters: int
    held: float | None
    """None where no right page was found."""
    rank: int | None


def _stems(text: str) -> frozenset[str]:
    return frozenset(word.stem or word.text.casefold() for word in words(text))


def _read(case: Case, sources: Sequence[Source]) -> Read:
    prompt = Prompt(Question("benchmark", case.question, SCOPES), sources, 1.0)
    characters = sum(len(message.content) for message in build_messages(prompt))
    right = [source for source in sources if case.is_right(source.document.name, source.page)]
    answer = _stems(case.answer)
    if not right or not answer:
        return Read(characters, None, None)
    held = answer & frozenset[str]().union(*(_stems(source.text) for source in right))
    return Read(characters, len(held) / len(answer), right[0].number)


async def measure(folder: Path, data: Path, console: Console) -> None:
    cut, whole = [], []
    async with opened(folder, data) as (index, embedder):
        retriever = PageRetriever(index, embedder, RetrievalSettings())
        for case in read_cases(folder / "questions.jsonl"):
            if case.evidence and not case.turns:
                found = (await retriever.retrieve(Question("benchmark", case.question, SCOPES))).sources
                cut.append(_read(case, found))
                whole.append(_read(case, [replace(source, text=source.page_text) for source in found]))
    table = Table(folder.name, "characters p50", "p95", "answer's words on the right page", box=None)
    for name, read in (("what is read", cut), ("whole pages", whole)):
        characters = [one.characters for one in read]
        held = [one.held for one in read if one.held is not None]
        sizes = (f"{size:,.0f}" for size in np.percentile(characters, [50, 95]))
        table.add_row(name, *sizes, f"{np.mean(held):.3f}")
    console.print(table)
    ranks = [one.rank for one in cut if one.rank is not None]
    console.print("right pages by rank:", *(f"{rank}: {ranks.count(rank)}" for rank in sorted(set(ranks))))


def main(arguments: Sequence[str]) -> None:
    with sets(arguments) as given:
        for folder, data in given:
            asyncio.run(measure(folder, data, Console(width=120)))


if __name__ == "__main__":
    main(sys.argv[1:])
