"""What lies beneath a stage by its playbook: stages, their checks, the last act of one. Pure."""

from __future__ import annotations

from migrate.model.act import Act
from migrate.model.case import Case
from migrate.model.plan import Destination
from migrate.model.playbook import CheckUse, Playbook, Stage


def applicable(stage: Stage, to: Destination) -> tuple[CheckUse, ...]:
    """Return the checks of a stage that are done for a destination."""
    return tuple(use for use in stage.checks if not use.when_to or to.value in use.when_to)


def rests_on(playbook: Playbook, stage: Stage) -> tuple[str, ...]:
    """Name the stages that a stage rests on, as far down as the acts beneath it."""
    names: dict[str, None] = {}
    for need in stage.needs:
        under = playbook.stage(need)
        if under and not under.action:
            names.update(dict.fromkeys((*rests_on(playbook, under), need)))
    return tuple(names)


def stages_beneath(case: Case, stage: Stage) -> list[Stage]:
    """Return the stages that a stage rests on, as far down as the acts beneath it."""
    found = (case.playbook.stage(name) for name in rests_on(case.playbook, stage))
    return [each for each in found if each]


def uses_beneath(case: Case, stage: Stage) -> list[CheckUse]:
    """Return the checks that a stage rests on, as far as they are done for the destination."""
    return [use for each in stages_beneath(case, stage) for use in applicable(each, case.to)]


def last_act(case: Case, stage: Stage) -> Act | None:
    """Return the newest act of a stage, or None when it was never begun."""
    where = (case.playbook.name, stage.name)
    mine = [each for each in case.acts if (each.intent.playbook, each.intent.stage) == where]
    return mine[-1] if mine else None
