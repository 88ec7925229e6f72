"""What is known of storage in a cloud: there, encrypted, closed, and with a way back."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.model.fact import Unknown
from migrate.model.target_disks import KeyOwner


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Something that is kept of what is overwritten or deleted."""

    what: str
    """``versions``, ``deleted blobs``, ``deleted shares``, ``automatic backups``."""
    days: int | None
    """For how long; None when its provider sets no length here."""


@dataclass(frozen=True, kw_only=True)
class Storage:
    """A bucket, a file system, a storage account or a share, as its provider describes it."""

    id: str
    kind: str
    """``bucket``, ``file system``, ``storage account``, ``file share``, ``container``."""
    region: str | None
    state: str | None
    """The provider's word; None for what has no state of its own, such as a bucket."""
    up: bool | None
    """Whether it serves; None when the word is new to us."""
    encrypted: bool | Unknown
    """Whether what it stores is encrypted."""
    key_owner: KeyOwner | Unknown | None
    """Whose key it is encrypted by; None when it is not encrypted."""
    key: str | None = None
    """The provider's name of the key, where it gives one."""
    public: bool | Unknown
    """Whether its settings let anybody read from it without signing in."""
    every_network: bool | Unknown
    """Whether it answers those who sign in from whatever network, the internet included."""
    kept: tuple[Kept, ...] | Unknown
    """What is kept of what is overwritten or deleted; empty when nothing is."""
    transit_encrypted: bool | Unknown
    """Whether it takes encrypted connections only."""
    created: str | None = None
    """When it was made, as the provider says."""
