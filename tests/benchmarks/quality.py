"""Measures quality, stores the figures, and writes the README's table: `python -m tests.benchmarks.quality [SET …]`.

One command for three things, so that they cannot differ: what it prints, what the README says, and the baseline that
`tests/test_quality.py` holds later changes to. A SET is NAME or NAME=DATA: `general` (our own, made here), or
`financebench-dev`, `manuals`, `manuals-held-out` and `manuals-languages` (measured where they are, in
ASKDOCS_EVAL_DIR); DATA is a folder that keeps the index between two runs. Without arguments all are measured. What is
not measured keeps the figures stored before.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import sys
import tempfile
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.composition import answering
from bot.evaluation.cases import Case, read_cases
from bot.evaluation.figures import Figures, figures, figures_by_kind
from bot.evaluation.results import Run
from bot.evaluation.running import ask_all
from bot.settings import AnswerSettings, Settings
from ingest.command import run_ingest
from ingest.documents import Scopes
from ingest.logs import configure_logging
from tests.benchmarks import replies, verification
from tests.benchmarks.general import make, refusals
from tests.bot.verification_cases import HELD_OUT, TUNING

ROOT = Path(__file__).parent.parent.parent
STORED = Path(__file__).parent / "quality.json"
EVAL = Path(os.environ.get("ASKDOCS_EVAL_DIR", ROOT.parent / "shared" / "eval"))
START, END = "<!-- quality: written by `python -m tests.benchmarks.quality` -->", "<!-- end of quality -->"
SCOPES = Scopes("local", frozenset({"workspace"}))
GENERAL, FILINGS, VERIFICATION, REPLIES = "general", "financebench-dev", "verification", "replies"
SETS = (GENERAL, FILINGS, "manuals", "manuals-held-out", "manuals-languages")
NOWHERE = tuple(
    Case(f"nowhere-{kind}-{number}", question, kind=kind, is_answerable=False)
    for kind, questions in refusals.FILINGS.items()
    for number, question in enumerate(questions)
)
"""What the filings do not tell: questions of our own."""
SLICE = 4
"""The tests have every fourth question answered, which is quick, and search for all."""
SETTINGS = {"models": ("extractive",)}
"""No key, no server: the figures are of what everybody has."""


async def ask(settings: Settings, cases: Sequence[Case], *, with_answers: bool = True) -> Run:
    """Ask everything once; what is loaded once is no part of a search."""
    async with answering(settings) as parts:
        async for _ in ask_all(parts, cases[:1], SCOPES, with_answers=with_answers):
            pass
        results = [result async for result, _ in ask_all(parts, cases, SCOPES, with_answers=with_answers)]
    return Run("", "extractive", settings.retrieval.sources, tuple(results))


async def index(pdfs: Path, settings: Settings) -> None:
    if not (settings.data_dir / "index").exists():
        code = await run_ingest([str(pdfs)], settings)
        assert code == 0, f"{pdfs} could not be indexed whole"


def measure(name: str, folder: Path, data: Path) -> dict[str, Any]:
    """Return the figures of one set."""
    settings = Settings(data_dir=data, **SETTINGS)  # type: ignore[arg-type]
    cases = read_cases(folder / ("all.jsonl" if name == GENERAL else "questions.jsonl"))
    cases = (*cases, *NOWHERE) if name == FILINGS else cases
    asyncio.run(index(folder / "pdfs", settings))
    run = asyncio.run(ask(settings, cases))
    record: dict[str, Any] = {"documents": len(list((folder / "pdfs").glob("*.pdf"))), **flat(figures(run))}
    record["kinds"] = {
        kind: {
            "cases": of.retrieval.cases,
            "page_hit_1": of.retrieval.page_hit[0],
            "page_hit_5": of.retrieval.page_hit[2],
        }
        for kind, of in figures_by_kind(run).items()
        if of.retrieval.cases
    }
    record["slice"] = flat(figures(replace(run, results=run.results[::SLICE])))
    return _rounded(record)


def searched(of: Figures) -> dict[str, float | None]:
    """Return the figures of the search that are stored and held to."""
    found = of.retrieval
    return {
        "questions": found.cases,
        "page_hit_1": found.page_hit[0],
        "page_hit_5": found.page_hit[2],
        "page_hit_10": found.page_hit[3],
        "whole_hit_5": found.whole_hit[2],
        "document_hit_1": found.document_hit[0],
        "mrr": found.mrr,
        "search_p50": found.seconds_p50,
        "search_p95": found.seconds_p95,
    }


def flat(of: Figures) -> dict[str, float | None]:
    """Return the figures that are stored and held to."""
    assert of.answers is not None
    answers = of.answers
    return {
        **searched(of),
        "unanswerable_questions": sum(answers.unanswerable.values()),
        "refused": answers.refused,
        "false_refusals": answers.false_refusals,
        "citation_precision": answers.citation_precision,
        "citation_recall": answers.citation_recall,
        "answer_match": answers.answer_match,
    }


def measure_verification() -> dict[str, Any]:
    cases = (*TUNING, *HELD_OUT)
    score = verification.total(cases, AnswerSettings().strictness)
    return _rounded({"cases": len(cases), "precision": score.precision, "recall": score.recall})


def measure_replies(folder: Path, data: Path) -> dict[str, Any]:
    """Return what becomes of a language model's recorded replies to the general set, whose index is in `data`."""
    shown = asyncio.run(replies.judge(folder, data))
    return _rounded({"replies": len(shown), **replies.shares(shown), "slice": replies.shares(shown[::SLICE])})


