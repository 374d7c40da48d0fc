"""`askdocs feedback export`: answers that people marked as bad, as questions for `askdocs eval`."""

from __future__ import annotations

import sys
from pathlib import Path

from bot import notices
from bot.database import open_state
from bot.feedback import Complaint, case_record, complaints, lines
from bot.settings import Settings
from ingest.errors import IndexMissingError
from ingest.index import Index


async def run_export(settings: Settings, output: Path | None) -> None:
    """Write the questions to a file or stdout, and say on stderr what could not be exported, and why."""
    database = await open_state(settings.resolved_database_url)
    try:
        found = await complaints(database)
    finally:
        await database.close()
    kept = [complaint for complaint in found if complaint.question is not None]
    names = await _names(settings, kept)
    text = lines(case_record(complaint, names) for complaint in kept)
    _write(text, output)
    is_keeping = settings.memory.keep_questions
    print(notices.feedback_exported(len(kept), len(found) - len(kept), is_keeping=is_keeping), file=sys.stderr)


def _write(text: str, output: Path | None) -> None:
    if output is not None:
        output.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)


async def _names(settings: Settings, found: list[Complaint]) -> dict[str, str]:
    """Return what the documents are called that the askers may read; none where there is no index any more."""
    try:
        index = await Index.open(settings, None, create=False)
    except IndexMissingError:
        return {}
    try:
        scopes = dict.fromkeys(complaint.scopes for complaint in found)
        return {document.id: document.name for one in scopes for document in await index.documents(one)}
    finally:
        index.close()
