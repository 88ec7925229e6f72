"""Visits for the tests of the store: what a server of a given kind would say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from inventory.model import facts
from inventory.model.fact import Observation, Origin, Reason, Unknown
from inventory.model.parts import Package
from inventory.model.run import Visit
from inventory.model.server import Server
from inventory.store.runs import begin_run
from inventory.store.store import Store
from inventory.store.visits import record_visit

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
WEB_IMAGE = facts.PACKAGES.known(
    tuple(Package(name=f"p{each}", version="1", manager="dpkg") for each in range(100))
)
"""What all servers of one image have installed."""
SILENT = Unknown(reason=Reason.UNREACHABLE, detail="connection refused")


def at(minutes: int) -> datetime:
    """Return a time, so many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def new_run(store: Store) -> str:
    """Begin a run and return its identifier."""
    return begin_run(store, command="discover", at=NOON).id


def visit(target: str, *said: Observation, minutes: int = 0, **more: Any) -> Visit:
    """Return a visit at which a server said this, each statement with its origin."""
    origin = Origin(source=target, question="test", at=at(minutes), run="r")
    observations = tuple(Observation(key=each.key, fact=each.fact, origin=origin) for each in said)
    return Visit(target=target, at=at(minutes), observations=observations, **more)


def say(store: Store, target: str, *said: Observation, minutes: int = 0) -> Server:
    """Store what a server said at a target, and return which server it was."""
    return record_visit(store, new_run(store), visit(target, *said, minutes=minutes))


def stay_silent(store: Store, target: str, *, minutes: int = 0) -> Server:
    """Store that nothing answered at a target, and return which server it was."""
    silent = visit(target, minutes=minutes, unreachable=SILENT)
    return record_visit(store, new_run(store), silent)
