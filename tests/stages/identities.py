"""Records for the tests of identity: what each kind of source would know of a server."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from inventory.identity.decisions import Decision, Ruling, decision
from inventory.identity.entry import ASKED, Entry
from inventory.identity.resolution import Resolution
from inventory.identity.resolve import resolve
from inventory.model.identity import Identity
from inventory.model.nearness import Nearness

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
VCENTER = "rvtools:vcenter.example.test"
LIST = "netbox:inventory.example.test"
NEARNESS = {
    ASKED: Nearness.ASKED,
    VCENTER: Nearness.HYPERVISOR,
    "glpi": Nearness.AGENT,
    "nmap": Nearness.SCAN,
}
"""Other sources are lists that people keep."""


def uuid(number: int) -> str:
    """Return one of many UUIDs, in the byte order in which they are compared."""
    return f"0a0a0a0a-0b0b-4c0c-8d0d-{number:012x}"


def record(source: str, key: str, *, name: str = "", days: int = 0, **known: str) -> Entry:
    """Return a record that knows these identifiers; several of one kind are parted by commas."""
    told = {kind: frozenset(values.split(",")) for kind, values in known.items() if values}
    return Entry(
        id=f"{source}/{key}",
        source=source,
        key=key,
        name=name or key,
        identity=Identity(**told),
        nearness=NEARNESS.get(source, Nearness.LIST),
        first_seen=NOON + timedelta(days=days),
    )


def servers(
    records: Iterable[Entry], decisions: Iterable[Decision] = ()
) -> frozenset[frozenset[str]]:
    """Return the ids of the records of each server."""
    return parts(resolve(records, decisions))


def parts(resolution: Resolution) -> frozenset[frozenset[str]]:
    """Return the ids of the records of each server."""
    return frozenset(frozenset(each.id for each in group.members) for group in resolution.groups)


def says(ruling: Ruling, one: Entry, other: Entry, why: str = "seen in the rack") -> Decision:
    """Decide about two records."""
    return decision(ruling, one.reference, other.reference, by="ann", at=NOON, why=why)
