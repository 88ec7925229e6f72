"""Mark the old server as ready for cut-over in the Application Migration Service.

The service itself asks for no test before that; here the playbook does, and the copy that was
tested has to be the one that the service launched.
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
from migrate.actions._mgn_back import back_to, change_to
from migrate.actions._sending import SETTLES_SECONDS
from migrate.model.action import Action, Aftermath, Effect, Task
from migrate.model.replication import LaunchState, Phase, Replication


def seen(found: Replication) -> Effect:
    """Tell whether it is marked. Pure."""
    if at(found, Phase.READY_FOR_CUT_OVER, Phase.CUTTING_OVER, Phase.CUT_OVER):
        return Effect(aftermath=Aftermath.DONE, detail=f"the service says {found.state}")
    if at(found, Phase.NOT_READY, Phase.READY_FOR_TEST, Phase.TESTING):
        return not_done(found)
    return untold(found)


def _unfit(task: Task, found: Replication) -> str:
    launch = found.test
    if not at(found, Phase.TESTING) or launch is None or launch.state is not LaunchState.LAUNCHED:
        return f"no copy of it stands that could have been tested: {found.state}"
    other = other_than_planned(task, launch)
    return f"the copy is {other}" if other else ""


def describe(task: Task) -> str:
    """Say what would be done."""
    return f"mark {words(task)} as ready for cut-over in the Application Migration Service"


_ACT = Act(
    operation="change_server_life_cycle_state",
    asked=change_to("READY_FOR_CUTOVER"),
    seen=seen,
    unfit=_unfit,
)
ACTION = Action(
    describe=describe,
    prepare=_ACT.prepare,
    apply=_ACT.apply,
    look=_ACT.look,
    restore=back_to("READY_FOR_TEST", Phase.READY_FOR_TEST, "launch and test a copy again"),
    parameters=PARAMETERS,
    settles_seconds=SETTLES_SECONDS,
    moves=True,
)
