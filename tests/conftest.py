"""What every test gets; the fixtures themselves are in modules named by their subject."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog

from ingest.logs import configure_logging

pytest_plugins = ["tests.buckets", "tests.databases", "tests.samples"]


@pytest.fixture(autouse=True)
def logging_as_it_comes() -> Iterator[None]:
    """A command under test configures logging for its process; the next test is not to notice."""
    configure_logging()
    yield
    structlog.reset_defaults()
