"""Google's models: the right task for each text, nothing paid for twice, quotas kept and understood."""

import hashlib
from collections.abc import AsyncIterator, Sequence

import numpy as np
import pytest

from ingest.embedding import Vectors, build_embedder, for_documents
from ingest.embedding_google import GoogleEmbedder, google_embedder
from ingest.embedding_quota import Allowance
from ingest.errors import EmbeddingError, EmbeddingModelError, EmbeddingQuotaError
from ingest.settings import EmbeddingSettings, IngestSettings
from ingest.workers import Workers
from tests.fake_google import FakeGoogle


@pytest.fixture
async def google() -> AsyncIterator[FakeGoogle]:
    async with FakeGoogle() as google:
        yield google


def settings(google: FakeGoogle, key: str = "AIza-test", **embedding: object) -> IngestSettings:
    values = EmbeddingSettings(**{"provider": "google", **embedding})
    return IngestSettings(embedding=values, google_api_key=key, google_api_base=google.url)


@pytest.fixture
async def embedder(google: FakeGoogle) -> AsyncIterator[GoogleEmbedder]:
    embedder = google_embedder(settings(google), Allowance(10_000, 10**7, 10_000, minute=0.5))
    yield embedder
    await embedder.close()


async def test_the_newer_model_is_told_the_task_in_the_text(google: FakeGoogle, embedder: GoogleEmbedder) -> None:
    """A question and a passage are prefixed, each in its own way; vectors are shortened, and of length 1."""
    passages = await embedder.embed_documents(["Leave · 25 days {a year}"])
    question = await embedder.embed_query("how much leave?")

    assert [(got.text, got.dimensions) for got in google.received] == [
        ("title: none | text: Leave · 25 days {a year}", 768),
        ("task: search result | query: how much leave?", 768),
    ]
    assert passages.shape == (1, 768)
    assert question.shape == (768,)
    assert np.allclose(np.linalg.norm([passages[0], question], axis=1), 1)
    assert embedder.identity.model == "gemini-embedding-2"


@pytest.mark.parametrize(
    ("provider", "tasks"),
    [
        pytest.param("google", ["RETRIEVAL_DOCUMENT", "RETRIEVAL_QUERY"], id="google"),
        pytest.param("gemini-legacy", [2, 1], id="gemini-legacy"),
    ],
)
async def test_the_older_model_is_told_the_task_beside_the_text(
    google: FakeGoogle, provider: str, tasks: list[object]
) -> None:
    """Both of LlamaIndex's packages: a passage is sent as a passage, a question as a question."""
    embedder = build_embedder(settings(google, provider=provider, model="gemini-embedding-001"))
    passages = await embedder.embed_documents(["a passage"])
    question = await embedder.embed_query("a question")
    await embedder.close()

    assert [(got.text, got.task_type) for got in google.received] == list(
        zip(["a passage", "a question"], tasks, strict=True)
    )
    assert (passages.shape, question.shape) == ((1, 768), (768,))
    assert np.allclose(np.linalg.norm([passages[0], question], axis=1), 1)


async def test_texts_go_in_batches_and_come_back_in_order(google: FakeGoogle, embedder: GoogleEmbedder) -> None:
    """At most 100 a call, one call after the other, each handed over before the next is sent."""
    texts = [f"passage {number}" for number in range(250)]
    seen: list[tuple[int, int]] = []

    async def on_batch(positions: Sequence[int], vectors: Vectors) -> None:
        seen.append((len(positions), len(google.calls)))
        assert len(vectors) == len(positions)

    together = await embedder.embed_documents(texts, on_batch)
    alone = await embedder.embed_documents([texts[249]])

    assert google.calls == [100, 100, 50, 1]
    assert seen == [(100, 1), (100, 2), (50, 3)]
    assert (together[249] == alone[0]).all()


async def test_a_question_is_paid_for_once(google: FakeGoogle, embedder: GoogleEmbedder) -> None:
    """The same question again comes from memory."""
    await embedder.embed_query("why?")
    await embedder.embed_query("why?")

    assert len(google.received) == 1


async def test_the_allowance_of_a_minute_is_kept(google: FakeGoogle) -> None:
    """Batches wait until the minute has room: no call is refused, and nearly all of the allowance is used."""
    google.requests_per_minute, google.minute = 20, 0.5
    embedder = google_embedder(settings(google), Allowance(20, 10**6, 10_000, minute=0.55))
    await embedder.embed_documents([f"passage {number}" for number in range(60)])
    await embedder.close()

    assert google.refused == []
    assert google.calls == [19, 19, 19, 3]


async def test_tokens_are_paced_too(google: FakeGoogle) -> None:
    """Long texts make small batches."""
    google.tokens_per_minute, google.minute = 1_000, 0.4
    embedder = google_embedder(settings(google), Allowance(100, 1_000, 10_000, minute=0.45))
    await embedder.embed_documents([f"{number} " + "word " * 280 for number in range(8)])
    await embedder.close()

    assert google.refused == []
    assert google.calls == [3, 3, 2]


