"""Whether two sets of facts speak of one server, and why.

The keys fall into independent groups: firmware (SMBIOS UUID, serial), installation (machine-id),
network (MAC addresses) and name (FQDN). One group alone never merges, because clones and
containers share some: a container has its machine's firmware, a cloned machine its original's
machine-id. A contradiction in the machine-id or the SMBIOS UUID rules a merge out. So do MAC
addresses of which none agrees, unless the SMBIOS UUID does: a replica in a cloud has its original's
machine-id and name, and the UUID needs privilege to be seen.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from inventory.model import spelling
from inventory.model.facts import (
    FQDN,
    HOSTNAME,
    INTERFACES,
    MACHINE_ID,
    SERIAL,
    SMBIOS_UUID,
    VIRTUALISATION,
)
from inventory.model.hardware import CLOUD_INSTANCE
from inventory.model.macs import own_mac
from inventory.model.placement import INSTANCE_UUID, VM_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from inventory.model.fact import Facts

NEEDED_GROUPS: Final = 2
"""How many independent groups must agree before a server is known again at a new address."""
_GROUPS: Final = {
    "smbios_uuid": "firmware",
    "serial": "firmware",
    "machine_id": "installation",
    "mac": "network",
    "fqdn": "name",
}
_WORDS: Final = {
    "smbios_uuid": "SMBIOS UUID",
    "serial": "serial number",
    "machine_id": "machine-id",
    "mac": "MAC addresses",
    "fqdn": "FQDN",
}
_DECISIVE: Final = ("machine_id", "smbios_uuid")
_CONTAINERS: Final = frozenset(
    {"docker", "podman", "lxc", "openvz", "systemd-nspawn", "rkt", "pouch", "container-other"}
)
"""They see the firmware, and the cloud's name for the instance, of the server that they run on."""
_MOST: Final = 64
"""Of how many MAC addresses and addresses each an identity is made: the first, as they sort."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What tells one server from another, in one spelling. Empty means not known."""

    smbios_uuid: frozenset[str] = frozenset()
    """At most one, in whichever of its two byte orders sorts first."""
    serial: frozenset[str] = frozenset()
    instance_uuid: frozenset[str] = frozenset()
    """What the hypervisors' manager knows the virtual machine by."""
    cloud_instance: frozenset[str] = frozenset()
    machine_id: frozenset[str] = frozenset()
    mac: frozenset[str] = frozenset()
    """Of physical interfaces."""
    fqdn: frozenset[str] = frozenset()
    hostname: frozenset[str] = frozenset()
    """Without the domain."""
    vm_name: frozenset[str] = frozenset()
    """What the hypervisor calls it, without the domain."""
    address: frozenset[str] = frozenset()
    """IP addresses, without those that are the same everywhere."""

    @classmethod
    def of(cls, facts: Facts) -> Identity:
        """Read the identity out of facts, leaving out placeholders that many servers share."""
        contained = (facts.value(VIRTUALISATION) or "") in _CONTAINERS
        machine = Identity() if contained else _of_machine(facts)
        full = facts.value(FQDN) or facts.value(HOSTNAME)
        return cls(
            smbios_uuid=machine.smbios_uuid,
            serial=machine.serial,
            cloud_instance=machine.cloud_instance,
            instance_uuid=_one(spelling.manager_uuid(facts.value(INSTANCE_UUID))),
            machine_id=_one(spelling.machine_id(facts.value(MACHINE_ID))),
            mac=_macs(facts),
            fqdn=_one(spelling.fqdn(full)),
            hostname=_one(spelling.short_name(facts.value(HOSTNAME) or full)),
            vm_name=_one(spelling.short_name(facts.value(VM_NAME))),
            address=_addresses(facts),
        )

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[str, str]]) -> Identity:
        """Put together what :meth:`pairs` took apart."""
        values: dict[str, set[str]] = {}
        for kind, value in pairs:
            values.setdefault(kind, set()).add(value)
        return cls(**{kind: frozenset(held) for kind, held in values.items()})

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return every (kind, value), sorted."""
        return tuple(
            (kind.name, value)
            for kind in fields(self)
            for value in sorted(getattr(self, kind.name))
        )

    def telling(self) -> tuple[str, ...]:
        """Return the values by which a visit may find its server again, sorted."""
        return tuple(sorted(value for kind in _GROUPS for value in getattr(self, kind)))

    def updated(self, newer: Identity) -> Identity:
        """Return this identity with what is newly known laid over it."""
        names = (each.name for each in fields(self))
        return Identity(**{name: getattr(newer, name) or getattr(self, name) for name in names})


@dataclass(frozen=True, kw_only=True)
class Match:
    """Two sets of facts speak of one server."""

    why: tuple[str, ...]
    """The reasons, one phrase each."""
    groups: int
    """How many independent groups agree."""


@dataclass(frozen=True, kw_only=True)
class NoMatch:
    """They do not, or it cannot be told."""

    why: tuple[str, ...]


def same_server(known: Identity, seen: Identity, *, same_target: bool) -> Match | NoMatch:
    """Judge whether ``seen`` is the server that is ``known``.

    ``same_target`` says that both were asked at the same place, which is enough as long as
    nothing contradicts it.
    """
    contradictions = [
        f"{_WORDS[kind]} differs" for kind in _DECISIVE if _contradict(known, seen, kind)
    ]
    if _apart(known.mac, seen.mac) and not _agree(known, seen, "smbios_uuid"):
        contradictions.append(f"{_WORDS['mac']} differ")
    if contradictions:
        return NoMatch(why=tuple(contradictions))
    agreeing = [kind for kind in _GROUPS if _agree(known, seen, kind)]
    groups = len({_GROUPS[kind] for kind in agreeing})
    why = tuple(f"same {_WORDS[kind]}" for kind in agreeing)
    if groups >= NEEDED_GROUPS or same_target:
        return Match(why=("same target", *why) if same_target else why, groups=groups)
    return NoMatch(why=why or ("nothing agrees",))


def _contradict(known: Identity, seen: Identity, kind: str) -> bool:
    one, other = getattr(known, kind), getattr(seen, kind)
    return bool(one and other and one != other)


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and one.isdisjoint(other)


def _agree(known: Identity, seen: Identity, kind: str) -> bool:
    one, other = getattr(known, kind), getattr(seen, kind)
    return bool(one and other and (one <= other or other <= one))


def _of_machine(facts: Facts) -> Identity:
    number = facts.value(SERIAL)
    told = spelling.firmware_uuid(facts.value(SMBIOS_UUID))
    return Identity(
        smbios_uuid=_one(told or spelling.uuid_of_serial(number)),
        serial=_one(spelling.serial(number)),
        cloud_instance=_one(spelling.cloud_instance(facts.value(CLOUD_INSTANCE))),
    )


def _one(value: str | None) -> frozenset[str]:
    return frozenset((value,)) if value else frozenset()


def _macs(facts: Facts) -> frozenset[str]:
    macs = (own_mac(each) for each in facts.value(INTERFACES) or ())
    return frozenset(sorted({mac for mac in macs if mac})[:_MOST])


def _addresses(facts: Facts) -> frozenset[str]:
    interfaces = facts.value(INTERFACES) or ()
    found = (spelling.address(text) for each in interfaces for text in each.addresses)
    return frozenset(sorted({address for address in found if address})[:_MOST])
