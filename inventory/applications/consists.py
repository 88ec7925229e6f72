"""What each application of a server consists of: its instances, put to the one they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.applications.derived import containers, oracle
from inventory.model.application import Confidence
from inventory.model.instances import Instance, InstanceKind

if TYPE_CHECKING:
    from inventory.applications.finding import Finding, Found
    from inventory.applications.fingerprints import Fingerprint
    from inventory.applications.sight import Sight

_KIN: Final = {"mysql": ("mysql", "mariadb", "percona"), "redis": ("redis", "valkey")}
"""Applications whose data looks alike: which of them it is, is known by what else is there."""


def add_instances(sight: Sight, found: Found) -> None:
    """Put every instance to its application.

    Data or configuration of an application of which nothing else is left makes it known, too.
    """
    for instance in (*sight.instances, *oracle(sight), *containers(sight)):
        finding = _owner(instance, found) or _left_over(instance, sight, found)
        if finding and _is_new(instance, finding):
            finding.instances.append(instance)


def _owner(instance: Instance, found: Found) -> Finding | None:
    """Return the application whose process serves it, or else the one that it names."""
    owner = found.owners.get(instance.pid) if instance.pid is not None else None
    if owner:
        return found.findings[owner]
    kin = _KIN.get(instance.application, (instance.application,))
    known = [found.findings[each] for each in kin if each in found.findings]
    running = [each for each in known if each.processes]
    return next(iter(running or known), None)


def _left_over(instance: Instance, sight: Sight, found: Found) -> Finding | None:
    fingerprint: Fingerprint | None = sight.matcher.by_id.get(instance.application)
    if fingerprint is None:
        return None
    what = {
        InstanceKind.SERVER: "data of",
        InstanceKind.DATABASE: "the database",
        InstanceKind.SITE: "configuration of",
    }.get(instance.kind, "the")
    runs = False if sight.shows_running else None
    state = "nothing of it runs" if sight.shows_running else "whether it runs is unknown"
    where = f" in {instance.path}" if instance.path and instance.path != instance.name else ""
    why = f"{what} {instance.name} is there{where}, but {state}"
    return found.weak(fingerprint, why, runs=runs, most=Confidence.LOW)


def _is_new(instance: Instance, finding: Finding) -> bool:
    """Tell whether it is not there yet: Oracle is told of by its table and by its processes."""
    same = (instance.kind, instance.name, instance.of)
    return all(same != (each.kind, each.name, each.of) for each in finding.instances) or (
        instance.kind is InstanceKind.SITE
    )
