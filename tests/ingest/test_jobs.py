"""Durable jobs on real DBOS, SQLite and PostgreSQL: accepted is indexed, once; a deletion wins."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ingest.database import Database
from ingest.documents import IngestStatus, Origin, Stage
from ingest.errors import CorruptPdfError, EmbeddingError, EmbeddingQuotaError, IndexMismatchError
from ingest.job_table import JobState
from tests.ingest.job_fakes import Bench, open_bench, until

both = pytest.mark.parametrize("state_url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def state_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """SQLite; PostgreSQL as well for the tests marked with `both`."""
    if getattr(request, "param", "sqlite") == "postgresql":
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{tmp_path / 'askdocs.sqlite'}"


@pytest.fixture
async def bench(state_url: str, tmp_path: Path) -> AsyncIterator[Bench]:
    database = Database.open(state_url)
    await database.migrate("ingest")
    async with open_bench(state_url, tmp_path, database) as bench:
        yield bench
    await database.close()


def origin(name: str = "a.pdf", source: str = "F1", scope: str = "workspace") -> Origin:
    return Origin("slack:T1", scope, name, source, uploader="U1", link="https://example.org/1")


async def test_an_upload_is_indexed(bench):
    """Submitted, worked on, done: the report is kept, the original too."""
    async with bench.working():
        job = await bench.finished(await bench.jobs.submit(origin(), bench.file()))

    assert job.state is JobState.DONE
    assert job.report is not None
    assert (job.report.status, job.report.pages, job.report.chunks) == (IngestStatus.INDEXED, 4, 8)
    assert job.progress.stage is Stage.DONE
    assert bench.ingestor.documents == {origin().document_id: job.content_sha256}
    assert bench.originals == {job.content_sha256}


@both
async def test_fifty_deliveries_are_one_job(bench):
    """The same upload delivered fifty times at once, and once more when it is done, is stored and indexed once."""
    async with bench.working():
        submitted = await asyncio.gather(*(bench.jobs.submit(origin(), bench.file()) for _ in range(50)))
        done = await bench.finished(submitted[0])
        again = await bench.jobs.submit(origin(), bench.file())

    assert {job.id for job in submitted} == {done.id}
    assert again == done
    assert bench.ingestor.attempts == ["a.pdf"]


async def test_what_was_accepted_is_found_by_the_next_process(bench):
    """A job accepted while nobody works, and one stored but never queued, are done as soon as somebody does."""
    first = await bench.jobs.submit(origin("a.pdf"), bench.file("one"))
    stranded = await bench.jobs.table.accept(origin("b.pdf", "F2"), await bench.jobs.originals.put(bench.file("two")))
    await bench.jobs.table.move(stranded.run, {JobState.ACCEPTED}, JobState.STORED)

    async with bench.working():
        jobs = [await bench.finished(first), await bench.finished(stranded)]

    assert [job.state for job in jobs] == [JobState.DONE, JobState.DONE]


@both
async def test_a_stopped_process_hands_its_work_on(bench):
    """What a process was working on when it stopped is gone on with by the next one, which has another seat's token."""
    forever = asyncio.Event()
    bench.ingestor.scripts["a.pdf"] = [forever.wait]
    async with bench.working():
        job = await bench.jobs.submit(origin(), bench.file())
        await until(lambda: not bench.ingestor.scripts["a.pdf"])
    assert (await bench.jobs.jobs([job.id]))[job.id].state is JobState.RUNNING

    async with bench.working():
        done = await bench.finished(job)

    assert done.state is JobState.DONE
    assert bench.ingestor.attempts == ["a.pdf", "a.pdf"]
    assert bench.ingestor.commits == ["a.pdf"]


async def test_a_kill_after_the_commit_still_reports_what_happened(bench):
    """The second attempt finds the document there and says so: it is indexed by this job, not unchanged."""
    forever = asyncio.Event()
    bench.ingestor.scripts["a.pdf committed"] = [forever.wait]
    async with bench.working():
        job = await bench.jobs.submit(origin(), bench.file())
        await bench.until(job, lambda now: now is not None and now.committing)

    async with bench.working():
        done = await bench.finished(job)

    assert done.report is not None
    assert done.report.status is IngestStatus.INDEXED
    assert bench.ingestor.commits == ["a.pdf"]


