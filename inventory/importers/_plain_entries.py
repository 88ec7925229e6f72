"""Tables and JSON of a plain list of servers → one entry for each server."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from inventory.errors import BadInputError
from inventory.importers._plain_columns import COLUMNS, Column
from inventory.model.imported import Unread, Where
from inventory.reading import values
from inventory.reading.export import File
from inventory.reading.table import Cell, Table

_COMMENT: Final = "# "
"""With a blank, since a spreadsheet's errors begin with the same sign."""
_BY_NAME: Final = {each.name: each for each in COLUMNS}
_SECRET: Final = re.compile(
    r"pass|kennwort|contrase|senha|wachtwoord|secret|credential", re.IGNORECASE
)
"""Columns with such a title are not read."""
_PAIRS: Final = {
    "disks_gb": ("name", "size_gb"),
    "tags": ("name", "value"),
}
"""What the objects of a list hold, in the order in which a cell would say it: ``name=value``."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a list says of one server, before it is understood."""

    fields: Mapping[str, tuple[Cell, ...]]
    """By the column's name; one cell, or each of several."""
    titles: Mapping[str, str]
    """What the list calls each of these columns."""
    others: tuple[tuple[str, str], ...] = ()
    """Titles and texts of columns that are none of ours."""
    decimal_comma: bool = False
    where: Where


def places_of(table: Table) -> dict[str, int]:
    """Return where each of our columns stands that the table has."""
    found = ((each.name, table.place(each.name, *each.also)) for each in COLUMNS)
    return {name: place for name, place in found if place is not None}


def entries_in_table(table: Table) -> Iterator[Entry | Unread]:
    """Yield a table's rows, passing over comments."""
    places = places_of(table)
    titles = {name: table.header[place] for name, place in places.items()}
    taken = set(places.values())
    others = [
        (place, title)
        for place, title in enumerate(table.header)
        if title and place not in taken and not _SECRET.search(title)
    ]
    for row, cells in table.read():
        if isinstance(cells[0], str) and cells[0].lstrip().startswith(_COMMENT):
            continue
        try:
            yield Entry(
                fields={name: _cells(_BY_NAME[name], cells[at]) for name, at in places.items()},
                titles=titles,
                others=tuple(
                    (title, text) for place, title in others if (text := values.text(cells[place]))
                ),
                decimal_comma=table.decimal_comma,
                where=table.where(row),
            )
        except ValueError as error:
            yield Unread(why=str(error), where=table.where(row))


def _cells(column: Column, cell: Cell) -> tuple[Cell, ...]:
    return values.listed(cell, column.separators) if column.several else (cell,)


def entries_in_document(file: File, document: Any) -> Iterator[Entry | Unread]:
    """Yield the servers of a JSON document.

    Raises:
        BadInputError: it has no list of servers.

    """
    servers = document.get("servers") if isinstance(document, dict) else None
    if not isinstance(servers, list):
        raise BadInputError(
            f"{file.name}: there is no list under 'servers'",
            hint="decant import --template json shows what it holds",
        )
    for number, server in enumerate(servers):
        where = Where(file=file.name, sheet=f"servers[{number}]")
        if isinstance(server, dict):
            yield from _entry(server, where)
        else:
            yield Unread(why="it is no object", where=where)


def _entry(server: dict[str, Any], where: Where) -> Iterator[Entry | Unread]:
    fields: dict[str, tuple[Cell, ...]] = {}
    others: list[tuple[str, str]] = []
    for name, value in server.items():
        try:
            if name in _BY_NAME:
                fields[name] = _held(_BY_NAME[name], value)
            elif not _SECRET.search(name) and (text := values.text(_one(value))):
                others.append((name, text))
        except ValueError as error:
            yield Unread(why=f"{name} {error}", where=where)
    yield Entry(
        fields=fields, titles={name: name for name in fields}, others=tuple(others), where=where
    )


def _held(column: Column, value: Any) -> tuple[Cell, ...]:
    """Return what a field holds as cells: an object becomes what a cell would say."""
    if not column.several:
        return (_one(value),)
    if isinstance(value, dict) and column.name == "tags":
        return tuple(f"{name}={_one(each)}" for name, each in value.items())
    return tuple(_part(column, each) for each in (value if isinstance(value, list) else [value]))


def _part(column: Column, value: Any) -> Cell:
    if isinstance(value, dict) and column.name in _PAIRS:
        name, held = (_one(value.get(each)) for each in _PAIRS[column.name])
        return f"{name}={held}" if name else str(held)
    if isinstance(value, dict) and column.name == "depends_on":
        to, port = _one(value.get("to")), _one(value.get("port"))
        named = f"[{to}]" if ":" in str(to) else to
        return f"{named}:{port}/{_one(value.get('protocol')) or 'tcp'}"
    return _one(value)


def _one(value: Any) -> Cell:
    if isinstance(value, (dict, list)):
        raise ValueError("holds an object or a list where one value is wanted")  # noqa: TRY004  # promised to callers
    return value  # type: ignore[no-any-return]  # what JSON holds else is a cell
