"""What is read out of one server's document: statements, and what could not be understood.

For the tools that a server runs to tell of itself: Ansible, Facter, Ohai. Their documents are
JSON of which nothing can be relied on: any value may be of any type.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from inventory.importers._json import text
from inventory.model.fact import FactKey, Observation
from inventory.model.imported import Item, ServerRecord, Stated, Unread
from inventory.reading import values

T = TypeVar("T")
Document = Mapping[str, Any]


@dataclass(kw_only=True)
class Told:
    """Statements on one server as they are gathered."""

    stated: list[Stated] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def state(self, column: str, key: FactKey[T], value: T | None) -> None:
        """State what is known; None and what is empty state nothing."""
        if value is not None and value not in ("", ()):
            self.stated.append(Stated(column=column, observation=key.known(value)))

    def observe(self, column: str, observation: Observation) -> None:
        """State what is already worded."""
        self.stated.append(Stated(column=column, observation=observation))

    def text(self, column: str, key: FactKey[str], value: Any) -> None:
        """State a text."""
        self.state(column, key, text(value))

    def count(self, column: str, key: FactKey[int], value: Any) -> None:
        """State a number of things. There is at least one: 0 is how tools say that none told."""
        self.state(column, key, self.whole(column, value) or None)

    def whole(self, column: str, value: Any) -> int | None:
        """Return a whole number; what is none is noted as unread."""
        if isinstance(value, (Mapping, list)) or value is True or value is False:
            self.unread.append(f"{column} is {_shown(value)}, not a number")
            return None
        try:
            return values.whole(value)
        except ValueError as error:
            self.unread.append(f"{column}: {error}")
            return None

    def items(self, record: ServerRecord) -> Sequence[Item]:
        """Return the record, then what of it could not be understood."""
        return (record, *(Unread(why=why, where=record.where) for why in self.unread))


def _shown(value: Any) -> str:
    """Return what a value is, for messages, without all that it holds."""
    return {dict: "an object", list: "a list", bool: str(value).lower()}.get(type(value), "odd")
