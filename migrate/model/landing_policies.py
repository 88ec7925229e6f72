"""What a cloud's policies forbid in a landing zone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Restriction:
    """A policy that forbids something where it applies."""

    policy: str
    """Its name, and where it is assigned."""
    regions: tuple[str, ...] | None = None
    """The only regions that it allows; None when it says nothing of regions."""
    sizes: tuple[str, ...] | None = None
    """The only sizes that it allows, as patterns with ``*``; None when it says nothing of them."""
    never_regions: tuple[str, ...] = ()
    """Regions that it forbids."""
    never_sizes: tuple[str, ...] = ()
    """Sizes that it forbids, as patterns."""
    without_tags: tuple[str, ...] = ()
    """Tags; a server that has none of them is forbidden."""
    forbids: str = ""
    """What it forbids whatever the size and region, such as ``ec2:RunInstances``."""
    unless: str = ""
    """Further conditions of it, which cannot be judged from here; empty when there are none."""


@dataclass(frozen=True, kw_only=True)
class Policies:
    """The policies that bear on a landing zone."""

    restrictions: tuple[Restriction, ...]
    not_read: tuple[str, ...] = ()
    """Policies that may forbid something and could not be understood, each with why."""
