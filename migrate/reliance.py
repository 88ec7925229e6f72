"""What a stage relies on: what was said last about each check, and since when all of it stands.

Pure, as the gate that uses it.
"""

from __future__ import annotations

from datetime import datetime

from migrate.agreement import excepted
from migrate.beneath import applicable, last_act, rests_on
from migrate.model.case import Case
from migrate.model.evidence import Evidence, Waiver
from migrate.model.playbook import CheckUse, Stage


def relied_on(case: Case, stage: Stage) -> tuple[Evidence | Waiver, ...]:
    """Return what a stage rests on: the newest evidence for each check, and the exceptions.

    What lies beneath an act that was done is not part of it: that act rested on it, and it is named
    in the journal.
    """
    found: dict[str, Evidence | Waiver] = {}
    for name in rests_on(case.playbook, stage):
        under = case.playbook.stage(name)
        for use in applicable(under, case.to) if under else ():
            newest = newest_evidence(case, name, use)
            if newest:
                found[newest.id] = newest
            if under:
                found |= {each.id: each for each in exceptions(case, under, use)}
    return tuple(found.values())


def exceptions(case: Case, stage: Stage, use: CheckUse) -> tuple[Waiver, ...]:
    """Return the exceptions by which a check need not pass; empty when there are not enough.

    Where the check is only taken after a time to wait, so are they.
    """
    if not stage.wait or not use.excusable:
        return excepted(case, stage, use)
    ready = waited_until(case, stage)
    return excepted(case, stage, use, ready) if ready else ()


def since(case: Case, stage: Stage) -> datetime | None:
    """Return when the last of all that a stage needs came about; None when some of it has not."""
    moments = [_came_about(case, case.playbook.stage(need)) for need in stage.needs]
    known = [each for each in moments if each is not None]
    return max(known) if known and len(known) == len(moments) else None


def waited_until(case: Case, stage: Stage) -> datetime | None:
    """Return when the waiting of a stage is over; None when it has not even begun."""
    base = since(case, stage)
    return base + stage.wait if base else None


def newest_evidence(case: Case, stage: str, use: CheckUse) -> Evidence | None:
    """Return what a check of a stage saw last, whether it counts or not; None when never run."""
    for each in reversed(case.evidence):
        where = (each.server_id, each.playbook, each.stage, each.check)
        if where == (case.server_id, case.playbook.name, stage, use.id):
            return each
    return None


def _came_about(case: Case, stage: Stage | None) -> datetime | None:
    if stage is None:
        return None
    if stage.action:
        act = last_act(case, stage)
        return act.result.at if act and act.done and act.result else None
    if stage.approval:
        here = (case.server_id, case.playbook.name, stage.name)
        return max(
            (
                each.at
                for each in case.approvals
                if (each.server_id, each.playbook, each.stage) == here
            ),
            default=None,
        )
    times = [_settled(case, stage, use) for use in applicable(stage, case.to)]
    known = [each for each in times if each]
    return max(known) if known and len(known) == len(times) else None


def _settled(case: Case, stage: Stage, use: CheckUse) -> datetime | None:
    """Return when the last word on a check was said: what it saw, or an exception from it."""
    newest = newest_evidence(case, stage.name, use)
    words = [each.at for each in exceptions(case, stage, use)]
    return max([*words, newest.at] if newest else words, default=None)
