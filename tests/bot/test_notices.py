from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot import notices
from bot.answer import Answer, Outcome, Timings
from bot.memory import StoredAnswer, StoredSource
from ingest.documents import IngestReport, IngestStatus, Progress, Stage
from tests import fakes

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        pytest.param([], "", id="none"),
        pytest.param([3], "3", id="one"),
        pytest.param([7, 3, 6, 5, 5], "3, 5–7", id="runs-in-any-order"),
        pytest.param([1, 2, 4], "1–2, 4", id="two-are-a-run"),
    ],
)
def test_page_numbers(numbers: list[int], text: str):
    """Runs of pages are joined."""
    assert notices.page_numbers(numbers) == text


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        pytest.param(timedelta(seconds=-5), "just now", id="clocks-differ"),
        pytest.param(timedelta(seconds=59), "just now", id="seconds"),
        pytest.param(timedelta(minutes=1), "1 minute ago", id="one-minute"),
        pytest.param(timedelta(hours=23), "23 hours ago", id="hours"),
        pytest.param(timedelta(days=3), "3 days ago", id="days"),
        pytest.param(timedelta(days=800), "2 years ago", id="years"),
    ],
)
def test_age(ago: timedelta, text: str):
    """The largest unit, in whole numbers."""
    assert notices.age(NOW - ago, NOW) == text


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        pytest.param(Progress(Stage.RECEIVED, 0, 0), "Received a.pdf. I will read it in a moment.", id="received"),
        pytest.param(Progress(Stage.READING, 12, 48), "Reading a.pdf: 12 of 48 pages.", id="reading"),
        pytest.param(Progress(Stage.OCR, 1, 1), "Reading the pictures in a.pdf: 1 of 1 page.", id="ocr"),
        pytest.param(Progress(Stage.EMBEDDING, 30, 120), "Indexing a.pdf: 25 % done.", id="embedding"),
        pytest.param(Progress(Stage.EMBEDDING, 0, 0), "Indexing a.pdf: 0 % done.", id="nothing-to-embed"),
        pytest.param(Progress(Stage.STORING, 0, 1), "Indexing a.pdf: almost there.", id="storing"),
    ],
)
def test_upload_progress(progress: Progress, text: str):
    """One line for each stage."""
    assert notices.upload_progress("a.pdf", progress) == text


@pytest.mark.parametrize(
    ("report", "text"),
    [
        pytest.param(
            IngestReport("a.pdf", IngestStatus.INDEXED, 48, seconds=8.2),
            "a.pdf is ready in 8 s: 48 pages. Ask me about it.",
            id="indexed",
        ),
        pytest.param(
            IngestReport(
                "a.pdf", IngestStatus.REPLACED, 1, (1,), seconds=0.1, pages_by_ocr=(2, 3), advice="Install something."
            ),
            "The new version of a.pdf is ready in 1 s: 1 page. Ask me about it. "
            "I read pages 2–3 from pictures, so look twice there. I found no text on page 1. Install something.",
            id="replaced-with-odd-pages",
        ),
        pytest.param(
            IngestReport("a.pdf", IngestStatus.UNCHANGED, 2),
            "I know a.pdf already: 2 pages. Ask me about it.",
            id="unchanged",
        ),
        pytest.param(
            IngestReport("a.pdf", IngestStatus.FAILED, error="It is damaged. Export it again."),
            "I could not index a.pdf. It is damaged. Export it again.",
            id="failed",
        ),
    ],
)
def test_upload_finished(report: IngestReport, text: str):
    """What became of it, what to know, what to do."""
    assert notices.upload_finished(report) == text


@pytest.mark.parametrize(
    ("model", "note", "text"),
    [
        pytest.param("groq/gemma", "", f"groq/gemma · 1.4 s · {notices.AI_NOTICE}", id="model"),
        pytest.param("extractive", "", f"extractive · 1.4 s · {notices.QUOTED}", id="no-model"),
        pytest.param("a", "b was busy.", f"a · 1.4 s · {notices.AI_NOTICE} · b was busy.", id="note"),
    ],
)
def test_footer(model: str, note: str, text: str):
    """Model, seconds, and that it is AI where it is."""
    assert notices.footer(Answer("x", Outcome.ANSWERED, model=model, note=note, timings=Timings(total=1.44))) == text


def test_document_facts():
    """Pages, age, readers, and what could not be read."""
    document = fakes.document(scope="channel:C1", indexed_at=NOW - timedelta(hours=2), pages_without_text=(3,))

    assert (
        notices.document_facts(document, NOW) == "12 pages · added 2 hours ago · its channel only · no text on page 3"
    )


def test_why_names_only_documents_the_reader_may_see():
    """Pages of other documents are left out, not even counted."""
    seen, hidden = fakes.document("seen.pdf"), fakes.document("hidden.pdf")
    stored = StoredAnswer(
        "1a2b3c4d",
        "slack:T1",
        frozenset({"workspace", "channel:C1"}),
        (StoredSource(1, seen.id, 4, "iv", 0.91, cited=True), StoredSource(2, hidden.id, 1, "1", 0.5, cited=False)),
        "not_found",
        "groq/gemma",
        "",
        {"retrieve": 0.02, "first_token": None, "total": 1.4},
        ({"sentence": "It is 13 days.", "marker": 1, "reason": "13 is not on the page"},),
        0.0,
    )

    text = notices.why(stored, {seen.id: seen.name})

    assert text.split("\n") == [
        "Question 1a2b3c4d: not found",
        "Written by groq/gemma.",
        "Searched: what everybody here may read, and what only one channel may read",
        "Seconds: retrieve 0.02, total 1.40",
        "Pages found, with their scores:",
        "  [1] seen.pdf, page iv: 0.91, cited",
        "Taken out, because the pages do not support it:",
        "  13 is not on the page: It is 13 days.",
    ]


@pytest.mark.parametrize(
    ("there", "text"),
    [
        pytest.param([("", [])], notices.NO_DOCUMENTS, id="nothing"),
        pytest.param([("", ["a.pdf"])], "You can ask about 1 document, 9 pages in all.\n\na.pdf", id="one-place"),
        pytest.param(
            [("Acme", ["a.pdf", "b.pdf"]), ("Empty", []), ("Light\nhouse", ["a.pdf"])],
            "You can ask about 3 documents, 27 pages in all.\n\nIn Acme: a.pdf, b.pdf\n\nIn Light house: a.pdf",
            id="several",
        ),
    ],
)
def test_what_there_is(there: list[tuple[str, list[str]]], text: str):
    """Workspaces are named where it has to be said which is meant, and those that have something."""
    found = [(name, [fakes.document(one, pages=9) for one in documents]) for name, documents in there]
    assert notices.documents_there(found) == text
