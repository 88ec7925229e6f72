"""What is tested is what the migration service launched last: the copy, or the replacement itself.

The replacement is launched anew at the cut-over. What was proved of the copy says nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from inventory.model.fact import Unknown
from migrate.checks._replication import REPLICATED_AS, replication, seen, who
from migrate.checks._say import failed, passed, unknown
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About
from migrate.model.replication import Launch, LaunchState, Replication, Replications

_WORDS: Final = {"test": "the copy to test", "cut-over": "the replacement itself"}


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    found = replication(sight, parameters)
    if isinstance(found, CheckResult):
        return found
    wanted = str(parameters.get("for", "cut-over"))
    launch = found.test if wanted == "test" else found.cut_over
    resource = sight.move.resource
    if not resource:
        return unknown("nothing is known to be launched yet, and decant.toml names nothing either")
    if launch is None:
        return failed(f"{who(found)}: {_WORDS[wanted]} was never launched", **seen(found))
    by = sight.move.launched_by
    return _judge(
        found, launch, wanted, resource, f"launched by {by}" if by else "as the plan says"
    )


def _judge(found: Replication, launch: Launch, wanted: str, resource: str, why: str) -> CheckResult:
    name = f"{who(found)}: {_WORDS[wanted]}"
    observed = {**seen(found), "launched": launch.resource, "job": launch.job, "plan": resource}
    if launch.reverted:
        return failed(f"{name} was taken back: {found.state}", **observed)
    if isinstance(launch.state, Unknown):
        return unknown(f"{name}: {launch.state.detail}", **observed)
    if launch.state is not LaunchState.LAUNCHED:
        return failed(f"{name}: its launch is {launch.state.value}", **observed)
    if launch.resource is None:
        return unknown(f"{name}: the service does not say what it launched", **observed)
    if launch.resource.lower() != _id(resource):
        return failed(f"{name} is {launch.resource}, and the plan names {resource}", **observed)
    return passed(f"{name} is {launch.resource}, {why}", **observed)


def _id(resource: str) -> str:
    return resource.rpartition(":instance/")[2].lower().rstrip("/")


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "replicated_as": REPLICATED_AS,
            "for": {
                "enum": sorted(_WORDS),
                "default": "cut-over",
                "description": "Which launch it has to be: the one to test, or that of the "
                "cut-over.",
            },
        },
    },
    run=_run,
    reads="Compares the plan's instance with what the Application Migration Service says that its "
    "last job launched, or with the machine that a failover of Site Recovery makes.",
    about=About.NEW,
    of_cloud=OfCloud(
        aspects=(Replications,),
        passes="The plan names exactly what that launch has made.",
        fails="The plan names another one, such as the copy that was tested before; or the launch "
        "failed, is at work, was taken back or never begun.",
        unknown="The service does not say what it launched, as Site Recovery of copies to test "
        "from VMware.",
    ),
)
