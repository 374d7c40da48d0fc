"""Fixtures of the bot's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.database import open_state
from ingest.database import Database


@pytest.fixture
async def state(state_url: str) -> AsyncIterator[Database]:
    """The state database with all its tables, on SQLite and PostgreSQL."""
    database = await open_state(state_url)
    yield database
    await database.close()
