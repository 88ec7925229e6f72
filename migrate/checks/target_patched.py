"""The new server lacks no critical update and none of security, by a recent assessment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from inventory.amount import amount
from migrate.checks._cloud import judged
from migrate.checks._conditions import aspect
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About
from migrate.model.target_patches import Patches

_DAYS: Final = 7


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    found = aspect(sight, Patches)
    if isinstance(found, CheckResult):
        return found
    limit = timedelta(days=parameters.get("assessed_within_days", _DAYS))
    faults, doubts = list(_faults(found, parameters)), list(_doubts(found, parameters))
    if found.assessed is None:
        doubts.append("when it was assessed is not told")
    elif sight.now - found.assessed > limit:
        doubts.append(f"it was last assessed on {found.assessed:%Y-%m-%d}")
    other = f", {amount(found.other, 'other')}" if found.other else ""
    fine = f"no critical update and none of security is missing{other}"
    return judged(sight, faults, doubts, fine, found)


def _counts(found: Patches) -> Iterator[tuple[str, int | None]]:
    yield "critical updates are missing", found.critical
    yield "updates of security are missing", found.security


def _faults(found: Patches, parameters: Mapping[str, Any]) -> Iterator[str]:
    most = parameters.get("most_missing", 0)
    for what, count in _counts(found):
        if count is not None and count > most:
            yield f"{count} {what}"
    if found.failed:
        yield f"{found.failed} updates could not be installed"
    if found.reboot_pending and not parameters.get("reboot_may_be_pending"):
        yield "a reboot is pending, so that installed updates are not in effect"


def _doubts(found: Patches, parameters: Mapping[str, Any]) -> Iterator[str]:
    for what, count in _counts(found):
        if count is None:
            yield f"how many {what} is not told (assessment: {found.state})"
    if found.reboot_pending is None and not parameters.get("reboot_may_be_pending"):
        yield "whether a reboot is pending is not told"


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "assessed_within_days": {
                "type": "integer",
                "minimum": 1,
                "default": _DAYS,
                "description": "how old the assessment may be",
            },
            "most_missing": {
                "type": "integer",
                "minimum": 0,
                "default": 0,
                "description": "how many critical updates, and how many of security, may be "
                "missing",
            },
            "reboot_may_be_pending": {"type": "boolean", "default": False},
        },
    },
    run=_run,
    reads="Asks Systems Manager's Patch Manager, or Azure's Resource Graph, for the last "
    "assessment; it starts none.",
    about=About.NEW,
    of_cloud=OfCloud(
        aspects=(Patches,),
        passes="A recent assessment counts no missing critical or security update.",
        fails="Some are missing or could not be installed, or a reboot is pending.",
        unknown="It was never assessed, too long ago, or the assessment failed.",
    ),
)
