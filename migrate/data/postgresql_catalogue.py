"""What a PostgreSQL database holds, as its own catalogue tells it. Versions 10 and later."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from migrate.data.model import CannotTellError, Catalogue, Column, Table

Ask = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]
"""Runs one query and returns its rows."""

_SHORTEST_FLOATS = 120000
"""Since PostgreSQL 12 a float is written in the fewest digits (its release notes, E.25)."""
_BLOCKS_OF_A_BUCKET = 16

_TABLES = """
select c.oid, n.nspname, c.relname, c.relkind, c.relfilenode,
       pg_relation_size(c.oid) / current_setting('block_size')::int,
       exists (select from pg_depend d where d.classid = 'pg_class'::regclass
               and d.objid = c.oid and d.deptype = 'e'),
       c.relispartition, c.relispopulated
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p', 'm', 'f') and n.nspname !~ '^pg_'
   and n.nspname <> 'information_schema'
 order by n.nspname, c.relname"""

_COLUMNS = """
select a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod), t.typcategory, t.typtype,
       coalesce(e.typcategory, ' ')
  from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_type e on e.oid = t.typelem
 where a.attrelid = any (%s) and a.attnum > 0 and not a.attisdropped
 order by a.attrelid, a.attnum"""

_KEYS = """
select i.indrelid, array(select a.attname from unnest(i.indkey::int2[]) with ordinality k(n, i)
                           join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.n
                          where k.i <= i.{key_columns} order by k.i)
  from pg_index i
 where i.indrelid = any (%s) and i.indisunique and i.indisvalid and i.indimmediate
   and i.indpred is null and i.indexprs is null
   and not exists (select from unnest(i.indkey::int2[]) with ordinality k(n, i)
                     join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.n
                    where k.i <= i.{key_columns} and not a.attnotnull)
 order by i.indrelid, i.indisprimary desc, i.{key_columns}, i.indexrelid"""

_PARTITIONS = """
with recursive part(top, id) as (
  select inhparent, inhrelid from pg_inherits where inhparent = any (%s)
  union select p.top, i.inhrelid from part p join pg_inherits i on i.inhparent = p.id)
select top, id from part order by top, id"""

_SEQUENCES = """
select n.nspname, c.relname, s.seqincrement < 0,
       has_sequence_privilege(c.oid, 'select') and has_schema_privilege(n.oid, 'usage'),
       quote_ident(n.nspname) || '.' || quote_ident(c.relname)
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  join pg_sequence s on s.seqrelid = c.oid
 where c.relkind = 'S' and n.nspname !~ '^pg_'
   and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass
                   and d.objid = c.oid and d.deptype = 'e')
 order by n.nspname, c.relname"""


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """A relation that holds rows itself: a table, or one partition of it."""

    oid: int
    name: str
    """Quoted, with its schema."""
    file_node: int
    """Of the file that held it at the moment that is compared."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """The catalogue, and where each table's rows lie."""

    catalogue: Catalogue
    leaves: Mapping[str, tuple[Leaf, ...]]


