"""The ledger as the stages use it: entries are appended, read back typed, and never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from inventory.errors import StoreError
from inventory.store.chain import ChainRow, append_row, head, rows
from inventory.store.identities import server_ids
from inventory.store.store import Store
from migrate.ledger.chain import Verification, row_digest, verify
from migrate.ledger.statements import (
    E,
    Entry,
    ForgedError,
    Place,
    Signed,
    UnreadableError,
    check_signature,
    entry_of,
    kind_of,
    read_envelope,
    seal,
    statement,
)
from migrate.ledger.trust import Trust
from migrate.model.act import Act, Intent, Refusal, Result
from migrate.model.evidence import Approval, Attestation, Evidence, Revocation, Waiver

if TYPE_CHECKING:
    from securesystemslib.signer import Signer

_TRIES = 100
T = TypeVar("T", bound=Entry)


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Everything that was ever entered, as far as it can be trusted."""

    verification: Verification
    evidence: tuple[Evidence, ...] = ()
    approvals: tuple[Approval, ...] = ()
    revocations: tuple[Revocation, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    acts: tuple[Act, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    by_server: Mapping[str, Ledger] = field(default_factory=dict, repr=False)
    """The same, parted by server; empty in such a part."""

    def of(self, server_id: str) -> Ledger:
        """Return what was entered about one server."""
        return self.by_server.get(server_id, Ledger(verification=self.verification))

    def unresolved(self, server_id: str) -> Act | None:
        """Return the oldest act on a server of which it is not known what became of it."""
        return next((each for each in self.of(server_id).acts if each.open), None)

    def last_act(self, server_id: str, stage: str | None = None) -> Act | None:
        """Return the newest act on a server, or of one stage of its playbook."""
        acts = self.of(server_id).acts
        mine = [each for each in acts if stage is None or each.intent.stage == stage]
        return mine[-1] if mine else None


def read_ledger(store: Store, trust: Trust, *, signatures: bool = True) -> Ledger:
    """Read and verify the whole ledger: chain, places and signatures.

    A ledger that is not whole comes back with its fault and with no entries: nothing in it is
    relied on. An entry whose signer the estate does not trust for it stays, without signer. What
    was entered about a record that is now known to be another's server is that server's; the entry
    itself stays as it was signed. Without ``signatures`` they are believed: only for a quick look
    at where things stand, never for what acts.
    """
    all_rows = rows(store)
    verification = verify(all_rows)
    if verification.fault:
        return Ledger(verification=verification)
    known_as = server_ids(store)
    entries: list[Entry] = []
    for row in all_rows:
        signed = _envelope(row)
        fault = _misplaced(row, signed) or (_forged(row, signed, trust) if signatures else "")
        if fault:
            found = replace(verification, entries=row.seq - 1, head=row.previous, fault=fault)
            return Ledger(verification=found)
        entry = _entry(row, signed, trust)
        entries.append(replace(entry, server_id=known_as.get(entry.server_id, entry.server_id)))
    return _parted(verification, entries)


def enter(store: Store, entry: E, *, at: datetime, signer: Signer) -> E:
    """Sign and append an entry; it comes back with its identifier: its digest in the chain.

    The signature covers the entry's place in the chain, and is made before the store is locked:
    when another entry was appended meanwhile it is made again.

    Raises:
        StoreError: others append so fast that no place could be had.

    """
    kind = kind_of(entry)
    for _ in range(_TRIES):
        seq, previous = head(store)
        body = seal(statement(entry, Place(entry=seq + 1, previous=previous)), signer)
        row = append_row(
            store,
            at=at,
            kind=kind,
            subject=entry.server_id,
            body=body,
            digest_of=row_digest,
            after=previous,
        )
        if row is not None:
            return replace(entry, id=row.digest, signer=signer.public_key.keyid)
    raise StoreError("no entry could be made in the ledger: others are faster", hint="run it again")


def _envelope(row: ChainRow) -> Signed:
    try:
        return read_envelope(row.body)
    except UnreadableError as error:
        raise _unreadable(row, error) from error


def _entry(row: ChainRow, signed: Signed, trust: Trust) -> Entry:
    try:
        entry = entry_of(signed, row.digest, signed.key)
    except UnreadableError as error:
        raise _unreadable(row, error) from error
    if isinstance(entry, Approval | Waiver | Attestation):
        if not trust.is_key_of(signed.key, entry.person, entry.partner):
            return replace(entry, signer="")
        if isinstance(entry, Waiver):
            return entry
        return replace(entry, roles=trust.people[entry.person].roles)
    if isinstance(entry, Revocation):
        return entry
    return entry if signed.key in trust.tools else replace(entry, signer="")


def _unreadable(row: ChainRow, error: UnreadableError) -> StoreError:
    return StoreError(
        f"ledger entry {row.seq} ({row.kind}) cannot be read: {error}",
        hint="it may come from another version of decant",
    )


def _misplaced(row: ChainRow, signed: Signed) -> str:
    if signed.kind != row.kind or signed.body.get("server_id") != row.subject:
        return f"entry {row.seq} does not hold what it is filed under"
    if signed.place != Place(entry=row.seq, previous=row.previous):
        return f"entry {row.seq} was signed for another place: {signed.place.entry}"
    return ""


def _forged(row: ChainRow, signed: Signed, trust: Trust) -> str:
    key = trust.key(signed.key)
    if key is None:
        return ""
    try:
        check_signature(row.body, key)
    except ForgedError as error:
        return f"entry {row.seq} is forged: {error}"
    return ""


def _parted(verification: Verification, entries: list[Entry]) -> Ledger:
    by_server: dict[str, list[Entry]] = {}
    for each in entries:
        by_server.setdefault(each.server_id, []).append(each)
    parts = {server: _ledger(verification, mine) for server, mine in by_server.items()}
    return replace(_ledger(verification, entries), by_server=parts)


def _ledger(verification: Verification, entries: list[Entry]) -> Ledger:
    return Ledger(
        verification=verification,
        evidence=_of(entries, Evidence),
        approvals=_of(entries, Approval),
        revocations=_of(entries, Revocation),
        waivers=_of(entries, Waiver),
        attestations=_of(entries, Attestation),
        acts=_acts(_of(entries, Intent), _of(entries, Result)),
        refusals=_of(entries, Refusal),
    )


def _of(entries: Iterable[Entry], kind: type[T]) -> tuple[T, ...]:
    return tuple(each for each in entries if isinstance(each, kind))


def _acts(intents: tuple[Intent, ...], results: tuple[Result, ...]) -> tuple[Act, ...]:
    """Join each intent with the newest word on it, of those that are signed by a trusted key."""
    newest = {each.intent: each for each in results if each.signer}
    return tuple(Act(intent=each, result=newest.get(each.id)) for each in intents)
