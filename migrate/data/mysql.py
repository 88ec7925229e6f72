"""A MySQL or MariaDB database as a side of a comparison: one read-only transaction, one snapshot.

MySQL 5.7 and later, MariaDB 10.2 and later, and what speaks as they do (Aurora, Azure Database).
Tables are read along their keys, in the order that each side has them; only InnoDB keeps snapshots,
so others are not compared.

A moment is when the server began and InnoDB's counter of transactions, when nobody else has one
open that may write: without a new one nothing can be written. It takes the privilege PROCESS to
see that; without it, nothing is remembered.
"""

from __future__ import annotations

import re
import secrets
import ssl
import time
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
from migrate.data.mysql_catalogue import is_in_order, quoted, read_catalogue, shown, text_of
from migrate.data.side import Described, Side

if TYPE_CHECKING:
    import pymysql

    from migrate.data.addresses import Address

SCHEMES = frozenset({"mysql", "mariadb"})
OPTIONS = frozenset({"socket", "host", "tls", "ca"})
_ROWS = 5_000
"""Of a part of size 1."""
_METHODS = {"md5": "left(md5({}), 16)", "sha2": "left(sha2({}, 256), 16)"}
_PROBE = "Straße €"
_COUNTER = re.compile(r"Trx id counter (\d+)")
_LOST = frozenset({2006, 2013, 2055, 1053, 1927})
"""Server gone, lost during a query, lost while reading, shutting down, connection killed."""

_SETTINGS = (
    "set names utf8mb4",
    "set session sql_mode = ''",
    "set session time_zone = '+00:00'",
    "set session lock_wait_timeout = 5",
    "set session transaction isolation level repeatable read",
)
_OTHERS = """
select count(*) from information_schema.innodb_trx
 where trx_mysql_thread_id <> connection_id() and trx_is_read_only = 0"""
_BEGAN = """
select unix_timestamp() - variable_value from {schema}.global_status
 where variable_name = 'Uptime'"""
"""Both are taken at the query's own beginning, so it is always the same second."""
_SECOND = 1.0
_JUST_NOW = """
select count(*) from information_schema.tables
 where table_schema = database() and update_time >= utc_timestamp()"""
_UPDATED = """
select table_name, update_time >= %s, create_options like '%%partitioned%%'
  from information_schema.tables where table_schema = database() and engine = 'InnoDB'"""


