"""Pages done and to be done, from what is told of each file."""

from ingest.documents import IngestReport, IngestStatus, Progress, Stage
from ingest.meter import READING_SHARE, Meter


def report(status: IngestStatus, pages: int) -> IngestReport:
    return IngestReport("a.pdf", status, pages=pages)


def test_files_not_opened_are_estimated_by_size() -> None:
    """As many pages a byte as in the files that are open."""
    meter = Meter([1_000_000, 500_000])
    unknown = meter.total
    meter.update(0, Progress(Stage.READING, 0, 40))

    assert unknown > 0
    assert meter.total == 60


def test_a_page_is_done_when_it_is_embedded() -> None:
    """Reading is the small part of the work."""
    meter = Meter([1])
    meter.update(0, Progress(Stage.READING, 50, 100))
    half_read = meter.done
    meter.update(0, Progress(Stage.EMBEDDING, 20, 40))
    half_embedded = meter.done
    meter.update(0, report(IngestStatus.INDEXED, 100))

    assert half_read == 100 * READING_SHARE / 2
    assert half_read < half_embedded < 100
    assert (meter.done, meter.total, meter.files_done) == (100, 100, 1)


def test_unchanged_and_failed_files_are_no_work() -> None:
    """They would make the rest look quicker than it is."""
    meter = Meter([1_000, 1_000, 1_000])
    meter.update(0, report(IngestStatus.UNCHANGED, 90))
    meter.update(1, report(IngestStatus.FAILED, 0))
    meter.update(2, report(IngestStatus.REPLACED, 10))

    assert (meter.done, meter.total, meter.files_done, meter.files) == (10, 10, 3, 3)
