"""SQL Server's side of a comparison, without a server: its SQL is T-SQL, and unknown stays unknown.

No real SQL Server was ever met: a parser that knows T-SQL reads every statement, and a stand-in
answers them as Microsoft's documentation says it would.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

import pytds
import pytest
import sqlglot
from sights import SECRETS, HeldMemory, sight
from sqlglot import expressions

from inventory.registry import Registry
from migrate.data.addresses import Address
from migrate.data.comparing import Scope
from migrate.data.databases import compare_databases
from migrate.data.model import CannotTellError, Fault, LostError
from migrate.data.pace import Load
from migrate.data.sqlserver import SqlServer
from migrate.model.check import Check
from migrate.model.evidence import Outcome

CHECK = Registry(package="migrate.checks", attribute="CHECK", kind=Check)
AT = datetime(2026, 11, 23, 12, 0)  # noqa: DTZ001 - as the server says its own time
WHERE = Address(host="db", port=None, database="shop", user="reader", options={}, password=None)
TYPES = (
    ("id", "int"),
    ("who", "nvarchar"),
    ("was", "varchar"),
    ("amount", "money"),
    ("at", "datetime2"),
    ("ratio", "float"),
    ("blob", "varbinary"),
    ("odd]%s", "uniqueidentifier"),
    ("doc", "xml"),
    ("place", "geography"),
)


@dataclass
class Server:
    """A stand-in: answers by the first words that a statement holds."""

    name: str = "OLD"
    snapshots: int = 1
    is_read_only: bool = False
    source: int | None = None
    rows: int = 3
    total: int = 77
    hashes: tuple[int, ...] = (1, 2, 3)
    types: tuple[tuple[str, str], ...] = TYPES
    written: tuple[tuple[str, str], ...] = ()
    fails: Callable[[str], Exception | None] = lambda _: None
    said: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    _rows: Sequence[tuple[Any, ...]] = ()

    def cursor(self) -> Server:
        """Be its own cursor."""
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def close(self) -> None:
        """Have nothing to close."""

    def execute(self, sql: str, given: tuple[Any, ...]) -> None:
        """Take a statement."""
        error = self.fails(sql)
        if error:
            raise error
        self.said.append((sql, given))
        self._rows = self._answer(sql)

    def fetchall(self) -> Sequence[tuple[Any, ...]]:
        """Return what it answers."""
        return self._rows

    def _answer(self, sql: str) -> Sequence[tuple[Any, ...]]:
        answers: dict[str, Sequence[tuple[Any, ...]]] = {
            "serverproperty": [
                (
                    *("16.0.1", self.name, "shop", 5, AT),
                    *(self.snapshots, self.is_read_only, self.source, AT, AT),
                )
            ],
            "dm_db_index_usage_stats": self.written,
            "from sys.columns": [(1, name, kind, False) for name, kind in self.types]
            + [(1, "version", "timestamp", False), (1, "sum", "int", True)],
            "from sys.indexes": [(1, 1, "id", False)],
            "from sys.tables t join sys.schemas": [(1, "dbo", "orders", False, False, 5_000_000)],
            "from sys.identity_columns": [("dbo", "orders", 40, 0)],
            "from sys.sequences": [],
            "fetch next 1 rows only": [],
            "count_big": [(0, self.rows, self.total, 0)],
            "select h": [
                (one, str(number), *((one if name == "who" else 0) for name, _ in sorted(TYPES)))
                for number, one in enumerate(self.hashes)
            ],
            "hashbytes": [(4711,)],
        }
        return next((rows for words, rows in answers.items() if words in sql), [])


def compare(old: Server, new: Server, memory: HeldMemory | None = None) -> Any:
    """Compare two stand-ins."""
    return compare_databases(
        SqlServer(old, WHERE),
        SqlServer(new, WHERE),
        scope=Scope(),
        load=Load(part_seconds=1, pause_seconds=0, until=float("inf")),
        memory=memory or HeldMemory(),
        key="test",
    )


def test_every_statement_is_t_sql_that_only_reads() -> None:
    """A parser that knows T-SQL reads each query; all but settings and transactions are SELECT."""
    old, new = Server(), Server(name="NEW", total=78, hashes=(1, 2, 4))
    compare(old, new)
    assert len(old.said) > 15
    for sql, given in old.said:
        first = sql.split()[0].lower()
        if first == "select":
            marked = sql.replace("%s", "@p").replace("%%", "%") if given else sql
            (parsed,) = sqlglot.parse(marked, read="tsql")
            assert isinstance(parsed, expressions.Select), sql
            assert not parsed.find(expressions.Into), sql
        else:
            assert first == "set" or sql in {"begin transaction", "rollback transaction"}


def test_a_row_that_differs_is_named() -> None:
    """Different sums lead to the rows; key and column are named, kept-apart columns are told."""
    found = compare(Server(), Server(name="NEW", total=78, hashes=(1, 2, 4)))
    (table,) = found.tables
    assert (table.differing, table.old_rows) == (1, 3)
    (row,) = table.differences
    assert (dict(row.key), row.fault, row.columns) == ({"id": "2"}, Fault.CHANGED, ("who",))
    assert len(found.aside) == 2
    assert any("rowversion" in each for each in found.aside)


def test_the_same_sums_are_the_same_and_writes_are_told() -> None:
    """Equal counts and sums are the same; what was written meanwhile is named."""
    found = compare(Server(written=(("dbo", "orders"),)), Server(name="NEW"))
    assert found.tables[0].same
    assert found.written == ("dbo.orders",)


def test_nothing_is_remembered_but_of_a_database_snapshot() -> None:
    """Only a database snapshot on both sides, which never changes, lets a run carry on."""
    memory = HeldMemory()
    for _ in range(2):
        found = compare(Server(), Server(name="NEW"), memory)
        assert not found.tables[0].remembered
    assert not memory.kept
    still = {"is_read_only": True, "source": 4, "snapshots": 0}
    for remembered in (False, True):
        found = compare(Server(**still), Server(name="NEW", **still), memory)  # type: ignore[arg-type]
        assert found.tables[0].remembered is remembered


def test_without_a_snapshot_it_cannot_be_told() -> None:
    """A database that allows no snapshot isolation is not compared."""
    with pytest.raises(CannotTellError, match="allows no snapshot isolation"):
        SqlServer(Server(snapshots=0), WHERE)


def test_a_type_that_is_not_known_cannot_be_told() -> None:
    """A column of another type makes its table unknown."""
    odd = Server(types=(*TYPES, ("any", "sql_variant")))
    found = compare(odd, replace(odd, name="NEW", said=[]))
    assert "sql_variant" in found.tables[0].untold


def test_one_and_the_same_database_proves_nothing() -> None:
    """A database compared with itself is refused."""
    with pytest.raises(CannotTellError, match="one and the same"):
        compare(Server(), Server())


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (pytds.OperationalError("denied"), CannotTellError),
        (pytds.ClosedConnectionError(), LostError),
        (TimeoutError("timed out"), LostError),
    ],
)
def test_what_a_server_refuses_is_unknown(error: Exception, kind: type[Exception]) -> None:
    """A refusal makes a table unknown; a broken connection also ends the run."""
    broken = Server(fails=lambda sql: error if "count_big" in sql else None)
    found = compare(broken, Server(name="NEW"))
    assert found.tables[0].untold
    assert not found.tables[0].same
    with pytest.raises(kind):
        SqlServer(Server(fails=lambda _: error), WHERE)


def test_a_password_is_not_sent_unprotected_unasked() -> None:
    """Without a certificate authority it does not connect unless that is said."""
    SECRETS["env:SHOP"] = "swordfish"
    given = {"url": "sqlserver://reader@127.0.0.1:1/shop", "password_from": "env:SHOP"}
    result = CHECK.one("sqlserver-data").value.run(sight(), {"old": given, "new": given})
    assert result.outcome is Outcome.UNKNOWN
    assert "give ca=FILE" in result.detail
    given["url"] += "?tls=off"
    result = CHECK.one("sqlserver-data").value.run(sight(), {"old": given, "new": given})
    assert result.outcome is Outcome.UNKNOWN
    assert "does not let us in" in result.detail
    assert "swordfish" not in f"{result}"
