"""Every entry of the ledger, read and verified in the one order in which it was made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from inventory.errors import StoreError
from inventory.store.chain import ChainRow
from migrate.ledger.chain import Verification, Walk, altered
from migrate.ledger.statements import (
    Entry,
    ForgedError,
    Signed,
    UnreadableError,
    check_sealed,
    entry_of,
    read_envelope,
)
from migrate.ledger.trust import Trust
from migrate.model.evidence import Approval, Attestation, Revocation, Waiver


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """One entry that stands whole in the chain, at the place for which it was signed."""

    seq: int
    entry: Entry
    key: str
    """Fingerprint of the key that is said to have signed it."""

    @property
    def trusted(self) -> bool:
        """Whether the estate trusts that key for such an entry."""
        return bool(self.entry.signer)


class Examination:
    """A walk over the rows of a ledger, in their order, that stops at the first fault.

    ``verifies`` says of which servers signatures are verified; the chain and the signed places are
    looked at always. ``known_as`` gives the server for each record that is known by another's id.
    """

    def __init__(
        self,
        rows: Iterable[ChainRow],
        trust: Trust,
        verifies: Callable[[str], bool] = lambda _: True,
        known_as: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._rows, self._trust = rows, trust
        self._verifies, self._known_as = verifies, known_as
        self._walk = Walk()
        self._fault: str | None = None

    def entries(self) -> Iterator[Examined]:
        """Yield every whole entry, in order, of the server that is known by now.

        Raises:
            StoreError: a row cannot be read, or comes from another version.

        """
        for row in self._rows:
            signed, self._fault = self._read(row)
            if signed is None:
                return
            entry = _entry(row, signed, self._trust)
            server = self._known_as.get(entry.server_id, entry.server_id)
            fault = _misfiled(row, entry) or self._forged(row, signed, server)
            if fault:
                self._fault = fault
                return
            self._walk.step(row)
            if server != entry.server_id:
                entry = replace(entry, server_id=server)
            yield Examined(seq=row.seq, entry=entry, key=signed.key)

    @property
    def verification(self) -> Verification:
        """Return what the walk has come to."""
        return self._walk.found(self._fault)

    def _read(self, row: ChainRow) -> tuple[Signed | None, str | None]:
        fault = self._walk.fault(row)
        if fault:
            return None, fault
        signed = _opened(row)
        fault = _misplaced(row, signed)
        return (None, fault) if fault else (signed, None)

    def _forged(self, row: ChainRow, signed: Signed, server: str) -> str:
        return _forged(row, signed, self._trust) if self._verifies(server) else ""


def examined_apart(row: ChainRow, trust: Trust, *, signature: bool) -> tuple[Entry, str]:
    """Read one entry apart from the chain; return it with its fault, empty when it has none.

    That it stands where it was signed for is looked at always. With ``signature`` its digest is
    taken and its signature verified; without, what it says is believed.

    Raises:
        StoreError: the row cannot be read, or comes from another version.

    """
    signed = _opened(row)
    entry = _entry(row, signed, trust)
    fault = _misplaced(row, signed) or _misfiled(row, entry)
    if signature:
        fault = altered(row) or fault or _forged(row, signed, trust)
    return entry, fault


def _opened(row: ChainRow) -> Signed:
    try:
        return read_envelope(row.body)
    except UnreadableError as error:
        raise _unreadable(row, error) from error


def _forged(row: ChainRow, signed: Signed, trust: Trust) -> str:
    line = trust.lines.get(signed.key)
    if line is None or (row.digest, line) in trust.verified:
        return ""
    try:
        check_sealed(signed.sealed, line)
    except ForgedError as error:
        return f"entry {row.seq} is forged: {error}"
    trust.verified.add((row.digest, line))
    return ""


def _entry(row: ChainRow, signed: Signed, trust: Trust) -> Entry:
    """Return the entry; its signer is empty when the estate does not trust the key for it."""
    signer = signed.key if signed.key in trust.lines else ""
    try:
        entry = entry_of(signed, row.digest, signer)
    except UnreadableError as error:
        raise _unreadable(row, error) from error
    if isinstance(entry, Approval | Waiver | Attestation):
        if not trust.is_key_of(signed.key, entry.person, entry.partner):
            return replace(entry, signer="")
        if isinstance(entry, Waiver):
            return entry
        roles = trust.people[entry.person].roles
        return entry if entry.roles == roles else replace(entry, roles=roles)
    if isinstance(entry, Revocation):
        return entry
    return entry if signed.key in trust.tools else replace(entry, signer="")


def _unreadable(row: ChainRow, error: UnreadableError) -> StoreError:
    return StoreError(
        f"ledger entry {row.seq} ({row.kind}) cannot be read: {error}",
        hint="it may come from another version of decant",
    )


def _misplaced(row: ChainRow, signed: Signed) -> str:
    if signed.place.entry != row.seq or signed.place.previous != row.previous:
        return f"entry {row.seq} was signed for another place: {signed.place.entry}"
    return "" if signed.kind == row.kind else _filed(row)


def _misfiled(row: ChainRow, entry: Entry) -> str:
    return "" if entry.server_id == row.subject else _filed(row)


def _filed(row: ChainRow) -> str:
    return f"entry {row.seq} does not hold what it is filed under"
