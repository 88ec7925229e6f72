"""The gate: the only door to decommission, one pure function.

It looks at a playbook, the evidence and approvals of the ledger, fingerprints taken just now, and a
clock; it answers with every condition, and allows only when there is at least one and each of them
is met. Unknown, expired, missing, changed, contradicted: refused. There is no way around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from migrate.model.evidence import Approval, Evidence, Fingerprint, Fingerprints, Outcome
from migrate.model.plan import Destination
from migrate.model.playbook import CheckUse, Playbook, Stage

_BOTH = 2
"""How many partners must agree to an act at the least, where the estate has as many."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One thing that must hold."""

    stage: str
    name: str
    met: bool
    why: str
    """What is seen, whether it is met or not."""
    remedy: str = ""
    """What would meet it; empty when it is met."""


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


@dataclass(frozen=True, kw_only=True)
class Case:
    """Everything that the gate judges by."""

    server_id: str
    server: str
    """The server's name, for what would meet a condition."""
    to: Destination
    playbook: Playbook
    evidence: Sequence[Evidence]
    """In the ledger's order, oldest first."""
    approvals: Sequence[Approval]
    """In the ledger's order, oldest first."""
    ledger_fault: str | None
    """What is wrong with the ledger; None when it is whole."""
    now: datetime
    partners: int
    """How many partners own the estate together."""
    fingerprints: Fingerprints | None
    """Taken just now; None when nobody looked (then only the record is judged, and nothing that
    acts is allowed)."""


def decide(case: Case, stage: Stage) -> Decision:
    """Say whether a stage may be entered, with every condition that it depends on."""
    conditions = [_ledger(case, stage)]
    if stage.action:
        conditions += _looked(case, stage)
        conditions += _enough(case, stage)
    if not stage.needs:
        conditions.append(_unmet(stage.name, "needs", "the stage rests on no other stage"))
    for need in stage.needs:
        conditions += _satisfied(case, need)
    return Decision(conditions=tuple(dict.fromkeys(conditions)))


def satisfied(case: Case, stage: Stage) -> Decision:
    """Say whether a stage has been passed and still counts."""
    return Decision(conditions=(_ledger(case, stage), *_satisfied(case, stage.name)))


def applicable(stage: Stage, to: Destination) -> tuple[CheckUse, ...]:
    """Return the checks of a stage that are done for a destination."""
    return tuple(use for use in stage.checks if not use.when_to or to.value in use.when_to)


def relied_on(case: Case, stage: Stage) -> tuple[Evidence, ...]:
    """Return the newest evidence for each check of every check stage that a stage rests on."""
    found: dict[tuple[str, str], Evidence] = {}
    for name in _rests_on(case.playbook, stage):
        under = case.playbook.stage(name)
        for use in applicable(under, case.to) if under else ():
            newest = _newest(case, name, use)
            if newest:
                found[name, use.id] = newest
    return tuple(found.values())


def _rests_on(playbook: Playbook, stage: Stage) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for need in stage.needs:
        under = playbook.stage(need)
        if under:
            names.update(dict.fromkeys((*_rests_on(playbook, under), need)))
    return tuple(names)


def _ledger(case: Case, stage: Stage) -> Condition:
    if case.ledger_fault:
        return _unmet(stage.name, "ledger", case.ledger_fault, "restore the ledger from a copy")
    return Condition(stage=stage.name, name="ledger", met=True, why="the ledger is whole")


def _looked(case: Case, stage: Stage) -> Iterator[Condition]:
    if case.fingerprints is None:
        yield _unmet(stage.name, "looked at", "the servers were not looked at just now")
        return
    source, target = case.fingerprints.source, case.fingerprints.target
    for side, fingerprint in (("old server", source), ("new server", target)):
        yield _seen(stage.name, side, fingerprint)
    if source.parts.get("identity") == target.parts.get("identity"):
        yield _unmet(
            stage.name,
            "another server",
            "the replacement is the old server itself, or neither could be identified",
            "give the replacement's own address in the plan",
        )


def _enough(case: Case, stage: Stage) -> Iterator[Condition]:
    """Hold every playbook, a user's own too, to the least that an act must rest on."""
    beneath = [case.playbook.stage(name) for name in _rests_on(case.playbook, stage)]
    if not any(each and each.checks for each in beneath):
        why = "the playbook lets this rest on no check"
        yield _unmet(stage.name, "proof", why, "let it need a stage that checks")
    asked = max((each.approval.partners for each in beneath if each and each.approval), default=0)
    wanted = min(max(case.partners, 1), _BOTH)
    if asked < wanted:
        why = f"the playbook asks {asked} partners, and {wanted} must agree"
        yield _unmet(stage.name, "agreement", why, "let it need an approval of as many partners")


def _seen(stage: str, side: str, fingerprint: Fingerprint) -> Condition:
    if fingerprint.unknown:
        unknown = "; ".join(fingerprint.unknown)
        return _unmet(stage, side, f"not all of it could be seen: {unknown}", "make it answer")
    if not fingerprint.parts:
        return _unmet(stage, side, "nothing of it was seen", "make it answer")
    return Condition(stage=stage, name=side, met=True, why="seen just now, whole")


