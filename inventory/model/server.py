"""A server of the estate: its name, where it is asked, what is known of it, if it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inventory.model.fact import Facts, Unknown

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Server:
    """One server, whether it answers or not."""

    id: str
    """Stable identifier that the store gives; survives renames and new addresses."""
    name: str
    """What people call it: its host name, or its address while that is unknown."""
    target: str
    """Where it was last asked, as typed: ``ssh://root@10.0.0.4``. Empty for one that never was."""
    facts: Facts = field(default_factory=Facts)
    unreachable: Unknown | None = None
    """Why it did not answer the last time it was asked, or that it never was; None when it did."""
    first_seen: datetime
    last_asked: datetime
    """For one that was never asked, when a source last told of it."""
    last_answered: datetime | None = None
    sources: tuple[str, ...] = ()
    """The systems whose exports tell of it: ``rvtools:vcenter.example``."""
    gone: str = ""
    """Why it may be no more: the latest export of each system that told of it leaves it out, and
    it was never asked. Empty while one tells of it."""
    also: tuple[str, ...] = ()
    """Ids of the other records that are this server, by which it is found as well."""
