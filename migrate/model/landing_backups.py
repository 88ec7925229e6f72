"""Where backups of a landing zone's servers would go, and what would take them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inventory.model.fact import Unknown


@dataclass(frozen=True, kw_only=True)
class Vault:
    """One vault that exists."""

    usable: bool | Unknown
    """Whether it is ready to be used."""
    state: str = ""
    """The provider's word."""
    locked: bool | Unknown
    """Whether backups cannot be deleted early, not even by an administrator of the account."""
    encrypted: bool | Unknown
    """Whether what it holds is encrypted."""
    key: str | None = None
    """The customer's key that does so; None for the provider's own."""
    plans: tuple[str, ...] | Unknown
    """Names of the plans or policies that would put backups of servers there."""


@dataclass(frozen=True, kw_only=True)
class Backups:
    """Those that exist of the vaults that were asked for, by the id they were asked by."""

    vaults: Mapping[str, Vault]