def _satisfied(case: Case, name: str) -> Iterator[Condition]:
    stage = case.playbook.stage(name)
    if stage is None:
        yield _unmet(name, "stage", f"the playbook has no stage {name!r}")
        return
    for need in stage.needs:
        yield from _satisfied(case, need)
    if stage.checks:
        uses = applicable(stage, case.to)
        if not uses:
            why = f"no check of it is done for {case.to.value}: nothing is proved"
            yield _unmet(name, "checks", why, "use a playbook made for that destination")
        for use in uses:
            yield _proved(case, name, use)
    elif stage.approval:
        yield _agreed(case, stage, stage.approval.partners)
    else:
        yield _unmet(name, "stage", "an act proves nothing", "let no stage need it")


def _newest(case: Case, stage: str, use: CheckUse) -> Evidence | None:
    for each in reversed(case.evidence):
        where = (each.server_id, each.playbook, each.stage, each.check)
        if where == (case.server_id, case.playbook.name, stage, use.id):
            return each
    return None


def _proved(case: Case, stage: str, use: CheckUse) -> Condition:
    evidence = _newest(case, stage, use)
    remedy = f"decant test {case.server} --stage {stage}"
    if evidence is None:
        return _unmet(stage, use.id, "was never run", remedy)
    if evidence.result.outcome is not Outcome.PASSED:
        why = f"{evidence.result.outcome.value}: {evidence.result.detail}"
        return _unmet(stage, use.id, why, f"put it right, then {remedy}")
    stale = _stale(case, evidence.at, evidence.expires) or _changed(case, evidence.fingerprints)
    if stale:
        return _unmet(stage, use.id, f"passed, but void: {stale}", remedy)
    until = f"passed, counts until {evidence.expires:%Y-%m-%d %H:%M} UTC"
    return Condition(stage=stage, name=use.id, met=True, why=until)


def _agreed(case: Case, stage: Stage, partners: int) -> Condition:
    remedy = f"decant approve {case.server} --as PERSON --partner PARTNER, for each partner"
    wanted = {each.id for each in relied_on(case, stage)}
    counted: dict[str, Approval] = {}
    void: list[str] = []
    for each in _standing(case, stage):
        fault = _stale(case, each.at, each.expires) or _changed(case, each.fingerprints)
        if not fault and set(each.evidence) != wanted:
            fault = "it was given for other evidence than what counts now"
        if fault:
            void.append(f"{each.person} ({each.partner}) agreed, but void: {fault}")
        else:
            counted[each.partner] = each
    agreed = min(len({each.person for each in counted.values()}), len(counted))
    given = ", ".join(f"{each.person} ({each.partner})" for each in counted.values())
    why = f"{agreed} of {partners} partners agreed to what counts now"
    why += f": {given}" if given else ""
    if agreed >= partners >= 1:
        return Condition(stage=stage.name, name="approval", met=True, why=why)
    return _unmet(stage.name, "approval", "; ".join([why, *void]), remedy)


def _standing(case: Case, stage: Stage) -> tuple[Approval, ...]:
    """Return the newest word of each person: a withdrawal takes back what was said before it."""
    newest: dict[tuple[str, str], Approval] = {}
    for each in case.approvals:
        where = (each.server_id, each.playbook, each.stage)
        if where == (case.server_id, case.playbook.name, stage.name):
            newest[each.person, each.partner] = each
    return tuple(each for each in newest.values() if not each.withdrawn)


def _stale(case: Case, at: datetime, expires: datetime) -> str | None:
    if at > case.now:
        return f"it is dated {at:%Y-%m-%d %H:%M}, in the future"
    if case.now >= expires:
        return f"it expired on {expires:%Y-%m-%d %H:%M} UTC"
    return None


def _changed(case: Case, then: Fingerprints) -> str | None:
    for side, before, after in _sides(then, case.fingerprints):
        if before.unknown or not before.parts:
            return f"not all of {side} could be seen then: {'; '.join(before.unknown) or 'nothing'}"
        if after is None:
            continue
        if after.unknown or not after.parts:
            return f"not all of {side} can be seen now: {'; '.join(after.unknown) or 'nothing'}"
        changes = before.changes(after)
        if changes:
            return f"{side} changed since: {', '.join(changes)}"
    return None


def _sides(
    then: Fingerprints, now: Fingerprints | None
) -> tuple[tuple[str, Fingerprint, Fingerprint | None], ...]:
    return (
        ("the old server", then.source, now.source if now else None),
        ("the new server", then.target, now.target if now else None),
        ("the playbook or the plan", then.playbook, now.playbook if now else None),
    )


def _unmet(stage: str, name: str, why: str, remedy: str = "") -> Condition:
    return Condition(stage=stage, name=name, met=False, why=why, remedy=remedy)
