"""What discovery has seen of one server until now, as checks of quiet ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inventory.model.sighting import Sighting
from inventory.store.sightings import looks_at, sightings_of
from inventory.store.store import Store


@dataclass(frozen=True, kw_only=True)
class StoredPast:
    """One server's past."""

    store: Store
    server_id: str

    def looks(self, since: datetime) -> Sequence[datetime]:
        """Return when the server answered since then, oldest first."""
        return looks_at(self.store, self.server_id, since)

    def sightings(self, since: datetime) -> Sequence[Sighting]:
        """Return the connections of the server that were seen since then."""
        found = sightings_of(self.store, self.server_id)
        return tuple(each for each in found if each.last_seen >= since)
