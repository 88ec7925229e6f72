"""The release of ESXi is maintained."""

from __future__ import annotations

import re

from inventory.model.fact import Facts, Known
from inventory.model.facts import OS_FAMILY, OS_NAME, OS_VERSION
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
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

PRODUCT = "vmware-esxi"
OTHERS = frozenset({"freebsd", "linux", "openbsd", "sunos", "windows"})
_NAME = re.compile(r"\bESXi?\b(?:[^0-9]*(?P<release>\d+\.\d+))?", re.IGNORECASE)


def _judge(facts: Facts, around: Surroundings) -> Judgement:
    family = facts.of(OS_FAMILY)
    if isinstance(family, Known) and family.value in OTHERS:
        return NotApplicable()
    name = facts.of(OS_NAME)
    if not isinstance(name, Known):
        return CannotTell(missing=(OS_NAME,))
    found = _NAME.search(name.value)
    if not found:
        return NotApplicable()
    if found["release"]:
        return _judge_release(found["release"], around)
    version = facts.of(OS_VERSION)
    if not isinstance(version, Known):
        return CannotTell(missing=(OS_VERSION,))
    return _judge_release(version.value, around)


def _judge_release(release: str, around: Surroundings) -> Judgement:
    end = around.lifecycle(PRODUCT, release)
    if end is None:
        return unknown_release(OS_NAME, f"ESXi {release}")
    said = ended(end, around)
    return Flagged(observed=f"{release} {said}", severity=Severity.BLOCKER) if said else Passed()


RULE = Rule(
    title="Support of the ESXi release has ended",
    why=(
        "Nobody mends its faults any more, and each of its guests is at risk with it. The "
        "tools drop old releases, too: agentless Azure Migrate takes vSphere 6.5 to 8.0."
    ),
    fix=("Move its guests early, or upgrade it before they move; it is not moved itself."),
    source=LIFECYCLE.citation,
    source_date=LIFECYCLE.date,
    axis=Axis.SUPPORT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=_judge,
    examples=(
        flags("6.7", OS_NAME.known("VMware ESXi 6.7.0 build-17167734")),
        flags("6.7, told beside the name", OS_NAME.known("VMware ESXi"), OS_VERSION.known("6.7.0")),
        passes("8.0", OS_NAME.known("VMware ESXi 8.0.3")),
        spares("another family", OS_FAMILY.known("windows")),
        spares("another system", OS_NAME.known("Debian GNU/Linux 12 (bookworm)")),
        flags(
            "6.7, whose family has a name of its own",
            OS_FAMILY.known("vmkernel"),
            OS_NAME.known("VMware ESXi 6.7.0"),
        ),
        cannot_tell("release not told", OS_NAME.known("VMware ESXi"), untold(OS_VERSION)),
        cannot_tell("not in the catalogue", OS_NAME.known("VMware ESXi 99.1.0")),
        cannot_tell("name not told", untold(OS_NAME)),
    ),
)
