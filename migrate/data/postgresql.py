"""A PostgreSQL database as a side of a comparison: one read-only transaction, one snapshot.

PostgreSQL, and what speaks as it does (Aurora, Azure Database). Rows are read by the blocks that
they lie in, so a part of a table costs what it holds, whatever its key, order or collation; before
version 14, which cannot do that, a table is one part.

A moment is the snapshot's list of transactions, together with when the server began and when its
counters were last reset (which a crash does): without a new transaction nothing can be written.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from migrate.data.model import CannotTellError, Catalogue, How, LostError, Member, Place, Tally
from migrate.data.postgresql_catalogue import Found, Leaf, quoted, read_catalogue
from migrate.data.side import Described, Side

if TYPE_CHECKING:
    import psycopg

    from migrate.data.addresses import Address

SCHEMES = frozenset({"postgresql", "postgres"})
OPTIONS = frozenset(
    {"host", "hostaddr", "port", "service", "sslmode", "sslrootcert", "sslcert", "sslkey"}
)
_OLDEST = 100000
_TID_RANGES = 140000
_EXTENDED_HASH = 110000
_BLOCKS = 256
"""Of a part of size 1: 2 MiB."""
_METHODS = ("hashtextextended", "md5")
_INTEGERS = frozenset({"smallint", "integer", "bigint"})
_FLOATS = {"real": "float4send", "double precision": "float8send"}
_KEEP_ALIVE: dict[str, Any] = {
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
_PROBE = "Straße €"
_LATE_SECONDS = 11
"""By when a server has counted what a connection wrote (PGSTAT_IDLE_INTERVAL is 10 s)."""

_SETTINGS = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "3",
    "lc_monetary": "C",
    "xmloption": "content",
    "search_path": "pg_catalog",
    "row_security": "off",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "10min",
}
"""What makes text the same on both sides, hides no row, and goes easy on the server."""

_DESCRIBE = """
select current_setting('server_version'), current_setting('server_version_num')::int,
       current_database(), pg_postmaster_start_time()::text, txid_current_snapshot()::text,
       (select oid from pg_database where datname = current_database()),
       (select stats_reset::text from pg_stat_bgwriter), current_setting('server_encoding'),
       pg_is_in_recovery()"""


_SET = "select set_config(name, %s, true) from pg_settings where name = %s"

_WRITES = """
select n.nspname || '.' || c.relname,
       (s.n_tup_ins + s.n_tup_upd + s.n_tup_del) || '/' || pg_relation_filenode(c.oid)
  from pg_stat_user_tables s join pg_class c on c.oid = s.relid
  join pg_namespace n on n.oid = c.relnamespace"""


class PostgreSql:
    """A side that is PostgreSQL."""

    def __init__(
        self, connection: psycopg.Connection[Any], address: Address, statement_seconds: float
    ) -> None:
        self._connection = connection
        self._address = address
        self._found = Found(catalogue=Catalogue(tables={}), leaves={})
        self._held: Leaf | None = None
        self._blocks = 0
        self._begin(statement_seconds)
        name, self._version, database, began, snapshot, oid, reset, encoding, standby = self._ask(
            _DESCRIBE
        )[0]
        if self._version < _OLDEST:
            raise CannotTellError(f"PostgreSQL {name}: before 10 it is not read here")
        self._encoding, self._snapshot, self._is_standby = encoding, snapshot, standby
        self._counted = self._writes()
        self._described = Described(
            version=self._version,
            engine=f"PostgreSQL {name.split()[0]}{' (standby)' if standby else ''}",
            database=f"{database} at {address}",
            identity=f"{began} {oid} {database}",
            moment=f"{began} {reset} {snapshot}",
        )

    @property
    def described(self) -> Described:
        """Say which database it is."""
        return self._described

    def is_same(self, other: Side) -> bool:
        """Tell whether the other side is this very database: begun at the same microsecond."""
        return other.described.identity == self._described.identity

    def catalogue(self, other: Described) -> Catalogue:
        """List what it holds."""
        self._found = read_catalogue(self._ask, self._version, other.version)
        return self._found.catalogue

    def methods(self) -> Sequence[tuple[str, str]]:
        """Return the hashes that it can compute; the fast one counts only for like encodings."""
        found = []
        for name in _METHODS if self._version >= _EXTENDED_HASH else _METHODS[1:]:
            encoding = self._encoding if name == _METHODS[0] else ""
            try:
                said = self._ask(f"select {_hash(name, '%s::text', 7)}", (_PROBE,))[0][0]
            except LostError:
                raise
            except CannotTellError:
                continue  # its encoding lacks a letter of the probe, or the server forbids MD5
            found.append((name, f"{encoding} {said}"))
        return found

    def tally(self, how: How, place: Place, size: float) -> tuple[Tally, Place | None]:
        """Sum up a part of a table."""
        part = self._part(how.table, place, size)
        if part is None:
            return Tally(), None
        source, following = part
        rows = self._ask(
            f"select b & {how.buckets - 1}, count(*), sum(h) "  # noqa: S608 - quoted names
            f"from ({self._hashed(how, source)}) q group by 1"
        )
        return Tally(buckets={each[0]: (each[1], int(each[2])) for each in rows}), following

    def members(
        self, how: How, buckets: Sequence[int], place: Place, size: float
    ) -> tuple[Sequence[Member], Place | None]:
        """Return the rows of some buckets within a part of a table."""
        part = self._part(how.table, place, size)
        if part is None:
            return (), None
        source, following = part
        key = ", ".join(f"{quoted(each)}::text" for each in how.key)
        columns = ", ".join(
            _hash(how.method, f"row({self._value(how.table, name)})::text", how.seed)
            for name in (how.columns if how.key else ())
        )
        more = f", array[{key}]::text[] as k, array[{columns}]::bigint[] as c"
        rows = self._ask(
            f"select k, h, c from ({self._hashed(how, source, more)}) q "  # noqa: S608 - as above
            f"where b & {how.buckets - 1} in ({', '.join(map(str, buckets))})",
        )
        found = [Member(key=tuple(k), row=h, columns=tuple(c)) for k, h, c in rows]
        return found, following

    def written(self) -> Sequence[str]:
        """Name the tables written to since the snapshot: by its transactions, then its counters."""
        self._ask("rollback", rows=False)
        if self._ask("select txid_current_snapshot()::text")[0][0] == self._snapshot:
            return ()
        if self._is_standby or self._counted is None:
            why = "is a standby" if self._is_standby else "has track_counts off"
            raise CannotTellError(f"there were transactions since, and it {why}")
        until = time.monotonic() + _LATE_SECONDS
        while True:
            now = self._writes() or {}
            either = {*now, *self._counted}
            changed = sorted(each for each in either if now.get(each) != self._counted.get(each))
            if changed or time.monotonic() > until:
                return changed
            time.sleep(1)

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _begin(self, statement_seconds: float) -> None:
        self._ask("begin isolation level repeatable read read only", rows=False)
        settings = {**_SETTINGS, "statement_timeout": f"{round(statement_seconds * 1000)}"}
        for name, value in settings.items():
            self._ask(_SET, (value, name))
        self._ask("savepoint part", rows=False)

    def _part(self, table: str, place: Place, size: float) -> tuple[str, Place | None] | None:
        """Return what to read from, as SQL, and where the next begins; None at the end."""
        leaves = self._found.leaves[table]
        number, block = (int(place[0]), int(place[1])) if place else (0, 0)
        if number >= len(leaves):
            return None
        leaf = leaves[number]
        self._hold(leaf)
        end = block + round(_BLOCKS * size)
        next_leaf = (str(number + 1), "0") if number + 1 < len(leaves) else None
        if self._version < _TID_RANGES:
            return f"only {leaf.name}", next_leaf
        if end >= self._blocks:
            return f"only {leaf.name} where ctid >= '({block},0)'::tid", next_leaf
        where = f"ctid >= '({block},0)'::tid and ctid < '({end},0)'::tid"
        return f"only {leaf.name} where {where}", (str(number), str(end))

    def _hold(self, leaf: Leaf) -> None:
        """Lock a relation against being rewritten, letting go of the one before.

        What was rewritten since the snapshot (by TRUNCATE, for instance) would look empty to it.
        """
        if self._held is leaf:
            return
        self._ask("rollback to savepoint part", rows=False)
        self._held = None
        self._ask(f"select from only {leaf.name} limit 0", rows=False)
        file_node, self._blocks = self._ask(
            "select pg_relation_filenode(%s), "
            "pg_relation_size(%s) / current_setting('block_size')::int",
            (leaf.oid, leaf.oid),
        )[0]
        if file_node != leaf.file_node:
            raise CannotTellError("it was emptied or rewritten while it was compared; run it again")
        self._held = leaf

    def _hashed(self, how: How, source: str, more: str = "") -> str:
        values = ", ".join(self._value(how.table, name) for name in how.columns)
        row = _hash(how.method, f"row({values})::text", how.seed)
        if not how.key:
            # Without "offset 0" the planner would compute the hash twice.
            inner = f"select {row} as h{more} from {source} offset 0"  # noqa: S608 - quoted names
            return f"select *, h as b from ({inner}) r"  # noqa: S608
        return f"select {self._bucket(how)} as b, {row} as h{more} from {source}"  # noqa: S608

    def _bucket(self, how: How) -> str:
        is_fast = how.plain_key and how.method == _METHODS[0]
        if is_fast and self._type(how.table, how.key[0]) in _INTEGERS:
            return f"hashint8extended({quoted(how.key[0])}::int8, {how.seed})"
        names = ", ".join(quoted(each) for each in how.key)
        return _hash(how.method, f"row({names})::text", how.seed)

    def _value(self, table: str, name: str) -> str:
        send = _FLOATS.get(self._type(table, name))
        return f"encode({send}({quoted(name)}), 'hex')" if send else quoted(name)

    def _type(self, table: str, name: str) -> str:
        columns = self._found.catalogue.tables[table].columns
        return next(each.type for each in columns if each.name == name)

    def _writes(self) -> dict[str, str] | None:
        if self._ask("select current_setting('track_counts')")[0][0] != "on":
            return None
        return dict(self._ask(_WRITES))

    def _ask(
        self, sql: str, given: Sequence[Any] = (), *, rows: bool = True
    ) -> list[tuple[Any, ...]]:
        import psycopg

        try:
            cursor = self._connection.execute(sql.encode(), given or None)
            return cursor.fetchall() if rows else []
        except psycopg.Error as error:
            said = self._address.washed(said_by(error))
            if self._connection.closed:
                raise LostError(f"the connection to {self._address} broke: {said}") from None
            self._held = None
            if self._connection.info.transaction_status is psycopg.pq.TransactionStatus.INERROR:
                self._connection.execute("rollback to savepoint part")
            raise CannotTellError(said) from None


def open_postgresql(
    address: Address, *, connect_seconds: float, statement_seconds: float
) -> PostgreSql:
    """Connect, and begin the transaction whose snapshot is compared.

    Raises:
        CannotTellError: psycopg is not installed, or the database does not let us in.

    """
    try:
        import psycopg
    except ImportError as error:
        raise CannotTellError(
            "the package psycopg is not installed: pip install 'decant[postgres]'"
        ) from error
    given: dict[str, Any] = dict(address.options)
    given |= {"host": address.host} if address.host else {}
    given |= {"port": address.port} if address.port else {}
    given |= {"dbname": address.database} if address.database else {}
    given |= {"user": address.user} if address.user else {}
    given |= {"password": address.password.value} if address.password else {}
    try:
        connection = psycopg.connect(
            **_KEEP_ALIVE,
            **given,
            connect_timeout=max(2, round(connect_seconds)),
            application_name="decant",
            client_encoding="UTF8",
            autocommit=True,
        )
    except (psycopg.Error, ValueError) as error:
        said = address.washed(said_by(error))
        raise CannotTellError(f"{address} does not let us in: {said}") from None
    try:
        return PostgreSql(connection, address, statement_seconds)
    except BaseException:
        connection.close()
        raise


def said_by(error: Exception) -> str:
    """Return the first line of what a database said."""
    diagnostic = getattr(error, "diag", None)
    said = getattr(diagnostic, "message_primary", None) or str(error)
    return said.strip().partition("\n")[0]


def _hash(method: str, text: str, seed: int) -> str:
    if method == _METHODS[0]:
        return f'hashtextextended(({text}) collate "C", {seed})'
    return f"('x' || left(md5(convert_to('{seed} ' || ({text}), 'UTF8')), 16))::bit(64)::bigint"
