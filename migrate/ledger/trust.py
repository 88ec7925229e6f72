"""Whom the estate trusts: which keys sign evidence, and which key is whose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrate.fingerprint import digest
from migrate.ledger.keys import key_id

if TYPE_CHECKING:
    from inventory.estate import Estate, Person


@dataclass(frozen=True, kw_only=True)
class Trust:
    """What signatures are judged by."""

    tools: frozenset[str] = frozenset()
    """Fingerprints of the keys that sign what the tool itself sees and does."""
    people: Mapping[str, Person] = field(default_factory=dict)
    """By name."""
    lines: Mapping[str, str] = field(default_factory=dict)
    """Every trusted key's line, by its fingerprint."""
    verified: set[tuple[str, str]] = field(default_factory=set, compare=False, repr=False)
    """What was verified in this run: digests of entries, each with the line of its key."""

    def is_key_of(self, identifier: str, name: str, partner: str) -> bool:
        """Tell whether a key is that person's own, who speaks for that partner."""
        person = self.people.get(name)
        return person is not None and person.partner == partner and key_id(person.key) == identifier

    @property
    def digest(self) -> str:
        """Return the digest of it all: whoever is added or taken away changes it."""
        people = [
            [each.name, each.partner, key_id(each.key), sorted(each.roles)]
            for each in self.people.values()
        ]
        return digest([sorted(self.tools), sorted(people)])


def trust_of(estate: Estate) -> Trust:
    """Return whom an estate trusts.

    Raises:
        BadInputError: something that should be a public key is none.

    """
    lines = (*estate.signing.trusted, *(each.key for each in estate.people))
    return Trust(
        tools=frozenset(key_id(each) for each in estate.signing.trusted),
        people={each.name: each for each in estate.people},
        lines={key_id(each): each for each in lines},
    )
