"""Promises of choosing volumes: each can do what was measured, and costs what its rates say."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.catalogue import aws_volumes, azure_disks
from migrate.catalogue.offer import Volume, Wanted

WANTED = st.builds(
    Wanted,
    gib=st.integers(1, 70_000),
    operations=st.integers(0, 500_000),
    mb=st.integers(0, 12_000),
    boots=st.booleans(),
    hard_disks=st.booleans(),
)


def usd(volume: Volume | None) -> Decimal | None:
    """Return the price, None where there is none."""
    return volume.month.usd if volume and volume.month else None


@pytest.mark.parametrize(
    ("wanted", "name", "cost"),
    [
        (Wanted(gib=100), "gp3", "9.28"),
        (Wanted(gib=100, operations=3_000, mb=125), "gp3", "9.28"),
        # 100 x 0.0928 + 1,000 x 0.0058 + 75 x 0.0464
        (Wanted(gib=100, operations=4_000, mb=200), "gp3 with 4000 IOPS and 200 MB/s", "18.56"),
        # 1,000 MB/s need 4,000 operations; 500 operations for each GiB need no more than 8.
        (Wanted(gib=100, operations=1, mb=1_000), "gp3 with 4000 IOPS and 1000 MB/s", "55.68"),
        (Wanted(gib=1, operations=5_000, mb=1), "gp3 of 10 GiB with 5000 IOPS", "12.528"),
        # 1,000 x 0.145 + 32,000 x 0.076 + 32,000 x 0.0532 + 36,000 x 0.03724
        (Wanted(gib=1_000, operations=100_000, mb=1), "io2 with 100000 IOPS", "5620.04"),
    ],
)
def test_worked_examples_of_ebs_in_london(wanted: Wanted, name: str, cost: str) -> None:
    """Rates of the AWS price list of 2026-10-15 for eu-west-2, reckoned by hand."""
    found = aws_volumes.volume("eu-west-2", wanted)
    assert found is not None
    assert (found.name, usd(found)) == (name, Decimal(cost))
    assert found.fast is name.startswith("io2")


@pytest.mark.parametrize(
    ("wanted", "name", "cost"),
    [
        (Wanted(gib=100), "E10", "9.6"),
        (Wanted(gib=100, operations=500, mb=100), "E10", "9.6"),
        (Wanted(gib=100, operations=501, mb=1), "P15", "41.811428"),
        (Wanted(gib=100, operations=1, mb=1, hard_disks=True), "S10", "5.888"),
        # (0.00013 x 512 + 0.000008 x 7,000) USD x 730 h
        (
            Wanted(gib=512, operations=10_000, mb=100, boots=False),
            "Premium SSD v2 of 512 GiB with 10000 IOPS and 100 MB/s",
            "89.4688",
        ),
    ],
)
def test_worked_examples_of_managed_disks(wanted: Wanted, name: str, cost: str) -> None:
    """Prices of West Europe of 2026-08-22, reckoned by hand; an estimate for UK South."""
    found = azure_disks.volume("uksouth", wanted)
    assert found is not None
    assert found.month is not None
    assert (found.name, found.month.usd) == (name, Decimal(cost))
    assert found.month.basis.startswith("estimate")


@given(wanted=WANTED)
def test_more_is_never_cheaper(wanted: Wanted) -> None:
    """A volume that must do less costs no more; one that can boot costs no less."""
    for module, region in ((aws_volumes, "eu-west-2"), (azure_disks, "uksouth")):
        cost = usd(module.volume(region, wanted))
        less = Wanted(
            gib=wanted.gib,
            operations=(wanted.operations or 0) // 2,
            mb=(wanted.mb or 0) // 2,
            boots=False,
            hard_disks=wanted.hard_disks,
        )
        if cost is not None:
            cheaper = usd(module.volume(region, less))
            assert cheaper is not None
            assert cheaper <= cost


@pytest.mark.parametrize("gib", [1, 4_000, 65_537])
def test_nothing_boots_from_a_kind_that_cannot(gib: int) -> None:
    """Premium v2, Ultra, st1 and sc1 hold data only, however cheap they are."""
    for operations in (1, 400, 15_000, 70_000, 300_000):
        wanted = Wanted(gib=gib, operations=operations, mb=5, hard_disks=True)
        disk = azure_disks.volume("uksouth", wanted)
        assert disk is None or disk.name[0] in "EPS"
        assert disk is None or "SSD" not in disk.name
        volume = aws_volumes.volume("eu-west-2", wanted)
        assert volume is None or volume.name[:3] in {"gp3", "io2"}
