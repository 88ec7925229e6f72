"""Records that are one server, and by what they are known together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from inventory.identity.decisions import Decision, Ruling
from inventory.identity.entry import Entry, Reference
from inventory.model.spelling import short_name

Marks = Mapping[str, frozenset[str]]
"""Values by kind, as :data:`inventory.identity.weights.WEIGHTS` names the kinds."""
_AS_THEY_ARE: Final = (
    "smbios_uuid", "serial", "instance_uuid", "cloud_instance", "machine_id", "mac", "fqdn",
    "address",
)  # fmt: skip
_NO_DOMAIN: Final = ".localdomain"


@dataclass(frozen=True, kw_only=True, eq=False)
class Cluster:
    """Some records, and all that is known by them."""

    members: tuple[Entry, ...]
    """The oldest first."""
    marks: Marks
    sources: frozenset[str]
    """Those that keep one record of each server."""
    classes: frozenset[Reference]
    """What the records are known by once it is applied what was decided to be one."""
    apart: frozenset[Reference]
    """Classes that were decided to be other servers; each of those has this one's here."""

    @property
    def oldest(self) -> Entry:
        """The record by which the server is known."""
        return self.members[0]


def marks_of(entry: Entry) -> Marks:
    """Return what a record is known by; each kind holds at least one value."""
    told = entry.identity
    found = {kind: frozenset(getattr(told, kind)) for kind in _AS_THEY_ARE}
    found["fqdn"] = frozenset(each for each in told.fqdn if not each.endswith(_NO_DOMAIN))
    names = {*told.hostname, *told.vm_name, *(each.split(".", 1)[0] for each in told.fqdn)}
    called = short_name(entry.name)
    found["name"] = frozenset({*names, called} if called else names)
    return {kind: values for kind, values in found.items() if values}


def united(clusters: Iterable[Cluster]) -> Cluster:
    """Return several clusters as one."""
    listed = list(clusters)
    members = sorted((each for one in listed for each in one.members), key=lambda each: each.age)
    kinds = {kind for each in listed for kind in each.marks}
    nothing: frozenset[str] = frozenset()
    return Cluster(
        members=tuple(members),
        marks={
            kind: nothing.union(*(each.marks.get(kind, nothing) for each in listed))
            for kind in kinds
        },
        sources=frozenset().union(*(each.sources for each in listed)),
        classes=frozenset().union(*(each.classes for each in listed)),
        apart=frozenset().union(*(each.apart for each in listed)),
    )


def clustered(entries: Iterable[Entry], decisions: Iterable[Decision]) -> list[Cluster]:
    """Return the records as far as people decided about them; the others each alone.

    The order depends on the records' references alone.
    """
    listed = tuple(decisions)
    classes = _classes(each for each in listed if each.ruling is Ruling.SAME)
    apart: dict[Reference, set[Reference]] = {}
    for each in (one for one in listed if one.ruling is Ruling.DIFFERENT):
        one, other = (classes.get(reference, reference) for reference in each.pair)
        apart.setdefault(one, set()).add(other)
        apart.setdefault(other, set()).add(one)
    held: dict[Reference, list[Cluster]] = {}
    for entry in sorted(entries, key=lambda each: (each.source, each.key, each.id)):
        reference = entry.reference
        known_as = classes.get(reference, reference)
        held.setdefault(known_as, []).append(_alone(entry, known_as, apart.get(known_as, set())))
    return [united(each) if len(each) > 1 else each[0] for each in held.values()]


def _alone(entry: Entry, known_as: Reference, apart: Iterable[Reference]) -> Cluster:
    return Cluster(
        members=(entry,),
        marks=marks_of(entry),
        sources=frozenset({entry.source} if entry.nearness.tells_apart else ()),
        classes=frozenset({known_as}),
        apart=frozenset(apart),
    )


def _classes(decisions: Iterable[Decision]) -> dict[Reference, Reference]:
    """Return the first reference, as they sort, of all that were decided to be one with each."""
    groups: dict[Reference, set[Reference]] = {}
    for each in decisions:
        joined = groups.get(each.one, {each.one}) | groups.get(each.other, {each.other})
        groups.update(dict.fromkeys(joined, joined))
    return {reference: min(group) for reference, group in groups.items()}
