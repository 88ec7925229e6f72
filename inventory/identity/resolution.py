"""What comes of looking at all records at once: servers, doubts, and values that tell nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from inventory.identity.decisions import Decision
from inventory.identity.entry import Entry
from inventory.identity.judging import Reason
from inventory.identity.sharing import Shared


class Doubt(Enum):
    """Why it is left to people whether two servers are one."""

    WEAK = "too little agrees"
    AMBIGUOUS = "it fits several"
    CONTRADICTED = "something speaks against it"


@dataclass(frozen=True, kw_only=True)
class Merge:
    """Two records that were found, or decided, to be one server."""

    one: str
    """Id of the older record."""
    other: str
    reasons: tuple[Reason, ...] = ()
    """What agrees, the heaviest first; nothing when it was decided."""
    points: int = 0
    decision: Decision | None = None

    @property
    def why(self) -> str:
        """Say it in words."""
        if self.decision:
            return str(self.decision)
        return ", ".join(str(each) for each in self.reasons)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Records that are one server."""

    members: tuple[Entry, ...]
    """The oldest first: the server goes by its id."""
    merges: tuple[Merge, ...] = ()

    @property
    def id(self) -> str:
        """The server's id."""
        return self.members[0].id


@dataclass(frozen=True, kw_only=True)
class Undecided:
    """Two servers that may be one."""

    one: Entry
    """The oldest record of the older server."""
    other: Entry
    doubt: Doubt
    reasons: tuple[Reason, ...]
    """What agrees."""
    against: tuple[str, ...]
    """What speaks against it."""
    points: int
    """What weighs for it, if nothing of it were several servers'."""
    would_decide: str
    """What would settle it, in words."""


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """Which records are one server."""

    groups: tuple[Group, ...]
    """Each record is in exactly one; the oldest server first."""
    undecided: tuple[Undecided, ...]
    """The heaviest first."""
    shared: tuple[Shared, ...]
    """Values that several servers show, so that they weigh nothing; the most often shown first."""

    @cached_property
    def server_of(self) -> Mapping[str, str]:
        """The server's id for each record's."""
        return {entry.id: group.id for group in self.groups for entry in group.members}
