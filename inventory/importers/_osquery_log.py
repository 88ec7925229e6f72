"""osquery's results → the rows that hold now, by server and table, whatever the order of events.

A differential result adds and removes rows; a snapshot replaces all of a query's. An epoch that is
newer begins anew. Queries have any name: a table is known by its columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from inventory.importers._json import mapping, objects, text
from inventory.model.imported import Where

Row = Mapping[str, Any]
_Key = tuple[tuple[str, str], ...]

_SIGNS: Final = {
    "system_info": {"physical_memory"},
    "os_version": {"platform", "major"},
    "kernel_info": {"version", "arguments", "device"},
    "interface_addresses": {"interface", "address", "mask"},
    "interface_details": {"interface", "mac", "mtu"},
    "process_open_sockets": {"local_port", "remote_port", "remote_address"},
    "listening_ports": {"pid", "port", "protocol", "address"},
    "processes": {"pid", "cmdline", "parent"},
    "deb_packages": {"name", "version", "maintainer"},
    "rpm_packages": {"name", "version", "release"},
    "programs": {"name", "version", "publisher"},
    "mounts": {"path", "blocks", "blocks_size"},
    "logical_drives": {"device_id", "free_space", "size"},
    "block_devices": {"name", "block_size", "parent"},
    "disk_info": {"disk_index", "disk_size"},
    "services": {"name", "start_type", "status"},
    "systemd_units": {"id", "active_state"},
    "uptime": {"total_seconds", "days"},
}
"""Columns that no other table has together; queries may ask for few of a table's:
https://osquery.io/schema/5.14.1 (2026-11-23)."""


def table_of(row: Row) -> str | None:
    """Return the table that a row is of; None when it is none that is read."""
    return next((name for name, signs in _SIGNS.items() if signs <= row.keys()), None)


@dataclass(kw_only=True)
class Server:
    """What is known of one server."""

    identifier: str
    where: Where
    name: str | None = None
    at: datetime | None = None
    """When the latest of its results was taken."""
    queries: dict[str, _Query] = field(default_factory=dict)

    def tables(self) -> Mapping[str, list[Row]]:
        """Return the rows that hold, by table."""
        found: dict[str, list[Row]] = {}
        for query in self.queries.values():
            for row in query.rows():
                table = table_of(row)
                if table and row not in found.setdefault(table, []):
                    found[table].append(row)
        return found


@dataclass(kw_only=True)
class _Query:
    """The rows of one query as events change them."""

    epoch: float = 0
    _events: dict[_Key, tuple[tuple[float, float], Row | None]] = field(default_factory=dict)
    _since: tuple[float, float] = (-1, -1)
    """When the latest snapshot was taken: what is older does not count."""

    def begin(self, epoch: float) -> bool:
        """Say whether an epoch counts; a newer one lets go of what the older ones said."""
        if epoch > self.epoch:
            self.epoch, self._events, self._since = epoch, {}, (-1, -1)
        return epoch == self.epoch

    def change(self, at: tuple[float, float], row: Row, *, is_there: bool) -> None:
        """Add or remove a row."""
        key = tuple(sorted((str(name), str(value)) for name, value in row.items()))
        held = self._events.get(key)
        # Of a removal and an addition of one moment the addition holds: a row changed and is back.
        if at >= self._since and (held is None or (at, is_there) >= (held[0], bool(held[1]))):
            self._events[key] = (at, row if is_there else None)

    def replace(self, at: tuple[float, float], rows: Iterable[Row]) -> None:
        """Let a snapshot's rows hold, and none of those before it.

        It may come in parts: what else was said at the same moment holds.
        """
        if at > self._since:
            self._since = at
            self._events = {key: each for key, each in self._events.items() if each[0] >= at}
        for row in rows:
            self.change(at, row, is_there=True)

    def rows(self) -> Iterator[Row]:
        return (row for _, row in self._events.values() if row is not None)


@dataclass(kw_only=True)
class Log:
    """The results of many servers."""

    servers: dict[str, Server] = field(default_factory=dict)

    def add(self, event: Mapping[str, Any], where: Where) -> bool:
        """Add one result; say whether it was one."""
        identifier = text(event.get("hostIdentifier")) or text(
            mapping(event.get("decorations")).get("host_uuid")
        )
        name = text(event.get("name"))
        if not identifier or not name or not _RESULTS & event.keys():
            return False
        server = self.servers.setdefault(identifier, Server(identifier=identifier, where=where))
        server.name = text(mapping(event.get("decorations")).get("hostname")) or server.name
        taken = _number(event.get("unixTime"))
        server.at = max(filter(None, (server.at, _moment(taken))), default=None)
        query = server.queries.setdefault(name, _Query())
        if query.begin(_number(event.get("epoch"))):
            _apply(query, event, (taken, _number(event.get("counter"))))
        return True

    def table(self, identifier: str, rows: Sequence[Row], where: Where) -> None:
        """Add the rows that a query printed for one server."""
        server = self.servers.setdefault(identifier, Server(identifier=identifier, where=where))
        for row in rows:
            query = server.queries.setdefault(table_of(row) or "", _Query())
            query.change((0, 0), row, is_there=True)


_RESULTS: Final = {"columns", "snapshot", "diffResults"}


def _apply(query: _Query, event: Mapping[str, Any], at: tuple[float, float]) -> None:
    if "snapshot" in event:
        query.replace(at, objects(event["snapshot"]))
    changes = mapping(event.get("diffResults"))
    for word, is_there in (("removed", False), ("added", True)):
        for row in objects(changes.get(word)):
            query.change(at, row, is_there=is_there)
    if "columns" in event:
        row = mapping(event["columns"])
        if event.get("action") == "snapshot":
            # What --logger_snapshot_event_type makes of a snapshot: an event for each of its rows.
            query.replace(at, (row,))
        else:
            query.change(at, row, is_there=event.get("action") != "removed")


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return 0


def _moment(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (OverflowError, ValueError, OSError):
        return None
