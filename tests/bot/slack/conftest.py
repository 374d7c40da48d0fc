"""Fixtures: the samples indexed once, and a fake Slack configured by our manifest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.slack.playing import MANIFEST, index_samples
from tests.fake_slack import FakeSlack


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the two samples indexed."""
    folder = tmp_path_factory.mktemp("samples")
    asyncio.run(index_samples(folder))
    return folder


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack(manifest=MANIFEST) as server:
        yield server
