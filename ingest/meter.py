"""How far a batch of files is, in pages: those known, and those to be expected of files not opened yet. Pure."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.documents import IngestReport, IngestStatus, Progress, Stage

READING_SHARE = 0.1
"""Of the time that a page takes, the reading; nearly all of the rest is embedding."""

BYTES_A_PAGE = 40_000
"""Expected of a file when no other one has been opened yet."""


@dataclass(slots=True)
class _File:
    size: int
    pages: int | None = None
    """None until it is opened; 0 when there was nothing to do."""
    share: float = 0.0
    """Of the work on each page, how much is done."""
    is_finished: bool = False


class Meter:
    """Adds up what is told of the files of a batch. Unchanged and failed files are no work, done or to be done."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self._files = [_File(size) for size in sizes]
        self._began = time.monotonic()

    def update(self, position: int, event: Progress | IngestReport) -> None:
        file = self._files[position]
        if isinstance(event, IngestReport):
            worked = event.status in {IngestStatus.INDEXED, IngestStatus.REPLACED}
            file.pages, file.share, file.is_finished = event.pages if worked else 0, 1.0, True
        elif event.stage is Stage.READING:
            file.pages = event.total
            file.share = READING_SHARE * event.done / max(1, event.total)
        elif event.stage is Stage.EMBEDDING:
            file.share = READING_SHARE + (1 - READING_SHARE) * event.done / max(1, event.total)

    @property
    def done(self) -> float:
        return sum((file.pages or 0) * file.share for file in self._files)

    @property
    def total(self) -> float:
        known = [file for file in self._files if file.pages]
        size = sum(file.size for file in known)
        a_byte = sum(file.pages or 0 for file in known) / size if size else 1 / BYTES_A_PAGE
        return sum(file.size * a_byte if file.pages is None else file.pages for file in self._files)

    @property
    def files_done(self) -> int:
        return sum(file.is_finished for file in self._files)

    @property
    def files(self) -> int:
        return len(self._files)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began
