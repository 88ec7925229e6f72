"""The new server was reached in this run, and told who it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inventory.model.facts import HOSTNAME
from migrate.checks._asked import NO_PARAMETERS
from migrate.checks._say import fact, passed
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About


def _run(sight: Sight, _parameters: Mapping[str, Any]) -> CheckResult:
    hostname = fact(sight.new, HOSTNAME, "the new server")
    if isinstance(hostname, CheckResult):
        return hostname
    return passed(f"the new server answers as {hostname.value}", hostname=hostname.value)


CHECK = Check(
    parameters=NO_PARAMETERS,
    run=_run,
    reads="Looks whether the new server told its host name in this run.",
    about=About.NEW,
)
