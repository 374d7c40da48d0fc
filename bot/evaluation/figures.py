"""Figures of a run: shares, means and percentiles, over all its results and for each kind of question. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.answer import Outcome
from bot.evaluation.results import CUTS, Answered, Result, Run


@dataclass(frozen=True, slots=True)
class RetrievalFigures:
    """Shares 0…1 over the cases whose pages are known; `mrr` counts the first 10 pages."""

    cases: int
    page_hit: tuple[float, ...]
    """At each of CUTS."""
    whole_hit: tuple[float, ...]
    """The same for everything that an answer is made of: differs where it takes several documents."""
    document_hit: tuple[float, ...]
    """At each of CUTS: among the distinct documents of the ranked pages."""
    mrr: float
    seconds_p50: float
    seconds_p95: float


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """What became of the answers of one run. Shares 0…1; None where nothing is known to compare with."""

    cases: int
    failed: int
    """No answer came."""
    answerable: Mapping[str, int]
    """Cases that the documents answer, by outcome."""
    unanswerable: Mapping[str, int]
    """Cases that they do not, by outcome."""
    answered: float | None
    """Of the answerable cases: answered at least in part."""
    refused: float | None
    """Of the cases without an answer in the documents: told so."""
    false_refusals: float | None
    """Of the answerable cases whose page the model was given: told that it is not there."""
    citation_precision: float | None
    """Of all pages cited for located cases: a right one."""
    citation_recall: float | None
    """Of the evidence of located cases: a page of it is cited."""
    cited_again: float | None
    """Of the cases with pages that were cited wrongly once: one is again."""
    answer_match: float | None
    """Of the cases with a known answer: by its numbers, or by its words where it has none."""
    number_match: float | None
    text_overlap: float | None
    seconds_p50: float
    seconds_p95: float
    prompt_tokens: float | None
    """The mean, where the provider counts."""
    completion_tokens: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Both halves; no answers when only the search was measured."""

    retrieval: RetrievalFigures
    answers: AnswerFigures | None


def figures(run: Run) -> Figures:
    """Sum up a run."""
    return _figures(run.results, run.sources)


def figures_by_kind(run: Run) -> dict[str, Figures]:
    """Sum up each kind of question by itself; nothing where no case names one."""
    kinds = dict.fromkeys(result.kind for result in run.results)
    if set(kinds) <= {""}:
        return {}
    return {kind: _figures([one for one in run.results if one.kind == kind], run.sources) for kind in kinds}


def _figures(results: Sequence[Result], sources: int) -> Figures:
    has_answers = any(result.answered for result in results)
    return Figures(_retrieval(results), _answers(results, sources) if has_answers else None)


def _retrieval(results: Sequence[Result]) -> RetrievalFigures:
    found = [result.found for result in results if result.is_located]
    pages = [one.page_rank for one in found]
    seconds = [result.found.seconds for result in results]
    return RetrievalFigures(
        cases=len(found),
        page_hit=_hits(pages),
        whole_hit=_hits([one.whole_rank for one in found]),
        document_hit=_hits([one.document_rank for one in found]),
        mrr=mean([1 / rank if rank else 0.0 for rank in pages]) or 0.0,
        seconds_p50=percentile(seconds, 50),
        seconds_p95=percentile(seconds, 95),
    )


def _answers(results: Sequence[Result], sources: int) -> AnswerFigures:
    pairs = [(result, result.answered) for result in results if result.answered and not result.answered.error]
    answers = [answer for _, answer in pairs]
    answerable = [answer for result, answer in pairs if result.is_answerable]
    unanswerable = [answer for result, answer in pairs if result.is_answerable is False]
    located = [answer for result, answer in pairs if result.is_located]
    given = [
        answer for result, answer in pairs if result.is_located and (result.found.page_rank or sources + 1) <= sources
    ]
    cited = sum(answer.cited for answer in located)
    return AnswerFigures(
        cases=len(pairs),
        failed=sum(bool(result.answered and result.answered.error) for result in results),
        answerable=_outcomes(answerable),
        unanswerable=_outcomes(unanswerable),
        answered=mean([not _is_refused(answer) for answer in answerable]),
        refused=mean([_is_refused(answer) for answer in unanswerable]),
        false_refusals=mean([_is_refused(answer) for answer in given]),
        citation_precision=sum(answer.cited_right for answer in located) / cited if cited else None,
        citation_recall=mean(_known(answer.evidence_cited for answer in located)),
        cited_again=mean(_known(answer.cited_again for answer in answers)),
        answer_match=mean(_known(answer_match(answer) for answer in answers)),
        number_match=mean(_known(answer.number_match for answer in answers)),
        text_overlap=mean(_known(answer.text_overlap for answer in answers if answer.number_match is None)),
        seconds_p50=percentile([answer.seconds for answer in answers], 50),
        seconds_p95=percentile([answer.seconds for answer in answers], 95),
        prompt_tokens=mean(_known(answer.prompt_tokens for answer in answers)),
        completion_tokens=mean(_known(answer.completion_tokens for answer in answers)),
    )


def answer_match(answer: Answered) -> float | None:
    """Return how far an answer agrees with the known one: where that has a number, the number decides."""
    return answer.text_overlap if answer.number_match is None else answer.number_match


def _outcomes(answers: Iterable[Answered]) -> dict[str, int]:
    given = [answer.outcome for answer in answers]
    return {outcome.value: given.count(outcome.value) for outcome in Outcome}


def _is_refused(answer: Answered) -> bool:
    return answer.outcome == Outcome.NOT_FOUND


def _known(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _hits(ranks: Sequence[int | None]) -> tuple[float, ...]:
    return tuple(mean([rank is not None and rank <= cut for rank in ranks]) or 0.0 for cut in CUTS)


def mean(values: Sequence[float]) -> float | None:
    """Return the mean; None for no values."""
    return sum(values) / len(values) if values else None


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the nearest-rank percentile; 0 for no values."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(percent / 100 * len(ordered) + 0.5) - 1))]
