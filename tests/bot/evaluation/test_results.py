"""One question judged: ranks, citations, and the file that a run is kept in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.answer import Answer, Citation, Outcome, Timings, Tokens
from bot.errors import CaseFileError
from bot.evaluation.cases import Case, Evidence
from bot.evaluation.results import Found, Result, Run, answered, as_record, found, read_run, write_run
from bot.retrieval import RankedPage
from tests.fakes import document, source

A, B = document("a.pdf", id="a"), document("b.pdf", id="b")
ONE = Case("1", "Q?", (Evidence("b.pdf", frozenset({3, 4})),), "12 days", is_answerable=True)
BOTH = Case("2", "Compare?", (Evidence("a.pdf", frozenset({1})), Evidence("b.pdf", frozenset({3}))), is_answerable=True)


def pages(*where: str) -> list[RankedPage]:
    """Pages written as `a1` for page 1 of a.pdf."""
    return [RankedPage(A if one[0] == "a" else B, int(one[1:]), one[1:], 0.5, "text") for one in where]


@pytest.mark.parametrize(
    ("case", "ranked", "expected"),
    [
        pytest.param(ONE, ["a3", "b9", "b4"], (3, 3, 2), id="found third, in the second document"),
        pytest.param(ONE, ["b3", "b4"], (1, 1, 1), id="each page is enough"),
        pytest.param(ONE, ["a3", "b9"], (None, None, 2), id="only the document"),
        pytest.param(ONE, [], (None, None, None), id="nothing"),
        pytest.param(BOTH, ["b9", "b3", "a1"], (2, 3, 1), id="both parts"),
        pytest.param(BOTH, ["b3", "b9"], (1, None, 1), id="one part of two"),
    ],
)
def test_ranks(case: Case, ranked: list[str], expected: tuple[int | None, ...]) -> None:
    """The first page that answers, everything that the answer is made of, and the document."""
    judged = found(case, pages(*ranked), 0.1)

    assert (judged.page_rank, judged.whole_rank, judged.document_rank) == expected


def test_an_answer_is_judged_by_the_pages_it_cites() -> None:
    """Two citations of one page count once."""
    cited = [source(number, "text", page=page, document=B) for number, page in ((1, 3), (2, 3), (3, 8))]
    answer = Answer(
        "You have twelve days [1].",
        Outcome.ANSWERED,
        tuple(Citation(one.number, one, "text") for one in cited),
        timings=Timings(total=2.5),
        tokens=Tokens(900, 50),
    )

    judged = answered(ONE, answer)

    assert (judged.cited, judged.cited_right, judged.evidence_cited) == (2, 1, 1.0)
    assert (judged.number_match, judged.text_overlap) == (1.0, 1.0)
    assert (judged.seconds, judged.prompt_tokens, judged.completion_tokens) == (2.5, 900, 50)
    assert judged.cited_again is None


def test_a_refusal_says_nothing_right() -> None:
    """The notice that nothing was found is not searched for the right answer."""
    judged = answered(ONE, Answer("12 days are not in your documents", Outcome.NOT_FOUND))

    assert (judged.number_match, judged.evidence_cited, judged.cited) == (0.0, 0.0, 0)


def test_pages_that_were_cited_wrongly_once() -> None:
    case = Case("3", "Q?", avoid=(Evidence("b.pdf", frozenset({8})),))
    again = source(1, "text", page=8, document=B)

    assert answered(case, Answer("x [1]", Outcome.ANSWERED, (Citation(1, again, "text"),))).cited_again is True
    assert answered(case, Answer("x", Outcome.NOT_FOUND)).cited_again is False


def test_a_run_is_kept_as_it_was(tmp_path: Path) -> None:
    result = Result("1", "table", True, True, Found(1, 1, 1, 0.1), answered(ONE, Answer("x", Outcome.PARTIAL)))
    run = Run("questions.jsonl", "extractive", 8, (result, Result("2", "", None, False, Found(None, None, None, 0.2))))
    path = tmp_path / "runs" / "run.json"

    write_run(run, path)

    assert read_run(path) == run


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("{", "is no saved run", id="not json"),
        pytest.param('{"question": "Q?"}', "askdocs eval", id="a question"),
        pytest.param(json.dumps(as_record(Run("q", "", 8, ())) | {"format": 0}), "another version", id="other format"),
        pytest.param('{"format": 1, "results": []}', "is no saved run", id="incomplete"),
    ],
)
def test_what_is_no_run_is_refused(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "run.json").write_text(content)

    with pytest.raises(CaseFileError, match=said):
        read_run(tmp_path / "run.json")


def test_a_run_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CaseFileError, match="There is no file"):
        read_run(tmp_path / "run.json")
