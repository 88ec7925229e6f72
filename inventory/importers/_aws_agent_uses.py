"""Connections in the exports of Amazon's discovery agents → uses of services, summed.

Each agent tells what it saw of its own server: what that opened, and what was opened to it. Both
ends of one connection may tell of it, which is one use. Rows are counted by their raw cells while
they are read, so that memory grows with what differs alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from operator import itemgetter
from typing import Final

from inventory.model.imported import ConnectionRecord, Item, Unread, Where
from inventory.model.parts import Protocol
from inventory.reading.moments import moment
from inventory.reading.table import Cell, Table

_COLUMNS: Final = (
    *("agentId", "sourceIp", "destinationIp", "destinationPort", "transportProtocol"),
    "agentAssignedProcessId",
)
_HIGHEST_PORT: Final = 65535
_Raw = tuple[Cell, ...]


@dataclass(kw_only=True)
class _Counted:
    where: Where
    rows: int = 0
    first: datetime | None = None
    last: datetime | None = None


@dataclass(kw_only=True)
class _Use:
    where: Where
    looks: int = 0
    first: datetime | None = None
    last: datetime | None = None
    processes: dict[str, str] = field(default_factory=dict)
    """By the end that tells: ``client``, ``server``."""


class Uses:
    """What the connections' tables tell."""

    def __init__(self) -> None:
        self._counted: dict[str, dict[_Raw, _Counted]] = {"client": {}, "server": {}}
        """By which end the agent's server is."""

    def take(self, table: Table, end: str) -> None:
        """Count the rows of a table."""
        raw_of = _picked([table.place(each) for each in _COLUMNS])
        seen_at = table.place("agentCreationDate")
        counted, times = self._counted[end], dict[Cell, datetime | None]()
        for number, cells in table.read():
            raw = raw_of(cells)
            held = counted.get(raw)
            if held is None:
                held = counted[raw] = _Counted(where=table.where(number))
            held.rows += 1
            if seen_at is not None:
                written = cells[seen_at]
                if written not in times:
                    times[written] = _moment(written)
                if when := times[written]:
                    _widen(held, when, when)

    def items(
        self,
        source: str,
        agents: Collection[str],
        addresses: Mapping[str, str | None],
        processes: Mapping[tuple[str, str], str],
    ) -> Iterator[Item]:
        """Yield the uses.

        ``agents`` are the keys of the servers, ``addresses`` those of the servers that have an
        address to themselves, ``processes`` the names of an agent's processes.
        """
        known = _Known(agents=agents, addresses=addresses, processes=processes)
        uses: dict[tuple[str, str, Protocol, int], _Use] = {}
        for end, counted in self._counted.items():
            for raw, held in counted.items():
                try:
                    self._add(uses, end, raw, held, known)
                except ValueError as error:
                    yield Unread(why=str(error), where=held.where)
        for (client, server, protocol, port), use in uses.items():
            yield ConnectionRecord(
                source=source,
                protocol=protocol,
                client_key=_key(client),
                client_address=_address(client),
                client_process=use.processes.get("client"),
                server_key=_key(server),
                server_address=_address(server),
                server_process=use.processes.get("server"),
                port=port,
                first_seen=use.first,
                last_seen=use.last,
                looks=use.looks,
                where=use.where,
            )

    def _add(
        self,
        uses: dict[tuple[str, str, Protocol, int], _Use],
        end: str,
        raw: _Raw,
        held: _Counted,
        known: _Known,
    ) -> None:
        agent, from_ip, to_ip, port_text, transport, process = (str(each or "") for each in raw)
        if _is_inner(from_ip, to_ip):
            return
        ends = {"client": known.end(from_ip), "server": known.end(to_ip)}
        if agent in known.agents:
            ends[end] = f"={agent}"
        use = uses.setdefault(
            (ends["client"], ends["server"], _protocol(transport), _port(port_text)),
            _Use(where=held.where),
        )
        use.looks += held.rows
        if held.first and held.last:
            _widen(use, held.first, held.last)
        if name := known.processes.get((agent, process)):
            use.processes.setdefault(end, name)


@dataclass(frozen=True, kw_only=True)
class _Known:
    agents: Collection[str]
    addresses: Mapping[str, str | None]
    processes: Mapping[tuple[str, str], str]

    def end(self, address: str) -> str:
        """Return an end: ``=key`` of a server, or its address."""
        key = self.addresses.get(address)
        return f"={key}" if key else str(ip_address(address))


def _picked(places: Sequence[int | None]) -> Callable[[_Raw], _Raw]:
    """Return what picks these cells out of a row; None for a column that is not there."""
    told = [place for place in places if place is not None]
    if len(told) == len(places):
        return itemgetter(*told)
    return lambda cells: tuple(None if each is None else cells[each] for each in places)


def _widen(seen: _Counted | _Use, first: datetime, last: datetime) -> None:
    seen.first = min(seen.first or first, first)
    seen.last = max(seen.last or last, last)


def _moment(cell: Cell) -> datetime | None:
    """Return a time; months come first in it. None where it is none: the connection stays."""
    try:
        return moment(cell, day_first=False)
    except ValueError:
        return None


def _key(end: str) -> str | None:
    return end[1:] if end.startswith("=") else None


def _address(end: str) -> str | None:
    return None if end.startswith("=") else end


def _is_inner(first: str, second: str) -> bool:
    """Say whether a connection never left its server.

    Raises:
        ValueError: one of them is no address.

    """
    return first == second or ip_address(first).is_loopback or ip_address(second).is_loopback


def _protocol(text: str) -> Protocol:
    try:
        return Protocol(text.lower().rstrip("6"))
    except ValueError as error:
        raise ValueError(f"transportProtocol is {text!r}, neither TCP nor UDP") from error


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= _HIGHEST_PORT:
        raise ValueError(f"destinationPort is {text!r}, no port")
    return int(text)
