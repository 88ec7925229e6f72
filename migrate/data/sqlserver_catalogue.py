"""What a SQL Server database holds, as its own catalogue tells it.

Sources: https://learn.microsoft.com/sql/t-sql/functions/cast-and-convert-transact-sql (styles) and
https://learn.microsoft.com/sql/t-sql/functions/hashbytes-transact-sql.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from migrate.data.model import Catalogue, Column, Table

Ask = Callable[[str, Sequence[Any]], Sequence[tuple[Any, ...]]]
"""Runs one query and returns its rows."""

_ROWS_OF_A_BUCKET = 1000
INTEGERS = frozenset({"tinyint", "smallint", "int", "bigint"})
_STYLES = {
    **dict.fromkeys(("date", "time", "datetime", "datetime2", "smalldatetime"), 121),
    "datetimeoffset": 121,
    **dict.fromkeys(("money", "smallmoney"), 2),
    **dict.fromkeys((*INTEGERS, "bit", "decimal", "numeric", "uniqueidentifier"), 0),
}
"""Types that are written as text, and the style by which all of their value is."""
_WORDS = frozenset({"char", "varchar", "text", "nchar", "nvarchar", "ntext", "xml", "sysname"})
_BYTES = frozenset(
    {"binary", "varbinary", "image", "hierarchyid", "geometry", "geography", "float", "real"}
)

_TABLES = """
select t.object_id, s.name, t.name, t.is_memory_optimized, t.is_external,
       (select sum(p.rows) from sys.partitions p
         where p.object_id = t.object_id and p.index_id in (0, 1))
  from sys.tables t join sys.schemas s on s.schema_id = t.schema_id
 where t.is_ms_shipped = 0 order by s.name, t.name"""
_COLUMNS = """
select c.object_id, c.name, y.name, c.is_computed
  from sys.columns c join sys.tables t on t.object_id = c.object_id
  join sys.types y on y.user_type_id = case when c.user_type_id > 256 and c.system_type_id <> 240
                                            then c.system_type_id else c.user_type_id end
 order by c.object_id, c.column_id"""
_KEYS = """
select i.object_id, i.index_id, c.name, c.is_nullable
  from sys.indexes i
  join sys.index_columns k on k.object_id = i.object_id and k.index_id = i.index_id
   and k.is_included_column = 0
  join sys.columns c on c.object_id = i.object_id and c.column_id = k.column_id
 where i.is_unique = 1 and i.has_filter = 0 and i.is_disabled = 0 and k.key_ordinal > 0
 order by i.object_id, i.is_primary_key desc, i.index_id, k.key_ordinal"""
_IDENTITIES = """
select s.name, t.name, convert(bigint, i.last_value),
       case when convert(bigint, i.increment_value) < 0 then 1 else 0 end
  from sys.identity_columns i join sys.tables t on t.object_id = i.object_id
  join sys.schemas s on s.schema_id = t.schema_id"""
_SEQUENCES = """
select s.name, q.name, convert(bigint, q.current_value),
       case when convert(bigint, q.increment) < 0 then 1 else 0 end
  from sys.sequences q join sys.schemas s on s.schema_id = q.schema_id"""


def quoted(name: str) -> str:
    """Write a name as SQL takes it, also where it stands beside placeholders."""
    return "[" + name.replace("]", "]]").replace("%", "%%") + "]"


def bytes_of(column: Column) -> str:
    """Return SQL for a value's bytes, the same on both sides, in which NULL is unlike any other."""
    name = quoted(column.name)
    if column.type in _BYTES:
        value = f"convert(varbinary(max), {name})"
    elif column.type in _WORDS:
        value = f"convert(varbinary(max), convert(nvarchar(max), {name}))"
    else:
        text = f"convert(nvarchar(64), {name}, {_STYLES[column.type]})"
        value = f"convert(varbinary(max), {text})"
    length = f"convert(binary(8), convert(bigint, datalength({value})))"
    return f"isnull(0x01 + {length} + {value}, 0x00)"


def shown(column: Column) -> str:
    """Return SQL for a key column's value as people read it."""
    name = quoted(column.name)
    if column.type in _BYTES:
        return f"convert(nvarchar(4000), convert(varbinary(max), {name}), 2)"
    return f"convert(nvarchar(4000), {name}, {_STYLES.get(column.type, 0)})"


def read_catalogue(ask: Ask) -> Catalogue:
    """Read what a database holds."""
    columns: dict[int, list[Column]] = {}
    aside: list[tuple[int, str]] = []
    for table, name, type_, is_computed in ask(_COLUMNS, ()):
        if is_computed or type_ in {"timestamp", "rowversion"}:
            kind = "computed" if is_computed else "a rowversion, which each database gives anew"
            aside.append((table, f"column {name}: {kind}"))
        else:
            columns.setdefault(table, []).append(_column(name, type_))
    keys = _keys(ask(_KEYS, ()))
    rows = ask(_TABLES, ())
    names = {row[0]: f"{row[1]}.{row[2]}" for row in rows}
    given = [
        *((f"{schema}.{name} (identity)", *rest) for schema, name, *rest in ask(_IDENTITIES, ())),
        *((f"{schema}.{name}", *rest) for schema, name, *rest in ask(_SEQUENCES, ())),
    ]
    return Catalogue(
        tables={names[row[0]]: _table(row, columns, keys) for row in rows},
        sequences={name: last for name, last, _ in given},
        downward=frozenset(name for name, _, is_downward in given if is_downward),
        aside=tuple(f"{names[table]}, {words}" for table, words in aside if table in names),
    )


def _column(name: str, type_: str) -> Column:
    known = type_ in _STYLES or type_ in _WORDS or type_ in _BYTES
    return Column(name=name, type=type_, puzzle="" if known else "this type is not known here")


def _keys(rows: Sequence[tuple[Any, ...]]) -> dict[int, tuple[str, ...]]:
    indexes: dict[tuple[int, int], list[str]] = {}
    unfit: set[tuple[int, int]] = set()
    for table, index, name, is_nullable in rows:
        indexes.setdefault((table, index), []).append(name)
        if is_nullable:
            unfit.add((table, index))
    found: dict[int, tuple[str, ...]] = {}
    for (table, index), names in indexes.items():
        if (table, index) not in unfit:
            found.setdefault(table, tuple(names))
    return found


def _table(
    row: tuple[Any, ...],
    columns: Mapping[int, Sequence[Column]],
    keys: Mapping[int, tuple[str, ...]],
) -> Table:
    oid, schema, name, is_in_memory, is_external, rows = row
    mine = tuple(columns.get(oid, ()))
    key = keys.get(oid, ())
    why_not = ""
    if is_in_memory or is_external:
        why_not = "it is kept in memory or elsewhere, and is not read here"
    elif not mine:
        why_not = "it has no column that can be compared"
    return Table(
        name=f"{schema}.{name}",
        columns=mine,
        key=key if set(key) <= {each.name for each in mine} else (),
        weight=int(rows or 0) // _ROWS_OF_A_BUCKET,
        why_not=why_not,
    )
