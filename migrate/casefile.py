"""Everything on record that the gate judges a move by, put together in one place."""

from __future__ import annotations

from migrate.gate import Case
from migrate.ledger.book import Ledger, read_ledger
from migrate.model.evidence import Fingerprints
from migrate.model.plan import Move
from migrate.model.playbook import Playbook
from migrate.workbench import Workbench


def case_of(
    bench: Workbench,
    move: Move,
    playbook: Playbook,
    *,
    ledger: Ledger | None = None,
    fingerprints: Fingerprints | None = None,
) -> Case:
    """Return a move's case as it stands now; the ledger is read unless it is given.

    Without ``fingerprints`` it is the record alone, on which nothing that acts is allowed.
    """
    found = ledger or read_ledger(bench.store)
    return Case(
        server_id=move.server_id,
        server=move.server,
        to=move.to,
        playbook=playbook,
        evidence=found.evidence,
        approvals=found.approvals,
        ledger_fault=found.verification.fault,
        now=bench.clock(),
        partners=len(bench.estate.partners),
        fingerprints=fingerprints,
    )
