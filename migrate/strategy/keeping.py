"""The register and people's decisions in the store: versions are added, and none is ever lost.

Every entry of the register is a version of its product's record, so that two people who enter
something at the same time both find it there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from inventory.errors import StoreError
from inventory.model.codec import from_json, to_json
from inventory.store.identities import server_ids
from inventory.store.records import latest_records, put_record, records
from migrate.model.strategy import Override
from migrate.model.supplier import SupplierEvent
from migrate.strategy.register import product_key

if TYPE_CHECKING:
    from inventory.applications.local_government import System
    from inventory.store.records import Record
    from inventory.store.store import Store

SUPPLIER: Final = "supplier"
OVERRIDE: Final = "strategy-override"


def add_events(
    store: Store, events: Iterable[SupplierEvent], systems: Sequence[System]
) -> tuple[SupplierEvent, ...]:
    """Enter what is not entered yet, and return that; the same told twice is entered once.

    Raises:
        UsageError: a product's name holds neither letter nor digit.

    """
    keyed = [(product_key(each.product, systems), each) for each in events]
    held = {key: set(map(_told, events_of(store, key))) for key, _ in keyed}
    new = []
    for key, event in keyed:
        if _told(event) not in held[key]:
            held[key].add(_told(event))
            body = to_json(event)
            put_record(store, kind=SUPPLIER, key=key, body=body, at=event.recorded_at)
            new.append(event)
    return tuple(new)


def events_of(store: Store, key: str) -> tuple[SupplierEvent, ...]:
    """Return every entry of one product, in the order in which they were entered."""
    return tuple(_read(each, SupplierEvent) for each in records(store, SUPPLIER, key))


def every_event(store: Store) -> dict[str, tuple[SupplierEvent, ...]]:
    """Return the entries of all products, by their keys."""
    return {key: events_of(store, key) for key in latest_records(store, SUPPLIER)}


def save_override(store: Store, decided: Override) -> None:
    """Keep what somebody decided, or took back; earlier ones stay as history."""
    body = to_json(decided)
    put_record(store, kind=OVERRIDE, key=decided.application, body=body, at=decided.at)


def standing_overrides(store: Store) -> dict[str, Override]:
    """Return what was decided and not taken back, by the application's key.

    What was decided of a record that is now known to be another's server is that server's.
    """
    known_as = server_ids(store)
    found = [_read(each, Override) for each in latest_records(store, OVERRIDE).values()]
    return {
        _canonical(each.application, known_as): each
        for each in sorted(found, key=lambda each: each.at)
        if not each.withdrawn
    }


def _canonical(key: str, known_as: Mapping[str, str]) -> str:
    kind, _, name = key.partition(":")
    return f"{kind}:{known_as.get(name, name)}" if kind == "server" else key


def overrides_of(store: Store, key: str) -> tuple[Override, ...]:
    """Return everything that was decided about one application, oldest first."""
    return tuple(_read(each, Override) for each in records(store, OVERRIDE, key))


def withdrawn(decided: Override, *, by: str, because: str, at: datetime) -> Override:
    """Return the entry that takes a decision back."""
    return replace(decided, by=by, because=because, at=at, withdrawn=True)


def _told(event: SupplierEvent) -> SupplierEvent:
    """Return an entry without when it was entered: what it tells."""
    return replace(event, recorded_at=datetime.min.replace(tzinfo=UTC))


def _read(record: Record, kind: Any) -> Any:
    try:
        return from_json(record.body, kind)
    except ValueError as error:
        raise StoreError(
            f"the stored {record.kind} {record.key}, version {record.version}, cannot be read: "
            f"{error}",
            hint="a later version of decant may have written it: use that",
        ) from error
