"""Opening a store brings its tables up to date first; fast when they are, or when it is new."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, select

from inventory.errors import StoreError
from inventory.store.engine import make_engine
from inventory.store.keys import Keys
from inventory.store.making import VERSION, make
from inventory.store.store import Store
from inventory.store.tables import HEAD
from inventory.store.url import parse

if TYPE_CHECKING:
    from sqlalchemy import Connection

OWNER_ONLY = 0o600


def open_store(url: str, *, own_collectors: tuple[Path, ...] = ()) -> Store:
    """Open the store at ``url``, making it when it is not there.

    ``own_collectors`` are the user's folders of collectors, whose facts it may hold.

    Raises:
        StoreError: it cannot be reached, is no store of ours, or was made by a newer version.
        MissingExtraError: it is PostgreSQL, and psycopg is not installed.

    """
    parsed = parse(url)
    store = Store(engine=make_engine(parsed), keys=Keys(own_collectors=own_collectors))
    try:
        if parsed.drivername == "sqlite":
            _make_private(store, Path(str(parsed.database)))
        if _version(store) != HEAD:
            _bring_up_to_date(store)
    except BaseException:
        store.close()
        raise
    return store


def _make_private(store: Store, path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, OWNER_ONLY))
    except OSError as error:
        raise StoreError(
            f"the database {store.name}: {error.strerror}",
            hint="does its folder exist, and may you write there?",
        ) from error


def _version(store: Store) -> str | None:
    with store.reading() as connection:
        return _version_on(connection)


def _version_on(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION.name):
        return None
    return connection.execute(select(VERSION.c.version_num)).scalar()


def _bring_up_to_date(store: Store) -> None:
    with store.writing() as connection:
        version = _version_on(connection)
        if version is None and not inspect(connection).get_table_names():
            make(connection)
        elif version != HEAD:
            _migrate(connection, version, store.name)


def _migrate(connection: Connection, version: str | None, name: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    known = {each.revision for each in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise StoreError(
            f"the database {name} was made by a newer version (schema {version})",
            hint="upgrade Decant",
        )
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
