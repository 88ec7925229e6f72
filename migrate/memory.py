"""What a long check keeps in the store between runs, so that one that was cut off carries on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from inventory.store.records import latest_record, put_record
from inventory.store.store import Store

_KIND = "check memory"


@dataclass(frozen=True, kw_only=True)
class StoredMemory:
    """One server's memory."""

    store: Store
    server_id: str
    clock: Callable[[], datetime]

    def recall(self, key: str) -> str | None:
        """Return what was kept under a key, or None."""
        record = latest_record(self.store, _KIND, f"{self.server_id}:{key}")
        return record.body if record else None

    def keep(self, key: str, text: str) -> None:
        """Keep a text under a key; what was there before stays as history."""
        put_record(
            self.store, kind=_KIND, key=f"{self.server_id}:{key}", body=text, at=self.clock()
        )
