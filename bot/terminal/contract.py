"""The JSON that `--json` prints: a contract with whoever reads it (`design` §7), pinned by tests. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from bot.answer import Answer, Timings
from bot.evaluation.comparison import Difference
from bot.evaluation.figures import Figures, figures, figures_by_kind
from bot.evaluation.results import CUTS, Run, as_record
from bot.retrieval import RankedPage
from ingest.documents import Document


def search_rows(pages: Iterable[RankedPage]) -> list[dict[str, Any]]:
    """One row a distinct page, best first; `page` is physical and 1-based."""
    return [
        {
            "document": page.document.name,
            "page": page.page,
            "label": page.label,
            "score": round(page.score, 4),
            "text": page.text,
        }
        for page in pages
    ]


def document_rows(documents: Iterable[Document]) -> list[dict[str, Any]]:
    return [
        {
            "document": document.name,
            "title": document.title,
            "scope": document.scope,
            "pages": document.pages,
            "pages_without_text": list(document.pages_without_text),
            "chunks": document.chunks,
            "indexed_at": document.indexed_at.isoformat(),
        }
        for document in documents
    ]


def error_object(notice: str) -> dict[str, Any]:
    """The line of a question that could not be answered, so that lines in and lines out stay in step."""
    return {"error": notice}


def answer_object(answer: Answer) -> dict[str, Any]:
    return {
        "answer": answer.text,
        "outcome": answer.outcome.value,
        "citations": [
            {
                "number": citation.number,
                "document": citation.source.document.name,
                "page": citation.source.page,
                "label": citation.source.label,
                "quote": citation.quote,
            }
            for citation in answer.citations
        ],
        "model": answer.model,
        "timings": timings_object(answer.timings),
    }


def timings_object(timings: Timings) -> dict[str, float | None]:
    """Seconds, and tokens per second; null where the model gives no figure."""
    return {
        "retrieve": round(timings.retrieve, 4),
        "queue": round(timings.queue, 4),
        "first_token": None if timings.first_token is None else round(timings.first_token, 4),
        "total": round(timings.total, 4),
        "tokens_per_second": None if timings.tokens_per_second is None else round(timings.tokens_per_second, 1),
    }


def evaluation_object(run: Run) -> dict[str, Any]:
    """Figures of one run, hits by cut-off, and the run itself, so that what is printed can be compared later."""
    return {
        **_figures(figures(run)),
        "kinds": {kind: _figures(of_kind) for kind, of_kind in figures_by_kind(run).items()},
        **as_record(run),
    }


def _figures(of: Figures) -> dict[str, Any]:
    by_cut = {
        name: dict(zip(map(str, CUTS), getattr(of.retrieval, name), strict=True))
        for name in ("page_hit", "whole_hit", "document_hit")
    }
    return {"retrieval": {**asdict(of.retrieval), **by_cut}, "answers": asdict(of.answers) if of.answers else None}


def comparison_rows(differences: Iterable[Difference]) -> list[dict[str, Any]]:
    """One row a figure that both runs have."""
    return [asdict(difference) for difference in differences]
