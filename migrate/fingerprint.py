"""What a server, a cloud resource and a playbook are like: digests, part by part.

Only what stays as it is unless somebody changes something is looked at: the installation's own
identifier, system and kernel, packages, listeners, addresses, the files under ``/etc``. What moves
by itself (free memory, connections, process numbers) is not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from inventory.model.collector import Collector
from inventory.model.fact import FactKey, Facts, Known, Unknown
from inventory.model.facts import (
    ARCHITECTURE,
    INTERFACES,
    KERNEL,
    LISTENERS,
    MACHINE_ID,
    OS_ID,
    OS_VERSION,
    PACKAGES,
    SMBIOS_UUID,
)
from inventory.model.software import CONFIGURATION
from migrate.model.check import CloudResource
from migrate.model.evidence import Fingerprint
from migrate.model.plan import Move
from migrate.model.playbook import Playbook


def server_parts(facts: Facts | Unknown | None) -> Fingerprint:
    """Take the fingerprint of a server from facts seen just now.

    Whatever of it is unknown is named with its reason; a fingerprint with unknown parts never
    proves anything.
    """
    if facts is None:
        return Fingerprint(parts={}, unknown=("server: the plan names no server to ask",))
    if isinstance(facts, Unknown):
        return Fingerprint(parts={}, unknown=(f"server: {facts}",))
    parts = {"identity": digest(_identity(facts))}
    unknown = [_lacking("identity", MACHINE_ID, facts)] if not _is_known(facts, MACHINE_ID) else []
    for name, keys in _PARTS.items():
        values: list[Any] = []
        for key in keys:
            fact = facts.of(key)
            if isinstance(fact, Known):
                values.append(_stable(key, fact.value))
            else:
                unknown.append(_lacking(name, key, facts))
        parts[name] = digest(values)
    return Fingerprint(parts=parts, unknown=tuple(unknown))


def with_resource(server: Fingerprint, resource: CloudResource | Unknown | None) -> Fingerprint:
    """Add the cloud resource that the server runs on; None when the plan names none.

    One that is ended does no work: whatever answers in its place is another server.
    """
    if resource is None:
        return server
    if isinstance(resource, CloudResource) and resource.power_state in _ENDED:
        ended = f"cloud: {resource.id} is {resource.power_state}"
        return Fingerprint(parts=server.parts, unknown=(*server.unknown, ended))
    if isinstance(resource, Unknown):
        return Fingerprint(parts=server.parts, unknown=(*server.unknown, f"cloud: {resource}"))
    seen = [resource.id, resource.exists, resource.size, resource.image, resource.launched]
    return Fingerprint(parts={**server.parts, "cloud": digest(seen)}, unknown=server.unknown)


def awaited() -> Fingerprint:
    """Return the fingerprint of a new server that the playbook's own acts have yet to launch."""
    return Fingerprint(parts={_AWAITED: digest("none stands yet")})


def is_awaited(target: Fingerprint) -> bool:
    """Tell whether there is no new server yet, and that is known."""
    return _AWAITED in target.parts


def plan_parts(
    playbook: Playbook, move: Move, owners: Iterable[str], people: str, own_checks: str
) -> Fingerprint:
    """Take the fingerprint of what was decided: the playbook, where the server goes, who decides.

    ``owners`` are the partners that must agree; ``people`` is the digest of whom the estate trusts,
    ``own_checks`` that of the estate's own checks which the playbook uses.
    """
    where = [move.source, move.to.value, move.replacement, move.resource, move.parameters]
    decided = [where, sorted(owners)]
    return Fingerprint(
        parts={
            "playbook": playbook.digest,
            "plan": digest(decided),
            "people": people,
            "own checks": own_checks,
        }
    )


def digest(value: object) -> str:
    """Return the SHA-256 of a JSON value in its one canonical form, hexadecimal."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


_AWAITED = "awaited"
_ENDED = frozenset({"shutting-down", "terminated"})
"""EC2's words for an instance that does not come back; it is told of for an hour. Azure tells of
none that was deleted."""
_PARTS: dict[str, tuple[FactKey[Any], ...]] = {
    "system": (OS_ID, OS_VERSION, KERNEL, ARCHITECTURE),
    "packages": (PACKAGES,),
    "listeners": (LISTENERS,),
    "addresses": (INTERFACES,),
    "configuration": (CONFIGURATION,),
}


def is_asked_for_evidence(collector: Collector) -> bool:
    """Tell whether a question is asked when evidence is taken.

    All are that are asked by default, and of the others those that a fingerprint rests on.
    """
    looked_at = {key.name for keys in _PARTS.values() for key in keys}
    return not collector.optional or any(key.name in looked_at for key in collector.tells)


def _identity(facts: Facts) -> list[Any]:
    """Tell one machine from another.

    A replica has its original's machine-id, but neither its firmware's UUID nor its MAC addresses.
    """
    interfaces = facts.value(INTERFACES) or ()
    macs = {each.mac for each in interfaces if each.mac and each.kind not in {"loopback", "bridge"}}
    return [facts.value(MACHINE_ID), facts.value(SMBIOS_UUID), sorted(macs)]


def _is_known(facts: Facts, key: FactKey[Any]) -> bool:
    return isinstance(facts.of(key), Known)


def _lacking(part: str, key: FactKey[Any], facts: Facts) -> str:
    return f"{part}: {key.name} is {facts.of(key)}"


def _stable(key: FactKey[Any], value: Any) -> Any:
    if key is PACKAGES:
        return _sorted((each.name, each.version, each.architecture or "") for each in value)
    if key is LISTENERS:
        return _sorted(
            (each.protocol.value, each.address, each.port, each.process or "") for each in value
        )
    if key is INTERFACES:
        return _sorted((each.name, each.mac or "", *sorted(each.addresses)) for each in value)
    return value


def _sorted(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(set(rows))
