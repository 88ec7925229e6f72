"""A plain list of servers as CSV, workbook or JSON, from our own template.

The columns are in :data:`inventory.importers._plain_columns.COLUMNS`; all but the name may be left
out or empty, in any order. In CSV several values are parted by semicolons. A line that begins
with ``#`` is passed over. In JSON there is one object: ``format`` is ``decant-servers``, and
``servers`` is a list of objects with the columns as their fields, several values as arrays.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from inventory.errors import BadInputError
from inventory.importers._plain_columns import COLUMNS, Column, Given
from inventory.importers._plain_dependencies import Dependencies
from inventory.model.fact import Observation
from inventory.model.facts import FQDN, HOSTNAME
from inventory.model.imported import Item, ServerRecord, Stated, Unread, Where
from inventory.model.importer import CERTAIN, LIKELY, NO, Importer, ImportExample
from inventory.reading import values
from inventory.reading.export import Export, File, Kind
from inventory.reading.table import Cell, Table, plain

SOURCE: Final = "list"
FORMAT: Final = "decant-servers"
_FEWEST: Final = 3
"""Columns of ours that make any list one that can be read as ours."""
_COMMENT: Final = "#"
_HOST_NAME: Final = re.compile(
    r"[A-Za-z0-9_](?:[\w-]*\w)?(?:\.[A-Za-z0-9](?:[\w-]*\w)?)*", re.ASCII
)
_DIGITS: Final = re.compile(r"[\d.]+")

Fields = Mapping[str, tuple[Cell, ...]]
"""A server's cells by the column's name; several where a column holds several."""


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
            writer.writerow([f"{_COMMENT} {beginning}{texts[0]}", *texts[1:]])
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
    places = _places(table)
    return 1 if "name" in places and len(places) >= _FEWEST else NO


def _tables(file: File) -> tuple[Table, ...]:
    try:
        return tuple(file.tables())
    except BadInputError:
        return ()


def _places(table: Table) -> dict[str, int]:
    found = ((each.name, table.place(each.name, *each.also)) for each in COLUMNS)
    return {name: place for name, place in found if place is not None}


def _read(export: Export) -> Iterator[Item]:
    """Yield the servers, then what they depend on."""
    dependencies = Dependencies(source=SOURCE)
    understood = False
    for file in export.files:
        if file.kind is Kind.JSON:
            for document in file.documents():
                understood = True
                yield from _document(file, document, dependencies)
        for table in file.tables():
            if "name" in _places(table):
                understood = True
                yield from _table(table, dependencies)
    if not understood:
        raise BadInputError(
            "there is no list of servers: no column is called name",
            hint="decant import --template csv shows the columns",
        )
    yield from dependencies.items()


def _table(table: Table, dependencies: Dependencies) -> Iterator[Item]:
    places = _places(table)
    several = {each.name for each in COLUMNS if each.several}
    for row, cells in table.read():
        if str(cells[0] or "").lstrip().startswith(_COMMENT):
            continue
        fields = {
            name: values.listed(cells[place], ";\n") if name in several else (cells[place],)
            for name, place in places.items()
        }
        titles = {name: table.header[place] for name, place in places.items()}
        yield from _server(
            fields, titles, table.where(row), dependencies, decimal_comma=table.decimal_comma
        )


def _document(file: File, document: Any, dependencies: Dependencies) -> Iterator[Item]:
    servers = document.get("servers") if isinstance(document, dict) else None
    if not isinstance(servers, list):
        raise BadInputError(
            f"{file.name}: there is no list under 'servers'",
            hint="decant import --template json shows what it holds",
        )
    for number, server in enumerate(servers, 1):
        where = Where(file=file.name, sheet=f"servers[{number - 1}]")
        if not isinstance(server, dict):
            yield Unread(why="it is no object", where=where)
            continue
        yield from _json_server(server, where, dependencies)


def _json_server(
    server: dict[str, Any], where: Where, dependencies: Dependencies
) -> Iterator[Item]:
    known = {each.name: each for each in COLUMNS}
    fields: dict[str, tuple[Cell, ...]] = {}
    for name, value in server.items():
        held = (
            value if isinstance(value, list) and name in known and known[name].several else [value]
        )
        if name not in known:
            yield Unread(why=f"there is no field {name!r}", where=where)
        elif any(isinstance(each, (dict, list)) for each in held):
            yield Unread(why=f"{name} is neither a value nor a list of values", where=where)
        else:
            fields[name] = tuple(held)
    titles = {name: name for name in fields}
    yield from _server(fields, titles, where, dependencies, decimal_comma=False)


def _server(
    fields: Fields,
    titles: Mapping[str, str],
    where: Where,
    dependencies: Dependencies,
    *,
    decimal_comma: bool,
) -> Iterator[Item]:
    try:
        (name,) = map(values.text, fields.get("name", ()))
        (key,) = map(values.text, fields.get("id", (None,)))
    except ValueError as error:
        yield Unread(why=f"name or id: {error}", where=where)
        return
    if not name:
        yield Unread(why="it has no name", where=where)
        return
    stated = [Stated(column=titles["name"], observation=each) for each in _names(name)]
    for column in COLUMNS:
        if column.state is None or column.name not in fields:
            continue
        given = Given(
            cells=fields[column.name],
            row=lambda other: fields.get(other, ()),
            decimal_comma=decimal_comma,
        )
        title = titles[column.name]
        try:
            stated += [Stated(column=title, observation=each) for each in column.state(given)]
        except ValueError as error:
            yield Unread(why=f"{title} {error}", where=where)
    record = ServerRecord(
        source=SOURCE, key=key or name, name=name, stated=tuple(stated), where=where
    )
    yield record
    yield from dependencies.of(record, fields.get("depends_on", ()))


def _names(name: str) -> Iterator[Observation]:
    """State what a server's name tells of its names in the network."""
    if _HOST_NAME.fullmatch(name) and not _DIGITS.fullmatch(name):
        yield HOSTNAME.known(name.split(".", maxsplit=1)[0])
        if "." in name:
            yield FQDN.known(name.lower())


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
  {"name": "db-1", "power": "off", "color": "blue"},
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
            connections=1,
            unread=2,
        ),
    ),
)
