"""The gate: the only door to decommission, one pure function.

It looks at a playbook, the evidence and approvals of the ledger, fingerprints taken just now, and a
clock; it answers with every condition, and allows only when there is at least one and each of them
is met. Unknown, expired, missing, changed, unsigned, contradicted: refused. There is no way around
it. Two rooms belong to it: :mod:`migrate.custody` (does it still speak of what stands there) and
:mod:`migrate.agreement` (did enough people agree).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from migrate.agreement import Agreement, agreement, excepted, needed_partners
from migrate.custody import old_server_changed, void
from migrate.fingerprint import is_awaited
from migrate.model.act import Act
from migrate.model.case import Case, Condition, met, unmet
from migrate.model.evidence import Evidence, Fingerprint, Outcome, Waiver
from migrate.model.plan import Destination
from migrate.model.playbook import (
    ApprovalRule,
    Builds,
    CheckUse,
    Playbook,
    Replacement,
    Stage,
)
from migrate.moment import shut

_BOTH = 2
"""How many partners must agree to an act at the least, where as many own the server."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What the gate says, and why."""

    conditions: tuple[Condition, ...]

    @property
    def allowed(self) -> bool:
        """Whether there is something to rely on, and all of it holds."""
        return bool(self.conditions) and all(each.met for each in self.conditions)

    @property
    def refusals(self) -> tuple[Condition, ...]:
        """The conditions that are not met."""
        return tuple(each for each in self.conditions if not each.met)


def decide(case: Case, stage: Stage) -> Decision:
    """Say whether a stage may be entered, with every condition that it depends on."""
    conditions = [_ledger(case, stage)]
    if stage.action:
        conditions += [*_looked(case, stage), *floor(case, stage), *_moment(case, stage)]
        conditions += _stood_for(case, stage)
    if not stage.needs:
        conditions.append(unmet(stage.name, "needs", "the stage rests on no other stage"))
    for need in stage.needs:
        conditions += _satisfied(case, need)
    if not stage.checks:
        conditions += _waited(case, stage)
    return Decision(conditions=tuple(dict.fromkeys(conditions)))


def satisfied(case: Case, stage: Stage) -> Decision:
    """Say whether a stage has been passed and still counts."""
    return Decision(conditions=(_ledger(case, stage), *_satisfied(case, stage.name)))


def steps(case: Case) -> Iterator[tuple[Stage, Decision]]:
    """Say of each stage of the playbook, in order, what :func:`satisfied` says of it.

    What several stages rest on is looked at once.
    """
    found: dict[str, tuple[Condition, ...]] = {}
    for stage in case.playbook.stages:
        beneath = () if stage.action else stage.needs
        found[stage.name] = tuple(_beneath(case, beneath, found)) + tuple(_own(case, stage))
        yield stage, Decision(conditions=(_ledger(case, stage), *found[stage.name]))


def applicable(stage: Stage, to: Destination) -> tuple[CheckUse, ...]:
    """Return the checks of a stage that are done for a destination."""
    return tuple(use for use in stage.checks if not use.when_to or to.value in use.when_to)


def relied_on(case: Case, stage: Stage) -> tuple[Evidence | Waiver, ...]:
    """Return what a stage rests on: the newest evidence for each check, and the exceptions.

    What lies beneath an act that was done is not part of it: that act rested on it, and it is named
    in the journal.
    """
    found: dict[str, Evidence | Waiver] = {}
    for name in rests_on(case.playbook, stage):
        under = case.playbook.stage(name)
        for use in applicable(under, case.to) if under else ():
            newest = _newest(case, name, use)
            if newest:
                found[newest.id] = newest
            if under:
                found |= {each.id: each for each in exceptions(case, under, use)}
    return tuple(found.values())


def agreed_by(case: Case, stage: Stage, rule: ApprovalRule) -> Agreement:
    """Return who agreed in a stage to what counts now, and what is lacking."""
    relied = relied_on(case, stage)
    return agreement(
        case,
        stage,
        rule,
        {each.id for each in relied},
        {each.signer for each in relied if isinstance(each, Evidence)},
        _waited_until(case, stage),
    )


