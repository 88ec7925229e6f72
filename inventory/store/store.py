"""The estate's database, opened: what every query of this folder works over."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from sqlalchemy.exc import DBAPIError

from inventory.errors import StoreError
from inventory.store.engine import BUSY_SECONDS, WRITING
from inventory.store.lately import Lately
from inventory.store.url import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from inventory.store.keys import Keys


@dataclass(frozen=True, kw_only=True)
class Store:
    """An open store. Close it, or use it as a context manager."""

    engine: Engine
    keys: Keys
    """Finds the type of stored facts."""
    lately: Lately = field(default_factory=Lately)
    """Which contents it was lately seen to keep."""

    @property
    def name(self) -> str:
        """Which database it is, for people; without its password."""
        return shown(self.engine.url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the store.

        Raises:
            StoreError: the database cannot be read.

        """
        with words(self.name), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are all kept, or none; writers wait for each other.

        Raises:
            StoreError: the database cannot be written, or another writer takes too long.

        """
        with words(self.name), self.engine.connect() as connection:
            writer = connection.execution_options(**{WRITING: True})
            with writer.begin():
                yield writer

    def flush(self) -> None:
        """See to it that whatever was kept until now survives even a loss of power.

        PostgreSQL does so by itself. SQLite keeps the newest changes in a log beside the database,
        which it hands to the disk now and then.

        Raises:
            StoreError: the disk did not take it.

        """
        if self.engine.dialect.name == "sqlite":
            _sync(f"{self.engine.url.database}-wal")

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _sync(path: str) -> None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return  # all of it is in the database already
    try:
        os.fsync(descriptor)
    except OSError as error:
        raise StoreError(f"the log {path}: {error.strerror}") from error
    finally:
        os.close(descriptor)


@contextmanager
def words(name: str) -> Iterator[None]:
    """Turn what the database layer raises into a StoreError that names the database."""
    try:
        yield
    except DBAPIError as error:
        cause = " ".join(str(error.orig).split())
        raise StoreError(f"the database {name}: {cause}", hint=_hint(cause)) from error


def _hint(cause: str) -> str:
    hints = {
        "not a database": "this file is something else; give another, or move it away",
        "malformed": "the file is damaged; put back a copy of it",
        "unable to open": "does its folder exist, and may you write there?",
        "readonly": "may you write the file and its folder?",
        "locked": f"another command has been writing for over {BUSY_SECONDS} seconds; wait for it",
        "lock timeout": f"another command has been writing for over {BUSY_SECONDS} seconds",
        "disk is full": "make room; what was stored is kept",
        "connection": "does the server run, and do name, port and credentials fit?",
        "no such table": "the tables are not Decant's; give another database",
    }
    return next(
        (hint for sign, hint in hints.items() if sign in cause), "mend the database and try again"
    )
