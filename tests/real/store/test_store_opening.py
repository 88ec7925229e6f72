"""Opening brings any store up to date, and whatever cannot be opened is named with a remedy."""

from __future__ import annotations

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from visiting import say

from inventory.errors import StoreError
from inventory.model import facts
from inventory.store.opening import open_store
from inventory.store.servers import servers
from inventory.store.store import Store
from inventory.store.tables import HEAD, METADATA


def test_the_migrations_make_the_tables_that_queries_expect(store: Store) -> None:
    """Tables as migrated and tables as declared do not differ."""
    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert context.get_current_revision() == HEAD
        assert compare_metadata(context, METADATA) == []


def test_an_open_store_keeps_what_was_stored(url: str) -> None:
    """What one opening stored, the next one reads."""
    with open_store(url) as first:
        say(first, "local", facts.HOSTNAME.known("web-1"))
    with open_store(url) as second:
        assert [each.name for each in servers(second)] == ["web-1"]


def test_several_may_open_an_empty_store_at_once(url: str) -> None:
    """Only one of them makes the tables; none of them fails."""

    def name(number: int) -> str:
        with open_store(url) as opened:
            return say(opened, f"ssh://h{number}", facts.HOSTNAME.known(f"h{number}")).name

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(name, range(4))) == ["h0", "h1", "h2", "h3"]


def test_a_newer_store_is_left_alone(store: Store, url: str) -> None:
    """A schema that this version does not know is refused, with the remedy."""
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer version \\(schema 9999\\)") as caught:
        open_store(url)
    assert caught.value.hint == "upgrade Decant"


def test_a_sqlite_store_is_its_owners_alone(tmp_path: Path) -> None:
    """What is known of an estate is of use to an attacker: nobody else may read the file."""
    path = tmp_path / "decant.db"
    with open_store(f"sqlite:///{path}"):
        assert stat.S_IMODE(path.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    """The error names the file, and the file is not overwritten."""
    path = tmp_path / "notes.db"
    path.write_text("shopping list\n" * 100)
    with pytest.raises(StoreError, match=f"{path}.*not a database") as caught:
        open_store(f"sqlite:///{path}")
    assert "something else" in str(caught.value.hint)
    assert path.read_text().startswith("shopping list")


def test_a_damaged_database_is_named(tmp_path: Path) -> None:
    """A file whose pages are garbage is an error of the store, not a traceback."""
    path = tmp_path / "decant.db"
    with open_store(f"sqlite:///{path}") as whole:
        say(whole, "local", facts.HOSTNAME.known("web-1"))
    page = 4096
    content = path.read_bytes()
    path.write_bytes(content[:page] + b"\xff" * (len(content) - page))
    with pytest.raises(StoreError, match=str(path)), open_store(f"sqlite:///{path}") as damaged:
        servers(damaged)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """No folder is made for a database whose place was mistyped."""
    with pytest.raises(StoreError, match="No such file") as caught:
        open_store(f"sqlite:///{tmp_path / 'nowhere' / 'decant.db'}")
    assert "folder" in str(caught.value.hint)


@pytest.mark.parametrize(
    "url", ["", "decant.db", "sqlite://", "sqlite:///:memory:", "mysql://server/db", "x://[", "://"]
)
def test_other_urls_are_refused_with_the_right_form(url: str) -> None:
    """The hint shows what a database URL looks like."""
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert "sqlite:///decant.db" in str(caught.value.hint)


def test_an_unreachable_server_is_named_without_its_password() -> None:
    """Neither message nor hint shows the password; both say what to look at."""
    with pytest.raises(StoreError) as caught:
        open_store("postgresql://joe:s3cret@127.0.0.1:1/estate?application_name=s3cret")
    told = f"{caught.value} {caught.value.hint}"
    assert "postgresql://joe:***@127.0.0.1:1/estate" in told
    assert "s3cret" not in told
    assert "does the server run" in told


def test_a_missing_driver_is_an_optional_part() -> None:
    """Without psycopg a PostgreSQL URL says which part to install."""
    program = """
import sys
sys.modules["psycopg"] = None
from inventory.errors import MissingExtraError
from inventory.store.opening import open_store
try:
    open_store("postgresql://server/estate")
except MissingExtraError as error:
    print(error.hint)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout == "pip install 'decant[postgres]'\n"