def exceptions(case: Case, stage: Stage, use: CheckUse) -> tuple[Waiver, ...]:
    """Return the exceptions by which a check need not pass; empty when there are not enough.

    Where the check is only taken after a time to wait, so are they.
    """
    if not stage.wait or not use.excusable:
        return excepted(case, stage, use)
    ready = _waited_until(case, stage)
    return excepted(case, stage, use, ready) if ready else ()


def since(case: Case, stage: Stage) -> datetime | None:
    """Return when the last of all that a stage needs came about; None when some of it has not."""
    moments = [_came_about(case, case.playbook.stage(need)) for need in stage.needs]
    known = [each for each in moments if each is not None]
    return max(known) if known and len(known) == len(moments) else None


def _waited_until(case: Case, stage: Stage) -> datetime | None:
    base = since(case, stage)
    return base + stage.wait if base else None


def last_act(case: Case, stage: Stage) -> Act | None:
    """Return the newest act of a stage, or None when it was never begun."""
    where = (case.playbook.name, stage.name)
    mine = [each for each in case.acts if (each.intent.playbook, each.intent.stage) == where]
    return mine[-1] if mine else None


def rests_on(playbook: Playbook, stage: Stage) -> tuple[str, ...]:
    """Name the stages that a stage rests on, as far down as the acts beneath it."""
    names: dict[str, None] = {}
    for need in stage.needs:
        under = playbook.stage(need)
        if under and not under.action:
            names.update(dict.fromkeys((*rests_on(playbook, under), need)))
    return tuple(names)


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
    newest = _newest(case, stage.name, use)
    words = [each.at for each in exceptions(case, stage, use)]
    return max([*words, newest.at] if newest else words, default=None)


def _ledger(case: Case, stage: Stage) -> Condition:
    if case.ledger_fault:
        return unmet(stage.name, "ledger", case.ledger_fault, "decant ledger verify")
    return met(stage.name, "ledger", "the ledger is whole")


def _looked(case: Case, stage: Stage) -> Iterator[Condition]:
    if case.fingerprints is None:
        yield unmet(stage.name, "looked at", "the servers were not looked at just now")
        return
    source, target = case.fingerprints.source, case.fingerprints.target
    yield _seen(stage.name, "old server", source)
    yield _new_server(case, stage, target)
    if not case.playbook.replacement.fits(case.to):
        why = f"the playbook puts {case.playbook.replacement.value} in its place"
        remedy = "use a playbook made for that destination"
        yield unmet(stage.name, "destination", f"{why}, and it goes to {case.to.value}", remedy)
    is_server = case.playbook.replacement is Replacement.SERVER
    if is_server and source.parts.get("identity") == target.parts.get("identity"):
        yield unmet(
            stage.name,
            "another server",
            "the replacement is the old server itself, or neither could be identified",
            "give the replacement's own address in the plan",
        )


def _new_server(case: Case, stage: Stage, target: Fingerprint) -> Condition:
    """Ask for the new server, unless the act itself launches the first there is to see."""
    if not is_awaited(target):
        return _seen(stage.name, "new server", target)
    if stage.builds is Builds.COPY or stand_in(case, stage):
        return met(stage.name, "new server", "none stands yet: this launches it")
    why = "the plan names no new server yet"
    return unmet(stage.name, "new server", why, "name it in decant.toml, and run decant plan")


def _seen(stage: str, side: str, fingerprint: Fingerprint) -> Condition:
    if fingerprint.unknown:
        unknown = "; ".join(fingerprint.unknown)
        return unmet(stage, side, f"not all of it could be seen: {unknown}", "make it answer")
    if not fingerprint.parts:
        return unmet(stage, side, "nothing of it was seen", "make it answer")
    return met(stage, side, "seen just now, whole")


def floor(case: Case, stage: Stage) -> Iterator[Condition]:
    """Hold every playbook, a user's own too, to the least that an act must rest on.

    A copy to test is what proof comes from, and harms nobody: it rests on any check that nobody can
    be excepted from. What launches the replacement after that copy had to be removed rests on the
    act that removed it, see :func:`stand_in`.
    """
    if stage.builds is Builds.COPY:
        if all(use.excusable for use in _uses_beneath(case, stage)):
            why = "the playbook lets this rest on no check that nobody can be excepted from"
            yield unmet(stage.name, "proof", why, "let it need a stage that checks")
    elif stand_in(case, stage) is None:
        yield from _whole_floor(case, stage)


