"""The new server runs in its cloud, was made without fault, and the cloud itself finds it well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from migrate.checks._asked import NO_PARAMETERS
from migrate.checks._cloud import judged
from migrate.checks._conditions import aspect
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About
from migrate.model.target import Machine
from migrate.model.target_health import Condition, Health

_RUNNING: Final = "running"
_NOT_RUNNING: Final = frozenset(
    {
        "deallocated",
        "deallocating",
        "pending",
        "shutting-down",
        "starting",
        "stopped",
        "stopping",
        "terminated",
    }
)
_MADE: Final = frozenset({None, "Succeeded"})
_NOT_MADE: Final = frozenset({"Failed", "Canceled", "Deleting"})


def _run(sight: Sight, _parameters: Mapping[str, Any]) -> CheckResult:
    machine, health = aspect(sight, Machine), aspect(sight, Health)
    if isinstance(machine, CheckResult):
        return machine
    faults, doubts = list(_faults(machine)), list(_doubts(machine))
    seen = {"state": machine.state, "provisioning": machine.provisioning}
    if isinstance(health, CheckResult):
        return judged(sight, faults, [*doubts, f"its health: {health.detail}"], "", seen)
    for each in health.checks:
        if each.condition is Condition.ILL:
            faults.append(f"{each.name}: {each.said}")
        elif each.condition is Condition.UNTOLD:
            doubts.append(f"{each.name}: {each.said}, which says nothing")
    faults += [f"the cloud will end it: {each}" for each in health.ending]
    if not health.checks:
        doubts.append("the cloud's own checks of it are not told")
    soon = f"; announced: {', '.join(health.announced)}" if health.announced else ""
    well = ", ".join(f"{each.name} {each.said}" for each in health.checks)
    return judged(sight, faults, doubts, f"it runs, {well}{soon}", {**seen, "health": health})


def _faults(machine: Machine) -> Iterator[str]:
    if machine.state in _NOT_RUNNING:
        yield f"it is {machine.state}"
    if machine.provisioning in _NOT_MADE:
        yield f"its provisioning state is {machine.provisioning}"


def _doubts(machine: Machine) -> Iterator[str]:
    if machine.state != _RUNNING and machine.state not in _NOT_RUNNING:
        yield f"its state is {machine.state or 'not given'}, which says nothing"
    if machine.provisioning not in _MADE | _NOT_MADE:
        yield f"its provisioning state is {machine.provisioning}"


CHECK = Check(
    parameters=NO_PARAMETERS,
    run=_run,
    reads="Asks the cloud for the new server's state, and for what its own checks of it say (EC2's "
    "status checks, Azure's Resource Health).",
    about=About.NEW,
    of_cloud=OfCloud(
        aspects=(Machine, Health),
        passes="It runs, and every check of the cloud's own is well.",
        fails="It is stopped, stopping or gone, its provisioning failed, a check is ill, or the "
        "cloud has announced to end it.",
        unknown="A state or a check's word that is new, or a check that has not enough data yet.",
    ),
)
