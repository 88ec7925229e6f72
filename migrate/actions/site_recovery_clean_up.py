"""Clean up after a test failover of Site Recovery: the copy that was tested is removed.

Notes are left with the service. While a copy stands, the service fails nothing over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from migrate.actions._sending import SETTLES_SECONDS
from migrate.actions._site_recovery import (
    PROPERTIES,
    Act,
    Said,
    allowed,
    at_work,
    effect,
    scenario,
    words,
)
from migrate.model.action import Action, Aftermath, Effect, Task

_NOTES: Final = "cleaned up by decant"
_KNOWN: Final = frozenset({"None", "MarkedForDeletion"})
"""Test failover states without a copy."""


def seen(_task: Task, said: Said) -> Effect:
    """Tell whether no copy stands. Pure."""
    state = said["properties"].get("testFailoverState")
    if scenario(said) in {"TestFailover", "TestFailoverCleanup"} and not _may(said):
        return at_work(said)
    if _may(said):
        return effect(Aftermath.NOT_DONE, said, "the copy stands")
    if state not in _KNOWN:
        return effect(Aftermath.UNKNOWN, said, f"its test failover state {state} is new to us")
    return replace(effect(Aftermath.DONE, said, "no copy stands"), launched=())


def _may(said: Said) -> bool:
    return "TestFailoverCleanup" in allowed(said)


def _asked(task: Task, _said: Said) -> tuple[str, Mapping[str, Any]]:
    notes = task.parameters.get("notes") or f"{task.move.server}: {_NOTES}"
    return "testFailoverCleanup", {"comments": notes}


def describe(task: Task) -> str:
    """Say what would be done."""
    return f"remove the copy of {words(task)} that was launched by a test failover"


_ACT = Act(
    asked=_asked,
    seen=seen,
    unfit=lambda _task, _said: "",
)


def clean_up(task: Task) -> Effect:
    """Take a test failover back by cleaning up after it; NOT_DONE is what it comes to."""
    found = _ACT.apply(task)
    back = {Aftermath.DONE: Aftermath.NOT_DONE, Aftermath.NOT_DONE: Aftermath.DONE}
    return replace(found, aftermath=back.get(found.aftermath, found.aftermath))


ACTION = Action(
    describe=describe,
    prepare=_ACT.prepare,
    apply=_ACT.apply,
    look=_ACT.look,
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **PROPERTIES,
            "notes": {
                "type": "string",
                "minLength": 1,
                "maxLength": 1024,
                "description": "What is noted with the service on the test; a few words that say "
                "who cleaned up unless given. No secrets: it stays there.",
            },
        },
    },
    settles_seconds=SETTLES_SECONDS,
    moves=True,
)