def stand_in(case: Case, stage: Stage) -> Stage | None:
    """Return the act that stands for proof and agreement, where what was tested is gone by now.

    Only for an act that launches the replacement, and has no proof and agreement of its own: the
    first that it needs which itself rests on the whole floor, such as removing the tested copy.
    """
    if stage.builds is not Builds.REPLACEMENT or not any(_whole_floor(case, stage)):
        return None
    beneath = (case.playbook.stage(name) for name in stage.needs)
    acts = (each for each in beneath if each and each.action and each.builds is Builds.NOTHING)
    return next((each for each in acts if not any(_whole_floor(case, each))), None)


def _stood_for(case: Case, stage: Stage) -> Iterator[Condition]:
    """Ask of the act that stands for proof what would be asked of the proof: no change, not old."""
    under = stand_in(case, stage)
    act = last_act(case, under) if under else None
    if under is None or act is None or not act.done:
        return  # that it was not done is said by the stage that needs it
    changed = old_server_changed(case, act.intent.before, act.intent.at)
    if changed:
        why = f"{changed}, since {under.name} was permitted: what was tested is not what is there"
        yield unmet(stage.name, "still as tested", why, "launch a copy and test it again")
    lengths = [each.valid_for for each in _stages_beneath(case, under)]
    ends = act.intent.at + min(lengths)
    if not act.intent.at <= case.now < ends:
        why = f"what {under.name} rested on counts until {ends:%Y-%m-%d %H:%M} UTC"
        yield unmet(stage.name, "still as tested", why, "launch a copy and test it again")


def _stages_beneath(case: Case, stage: Stage) -> list[Stage]:
    found = (case.playbook.stage(name) for name in rests_on(case.playbook, stage))
    return [each for each in found if each]


def _uses_beneath(case: Case, stage: Stage) -> list[CheckUse]:
    return [use for each in _stages_beneath(case, stage) for use in applicable(each, case.to)]


