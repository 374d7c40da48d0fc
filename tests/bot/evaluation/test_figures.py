"""Figures over results, with every share counted over the cases that it is about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.evaluation.figures import AnswerFigures, figures, figures_by_kind
from bot.evaluation.results import Answered, Found, Result, Run

NOWHERE = Found(None, None, None, 0.2)
FIRST = Found(1, 1, 1, 0.1)
ANSWER = Answered("answered", "", 2, 1, 1.0, None, 1.0, 0.5, 1.0, 100, 20)
REFUSED = replace(ANSWER, outcome="not_found", cited=0, cited_right=0, evidence_cited=0.0, number_match=0.0)
NO_EVIDENCE = {"evidence_cited": None, "number_match": None, "text_overlap": None}


def result(
    name: str, found: Found, answer: Answered | None, *, kind: str = "", answerable: bool | None = True
) -> Result:
    return Result(name, kind, answerable, bool(answerable), found, answer)


def run(*results: Result) -> Run:
    return Run("questions.jsonl", "extractive", 8, results)


def answers(*results: Result) -> AnswerFigures:
    summed = figures(run(*results)).answers
    assert summed is not None
    return summed


def test_hits_are_of_located_cases_only() -> None:
    """A question that the documents do not answer has no page to be found."""
    of = figures(
        run(
            result("a", FIRST, None),
            result("b", Found(4, None, 1, 0.1), None),
            result("c", NOWHERE, None),
            result("d", NOWHERE, None, answerable=False),
        )
    )

    assert of.answers is None
    assert of.retrieval.cases == 3
    assert of.retrieval.page_hit == pytest.approx((1 / 3, 1 / 3, 2 / 3, 2 / 3))
    assert of.retrieval.whole_hit == pytest.approx((1 / 3,) * 4)
    assert of.retrieval.mrr == pytest.approx((1 + 1 / 4) / 3)


def test_abstention_is_counted_against_what_the_documents_hold() -> None:
    """A refusal is false where the page was among those given to the model, and not where it was never found."""
    of = answers(
        result("a", FIRST, ANSWER),
        result("b", FIRST, REFUSED),
        result("c", NOWHERE, REFUSED),
        result("d", Found(9, 9, 1, 0.1), REFUSED),
        result("e", NOWHERE, replace(REFUSED, **NO_EVIDENCE), answerable=False),
        result("f", NOWHERE, replace(ANSWER, **NO_EVIDENCE), answerable=False),
        result("g", NOWHERE, replace(ANSWER, **NO_EVIDENCE), answerable=None),
    )

    assert (of.answerable["answered"], of.answerable["not_found"]) == (1, 3)
    assert (of.unanswerable["answered"], of.unanswerable["not_found"]) == (1, 1)
    assert (of.answered, of.refused, of.false_refusals) == (0.25, 0.5, 0.5)


def test_citations_and_answers_are_judged_where_something_is_known() -> None:
    of = answers(
        result("a", FIRST, ANSWER),
        result("b", FIRST, replace(ANSWER, cited_right=2, number_match=None)),
        result("c", NOWHERE, replace(ANSWER, cited_again=True, **NO_EVIDENCE), answerable=None),
    )

    assert of.citation_precision == pytest.approx(3 / 4)
    assert of.citation_recall == 1.0
    assert of.cited_again == 1.0
    assert (of.answer_match, of.number_match, of.text_overlap) == (0.75, 1.0, 0.5)
    assert (of.prompt_tokens, of.completion_tokens) == (100, 20)


def test_a_question_that_failed_is_no_answer() -> None:
    of = answers(result("a", FIRST, ANSWER), result("b", FIRST, replace(REFUSED, outcome="", error="QuotaError")))

    assert (of.cases, of.failed, of.answered) == (1, 1, 1.0)


def test_kinds_are_summed_up_apart() -> None:
    """Without any kind there is nothing to tell apart."""
    by_kind = figures_by_kind(run(result("a", FIRST, None, kind="table"), result("b", NOWHERE, None)))

    assert {kind: of.retrieval.page_hit[0] for kind, of in by_kind.items()} == {"table": 1.0, "": 0.0}
    assert figures_by_kind(run(result("a", FIRST, None))) == {}
