"""The release of Proxmox VE is maintained."""

from __future__ import annotations

from inventory.model.fact import Facts, Known, Observation
from inventory.model.facts import OS_FAMILY, PACKAGES
from inventory.model.parts import Package
from migrate.judging.examples import cannot_tell, flags, installed, passes, spares, untold
from migrate.judging.reading import on_family
from migrate.judging.software import ended, unknown_release
from migrate.judging.sources import LIFECYCLE
from migrate.model.rule import (
    CannotTell,
    Flagged,
    Judgement,
    NotApplicable,
    Passed,
    Rule,
    Surroundings,
)
from migrate.model.verdict import Axis, Cloud, Effort, Severity

PRODUCT = "proxmox-ve"
PACKAGE = "pve-manager"

_LINUX = OS_FAMILY.known("linux")


def _judge(facts: Facts, around: Surroundings) -> Judgement:
    packages = facts.of(PACKAGES)
    if not isinstance(packages, Known):
        return CannotTell(missing=(PACKAGES,))
    found = next((each for each in packages.value if each.name == PACKAGE), None)
    return _judge_release(found, around) if found else NotApplicable()


def _judge_release(package: Package, around: Surroundings) -> Judgement:
    release = package.version.partition("-")[0]
    end = around.lifecycle(PRODUCT, release)
    if end is None:
        return unknown_release(PACKAGES, f"Proxmox VE {release}")
    said = ended(end, around)
    return Flagged(observed=f"{release} {said}") if said else Passed()


def _manager(version: str) -> Observation:
    return PACKAGES.known((installed(PACKAGE, version),))


RULE = Rule(
    title="Support of the Proxmox VE release has ended",
    why=("Nobody mends its faults any more, and each of its guests is at risk with it."),
    fix=("Move its guests early, or upgrade it before they move; it is not moved itself."),
    source=LIFECYCLE.citation,
    source_date=LIFECYCLE.date,
    axis=Axis.SUPPORT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=on_family("linux", _judge),
    examples=(
        flags("ended", _LINUX, _manager("7.4-17")),
        passes("maintained", _LINUX, _manager("9.1.2")),
        spares("no Proxmox", _LINUX, PACKAGES.known((installed("bash", "5.2-1"),))),
        spares("Windows", OS_FAMILY.known("windows")),
        cannot_tell("not in the catalogue", _LINUX, _manager("99.1")),
        cannot_tell("packages not told", _LINUX, untold(PACKAGES)),
    ),
)
