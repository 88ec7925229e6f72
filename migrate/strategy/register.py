"""The supplier register: entries follow each other, and what holds today is read from all. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from inventory.errors import UsageError
from migrate.model.supplier import Offer, Step, SupplierEntry, SupplierEvent, Typical
from migrate.strategy.grouping import slug

if TYPE_CHECKING:
    from inventory.applications.local_government import System

REMIND_AFTER: Final = timedelta(days=28)
"""How long an answer is waited for where nobody says otherwise."""


def entries(
    events: Mapping[str, Sequence[SupplierEvent]], systems: Iterable[System]
) -> dict[str, SupplierEntry]:
    """Return the entry of each product that has events or is a known system, by its key.

    A system is known in general only: what it typically offers is told as such, and unverified.
    """
    known = {each.id: each for each in systems}
    keys = dict.fromkeys((*events, *known))
    return {key: _entry(key, events.get(key, ()), known.get(key)) for key in keys}


def by_every_name(register: Mapping[str, SupplierEntry]) -> dict[str, SupplierEntry]:
    """Return the entries by all keys that they go by; an entry's own key goes before a name."""
    named = {key: entry for entry in register.values() for key in entry.also}
    return {**named, **register}


def product_key(product: str, systems: Iterable[System]) -> str:
    """Return the key of a product: of the system that it names, or of its own name.

    Raises:
        UsageError: its name holds neither letter nor digit.

    """
    key = slug(product)
    if not key:
        raise UsageError(f"{product!r} names no product")
    for each in systems:
        if key in {slug(each.id), slug(each.product), *map(slug, each.aliases)}:
            return each.id
    return key


def in_order(events: Iterable[SupplierEvent]) -> tuple[SupplierEvent, ...]:
    """Return entries as they happened, the oldest first."""
    return tuple(sorted(events, key=lambda each: (each.on, each.recorded_at)))


def _entry(key: str, told: Sequence[SupplierEvent], system: System | None) -> SupplierEntry:
    events = in_order(told)
    answers = [each for each in events if each.step is Step.ANSWERED]
    last = events[-1].product if events else key
    supplier = next((each.supplier for each in reversed(events) if each.supplier), "")
    ends = next((each.contract_end for each in reversed(events) if each.contract_end), None)
    return SupplierEntry(
        key=key,
        product=system.product if system else last,
        supplier=supplier or (system.supplier or "" if system else ""),
        software_id=system.id if system else "",
        saas=_last_offer(each.saas for each in answers),
        cloud=_last_offer(each.cloud for each in answers),
        contract_end=ends,
        events=events,
        typical=_typical(system) if system else None,
        also=tuple(map(slug, (system.product, *system.aliases))) if system else (slug(last),),
    )


def _last_offer(offers: Iterable[Offer]) -> Offer:
    told = [each for each in offers if each is not Offer.UNKNOWN]
    return told[-1] if told else Offer.UNKNOWN


def _typical(system: System) -> Typical:
    evidence = f"{system.evidence}; {system.confidence.value} confidence, unverified"
    return Typical(supplier=system.supplier or "", saas=system.saas_offered, evidence=evidence)
