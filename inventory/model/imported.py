"""What an export says, item by item: servers, connections, what is no server, what is unreadable.

An importer yields these one after the other, so that an export of any size needs little memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inventory.model.fact import Observation
from inventory.model.parts import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Where:
    """A place in an export."""

    file: str
    """The file's own name, without its folders; inside an archive ``archive.zip/member.csv``."""
    sheet: str | None = None
    row: int | None = None
    """As a spreadsheet or an editor counts: the first line is 1."""

    def __str__(self) -> str:
        """Say ``file: sheet: row 12``, leaving out what does not apply."""
        row = "" if self.row is None else f"row {self.row}"
        return ": ".join(part for part in (self.file, self.sheet, row) if part)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stated:
    """One thing that an export states of a server."""

    column: str
    """Where it says so: ``vInfo: Memory``, ``ansible_memtotal_mb``."""
    observation: Observation
    """Without an origin, which is added by whoever imports."""


@dataclass(frozen=True, kw_only=True)
class ServerRecord:
    """What one export says of one server.

    Two statements of one key that differ are both given: they are shown as a conflict.
    """

    source: str
    """The system that tells, the same in each of its exports: ``rvtools:vcenter.example``,
    ``glpi``. Two exports of one system speak of the same records."""
    key: str
    """What that system knows the server by, and keeps when it is renamed: an instance UUID; where
    there is none, its name."""
    name: str
    """What it calls it."""
    stated: tuple[Stated, ...]
    at: datetime | None = None
    """When the system knew this, where the export says so; aware, UTC."""
    where: Where


@dataclass(frozen=True, kw_only=True, slots=True)
class ConnectionRecord:
    """One use of a service that an export tells of, summed over all the export.

    Each end is a server of the same export, by the ``key`` of its :class:`ServerRecord`, or
    nothing but an address.
    """

    source: str
    protocol: Protocol
    client_key: str | None = None
    client_address: str | None = None
    client_process: str | None = None
    server_key: str | None = None
    server_address: str | None = None
    server_process: str | None = None
    port: int
    """Of the end that serves."""
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    looks: int = 1
    """In how many of the export's rows it stands."""
    where: Where


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """Something in the export that is no server to be moved, and what it is."""

    what: str
    """``template``, ``printer``, ``switch``, ``placeholder of a replica``, ``target that is
    down`` …"""
    name: str
    where: Where


@dataclass(frozen=True, kw_only=True, slots=True)
class Unread:
    """Something that could not be understood. The rest of the export is imported."""

    why: str
    """Names the column and what it holds: ``CPUs is 'four', not a number``."""
    where: Where


Item = ServerRecord | ConnectionRecord | LeftOut | Unread
