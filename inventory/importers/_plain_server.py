"""An entry of a plain list of servers → the record of that server, and what it depends on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inventory.importers._plain_columns import COLUMNS
from inventory.importers._plain_dependencies import Dependencies
from inventory.importers._plain_entries import Entry
from inventory.importers._plain_facts import Given, tags
from inventory.model.fact import Observation
from inventory.model.facts import FQDN, HOSTNAME
from inventory.model.imported import Item, ServerRecord, Stated, Unread
from inventory.reading import values
from inventory.reading.table import Cell

SOURCE: Final = "list"
_HOST_NAME: Final = re.compile(r"\w(?:[\w-]*\w)?(?:\.\w(?:[\w-]*\w)?)*", re.ASCII)
_DIGITS: Final = re.compile(r"[\d.]+")


def items_of(entry: Entry, dependencies: Dependencies) -> Iterator[Item]:
    """Yield the server, and what cannot be understood of it."""
    try:
        name = values.text(_first(entry, "name"))
        key = values.text(_first(entry, "id"))
    except ValueError as error:
        yield Unread(why=f"its name or id: {error}", where=entry.where)
        return
    if not name:
        yield Unread(why="it has no name", where=entry.where)
        return
    stated = [Stated(column=entry.titles["name"], observation=each) for each in _names(name)]
    for item in _statements(entry):
        if isinstance(item, Unread):
            yield item
        else:
            stated.append(item)
    record = ServerRecord(
        source=SOURCE, key=key or name, name=name, stated=tuple(stated), where=entry.where
    )
    yield record
    yield from dependencies.of(record, entry.fields.get("depends_on", ()))


def _statements(entry: Entry) -> Iterator[Stated | Unread]:
    for column in COLUMNS:
        is_others = column.state is tags and bool(entry.others)
        if column.state is None or not (column.name in entry.fields or is_others):
            continue
        title = entry.titles.get(column.name, column.name)
        given = Given(
            cells=entry.fields.get(column.name, ()),
            row=lambda other: entry.fields.get(other, ()),
            decimal_comma=entry.decimal_comma,
            others=entry.others,
        )
        try:
            # All of a column's statements are made before one is given out.
            stated = list(column.state(given))
        except ValueError as error:
            yield Unread(why=f"{title} {error}", where=entry.where)
            continue
        yield from (Stated(column=title, observation=each) for each in stated)


def _first(entry: Entry, name: str) -> Cell:
    return next(iter(entry.fields.get(name, ())), None)


def _names(name: str) -> Iterator[Observation]:
    """State what a server's name tells of its names in the network."""
    if _HOST_NAME.fullmatch(name) and not _DIGITS.fullmatch(name):
        yield HOSTNAME.known(name.split(".", maxsplit=1)[0])
        if "." in name:
            yield FQDN.known(name.lower())
