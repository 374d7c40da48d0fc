"""Why nothing may have been found: there are no documents yet, or some are still being indexed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.answer import Answer, Outcome
from bot.uploads import Uploads
from bot.wording import wording
from ingest.documents import Scopes
from ingest.index import Index


@dataclass(frozen=True, slots=True)
class NothingFound:
    """Says so in an answer."""

    index: Index
    uploads: Uploads

    async def explained(self, answer: Answer, scopes: Scopes) -> Answer:
        """Return the answer, with the reason where it found nothing and there is one."""
        if answer.outcome is not Outcome.NOT_FOUND or answer.is_chat:
            return answer  # found, or no question to documents
        words = wording(answer.language)
        under_way = await self.uploads.under_way(scopes.workspace)
        names = [one.origin.name for one in under_way if one.origin.scope in scopes.names]
        if names:
            return replace(answer, text=f"{answer.text} {words.still_reading(names)}")
        if not answer.nearest and not await self.index.documents(scopes):
            return replace(answer, text=words.no_documents)
        return answer
