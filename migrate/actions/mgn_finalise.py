"""Finalise the cut-over in the Application Migration Service: its replication ends for good.

There is no way back within the service, which removes its agent from the old server and deletes
what it replicated: from here on the old server itself is the only way back.
"""

from __future__ import annotations

from migrate.actions._mgn import (
    PARAMETERS,
    Act,
    at,
    not_done,
    other_than_planned,
    untold,
    words,
)
from migrate.actions._sending import SETTLES_SECONDS
from migrate.model.action import Action, Aftermath, Effect, Task
from migrate.model.replication import LaunchState, Phase, Replication


def seen(found: Replication) -> Effect:
    """Tell whether it is final. Pure."""
    if at(found, Phase.CUT_OVER):
        return Effect(aftermath=Aftermath.DONE, detail=f"the service says {found.state}")
    return untold(found) if not _known(found) or at(found, Phase.ENDED) else not_done(found)


def _known(found: Replication) -> bool:
    return isinstance(found.phase, Phase)


def _unfit(task: Task, found: Replication) -> str:
    launch = found.cut_over
    if not at(found, Phase.CUTTING_OVER) or launch is None:
        return f"no cut-over is under way: {found.state}"
    if launch.state is not LaunchState.LAUNCHED:
        return f"its launch did not come to an end: {found.state}"
    other = other_than_planned(task, launch)
    return f"what was launched is {other}" if other else ""


def describe(task: Task) -> str:
    """Say what would be done."""
    return (
        f"finalise the cut-over of {words(task)} in the Application Migration Service, "
        "which has no way back"
    )


_ACT = Act(
    operation="finalize_cutover",
    asked=lambda server: {"sourceServerID": server},
    seen=seen,
    unfit=_unfit,
)
ACTION = Action(
    describe=describe,
    prepare=_ACT.prepare,
    apply=_ACT.apply,
    look=_ACT.look,
    parameters=PARAMETERS,
    settles_seconds=SETTLES_SECONDS,
    moves=True,
)
