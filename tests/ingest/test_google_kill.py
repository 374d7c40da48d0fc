"""Against a metered provider, a killed process costs nothing: each text is paid for once."""

import asyncio
import os
import random
import signal
from pathlib import Path

import pytest

from tests.fake_google import FakeGoogle
from tests.zygote import Zygote

TEXTS = 1_000
MINUTE = 0.4
"""Seconds that a minute of the allowance lasts, here and in the child."""

EMBED = f"""
from ingest.database import Database
from ingest.embedding_google import google_embedder
from ingest.embedding_quota import Allowance
from ingest.settings import IngestSettings
from ingest.vector_cache import CachedEmbedder, VectorCache

async def main(url, database_url):
    settings = IngestSettings(embedding={{"provider": "google"}}, google_api_key="AIza-test", google_api_base=url)
    database = Database.open(database_url)
    await database.migrate("ingest")
    google = google_embedder(settings, Allowance(100, 30_000, 1_000, minute={MINUTE}))
    embedder = CachedEmbedder(google, VectorCache(database, google.identity))
    vectors = await embedder.embed_documents([f"passage {{number}}" for number in range({TEXTS})])
    assert abs(vectors).sum(axis=1).all()
    await embedder.close()
    await database.close()
"""
MODULES = ("llama_index.embeddings.google_genai", "ingest.vector_cache", "ingest.embedding_google", "alembic.command")


async def is_quiet(google: FakeGoogle) -> None:
    """Wait for a moment without a call: what is under way when its asker dies is paid for, and nobody can help it."""
    calls = -1
    while calls != len(google.calls):
        calls = len(google.calls)
        await asyncio.sleep(0.15)


@pytest.mark.slow
async def test_each_text_is_paid_for_once(tmp_path: Path) -> None:
    """1,000 texts, 100 a minute and 1,000 a day, killed three times on the way: every text is charged for once."""
    times = random.Random(7)
    quota = {"requests_per_minute": 100, "tokens_per_minute": 30_000, "requests_per_day": TEXTS}
    database = f"sqlite:///{tmp_path / 'askdocs.sqlite'}"
    zygote = await asyncio.to_thread(Zygote, EMBED, *MODULES)
    async with FakeGoogle(**quota, minute=MINUTE) as google:
        for _ in range(3):
            goal = len(google.calls) + times.randint(1, 3)
            child = zygote.start(google.url, database)
            while len(google.calls) < goal:
                await asyncio.sleep(0.01)
            await is_quiet(google)
            os.kill(child, signal.SIGKILL)
            assert await asyncio.to_thread(zygote.status) == signal.SIGKILL
        before = len(google.billed)
        zygote.start(google.url, database)
        status = await asyncio.to_thread(zygote.status)
    zygote.close()

    assert 0 < before < TEXTS
    assert status == 0
    assert len(google.billed) == TEXTS
    assert set(google.billed.values()) == {1}
