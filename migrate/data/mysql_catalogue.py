"""What a MySQL or MariaDB database holds, as its own catalogue tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from migrate.data.model import Catalogue, Column, Table

Ask = Callable[[str, Sequence[Any]], Sequence[tuple[Any, ...]]]
"""Runs one query and returns its rows."""

_ROWS_OF_A_BUCKET = 1000
_STRINGS = frozenset({"char", "varchar", "tinytext", "text", "mediumtext", "longtext"})
_WORDS = _STRINGS | {"enum", "set", "json"}
_BYTES = frozenset({"binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"})
_FLOATS = frozenset({"float", "double"})
_PLAIN = frozenset(
    {"tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "year", "date", "datetime"}
    | {"timestamp", "time", "uuid", "inet4", "inet6"}
)
_SHAPES = frozenset(
    {"geometry", "point", "linestring", "polygon", "multipoint", "multilinestring"}
    | {"multipolygon", "geometrycollection", "geomcollection"}
)
_IN_ORDER = frozenset(
    {
        "tinyint",
        "smallint",
        "mediumint",
        "int",
        "bigint",
        "decimal",
        "date",
        "datetime",
        "timestamp",
    }
    | {"char", "varchar", "binary", "varbinary"}
)
"""Types of key columns by which a table is read in parts."""

_TABLES = """
select table_name, table_type, engine, table_rows, auto_increment, create_options
  from information_schema.tables where table_schema = database() order by table_name"""
_COLUMNS = """
select table_name, column_name, column_type, data_type from information_schema.columns
 where table_schema = database() order by table_name, ordinal_position"""
_KEYS = """
select s.table_name, s.index_name, s.column_name, s.sub_part, c.is_nullable
  from information_schema.statistics s join information_schema.columns c
    on c.table_schema = s.table_schema and c.table_name = s.table_name
   and c.column_name = s.column_name
 where s.table_schema = database() and s.non_unique = 0
 order by s.table_name, s.index_name <> 'PRIMARY', s.index_name, s.seq_in_index"""


def quoted(name: str) -> str:
    """Write a name as SQL takes it, also where it stands beside placeholders."""
    return "`" + name.replace("`", "``").replace("%", "%%") + "`"


def text_of(column: Column) -> str:
    """Return SQL for a value's text, the same on both sides, in which NULL is unlike any other."""
    name, kind = quoted(column.name), _kind(column)
    if kind in _WORDS:
        text = f"convert({name} using utf8mb4)"
        return f"ifnull(concat(octet_length({text}), ':', cast({text} as binary)), 'N')"
    if kind in _BYTES:
        return f"ifnull(concat(octet_length({name}), ':', {name}), 'N')"
    if kind in _FLOATS:
        return f"ifnull(cast({name} + 0e0 as char), 'N')"
    if kind in _PLAIN:
        return f"ifnull(cast({name} as char), 'N')"
    return f"ifnull(hex({name}), 'N')"


def shown(column: Column) -> str:
    """Return SQL for a key column's value as people read it."""
    name = quoted(column.name)
    return f"hex({name})" if _kind(column) in _BYTES | {"bit"} else f"cast({name} as char)"


def is_in_order(column: Column) -> bool:
    """Tell whether a table can be read in parts by a key column of that type."""
    return _kind(column) in _IN_ORDER


def read_catalogue(ask: Ask) -> Catalogue:
    """Read what a database holds."""
    rows = ask(_TABLES, ())
    columns: dict[str, list[Column]] = {}
    for table, name, type_, kind in ask(_COLUMNS, ()):
        columns.setdefault(table, []).append(_column(name, type_, kind))
    keys = _keys(ask(_KEYS, ()))
    tables = [each for each in rows if each[1] in {"BASE TABLE", "SYSTEM VERSIONED"}]
    return Catalogue(
        tables={row[0]: _table(row, columns, keys) for row in tables},
        sequences={
            f"{row[0]} (auto_increment)": int(row[4]) for row in tables if row[4] is not None
        },
        untold=tuple(
            f"sequence {row[0]}: MariaDB's sequences are not compared here"
            for row in rows
            if row[1] == "SEQUENCE"
        ),
    )


def _kind(column: Column) -> str:
    return column.type.partition(" ")[0].partition("(")[0].lower()


def _column(name: str, type_: str, kind: str) -> Column:
    known = _WORDS | _BYTES | _FLOATS | _PLAIN | _SHAPES | {"bit"}
    puzzle = "" if kind.lower() in known else "this type is not known here"
    return Column(name=name, type=type_, puzzle=puzzle)


def _keys(rows: Sequence[tuple[Any, ...]]) -> dict[str, tuple[str, ...]]:
    indexes: dict[tuple[str, str], list[str]] = {}
    unfit: set[tuple[str, str]] = set()
    for table, index, column, prefix, nullable in rows:
        indexes.setdefault((table, index), []).append(column)
        if prefix is not None or nullable != "NO":
            unfit.add((table, index))
    found: dict[str, tuple[str, ...]] = {}
    for (table, index), names in indexes.items():
        if (table, index) not in unfit:
            found.setdefault(table, tuple(names))
    return found


def _table(
    row: tuple[Any, ...],
    columns: Mapping[str, Sequence[Column]],
    keys: Mapping[str, tuple[str, ...]],
) -> Table:
    name, kind, engine, rows = row[:4]
    why_not = ""
    if (engine or "").lower() != "innodb":
        why_not = f"its engine ({engine or 'unknown'}) keeps no snapshot to compare"
    elif kind != "BASE TABLE":
        why_not = "it keeps its own history, of which only the present could be compared"
    return Table(
        name=name,
        columns=tuple(columns.get(name, ())),
        key=keys.get(name, ()),
        weight=int(rows or 0) // _ROWS_OF_A_BUCKET,
        why_not=why_not,
    )
