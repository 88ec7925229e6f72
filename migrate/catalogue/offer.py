"""What a cloud offers: sizes of virtual machines and volumes, each with its price and its basis."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from inventory.model.parts import BootType

GIBIBYTE = 1024**3
MEGABYTE = 10**6
"""What the providers count throughput in; a need is rounded up to whole ones."""


class Trait(Enum):
    """What sets a size apart, so that a policy can leave it out."""

    ACCELERATED = "GPU, FPGA or other accelerator"
    BARE_METAL = "bare metal"
    BURSTABLE = "burstable"
    CONFIDENTIAL = "confidential computing"
    CONSTRAINED = "processors turned off to save licences"
    HIGH_PERFORMANCE = "high-performance computing"
    PREVIOUS_GENERATION = "previous generation"
    RETIRING = "retirement announced"


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """A price in US dollars, without VAT, and how it is known."""

    usd: Decimal
    """For an hour for a size, for a month for a volume."""
    basis: str
    """``observed``, ``derived`` or ``estimate``, and of which date."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """One size of virtual machine in one region."""

    name: str
    vcpus: int
    memory_bytes: int
    architectures: frozenset[str]
    """Kernels that it runs: ``x86_64``, ``i686``, ``aarch64``."""
    boots: frozenset[BootType]
    max_volumes: int
    """Disks that can be attached, the system disk among them."""
    max_interfaces: int
    shares_slots: bool
    """Whether each interface beyond the first takes the place of a volume."""
    traits: frozenset[Trait]
    linux: Price | None
    """None when it has no known price in the region."""
    windows: Price | None
    """With the Windows Server licence; None when it is unknown or not sold."""
    max_operations: int | None = None
    """On all its volumes together, a second, for as long as one likes; None when not known."""
    max_disk_mb: int | None = None
    """Megabytes a second to and from all its volumes; as above."""
    max_network_mbit: int | None = None
    """Megabits a second; as above."""
    fast_volumes: bool = True
    """Whether volumes of the fast kinds can be attached (Premium, Ultra, io2)."""
    zones: int | None = None
    """In how many zones of the region it is offered; None when not known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What a volume must be able to do."""

    gib: int
    operations: int | None = None
    """A second; None when it was not measured: the default kind then has to do."""
    mb: int | None = None
    """Megabytes a second; as above."""
    boots: bool = True
    """Whether the system may be on it: not every kind of volume can be booted from."""
    hard_disks: bool = False
    """Whether spinning disks are good enough, as far as they can do it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Volume:
    """A disk in the cloud that holds a given disk."""

    name: str
    """``gp3``, ``E10`` …, with what is paid for beyond what is included."""
    month: Price | None
    """None when it has no known price in the region."""
    fast: bool = False
    """Whether it can only be attached to sizes that take fast volumes."""
