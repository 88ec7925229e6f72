"""The two ends of a use in Azure Migrate's dependency export, from what its cells say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import Final

from inventory.importers._azure_cells import key_of
from inventory.reading import values

APART: Final = "\0"
"""Stands in no cell. One text is told from another many times as fast as seven from seven."""
_NO_PROCESS: Final = "unknown process"
_PORTS: Final = range(1, 65536)


@dataclass(kw_only=True, slots=True, eq=False)
class End:
    """One end of a use; there is one object for each, so that they are told apart at once."""

    key: str | None
    name: str | None
    """As one of the rows writes it."""
    address: str | None
    process: str | None


class Ends:
    """The ends of an export's uses, each read once."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, str, str], End] = {}
        """By what is written."""
        self._same: dict[tuple[str | None, str | None, str | None], End] = {}
        """By what it means."""

    def of(self, use: str) -> tuple[End, End, int]:
        """Return the client, the server and the port; raises ValueError with words for people."""
        client, at, by, server, to, through, port_text = use.split(APART)
        port = values.whole(port_text)
        if port is None:
            raise ValueError("Destination port is empty")
        if port not in _PORTS:
            raise ValueError(f"Destination port is {port}, which is none")
        return (
            self._end((client, at, by), "source"),
            self._end((server, to, through), "destination"),
            port,
        )

    def _end(self, written: tuple[str, str, str], which: str) -> End:
        end = self._read.get(written)
        if end is None:
            end = _end(written, which)
            end = self._same.setdefault((end.key, end.address, end.process), end)
            self._read[written] = end
        return end


def _end(written: tuple[str, str, str], which: str) -> End:
    name, address, process = map(values.text, written)
    if not name and not address:
        raise ValueError(f"neither name nor address of the {which} is told")
    try:
        told = str(ip_address(address.partition("%")[0])) if address else None
    except ValueError as error:
        raise ValueError(f"the {which}'s IP is {address!r}, which is no address") from error
    return End(
        key=key_of(name) if name else None,
        name=name,
        address=told,
        process=None if process and process.casefold() == _NO_PROCESS else process,
    )


@lru_cache(maxsize=1 << 16)
def _is_loopback(address: str) -> bool:
    return ip_address(address).is_loopback


def is_within_one(client: End, server: End) -> bool:
    """Say whether both ends are on one server."""
    if server.address and _is_loopback(server.address):
        return True
    return bool(client.key and client.key == server.key)
