"""What still fits: evidence speaks of servers as they were, and dies when they change.

The one change that does not void evidence is what our own journalled act is declared to change, and
only as far as what was seen right after the act. Pure, as the gate that uses it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from migrate.model.act import Act
from migrate.model.case import Case
from migrate.model.evidence import Fingerprint, Fingerprints


def void(case: Case, then: Fingerprints, at: datetime, expires: datetime, signer: str) -> str:
    """Say why something signed at a moment, of what was like that, counts no more; empty: it does.

    It counts when it is signed by a key that the estate trusts for it, is neither of the future nor
    expired, and both servers and what was decided are as they were, as far as anybody looked.
    """
    if not signer:
        return "it is not signed by a key that the estate trusts for it"
    return _stale(case.now, at, expires) or _changed(case, then, at)


def old_server_changed(case: Case, then: Fingerprint, at: datetime) -> str:
    """Say how the old server is not as it was at a moment, but for our own acts; empty: it is."""
    source = left_by_acts(then, at, case.acts)
    if isinstance(source, str):
        return source
    now = case.fingerprints
    return _differs("the old server", source, now.source if now else None)


def unseen(then: Fingerprints) -> str:
    """Say which server was not seen whole, so that nothing taken then counts; empty when none."""
    return _blind("the old server", then.source) or _blind("the new server", then.target)


def left_by_acts(then: Fingerprint, at: datetime, acts: Sequence[Act]) -> Fingerprint | str:
    """Return what the old server should be like now, by what was done to it since; or a fault."""
    expected = then
    for act in acts:
        if act.intent.at <= at:
            continue
        if act.open:
            return f"it is not known what became of {act.intent.stage}"
        if not act.intent.signer:
            continue  # whoever can write into the database could say that anything was changed
        if act.done == act.intent.undo or not act.intent.changes:
            continue  # it changed nothing of the server: whatever changed was not changed by it
        after = act.result.after if act.result else None
        if after is None or after.unknown or not after.parts:
            return f"it was not seen what {act.intent.stage} left behind"
        parts = {k: v for k, v in expected.parts.items() if k not in act.intent.changes}
        parts |= {k: v for k, v in after.parts.items() if k in act.intent.changes}
        expected = replace(expected, parts=parts)
    return expected


def _stale(now: datetime, at: datetime, expires: datetime) -> str:
    if at > now:
        return f"it is dated {at:%Y-%m-%d %H:%M}, in the future"
    return f"it expired on {expires:%Y-%m-%d %H:%M} UTC" if now >= expires else ""


def _changed(case: Case, then: Fingerprints, at: datetime) -> str:
    now = case.fingerprints
    return (
        old_server_changed(case, then.source, at)
        or _differs("the new server", then.target, now.target if now else None)
        or _differs("the playbook or the plan", then.playbook, now.playbook if now else None)
    )


def _blind(side: str, then: Fingerprint) -> str:
    if then.parts and not then.unknown:
        return ""
    return f"not all of {side} could be seen then: {'; '.join(then.unknown) or 'nothing'}"


def _differs(side: str, before: Fingerprint, after: Fingerprint | None) -> str:
    if blind := _blind(side, before):
        return blind
    if after is None:
        return ""
    if after.unknown or not after.parts:
        return f"not all of {side} can be seen now: {'; '.join(after.unknown) or 'nothing'}"
    changes = before.changes(after)
    return f"{side} changed since: {', '.join(changes)}" if changes else ""
