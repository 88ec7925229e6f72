"""Each test of the store runs on both engines: a SQLite file, and a real PostgreSQL server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Return what gives the URL of an empty database, another one each time."""
    if request.param == "sqlite":
        return lambda: f"sqlite:///{tmp_path / f'decant{next(_NUMBERS)}.db'}"
    server: PostgreSql = request.getfixturevalue("postgresql_server")
    return lambda: server.database(f"test_{next(_NUMBERS)}")


@pytest.fixture
def url(empty: Callable[[], str]) -> str:
    """Return the URL of an empty database."""
    return empty()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Return an open, empty store."""
    with open_store(url) as opened:
        yield opened
