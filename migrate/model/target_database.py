"""What is known of a database that a cloud runs: up, backed up, closed, and set as it should be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from inventory.model.fact import Unknown
from migrate.model.target_disks import KeyOwner


@dataclass(frozen=True, kw_only=True)
class Database:
    """A database, or the server or cluster that holds it, as its provider describes it."""

    id: str
    engine: str | None
    """The provider's word: ``postgres``, ``sqlserver-se``, ``Microsoft.Sql`` …"""
    version: str | None
    size: str | None
    """The provider's name of its class."""
    region: str
    state: str | None
    """The provider's word: ``available``, ``Online``, ``Ready`` … None when it gives none."""
    up: bool | None
    """Whether that word says that it serves; None when the word is new to us or says neither."""
    public: bool | Unknown
    """Whether its settings let the internet reach it."""
    encrypted: bool | Unknown
    """Whether what it stores is encrypted."""
    key_owner: KeyOwner | Unknown | None
    """Whose key it is encrypted by; None when it is not encrypted."""
    key: str | None = None
    """The provider's name of the key, where it gives one."""
    retention_days: int | Unknown
    """How long automatic backups are kept; 0 when none are taken."""
    restorable_until: datetime | Unknown
    """The latest moment that it can be restored to."""
    standby: bool | Unknown
    """Whether another zone stands ready."""
    protected: bool | Unknown
    """Whether deleting it needs a setting changed first."""
    parameters: Mapping[str, str] | Unknown
    """The engine's parameters as they are set."""
    pending: tuple[str, ...] = ()
    """What was set and waits for a restart."""
    created: str | None = None
    """When it was made, as the provider says."""