def _whole_floor(case: Case, stage: Stage) -> Iterator[Condition]:
    """Yield what is lacking: a check of the replacement, and both partners' agreement to it."""
    if not _rests_on_proof(case, stage):
        why = "the playbook lets this rest on no check of what stands in the old server's place"
        yield unmet(stage.name, "proof", why, "let it need a stage that checks")
    floor = ApprovalRule(partners=_BOTH)
    asked = max(
        (
            each.approval.partners
            for each in _stages_beneath(case, stage)
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
    return any(_proves(case.playbook, use) for use in _uses_beneath(case, stage))


def _proves(playbook: Playbook, use: CheckUse) -> bool:
    replaced = playbook.replacement in {Replacement.SERVER, Replacement.SERVICE}
    return not use.excusable and (use.about.proves_replacement or not replaced)


def _moment(case: Case, stage: Stage) -> Iterator[Condition]:
    reason = shut(stage.windows, case.freezes, case.now)
    if reason:
        yield unmet(stage.name, "schedule", reason, "wait until then")
    for act in case.acts:
        if act.open:
            why = f"what became of {act.intent.stage} is not known: {act.intent.what}"
            under = case.playbook.stage(act.intent.stage) or stage
            remedy = f"decant {under.command} {case.server} --apply"
            yield unmet(stage.name, "earlier act", why, remedy)


def _waited(case: Case, stage: Stage) -> Iterator[Condition]:
    if not stage.wait:
        return
    base = since(case, stage)
    if base is None:
        yield unmet(stage.name, "wait", "what it waits for has not come about")
        return
    until = base + stage.wait
    words = f"until {until:%Y-%m-%d %H:%M} UTC, {_length(stage)} after what it rests on"
    ready = case.now >= until
    yield (met if ready else unmet)(stage.name, "wait", f"{'waited' if ready else 'wait'} {words}")


def _length(stage: Stage) -> str:
    hours = stage.wait.total_seconds() / 3600
    return f"{hours / 24:g} days" if hours >= 48 else f"{hours:g} hours"  # noqa: PLR2004


def _satisfied(case: Case, name: str) -> Iterator[Condition]:
    stage = case.playbook.stage(name)
    if stage is None:
        yield unmet(name, "stage", f"the playbook has no stage {name!r}")
        return
    yield from _beneath(case, () if stage.action else stage.needs, {})
    yield from _own(case, stage)


def _beneath(
    case: Case, needs: Sequence[str], found: Mapping[str, tuple[Condition, ...]]
) -> Iterator[Condition]:
    for need in needs:
        yield from found[need] if need in found else _satisfied(case, need)


def _own(case: Case, stage: Stage) -> Iterator[Condition]:
    """Yield a stage's own conditions, without those of what it needs."""
    if stage.action:
        yield _acted(case, stage)
    elif stage.checks:
        uses = applicable(stage, case.to)
        if not uses:
            why = f"no check of it is done for {case.to.value}: nothing is proved"
            yield unmet(stage.name, "checks", why, "use a playbook made for that destination")
        for use in uses:
            yield _proved_or_excepted(case, stage, use)
    elif stage.approval:
        yield _agreed(case, stage, stage.approval)
    else:
        why = "it neither checks, nor asks, nor acts"
        yield unmet(stage.name, "stage", why, "mend the playbook")


def _acted(case: Case, stage: Stage) -> Condition:
    act, remedy = last_act(case, stage), f"decant {stage.command} {case.server} --apply"
    if act is None:
        return unmet(stage.name, "act", "was not done yet", remedy)
    if act.open or act.result is None:
        return unmet(stage.name, "act", "what became of it is not known", remedy)
    if not act.intent.signer:
        why = "nobody whom the estate trusts signed that it was begun"
        return unmet(stage.name, "act", why, remedy)
    if not act.done:
        words = "was taken back" if act.intent.undo else "did not take effect"
        return unmet(stage.name, "act", f"{words}: {act.result.detail}", remedy)
    return met(stage.name, "act", f"done on {act.result.at:%Y-%m-%d %H:%M} UTC")


def _newest(case: Case, stage: str, use: CheckUse) -> Evidence | None:
    for each in reversed(case.evidence):
        where = (each.server_id, each.playbook, each.stage, each.check)
        if where == (case.server_id, case.playbook.name, stage, use.id):
            return each
    return None


def _proved_or_excepted(case: Case, stage: Stage, use: CheckUse) -> Condition:
    proved = _proved(case, stage, use)
    found = () if proved.met else exceptions(case, stage, use)
    if not found:
        return proved
    people = " and ".join(f"{each.person} ({each.partner})" for each in found)
    why = f"{proved.why}; excepted by {people}: {found[0].reason}"
    return met(stage.name, use.id, why)


def _proved(case: Case, stage: Stage, use: CheckUse) -> Condition:
    evidence = _newest(case, stage.name, use)
    remedy = f"decant test {case.server} --stage {stage.name}"
    if evidence is None:
        return unmet(stage.name, use.id, "was never run", remedy)
    if evidence.result.outcome is not Outcome.PASSED:
        why = f"{evidence.result.outcome.value}: {evidence.result.detail}"
        return unmet(stage.name, use.id, why, f"put it right, then {remedy}")
    fault = _void(case, stage, evidence)
    if fault:
        return unmet(stage.name, use.id, f"passed, but void: {fault}", remedy)
    until = f"passed, counts until {evidence.expires:%Y-%m-%d %H:%M} UTC"
    return met(stage.name, use.id, until)


def _void(case: Case, stage: Stage, evidence: Evidence) -> str:
    revoked = case.revocations.get(evidence.id)
    if revoked:
        return f"{revoked.person} revoked it: {revoked.reason}"
    ready = _waited_until(case, stage) if stage.wait else evidence.at
    if ready is None or evidence.at < ready:
        return f"it was taken before {_length(stage)} had passed since what it rests on"
    ends = min(evidence.expires, evidence.at + stage.valid_for)
    return void(case, evidence.fingerprints, evidence.at, ends, evidence.signer)


def _agreed(case: Case, stage: Stage, rule: ApprovalRule) -> Condition:
    found = agreed_by(case, stage, rule)
    given = ", ".join(f"{each.person} ({each.partner})" for each in found.approvals)
    if not found.lacking and found.approvals:
        return met(stage.name, "approval", f"agreed to what counts now: {given}")
    why = "; ".join([found.lacking, *([f"agreed: {given}"] if given else []), *found.void])
    remedy = f"decant approve {case.server} --stage {stage.name} --as PERSON, by each partner"
    return unmet(stage.name, "approval", why, remedy)