@both
async def test_one_document_is_written_by_one_job_at_a_time(bench):
    """Two versions of a document are indexed one after the other, in the order they came; other documents go ahead."""
    go = asyncio.Event()
    bench.ingestor.scripts["a.pdf"] = [go.wait]
    async with bench.working():
        first = await bench.jobs.submit(origin(), bench.file("one"))
        second = await bench.jobs.submit(origin(source="F2"), bench.file("two"))
        other = await bench.jobs.submit(origin("b.pdf", "F3"), bench.file("three"))
        await bench.finished(other)
        await until(lambda: "a.pdf" in bench.ingestor.attempts)
        await asyncio.sleep(0.5)
        assert sorted(bench.ingestor.attempts) == ["a.pdf", "b.pdf"]
        go.set()
        done = await bench.finished(second)

    assert done.report is not None
    assert done.report.status is IngestStatus.REPLACED
    assert bench.ingestor.documents[origin().document_id] == second.content_sha256
    assert bench.originals == {second.content_sha256, other.content_sha256}, "the replaced original is gone"
    assert (await bench.finished(first)).state is JobState.DONE
    assert bench.ingestor.attempts.count("a.pdf") == 2


@pytest.mark.parametrize(
    ("error", "attempts"),
    [
        pytest.param(EmbeddingError("The model did not answer."), 2, id="retryable"),
        pytest.param(EmbeddingQuotaError("The quota is used up.", retry_after=0.2), 2, id="quota"),
        pytest.param(CorruptPdfError(), 1, id="for-good"),
        pytest.param(ValueError("a secret of the document"), 1, id="unexpected"),
    ],
)
async def test_errors_are_retried_where_that_can_help(bench, caplog, error, attempts):
    """A retryable error is tried again later; another one fails the job with a sentence, and without its details."""
    bench.ingestor.scripts["a.pdf"] = [error]
    async with bench.working():
        job = await bench.finished(await bench.jobs.submit(origin(), bench.file()))

    assert bench.ingestor.attempts == ["a.pdf"] * attempts
    assert job.state is (JobState.DONE if attempts == 2 else JobState.FAILED)
    assert job.report is not None
    assert "secret" not in (job.report.error or "") + caplog.text


async def test_a_waiting_job_says_why(bench):
    """While a quota is used up, the job's notice tells it, and the wait survives a restart."""
    bench.ingestor.scripts["a.pdf"] = [EmbeddingQuotaError("The quota is used up until 9:00.", retry_after=2.0)]
    async with bench.working():
        job = await bench.jobs.submit(origin(), bench.file())
        waiting = await bench.until(job, lambda now: now is not None and bool(now.notice))
        assert waiting is not None
        assert waiting.notice == "The quota is used up until 9:00."
    async with bench.working():
        await asyncio.sleep(0.5)
        assert bench.ingestor.attempts == ["a.pdf"]
        done = await bench.finished(job)

    assert (done.state, done.notice) == (JobState.DONE, "")


async def test_a_job_outlives_a_rebuild_under_its_process(bench):
    """Where the index was rebuilt by another version, uploads wait for a process that fits it, and do not fail."""
    bench.ingestor.scripts["a.pdf"] = [IndexMismatchError("The index was made by a newer version.")]
    async with bench.working():
        job = await bench.jobs.submit(origin(), bench.file())
        waiting = await bench.until(job, lambda now: now is not None and bool(now.notice))
        assert waiting is not None
        assert waiting.state is JobState.RUNNING


async def test_a_failed_job_can_be_retried_or_dropped(bench):
    """A failed job keeps its original for a retry; dropped, it leaves nothing."""
    bench.ingestor.scripts["a.pdf"] = [CorruptPdfError()]
    bench.ingestor.scripts["b.pdf"] = [CorruptPdfError(), CorruptPdfError()]
    async with bench.working():
        a = await bench.finished(await bench.jobs.submit(origin("a.pdf", "F1"), bench.file("one")))
        b = await bench.finished(await bench.jobs.submit(origin("b.pdf", "F2"), bench.file("two")))
        assert bench.originals == {a.content_sha256, b.content_sha256}

        assert await bench.jobs.retry(a)
        assert not await bench.jobs.retry(a), "it is under way already"
        assert (await bench.finished(a)).state is JobState.DONE
        again = await bench.finished(await bench.jobs.submit(origin("b.pdf", "F2"), bench.file("two")))
        assert again.state is JobState.FAILED, "an upload that failed is tried again when it comes again"
        await bench.jobs.drop(again)
        await until(lambda: bench.originals == {a.content_sha256})

    assert set(await bench.jobs.jobs([a.id, b.id])) == {a.id}


