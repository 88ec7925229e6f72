"""What is known of a server's replacement in a cloud: one class an aspect, the same for every one.

Each is told by a reader for each provider (:mod:`migrate.model.reader`); checks judge them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from migrate.model.target_metadata import MetadataService


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A virtual machine as its provider describes it."""

    id: str
    state: str | None
    """The provider's word: ``running``, ``stopped``, ``deallocated`` … None when it gives none."""
    size: str | None
    region: str
    zone: str | None
    subnets: tuple[str, ...]
    """Ids of the subnets that its interfaces are in."""
    addresses: tuple[str, ...]
    """Its private addresses."""
    public_addresses: tuple[str, ...]
    disks: tuple[str, ...]
    """Ids of its disks, the system's first."""
    tags: Mapping[str, str] = field(default_factory=dict)
    launched: str | None = None
    """When it was launched or created, as the provider says."""
    provisioning: str | None = None
    """How the last change of it ended, in the provider's word; None where there is no such."""
    networks: tuple[str, ...] = ()
    """Ids of the virtual networks that its interfaces are in."""
    metadata: MetadataService | None = None
    """How it may ask for its own metadata; None when the provider does not say, or has no such
    setting."""
