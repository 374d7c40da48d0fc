"""Whether the pages found are likely to hold an answer at all: if not, no model is asked. Pure.

It refuses what is plainly about something else. A page on the right topic without the fact is for the model, which may
say so, and for verification.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.answer import Source
from ingest.cards import years
from ingest.index import Hit

LEAST_SIMILARITY = 0.27
"""Of the whole question to the best passage of the best pages; below, the topic is another one."""
YEARS_AWAY = 2
"""A document of one year also tells of the years around it."""


def may_answer(question: str, best: Sequence[Source], hits: Sequence[Hit]) -> bool:
    """Judge the best pages; `hits` are their chunks with the similarity to the whole question."""
    if not best:
        return False
    pages = {(source.document.id, source.page) for source in best}
    similarity = max((hit.similarity for hit in hits if (hit.chunk.document_id, hit.chunk.page) in pages), default=0.0)
    return similarity >= LEAST_SIMILARITY and _is_of_its_time(question, best)


def _is_of_its_time(question: str, best: Sequence[Source]) -> bool:
    """Say whether a year of the question is near a year of the best documents, where both name any."""
    asked = years(question)
    known = {year for source in best for year in source.document.card.years}
    told = {year for source in best for year in years(source.page_text)}
    if not asked or not known:
        return True
    return any(abs(year - other) <= YEARS_AWAY for year in asked for other in known) or bool(told & set(asked))
