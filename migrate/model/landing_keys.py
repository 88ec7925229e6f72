"""The keys by which disks of a landing zone are to be encrypted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from inventory.model.fact import Unknown


@dataclass(frozen=True, kw_only=True)
class Key:
    """One key that exists."""

    enabled: bool | Unknown
    state: str = ""
    """The provider's word."""
    rotated: bool | Unknown
    """Whether it is renewed by itself."""
    expires: datetime | None = None
    """When it ends; None when it never does."""
    begins: datetime | None = None
    """Before when it may not be used; None when it may be at once."""


@dataclass(frozen=True, kw_only=True)
class Keys:
    """The keys that were asked for; one that is left out does not exist."""

    keys: Mapping[str, Key | Unknown]
