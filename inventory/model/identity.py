"""Whether two sets of facts speak of one server, and why.

The keys fall into independent groups: firmware (SMBIOS UUID, serial), installation (machine-id),
network (MAC addresses) and name (FQDN). One group alone never merges, because clones and
containers share some: a container has its machine's firmware, a cloned machine its original's
machine-id. A contradiction in the machine-id or the SMBIOS UUID rules a merge out. So do MAC
addresses of which none agrees, unless the SMBIOS UUID does: a replica in a cloud has its original's
machine-id and name, and the UUID needs privilege to be seen.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from inventory.model.facts import FQDN, INTERFACES, MACHINE_ID, SERIAL, SMBIOS_UUID

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
_MAC: Final = re.compile(r"([0-9a-f]{2}:){5}[0-9a-f]{2}\Z")
_SHARED_MACS: Final = ("02:42:", "00:00:5e:00:01:", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff")
"""Docker's bridges, VRRP's virtual routers, and no address at all."""
_NO_UUID: Final = {
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "03000200-0400-0500-0006-000700080009",
    "00020003-0004-0005-0006-000700080009",
}
_LONGEST: Final = 253
"""Characters of a value that are looked at: no FQDN is longer."""
_NO_SERIAL: Final = {
    "",
    "0",
    "none",
    "not specified",
    "to be filled by o.e.m.",
    "system serial number",
}


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What tells one server from another, in one spelling. Empty means not known."""

    smbios_uuid: frozenset[str] = frozenset()
    """At most one, in whichever of its two byte orders sorts first."""
    serial: frozenset[str] = frozenset()
    machine_id: frozenset[str] = frozenset()
    mac: frozenset[str] = frozenset()
    """Of physical interfaces."""
    fqdn: frozenset[str] = frozenset()

    @classmethod
    def of(cls, facts: Facts) -> Identity:
        """Read the identity out of facts, leaving out placeholders that many servers share."""
        return cls(
            smbios_uuid=_one(_uuid(facts.value(SMBIOS_UUID))),
            serial=_one(_serial(facts.value(SERIAL))),
            machine_id=_one(_machine_id(facts.value(MACHINE_ID))),
            mac=_macs(facts),
            fqdn=_one(_fqdn(facts.value(FQDN))),
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


def _one(value: str | None) -> frozenset[str]:
    return frozenset((value,)) if value else frozenset()


def _uuid(text: str | None) -> str | None:
    try:
        given = uuid.UUID(text or "")
    except ValueError:
        return None
    swapped = uuid.UUID(bytes_le=given.bytes)
    return None if str(given) in _NO_UUID else min(str(given), str(swapped))


def _serial(text: str | None) -> str | None:
    serial = _clean(text)
    return None if serial.lower() in _NO_SERIAL else serial


def _machine_id(text: str | None) -> str | None:
    machine_id = _clean(text).lower().replace("-", "")
    return None if machine_id in {"", "uninitialized"} or not machine_id.strip("0") else machine_id


def _fqdn(text: str | None) -> str | None:
    fqdn = _clean(text).lower().rstrip(".")
    return None if "." not in fqdn or fqdn.startswith("localhost.") else fqdn


def _macs(facts: Facts) -> frozenset[str]:
    interfaces = facts.value(INTERFACES) or ()
    macs = (each.mac.lower() for each in interfaces if each.mac and each.kind in {None, "physical"})
    return frozenset(mac for mac in macs if _MAC.match(mac) and not mac.startswith(_SHARED_MACS))


def _clean(text: str | None) -> str:
    return (text or "").replace("\0", "").strip()[:_LONGEST]
