"""What an export says is put into the store in good portions, servers before who uses them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from inventory.store.listed_uses import keep_uses
from inventory.store.listing import Change, Listed, keep_listed
from inventory.store.rolls import keep_roll

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from inventory.intake.take import Stated
    from inventory.model.imported import ConnectionRecord
    from inventory.model.nearness import Nearness
    from inventory.store.store import Store

_SERVERS: Final = 400
_USES: Final = 50_000
"""How many wait before they are kept: an export may tell of a use before its servers."""


@dataclass(kw_only=True)
class Keeper:
    """Keeps one export's records under one run."""

    store: Store
    run_id: str
    nearness: Nearness
    whole: bool
    """Whether what the export leaves out is gone from its source."""
    at: datetime
    """When the export was made."""
    now: datetime
    step: Callable[[int], None]
    """Told how many more servers were kept."""
    servers: Counter[Change] = field(default_factory=Counter)
    uses: Counter[Change] = field(default_factory=Counter)
    _keys: dict[str, set[str]] = field(default_factory=dict)
    """The keys of all records, by source."""
    _stated: list[Listed] = field(default_factory=list)
    _connections: list[ConnectionRecord] = field(default_factory=list)

    def server(self, stated: Stated) -> None:
        """Take one server.

        Raises:
            StoreError: the database cannot be written; what was kept before stays.

        """
        record = stated.record
        self._keys.setdefault(record.source, set()).add(record.key)
        self._stated.append(
            Listed(
                source=record.source,
                key=record.key,
                name=record.name,
                nearness=self.nearness,
                at=min(record.at or self.at, self.at),
                observations=stated.observations,
            )
        )
        if len(self._stated) >= _SERVERS:
            self._keep_servers()

    def connection(self, record: ConnectionRecord) -> None:
        """Take one use of a service; raises as :meth:`server`."""
        self._connections.append(record)
        if len(self._connections) >= _USES:
            self._keep_uses()

    def finish(self) -> None:
        """Keep what waits, and which records a whole export had; raises as :meth:`server`."""
        self._keep_uses()
        for source, keys in sorted(self._keys.items() if self.whole else ()):
            keep_roll(self.store, self.run_id, source, keys, at=self.at)

    def _keep_uses(self) -> None:
        self._keep_servers()
        self.uses += keep_uses(self.store, self._connections, at=self.at)
        self._connections.clear()

    def _keep_servers(self) -> None:
        self.servers += keep_listed(self.store, self.run_id, self._stated, now=self.now)
        self.step(len(self._stated))
        self._stated.clear()
