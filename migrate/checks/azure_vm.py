"""The Azure virtual machine exists, was provisioned without fault, and runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from migrate.checks._asked import NO_PARAMETERS
from migrate.checks._cloud import judge_running, resource
from migrate.checks._say import failed, unknown
from migrate.model.check import Check, CloudResource, Sight
from migrate.model.evidence import CheckResult
from migrate.model.plan import Destination
from migrate.model.playbook import About

_WHAT = "virtual machine"
_NOT_RUNNING = frozenset({"starting", "stopping", "stopped", "deallocating", "deallocated"})
_NOT_PROVISIONED = frozenset({"Creating", "Updating", "Deleting", "Failed", "Canceled"})


def _run(sight: Sight, _parameters: Mapping[str, Any]) -> CheckResult:
    seen = resource(sight, Destination.AZURE, _WHAT)
    if not isinstance(seen, CloudResource):
        return seen
    if seen.provisioning == "Succeeded":
        return judge_running(seen, _WHAT, _NOT_RUNNING)
    say = failed if seen.provisioning in _NOT_PROVISIONED else unknown
    state = seen.provisioning or "not given"
    return say(f"{_WHAT} {seen.id}: its provisioning state is {state}", **asdict(seen))


CHECK = Check(
    parameters=NO_PARAMETERS,
    run=_run,
    reads="Asks Azure for the virtual machine with its instance view (one GET).",
    about=About.NEW,
)
