"""Everything on record that the gate judges a move by, put together in one place."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from migrate.anchoring import doubt, holdings
from migrate.ledger.book import Ledger, read_ledger
from migrate.model.case import Case, Freeze
from migrate.people import owners

if TYPE_CHECKING:
    from inventory.estate import Estate, FreezeSettings
    from migrate.model.evidence import Fingerprints
    from migrate.model.plan import Move
    from migrate.model.playbook import Playbook
    from migrate.workbench import Workbench

_ZONE = ZoneInfo("Europe/London")


def case_of(
    bench: Workbench,
    move: Move,
    playbook: Playbook,
    *,
    ledger: Ledger | None = None,
    fingerprints: Fingerprints | None = None,
) -> Case:
    """Return a move's case as it stands now; the ledger is read unless it is given.

    Without ``fingerprints`` it is the record alone, on which nothing that acts is allowed. With
    them something may be done, so the ledger must hold all that the estate's anchors keep.
    """
    whole = ledger or read_ledger(bench.store, bench.trust, of=move.server_id)
    found = whole.of(move.server_id)
    return Case(
        server_id=move.server_id,
        server=move.server,
        to=move.to,
        playbook=playbook,
        evidence=found.evidence,
        approvals=found.approvals,
        waivers=found.waivers,
        revocations={each.evidence: each for each in found.revocations},
        acts=found.acts,
        ledger_fault=_fault(bench, whole, acts=fingerprints is not None),
        now=bench.clock(),
        owners=owners(bench.estate, move),
        freezes=freezes(bench.estate),
        fingerprints=fingerprints,
    )


def _fault(bench: Workbench, ledger: Ledger, *, acts: bool) -> str | None:
    found = ledger.verification
    if found.fault or not acts:
        return found.fault
    return doubt(holdings(bench.estate, found, bench.trust)) or None


def freezes(estate: Estate) -> tuple[Freeze, ...]:
    """Return the estate's freezes, from the first moment of their first day to that after the last.

    Days are those of the United Kingdom.
    """
    return tuple(_freeze(each) for each in estate.freezes)


def _freeze(settings: FreezeSettings) -> Freeze:
    start = datetime.combine(settings.start, time.min, _ZONE)
    end = datetime.combine(settings.end + timedelta(days=1), time.min, _ZONE)
    return Freeze(start=start.astimezone(UTC), end=end.astimezone(UTC), why=settings.why)
