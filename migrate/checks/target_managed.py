"""The cloud manages the new server: its agent answers, and what it carries has not failed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from migrate.checks._cloud import judged
from migrate.checks._conditions import aspect
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About
from migrate.model.target_agents import Agent
from migrate.model.target_health import Condition

_MINUTES: Final = 60


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    found = aspect(sight, Agent)
    if isinstance(found, CheckResult):
        return found
    if found.agent is None:
        return judged(sight, ["the cloud knows of no agent in it"], [], "", found)
    looked = [found.agent, *(found.carried if parameters.get("carried", True) else ())]
    faults = [f"{each.name}: {each.said}" for each in looked if each.condition is Condition.ILL]
    doubts = [
        f"{each.name}: {each.said}, which says nothing"
        for each in looked
        if each.condition is Condition.UNTOLD
    ]
    limit = timedelta(minutes=parameters.get("heard_within_minutes", _MINUTES))
    if found.heard is None:
        doubts.append("when it was last heard of is not told")
    elif sight.now - found.heard > limit:
        faults.append(f"its agent was last heard of at {found.heard:%Y-%m-%d %H:%M %Z}")
    fine = ", ".join(f"{each.name} {each.said}" for each in looked)
    return judged(sight, faults, doubts, fine, found)


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "heard_within_minutes": {
                "type": "integer",
                "minimum": 1,
                "default": _MINUTES,
                "description": "how long ago the agent may have been heard of at most",
            },
            "carried": {
                "type": "boolean",
                "default": True,
                "description": "whether what the agent carries counts: Azure's extensions, the "
                "State Manager associations of AWS",
            },
        },
    },
    run=_run,
    reads="Asks Systems Manager for the SSM agent, or Azure for the VM agent and the extensions.",
    about=About.NEW,
    of_cloud=OfCloud(
        aspects=(Agent,),
        passes="The agent is Online (AWS) or Ready (Azure), was heard of lately, and every "
        "extension or association succeeded.",
        fails="No agent is known, it is lost or not ready, was heard of too long ago, or what it "
        "carries failed.",
        unknown="A state that is new or on its way: pending, updating.",
    ),
)
