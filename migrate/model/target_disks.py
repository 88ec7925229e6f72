"""The disks of a cloud server: how large they are, and who holds the key to them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from inventory.model.fact import Unknown


class KeyOwner(Enum):
    """Whose key a disk is encrypted with."""

    PROVIDER = "provider"
    """The provider's own, or one that it manages for the account."""
    CUSTOMER = "customer"
    """One that the customer made and may withdraw."""


@dataclass(frozen=True, kw_only=True)
class CloudDisk:
    """One disk."""

    id: str
    size_bytes: int | Unknown
    encrypted: bool | Unknown
    """Whether it is encrypted where it is stored."""
    key_owner: KeyOwner | Unknown | None = None
    """None when it is not encrypted."""
    key: str | None = None
    """The key's or key set's id, where one is named."""
    key_state: str | Unknown | None = None
    """The provider's word for the key's state, ``Enabled``; None when the key is the provider's."""


@dataclass(frozen=True, kw_only=True)
class Disks:
    """All disks of a server."""

    disks: tuple[CloudDisk, ...]
    at_host: bool | None = None
    """Whether caches and temporary disks on the physical server are encrypted, too; None where
    that is no setting."""