class MySql:
    """A side that is MySQL or MariaDB."""

    def __init__(
        self,
        connection: pymysql.Connection[Any],
        address: Address,
        statement_seconds: float,
    ) -> None:
        self._connection = connection
        self._address = address
        self._catalogue = Catalogue(tables={})
        version, self._database = self._ask("select version(), database()")[0]
        self._is_mariadb = "mariadb" in version.lower()
        self._settle(statement_seconds)
        self._let_the_second_pass()
        before = self._counter()
        self._began = self._ask("select utc_timestamp()")[0][0]
        self._ask("start transaction with consistent snapshot, read only")
        counted, began = self._counter(), self._server_began()
        self._moment = f"{began} {counted}" if began and counted and counted == before else None
        name = "MariaDB" if self._is_mariadb else "MySQL"
        self._described = Described(
            version=0,
            engine=f"{name} {version}",
            database=f"{self._database} at {address}",
            identity=self._ask("select concat(@@hostname, ' ', @@port, ' ', @@datadir)")[0][0],
            moment=self._moment,
        )

    @property
    def described(self) -> Described:
        """Say which database it is."""
        return self._described

    def is_same(self, other: Side) -> bool:
        """Tell whether the other side is this very database: whether it sees a lock taken here.

        Server's names and identifiers do not tell that: a server that was copied has the same.
        """
        if not isinstance(other, MySql) or other._database != self._database:  # noqa: SLF001 - of its own class
            return False
        word = f"decant-{secrets.token_hex(8)}"
        self._ask("select get_lock(%s, 0)", (word,))
        try:
            return other._ask("select is_used_lock(%s)", (word,))[0][0] is not None  # noqa: SLF001 - as above
        finally:
            self._ask("select release_lock(%s)", (word,))

    def catalogue(self, other: Described) -> Catalogue:
        """List what it holds."""
        del other
        self._catalogue = read_catalogue(self._ask)
        return self._catalogue

    def methods(self) -> Sequence[tuple[str, str]]:
        """Return the hashes that it can compute."""
        found = []
        for name in _METHODS:
            try:
                said = self._ask(f"select {_hash(name, '%s', 7)}", (_PROBE,))[0][0]
            except LostError:
                raise
            except CannotTellError:
                continue
            if said is not None:
                found.append((name, str(said)))
        return found

    def tally(self, how: How, place: Place, size: float) -> tuple[Tally, Place | None]:
        """Sum up a part of a table."""
        where, given, following = self._part(how.table, place, size)
        rows = self._ask(
            f"select b & {how.buckets - 1}, count(*), sum(h), "  # noqa: S608 - quoted names
            f"sum(h is null) from ({self._hashed(how, where)}) q group by 1",
            given,
        )
        if any(int(row[3]) for row in rows):
            raise CannotTellError("it has rows longer than max_allowed_packet")
        return Tally(buckets={int(row[0]): (int(row[1]), int(row[2])) for row in rows}), following

    def members(
        self, how: How, buckets: Sequence[int], place: Place, size: float
    ) -> tuple[Sequence[Member], Place | None]:
        """Return the rows of some buckets within a part of a table."""
        where, given, following = self._part(how.table, place, size)
        columns = self._columns(how.table)
        keys = [f"{shown(columns[name])} as k{number}" for number, name in enumerate(how.key)]
        names = how.columns if how.key else ()
        each = [
            f"{_hash(how.method, text_of(columns[name]), how.seed)} as c{number}"
            for number, name in enumerate(names)
        ]
        more = "".join(f", {one}" for one in (*keys, *each))
        picked = "".join(
            f", {letter}{number}"
            for letter, all_of in (("k", keys), ("c", each))
            for number in range(len(all_of))
        )
        rows = self._ask(
            f"select h{picked} from ({self._hashed(how, where, more)}) q "  # noqa: S608 - as above
            f"where b & {how.buckets - 1} in ({', '.join(map(str, buckets))})",
            given,
        )
        first = 1 + len(keys)
        return [
            Member(
                key=tuple(_word(value) for value in row[1:first]),
                row=int(row[0]),
                columns=tuple(int(value) for value in row[first:]),
            )
            for row in rows
        ], following

    def written(self) -> Sequence[str]:
        """Name the tables written to since the snapshot."""
        self._ask("rollback")
        if self._moment and f"{self._server_began()} {self._counter()}" == self._moment:
            return ()
        rows = self._ask(_UPDATED, (self._began,))
        if any(partitioned for _, _, partitioned in rows):
            raise CannotTellError("there were transactions since, and it has partitioned tables")
        return sorted(table for table, is_later, _ in rows if is_later)

    def close(self) -> None:
        """Let go of the connection."""
        with suppress(Exception):  # it may be gone already
            self._connection.close()

    def _settle(self, statement_seconds: float) -> None:
        for each in _SETTINGS:
            self._ask(each)
        if self._is_mariadb:
            self._ask(f"set session max_statement_time = {statement_seconds}")
        else:
            self._ask(f"set session max_execution_time = {round(statement_seconds * 1000)}")
            try:
                self._ask("set session information_schema_stats_expiry = 0")
            except LostError:
                raise
            except CannotTellError:
                return  # before 8.0 there is nothing that could be stale

    def _let_the_second_pass(self) -> None:
        """Wait until no table was written to within this very second, or for two seconds.

        Tables tell the second of their last write: what was written before the snapshot could not
        be told from what was written after it.
        """
        until = time.monotonic() + _SECOND * 2
        while int(self._ask(_JUST_NOW)[0][0]) and time.monotonic() < until:
            time.sleep(_SECOND / 4)

    def _counter(self) -> str | None:
        """Return InnoDB's counter of transactions; None while others have one open, or unseen."""
        try:
            if int(self._ask(_OTHERS)[0][0]):
                return None
            said = str(self._ask("show engine innodb status")[0][2])
        except LostError:
            raise
        except CannotTellError:
            return None
        found = _COUNTER.search(said)
        return found.group(1) if found else None

    def _server_began(self) -> str | None:
        """Return the second in which the server was started; None when it does not tell."""
        schema = "information_schema" if self._is_mariadb else "performance_schema"
        try:
            rows = self._ask(_BEGAN.format(schema=schema))
        except LostError:
            raise
        except CannotTellError:
            return None
        return str(int(rows[0][0])) if rows else None

    def _columns(self, table: str) -> dict[str, Column]:
        return {each.name: each for each in self._catalogue.tables[table].columns}

    def _hashed(self, how: How, where: str, more: str = "") -> str:
        columns = self._columns(how.table)
        row = _joined([columns[name] for name in how.columns])
        hashed = _hash(how.method, row, how.seed)
        key = f"crc32({_joined([columns[name] for name in how.key])})" if how.key else hashed
        return f"select {hashed} as h, {key} as b{more} from {quoted(how.table)} {where}"  # noqa: S608 - quoted names

    def _part(
        self, table: str, place: Place, size: float
    ) -> tuple[str, tuple[Any, ...], Place | None]:
        """Return which rows to read, as SQL, what it is given, and where the next part begins."""
        columns = self._columns(table)
        key = [columns[name] for name in self._catalogue.tables[table].key]
        if not key or not all(is_in_order(each) for each in key):
            return "", (), None
        after = tuple(_value(word) for word in place)
        names = [quoted(each.name) for each in key]
        above, given = _beyond(names, ">", after) if after else ("true", ())
        order = ", ".join(names)
        rows = self._ask(
            f"select {order} from {quoted(table)} where {above} "  # noqa: S608 - quoted names
            f"order by {order} limit 1 offset {round(_ROWS * size) - 1}",
            given,
        )
        if not rows:
            return f"where {above}", given, None
        upto, bound = _beyond(names, "<=", rows[0])
        return f"where ({above}) and ({upto})", (*given, *bound), tuple(map(_place, rows[0]))

    def _ask(self, sql: str, given: Sequence[Any] = ()) -> Sequence[tuple[Any, ...]]:
        import pymysql

        try:
            with self._connection.cursor() as cursor:
                cursor.execute(sql, tuple(given))
                rows: Sequence[tuple[Any, ...]] = cursor.fetchall()
                return rows
        except (pymysql.MySQLError, OSError) as error:
            said = self._address.washed(str(error.args[-1] if error.args else error))
            number = error.args[0] if error.args else 0
            if not self._connection.open or number in _LOST or number == 0:
                raise LostError(f"the connection to {self._address} broke: {said}") from None
            raise CannotTellError(said) from None


