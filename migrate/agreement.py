"""Who agreed, and whether that is enough: approvals of what was proved, and exceptions from it.

Pure, as the gate that uses it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from migrate.custody import void
from migrate.model.case import Case
from migrate.model.evidence import Approval, Waiver
from migrate.model.playbook import ApprovalRule, CheckUse, Stage

_BOTH = 2
"""How many different people, of different partners where two own the server, except one check."""


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """What those who were asked said."""

    approvals: tuple[Approval, ...]
    """Those that count."""
    lacking: str
    """What is still lacking, in words; empty when it is enough."""
    void: tuple[str, ...]
    """Those that do not count, each with its reason, in words."""


def agreement(
    case: Case,
    stage: Stage,
    rule: ApprovalRule,
    relied_on: Collection[str],
    testers: Collection[str],
    not_before: datetime | None,
) -> Agreement:
    """Count the approvals of a stage.

    ``relied_on`` is what has to be agreed to, exactly; ``testers`` are the keys that signed it,
    whose holders do not approve their own work; ``not_before`` is when waiting is over, None when
    what the stage rests on has not come about.
    """
    counted: dict[str, Approval] = {}
    voided: list[str] = []
    for each in _standing(case, stage):
        ends = min(each.expires, each.at + stage.valid_for)
        fault = void(case, each.fingerprints, each.at, ends, each.signer) or _fault(
            case, each, relied_on, testers, not_before
        )
        if not fault and any(each.signer == other.signer for other in counted.values()):
            fault = "the same key agreed already for another person"
        if fault:
            voided.append(f"{each.person} ({each.partner}) agreed, but void: {fault}")
        else:
            counted[each.person] = each
    found = tuple(counted.values())
    return Agreement(approvals=found, lacking=_lacking(case, rule, found), void=tuple(voided))


def needed_partners(case: Case, rule: ApprovalRule) -> int:
    """Return how many partners must agree: as many as asked, or all when fewer own the server."""
    return min(max(rule.partners, 1), max(len(case.owners), 1))


def excepted(
    case: Case, stage: Stage, use: CheckUse, not_before: datetime | None = None
) -> tuple[Waiver, ...]:
    """Return the exceptions by which a check need not pass; empty when there are not enough.

    Enough are those of two people, of two partners where as many own the server, for one reason.
    What was said before ``not_before`` does not count: an exception is one from a check, not from
    waiting for it.
    """
    if not use.excusable:
        return ()
    newest: dict[str, Waiver] = {}
    for each in case.waivers:
        where = (each.server_id, each.playbook, each.stage, each.check)
        if where == (case.server_id, case.playbook.name, stage.name, use.id):
            newest[each.person] = each
    standing = [
        each
        for each in newest.values()
        if each.partner in case.owners
        and (not_before is None or each.at >= not_before)
        and not void(case, each.fingerprints, each.at, each.expires, each.signer)
    ]
    for reason in dict.fromkeys(each.reason for each in standing):
        same = tuple(each for each in standing if each.reason == reason)
        partners = min(_BOTH, len(case.owners))
        keys = len({each.signer for each in same})
        if keys >= _BOTH and len({each.partner for each in same}) >= partners:
            return same
    return ()


def _standing(case: Case, stage: Stage) -> tuple[Approval, ...]:
    """Return the newest word of each person: a withdrawal takes back what was said before it."""
    newest: dict[str, Approval] = {}
    for each in case.approvals:
        where = (each.server_id, each.playbook, each.stage)
        if where == (case.server_id, case.playbook.name, stage.name):
            newest[each.person] = each
    return tuple(each for each in newest.values() if not each.withdrawn)


def _fault(
    case: Case,
    approval: Approval,
    relied_on: Collection[str],
    testers: Collection[str],
    not_before: datetime | None,
) -> str:
    if approval.partner not in case.owners:
        return f"{approval.partner} does not own the server"
    if set(approval.evidence) != set(relied_on):
        return "it was given for other evidence than what counts now"
    if approval.signer in testers:
        return "the same key signed the evidence: nobody approves their own tests"
    if not_before is None or approval.at < not_before:
        return "it was given before the time to wait was over"
    return ""


def _lacking(case: Case, rule: ApprovalRule, found: Iterable[Approval]) -> str:
    found = tuple(found)
    partners, people = {each.partner for each in found}, {each.person for each in found}
    roles = {role for each in found for role in each.roles}
    wanted = needed_partners(case, rule)
    lacking = []
    if len(partners) < wanted:
        lacking.append(f"{len(partners)} of {wanted} partners agreed to what counts now")
    if len(people) < max(rule.people, wanted):
        lacking.append(f"{len(people)} of {max(rule.people, wanted)} people agreed")
    lacking += [f"nobody agreed as {role}" for role in rule.roles if role not in roles]
    return "; ".join(lacking)
