"""Launch what replaces the old server in Azure, from its newest data, by a failover.

A planned one where the service would do that (Hyper-V), else an unplanned one. The old server is
not shut down by it: nobody but the stages behind it stops anything there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from migrate.actions._sending import SETTLES_SECONDS
from migrate.actions._site_recovery import (
    KINDS,
    PARAMETERS,
    Act,
    Said,
    allowed,
    at_work,
    details,
    effect,
    launched,
    scenario,
    words,
)
from migrate.clouds.site_recovery import protected
from migrate.model.action import Action, Aftermath, Effect, Task
from migrate.model.playbook import Builds

_SCENARIOS: Final = frozenset({"PlannedFailover", "UnplannedFailover", "Failover"})
_OPERATIONS: Final = {
    "PlannedFailover": "plannedFailover",
    "UnplannedFailover": "unplannedFailover",
}


def seen(_task: Task, said: Said) -> Effect:
    """Tell whether it was failed over. Pure."""
    active = said["properties"].get("activeLocation")
    if scenario(said) in _SCENARIOS:
        return at_work(said)
    if active == "Recovery":
        return launched(said, protected(said).cut_over, "what replaces it", "")
    return effect(Aftermath.NOT_DONE if active == "Primary" else Aftermath.UNKNOWN, said)


def _unfit(_task: Task, said: Said) -> str:
    kind = details(said).get("instanceType")
    if not allowed(said) & set(_OPERATIONS):
        return f"the service would not do it now, but: {', '.join(sorted(allowed(said)))}"
    if kind not in KINDS:
        return f"it is replicated as {kind}, of which it is not known here what to ask for"
    return ""


def _asked(_task: Task, said: Said) -> tuple[str, Mapping[str, Any]]:
    which = next(each for each in _OPERATIONS if each in allowed(said))
    kind = details(said).get("instanceType")
    specific = {
        "instanceType": kind,
        **({"performShutdown": "false"} if kind == "InMageRcm" else {}),
    }
    properties = {"failoverDirection": "PrimaryToRecovery", "providerSpecificDetails": specific}
    if which == "UnplannedFailover":
        properties |= {"sourceSiteOperations": "NotRequired"}
    return _OPERATIONS[which], properties


def describe(task: Task) -> str:
    """Say what would be done."""
    return (
        f"launch what replaces {words(task)} in Azure, from its newest data, by a failover of Site "
        "Recovery"
    )


_ACT = Act(asked=_asked, seen=seen, unfit=_unfit)


def _cancelled(task: Task, said: Said) -> Effect:
    there = seen(task, said)
    back = {Aftermath.DONE: Aftermath.NOT_DONE, Aftermath.NOT_DONE: Aftermath.DONE}
    return effect(back.get(there.aftermath, Aftermath.UNKNOWN), said)


_CANCEL = Act(
    asked=lambda _task, _said: ("failoverCancel", {}),
    seen=_cancelled,
    unfit=lambda _task, _said: "",
)


def cancel(task: Task) -> Effect:
    """Cancel the failover, where the service would still do that; NOT_DONE is what it comes to."""
    looked = _CANCEL.apply(task)
    back = {Aftermath.DONE: Aftermath.NOT_DONE, Aftermath.NOT_DONE: Aftermath.DONE}
    return replace(looked, aftermath=back.get(looked.aftermath, looked.aftermath))


ACTION = Action(
    describe=describe,
    prepare=_ACT.prepare,
    apply=_ACT.apply,
    look=_ACT.look,
    restore=cancel,
    parameters=PARAMETERS,
    settles_seconds=SETTLES_SECONDS,
    builds=Builds.REPLACEMENT,
    moves=True,
)
