"""A check: one thing that must be true, asked of real servers and clouds.

A check's file in ``migrate/checks``, or in the estate's own ``checks`` folder, holds a
:class:`Check` under ``CHECK``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from inventory.model.fact import Facts, Unknown
from migrate.model.evidence import CheckResult
from migrate.model.plan import Move


@dataclass(frozen=True, kw_only=True)
class CloudResource:
    """A virtual machine in a cloud, as its provider describes it."""

    id: str
    exists: bool
    power_state: str | None = None
    """The provider's word: ``running``, ``stopped``, ``deallocated`` …"""
    healthy: bool | None = None
    """Whether the provider's own status checks pass; None when it does not say."""
    detail: str = ""
    """The provider's words on its health."""
    size: str | None = None
    image: str | None = None
    launched: str | None = None
    """When it was launched or created, as the provider says."""
    addresses: tuple[str, ...] = ()
    provisioning: str | None = None


class Clouds(Protocol):
    """The clouds, as checks may look at them. Looking never changes anything."""

    def resource(self, move: Move) -> CloudResource | Unknown:
        """Describe the move's cloud resource, or say why that cannot be known."""
        ...


@dataclass(frozen=True, kw_only=True)
class Sight:
    """Everything that a check may look at, seen freshly in this run."""

    move: Move
    old: Facts | Unknown
    """The old server's facts, asked in this run, or why it did not answer."""
    new: Facts | Unknown | None
    """The new server's; None when the move has no replacement server."""
    new_address: str | None
    """Host name or address of the replacement."""
    estate_addresses: Mapping[str, str]
    """Address → server name, for the whole estate."""
    clouds: Clouds
    timeout_seconds: float = 10


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that must be true."""

    parameters: Mapping[str, Any]
    """JSON Schema of its parameters: an object schema; playbooks are validated against it."""
    run: Callable[[Sight, Mapping[str, Any]], CheckResult]
    """Look, and say what was seen. Bounded by ``Sight.timeout_seconds`` for each step. Whatever
    it cannot tell is Outcome.UNKNOWN with the reason; an exception is our bug, and counts as
    unknown."""
    reads: str
    """What it looks at, one sentence for the reference."""
