"""What a migration service says of the servers that it replicates, the same for every service.

Told by readers of a place (a region of an account, a subscription) for all of it at once; which of
them is the old server of a move is found by :mod:`migrate.matching`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from inventory.model.fact import Unknown
from inventory.model.identity import Identity


class Phase(Enum):
    """How far a replicated server has come, in the words of no provider."""

    NOT_READY = "not ready"
    """It is not replicated far enough to launch anything from."""
    READY_FOR_TEST = "ready for test"
    TESTING = "testing"
    """A copy to test was launched, and stands."""
    READY_FOR_CUT_OVER = "ready for cut-over"
    CUTTING_OVER = "cutting over"
    """What replaces it was launched; there is a way back within the service."""
    CUT_OVER = "cut over"
    """The service has ended its work, and has no way back."""
    ENDED = "ended"
    """It is replicated no more."""


class LaunchState(Enum):
    """What became of a launch."""

    AT_WORK = "at work"
    LAUNCHED = "launched"
    FAILED = "failed"
    ENDED = "terminated"
    """What it launched was terminated since."""


@dataclass(frozen=True, kw_only=True)
class Launch:
    """One launch of a server from its replica."""

    job: str
    """The service's handle of it, by which it is looked up again; empty when it names none."""
    state: LaunchState | Unknown
    resource: str | None
    """What was launched: an instance id or a resource id; None when the service names none."""
    at: datetime | None = None
    """When it was asked for, as the service says."""
    reverted: bool = False
    """Whether it was taken back within the service."""


@dataclass(frozen=True, kw_only=True)
class Replication:
    """One server as a migration service replicates it."""

    id: str
    """An ARN or a resource id."""
    service: str
    """Its name, as people know it."""
    name: str
    """What the service calls the server."""
    identity: Identity
    phase: Phase | Unknown
    state: str
    """The provider's own words."""
    healthy: bool | Unknown
    """Whether it goes on without faults."""
    faults: tuple[str, ...]
    """What the service complains of, one sentence each."""
    lag_seconds: float | Unknown
    """How far the replica is behind."""
    lag_at: datetime | None = None
    """When the lag was measured, as the service says; None when it is measured as it is asked."""
    backlog_bytes: int | Unknown
    """What has yet to be sent."""
    last_snapshot: datetime | None
    """The newest moment from which a server can be launched; None when none is told."""
    test: Launch | None
    """The newest launch of a copy to test; None when there was none."""
    cut_over: Launch | None
    """The newest launch of what is to replace it; None when there was none."""
    allowed: tuple[str, ...] | None = None
    """What the service would do with it now, in its words; None where it does not list that."""
    kind: str = ""
    """Which of several ways of replicating it is, in the provider's word."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Replications:
    """Every server that is replicated into a place, as it was listed once."""

    servers: tuple[Replication, ...]


class Agreement(Enum):
    """Whether the two sides of a copied table hold the same."""

    SAME = "validated"
    DIFFERENT = "different"
    PENDING = "pending"
    """It is not compared to its end yet."""
    NOT_COMPARED = "not compared"
    """Nobody compares it, or nobody can."""


@dataclass(frozen=True, kw_only=True)
class CopiedTable:
    """One table that a migration service copies."""

    name: str
    """``schema.table``."""
    loaded: str
    """The state of its copy, in the provider's word."""
    errors: int | None
    """How many rows could not be loaded; None when that is not told, as in the counts below."""
    agreement: Agreement | Unknown
    validation: str
    """The provider's own words on it."""
    failed: int | None
    """How many records were found to differ."""
    suspended: int | None
    """How many records could not be compared."""
    pending: int | None
    """How many records have yet to be compared."""


@dataclass(frozen=True, kw_only=True)
class DataValidation:
    """One task that copies a database, and what the service found comparing both sides."""

    id: str
    name: str
    state: str
    """The task's state, in the provider's word."""
    failure: str
    """What the service says it failed of; empty when it says nothing."""
    tables: tuple[CopiedTable, ...]
