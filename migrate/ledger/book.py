"""The ledger as the stages use it: entries are appended, read back typed, and never changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from inventory.errors import StoreError
from inventory.model.codec import from_json, to_json
from inventory.store.chain import ChainRow, append_row, rows
from inventory.store.identities import server_ids
from inventory.store.store import Store
from migrate.ledger.chain import Verification, row_digest, verify
from migrate.ledger.statements import (
    approval_statement,
    evidence_statement,
    read_approval,
    read_evidence,
)
from migrate.model.act import Intent, Refusal, Result
from migrate.model.evidence import Approval, Evidence

Entry = Evidence | Approval | Intent | Result | Refusal
E = TypeVar("E", Evidence, Approval, Intent, Result, Refusal)

_WRITE: dict[type, tuple[str, Callable[[Any], str]]] = {
    Evidence: ("evidence", evidence_statement),
    Approval: ("approval", approval_statement),
    Intent: ("intent", to_json),
    Result: ("result", to_json),
    Refusal: ("refusal", to_json),
}


def _plain(kind: type) -> Callable[[str, str], Entry]:
    def read(identifier: str, body: str) -> Entry:
        entry: Entry = replace(from_json(body, kind), id=identifier)
        return entry

    return read


_READ: dict[str, Callable[[str, str], Entry]] = {
    "evidence": read_evidence,
    "approval": read_approval,
    "intent": _plain(Intent),
    "result": _plain(Result),
    "refusal": _plain(Refusal),
}


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Everything that was ever entered, as far as it can be trusted."""

    verification: Verification
    evidence: tuple[Evidence, ...] = ()
    approvals: tuple[Approval, ...] = ()
    intents: tuple[Intent, ...] = ()
    results: tuple[Result, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    def unresolved(self, server_id: str) -> Intent | None:
        """Return an intent on a server of which it is not yet known what became of it."""
        told = {each.intent for each in self.results if each.aftermath.value != "unknown"}
        open_ones = (each for each in self.intents if each.server_id == server_id)
        return next((each for each in open_ones if each.id not in told), None)

    def last_result(self, server_id: str) -> Result | None:
        """Return what was last seen of an act on a server."""
        mine = [each for each in self.results if each.server_id == server_id]
        return mine[-1] if mine else None


def read_ledger(store: Store) -> Ledger:
    """Read and verify the whole ledger.

    A ledger that is not whole comes back with its fault and with no entries: nothing in it is
    relied on. What was entered about a record that is now known to be another's server is that
    server's; the entry itself stays as it was signed.
    """
    all_rows = rows(store)
    verification = verify(all_rows)
    if verification.fault:
        return Ledger(verification=verification)
    known_as = server_ids(store)
    entries = [_of_server(_entry(row), known_as) for row in all_rows]
    return Ledger(
        verification=verification,
        evidence=_of(entries, Evidence),
        approvals=_of(entries, Approval),
        intents=_of(entries, Intent),
        results=_of(entries, Result),
        refusals=_of(entries, Refusal),
    )


def enter(store: Store, entry: E, *, at: datetime) -> E:
    """Append an entry, and return it with the identifier that it got: its digest in the chain."""
    kind, write = _WRITE[type(entry)]
    row = append_row(
        store,
        at=at,
        kind=kind,
        subject=entry.server_id,
        body=write(replace(entry, id="")),
        digest_of=row_digest,
    )
    return replace(entry, id=row.digest)


def _of_server(entry: Entry, known_as: Mapping[str, str]) -> Entry:
    server_id = known_as.get(entry.server_id)
    return replace(entry, server_id=server_id) if server_id else entry


def _of(entries: list[Entry], kind: type[E]) -> tuple[E, ...]:
    return tuple(each for each in entries if isinstance(each, kind))


def _entry(row: ChainRow) -> Entry:
    try:
        return _READ[row.kind](row.digest, row.body)
    except (KeyError, TypeError, ValueError, json.JSONDecodeError) as error:
        raise StoreError(
            f"ledger entry {row.seq} ({row.kind}) cannot be read: {error}",
            hint="it may come from a newer version of decant: upgrade, and try again",
        ) from error
