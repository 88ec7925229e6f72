"""Launch a copy of the old server in Azure to test it, by a test failover of Site Recovery.

The old server and its users go on as they are. The copy is launched into a network of its own, that
of production is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from migrate.actions._sending import SETTLES_SECONDS
from migrate.actions._site_recovery import (
    KINDS,
    PROPERTIES,
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
from migrate.actions.site_recovery_clean_up import clean_up
from migrate.clouds.site_recovery import protected
from migrate.model.action import Action, Aftermath, Effect, Task
from migrate.model.playbook import Builds

_LAST: Final = "last test failover "
_PRODUCTION: Final = ("targetNetworkId", "selectedRecoveryAzureNetworkId")
_TEST: Final = ("testNetworkId", "selectedTfoAzureNetworkId")


def seen(task: Task, said: Said) -> Effect:
    """Tell whether a copy was launched, be it that it was cleaned up since. Pure."""
    if scenario(said) == "TestFailover" and "TestFailoverCleanup" not in allowed(said):
        return at_work(said)
    if "TestFailoverCleanup" in allowed(said):
        return launched(said, protected(said).test, "a copy", " to be tested")
    if f"{_LAST}{_last(said)}" not in task.particulars:
        return effect(Aftermath.DONE, said, "a copy was launched, and cleaned up since")
    return effect(Aftermath.NOT_DONE, said)


def _unfit(task: Task, said: Said) -> str:
    network, kind = _network(task, said), details(said).get("instanceType")
    if "TestFailover" not in allowed(said):
        return f"the service would not do it now, but: {', '.join(sorted(allowed(said)))}"
    if kind not in KINDS:
        return f"it is replicated as {kind}, of which it is not known here what to ask for"
    if not network:
        return "no network is named for the copy: parameters = {STAGE = {network = …}}"
    if network.lower() in {str(details(said).get(each)).lower() for each in _PRODUCTION}:
        return "the network that is named is the one of production: the copy would answer there"
    return ""


def _asked(task: Task, said: Said) -> tuple[str, Mapping[str, Any]]:
    network, kind = _network(task, said), details(said).get("instanceType")
    specific = {"instanceType": kind, **({"networkId": network} if kind == "InMageRcm" else {})}
    return "testFailover", {
        "failoverDirection": "PrimaryToRecovery",
        "networkType": "VmNetworkAsInput",
        "networkId": network,
        "providerSpecificDetails": specific,
    }


def _network(task: Task, said: Said) -> str:
    given = task.parameters.get("network")
    return str(given or next(filter(None, map(details(said).get, _TEST)), ""))


def _last(said: Said) -> str:
    return str(said["properties"].get("lastSuccessfulTestFailoverTime") or "never")


def describe(task: Task) -> str:
    """Say what would be done."""
    return f"launch a copy of {words(task)} in Azure to test it, by a test failover"


_ACT = Act(
    asked=_asked,
    seen=seen,
    unfit=_unfit,
    particulars=lambda said: (f"{_LAST}{_last(said)}",),
)
ACTION = Action(
    describe=describe,
    prepare=_ACT.prepare,
    apply=_ACT.apply,
    look=_ACT.look,
    restore=clean_up,
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **PROPERTIES,
            "network": {
                "type": "string",
                "minLength": 1,
                "description": "Resource id of the virtual network that the copy is launched into: "
                "one of its own. That which the item names for tests unless given.",
            },
        },
    },
    settles_seconds=SETTLES_SECONDS,
    builds=Builds.COPY,
    moves=True,
)
