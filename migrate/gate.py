"""The gate: the only door to decommission, one pure function.

It looks at a playbook, the evidence and approvals of the ledger, fingerprints taken just now, and a
clock; it answers with every condition, and allows only when there is at least one and each of them
is met. Unknown, expired, missing, changed, unsigned, contradicted: refused. There is no way around
it. Its rooms, each a file: :mod:`migrate.reliance` (what counts for each check, and since when),
:mod:`migrate.custody` (does it still speak of what stands there), :mod:`migrate.agreement` (did
enough people agree), :mod:`migrate.floor` (the least that any playbook must ask) and
:mod:`migrate.launching` (acts that launch a server where none stands yet).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from migrate.agreement import Agreement, agreement
from migrate.beneath import applicable, last_act
from migrate.custody import void
from migrate.fingerprint import is_awaited
from migrate.floor import whole_floor
from migrate.launching import copy_floor, launches, stand_in, stood_for
from migrate.model.case import Case, Condition, met, unmet
from migrate.model.evidence import Evidence, Fingerprint, Outcome
from migrate.model.playbook import ApprovalRule, Builds, CheckUse, Replacement, Stage
from migrate.moment import shut
from migrate.reliance import exceptions, newest_evidence, relied_on, since, waited_until


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
        conditions += stood_for(case, stage)
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


def agreed_by(case: Case, stage: Stage, rule: ApprovalRule) -> Agreement:
    """Return who agreed in a stage to what counts now, and what is lacking."""
    relied = relied_on(case, stage)
    return agreement(
        case,
        stage,
        rule,
        {each.id for each in relied},
        {each.signer for each in relied if isinstance(each, Evidence)},
        waited_until(case, stage),
    )


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
    if launches(case, stage):
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

    What launches the replacement after the tested copy had to be removed rests on the act that
    removed it, see :func:`migrate.launching.stand_in`.
    """
    if stage.builds is Builds.COPY:
        yield from copy_floor(case, stage)
    elif stand_in(case, stage) is None:
        yield from whole_floor(case, stage)


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
    if hours >= 48:  # noqa: PLR2004
        return f"{hours / 24:g} days"
    return "1 hour" if hours == 1 else f"{hours:g} hours"


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


def _proved_or_excepted(case: Case, stage: Stage, use: CheckUse) -> Condition:
    proved = _proved(case, stage, use)
    found = () if proved.met else exceptions(case, stage, use)
    if not found:
        return proved
    people = " and ".join(f"{each.person} ({each.partner})" for each in found)
    why = f"{proved.why}; excepted by {people}: {found[0].reason}"
    return met(stage.name, use.id, why)


def _proved(case: Case, stage: Stage, use: CheckUse) -> Condition:
    evidence = newest_evidence(case, stage.name, use)
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
    ready = waited_until(case, stage) if stage.wait else evidence.at
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
