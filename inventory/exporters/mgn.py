"""AWS Application Migration Service (AWS Transform MGN): inventory to be imported.

Plain UTF-8 without a mark, lines ended as Windows does. The service knows a server by its
user-provided-id, which can never be changed and must be given to the agent when that is installed:
it is the one that the server has already, or else Decant's identifier. What another plan launches
at the target (account, subnet, instance type) is written where it is known; an empty cell leaves
the service's own setting as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from inventory.exporters import _aws_facts as told
from inventory.exporters._aws_table import Row, files
from inventory.model.exporter import Exportable, Exporter, Written
from inventory.model.facts import FQDN, OS_FAMILY
from inventory.model.placement import NAMED_APPLICATIONS, NAMED_WAVE
from inventory.model.server import Server

_FQDN: Final = "mgn:server:fqdn-for-action-framework"
_BASE: Final = (
    *("mgn:account-id", "mgn:region", "mgn:wave:name", "mgn:app:name"),
    *("mgn:server:user-provided-id", "mgn:server:platform", _FQDN),
)
_ID: Final = "mgn:server:id"
_PLATFORMS: Final = {"linux": "Linux", "windows": "Windows"}
_NAME: Final = re.compile(r"[a-zA-Z0-9_](?:(?:[a-zA-Z0-9_\-]{0,61}[a-zA-Z0-9_])?\.)+[a-zA-Z]{2,63}")
"""A name by which a server is reached, as the service's model has it (botocore, mgn 2020-02-26,
FqdnForActionFramework). Of addresses, the import takes IPv4 alone."""
_MOST_TAGS, _LONGEST = 50, 256
"""Tags of a server, and characters of a name or value (TagsMap, TagValue, WaveName …)."""
_SERVICES_OWN: Final = ("aws:", "AWSApplicationMigrationService")
"""Beginnings of tags that the service makes itself and lets nobody change."""


def _write(exportable: Exportable) -> Iterator[Written]:
    rows = tuple(map(_row, exportable.servers))
    yield from files("mgn-import.csv", _columns(rows), rows)


def _columns(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the columns that every inventory has, then those that hold anything."""
    held = {column for row in rows if not row.left_out for column in row.cells}
    return (*_BASE, *sorted(held - set(_BASE)))


def _row(server: Server) -> Row:
    facts, row = server.facts, Row(server=server)
    known_as = told.number_of(facts, "MGN")
    number = told.number_of(facts, "MGN user-provided-id")
    row.put("mgn:server:user-provided-id", number or (None if known_as else server.id))
    row.put(_ID, known_as)
    for name, value in told.settings(facts).items():
        if name in {"account-id", "region"} or name.startswith("launch:"):
            row.put(f"mgn:{name}", value)
    _put(row, "mgn:wave:name", facts.value(NAMED_WAVE))
    _put_application(row)
    _put_tags(row)
    _put_platform(row)
    _put_reach(row, is_known=known_as is not None)
    return row


def _put(row: Row, column: str, value: str | None) -> None:
    if value and len(value) > _LONGEST:
        row.lack(f"{column} has more than {_LONGEST} characters: left out")
    else:
        row.put(column, value)


def _put_application(row: Row) -> None:
    named = row.server.facts.value(NAMED_APPLICATIONS) or ()
    for each in named:
        if "mgn:app:name" not in row.cells:
            _put(row, "mgn:app:name", each)
    if len(named) > 1 and "mgn:app:name" in row.cells:
        row.lack(f"mgn:app:name takes one application: {row.cells['mgn:app:name']!r} is written")


def _put_tags(row: Row) -> None:
    tags = [
        each
        for each in told.tags(row.server.facts)
        if each.value and not each.name.startswith(_SERVICES_OWN)
    ]
    for each in tags[:_MOST_TAGS]:
        _put(row, f"mgn:server:tag:{each.name}", each.value)
    if len(tags) > _MOST_TAGS:
        row.lack(f"tags: a server has {_MOST_TAGS} at most; {len(tags) - _MOST_TAGS} are left out")


def _put_platform(row: Row) -> None:
    family = row.server.facts.value(OS_FAMILY)
    if family is None:
        row.lack("mgn:server:platform is not known: left empty")
    elif family not in _PLATFORMS:
        row.leave_out(f"the service moves Linux and Windows alone, not {family}")
    else:
        row.put("mgn:server:platform", _PLATFORMS[family])


def _put_reach(row: Row, *, is_known: bool) -> None:
    """Fill in a name or an address, one of which is mandatory for a server that is new there."""
    name = row.server.facts.value(FQDN)
    if name and _NAME.fullmatch(name):
        row.put(_FQDN, name)
    elif address := next((each for each in told.addresses(row.server.facts) if "." in each), None):
        row.put(_FQDN, address)
    elif not is_known and not row.left_out:
        row.leave_out(f"{_FQDN} is mandatory, and neither its full name nor an IPv4 address known")


EXPORTER: Final = Exporter(
    title="AWS Application Migration Service (MGN)",
    source="https://docs.aws.amazon.com/mgn/latest/ug/import-main.html (2026-11-23)",
    write=_write,
)
