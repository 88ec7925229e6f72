"""A plain list of servers as CSV, workbook or JSON, from our own template.

The columns are in :data:`inventory.importers._plain_columns.COLUMNS`; all but the name may be left
out or empty, in any order. In CSV several values are parted by semicolons. A line that begins
with ``#`` and a blank is passed over. In JSON there is one object: ``format`` is
``decant-servers``, and ``servers`` is a list of objects with the columns as their fields, several
values as arrays; what has parts may be an object (a disk's ``name`` and ``size_gb``, a dependency's
``to``, ``port`` and ``protocol``), and so may ``tags``. Columns that are none of these are kept as
tags, except those that are called a password.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, Final, Literal

from inventory.errors import BadInputError
from inventory.importers._plain_columns import COLUMNS, Column
from inventory.importers._plain_dependencies import Dependencies
from inventory.importers._plain_entries import (
    Entry,
    entries_in_document,
    entries_in_table,
    places_of,
)
from inventory.importers._plain_server import SOURCE, items_of
from inventory.model.imported import Item, Unread
from inventory.model.importer import CERTAIN, LIKELY, NO, Importer, ImportExample
from inventory.reading.export import Export, File, Kind
from inventory.reading.table import Table, plain

FORMAT: Final = "decant-servers"
_FEWEST: Final = 3
"""Columns of ours that make any list one that can be read as ours."""


def template(form: Literal["csv", "json"]) -> str:
    """Return an empty list, in which each column is explained and shown by an example."""
    if form == "csv":
        held = io.StringIO()
        writer = csv.writer(held, lineterminator="\r\n")
        writer.writerow(each.name for each in COLUMNS)
        for beginning, texts in (
            ("what it is: ", [each.help for each in COLUMNS]),
            ("example: ", [each.example for each in COLUMNS]),
        ):
            writer.writerow([f"# {beginning}{texts[0]}", *texts[1:]])
        return held.getvalue()
    example = {each.name: _as_json(each) for each in COLUMNS if each.example}
    about = {each.name: each.help for each in COLUMNS}
    document = {"format": FORMAT, "about": about, "example": example, "servers": []}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _as_json(column: Column) -> Any:
    if column.several:
        return [part.strip() for part in column.example.split(";")]
    return int(column.example) if column.example.isdigit() else column.example


def _recognise(export: Export) -> int:
    return max(map(_score, export.files), default=NO)


def _score(file: File) -> int:
    if file.kind is Kind.JSON:
        return CERTAIN if f'"{FORMAT}"' in file.beginning else NO
    if file.kind not in {Kind.DELIMITED, Kind.WORKBOOK}:
        return NO
    return max(map(_score_of, _tables(file)), default=NO)


def _score_of(table: Table) -> int:
    """Be sure of our own titles alone; titles that any list may have are a weak sign."""
    titles = {plain(title) for title in table.header if title}
    own = {plain(each.name) for each in COLUMNS}
    if "name" in titles and len(titles) > _FEWEST and titles <= own:
        return LIKELY + 1
    places = places_of(table)
    return 1 if "name" in places and len(places) >= _FEWEST else NO


def _tables(file: File) -> tuple[Table, ...]:
    try:
        return tuple(file.tables())
    except BadInputError:
        return ()


def _read(export: Export) -> Iterator[Item]:
    """Yield the servers, then what they depend on."""
    dependencies = Dependencies(source=SOURCE)
    understood = False
    for file in export.files:
        if file.kind is Kind.JSON:
            for document in file.documents():
                understood = True
                yield from _items(entries_in_document(file, document), dependencies)
        for table in file.tables():
            if "name" in places_of(table):
                understood = True
                yield from _items(entries_in_table(table), dependencies)
    if not understood:
        raise BadInputError(
            "there is no list of servers: no column is called name",
            hint="decant import --template csv shows the columns",
        )
    yield from dependencies.items()


def _items(entries: Iterator[Entry | Unread], dependencies: Dependencies) -> Iterator[Item]:
    for entry in entries:
        if isinstance(entry, Unread):
            yield entry
        else:
            yield from items_of(entry, dependencies)


_CSV: Final = b"""name,fqdn,addresses,mac,os,cpus,memory_gb,disks_gb,power,depends_on,tags,notes\r
# servers of the web team,,,,,,,,,,,\r
web-1,web-1.example.org,192.0.2.10/24,00-50-56-AA-BB-01,Ubuntu 22.04.3 LTS,4,16,60; 500,on,\
db-1:5432; 192.0.2.53:53/udp,backup; cost centre=4711,"behind\nthe balancer"\r
db-1,,192.0.2.11,,Red Hat Enterprise Linux 8,8,,,off,,,\r
,,192.0.2.12,,,,,,,,,\r
app-1,,192.0.2.999,,,four,,,,mail:25,,\r
"""
_EUROPEAN: Final = """Server;IP-Address;RAM;vCPU;Comment
web-1;192.0.2.10;1,5;2;für alle
web-2;192.0.2.11;0,5;1;
""".encode("cp1252")
_JSON: Final = b"""{"format": "decant-servers", "servers": [
  {"name": "web-1", "cpus": 4, "memory_gb": 1.5, "disks_gb": ["sda=60", 500],
   "addresses": ["192.0.2.10"], "depends_on": ["db-1:5432"], "tags": ["a=b;c"]},
  {"name": "db-1", "power": "off", "colour": "blue", "tags": {"rack": 14}, "serial": ["a"],
   "disks_gb": [{"name": "sda", "size_gb": 60}], "root password": "hunter2",
   "depends_on": [{"to": "web-1", "port": 443}, {"to": "2001:db8::1", "port": 53,
                   "protocol": "udp"}]},
  "web-3"
]}"""
IMPORTER: Final = Importer(
    title="Plain list of servers (CSV, workbook, JSON)",
    files="one or several .csv, .xlsx or .json files that follow the template",
    source="decant import --template csv, or json (2026-11-23)",
    recognise=_recognise,
    read=_read,
    examples=(
        ImportExample(
            tool="the template, filled in",
            files=(("servers.csv", _CSV),),
            servers=("web-1", "db-1", "app-1"),
            connections=2,
            unread=4,
        ),
        ImportExample(
            tool="a spreadsheet of somebody's own (format as documented)",
            files=(("Serverliste.csv", _EUROPEAN),),
            servers=("web-1", "web-2"),
        ),
        ImportExample(
            tool="the template, filled in",
            files=(("servers.json", _JSON),),
            servers=("web-1", "db-1"),
            connections=3,
            unread=2,
        ),
    ),
)
