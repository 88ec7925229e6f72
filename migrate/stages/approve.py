"""Enter one person's agreement to exactly what was proved, signed by their key; or take it back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from inventory.errors import RefusedError, UsageError
from inventory.estate import Person
from migrate.casefile import case_of
from migrate.custody import left_by_acts
from migrate.gate import agreed_by, decide
from migrate.ledger.book import enter
from migrate.model.case import Case, Condition
from migrate.model.evidence import Approval, Fingerprints
from migrate.model.plan import Move
from migrate.model.playbook import Playbook, Stage
from migrate.people import person_of
from migrate.reliance import relied_on
from migrate.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from securesystemslib.signer import Signer

_WORTH = timedelta(hours=1)
"""How much longer another approval has to count than the one that stands, to be entered."""


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """What one person's agreement came to."""

    approval: Approval
    entered: bool
    """Whether it was entered now; otherwise it stood already, and nothing was entered."""


def run(
    bench: Workbench,
    move: Move,
    *,
    person: str,
    sign: Callable[[Person], Signer],
    stage_name: str | None = None,
    withdraw: bool = False,
) -> Agreed:
    """Enter an approval that names the evidence which counts now, and return it.

    ``sign`` opens the person's own key. Without a stage's name it is the first that still lacks
    this person's word. Whether the evidence still fits the servers is the gate's to say when
    something is to be done. One that stands already is not entered twice, unless it would end
    sooner than what it agrees to.

    Raises:
        UsageError: the playbook asks for no approval, or the person may not speak for a partner.
        RefusedError: what the approval rests on has not been proved.
        BadInputError: the person's key cannot be used.

    """
    playbook = bench.shelf.read(move.playbook)
    speaker = person_of(bench.estate, person)
    case = case_of(bench, move, playbook)
    stage = _stage(case, playbook, stage_name, speaker, withdraw=withdraw)
    seen = _newest(case, stage)
    if not withdraw:
        # All of it has to be of what the newest look saw: one agreement is to one state of things.
        _proved(replace(case, fingerprints=seen), stage, move)
    if seen is None:
        raise RefusedError("there is no evidence to speak about", hint="run decant test first")
    given = None if withdraw else _given(replace(case, fingerprints=seen), stage, speaker)
    if given:
        return Agreed(approval=given, entered=False)
    entered = _enter(bench, case, stage, speaker, seen, sign(speaker), withdrawn=withdraw)
    return Agreed(approval=entered, entered=True)


def _given(case: Case, stage: Stage, person: Person) -> Approval | None:
    """Return what the person agreed to already, where saying it again would add nothing."""
    if stage.approval is None:
        return None
    counting = agreed_by(case, stage, stage.approval).approvals
    mine = next((each for each in counting if each.person == person.name), None)
    ends = min(each.expires for each in relied_on(case, stage))
    would = min(case.now + stage.valid_for, ends)
    return mine if mine and would - min(mine.expires, ends) < _WORTH else None


def _stage(
    case: Case, playbook: Playbook, name: str | None, person: Person, *, withdraw: bool
) -> Stage:
    asking = [each for each in playbook.stages if each.approval]
    if name is not None:
        named = [each for each in asking if each.name == name]
        if not named:
            there = ", ".join(each.name for each in asking) or "none"
            raise UsageError(
                f"playbook {playbook.name} asks for no approval in a stage {name!r}",
                hint=f"stages that ask for approval: {there}",
            )
        return named[0]
    if not asking:
        raise UsageError(f"playbook {playbook.name} asks for no approval")
    given = {each.stage: each for each in case.approvals if each.person == person.name}
    standing = [each for each in asking if each.name in given and _stands(case, given[each.name])]
    if withdraw:
        return standing[-1] if standing else asking[0]
    lacking = [each for each in asking if each not in standing or _is_stale(case, each, given)]
    return lacking[0] if lacking else asking[-1]


def _stands(case: Case, approval: Approval) -> bool:
    return not approval.withdrawn and approval.expires > case.now


def _is_stale(case: Case, stage: Stage, given: dict[str, Approval]) -> bool:
    return set(given[stage.name].evidence) != {each.id for each in relied_on(case, stage)}


def _proved(case: Case, stage: Stage, move: Move) -> None:
    refusals = decide(case, stage).refusals
    if refusals:
        reasons = "; ".join(f"{each.stage}/{each.name}: {each.why}" for each in refusals)
        raise RefusedError(
            f"{move.server} cannot be approved: {reasons}", hint=_hint(refusals, move)
        )


def _hint(refusals: Sequence[Condition], move: Move) -> str:
    """Return what would meet the first condition of which that is known."""
    known = (each.remedy for each in refusals if each.remedy)
    return next(known, f"decant decommission {move.server} --explain")


def _newest(case: Case, stage: Stage) -> Fingerprints | None:
    """Return what the newest look showed, as our own acts since have left it; None without any."""
    relied = relied_on(case, stage)
    if not relied:
        return None
    newest = max(relied, key=lambda each: each.at)
    source = left_by_acts(newest.fingerprints.source, newest.at, case.acts)
    if isinstance(source, str):
        raise RefusedError(f"{case.server} cannot be approved: {source}", hint="look at it first")
    return replace(newest.fingerprints, source=source)


def _enter(
    bench: Workbench,
    case: Case,
    stage: Stage,
    person: Person,
    seen: Fingerprints,
    key: Signer,
    *,
    withdrawn: bool,
) -> Approval:
    approval = Approval(
        id="",
        server_id=case.server_id,
        playbook=case.playbook.name,
        stage=stage.name,
        person=person.name,
        partner=person.partner,
        evidence=tuple(each.id for each in relied_on(case, stage)),
        fingerprints=seen,
        at=case.now,
        expires=case.now + stage.valid_for,
        withdrawn=withdrawn,
        roles=person.roles,
    )
    return enter(bench.store, approval, at=case.now, signer=key)