def _rounded(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _rounded(value) if isinstance(value, Mapping) else round(value, 4) if isinstance(value, float) else value
        for key, value in record.items()
    }


def stored() -> dict[str, Any]:
    return json.loads(STORED.read_text("utf-8")) if STORED.exists() else {}


ROWS: Mapping[str, tuple[str, ...]] = {
    "right page among the first 1 / 5 / 10": ("page_hit_1", "page_hit_5", "page_hit_10"),
    "all pages of an answer among the first 5": ("whole_hit_5",),
    "right document first": ("document_hit_1",),
    "cited pages that are right / right pages cited": ("citation_precision", "citation_recall"),
    "known answer given": ("answer_match",),
    "refused though the page was found": ("false_refusals",),
    "refused, and the documents do not tell (the second number of questions)": ("refused",),
}


def table(results: Mapping[str, Any]) -> str:
    """Return the README's table."""
    sets = {name: results[name] for name in SETS if name in results}
    heads = [
        f"{name}: {of['questions']} + {of['unanswerable_questions']} questions, {of['documents']} documents"
        for name, of in sets.items()
    ]
    lines = [f"| | {' | '.join(heads)} |", f"| --- |{' --- |' * len(sets)}"]
    for title, keys in ROWS.items():
        cells = (" / ".join(_share(of[key]) for key in keys) for of in sets.values())
        lines.append(f"| {title} | {' | '.join(cells)} |")
    times = (f"{of['search_p50'] * 1000:.0f} / {of['search_p95'] * 1000:.0f}" for of in sets.values())
    lines.append(f"| milliseconds a search takes, p50 / p95 | {' | '.join(times)} |")
    checked = results[VERIFICATION]
    lines += [
        "",
        f"Of the citations kept in {checked['cases']} labelled drafts {checked['precision']:.1%} are right, and "
        f"{checked['recall']:.1%} of the right ones are kept.",
    ]
    if REPLIES in results:
        written = results[REPLIES]
        text = (
            f"With a language model that reads ({written['replies']} replies of a large one to prompts of the general"
            f" set, recorded in `tests/benchmarks/general/replies.jsonl`), {_share(written['refused'])} of the"
            f" questions are refused that the documents do not answer, and {_share(written['false_refusals'])} of those"
            f" whose page was found; {_share(written['kept'])} of its sentences keep their citations. The rules were"
            " fitted to these replies, and smaller models do worse."
        )
        lines += ["", *textwrap.wrap(text, 120, break_long_words=False, break_on_hyphens=False)]
    return "\n".join(lines)


def kinds(results: Mapping[str, Any]) -> str:
    """Return the right page first / among the first five, for each kind of question of the general set."""
    lines = ["| kind | questions | page @1 | @5 |", "| --- | --- | --- | --- |"]
    for kind, of in results[GENERAL]["kinds"].items():
        lines.append(f"| {kind} | {of['cases']} | {_share(of['page_hit_1'])} | {_share(of['page_hit_5'])} |")
    return "\n".join(lines)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def with_table(readme: str, text: str) -> str:
    """Return the README with the table between its marks."""
    block = f"{START}\n{text}\n{END}"
    return re.sub(f"{re.escape(START)}.*{re.escape(END)}", lambda _: block, readme, flags=re.DOTALL)


def main(arguments: Sequence[str]) -> None:
    configure_logging(logging.WARNING)
    results = stored()
    with tempfile.TemporaryDirectory() as scratch:
        for argument in arguments or SETS:
            name, _, data = argument.partition("=")
            folder = Path(scratch) / name if name == GENERAL else EVAL / name
            if name == GENERAL:
                make.main(folder)
            if (folder / "pdfs").is_dir():
                kept = Path(data or f"{scratch}/{name}-data")
                results[name] = measure(name, folder, kept)
                if name == GENERAL:
                    results[REPLIES] = measure_replies(folder, kept)
            else:
                print(f"{name} is not here; its figures stay as they were.", file=sys.stderr)
    results[VERIFICATION] = measure_verification()
    STORED.write_text(json.dumps(results, indent=2) + "\n", "utf-8")
    for path, text in ((ROOT / "README.md", table(results)), (ROOT / "ARCHITECTURE.md", kinds(results))):
        path.write_text(with_table(path.read_text("utf-8"), text), "utf-8")
    print(table(results), kinds(results), sep="\n\n")


if __name__ == "__main__":
    main(sys.argv[1:])
