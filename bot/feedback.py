"""What people thought of answers → questions for `askdocs eval`: those with a thumb down, with the reason they gave.

A question's text is there only if `memory.keep_questions` was on when it was asked. Nobody knows yet which page would
have been right: whoever works on the file adds it (`bot/evaluation/cases.py` has the format).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from bot.memory import answer_log, feedback
from bot.notices import REASONS
from ingest.database import Database
from ingest.documents import Scopes

KIND = "feedback"
_WRONG_SOURCE = "source"
"""The reason that says: the cited page does not say that."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """One answer that people marked as bad."""

    question_id: str
    question: str | None
    """None: the text was not kept."""
    scopes: Scopes
    cited: Mapping[str, tuple[int, ...]]
    """Pages by document id."""
    outcome: str
    model: str
    reasons: tuple[str, ...]
    """Keys of REASONS, the most frequent first."""
    comments: tuple[str, ...]
    people: int
    asked_at: float


async def complaints(database: Database) -> tuple[Complaint, ...]:
    """Return all answers that somebody marked as bad, oldest first, as long as the log keeps them."""
    query = (
        select(answer_log, feedback.c.comment)
        .join(feedback, feedback.c.question_id == answer_log.c.question_id)
        .where(feedback.c.rating < 0)
        .order_by(answer_log.c.created_at, answer_log.c.question_id, feedback.c.created_at)
    )
    async with database.read() as connection:
        rows = (await connection.execute(query)).all()
    of_question = defaultdict(list)
    for row in rows:
        of_question[row.question_id].append(row)
    return tuple(_complaint(of_one) for of_one in of_question.values())


def _complaint(rows: Sequence[Any]) -> Complaint:
    words = [_reason_and_comment(row.comment) for row in rows]
    reasons = [reason for reason, _ in words if reason]
    cited = defaultdict(set)
    for source in rows[0].sources:
        if source["cited"]:
            cited[source["document_id"]].add(source["page"])
    return Complaint(
        question_id=rows[0].question_id,
        question=rows[0].question,
        scopes=Scopes(rows[0].workspace, frozenset(rows[0].scopes)),
        cited={document_id: tuple(sorted(pages)) for document_id, pages in cited.items()},
        outcome=rows[0].outcome,
        model=rows[0].model,
        reasons=tuple(sorted(set(reasons), key=lambda reason: (-reasons.count(reason), reason))),
        comments=tuple(comment for _, comment in words if comment),
        people=len(rows),
        asked_at=rows[0].created_at,
    )


def _reason_and_comment(words: str) -> tuple[str, str]:
    """Take apart what the form sent: `reason: comment`, either of them alone, or nothing."""
    reason, colon, comment = words.partition(": ")
    if reason in REASONS and (colon or reason == words):
        return reason, comment
    return "", words


def case_record(complaint: Complaint, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a line of the file; `names` are the documents that are still there, by id."""
    cited = [
        {"document": names[document_id], "pages": list(pages)}
        for document_id, pages in complaint.cited.items()
        if document_id in names
    ]
    is_wrong = _WRONG_SOURCE in complaint.reasons
    return {
        "id": complaint.question_id,
        "question": complaint.question,
        "kind": KIND,
        "answerable": None,
        **({"avoid": cited} if is_wrong and cited else {"cited": cited}),
        "reasons": [REASONS[reason] for reason in complaint.reasons],
        "comments": list(complaint.comments),
        "people": complaint.people,
        "outcome": complaint.outcome,
        "model": complaint.model,
        "asked_at": datetime.fromtimestamp(complaint.asked_at, UTC).isoformat(timespec="seconds"),
        "workspace": complaint.scopes.workspace,
        "scopes": sorted(complaint.scopes.names),
    }


def lines(records: Iterable[Mapping[str, Any]]) -> str:
    """Return the file's text."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
