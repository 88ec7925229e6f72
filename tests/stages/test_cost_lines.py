"""A disk for which no single volume will do is told with what is too much of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from migrate.catalogue.market import market
from migrate.catalogue.offer import Wanted
from migrate.model.verdict import Cloud
from migrate.sizing.cost import disk_lines
from migrate.sizing.money import Rate
from migrate.sizing.need import Disk, Need

RATE = Rate(usd_to_gbp=Decimal("0.75"), as_of=None)


@pytest.mark.parametrize("cloud", Cloud)
@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (Wanted(gib=500, operations=9_000_000), "disk sda 500 GiB, too fast for one volume"),
        (Wanted(gib=9_000_000), "disk sda 9000000 GiB, too large for one volume"),
        (
            Wanted(gib=9_000_000, operations=9_000_000),
            "disk sda 9000000 GiB, too large for one volume",
        ),
    ],
)
def test_what_is_too_much_of_a_disk_is_named(cloud: Cloud, wanted: Wanted, told: str) -> None:
    """Too fast only where a slower one of its size would fit; it has no price either way."""
    region = {Cloud.AWS: "eu-west-2", Cloud.AZURE: "uksouth"}[cloud]
    need = Need(
        vcpus=2,
        memory_bytes=1 << 32,
        architecture="x86_64",
        boots=frozenset(),
        disks=(Disk(name="sda", wanted=wanted),),
        volumes=1,
        interfaces=1,
        windows=False,
    )
    (line,) = disk_lines(need, market(cloud, region), RATE)
    assert (line.what, line.monthly_cost_pence) == (told, None)