def open_mysql(address: Address, *, connect_seconds: float, statement_seconds: float) -> MySql:
    """Connect, and begin the transaction whose snapshot is compared.

    Raises:
        CannotTellError: PyMySQL is not installed, or the database does not let us in.

    """
    try:
        import pymysql
    except ImportError as error:
        raise CannotTellError(
            "the package PyMySQL is not installed: pip install 'decant[mysql]'"
        ) from error
    try:
        connection: pymysql.Connection[Any] = pymysql.connect(
            host=address.host or address.options.get("host") or "localhost",
            port=address.port or 3306,
            unix_socket=address.options.get("socket"),
            user=address.user,
            password=address.password.value if address.password else "",
            database=address.database,
            charset="utf8mb4",
            connect_timeout=max(1, round(connect_seconds)),
            read_timeout=statement_seconds + 10,
            autocommit=True,
            program_name="decant",
            **_tls(address),
        )
    except (pymysql.MySQLError, OSError, ValueError, RuntimeError) as error:
        said = address.washed(str(error.args[-1] if error.args else error))
        raise CannotTellError(f"{address} does not let us in: {said}") from None
    try:
        return MySql(connection, address, statement_seconds)
    except BaseException:
        connection.close()
        raise


def _tls(address: Address) -> dict[str, Any]:
    """Return how the connection is protected; where ``ca`` is given, it must be right."""
    wanted = address.options.get("tls", "verify" if "ca" in address.options else "")
    if wanted not in {"", "verify", "off"}:
        raise CannotTellError("tls must be verify or off")
    if wanted == "verify":
        ca = address.options.get("ca") or ssl.get_default_verify_paths().cafile
        return {"ssl_ca": ca, "ssl_verify_cert": True, "ssl_verify_identity": True}
    return {"ssl_disabled": True} if wanted == "off" else {}


def _hash(method: str, text: str, seed: int) -> str:
    digits = _METHODS[method].format(f"concat('{seed} ', {text})")
    return f"cast(conv({digits}, 16, 10) as unsigned)"


def _joined(columns: Sequence[Column]) -> str:
    return f"concat_ws('|', {', '.join(text_of(each) for each in columns)})"


def _beyond(names: Sequence[str], sign: str, values: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
    """Return SQL for rows beyond a key, written out column by column so that an index serves it."""
    strict = sign[0]
    clauses, given = [], []
    for number, name in enumerate(names):
        last = number == len(names) - 1
        equal = [f"{each} = %s" for each in names[:number]]
        clauses.append(" and ".join([*equal, f"{name} {sign if last else strict} %s"]))
        given += list(values[: number + 1])
    return " or ".join(f"({each})" for each in clauses), tuple(given)


def _place(value: Any) -> str:
    if isinstance(value, bytes):
        return f"b{value.hex()}"
    return f"i{value}" if isinstance(value, int) else f"s{value}"


def _value(word: str) -> Any:
    kind, text = word[0], word[1:]
    if kind == "b":
        return bytes.fromhex(text)
    return int(text) if kind == "i" else text


def _word(value: Any) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)
