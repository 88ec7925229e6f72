"""Each test of the store runs on both engines: a SQLite file, and a real PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import postgresql
import pytest
from postgresql import PostgreSql

from inventory.store.opening import open_store
from inventory.store.store import Store

_NUMBERS = count()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSql]:
    """Return a running server, shared by the tests; each has a database of its own in it."""
    programs = postgresql.programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    server = postgresql.start(programs)
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'decant.db'}"
    server: PostgreSql = request.getfixturevalue("postgresql_server")
    return server.database(f"test_{next(_NUMBERS)}")


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Return an open, empty store."""
    with open_store(url) as opened:
        yield opened
