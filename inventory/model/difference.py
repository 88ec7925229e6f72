"""What differs between two states of the estate, server by server and fact by fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from inventory.model.fact import Fact, FactKey, Facts, Unknown


class Fate(Enum):
    """What became of a server from the earlier state to the later."""

    APPEARED = "appeared"
    """It was not known before."""
    VANISHED = "vanished"
    """It was there, and the later state was told without it."""
    SILENT = "stopped answering"
    """It answered before, and does not in the later state."""
    BACK = "answers again"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, kw_only=True)
class ServerState:
    """One server as it was known at one time."""

    id: str
    """The same in both states."""
    name: str
    facts: Facts
    unreachable: Unknown | None = None
    """Why it had not answered when it was last asked by then; None when it had."""
    gone: str = ""
    """Why it no longer is among what its source tells of; empty while it is."""


@dataclass(frozen=True, kw_only=True)
class EstateState:
    """The estate as it was known at one time."""

    title: str
    """What the state is called: a run, a time, a file."""
    at: datetime | None = None
    servers: Mapping[str, ServerState] = field(default_factory=dict)
    """By id."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One fact that is not what it was."""

    key: FactKey[Any]
    before: Fact[Any]
    after: Fact[Any]
    added: tuple[Any, ...] = ()
    """Of a list: what is new in it."""
    removed: tuple[Any, ...] = ()
    altered: tuple[tuple[Any, Any], ...] = ()
    """Of a list: what is the same thing with other details, as it was and as it is."""


@dataclass(frozen=True, kw_only=True)
class ServerDifference:
    """What became of one server."""

    id: str
    name: str
    fate: Fate
    why: str = ""
    """For one that vanished or stopped answering."""
    renamed_from: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What became of the estate."""

    before: EstateState
    after: EstateState
    servers: tuple[ServerDifference, ...]
    """By name; those that are the same are left out."""
    same: int
    """How many servers are the same."""


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One time that a server, or a source that knows it, was asked, and what that changed."""

    at: datetime
    """When it was told; for an export, when the export was made."""
    run: str
    source: str
    """Who told: ``asked``, or the system that the export is of."""
    target: str
    """Where it was asked; the source again for an export."""
    told: int
    """How many facts were made known."""
    unreachable: Unknown | None = None
    """Why nothing was told."""
    is_first: bool = False
    """Whether this source had never told of it before."""
    changes: tuple[Change, ...] = ()
    """Against what the same source had told before."""
