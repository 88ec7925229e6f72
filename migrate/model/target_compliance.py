"""What is known of a resource's compliance with the policies of the account that it is in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inventory.model.fact import Unknown


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What one policy says of the resource."""

    policy: str
    """Name of the rule, or of the assignment and the policy in it."""
    complies: bool | Unknown | None
    """None when it says that the resource is none of its concern, or is exempt."""
    at: datetime | None = None
    """When it was judged; None when the provider does not say."""
    detail: str = ""
    """The provider's words."""


@dataclass(frozen=True, kw_only=True)
class Compliance:
    """What every policy says of one resource."""

    rulings: tuple[Ruling, ...]
    """Empty when none has judged it yet."""
    stale: str = ""
    """Why the rulings may be of former days, such as a recorder that is stopped; empty if not."""