async def test_a_429_waits_as_long_as_it_says(google: FakeGoogle, embedder: GoogleEmbedder) -> None:
    """Somebody else used the minute up: the same batch is sent again when Google says so."""
    google.requests_per_minute, google.minute = 100, 3.0
    await embedder.embed_documents([f"first {number}" for number in range(80)])
    await embedder.embed_documents([f"second {number}" for number in range(80)])

    assert google.calls == [80, 80, 80]
    assert len(google.refused) == 1
    assert set(google.billed.values()) == {1}


async def test_a_used_up_day_says_when_it_goes_on(google: FakeGoogle, embedder: GoogleEmbedder) -> None:
    """The day's quota is told by its id, not by the delay of seconds that comes with it; no call is made in vain."""
    google.requests_per_day = 150
    done: list[int] = []

    async def on_batch(positions: Sequence[int], vectors: Vectors) -> None:
        done.extend(positions)

    with pytest.raises(EmbeddingQuotaError, match=r"It is renewed at \d\d:\d\d UTC, in \d+ h \d+ min") as caught:
        await embedder.embed_documents([f"passage {number}" for number in range(250)], on_batch)
    with pytest.raises(EmbeddingQuotaError):
        await embedder.embed_query("a question")

    assert done == list(range(100))
    assert 0 < caught.value.retry_after <= 25 * 3600
    assert google.calls == [100, 100]


async def test_our_own_count_of_the_day_stops_before_google_does(google: FakeGoogle) -> None:
    """What the settings allow a day is used to the last text, and not exceeded."""
    embedder = build_embedder(settings(google, requests_per_day=130, requests_per_minute=1_000))
    with pytest.raises(EmbeddingQuotaError):
        await embedder.embed_documents([f"passage {number}" for number in range(250)])
    await embedder.close()

    assert google.calls == [100, 30]
    assert google.refused == []


async def test_a_question_does_not_wait_long(google: FakeGoogle, embedder: GoogleEmbedder) -> None:
    """A person gets a sentence instead of a minute's silence."""
    google.requests_per_minute, google.minute = 1, 60.0
    await embedder.embed_query("first")

    with pytest.raises(EmbeddingQuotaError, match=r"Try again in \d+ seconds"):
        await embedder.embed_query("second")


@pytest.mark.parametrize("statuses", [[500], [503, 503]], ids=["once", "twice"])
async def test_googles_own_failures_are_tried_again(
    google: FakeGoogle, embedder: GoogleEmbedder, statuses: list[int]
) -> None:
    """A 5xx is not the end."""
    google.failures = statuses

    assert (await embedder.embed_documents(["a"])).shape == (1, 768)
    assert google.billed == {"title: none | text: a": 1}


@pytest.mark.parametrize("provider", ["google", "gemini-legacy"])
@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"key": "wrong"}, "Google refuses the API key", id="wrong-key"),
        pytest.param(
            {"model": "text-embedding-004"}, "does not serve the embedding model text-embedding-004", id="gone"
        ),
        pytest.param({"key": ""}, "GOOGLE_API_KEY is not set", id="no-key"),
    ],
)
async def test_what_waiting_does_not_mend_is_told_at_once(
    google: FakeGoogle, provider: str, change: dict[str, str], message: str
) -> None:
    """A wrong key or model is an error that says what to change, after one call."""
    values = {"provider": provider, "model": "gemini-embedding-001", **change}
    with pytest.raises(EmbeddingModelError, match=message) as caught:
        await build_embedder(settings(google, **values)).embed_documents(["a"])

    assert not caught.value.retryable
    assert len(google.calls) <= 1


async def test_an_unreachable_host_is_a_sentence(google: FakeGoogle, monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer at all ends, after some attempts, in an error that may be retried."""
    monkeypatch.setattr("ingest.embedding_google.ATTEMPTS", 2)
    embedder = google_embedder(settings(google))
    await google._runner.cleanup()

    with pytest.raises(EmbeddingError, match="cannot be reached") as caught:
        await embedder.embed_documents(["a"])
    await embedder.close()

    assert caught.value.retryable


async def test_legacy_texts_are_handed_over_one_by_one(google: FakeGoogle) -> None:
    """That package sends one text a call, so that each is kept before the next can fail."""
    embedder = build_embedder(settings(google, provider="gemini-legacy"))
    handed: list[int] = []

    async def on_batch(positions: Sequence[int], vectors: Vectors) -> None:
        handed.append(len(positions))

    await embedder.embed_documents(["a", "b"], on_batch)

    assert handed == google.calls == [1, 1]


def test_questions_and_documents_share_one_quota(google: FakeGoogle, embedder: GoogleEmbedder) -> None:
    """What embeds documents beside questions is the same embedder: its count of the allowance is one."""
    assert for_documents(settings(google), embedder, Workers(1)) is embedder


def test_identities_differ_where_vectors_do(google: FakeGoogle) -> None:
    """Provider, model, length and convention are all part of what an index was made with."""
    identities = {
        hashlib.sha256(str(build_embedder(settings(google, **values)).identity).encode()).hexdigest()
        for values in (
            {},
            {"dimensions": 1536},
            {"model": "gemini-embedding-001"},
            {"provider": "gemini-legacy"},
        )
    }

    assert len(identities) == 4
