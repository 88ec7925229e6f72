"""Where a store is: its URL made ready for SQLAlchemy, and its name for people, without secrets."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from inventory.errors import MissingExtraError, StoreError

HINT = "write sqlite:///decant.db or postgresql://user@server/database"


def parse(text: str) -> URL:
    """Read a database URL; PostgreSQL is spoken through psycopg.

    Raises:
        StoreError: it is not a URL of SQLite or PostgreSQL.
        MissingExtraError: it is PostgreSQL, and psycopg is not installed.

    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        # The text is not shown: it may hold a password.
        raise StoreError("the database URL cannot be read", hint=HINT) from None
    engine = url.drivername.split("+", 1)[0]
    if engine == "sqlite":
        return _sqlite(url)
    if engine in {"postgresql", "postgres"}:
        return _postgresql(url)
    raise StoreError(f"{engine} databases are not supported", hint=HINT)


def shown(url: URL) -> str:
    """Name the database for people, without its password or other parameters."""
    if url.drivername == "sqlite":
        return str(url.database)
    return url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)


def _sqlite(url: URL) -> URL:
    if not url.database or url.database == ":memory:" or url.query:
        raise StoreError("the database must be a file", hint=HINT)
    return url.set(drivername="sqlite", database=str(Path(url.database).absolute()))


def _postgresql(url: URL) -> URL:
    if importlib.util.find_spec("psycopg") is None:
        raise MissingExtraError(
            "PostgreSQL needs the optional part 'postgres'",
            hint="pip install 'decant[postgres]'",
        )
    query = {"connect_timeout": "10", **url.query}
    return url.set(drivername="postgresql+psycopg", query=query)