def quoted(name: str) -> str:
    """Write a name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def read_catalogue(ask: Ask, version: int, other_version: int) -> Found:
    """Read what a database holds; ``other_version`` is that of the other side."""
    rows = ask(_TABLES, ())
    by_oid = {row[0]: row for row in rows}
    tops = [row for row in rows if not row[7] and not row[6]]
    leaves = _leaves(ask, by_oid, tops)
    oids = [row[0] for row in tops]
    straddles = (version < _SHORTEST_FLOATS) != (other_version < _SHORTEST_FLOATS)
    columns = _columns(ask(_COLUMNS, (oids,)), straddles=straddles)
    keys = _keys(ask, oids, version)
    tables = [_table(row, columns, keys, leaves, by_oid) for row in tops]
    sequences, downward, untold = _sequences(ask)
    return Found(
        catalogue=Catalogue(
            tables={each.name: each for each in tables},
            sequences=sequences,
            downward=downward,
            extensions=dict(ask("select extname, extversion from pg_extension order by 1", ())),
            aside=tuple(f"{_name(row)}: belongs to an extension" for row in rows if row[6]),
            untold=(*untold, *_large_objects(ask)),
        ),
        leaves={_name(row): leaves[row[0]] for row in tops},
    )


def _name(row: tuple[Any, ...]) -> str:
    return f"{row[1]}.{row[2]}"


def _leaf(row: tuple[Any, ...]) -> Leaf:
    return Leaf(oid=row[0], name=f"{quoted(row[1])}.{quoted(row[2])}", file_node=row[4])


def _leaves(
    ask: Ask, by_oid: Mapping[int, tuple[Any, ...]], tops: Sequence[tuple[Any, ...]]
) -> dict[int, tuple[Leaf, ...]]:
    parted = [row[0] for row in tops if row[3] == "p"]
    parts = ask(_PARTITIONS, (parted,)) if parted else []
    found: dict[int, tuple[Leaf, ...]] = {
        row[0]: () if row[3] == "p" else (_leaf(row),) for row in tops
    }
    for top, oid in parts:
        row = by_oid.get(oid)
        if row is None:
            raise CannotTellError("a partition went away meanwhile; run it again")
        if row[3] != "p":
            found[top] = (*found[top], _leaf(row))
    return found


def _columns(rows: Sequence[tuple[Any, ...]], *, straddles: bool) -> dict[int, tuple[Column, ...]]:
    found: dict[int, list[Column]] = {}
    for oid, name, type_, category, kind, element in rows:
        holds_floats = straddles and (category in "GR" or element in "NG" or kind == "c")
        puzzle = "before and since version 12 its text differs" if holds_floats else ""
        found.setdefault(oid, []).append(Column(name=name, type=type_, puzzle=puzzle))
    return {oid: tuple(columns) for oid, columns in found.items()}


def _keys(ask: Ask, oids: Sequence[int], version: int) -> dict[int, tuple[str, ...]]:
    key_columns = "indnkeyatts" if version >= 110000 else "indnatts"  # noqa: PLR2004 - a version
    found: dict[int, tuple[str, ...]] = {}
    for oid, names in ask(_KEYS.format(key_columns=key_columns), (oids,)):
        found.setdefault(oid, tuple(names))
    return found


def _table(
    row: tuple[Any, ...],
    columns: Mapping[int, tuple[Column, ...]],
    keys: Mapping[int, tuple[str, ...]],
    leaves: Mapping[int, tuple[Leaf, ...]],
    by_oid: Mapping[int, tuple[Any, ...]],
) -> Table:
    kinds = {by_oid[leaf.oid][3] for leaf in leaves[row[0]]}
    why_not = ""
    if "f" in kinds:
        why_not = "it is, or has a part that is, a foreign table: its rows lie elsewhere"
    elif not row[8]:
        why_not = "it is a materialised view that was not filled"
    return Table(
        name=_name(row),
        columns=columns.get(row[0], ()),
        key=keys.get(row[0], ()),
        weight=sum(by_oid[leaf.oid][5] for leaf in leaves[row[0]]) // _BLOCKS_OF_A_BUCKET,
        why_not=why_not,
    )


def _sequences(ask: Ask) -> tuple[dict[str, int | None], frozenset[str], list[str]]:
    values: dict[str, int | None] = {}
    downward: set[str] = set()
    untold: list[str] = []
    for schema, name, is_downward, may_read, where in ask(_SEQUENCES, ()):
        if not may_read:
            untold.append(f"sequence {schema}.{name}: not allowed to read it")
            continue
        last, is_called = ask(f"select last_value, is_called from {where}", ())[0]  # noqa: S608
        values[f"{schema}.{name}"] = last if is_called else None
        if is_downward:
            downward.add(f"{schema}.{name}")
    return values, frozenset(downward), untold


def _large_objects(ask: Ask) -> list[str]:
    count = ask("select count(*) from pg_largeobject_metadata", ())[0][0]
    return [f"{count} large objects: not compared here"] if count else []
