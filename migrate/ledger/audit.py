"""Who signed the ledger: every entry verified, and counted by the key that signed it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from inventory.store.chain import each_row
from inventory.store.identities import server_ids
from inventory.store.store import Store
from migrate.ledger.chain import Verification
from migrate.ledger.examining import Examination
from migrate.ledger.statements import kind_of
from migrate.ledger.trust import Trust


@dataclass(frozen=True, kw_only=True)
class Stranger:
    """An entry whose signature nobody can vouch for: it stands in the chain, and proves nothing."""

    seq: int
    kind: str
    server_id: str
    key: str
    """Fingerprint of the key that is said to have signed it."""
    why: str


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What verifying the whole ledger came to."""

    verification: Verification
    signed: Mapping[str, int]
    """How many entries each trusted key signed, by its fingerprint."""
    strangers: tuple[Stranger, ...]


def audit(store: Store, trust: Trust) -> Audit:
    """Verify chain, places and signatures of every entry, up to the first fault.

    Raises:
        StoreError: an entry cannot be read.

    """
    examination = Examination(each_row(store), trust, known_as=server_ids(store))
    signed: Counter[str] = Counter()
    strangers: list[Stranger] = []
    for each in examination.entries():
        if each.trusted:
            signed[each.key] += 1
        else:
            strangers.append(
                Stranger(
                    seq=each.seq,
                    kind=kind_of(each.entry),
                    server_id=each.entry.server_id,
                    key=each.key,
                    why=_why(each.key, trust),
                )
            )
    return Audit(verification=examination.verification, signed=signed, strangers=tuple(strangers))


def holder_of(key: str, trust: Trust) -> str:
    """Say whose key it is: a person's name and partner, the tool's, or nobody's."""
    from migrate.ledger.keys import key_id

    people = [each for each in trust.people.values() if key_id(each.key) == key]
    names = [f"{each.name} ({each.partner})" for each in people]
    if key in trust.tools:
        names.append("the tool")
    return ", ".join(names) or "nobody that decant.toml trusts"


def _why(key: str, trust: Trust) -> str:
    if key not in trust.lines:
        return "decant.toml does not trust the key; its signature was not verified"
    return f"the key is that of {holder_of(key, trust)}, who may not say this"
