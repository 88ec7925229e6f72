"""What each entry of the ledger says, in one line for people."""

from __future__ import annotations

from inventory.amount import amount
from migrate.ledger.statements import Entry
from migrate.model.act import Intent, Refusal, Result
from migrate.model.action import AT_WORK
from migrate.model.evidence import Approval, Attestation, Evidence, Revocation, Waiver

_SHORT = 12
"""How much of a digest is shown: enough to tell entries apart."""


def told(entry: Entry) -> str:
    """Say in one line what an entry says."""
    match entry:
        case Evidence():
            result = entry.result
            said = f"{entry.stage}/{entry.check} {result.outcome.value}: {result.detail}"
        case Approval():
            said = _approval(entry)
        case Revocation():
            what = entry.evidence[:_SHORT]
            said = f"{entry.person} revokes evidence {what}…: {entry.reason}"
        case Waiver():
            until = f"until {entry.expires:%Y-%m-%d}"
            who = f"{entry.person} ({entry.partner})"
            said = f"{who} excepts {entry.stage}/{entry.check} {until}: {entry.reason}"
        case Attestation():
            said = _attestation(entry)
        case Intent():
            said = entry.what if entry.undo else f"begun: {entry.what}"
        case Result():
            said = f"{AT_WORK if entry.job else entry.aftermath.value}: {entry.detail}"
        case Refusal():
            said = f"{entry.stage} refused: {'; '.join(entry.why)}"
    return said


def _approval(entry: Approval) -> str:
    verb = "takes back" if entry.withdrawn else "agrees to"
    what = amount(len(entry.evidence), "result")
    return f"{entry.person} ({entry.partner}) {verb} {what} in {entry.stage}"


def _attestation(entry: Attestation) -> str:
    verb = "takes back" if entry.withdrawn else "declares"
    files = ", ".join(f"{each.name} ({each.sha256[:_SHORT]}…)" for each in entry.documents)
    attached = f", with {files}" if files else ""
    return f"{entry.person} ({entry.partner}) {verb} {entry.about}: {entry.statement}{attached}"
