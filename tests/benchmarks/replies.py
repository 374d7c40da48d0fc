"""Prints what becomes of a language model's replies: `python -m tests.benchmarks.replies [SET[=DATA]]`.

`general/replies.jsonl` has what a large language model wrote when it was once given the bot's own prompts for the
general set. SET is a folder that `general.make` filled, and DATA keeps its index; without them it is made. The markers
name document and page, so that replies hold when the ranking changes: a page that is not among the Sources any more
loses its marker. Questions that a model puts in other words first (follow-ups, other languages) are left out; so are
those for which none was asked.

Here no model is asked, either. What is measured is all around it: which pages it would be given, which of its
sentences keep their citations, and which answers are shown as such.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.answer import Outcome, Source
from bot.citations import verify
from bot.evaluation.cases import Case, read_cases
from bot.question import Question
from bot.retrieval import PageRetriever
from bot.settings import AnswerSettings, RetrievalSettings
from tests.benchmarks.sets import SCOPES, opened, sets

REPLIES = Path(__file__).parent / "general" / "replies.jsonl"
_MARKER = re.compile(r"\[([^\[\],]+), (\d+)\]")


@dataclass(frozen=True, slots=True)
class Shown:
    """What became of one reply."""

    case: Case
    outcome: Outcome
    is_found: bool
    """Whether a right page was among the Sources."""
    claims: int
    supported: int
    """Sentences that state something, and those that kept or got a citation."""


async def judge(folder: Path, data: Path, step: int = 1) -> tuple[Shown, ...]:
    """Verify every reply, or every so many, against the pages of the general set that are found today."""
    replies = dict(_read(line) for line in REPLIES.read_text("utf-8").splitlines()[::step])
    shown = []
    async with opened(folder, data) as (index, embedder):
        retriever = PageRetriever(index, embedder, RetrievalSettings())
        for case in read_cases(folder / "all.jsonl"):
            if case.id in replies:
                found = await retriever.retrieve(Question("benchmark", case.question, SCOPES))
                shown.append(_shown(case, replies[case.id], found.sources))
    return tuple(shown)


def _read(line: str) -> tuple[str, str]:
    record = json.loads(line)
    return record["id"], record["reply"]


def _shown(case: Case, reply: str, sources: Sequence[Source]) -> Shown:
    is_found = any(case.is_right(source.document.name, source.page) for source in sources)
    if not sources:  # no model is asked
        return Shown(case, Outcome.NOT_FOUND, is_found, 0, 0)
    verified = verify(_numbered(reply, sources), sources, AnswerSettings().strictness, case.question)
    return Shown(case, verified.outcome, is_found, verified.claims, round(verified.supported * verified.claims))


def _numbered(reply: str, sources: Sequence[Source]) -> str:
    """Return a reply with the markers that its pages have today."""
    numbers = {(source.document.name, source.page): f"[{source.number}]" for source in sources}
    return _MARKER.sub(lambda found: numbers.get((found[1], int(found[2])), ""), reply)


def shares(shown: Sequence[Shown]) -> Mapping[str, float]:
    """Return the shares that are stored: of questions without an answer, of those with one, and of sentences."""
    refused = [one.outcome is Outcome.NOT_FOUND for one in shown if one.case.is_answerable is False]
    missed = [one.outcome is Outcome.NOT_FOUND for one in shown if one.case.is_answerable and one.is_found]
    right = [one for one in shown if one.case.is_answerable]
    claims = sum(one.claims for one in right)
    return {
        "refused": sum(refused) / len(refused),
        "false_refusals": sum(missed) / len(missed),
        "kept": sum(one.supported for one in right) / claims,
    }


def main(arguments: Sequence[str]) -> None:
    with sets(arguments) as [(folder, data)]:
        shown = asyncio.run(judge(folder, data))
    for one in shown:
        if one.case.is_answerable and one.is_found and one.outcome is not Outcome.ANSWERED:
            print(f"{one.case.id}: {one.outcome.value}, {one.supported} of {one.claims} sentences: {one.case.question}")
        if one.case.is_answerable is False and one.outcome is not Outcome.NOT_FOUND:
            print(f"{one.case.id}: {one.outcome.value}, though no page tells: {one.case.question}")
    print(f"{len(shown)} replies:", ", ".join(f"{name} {share:.3f}" for name, share in shares(shown).items()))


if __name__ == "__main__":
    main(sys.argv[1:])
