"""Launch a copy of the old server in AWS to test it, by the Application Migration Service.

The old server and its users go on as they are. The copy is launched as the service's launch
settings say: put it into a subnet from which it reaches nothing that the old server serves.
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

_BEFORE = (Phase.NOT_READY, Phase.READY_FOR_TEST)
_LATER = (Phase.READY_FOR_CUT_OVER, Phase.CUTTING_OVER, Phase.CUT_OVER)


def seen(found: Replication) -> Effect:
    """Tell whether a copy was launched. Pure."""
    launch = found.test
    if launch and launch.state is LaunchState.AT_WORK:
        return at_work(launch)
    if at(found, *_BEFORE) or (launch is None and at(found, Phase.TESTING, *_LATER)):
        return not_done(found)
    if launch is None or not at(found, Phase.TESTING, *_LATER):
        return untold(found)
    if launch.state is LaunchState.LAUNCHED or at(found, *_LATER):
        return launched(launch, "a copy", " to be tested")
    if isinstance(launch.state, Unknown):
        return untold(found, str(launch.state))
    return gave_up(launch, "the copy")


def _unfit(_task: Task, found: Replication) -> str:
    if not at(found, Phase.READY_FOR_TEST, Phase.TESTING, Phase.READY_FOR_CUT_OVER):
        return f"no copy can be launched: {found.state}"
    if isinstance(found.lag_seconds, Unknown):
        return f"no copy can be launched: {found.lag_seconds.detail}"
    return ""


def describe(task: Task) -> str:
    """Say what would be done."""
    return f"launch a copy of {words(task)} in AWS to test it, by the Application Migration Service"


_ACT = Act(
    operation="start_test",
    asked=lambda server: {"sourceServerIDs": [server]},
    seen=seen,
    unfit=_unfit,
)
ACTION = Action(
    describe=describe,
    prepare=_ACT.prepare,
    apply=_ACT.apply,
    look=_ACT.look,
    restore=back_to("READY_FOR_TEST", Phase.READY_FOR_TEST, "the copy goes on running: end it"),
    parameters=PARAMETERS,
    settles_seconds=SETTLES_SECONDS,
    builds=Builds.COPY,
    moves=True,
)