@both
async def test_forgetting_deletes_everything(bench):
    """Document, original and jobs go; another document of the same bytes keeps the original."""
    async with bench.working():
        a = await bench.finished(await bench.jobs.submit(origin("a.pdf", "F1"), bench.file("one")))
        twin = await bench.finished(await bench.jobs.submit(origin("twin.pdf", "F2"), bench.file("one")))
        b = await bench.finished(await bench.jobs.submit(origin("b.pdf", "F3"), bench.file("two")))
        for job in (a, b):
            await bench.gone(await bench.jobs.forget("slack:T1", job.document_id))

    assert bench.ingestor.documents == {twin.document_id: twin.content_sha256}
    assert bench.originals == {twin.content_sha256}
    assert set(await bench.jobs.jobs([a.id, b.id, twin.id])) == {twin.id}
    assert await bench.jobs.unfinished() == ()


@both
@pytest.mark.parametrize("moment", ["before-commit", "committed", "queued"])
async def test_a_deletion_wins_over_an_upload_under_way(bench, moment):
    """Forgotten while it is read, right after its commit, or before it began: nothing of the document remains."""
    reached, go = asyncio.Event(), asyncio.Event()

    async def stop_here() -> None:
        reached.set()
        await go.wait()

    if moment != "queued":
        bench.ingestor.scripts["a.pdf" if moment == "before-commit" else "a.pdf committed"] = [stop_here]
    job = await bench.jobs.submit(origin(), bench.file())
    if moment == "queued":
        forgetting = await bench.jobs.forget("slack:T1", job.document_id)
    async with bench.working():
        if moment != "queued":
            await reached.wait()
            forgetting = await bench.jobs.forget("slack:T1", job.document_id)
            go.set()
        await bench.gone(forgetting)
        await until(lambda: not bench.originals)
        await asyncio.sleep(0.7)  # longer than an attempt takes to notice

    assert bench.ingestor.documents == {}
    assert bench.originals == set()
    assert await bench.jobs.all() == ()


async def test_what_is_uploaded_after_a_deletion_is_indexed(bench):
    """A deletion concerns what came before it: the same file uploaded again is a new job."""
    async with bench.working():
        first = await bench.finished(await bench.jobs.submit(origin(), bench.file()))
        forgetting = await bench.jobs.forget("slack:T1", first.document_id)
        again = await bench.finished(await bench.jobs.submit(origin(), bench.file()))
        await bench.gone(forgetting)
        again = await bench.finished(again)

    assert again.run != first.run
    assert again.state is JobState.DONE
    assert bench.ingestor.documents == {first.document_id: first.content_sha256}
    assert bench.originals == {first.content_sha256}


async def test_a_late_deletion_leaves_what_came_after_it(bench):
    """A deletion that is worked on after the same file came again does not take the new upload's document away."""
    async with bench.working():
        first = await bench.finished(await bench.jobs.submit(origin(), bench.file()))
    forgetting = await bench.jobs.forget("slack:T1", first.document_id)
    again = await bench.jobs.submit(origin(source="F2"), bench.file())
    async with bench.working():
        await bench.finished(again)
        await bench.gone(forgetting)

    assert bench.ingestor.documents == {first.document_id: first.content_sha256}
    assert bench.originals == {first.content_sha256}


async def test_undoing_one_upload_leaves_a_later_version(bench):
    """Taking back the first of two versions drops its job, and deletes the document only where it is that version."""
    async with bench.working():
        old = await bench.finished(await bench.jobs.submit(origin(), bench.file("one")))
        new = await bench.finished(await bench.jobs.submit(origin(source="F2"), bench.file("two")))
        await bench.gone(await bench.jobs.withdraw("slack:T1", old.document_id, old.content_sha256, old.id))
        assert bench.ingestor.documents == {new.document_id: new.content_sha256}
        await bench.gone(await bench.jobs.withdraw("slack:T1", new.document_id, new.content_sha256, new.id))

    assert bench.ingestor.documents == {}
    assert bench.originals == set()
