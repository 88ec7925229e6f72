"""What discovery has seen of one server until now, as checks of quiet ask for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from inventory.model.fact import Facts
from inventory.model.sighting import Sighting, Use
from inventory.store.looking_back import facts_before, looks_at, uses_of
from inventory.store.servers import server_of
from inventory.store.sightings import sightings_of
from inventory.store.store import Store


@dataclass(frozen=True, kw_only=True)
class StoredPast:
    """One server's past."""

    store: Store
    server_id: str

    def looks(self, since: datetime) -> Sequence[datetime]:
        """Return when the server told its connections since then, oldest first."""
        return looks_at(self.store, self.server_id, since)

    def sightings(self, since: datetime) -> Sequence[Sighting]:
        """Return the connections of the server that were seen since then."""
        found = sightings_of(self.store, self.server_id)
        return tuple(each for each in found if each.last_seen >= since)

    def uses(self, addresses: Collection[str], since: datetime) -> Sequence[Use]:
        """Return what other servers were seen to open to those addresses since then."""
        return uses_of(self.store, self.server_id, addresses, since)

    def known(self, before: datetime | None = None) -> Facts:
        """Return what is known of the server from everybody; or what it had told by a moment."""
        if before is not None:
            return facts_before(self.store, self.server_id, before)
        return server_of(self.store, self.server_id).facts
