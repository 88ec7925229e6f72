"""Commit a failover of Site Recovery: other recovery points cannot be chosen any more.

There is no way back within the service from here on but to replicate in the other direction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from migrate.actions._sending import SETTLES_SECONDS
from migrate.actions._site_recovery import (
    PARAMETERS,
    Act,
    Said,
    allowed,
    at_work,
    effect,
    scenario,
    words,
)
from migrate.clouds.site_recovery import protected
from migrate.launched import bare
from migrate.model.action import Action, Aftermath, Effect, Task


def seen(_task: Task, said: Said) -> Effect:
    """Tell whether it is committed. Pure."""
    active = said["properties"].get("activeLocation")
    if scenario(said) not in {"None", "Commit"}:
        return at_work(said)
    if active == "Primary" or "Commit" in allowed(said):
        return effect(Aftermath.NOT_DONE, said)
    if scenario(said) == "Commit":
        return at_work(said)
    if active != "Recovery":
        return effect(Aftermath.UNKNOWN, said)
    return effect(Aftermath.DONE, said)


def _unfit(task: Task, said: Said) -> str:
    if "Commit" not in allowed(said):
        return f"the service would not do it now, but: {', '.join(sorted(allowed(said)))}"
    launch = protected(said).cut_over
    made = launch.resource if launch else None
    if made is None or bare(made) != bare(task.move.resource or ""):
        planned = task.move.resource or "nothing"
        return f"what was launched is {made}, and the plan names {planned}"
    return ""


def _asked(_task: Task, _said: Said) -> tuple[str, Mapping[str, Any]]:
    return "failoverCommit", {}


def describe(task: Task) -> str:
    """Say what would be done."""
    return f"commit the failover of {words(task)} in Site Recovery, which cannot be taken back"


_ACT = Act(asked=_asked, seen=seen, unfit=_unfit)
ACTION = Action(
    describe=describe,
    prepare=_ACT.prepare,
    apply=_ACT.apply,
    look=_ACT.look,
    parameters=PARAMETERS,
    settles_seconds=SETTLES_SECONDS,
    moves=True,
)
