"""The ledger as the stages use it: entries are appended, read back typed, and never changed."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from inventory.errors import StoreError
from inventory.store.chain import START, append_row, each_row, head, rows_about
from inventory.store.identities import server_ids
from inventory.store.store import Store
from migrate.ledger.chain import Verification, Walk, row_digest
from migrate.ledger.examining import Examination, examined_apart
from migrate.ledger.statements import E, Entry, Place, kind_of, seal, statement
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
    by_server: Mapping[str, Iterable[Entry]] = field(default_factory=dict, repr=False)
    """The same, parted by server; empty in such a part."""

    def of(self, server_id: str) -> Ledger:
        """Return what was entered about one server."""
        return _ledger(self.verification, self.by_server.get(server_id, ()))

    def unresolved(self, server_id: str) -> Act | None:
        """Return the oldest act on a server of which it is not known what became of it."""
        return next((each for each in self.of(server_id).acts if each.open), None)

    def last_act(self, server_id: str, stage: str | None = None) -> Act | None:
        """Return the newest act on a server, or of one stage of its playbook."""
        acts = self.of(server_id).acts
        mine = [each for each in acts if stage is None or each.intent.stage == stage]
        return mine[-1] if mine else None


def read_ledger(
    store: Store, trust: Trust, *, signatures: bool = True, of: str | None = None
) -> Ledger:
    """Read and verify the whole ledger: chain, places and signatures.

    A ledger that is not whole comes back with its fault and with no entries: nothing in it is
    relied on. An entry whose signer the estate does not trust for it stays, without signer. What
    was entered about a record that is now known to be another's server is that server's; the entry
    itself stays as it was signed.

    With ``of``, signatures are verified of what was entered about that server, and the others are
    believed: enough to speak about that server. Without ``signatures`` all are believed: only for a
    quick look at where things stand, never for what acts.

    Raises:
        StoreError: an entry cannot be read.

    """
    examination = Examination(
        each_row(store),
        trust,
        lambda server: signatures and of in {None, server},
        server_ids(store),
    )
    with uncollected():
        entries = [each.entry for each in examination.entries()]
    verification = examination.verification
    return (
        Ledger(verification=verification) if verification.fault else _parted(verification, entries)
    )


def read_about(
    store: Store, trust: Trust, records: Mapping[str, Sequence[str]], *, signatures: bool
) -> Ledger:
    """Read what was entered about some servers, given their records: only for a look at them.

    Nothing else is read, so the chain is not walked: what was taken out of the ledger is not
    missed. That each entry stands where it was signed for is looked at; with ``signatures``, also
    that it is as it was made, and who signed it. At the first entry that is not as it should be the
    ledger comes back with that fault, and with no entries.

    Raises:
        StoreError: an entry cannot be read.

    """
    whole = Verification(entries=0, head=START, fault=None)
    known_as = {record: server for server, mine in records.items() for record in mine}
    entries = []
    for row in rows_about(store, known_as):
        entry, fault = examined_apart(row, trust, signature=signatures)
        if fault:
            return Ledger(verification=replace(whole, fault=fault))
        server = known_as[entry.server_id]
        entries.append(entry if server == entry.server_id else replace(entry, server_id=server))
    return _parted(whole, entries)


def walk_on(store: Store, walked: int, head: str) -> Verification:
    """Walk the chain on from the last entry to which it was walked before; no signature is read.

    When that entry is not there any more, as after the ledger was put back from a copy, it is
    walked from the first.

    Raises:
        StoreError: an entry cannot be read.

    """
    rows = each_row(store, since=walked) if walked else iter(())
    first = next(rows, None)
    if first is None or (first.seq, first.digest) != (walked, head):
        walk, rows = Walk(), each_row(store)
    else:
        walk = Walk(walked, head)
    for row in rows:
        fault = walk.fault(row)
        if fault:
            return walk.found(fault)
        walk.step(row)
    return walk.found()


def enter(store: Store, entry: E, *, at: datetime, signer: Signer) -> E:
    """Sign and append an entry; it comes back with its identifier: its digest in the chain.

    The signature covers the entry's place in the chain, and is made before the store is locked:
    when another entry was appended meanwhile it is made again.

    Raises:
        StoreError: others append so fast that no place could be had.

    """
    for _ in range(_TRIES):
        seq, previous = head(store)
        entered = _appended(store, entry, Place(entry=seq + 1, previous=previous), at, signer)
        if entered is not None:
            return entered
    raise StoreError("no entry could be made in the ledger: others are faster", hint="run it again")


def enter_next(
    store: Store, entry: E, *, after: Verification, at: datetime, signer: Signer
) -> E | None:
    """Sign and append an entry directly after the ledger as it was read; None when it has grown."""
    place = Place(entry=after.entries + 1, previous=after.head)
    return _appended(store, entry, place, at, signer)


def _appended(store: Store, entry: E, place: Place, at: datetime, signer: Signer) -> E | None:
    row = append_row(
        store,
        at=at,
        kind=kind_of(entry),
        subject=entry.server_id,
        body=seal(statement(entry, place), signer),
        digest_of=row_digest,
        after=place.previous,
    )
    return replace(entry, id=row.digest, signer=signer.public_key.keyid) if row else None


@contextmanager
def uncollected() -> Iterator[None]:
    """Hold the collector of cycles: entries make none, and looking for some takes a third of it."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _parted(verification: Verification, entries: list[Entry]) -> Ledger:
    by_server: dict[str, list[Entry]] = {}
    for each in entries:
        by_server.setdefault(each.server_id, []).append(each)
    return replace(_ledger(verification, entries), by_server=by_server)


def _ledger(verification: Verification, entries: Iterable[Entry]) -> Ledger:
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
