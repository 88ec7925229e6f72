"""Rows of a dependency export → uses of services, summed while they are read."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import itemgetter
from typing import Final

from inventory.importers._azure_cells import AZURE, is_own
from inventory.importers._azure_ends import APART, End, Ends, is_within_one
from inventory.importers._azure_slots import day_is_first, slot_of
from inventory.importers._cells import host_names
from inventory.model.facts import INTERFACES
from inventory.model.imported import (
    ConnectionRecord,
    Item,
    LeftOut,
    ServerRecord,
    Stated,
    Unread,
    Where,
)
from inventory.model.parts import Interface, Protocol
from inventory.reading import values
from inventory.reading.table import Cell, Table

_SLOT: Final = ("Time slot", "Timeslot", "Date")
_COLUMNS: Final = (
    ("Source server name",),
    ("Source IP",),
    ("Source process",),
    ("Destination server name",),
    ("Destination IP",),
    ("Destination process",),
    ("Destination port",),
)
"""What makes a use: rows that have these in common are one."""
_NEVER: Final = (math.inf, -math.inf)


@dataclass(slots=True)
class _Seen:
    """How often and when a use was seen."""

    rows: int
    first: float
    """Seconds since 1970, as numbers are compared faster than times; infinity for never."""
    last: float
    """The same; minus infinity for never."""
    table: Where
    row: int
    """The first of its rows."""

    @property
    def where(self) -> Where:
        return Where(file=self.table.file, sheet=self.table.sheet, row=self.row)


@dataclass(kw_only=True, slots=True)
class _Server:
    """A server that is named by an end."""

    name: str
    where: Where
    addresses: dict[str, str] = field(default_factory=dict)
    """Each with the column that tells it."""


class Uses:
    """The uses of services that the tables of an export tell of."""

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}
        """By the cells of _COLUMNS, as they are written."""

    def add(self, table: Table, beginning: str) -> Iterator[Item]:
        """Add the rows of a table; yield slots that cannot be understood, each once.

        Raises:
            BadInputError: the file is damaged. What came before is kept.

        """
        seen, use_of, slots = self._seen, _picker(table), _Slots(table, beginning)
        place, whole = table.place(*_SLOT), table.where()
        slot: Cell = None
        begin, end = _NEVER
        for row, cells in table.read():
            use = use_of(cells)
            if place is not None and cells[place] != slot:
                slot = cells[place]
                begin, end = slots.of(slot, row)
                while slots.unread:
                    yield slots.unread.pop()
            known = seen.get(use)
            if known is None:
                seen[use] = _Seen(1, begin, end, whole, row)
                continue
            known.rows += 1
            if end > known.last:  # noqa: PLR1730  # a call for each of millions of rows costs
                known.last = end
            if begin < known.first:  # noqa: PLR1730  # the same
                known.first = begin

    def items(self) -> Iterator[Item]:
        """Yield what is not understood, the servers that are named, then the uses."""
        servers: dict[str, _Server] = {}
        ends = Ends()
        uses: dict[tuple[End, End, int], _Seen] = {}
        for raw, seen in self._seen.items():
            try:
                client, server, port = ends.of(raw)
            except ValueError as error:
                why = f"{error} (rows of this kind: {seen.rows})"
                yield Unread(why=why, where=seen.where)
                continue
            _remember(servers, client, "Source IP", seen)
            _remember(servers, server, "Destination IP", seen)
            if is_within_one(client, server):
                yield LeftOut(
                    what="connection within one server",
                    name=client.name or client.address or "",
                    where=seen.where,
                )
                continue
            one = uses.setdefault((client, server, port), seen)
            if one is not seen:
                one.rows += seen.rows
                one.first, one.last = min(one.first, seen.first), max(one.last, seen.last)
        yield from (_record(key, each) for key, each in sorted(servers.items()))
        yield from map(_connection, uses.items())


class _Slots:
    """The slots of one table, each read once, as seconds since 1970."""

    def __init__(self, table: Table, beginning: str) -> None:
        self._table, self._day_first = table, day_is_first(beginning)
        self._read: dict[Cell, tuple[float, float]] = {}
        self.unread: list[Unread] = []
        """What could not be understood and has not been told yet."""

    def of(self, cell: Cell, row: int) -> tuple[float, float]:
        """Return when a slot begins and ends."""
        if cell not in self._read:
            try:
                self._read[cell] = self._span(cell)
            except ValueError as error:
                self._read[cell] = _NEVER
                where = self._table.where(row)
                self.unread.append(Unread(why=f"the time slot {error}", where=where))
        return self._read[cell]

    def _span(self, cell: Cell) -> tuple[float, float]:
        if isinstance(cell, str):
            slot = slot_of(cell, day_first=self._day_first)
            return (slot.begin.timestamp(), slot.end.timestamp()) if slot else _NEVER
        told = values.moment(cell)
        return (told.timestamp(), told.timestamp()) if told else _NEVER


def _picker(table: Table) -> Callable[[tuple[Cell, ...]], str]:
    """Return what takes the cells of a use out of a row; a column that is not there is empty."""
    places = [table.place(*titles) for titles in _COLUMNS]

    def written(cells: tuple[Cell, ...]) -> str:
        told = (None if place is None else cells[place] for place in places)
        return APART.join("" if each is None else str(each) for each in told)

    there = [place for place in places if place is not None]
    if len(there) < len(places):
        return written
    picked, join = itemgetter(*there), APART.join

    def as_they_are(cells: tuple[Cell, ...]) -> str:
        try:
            return join(picked(cells))
        except TypeError:
            return written(cells)

    return as_they_are


def _remember(servers: dict[str, _Server], end: End, column: str, seen: _Seen) -> None:
    if end.key is None or end.name is None:
        return
    server = servers.get(end.key)
    if server is None:
        server = servers[end.key] = _Server(name=end.name, where=seen.where)
    if end.address and end.address not in server.addresses and is_own(end.address):
        server.addresses[end.address] = column


def _record(key: str, server: _Server) -> ServerRecord:
    stated = [Stated(column="server name", observation=each) for each in host_names(server.name)]
    if server.addresses:
        addresses = tuple(sorted(server.addresses))
        told = (Interface(name="interface 1", addresses=addresses),)
        column = ", ".join(sorted(set(server.addresses.values())))
        stated.append(Stated(column=column, observation=INTERFACES.known(told)))
    return ServerRecord(
        source=AZURE, key=key, name=server.name, stated=tuple(stated), where=server.where
    )


def _connection(use: tuple[tuple[End, End, int], _Seen]) -> ConnectionRecord:
    (client, server, port), seen = use
    return ConnectionRecord(
        source=AZURE,
        protocol=Protocol.TCP,
        client_key=client.key,
        client_address=client.address,
        client_process=client.process,
        server_key=server.key,
        server_address=server.address,
        server_process=server.process,
        port=port,
        first_seen=_moment(seen.first),
        last_seen=_moment(seen.last),
        looks=seen.rows,
        where=seen.where,
    )


def _moment(seconds: float) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if math.isfinite(seconds) else None
