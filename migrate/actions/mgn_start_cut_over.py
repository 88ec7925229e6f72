"""Launch what replaces the old server, from its newest data, by the Application Migration Service.

It is a new instance, not the one that was tested: name it in the plan, and test it itself. The old
server is not stopped by this.
"""

from __future__ import annotations

from inventory.model.fact import Unknown
from migrate.actions._mgn import (
    PARAMETERS,
    Act,
    at,
    at_work,
    gave_up,
    launched,
    not_done,
    untold,
    words,
)
from migrate.actions._mgn_back import back_to
from migrate.actions._sending import SETTLES_SECONDS
from migrate.model.action import Action, Effect, Task
from migrate.model.playbook import Builds
from migrate.model.replication import LaunchState, Phase, Replication

_BEFORE = (Phase.NOT_READY, Phase.READY_FOR_TEST, Phase.TESTING, Phase.READY_FOR_CUT_OVER)


def seen(found: Replication) -> Effect:
    """Tell whether it was launched. Pure."""
    launch = found.cut_over
    if launch and launch.state is LaunchState.AT_WORK:
        return at_work(launch)
    if at(found, *_BEFORE):
        return not_done(found)
    if launch is None or not at(found, Phase.CUTTING_OVER, Phase.CUT_OVER):
        return untold(found)
    if isinstance(launch.state, Unknown):
        return untold(found, str(launch.state))
    if launch.state is LaunchState.LAUNCHED or at(found, Phase.CUT_OVER):
        return launched(launch, "what replaces it", "")
    return gave_up(launch, "what replaces it")


def _unfit(_task: Task, found: Replication) -> str:
    if not at(found, Phase.READY_FOR_CUT_OVER, Phase.CUTTING_OVER):
        return f"it is not ready for cut-over: {found.state}"
    if isinstance(found.lag_seconds, Unknown):
        return f"nothing can be launched: {found.lag_seconds.detail}"
    return ""


def describe(task: Task) -> str:
    """Say what would be done."""
    return (
        f"launch what replaces {words(task)} in AWS, from its newest data, "
        "by the Application Migration Service"
    )


_ACT = Act(
    operation="start_cutover",
    asked=lambda server: {"sourceServerIDs": [server]},
    seen=seen,
    unfit=_unfit,
)
ACTION = Action(
    describe=describe,
    prepare=_ACT.prepare,
    apply=_ACT.apply,
    look=_ACT.look,
    restore=back_to(
        "READY_FOR_CUTOVER",
        Phase.READY_FOR_CUT_OVER,
        "what was launched goes on running: lead its users back to the old server, and end it",
    ),
    parameters=PARAMETERS,
    settles_seconds=SETTLES_SECONDS,
    builds=Builds.REPLACEMENT,
    moves=True,
)
