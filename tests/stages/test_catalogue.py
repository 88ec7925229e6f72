"""Promises of the catalogue: whole, dated, and honest about what it does not know."""

from __future__ import annotations

from datetime import date

import pytest

from migrate.catalogue import aws_volumes, azure, azure_disks
from migrate.catalogue.basis import basis
from migrate.catalogue.datasets import count, datasets
from migrate.catalogue.lifecycle import extended, lifecycle
from migrate.catalogue.market import DEFAULT_REGIONS, market
from migrate.catalogue.offer import GIBIBYTE, Trait, Wanted
from migrate.catalogue.os_lists import listed
from migrate.catalogue.versions import between, within
from migrate.model.verdict import Cloud

AS_OF = date(2026, 10, 15)


@pytest.mark.parametrize("name", datasets())
def test_every_data_set_is_there_dated_and_sourced(name: str) -> None:
    """Each data set of the index is shipped, holds something, and says from where and when."""
    dataset = datasets()[name]
    assert count(dataset) > 0
    assert dataset.date <= date(2026, 11, 23)
    assert all((dataset.holds, dataset.source, dataset.licence))


@pytest.mark.parametrize("cloud", Cloud)
def test_the_default_region_has_a_market(cloud: Cloud) -> None:
    """The default region of each cloud offers hundreds of sizes, nearly all with a price."""
    here = market(cloud, DEFAULT_REGIONS[cloud])
    priced = [each for each in here.offers if each.linux]
    assert len(priced) > 500
    assert all(each.linux and each.linux.usd > 0 for each in priced)
    assert all(each.windows.usd > each.linux.usd for each in priced if each.windows and each.linux)
    assert all(each.boots and each.architectures for each in here.offers)


@pytest.mark.parametrize(
    ("cloud", "region", "name", "vcpus", "gib", "usd"),
    [
        (Cloud.AWS, "eu-west-2", "m6a.xlarge", 4, 16, "0.1998"),
        (Cloud.AZURE, "uksouth", "Standard_D2ls_v5", 2, 4, "0.101"),
    ],
)
def test_a_known_size_is_as_its_source_has_it(
    cloud: Cloud, region: str, name: str, vcpus: int, gib: int, usd: str
) -> None:
    """Spot checks: a size's processors, memory and price are those of the source's row."""
    found = next(each for each in market(cloud, region).offers if each.name == name)
    assert (found.vcpus, found.memory_bytes) == (vcpus, gib * GIBIBYTE)
    assert found.linux is not None
    assert str(found.linux.usd) == usd


def test_constrained_azure_sizes_count_the_processors_they_have() -> None:
    """Standard_E4-2s_v5 has the memory of an E4 and two processors."""
    found = next(each for each in azure.offers("uksouth") if each.name == "Standard_E4-2s_v5")
    assert (found.vcpus, found.memory_bytes) == (2, 32 * GIBIBYTE)


@pytest.mark.parametrize(
    ("name", "trait"),
    [
        ("Standard_NC24ads_A100_v4", Trait.ACCELERATED),
        ("Standard_DC2as_v5", Trait.CONFIDENTIAL),
        ("Standard_B2ms", Trait.BURSTABLE),
        ("Standard_E4-2s_v5", Trait.CONSTRAINED),
    ],
)
def test_special_azure_sizes_are_known_as_such(name: str, trait: Trait) -> None:
    """Series with accelerators, credits or processors turned off can be left out."""
    found = [each for each in azure.offers("uksouth") if each.name == name]
    assert found
    assert trait in found[0].traits


def test_a_disk_price_that_is_a_stand_in_is_called_an_estimate() -> None:
    """UK South has no disk price: West Europe's is an estimate, UK West's is unknown."""
    south, west, europe = (
        azure_disks.volume(region, Wanted(gib=100))
        for region in ("uksouth", "ukwest", "westeurope")
    )
    assert south is not None
    assert west is not None
    assert europe is not None
    assert {each.name for each in (south, west, europe)} == {"E10"}
    assert south.month is not None
    assert south.month.basis.startswith("estimate")
    assert west.month is None
    assert europe.month is not None
    assert europe.month.basis == "observed 2026-08"


