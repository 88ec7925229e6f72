"""The least that an act must rest on, whatever a playbook says: proof, and both partners. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.agreement import needed_partners
from migrate.beneath import stages_beneath, uses_beneath
from migrate.model.case import Case, Condition, unmet
from migrate.model.playbook import ApprovalRule, CheckUse, Playbook, Replacement, Stage

_BOTH = 2
"""How many partners must agree to an act at the least, where as many own the server."""


def whole_floor(case: Case, stage: Stage) -> Iterator[Condition]:
    """Yield what is lacking: a check of the replacement, and both partners' agreement to it."""
    if not _rests_on_proof(case, stage):
        why = "the playbook lets this rest on no check of what stands in the old server's place"
        yield unmet(stage.name, "proof", why, "let it need a stage that checks")
    floor = ApprovalRule(partners=_BOTH)
    asked = max(
        (
            each.approval.partners
            for each in stages_beneath(case, stage)
            if each.approval and _rests_on_proof(case, each)
        ),
        default=0,
    )
    wanted = needed_partners(case, floor)
    if asked < wanted:
        why = f"the playbook asks {asked} partners about what was proved, and {wanted} must agree"
        yield unmet(stage.name, "agreement", why, "let it need an approval of as many partners")
    if not case.owners:
        why = "nobody owns the server, so nobody can agree"
        yield unmet(stage.name, "owners", why, "name the partners in decant.toml")


def _rests_on_proof(case: Case, stage: Stage) -> bool:
    return any(_proves(case.playbook, use) for use in uses_beneath(case, stage))


def _proves(playbook: Playbook, use: CheckUse) -> bool:
    replaced = playbook.replacement in {Replacement.SERVER, Replacement.SERVICE}
    return not use.excusable and (use.about.proves_replacement or not replaced)
