"""An index of the two sample PDFs, made once a run by the real ingest; tests that write copy it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.settings import Settings
from ingest.command import run_ingest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def samples_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder; read only."""
    folder = tmp_path_factory.mktemp("samples")
    assert asyncio.run(run_ingest([str(ROOT / "samples")], Settings(data_dir=folder), as_json=True)) == 0
    return folder
