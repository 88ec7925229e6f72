"""What rules may look at besides a server's facts, filled from the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Final

from migrate.catalogue.lifecycle import extended, lifecycle
from migrate.catalogue.os_lists import listed
from migrate.catalogue.overlay import SHIPPED, Catalogue
from migrate.catalogue.processors import known_since
from migrate.model.rule import Surroundings
from migrate.model.verdict import Cloud

EXAMPLE_DAY = date(2026, 11, 23)
"""The day as of which the examples of rules are judged."""


EXAMPLE_REGIONS: Final = {Cloud.AWS: "eu-west-1", Cloud.AZURE: "westeurope"}
"""The regions for which they are judged: near, and outside the United Kingdom."""


def example_surroundings() -> Surroundings:
    """Return the surroundings in which the examples of rules are judged."""
    return surroundings(today=EXAMPLE_DAY, regions=EXAMPLE_REGIONS)


def surroundings(
    *,
    today: date,
    hub_opens: date | None = None,
    catalogue: Catalogue = SHIPPED,
    regions: Mapping[Cloud, str] | None = None,
) -> Surroundings:
    """Return the surroundings of a judgement as of ``today``."""

    def os_listed(name: str, product: str, version: str) -> bool | None:
        ends = lifecycle(product, version, catalogue)
        maintained = None if ends is None else ends is False or (ends is not True and ends >= today)
        return listed(name, product, version, maintained=maintained, catalogue=catalogue)

    return Surroundings(
        today=today,
        hub_opens=hub_opens,
        lifecycle=partial(lifecycle, catalogue=catalogue),
        extended=partial(extended, catalogue=catalogue),
        os_listed=os_listed,
        regions=regions or {},
        processor_since=partial(known_since, catalogue=catalogue),
    )
