"""What was planned for a server at its destination: the size that classification chose for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What the latest verdict on the move's destination says of the new server."""

    size: str
    """The provider's name of the size: ``t3.medium``, ``Standard_D2s_v5``."""
    region: str
    vcpus: int
    memory_bytes: int
    monthly_cost_pence: int | None
    """What a month is forecast to cost; None when compute has no price."""
    incomplete: tuple[str, ...] = ()
    """What that sum leaves out."""
    catalogue_date: date
    """Of the prices and sizes that it was chosen by."""
    at: datetime
    """When the verdict was given."""
