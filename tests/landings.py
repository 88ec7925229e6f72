"""Landing zones for tests: what is to land, and clouds that say what a test gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from inventory.estate_zones import LandingZone
from inventory.model.fact import Reason, Unknown
from migrate.model.landing import Landing, Need, ServerNeed

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NOT_TOLD = Unknown(reason=Reason.NOT_TOLD, detail="made for this test")
DENIED = Unknown(reason=Reason.NEEDS_PRIVILEGE, detail="made for this test")


def server(name: str = "web-1", size: str = "m5.large", vcpus: int = 2, **more: Any) -> ServerNeed:
    """Return what one server needs."""
    return ServerNeed(
        **{
            "server": name,
            "size": size,
            "vcpus": vcpus,
            "disks": (("gp3", 512),),
            "windows": False,
            **more,
        }
    )


def landing(
    *servers: ServerNeed,
    cloud: str = "aws",
    unsized: tuple[str, ...] = (),
    brings_windows: bool = False,
    **zone: Any,
) -> Landing:
    """Return a landing zone of these servers; ``zone`` are its settings."""
    need = Need(servers=servers, unsized=unsized)
    region = "eu-west-2" if cloud == "aws" else "uksouth"
    return Landing(
        zone=LandingZone(**{"name": "uk-prod", "cloud": cloud, "region": region, **zone}),
        need=need,
        beside=need,
        now=NOW,
        brings_windows=brings_windows,
    )


@dataclass(frozen=True, kw_only=True)
class SaidZones:
    """Clouds that tell of every zone what a test gives them; anything else is not told."""

    aspects: Mapping[type, object] = field(default_factory=dict)
    asked: list[type] = field(default_factory=list)

    def meant(self, zone: LandingZone) -> LandingZone:
        """Return the zone as it is."""
        return zone

    def told(self, landing: Landing, aspect: type[Any]) -> Any:
        """Tell it, whatever the zone."""
        assert landing.zone.name
        self.asked.append(aspect)
        return self.aspects.get(aspect, NOT_TOLD)
