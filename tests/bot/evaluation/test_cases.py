"""Files of questions: what a line may hold, and what is said of a line that is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import CaseFileError
from bot.evaluation.cases import Case, Evidence, read_cases
from bot.question import Turn
from ingest.documents import Scopes


def read(tmp_path: Path, *records: dict[str, Any] | str) -> tuple[Case, ...]:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in records), "utf-8")
    return read_cases(path)


def test_the_usual_line(tmp_path: Path) -> None:
    """A question with document, pages and answer is answerable there."""
    (case,) = read(tmp_path, {"id": "a", "question": "Why?", "document": "a.pdf", "pages": [3, 4], "answer": "12"})

    assert case == Case("a", "Why?", (Evidence("a.pdf", frozenset({3, 4})),), "12", is_answerable=True)
    assert case.is_right("a.pdf", 4)
    assert not case.is_right("b.pdf", 4)


def test_everything_a_line_may_hold(tmp_path: Path) -> None:
    """Several documents, the thread before, a kind, pages to avoid, and who asks."""
    (case,) = read(
        tmp_path,
        {
            "question": "And in 2022?",
            "evidence": [{"document": "a.pdf", "pages": [1]}, {"document": "b.pdf", "pages": [2]}],
            "kind": "follow-up",
            "turns": [{"question": "How much in 2021?", "answer": "5"}],
            "avoid": [{"document": "c.pdf", "pages": [9]}],
            "workspace": "slack:T1",
            "scopes": ["channel:C1"],
        },
    )

    assert [one.document for one in case.evidence] == ["a.pdf", "b.pdf"]
    assert (case.id, case.kind, case.turns) == ("1", "follow-up", (Turn("How much in 2021?", "5"),))
    assert case.is_wrong("c.pdf", 9)
    assert case.scopes == Scopes("slack:T1", frozenset({"channel:C1"}))


@pytest.mark.parametrize(
    ("record", "is_answerable"),
    [
        pytest.param({"question": "Q?"}, False, id="no page named"),
        pytest.param({"question": "Q?", "document": None, "pages": []}, False, id="null document"),
        pytest.param({"question": "Q?", "document": "a.pdf", "pages": [1]}, True, id="page named"),
        pytest.param({"question": "Q?", "answerable": None}, None, id="nobody knows"),
        pytest.param({"question": "Q?", "answerable": True}, True, id="somewhere"),
    ],
)
def test_whether_the_documents_answer(tmp_path: Path, record: dict[str, Any], is_answerable: bool | None) -> None:
    """Without a word on it, a question is answerable where a page is named."""
    (case,) = read(tmp_path, record)

    assert case.is_answerable is is_answerable


GOOD = {"question": "Q?", "id": "good"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("{", "line 3 is not JSON", id="not json"),
        pytest.param("[1]", "line 3 is no JSON object", id="a list"),
        pytest.param({"id": "x"}, "line 3: `question` is missing", id="no question"),
        pytest.param({"question": " "}, "line 3: `question` is empty", id="empty question"),
        pytest.param({"question": "Q?", "document": "a.pdf"}, "line 3: `pages` is a list", id="no pages"),
        pytest.param({"question": "Q?", "document": "a.pdf", "pages": [0]}, "numbers from 1", id="page zero"),
        pytest.param({"question": "Q?", "document": "a.pdf", "pages": ["3"]}, "numbers from 1", id="page as text"),
        pytest.param({"question": "Q?", "evidence": "a.pdf"}, "line 3: `evidence` is a list", id="evidence as text"),
        pytest.param({"question": "Q?", "evidence": [{"pages": [1]}]}, "`document` is missing", id="evidence nowhere"),
        pytest.param({"question": "Q?", "answerable": "maybe"}, "true, false or null", id="answerable as text"),
        pytest.param({"question": "Q?", "turns": [{}]}, "`question` is missing", id="turn without question"),
        pytest.param(GOOD, "'good' occurs twice", id="same id"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: dict[str, Any] | str, said: str) -> None:
    """The sentence has the line's number and what is wrong with it; empty lines count but are no questions."""
    with pytest.raises(CaseFileError) as raised:
        read(tmp_path, GOOD, "", line)

    assert said in str(raised.value)


def test_a_file_without_questions(tmp_path: Path) -> None:
    with pytest.raises(CaseFileError, match="holds no questions"):
        read(tmp_path, "")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CaseFileError, match="There is no file"):
        read_cases(tmp_path / "nothing.jsonl")


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\xff\xfe")

    with pytest.raises(CaseFileError, match="cannot be read"):
        read_cases(tmp_path / "a.pdf")
