"""The EC2 instance exists, runs, and passes both of AWS's status checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from migrate.checks._asked import NO_PARAMETERS
from migrate.checks._cloud import judge_running, resource
from migrate.model.check import Check, CloudResource, Sight
from migrate.model.evidence import CheckResult
from migrate.model.plan import Destination
from migrate.model.playbook import About

_NOT_RUNNING = frozenset({"pending", "shutting-down", "terminated", "stopping", "stopped"})


def _run(sight: Sight, _parameters: Mapping[str, Any]) -> CheckResult:
    seen = resource(sight, Destination.AWS, "instance")
    if isinstance(seen, CloudResource):
        return judge_running(seen, "instance", _NOT_RUNNING)
    return seen


CHECK = Check(
    parameters=NO_PARAMETERS,
    run=_run,
    reads="Asks EC2 to describe the instance and its status (DescribeInstances, "
    "DescribeInstanceStatus).",
    about=About.NEW,
)
