"""Take a piece of evidence back: from then on it proves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.errors import RefusedError, UsageError
from inventory.estate import Person
from inventory.store.chain import subjects_of
from inventory.store.identities import server_ids
from migrate.ledger.book import Ledger, enter, read_ledger
from migrate.model.evidence import Evidence, Revocation
from migrate.people import person_of
from migrate.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Callable

    from securesystemslib.signer import Signer

SHORTEST = 6
"""How many of an identifier's digits have to be given at the least."""


def run(
    bench: Workbench,
    identifier: str,
    *,
    person: str,
    sign: Callable[[Person], Signer],
    reason: str,
) -> tuple[Revocation, Evidence]:
    """Revoke the evidence of that identifier, of which the beginning is enough; return both.

    The chain is walked whole; signatures are verified of what was entered about the evidence's own
    server. A revocation rests on nothing else, and permits nothing: a forged entry about another
    server is no reason for this one's evidence to go on counting.

    Raises:
        UsageError: there is no such evidence, more than one, or it is revoked already.
        RefusedError: the ledger is not whole.
        BadInputError: the person's key cannot be used.

    """
    speaker = person_of(bench.estate, person)
    if len(identifier) < SHORTEST:
        raise UsageError(f"give at least {SHORTEST} digits of its identifier", hint=_WHERE)
    ledger = read_ledger(bench.store, bench.trust, of=_server(bench, identifier))
    if ledger.verification.fault:
        raise RefusedError(
            f"the ledger is not whole: {ledger.verification.fault}", hint="decant ledger verify"
        )
    evidence = _evidence(ledger, identifier)
    for each in ledger.revocations:
        if each.evidence == evidence.id:
            raise UsageError(f"{each.person} revoked it already: {each.reason}")
    now = bench.clock()
    revocation = Revocation(
        id="",
        server_id=evidence.server_id,
        evidence=evidence.id,
        reason=reason,
        person=speaker.name,
        at=now,
    )
    return enter(bench.store, revocation, at=now, signer=sign(speaker)), evidence


def _server(bench: Workbench, identifier: str) -> str | None:
    """Return the server that an entry of that identifier is about; None when it is not the one."""
    known_as = server_ids(bench.store)
    records = subjects_of(bench.store, identifier.lower())
    servers = {known_as.get(each, each) for each in records}
    return servers.pop() if len(servers) == 1 else None


def _evidence(ledger: Ledger, identifier: str) -> Evidence:
    found = [each for each in ledger.evidence if each.id.startswith(identifier.lower())]
    if len(found) == 1:
        return found[0]
    if found:
        which = ", ".join(f"{each.id[:16]} ({each.stage}/{each.check})" for each in found)
        raise UsageError(f"{len(found)} pieces of evidence begin so", hint=f"give more: {which}")
    raise UsageError(f"no evidence begins with {identifier!r}", hint=_otherwise(ledger, identifier))


def _otherwise(ledger: Ledger, identifier: str) -> str:
    """Say by which command what is no evidence is taken back."""
    ways = (
        (ledger.approvals, "it is an approval: decant approve SERVER --as PERSON --withdraw"),
        (ledger.attestations, "it is a declaration: decant attest SERVER ABOUT … --withdraw"),
        (ledger.waivers, "it is an exception: decant except SERVER CHECK … --withdraw"),
    )
    for entries, way in ways:
        if any(each.id.startswith(identifier.lower()) for each in entries):
            return way
    return _WHERE


_WHERE = "decant ledger show SERVER --format json tells each entry's identifier"
