"""A new database gets its tables at once, and they are those that the migrations make."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from inventory.store.opening import open_store
from inventory.store.tables import METADATA

_SQLITE = """
SELECT t.name, c.* FROM sqlite_master t, pragma_table_xinfo(t.name) c WHERE t.type = 'table';
SELECT t.name, k.* FROM sqlite_master t, pragma_foreign_key_list(t.name) k;
SELECT t.name, i.name, i."unique", i.origin, c.seqno, c.name
FROM sqlite_master t, pragma_index_list(t.name) i, pragma_index_info(i.name) c;
SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')
"""
_POSTGRESQL = """
SELECT table_name, ordinal_position, column_name, data_type, character_maximum_length,
is_nullable, column_default FROM information_schema.columns WHERE table_schema = 'public';
SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public';
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace;
SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal;
SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


def _described(connection: Connection) -> list[list[tuple[Any, ...]]]:
    """Return all that the engine itself says of the tables, indexes, keys and guards."""
    questions = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL
    return [
        sorted((tuple(row) for row in connection.execute(text(question))), key=repr)
        for question in questions.split(";")
    ]


def _migrate(url: str) -> None:
    """Leave nothing but a table of Alembic's that says nothing, so that all migrations run."""
    with open_store(url) as store, store.writing() as connection:
        METADATA.drop_all(connection)
        if connection.dialect.name == "postgresql":
            connection.execute(text("DROP FUNCTION chain_append_only"))
        connection.execute(text("DELETE FROM alembic_version"))
    open_store(url).close()


def test_a_new_database_is_what_the_migrations_make(empty: Callable[[], str]) -> None:
    """The engine describes both alike: columns, keys, indexes, guards and the version."""
    migrated, made = empty(), empty()
    _migrate(migrated)
    with (
        open_store(migrated) as first,
        open_store(made) as second,
        first.reading() as old,
        second.reading() as new,
    ):
        assert _described(new) == _described(old)
        assert len(_described(new)[0]) > 50, "all columns are among what is compared"
        version = text("SELECT version_num FROM alembic_version")
        assert new.execute(version).all() == old.execute(version).all()


def test_a_new_database_needs_no_alembic(tmp_path: Path) -> None:
    """Neither making a store nor opening one that is up to date loads what would take so long."""
    program = """
import sys
from inventory.store.opening import open_store
for _ in range(2):
    open_store(sys.argv[1]).close()
assert "sqlalchemy" in sys.modules
assert "alembic" not in sys.modules
"""
    url = f"sqlite:///{tmp_path / 'decant.db'}"
    subprocess.run([sys.executable, "-c", program, url], check=True, timeout=30)
