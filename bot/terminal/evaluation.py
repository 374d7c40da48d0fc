"""`askdocs eval` and `askdocs compare`: figures of a run, and of two runs beside each other."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from bot.composition import answering
from bot.evaluation.cases import read_cases
from bot.evaluation.comparison import Difference, compare
from bot.evaluation.figures import AnswerFigures, Figures, figures, figures_by_kind
from bot.evaluation.results import CUTS, Run, read_run, write_run
from bot.evaluation.running import ask_all, not_indexed
from bot.settings import Settings
from bot.terminal import contract
from ingest.documents import Scopes

PLAIN_CHANCE = 0.05


async def run_evaluation(
    settings: Settings, questions: Path, scopes: Scopes, *, answers: bool, as_json: bool, save: Path | None
) -> None:
    """Ask every question of the file, and print the figures."""
    cases = read_cases(questions)
    console = Console(stderr=as_json)
    results, models = [], []
    async with answering(settings) as parts:
        for name in await not_indexed(parts, cases, scopes):
            print(f"{name} is not indexed; its questions count as not found.", file=sys.stderr)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            asked = ask_all(parts, bar.track(cases, description="questions"), scopes, with_answers=answers)
            async for result, model in asked:
                results.append(result)
                models.append(model)
    used = ", ".join(model for model in dict.fromkeys(models) if model)
    run = Run(questions.name, used, settings.retrieval.sources, tuple(results))
    if save is not None:
        write_run(run, save)
    if as_json:
        print(json.dumps(contract.evaluation_object(run), ensure_ascii=False))
    else:
        console.print(evaluation_view(run))


def run_comparison(before: Path, after: Path, *, as_json: bool) -> None:
    differences = compare(read_run(before), read_run(after))
    if as_json:
        print(json.dumps(contract.comparison_rows(differences)))
    else:
        Console().print(comparison_view(differences))


def evaluation_view(run: Run) -> RenderableType:
    """The figures of one run as tables: all questions first, then each kind."""
    every = figures(run)
    located, search = every.retrieval.cases, every.retrieval
    kinds = {"all": every, **figures_by_kind(run)}
    parts: list[RenderableType] = [
        Text(f"{len(run.results)} questions, {located} with a known page. {run.model}".strip()),
        _hits(kinds),
        Text(f"search p50 {search.seconds_p50 * 1000:.0f} ms, p95 {search.seconds_p95 * 1000:.0f} ms", "dim"),
    ]
    if every.answers is not None:
        parts += [Text(""), _answers(kinds), Text(""), _outcomes(every.answers), Text(_costs(every.answers), "dim")]
    return Group(*parts)


def _hits(kinds: Mapping[str, Figures]) -> Table:
    has_parts = any(one.retrieval.whole_hit != one.retrieval.page_hit for one in kinds.values())
    columns = ["kind", "cases", "page @1", *(f"@{cut}" for cut in CUTS[1:]), "document @1", "MRR"]
    table = _table([*columns, "all parts @5"] if has_parts else columns)
    for kind, one in kinds.items():
        hits = one.retrieval
        if not hits.cases:
            continue
        row = [kind or "other", str(hits.cases), *map(_share, hits.page_hit), _share(hits.document_hit[0])]
        row += [f"{hits.mrr:.3f}", *([_share(hits.whole_hit[CUTS.index(5)])] if has_parts else [])]
        table.add_row(*row)
    return table


def _answers(kinds: Mapping[str, Figures]) -> Table:
    """Shares of answers; how many cases each is of is in the JSON."""
    columns = ("answered", "refused", "false refusals", "citation precision", "citation recall", "answer match")
    table = _table(["kind", *columns])
    for kind, one in kinds.items():
        if (answers := one.answers) is not None:
            shares = (
                answers.answered,
                answers.refused,
                answers.false_refusals,
                answers.citation_precision,
                answers.citation_recall,
                answers.answer_match,
            )
            table.add_row(kind or "other", *map(_share, shares))
    return table


def _outcomes(answers: AnswerFigures) -> Table:
    table = _table(["the documents", *(name.replace("_", " ") for name in answers.answerable)])
    table.add_row("answer it", *map(str, answers.answerable.values()))
    table.add_row("do not", *map(str, answers.unanswerable.values()))
    return table


def _costs(answers: AnswerFigures) -> str:
    costs = [f"answer p50 {answers.seconds_p50:.2f} s, p95 {answers.seconds_p95:.2f} s"]
    if answers.failed:
        costs.append(f"failed: {answers.failed}")
    if answers.cited_again is not None:
        costs.append(f"wrong pages cited again: {_share(answers.cited_again)}")
    if answers.prompt_tokens is not None:
        costs.append(f"tokens a question: {answers.prompt_tokens:,.0f} in, {answers.completion_tokens or 0:,.0f} out")
    return "; ".join(costs)


def comparison_view(differences: Sequence[Difference]) -> Table:
    """One row a figure; a difference that is hardly chance stands out."""
    table = _table(["", "cases", "before", "after", "difference", "95 %", "better", "worse", "p"])
    for one in differences:
        style = "bold" if one.p < PLAIN_CHANCE else ""
        cells = (
            one.figure,
            str(one.cases),
            f"{one.before:.3f}",
            f"{one.after:.3f}",
            f"{one.after - one.before:+.3f}",
            f"{one.low:+.3f}…{one.high:+.3f}",
            str(one.better),
            str(one.worse),
            f"{one.p:.3f}",
        )
        table.add_row(*cells, style=style)
    return table


def _table(columns: Iterable[str]) -> Table:
    table = Table(box=None, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=not number)
    return table


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
