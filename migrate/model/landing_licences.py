"""How many licences are in use where servers are to land, and how many there are."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.model.fact import Unknown


@dataclass(frozen=True, kw_only=True)
class Licences:
    """Licences of Windows Server that the estate brings."""

    counted_by: str
    """``vCPU``, ``Core``, ``Instance`` or ``Socket``."""
    owned: int | Unknown | None
    """How many there are, as the cloud knows; None when it sets no limit."""
    used: int | Unknown
    """How many are in use now."""
    refuses: bool = False
    """Whether the cloud itself refuses servers beyond that number."""
    where: str
    """Who says so: the licence configuration, or what was counted."""
