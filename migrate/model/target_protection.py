"""Whether a cloud server can be deleted or stopped by a slip."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DeletionProtection:
    """Whether the provider refuses to delete it."""

    on: bool
    by: tuple[str, ...] = ()
    """What protects it: the setting, or the locks by name and level."""


@dataclass(frozen=True, kw_only=True)
class StopProtection:
    """Whether the provider refuses to stop it."""

    on: bool
