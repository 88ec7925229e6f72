"""How servers are sized: as they are or by use, with which sizes, as the estate says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any

from migrate.catalogue.offer import Offer, Trait

SPECIAL = frozenset(Trait)
"""Traits that a size is not chosen with: nothing that is seen of a server would justify them."""


class Percentile(Enum):
    """Which percentile of the measured values counts."""

    P50 = 50
    P90 = 90
    P95 = 95
    P99 = 99


@dataclass(frozen=True, kw_only=True)
class Options:
    """How servers are sized."""

    by_use: bool = False
    """By measured use where enough was measured; otherwise as they are."""
    percentile: Percentile = Percentile.P95
    comfort: Decimal = Decimal(1)
    """What measured use is multiplied by, for what was not measured and for growth."""
    days: int = 30
    """Use that was watched for less time than this counts as not measured."""
    arm: bool = False
    """Whether Linux servers of x86-64 may be rebuilt for Arm."""
    zones: int = 0
    """In how many zones of the region a size must be offered."""
    hard_disks: bool = False
    """Whether spinning disks are good enough where the measured use allows them."""
    prefer: tuple[str, ...] = ()
    """Sizes, as patterns of their names (``m7*``, ``Standard_D*_v5``), of which the cheapest that
    fits is chosen even where another is cheaper."""
    never: tuple[str, ...] = ()
    """Sizes that are not chosen, as patterns of their names."""
    left_out: frozenset[Trait] = SPECIAL
    """Traits of sizes that are not chosen."""

    def refuses(self, offer: Offer) -> str:
        """Say why a size may not be chosen whatever the server; nothing when it may."""
        traits = sorted(trait.value for trait in offer.traits & self.left_out)
        if traits:
            return f"not considered: {', '.join(traits)}"
        pattern = next((each for each in self.never if fnmatchcase(offer.name, each)), None)
        return f"left out by never = {pattern!r}" if pattern else ""

    def prefers(self, offer: Offer) -> bool:
        """Tell whether a size is one of the preferred."""
        return any(fnmatchcase(offer.name, each) for each in self.prefer)


def options_of(table: Mapping[str, Any]) -> Options:
    """Return the options of a ``[sizing]`` table that fits the schema of ``decant.toml``."""
    with_traits = {Trait[name.upper().replace("-", "_")] for name in table.get("with", ())}
    usual = Options()
    return Options(
        by_use=table.get("by", "as is") == "use",
        percentile=Percentile(table.get("percentile", usual.percentile.value)),
        comfort=Decimal(str(table.get("comfort", usual.comfort))),
        days=table.get("days", usual.days),
        arm=table.get("arm", usual.arm),
        zones=table.get("zones", usual.zones),
        hard_disks=table.get("hard_disks", usual.hard_disks),
        prefer=tuple(table.get("prefer", ())),
        never=tuple(table.get("never", ())),
        left_out=SPECIAL - with_traits,
    )
