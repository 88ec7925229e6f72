"""What a cloud offers: sizes of virtual machines and volumes, each with its price and its basis."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from inventory.model.parts import BootType

GIBIBYTE = 1024**3


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Volume:
    """A disk in the cloud that holds a given disk."""

    name: str
    """``gp3``, ``E10`` …"""
    month: Price | None
    """None when it has no known price in the region."""
