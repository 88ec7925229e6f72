"""Release a server for cut-over: from here on people, or a migration service, may switch its users.

Nothing is sent anywhere: the act is its entry in the ledger, which only the gate lets through.
"""

from __future__ import annotations

from migrate.model.action import Action, Aftermath, Effect, Task


def describe(task: Task) -> str:
    """Say what would be done."""
    name = task.move.server
    return f"release {name} for cut-over: its users may be switched to what replaces it"


def release(task: Task) -> Effect:
    """Release it; there is nothing to look at but the ledger."""
    return Effect(aftermath=Aftermath.DONE, detail=f"{task.move.server} is released for cut-over")


def take_back(task: Task) -> Effect:
    """Take the release back: the cut-over has to be permitted anew."""
    detail = f"the release of {task.move.server} is taken back: switch its users back by hand"
    return Effect(aftermath=Aftermath.NOT_DONE, detail=detail)


ACTION = Action(describe=describe, apply=release, look=release, restore=take_back)
