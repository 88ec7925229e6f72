"""Enter one person's agreement to exactly what was proved, or take it back."""

from __future__ import annotations

from inventory.errors import RefusedError, UsageError
from inventory.estate import Estate
from migrate.casefile import case_of
from migrate.gate import Case, decide, relied_on
from migrate.ledger.book import enter
from migrate.model.evidence import Approval, Fingerprints
from migrate.model.plan import Move
from migrate.model.playbook import Playbook, Stage
from migrate.workbench import Workbench


def run(
    bench: Workbench, move: Move, *, person: str, partner: str, withdraw: bool = False
) -> Approval:
    """Enter an approval that names the evidence which counts now, and return it.

    Whether that evidence still fits the servers is the gate's to say when something is to be done.

    Raises:
        UsageError: the playbook asks for no approval, or the person may not speak for the partner.
        RefusedError: what the approval rests on has not been proved.

    """
    playbook = bench.shelf.read(move.playbook)
    stage = _stage(playbook)
    _may_speak(bench.estate, person, partner)
    case = case_of(bench, move, playbook)
    if not withdraw:
        _proved(case, stage, move)
    return _enter(bench, case, stage, (person, partner, withdraw))


def _stage(playbook: Playbook) -> Stage:
    for stage in playbook.stages:
        if stage.approval:
            return stage
    raise UsageError(f"playbook {playbook.name} asks for no approval")


def _may_speak(estate: Estate, person: str, partner: str) -> None:
    partners = {each.name: each for each in estate.partners}
    if partner not in partners:
        raise UsageError(
            f"there is no partner {partner!r}", hint=f"partners are: {', '.join(partners)}"
        )
    if person not in partners[partner].approvers:
        allowed = ", ".join(partners[partner].approvers) or "nobody yet"
        raise UsageError(
            f"{person!r} may not approve for {partner}",
            hint=f"approvers of {partner} in decant.toml: {allowed}",
        )


def _proved(case: Case, stage: Stage, move: Move) -> None:
    refusals = decide(case, stage).refusals
    if refusals:
        reasons = "; ".join(f"{each.stage}/{each.name} {each.why}" for each in refusals)
        raise RefusedError(
            f"{move.server} cannot be approved: {reasons}", hint=f"decant test {move.server}"
        )


def _enter(bench: Workbench, case: Case, stage: Stage, who: tuple[str, str, bool]) -> Approval:
    relied = relied_on(case, stage)
    if not relied:
        raise RefusedError("there is no evidence to speak about", hint="run decant test first")
    person, partner, withdrawn = who
    approval = Approval(
        id="",
        server_id=case.server_id,
        playbook=case.playbook.name,
        stage=stage.name,
        person=person,
        partner=partner,
        evidence=tuple(each.id for each in relied),
        fingerprints=_same_fingerprints(tuple(each.fingerprints for each in relied)),
        at=case.now,
        expires=case.now + stage.valid_for,
        withdrawn=withdrawn,
    )
    return enter(bench.store, approval, at=case.now)


def _same_fingerprints(all_of_them: tuple[Fingerprints, ...]) -> Fingerprints:
    first = all_of_them[0]
    if any(each != first for each in all_of_them):
        raise RefusedError(
            "the evidence was not all taken of the same thing",
            hint="something changed between the checks: run decant test again",
        )
    return first
