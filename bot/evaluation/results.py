"""What one question gave in one run, and a whole run as a file that another can be compared with. No text is kept."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.answer import Answer, Outcome
from bot.errors import CaseFileError
from bot.evaluation.cases import Case, Evidence
from bot.evaluation.matching import number_match, text_overlap
from bot.retrieval import RankedPage

CUTS = (1, 3, 5, 10)
DEPTH = CUTS[-1]
FORMAT = 1
"""Of saved runs."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave. Ranks count from 1; None: not among the first DEPTH."""

    page_rank: int | None
    """Of the first distinct page that answers."""
    whole_rank: int | None
    """Of the page with which everything that the answer is made of is there."""
    document_rank: int | None
    """Among the distinct documents."""
    seconds: float


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of the answer. Figures about pages and texts are None where nobody knows what is right."""

    outcome: str
    """An Outcome, or empty when no answer came."""
    error: str
    """The kind of error when no answer came."""
    cited: int
    cited_right: int
    evidence_cited: float | None
    """Share of the evidence of which a page is cited."""
    cited_again: bool | None
    """A page is cited that once was cited wrongly; None where none is known."""
    number_match: float | None
    text_overlap: float | None
    seconds: float
    prompt_tokens: int | None
    completion_tokens: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """One question of one run."""

    id: str
    kind: str
    is_answerable: bool | None
    has_evidence: bool
    found: Found
    answered: Answered | None = None

    @property
    def is_located(self) -> bool:
        """Say whether it is known where the answer stands."""
        return bool(self.is_answerable) and self.has_evidence


@dataclass(frozen=True, slots=True)
class Run:
    """All questions of a file, asked once."""

    questions: str
    """The file's name."""
    model: str
    sources: int
    """Pages that a model was given."""
    results: tuple[Result, ...]


def found(case: Case, pages: Sequence[RankedPage], seconds: float) -> Found:
    """Judge the pages that a search gave, best first."""
    names = list(dict.fromkeys(page.document.name for page in pages))
    ranks = [_rank(one, pages) for one in case.evidence]
    known = [rank for rank in ranks if rank is not None]
    documents = [names.index(one.document) + 1 for one in case.evidence if one.document in names]
    return Found(
        page_rank=min(known, default=None),
        whole_rank=max(known) if known and len(known) == len(ranks) else None,
        document_rank=min(documents, default=None),
        seconds=seconds,
    )


def answered(case: Case, answer: Answer) -> Answered:
    """Judge an answer."""
    cited = {(citation.source.document.name, citation.source.page) for citation in answer.citations}
    is_said = answer.outcome is not Outcome.NOT_FOUND
    shown = [any(one.holds(*page) for page in cited) for one in case.evidence]
    return Answered(
        outcome=answer.outcome.value,
        error="",
        cited=len(cited),
        cited_right=sum(case.is_right(*page) for page in cited),
        evidence_cited=sum(shown) / len(shown) if shown else None,
        cited_again=any(case.is_wrong(*page) for page in cited) if case.avoid else None,
        number_match=number_match(case.answer, answer.text if is_said else ""),
        text_overlap=text_overlap(case.answer, answer.text if is_said else ""),
        seconds=answer.timings.total,
        prompt_tokens=answer.tokens.prompt,
        completion_tokens=answer.tokens.completion,
    )


def failed(error: Exception, seconds: float) -> Answered:
    """Note that no answer came, and by what kind of error."""
    return Answered("", type(error).__name__, 0, 0, None, None, None, None, seconds, None, None)


def _rank(evidence: Evidence, pages: Sequence[RankedPage]) -> int | None:
    return next((rank for rank, page in enumerate(pages, 1) if evidence.holds(page.document.name, page.page)), None)


def as_record(run: Run) -> dict[str, Any]:
    return {"format": FORMAT, **dataclasses.asdict(run)}


def write_run(run: Run, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(as_record(run)) + "\n", "utf-8")


def read_run(path: Path) -> Run:
    """Read a run that was saved.

    Raises:
        CaseFileError: it is not there, or is no run.
    """
    try:
        record = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise CaseFileError(f"There is no file {path}.") from None
    except (OSError, ValueError) as error:
        raise CaseFileError(f"{path} is no saved run: {error}") from None
    if not isinstance(record, dict) or not isinstance(record.get("results"), list):
        raise CaseFileError(f"{path} is no saved run. Save one with `askdocs eval QUESTIONS.jsonl --save {path}`.")
    if record.get("format") != FORMAT:
        raise CaseFileError(f"{path} was saved by another version of AskDocs. Run `askdocs eval` again.")
    try:
        return Run(record["questions"], record["model"], record["sources"], tuple(map(_result, record["results"])))
    except (KeyError, TypeError) as error:
        raise CaseFileError(f"{path} is no saved run: {error}") from None


def _result(record: Mapping[str, Any]) -> Result:
    answer = record["answered"]
    parts = {"found": Found(**record["found"]), "answered": Answered(**answer) if answer else None}
    return Result(**{**record, **parts})
