"""The way back within the Application Migration Service: to an earlier state of a source server.

What was launched goes on running, and costing: the service does not end it by this.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from migrate.actions._mgn import Act, at, untold
from migrate.model.action import Aftermath, Effect, Task
from migrate.model.replication import Phase, Replication


def change_to(state: str) -> Callable[[str], Mapping[str, Any]]:
    """Return the parameters of ChangeServerLifeCycleState, by the id of the source server."""
    return lambda server: {"sourceServerID": server, "lifeCycle": {"state": state}}


def back_to(state: str, phase: Phase, still: str) -> Callable[[Task], Effect]:
    """Return what puts a source server back to a state, then looks; NOT_DONE is its success."""

    def seen(found: Replication) -> Effect:
        if at(found, phase):
            return Effect(aftermath=Aftermath.DONE, detail=f"the service says {found.state}")
        if at(found, Phase.CUT_OVER, Phase.ENDED) or not isinstance(found.phase, Phase):
            return untold(found)
        return Effect(aftermath=Aftermath.NOT_DONE, detail=f"the service says {found.state}")

    act = Act(
        operation="change_server_life_cycle_state",
        asked=change_to(state),
        seen=seen,
        unfit=lambda _task, _found: "",
    )

    def restore(task: Task) -> Effect:
        """Put it back, and look. That the act stands no more is told as NOT_DONE."""
        effect = act.apply(task)
        if effect.aftermath is Aftermath.UNKNOWN:
            return effect
        back = effect.aftermath is Aftermath.DONE
        return replace(
            effect,
            aftermath=Aftermath.NOT_DONE if back else Aftermath.DONE,
            detail=f"{effect.detail}; {still}" if back else effect.detail,
        )

    return restore
