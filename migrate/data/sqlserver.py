"""A SQL Server database as a side of a comparison: one transaction, one snapshot.

SQL Server has no read-only transactions, so nothing but SELECT is sent; an account that may only
read is best. It keeps a snapshot only where the database allows snapshot isolation, is read-only,
or is itself a database snapshot; otherwise it is not compared. What was found is remembered only of
a database snapshot, which never changes.

This has never met a real SQL Server: its SQL was written from Microsoft's documentation and is
checked by a parser. It is unknown, not passed, wherever the server says anything unforeseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from migrate.data.model import (
    CannotTellError,
    Catalogue,
    Column,
    How,
    LostError,
    Member,
    Place,
    Tally,
)
from migrate.data.side import Described, Side
from migrate.data.sqlserver_catalogue import INTEGERS, bytes_of, quoted, read_catalogue, shown

if TYPE_CHECKING:
    from migrate.data.addresses import Address

SCHEMES = frozenset({"sqlserver", "mssql"})
OPTIONS = frozenset({"host", "tls", "ca"})
_ROWS = 5_000
"""Of a part of size 1."""
_METHODS = {"sha2": "SHA2_256", "md5": "MD5"}
_PROBE = "0x537472616500df00"
_SETTINGS = (
    "set nocount on",
    "set xact_abort on",
    "set lock_timeout 5000",
    "set deadlock_priority low",
    "set quoted_identifier on",
    "set ansi_nulls on",
    "set textsize 2147483647",
)
_DESCRIBE = """
select convert(nvarchar(128), serverproperty('ProductVersion')), @@servername, d.name,
       d.database_id, d.create_date, d.snapshot_isolation_state, d.is_read_only,
       d.source_database_id, (select t.create_date from sys.databases t where t.name = 'tempdb'),
       getdate()
  from sys.databases d where d.database_id = db_id()"""
_UPDATED = """
select s.name, t.name
  from sys.dm_db_index_usage_stats u join sys.tables t on t.object_id = u.object_id
  join sys.schemas s on s.schema_id = t.schema_id
 where u.database_id = db_id() and u.last_user_update >= %s
 group by s.name, t.name order by s.name, t.name"""


class SqlServer:
    """A side that is SQL Server."""

    def __init__(self, connection: Any, address: Address) -> None:
        self._connection = connection
        self._address = address
        self._catalogue = Catalogue(tables={})
        for each in _SETTINGS:
            self._ask(each, rows=False)
        row = self._ask(_DESCRIBE)[0]
        version, server, name, number, made, snapshots, self._is_still, source, began, now = row
        self._began = now
        if not (snapshots == 1 or self._is_still):
            raise CannotTellError(
                f"{name} allows no snapshot isolation: allow it, or name a database snapshot of it"
            )
        level = "snapshot" if snapshots == 1 else "read committed"
        self._ask(f"set transaction isolation level {level}", rows=False)
        self._ask("begin transaction", rows=False)
        moment = f"{server} {began} {name} {made} {source}" if source is not None else None
        self._described = Described(
            version=0,
            engine=f"SQL Server {version}",
            database=f"{name} at {address}",
            identity=f"{server} {began} {number} {name}",
            moment=moment,
        )

    @property
    def described(self) -> Described:
        """Say which database it is."""
        return self._described

    def is_same(self, other: Side) -> bool:
        """Tell whether the other side is this very database, of a server begun at the same time."""
        return other.described.identity == self._described.identity

    def catalogue(self, other: Described) -> Catalogue:
        """List what it holds."""
        del other
        self._catalogue = read_catalogue(self._ask)
        return self._catalogue

    def methods(self) -> Sequence[tuple[str, str]]:
        """Return the hashes that it can compute."""
        return [
            (name, str(self._ask(f"select {_hash(name, _PROBE, 7)}")[0][0])) for name in _METHODS
        ]

    def tally(self, how: How, place: Place, size: float) -> tuple[Tally, Place | None]:
        """Sum up a part of a table."""
        where, given, following = self._part(how.table, place, size)
        rows = self._ask(
            f"select b & {how.buckets - 1}, count_big(*), "  # noqa: S608 - quoted names
            "sum(convert(decimal(38, 0), h)), sum(case when h is null then 1 else 0 end) "
            f"from ({self._hashed(how, where)}) q group by b & {how.buckets - 1}",
            given,
        )
        if any(int(row[3]) for row in rows):
            raise CannotTellError("some of its rows could not be hashed")
        return Tally(buckets={int(row[0]): (int(row[1]), int(row[2])) for row in rows}), following

    def members(
        self, how: How, buckets: Sequence[int], place: Place, size: float
    ) -> tuple[Sequence[Member], Place | None]:
        """Return the rows of some buckets within a part of a table."""
        where, given, following = self._part(how.table, place, size)
        columns = self._columns(how.table)
        names = how.columns if how.key else ()
        more = [f"{shown(columns[name])} as k{number}" for number, name in enumerate(how.key)]
        more += [
            f"{_hash(how.method, bytes_of(columns[name]), how.seed)} as c{number}"
            for number, name in enumerate(names)
        ]
        picked = "".join(f", {each.rpartition(' as ')[2]}" for each in more)
        rows = self._ask(
            f"select h{picked} "  # noqa: S608 - quoted names
            f"from ({self._hashed(how, where, ''.join(f', {each}' for each in more))}) q "
            f"where b & {how.buckets - 1} in ({', '.join(map(str, buckets))})",
            given,
        )
        first = 1 + len(how.key)
        return [
            Member(
                key=tuple(str(value) for value in row[1:first]),
                row=int(row[0]),
                columns=tuple(int(value) for value in row[first:]),
            )
            for row in rows
        ], following

    def written(self) -> Sequence[str]:
        """Name the tables written to since the snapshot, by what the server notes of its indexes.

        Raises:
            CannotTellError: the account may not see that (VIEW DATABASE STATE).

        """
        self._ask("rollback transaction", rows=False)
        if self._is_still:
            return ()
        return [f"{schema}.{name}" for schema, name in self._ask(_UPDATED, (self._began,))]

    def close(self) -> None:
        """Let go of the connection."""
        with suppress(Exception):  # it may be gone already
            self._connection.close()

    def _columns(self, table: str) -> dict[str, Column]:
        return {each.name: each for each in self._catalogue.tables[table].columns}

    def _hashed(self, how: How, where: str, more: str = "") -> str:
        columns = self._columns(how.table)
        row = _hash(how.method, _joined([columns[name] for name in how.columns]), how.seed)
        key = _hash(how.method, _joined([columns[name] for name in how.key or how.columns]), 0)
        return f"select {row} as h, {key} as b{more} from {_named(how.table)} {where}"  # noqa: S608 - quoted names

    def _part(
        self, table: str, place: Place, size: float
    ) -> tuple[str, tuple[Any, ...], Place | None]:
        """Return which rows to read, as SQL, what it is given, and where the next part begins.

        Only along a key of one whole number: other types may be ordered otherwise than compared.
        """
        columns = self._columns(table)
        key = [columns[name] for name in self._catalogue.tables[table].key]
        if len(key) != 1 or key[0].type not in INTEGERS:
            return "", (), None
        name = quoted(key[0].name)
        after = tuple(int(word) for word in place)
        above = f"where {name} > %s" if after else ""
        rows = self._ask(
            f"select {name} from {_named(table)} {above} "  # noqa: S608 - quoted names
            f"order by {name} offset {round(_ROWS * size) - 1} rows fetch next 1 rows only",
            after,
        )
        if not rows:
            return above, after, None
        upto = f"{above} and {name} <= %s" if above else f"where {name} <= %s"
        return upto, (*after, rows[0][0]), (str(rows[0][0]),)

    def _ask(
        self, sql: str, given: Sequence[Any] = (), *, rows: bool = True
    ) -> Sequence[tuple[Any, ...]]:
        import pytds

        try:
            with self._connection.cursor() as cursor:
                cursor.execute(sql if given else sql.replace("%%", "%"), tuple(given))
                found: Sequence[tuple[Any, ...]] = cursor.fetchall() if rows else ()
                return found
        except (pytds.Error, OSError) as error:
            said = self._address.washed(str(error).partition("\n")[0])
            if isinstance(error, (pytds.InterfaceError, pytds.ClosedConnectionError, OSError)):
                raise LostError(f"the connection to {self._address} broke: {said}") from None
            raise CannotTellError(said) from None


def open_sqlserver(
    address: Address, *, connect_seconds: float, statement_seconds: float
) -> SqlServer:
    """Connect, and begin the transaction whose snapshot is compared.

    Raises:
        CannotTellError: python-tds is not installed, or the database does not let us in.

    """
    try:
        import pytds
    except ImportError as error:
        raise CannotTellError(
            "the package python-tds is not installed: pip install 'decant[sqlserver]'"
        ) from error
    ca = address.options.get("ca")
    if ca is None and address.options.get("tls") != "off":
        raise CannotTellError(
            f"{address}: give ca=FILE in its URL, or tls=off to send the password unprotected"
        )
    try:
        connection = pytds.connect(
            dsn=address.host or address.options.get("host") or "localhost",
            port=address.port or 1433,
            database=address.database,
            user=address.user,
            password=address.password.value if address.password else "",
            login_timeout=connect_seconds,
            timeout=statement_seconds,
            autocommit=True,
            readonly=True,
            appname="decant",
            cafile=ca,
            disable_connect_retry=True,
        )
    except (pytds.Error, OSError, ValueError, ImportError) as error:
        said = address.washed(str(error).partition("\n")[0])
        raise CannotTellError(f"{address} does not let us in: {said}") from None
    try:
        return SqlServer(connection, address)
    except BaseException:
        connection.close()
        raise


def _named(table: str) -> str:
    schema, _, name = table.partition(".")
    return f"{quoted(schema)}.{quoted(name)}"


def _joined(columns: Sequence[Column]) -> str:
    return " + ".join(bytes_of(each) for each in columns)


def _hash(method: str, value: str, seed: int) -> str:
    salted = f"convert(varbinary(max), convert(binary(8), convert(bigint, {seed}))) + {value}"
    return f"convert(bigint, substring(hashbytes('{_METHODS[method]}', {salted}), 1, 8))"
