"""Connections as every query wants them: bounded waits, real transactions, one writer at a time."""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Engine, create_engine, event, text

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

BUSY_SECONDS: Final = 30
"""How long to wait for another writer."""
_PAUSE_SECONDS: Final = 0.02
_MUCH_KIB: Final = 65_536
"""How much SQLite may hold of the database while it writes much; it takes 2,000 by itself."""
WRITING: Final = "decant_writing"
"""Execution option of a connection that is going to write."""
_WRITER_KEY: Final = 0x0DECA17
"""PostgreSQL advisory lock that makes writers wait for each other, as SQLite does by itself."""


def make_engine(url: URL) -> Engine:
    """Return an engine whose transactions are as :data:`WRITING` says. Connects to nothing."""
    return _sqlite(url) if url.drivername == "sqlite" else _postgresql(url)


def expect_much(connection: Connection) -> None:
    """Make room for a transaction that writes very many rows, in no order of their keys.

    SQLite else writes a page of the index out, and reads it in again, for nearly each of them.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size = -{_MUCH_KIB}")


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql(url: URL) -> Engine:
    engine = create_engine(url, pool_pre_ping=True)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself: its own are begun too late to be safe.
    connection.isolation_level = None
    _write_ahead(connection)
    for pragma in ("synchronous = NORMAL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _write_ahead(connection: Any) -> None:
    """Switch a new file to write-ahead logging; for this, SQLite does not wait by itself."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get(WRITING):
        connection.execute(text(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER_KEY})
