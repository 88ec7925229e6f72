"""What the servers of a plain list depend on → uses of services."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from typing import Final

from inventory.model.fact import Known
from inventory.model.facts import FQDN
from inventory.model.imported import ConnectionRecord, Item, ServerRecord, Unread, Where
from inventory.model.parts import Protocol
from inventory.reading import values
from inventory.reading.table import Cell

_SERVICE: Final = re.compile(
    r"(?:\[([^\]]+)\]|([^\s\[\]]+)):(\d{1,5})(?:/(tcp|udp))?", re.IGNORECASE
)
_HIGHEST_PORT: Final = 65535


class Dependencies:
    """The dependencies of a list, which may name servers that come later in it."""

    def __init__(self, *, source: str) -> None:
        self._source = source
        self._keys: dict[str, str] = {}
        """Names of servers, in lower case → their keys."""
        self._told: list[tuple[str, str, Where]] = []

    def of(self, record: ServerRecord, cells: Sequence[Cell]) -> Iterator[Item]:
        """Remember a server and what it depends on; yield what cannot be understood."""
        self._keys.setdefault(record.name.lower(), record.key)
        for each in record.stated:
            if each.observation.key is FQDN and isinstance(each.observation.fact, Known):
                self._keys.setdefault(each.observation.fact.value.lower(), record.key)
        for cell in cells:
            try:
                text = values.text(cell)
            except ValueError as error:
                yield Unread(why=f"depends_on {error}", where=record.where)
                continue
            if text:
                self._told.append((record.key, text, record.where))

    def items(self) -> Iterator[Item]:
        """Yield each use of a service, once all servers are known."""
        for client, text, where in self._told:
            found = _SERVICE.fullmatch(text)
            if not found or not 0 < int(found[3]) <= _HIGHEST_PORT:
                yield Unread(
                    why=f"depends_on holds {text!r}, which is not written as name:port", where=where
                )
                continue
            yield self._use(client, found[1] or found[2], found, where)

    def _use(self, client: str, name: str, found: re.Match[str], where: Where) -> Item:
        key = self._keys.get(name.lower())
        address = None if key else _address(name)
        if not key and not address:
            return Unread(
                why=f"depends_on names {name!r}, which is neither a server of this list nor an "
                "address",
                where=where,
            )
        return ConnectionRecord(
            source=self._source,
            protocol=Protocol((found[4] or "tcp").lower()),
            client_key=client,
            server_key=key,
            server_address=address,
            port=int(found[3]),
            where=where,
        )


def _address(text: str) -> str | None:
    try:
        return str(ip_address(text))
    except ValueError:
        return None
