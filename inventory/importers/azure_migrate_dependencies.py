"""Azure Migrate: dependencies, as agentless analysis exports them.

Each row says that a dependency was seen in a time slot. The rows of one dependency are summed
while they are read, so that memory grows with the dependencies and not with the rows. A
dependency was first seen in the slot that began first, and last in the slot that ended last:
the two times are the outer limits of what the export knows.

Names are told only of servers that the analysis is enabled for; of others there are addresses.
The applications that are told are names of software, not of what the owner calls an application,
and are left out. What is polled are TCP connections.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inventory.errors import BadInputError
from inventory.importers._azure_uses import Uses
from inventory.model.imported import Item, Unread, Where
from inventory.model.importer import CERTAIN, NO, Importer, ImportExample
from inventory.model.nearness import Nearness
from inventory.reading.export import Export, Kind
from inventory.reading.table import Table

_NEEDED: Final = ("Source server name", "Destination port")
_ENDS: Final = ("Destination IP", "Destination server name")


def _recognise(export: Export) -> int:
    return CERTAIN if any(_are_dependencies(each) for each in _tables(export)) else NO


def _tables(export: Export) -> Iterator[Table]:
    for file in export.files:
        if file.kind in {Kind.DELIMITED, Kind.WORKBOOK}:
            try:
                yield from file.tables()
            except BadInputError:
                continue


def _are_dependencies(table: Table) -> bool:
    needed = all(table.place(each) is not None for each in _NEEDED)
    return needed and table.place(*_ENDS) is not None


def _read(export: Export) -> Iterator[Item]:
    uses = Uses()
    understood = False
    damaged: list[tuple[str, BadInputError]] = []
    for file in export.files:
        try:
            for table in filter(_are_dependencies, file.tables()):
                understood = True
                yield from uses.add(table, file.beginning)
        except BadInputError as error:
            damaged.append((file.name, error))
    if damaged and not understood:
        raise damaged[0][1]
    if not understood:
        raise BadInputError(
            "there are no dependencies: no column Source server name, or no Destination port",
            hint="export them in Azure Migrate: Manage dependencies, Export dependencies",
        )
    for name, damage in damaged:
        yield Unread(why=str(damage).removeprefix(f"{name}: "), where=Where(file=name))
    yield from uses.items()


_PORTAL: Final = b"""\xef\xbb\xbfTime slot,Source server name,Source IP,Source application,\
Source process,Destination server name,Destination IP,Destination application,\
Destination process,Destination port\r
7/28/2026 12:00-18:00,,10.0.0.8,Windows,spoolsv.exe,,10.0.0.9,Windows,printd.exe,50515\r
7/28/2026 12:00-18:00,web-1,10.0.0.4,nginx,nginx,db-1,10.0.0.5,PostgreSQL 14,postgres,5432\r
7/28/2026 18:00-24:00,web-1,10.0.0.4,nginx,nginx,db-1,10.0.0.5,PostgreSQL 14,postgres,5432\r
7/28/2026 18:00-24:00,WEB-1,10.0.0.4,nginx,nginx,db-1,10.0.0.5,PostgreSQL 14,postgres,5432\r
7/28/2026 18:00-24:00,web-1,10.0.0.4,nginx,nginx,,127.0.0.1,,,9000\r
7/28/2026 18:00-24:00,web-1,10.0.0.4,nginx,nginx,db-1,10.0.0.5,PostgreSQL 14,postgres,\r
"""
_DOCUMENTED: Final = b"""Timeslot,Source server name,Source application,Source process,\
Destination server name,Destination IP,Destination application,Destination process,\
Destination port
2026-09-10 00:00,shop-web01,nginx,nginx,shop-db01,10.60.0.5,sqlservr,sqlservr,1433
2026-09-10 06:00,shop-web01,nginx,nginx,shop-db01,10.60.0.5,sqlservr,sqlservr,1433
2026-09-10 06:00,,,,shop-db01,10.60.0.5,sqlservr,sqlservr,1433
"""
IMPORTER: Final = Importer(
    title="Azure Migrate dependencies",
    files="the .csv that Export dependencies gives, or its .zip; several of them",
    source="https://learn.microsoft.com/azure/migrate/how-to-create-group-machine-dependencies-"
    "agentless (2026-11-23)",
    nearness=Nearness.AGENT,
    recognise=_recognise,
    read=_read,
    examples=(
        ImportExample(
            tool="Azure Migrate, export of 2026, with rows made up",
            files=(("contoso-dependencies.csv", _PORTAL),),
            servers=("web-1", "db-1"),
            connections=2,
            left_out=1,
            unread=1,
        ),
        ImportExample(
            tool="Azure Migrate (format as documented)",
            files=(("dependencies.csv", _DOCUMENTED),),
            servers=("shop-web01", "shop-db01"),
            connections=1,
            unread=1,
        ),
    ),
)
