"""What the inputs of the decision table are read from: the estate as it is known. Pure data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from inventory.model.fact import Known
from inventory.model.facts import CONNECTIONS
from migrate.strategy.table import Table
from migrate.waves import SSH_PORT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from inventory.model.application import Dependency
    from inventory.model.server import Server
    from migrate.model.supplier import SupplierEntry
    from migrate.strategy.worst import Verdicts


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Everything that is looked at to decide."""

    servers: Mapping[str, Server]
    """By id."""
    verdicts: Verdicts
    clients: Mapping[str, frozenset[str]]
    """Server id → who was seen to use it, but to look after it."""
    suppliers: Mapping[str, SupplierEntry]
    """What the register says, by the identifier of the software or by the product's key."""
    table: Table
    at: datetime
    """When it is decided: what was told too long before tells nothing."""
    hub_opens: date | None = None

    def looked_at(self, server_id: str) -> bool:
        """Tell whether a server's connections were ever seen."""
        return isinstance(self.servers[server_id].facts.of(CONNECTIONS), Known)


def clients_of(dependencies: Iterable[Dependency]) -> dict[str, frozenset[str]]:
    """Return who uses each server; sessions by SSH are how servers are looked after."""
    found: dict[str, set[str]] = {}
    for each in dependencies:
        if each.port != SSH_PORT and each.client != each.server:
            found.setdefault(each.server, set()).add(each.client)
    return {server: frozenset(clients) for server, clients in found.items()}