@pytest.mark.parametrize(("gib", "tier"), [(1, "E1"), (4, "E1"), (5, "E2"), (32_767, "E80")])
def test_an_azure_disk_takes_the_smallest_tier_that_holds_it(gib: int, tier: str) -> None:
    """Tiers are chosen by size, at their edges too."""
    found = azure_disks.volume("uksouth", Wanted(gib=gib))
    assert found is not None
    assert found.name == tier


def test_a_disk_too_large_for_one_volume_has_none() -> None:
    """Beyond the largest volume there is no volume, not a wrong one."""
    assert azure_disks.volume("uksouth", Wanted(gib=32_768)) is None
    assert aws_volumes.volume("eu-west-2", Wanted(gib=65_536)) is not None
    assert aws_volumes.volume("eu-west-2", Wanted(gib=65_537)) is None


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("observed-2026-08", "observed 2026-08"),
        ("rule-0.046/vCPU", "derived 2026-10-15 (rule-0.046/vCPU)"),
        ("derived: windows-price minus uplift", "derived 2026-10-15 (windows-price minus uplift)"),
        ("estimate=westeurope (none found)", "estimate 2026-10-15 (westeurope, none found)"),
        (
            "uplift-by-size-general-knowledge",
            "estimate 2026-10-15 (uplift-by-size-general-knowledge)",
        ),
        ("", "estimate 2026-10-15"),
    ],
)
def test_a_price_says_how_it_is_known(column: str, said: str) -> None:
    """Whatever is not an observation is never called one."""
    assert basis(column, AS_OF) == said


@pytest.mark.parametrize(
    ("product", "version", "ends"),
    [
        ("debian", "12", date(2026, 7, 11)),
        ("rhel", "9.4", date(2032, 5, 31)),
        ("ubuntu", "22.04", date(2027, 4, 1)),
        ("windows-server", "2008-r2", date(2020, 1, 14)),
        ("windows-server", "2012", date(2023, 10, 10)),
        ("alpine-linux", "3.19.1", date(2025, 11, 1)),
        ("nginx", "1.31.4", False),
        ("debian", "99", None),
        ("debian", "1", None),
        ("sles", "15", None),
        ("no-such-product", "1", None),
    ],
)
def test_lifecycle_of_a_release(product: str, version: str, *, ends: date | bool | None) -> None:
    """A release belongs to its line; what is not known, or names several lines, is None."""
    assert lifecycle(product, version) == ends


def test_extended_support_is_told_apart() -> None:
    """Debian's long-term support is extended support; Rocky Linux has none."""
    assert extended("debian", "12") == date(2028, 6, 30)
    assert extended("rocky-linux", "9") is False
    assert extended("no-such-product", "1") is None


@pytest.mark.parametrize(
    ("version", "cycle", "belongs"),
    [("9.4", "9", True), ("90", "9", False), ("9", "9.4", False), ("2012-R2", "2012", True)],
)
def test_a_release_belongs_to_its_line(version: str, cycle: str, *, belongs: bool) -> None:
    """Releases are compared part by part, never letter by letter."""
    assert within(version, cycle) is belongs


@pytest.mark.parametrize(
    ("version", "inside"),
    [("8.0", True), ("8.10", True), ("8.11", False), ("7.9", False), ("8", True), ("x", False)],
)
def test_a_range_of_releases(version: str, *, inside: bool) -> None:
    """8.10 comes after 8.9; a release without its minor part may be any."""
    assert between(version, "8.0", "8.10") is inside


def test_lists_of_systems_tell_not_listed_from_not_supported() -> None:
    """Being named as unsupported and not being named are two things."""
    assert listed("aws_mgn", "rhel", "9.4", maintained=None) is True
    assert listed("aws_mgn", "freebsd", "14", maintained=None) is False
    assert listed("aws_mgn", "debian", "12", maintained=True) is None
    assert listed("azure_endorsed_linux", "rhel", "9.4", maintained=True) is True
    assert listed("azure_endorsed_linux", "rhel", "6", maintained=False) is None
    assert listed("azure_endorsed_linux", "rhel", "99", maintained=None) is None
