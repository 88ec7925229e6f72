"""The new server came up: its console shows a login, and no panic after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from migrate.checks._asked import NO_PARAMETERS
from migrate.checks._cloud import judged
from migrate.checks._conditions import aspect
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About
from migrate.model.target_boot import Boot, BootEnd


def _run(sight: Sight, _parameters: Mapping[str, Any]) -> CheckResult:
    boot = aspect(sight, Boot)
    if isinstance(boot, CheckResult):
        return boot
    faults = [f"its console ends at {boot.sign}"] if boot.end is BootEnd.STUCK else []
    doubts = [f"its console shows none of the signs that we know ({boot.log_bytes} bytes read)"]
    unclear = boot.end is BootEnd.UNCLEAR
    return judged(sight, faults, doubts if unclear else [], f"its console shows {boot.sign}", boot)


CHECK = Check(
    parameters=NO_PARAMETERS,
    run=_run,
    reads="Asks the cloud for the console's log of the last start, one call for each server, and "
    "keeps nothing of it but which sign it ends with.",
    about=About.NEW,
    of_cloud=OfCloud(
        aspects=(Boot,),
        passes="The log's last sign is a login prompt, or that the system is ready.",
        fails="The last sign is a panic, an emergency shell, a boot loader's prompt, no disk.",
        unknown="There is no log yet, boot diagnostics are off, or it shows none of these signs.",
    ),
)
