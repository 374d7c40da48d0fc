"""Measures retrieval and answers on a file of questions with known pages. Pure figures; printing is the terminal's.

One question a line: `{"id", "question", "document", "pages": [1-based physical], "answer"}`; a line without `document`
has no answer in the documents.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.answer import Answer, Citation, Outcome
from bot.errors import CaseFileError
from bot.retrieval import RankedPage

CUTS = (1, 3, 5, 10)


@dataclass(frozen=True, slots=True)
class Case:
    """One question with the pages that answer it; none when the documents do not hold the answer."""

    id: str
    question: str
    document: str
    pages: frozenset[int]
    answer: str

    @property
    def is_answerable(self) -> bool:
        return bool(self.document)


@dataclass(frozen=True, slots=True)
class RetrievalFigures:
    """Shares 0…1 over the answerable cases; `mrr` counts the first 10 pages."""

    cases: int
    page_hit: tuple[float, ...]
    """At each of CUTS."""
    document_hit: tuple[float, ...]
    """At each of CUTS: among the distinct documents of the ranked pages."""
    mrr: float
    seconds_p50: float
    seconds_p95: float


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """What became of the answers of one run; shares 0…1."""

    answered: float
    """Of the answerable cases: answered at least in part."""
    refused: float
    """Of the cases without an answer in the documents: told so."""
    citation_precision: float
    """Of all citations shown for answerable cases: on one of the right pages."""
    citation_recall: float
    """Of the answerable cases: at least one of the right pages cited."""
    number_match: float
    """Of the answerable cases whose known answer has a number: that number in the answer."""
    seconds_p50: float
    seconds_p95: float


def read_cases(path: Path) -> tuple[Case, ...]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CaseFileError(f"{path} cannot be read: {error}") from None
    return tuple(_case(number, line) for number, line in enumerate(lines, 1) if line.strip())


def _case(number: int, line: str) -> Case:
    try:
        record = json.loads(line)
        return Case(
            id=str(record.get("id", number)),
            question=str(record["question"]),
            document=str(record.get("document") or ""),
            pages=frozenset(int(page) for page in record.get("pages") or ()),
            answer=str(record.get("answer") or ""),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CaseFileError(f"Line {number} is not a question with its pages: {error}") from None


def page_rank(case: Case, pages: Sequence[RankedPage]) -> int | None:
    """Return the 1-based rank of the first page that answers the case, or None."""
    for rank, page in enumerate(pages, 1):
        if page.document.name == case.document and page.page in case.pages:
            return rank
    return None


def document_rank(case: Case, pages: Sequence[RankedPage]) -> int | None:
    """Return the 1-based rank of the right document among the distinct documents of `pages`, or None."""
    names = list(dict.fromkeys(page.document.name for page in pages))
    return names.index(case.document) + 1 if case.document in names else None


def retrieval_figures(
    cases: Sequence[Case], ranked: Sequence[Sequence[RankedPage]], seconds: Sequence[float]
) -> RetrievalFigures:
    """Sum up one run; `ranked` and `seconds` go with `cases`, one each."""
    answerable = [(case, pages) for case, pages in zip(cases, ranked, strict=True) if case.is_answerable]
    page_ranks = [page_rank(case, pages) for case, pages in answerable]
    document_ranks = [document_rank(case, pages) for case, pages in answerable]
    return RetrievalFigures(
        cases=len(answerable),
        page_hit=_hits(page_ranks),
        document_hit=_hits(document_ranks),
        mrr=_mean([1 / rank if rank and rank <= CUTS[-1] else 0.0 for rank in page_ranks]),
        seconds_p50=percentile(seconds, 50),
        seconds_p95=percentile(seconds, 95),
    )


def answer_figures(cases: Sequence[Case], answers: Sequence[Answer]) -> AnswerFigures:
    """Sum up the answers of one run; `answers` go with `cases`, one each."""
    pairs = list(zip(cases, answers, strict=True))
    answerable = [(case, answer) for case, answer in pairs if case.is_answerable]
    cited = [(case, _is_right(case, citation)) for case, answer in answerable for citation in answer.citations]
    numbers = [(case, answer) for case, answer in answerable if _numbers(case.answer)]
    seconds = [answer.timings.total for answer in answers]
    return AnswerFigures(
        answered=_share([answer.outcome is not Outcome.NOT_FOUND for _, answer in answerable]),
        refused=_share([answer.outcome is Outcome.NOT_FOUND for case, answer in pairs if not case.is_answerable]),
        citation_precision=_share([is_right for _, is_right in cited]),
        citation_recall=_share([any(_is_right(case, c) for c in answer.citations) for case, answer in answerable]),
        number_match=_share([_numbers(case.answer)[0] in _numbers(answer.text) for case, answer in numbers]),
        seconds_p50=percentile(seconds, 50),
        seconds_p95=percentile(seconds, 95),
    )


def _is_right(case: Case, citation: Citation) -> bool:
    return citation.source.document.name == case.document and citation.source.page in case.pages


_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def _numbers(text: str) -> list[float]:
    return [float(number.replace(",", "")) for number in _NUMBER.findall(text)]


def _share(values: Sequence[bool]) -> float:
    return _mean([float(value) for value in values])


def _hits(ranks: Sequence[int | None]) -> tuple[float, ...]:
    return tuple(_mean([float(rank is not None and rank <= cut) for rank in ranks]) for cut in CUTS)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the nearest-rank percentile; 0 for no values."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(percent / 100 * len(ordered) + 0.5) - 1))]
