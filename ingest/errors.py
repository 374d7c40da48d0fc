"""Everything that can go wrong between a file and the index.

IngestError                       user_notice, retryable
├ UnreadableFileError             missing, a folder, no permission
├ ExtractionError
│ ├ NotAPdfError                  wrong type, an HTML page, an empty file
│ ├ EncryptedPdfError             needs a password
│ ├ CorruptPdfError
│ ├ NoReadablePageError           opens, but the reader crashes or takes too long on every page
│ ├ NoTextLayerError              .pages: only pictures of text
│ └ TooManyPagesError / TooLargeError
├ EmbeddingError                  retryable
│ ├ EmbeddingQuotaError           retryable, .retry_after seconds
│ └ EmbeddingModelError           missing, damaged, unknown to the provider, key refused: waiting does not help
├ NoSuchPageError                 the document has fewer pages
├ WorkerError                     retryable: a worker process did not finish
│ ├ WorkerTimeoutError
│ └ WorkerCrashedError
├ WorkersUnavailableError         retryable: shutting down, or no process can be started; says nothing about the file
├ SeatLostError                   this process has to be started anew
├ FileStoreError                  retryable: the place for originals is not reachable
└ IndexStoreError                 retryable
  ├ IndexMissingError
  └ IndexMismatchError            made by another embedding model or schema; names the command that rebuilds it
    └ IndexOutdatedError          made by an older version, and by nothing else that does not fit

`str(error)` is the sentence a person reads: what happened and what to do. Details go to the log, by `raise … from`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar


class IngestError(Exception):
    """Base of all errors of ingest; its text is written for a person."""

    retryable: ClassVar[bool] = False

    @property
    def user_notice(self) -> str:
        return str(self)


class UnreadableFileError(IngestError):
    """The file cannot be opened at all."""


class ExtractionError(IngestError):
    """The bytes do not give pages of text."""


class NotAPdfError(ExtractionError):
    """The bytes are not a PDF, whatever the name says."""


class EncryptedPdfError(ExtractionError):
    """The PDF needs a password, or what tells that it needs none is damaged."""

    def __init__(self) -> None:
        super().__init__(
            "This PDF is protected by a password. Save a copy without the password and add that. "
            "If it opens without one elsewhere, it is damaged: download it again."
        )


class CorruptPdfError(ExtractionError):
    """The PDF is damaged beyond what the reader can repair."""

    def __init__(self) -> None:
        super().__init__("This PDF is damaged and cannot be opened. Export or download it again and add the new copy.")


class NoReadablePageError(ExtractionError):
    """The PDF opens, but none of its pages can be read: broken, too slow, or made to be."""

    def __init__(self, pages: int) -> None:
        what = f"none of its {pages:,} pages can" if pages > 1 else "its one page cannot"
        super().__init__(
            f"This PDF opens, but {what} be read: it is damaged, or takes too long. Print it to a new PDF and add that."
        )


class NoTextLayerError(ExtractionError):
    """No page has any text: scanned pictures, and no OCR to read them."""

    def __init__(self, pages: Sequence[int], advice: str) -> None:
        none = f"None of the {len(pages)} pages of this PDF has" if len(pages) > 1 else "This PDF's one page has no"
        super().__init__(f"{none} text that can be read, only pictures or nothing. {advice}")
        self.pages = tuple(pages)


class TooManyPagesError(ExtractionError):
    """More pages than the configured limit."""

    def __init__(self, pages: int, limit: int) -> None:
        super().__init__(
            f"This PDF has {pages:,} pages; the limit is {limit:,}. "
            "Split it, or raise extraction.max_pages in config.yaml."
        )


class TooLargeError(ExtractionError):
    """More bytes than the configured limit."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(
            f"This file has {size / 1e6:,.0f} MB; the limit is {limit / 1e6:,.0f} MB. "
            "Split it, or raise extraction.max_megabytes in config.yaml."
        )


class NoSuchPageError(IngestError):
    """A page was asked for that the document does not have."""

    def __init__(self, page: int, pages: int) -> None:
        super().__init__(f"There is no page {page:,}: this document has pages 1 to {pages:,}.")


class EmbeddingError(IngestError):
    """The embedding model did not answer, or answered nonsense."""

    retryable = True


class EmbeddingQuotaError(EmbeddingError):
    """The embedding provider's quota is used up until `retry_after` seconds from now."""

    def __init__(self, notice: str, retry_after: float) -> None:
        super().__init__(notice)
        self.retry_after = retry_after


class EmbeddingModelError(EmbeddingError):
    """The model cannot be used as things are set up."""

    retryable = False


class WorkerError(IngestError):
    """A worker process did not finish what it was given."""

    retryable = True


_AGAIN = "Try again. If it happens again with the same PDF, print that to a new PDF and add the new one."


class WorkerTimeoutError(WorkerError):
    """It took longer than it may, and was killed."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"This took longer than {seconds:g} seconds and was stopped. {_AGAIN}")


class WorkerCrashedError(WorkerError):
    """It died in the middle; `cause` is a signal's name or an exit code."""

    def __init__(self, cause: str) -> None:
        super().__init__(f"The process that did this ended before it was done ({cause}). {_AGAIN}")
        self.cause = cause


class WorkersUnavailableError(IngestError):
    """There is no worker process to give the work to, and that is not the work's fault."""

    retryable = True

    def __init__(self) -> None:
        super().__init__("AskDocs is shutting down, or could not start a worker process. Try again.")


class FileStoreError(IngestError):
    """The place where originals are kept is not reachable."""

    retryable = True


class IndexStoreError(IngestError):
    """The index cannot be read or written."""

    retryable = True


class IndexMissingError(IndexStoreError):
    """Nothing has been indexed yet."""

    retryable = False

    def __init__(self) -> None:
        super().__init__("Nothing has been indexed yet. Add PDFs with `askdocs ingest PATH`.")


class IndexMismatchError(IndexStoreError):
    """The index was made by another embedding model or another version of AskDocs."""

    retryable = False


class IndexOutdatedError(IndexMismatchError):
    """The index was made by an older version of AskDocs: `ingest.updating` can bring it up to date."""

    def __init__(self, advice: str = "Run `askdocs reindex` to rebuild it; no document has to be added again.") -> None:
        super().__init__(f"The index was made by an older version of AskDocs. {advice}")


class SeatLostError(IngestError):
    """The connection that proved this process alive is gone: others may have taken its work over."""

    def __init__(self) -> None:
        super().__init__("The connection to the database was lost for a while. Start this process again.")
