"""Files of questions with known answers: one JSON object a line. Reading is strict, and names the line.

`question` is all that is needed. What else a line may hold:

| key | meaning |
|---|---|
| `id` | anything; the number of the line without it |
| `document`, `pages` | the file's name and the 1-based physical pages that answer; each of the pages is enough |
| `evidence` | for an answer made of several documents: a list of `{"document", "pages"}`, all of which are needed |
| `answer` | what is right: numbers are compared as numbers, words by overlap |
| `kind` | figures are also given for each kind |
| `turns` | the thread before: a list of `{"question", "answer"}` |
| `answerable` | false: the documents do not tell; null: nobody knows yet; without it, by whether a page is named |
| `avoid` | pages that were cited wrongly once, as in `evidence` |
| `workspace`, `scopes` | who asks, where that is not what the command says |
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import CaseFileError
from bot.question import Turn
from ingest.documents import WORKSPACE_SCOPE, Scopes


@dataclass(frozen=True, slots=True)
class Evidence:
    """Pages of one document; each of them tells."""

    document: str
    pages: frozenset[int]

    def holds(self, document: str, page: int) -> bool:
        return document == self.document and page in self.pages


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what is known of its answer."""

    id: str
    question: str
    evidence: tuple[Evidence, ...] = ()
    """All are needed; none when the documents do not hold the answer, or nobody knows where."""
    answer: str = ""
    kind: str = ""
    turns: tuple[Turn, ...] = ()
    is_answerable: bool | None = None
    """None: nobody knows."""
    avoid: tuple[Evidence, ...] = ()
    scopes: Scopes | None = None

    def is_right(self, document: str, page: int) -> bool:
        return any(one.holds(document, page) for one in self.evidence)

    def is_wrong(self, document: str, page: int) -> bool:
        return any(one.holds(document, page) for one in self.avoid)


def read_cases(path: Path) -> tuple[Case, ...]:
    """Read a file of questions.

    Raises:
        CaseFileError: it is not there, holds no question, or a line is not as it should be.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        raise CaseFileError(f"There is no file {path}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CaseFileError(f"{path} cannot be read: {error}") from None
    cases = tuple(_case(path, number, line) for number, line in enumerate(lines, 1) if line.strip())
    if not cases:
        raise CaseFileError(f"{path} holds no questions. Write one JSON object a line, with a `question` at least.")
    _check_ids(path, cases)
    return cases


def _check_ids(path: Path, cases: Sequence[Case]) -> None:
    """Two runs are compared by id: none may stand for two questions."""
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            raise CaseFileError(f"{path}: the id {case.id!r} occurs twice.")
        seen.add(case.id)


def _case(path: Path, number: int, line: str) -> Case:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise CaseFileError(f"{path}, line {number} is not JSON: {error}") from None
    if not isinstance(record, dict):
        raise CaseFileError(f"{path}, line {number} is no JSON object, but {type(record).__name__}.")
    try:
        return _from_record(record, number)
    except (ValueError, TypeError, KeyError) as error:
        reason = f"`{error.args[0]}` is missing" if isinstance(error, KeyError) else str(error)
        raise CaseFileError(f"{path}, line {number}: {reason}.") from None


def _from_record(record: Mapping[str, Any], number: int) -> Case:
    question = record["question"]
    if not isinstance(question, str) or not question.strip():
        raise ValueError("`question` is empty")
    evidence = _evidence(record.get("evidence"), "evidence")
    if record.get("document"):
        evidence = (*_evidence([record], "pages"), *evidence)
    answerable = record.get("answerable", bool(evidence))
    if answerable not in (True, False, None):
        raise ValueError("`answerable` is true, false or null")
    return Case(
        id=str(record.get("id", number)),
        question=question,
        evidence=evidence,
        answer=str(record.get("answer") or ""),
        kind=str(record.get("kind") or ""),
        turns=tuple(Turn(str(turn["question"]), str(turn.get("answer") or "")) for turn in record.get("turns") or ()),
        is_answerable=answerable,
        avoid=_evidence(record.get("avoid"), "avoid"),
        scopes=_scopes(record),
    )


def _evidence(value: object, key: str) -> tuple[Evidence, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ValueError(f'`{key}` is a list of {{"document", "pages"}}')
    return tuple(Evidence(str(one["document"]), _pages(one.get("pages"))) for one in value)


def _pages(value: object) -> frozenset[int]:
    if not isinstance(value, list) or not value:
        raise ValueError("`pages` is a list of page numbers beside `document`")
    if not all(isinstance(page, int) and page >= 1 for page in value):
        raise ValueError("`pages` are numbers from 1")
    return frozenset(value)


def _scopes(record: Mapping[str, Any]) -> Scopes | None:
    if "workspace" not in record:
        return None
    return Scopes(str(record["workspace"]), frozenset(map(str, record.get("scopes") or (WORKSPACE_SCOPE,))))
