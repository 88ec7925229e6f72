"""Acts that launch a server where none stands yet: what they may rest on instead of its proof.

A copy to test, and what replaces the server once that copy had to be removed: decision 0026. Pure,
as the gate that uses it.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate.beneath import last_act, stages_beneath, uses_beneath
from migrate.custody import old_server_changed
from migrate.floor import whole_floor
from migrate.model.case import Case, Condition, unmet
from migrate.model.playbook import Builds, Stage


def launches(case: Case, stage: Stage) -> bool:
    """Say whether an act launches the first new server that there is to see."""
    return stage.builds is Builds.COPY or stand_in(case, stage) is not None


def copy_floor(case: Case, stage: Stage) -> Iterator[Condition]:
    """Yield what a copy to test lacks: a check that nobody can be excepted from.

    It is what proof comes from, and harms nobody.
    """
    if all(use.excusable for use in uses_beneath(case, stage)):
        why = "the playbook lets this rest on no check that nobody can be excepted from"
        yield unmet(stage.name, "proof", why, "let it need a stage that checks")


def stand_in(case: Case, stage: Stage) -> Stage | None:
    """Return the act that stands for proof and agreement, where what was tested is gone by now.

    Only for an act that launches the replacement, and has no proof and agreement of its own: the
    first that it needs which itself rests on the whole floor, such as removing the tested copy.
    """
    if stage.builds is not Builds.REPLACEMENT or not any(whole_floor(case, stage)):
        return None
    beneath = (case.playbook.stage(name) for name in stage.needs)
    acts = (each for each in beneath if each and each.action and each.builds is Builds.NOTHING)
    return next((each for each in acts if not any(whole_floor(case, each))), None)


def stood_for(case: Case, stage: Stage) -> Iterator[Condition]:
    """Ask of the act that stands for proof what would be asked of the proof: no change, not old."""
    under = stand_in(case, stage)
    act = last_act(case, under) if under else None
    if under is None or act is None or not act.done:
        return  # that it was not done is said by the stage that needs it
    changed = old_server_changed(case, act.intent.before, act.intent.at)
    if changed:
        why = f"{changed}, since {under.name} was permitted: what was tested is not what is there"
        yield unmet(stage.name, "still as tested", why, "launch a copy and test it again")
    lengths = [each.valid_for for each in stages_beneath(case, under)]
    ends = act.intent.at + min(lengths)
    if not act.intent.at <= case.now < ends:
        why = f"what {under.name} rested on counts until {ends:%Y-%m-%d %H:%M} UTC"
        yield unmet(stage.name, "still as tested", why, "launch a copy and test it again")
