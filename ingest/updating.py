"""What people see of a rebuild, and the rebuild that an update of AskDocs asks for: done by whoever starts first."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ingest.embedding import RUNS_HERE
from ingest.errors import IndexOutdatedError
from ingest.reindex import Listener, is_outdated, update
from ingest.settings import IngestSettings

WHY = (
    "The index was made by an older version of AskDocs. It is brought up to date now: every document is read anew, "
    "once, and nothing has to be added again."
)
COSTS = (
    "To bring it up to date may embed passages anew, which counts against your allowance at {provider}, so it is not "
    "done unasked: run `askdocs reindex`."
)
INCOMPLETE = (
    "{failed} of its documents could not be read anew, so it is not brought up to date. `askdocs reindex --leave-out` "
    "goes on without them; add them again after that with `askdocs ingest`."
)


async def bring_up_to_date(settings: IngestSettings) -> None:
    """Rebuild the index if an older version of AskDocs made it; say on stderr why, and how far it is.

    Only where that costs nothing but time: never under another embedding model than the index has, and never with one
    that somebody else computes.

    Raises:
        IndexOutdatedError: it stays outdated; the text says why and what to do.
        IndexMismatchError: it was made by another embedding model, or by a newer version of AskDocs.
    """
    if not await is_outdated(settings):
        return
    provider = settings.embedding.provider
    if provider not in RUNS_HERE:
        raise IndexOutdatedError(COSTS.format(provider=provider))
    print(WHY, file=sys.stderr, flush=True)
    with rebuilding() as listen:
        done = await update(settings, listen)
    if done is None or done.is_switched:
        print("The index is up to date.", file=sys.stderr, flush=True)
        return
    for document, reason in done.failed:
        print(f"{document.name}: {reason}", file=sys.stderr)
    raise IndexOutdatedError(INCOMPLETE.format(failed=len(done.failed)))


@contextmanager
def rebuilding() -> Iterator[Listener]:
    """Show a progress bar on a terminal's stderr; elsewhere nothing."""
    console = Console(stderr=True)
    columns = (MofNCompleteColumn(), TextColumn("documents"), BarColumn(), TimeRemainingColumn(compact=True))
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
