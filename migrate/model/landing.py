"""A landing zone judged: what the servers that land there need, and what must be true of it.

What is known of a zone comes in aspects, one class in each ``migrate/model/landing_…`` file, the
same for every cloud. A condition judges one of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from inventory.estate_zones import LandingZone
from migrate.model.evidence import CheckResult

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class ServerNeed:
    """What one server takes up in its landing zone."""

    server: str
    size: str
    """The provider's name of the size."""
    vcpus: int
    disks: tuple[tuple[str, int], ...] | None
    """Kind of each volume (``gp3``, ``E6``) and its GiB; None while the disks are not known."""
    addresses: int = 1
    """One for each network adapter; one while they are not known."""
    windows: bool | None = None
    """Whether it runs Windows; None when that is not known."""


@dataclass(frozen=True, kw_only=True)
class Need:
    """What the servers that land in a zone need together."""

    servers: tuple[ServerNeed, ...] = ()
    unsized: tuple[str, ...] = ()
    """Servers of which no size is known, each with why: ``web-1 was never classified``."""

    @property
    def sizes(self) -> Counter[str]:
        """How many of each size."""
        return Counter(each.size for each in self.servers)

    @property
    def addresses(self) -> int:
        """How many addresses at the least: one for a server of which nothing is known."""
        return sum(each.addresses for each in self.servers) + len(self.unsized)


@dataclass(frozen=True, kw_only=True)
class Landing:
    """One zone, what is to land there, and when it is judged."""

    zone: LandingZone
    """With account and region as they are meant, none left to the estate."""
    need: Need
    beside: Need
    """What is to land in the same region of the same account, in this zone and in others."""
    now: datetime
    brings_windows: bool = False
    """Whether the estate brings its own licences of Windows Server."""


def _nothing(_landing: Landing) -> CheckResult | None:
    return None


@dataclass(frozen=True, kw_only=True)
class Condition(Generic[T]):
    """One thing that must be true of a landing zone."""

    aspect: type[T]
    """What it judges; read by a reader for each cloud."""
    judge: Callable[[T, Landing], CheckResult]
    """Say whether it is true. Pure. What cannot be told is unknown, with the reason."""
    passes: str
    """What passes, one sentence."""
    fails: str
    unknown: str
    """What cannot be told, beside a cloud that does not answer."""
    beforehand: Callable[[Landing], CheckResult | None] = _nothing
    """Say what is known without asking the cloud; None when it has to be asked."""
