"""An answer that only its asker saw, shown once more for everybody: if everybody may read what it rests on."""

from __future__ import annotations

from bot import notices
from bot.answer import Answer, Citation, Outcome, Source, Timings
from bot.errors import AccessError
from bot.memory import Memory, ShownAnswer, StoredAnswer
from ingest.documents import Document, Scopes
from ingest.index import Index


async def to_share(memory: Memory, index: Index, question_id: str, asker: str, scopes: Scopes) -> tuple[Answer, str]:
    """Return an answer and its question; `scopes` are what everybody in the place may read.

    Raises:
        AccessError: it is no longer kept, is another person's, or not everybody may read it.
    """
    shown = await memory.shown(question_id)
    if shown is None or shown.thread.asker not in ("", asker):
        raise AccessError(notices.NOTHING_TO_SHARE)
    readable = {document.id: document for document in await index.documents(scopes)}
    if any(citation.document_id not in readable for citation in shown.citations.values()):
        raise AccessError(notices.NOT_FOR_EVERYBODY)
    stored = await memory.answer(question_id)
    return _again(shown, readable, stored), shown.question


def _again(shown: ShownAnswer, documents: dict[str, Document], stored: StoredAnswer | None) -> Answer:
    """Return a stored answer as it can be shown once more."""
    citations = []
    for number, one in sorted(shown.citations.items()):
        source = Source(number, documents[one.document_id], one.page, one.label, one.quote, one.quote, 1.0)
        citations.append(Citation(number, source, one.quote))
    outcome = Outcome.ANSWERED if citations else Outcome.NOT_FOUND
    if stored is None:
        return Answer(shown.answer, outcome, tuple(citations))
    timings = Timings(total=stored.timings.get("total") or 0.0)
    return Answer(shown.answer, outcome, tuple(citations), model=stored.model, note=stored.note, timings=timings)
