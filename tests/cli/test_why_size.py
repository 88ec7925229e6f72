"""What ``decant show NAME --why-size`` promises: every cheaper size, each with its reason."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from terminal import Decant

from migrate.console import INVENTORY

LIST = """name,addresses,os,os_version,cpus,memory_gb,disks_gb,architecture
web-1,192.0.2.4,Debian,12,4,16,sda=100; sdb=400,x86_64
odd-1,192.0.2.5,Debian,12,,16,sda=100,x86_64
"""
PREFERRED = '[sizing]\nprefer = ["m7i.*"]'


@pytest.fixture
def listed(decant: Decant, tmp_path: Path) -> Decant:
    """Return a terminal in an estate of two listed servers."""
    file = tmp_path / "servers.csv"
    file.write_text(LIST, encoding="utf-8")
    assert decant("init").code == 0
    assert decant("import", "plain", str(file)).code == 0
    return decant


def test_every_cheaper_size_is_told_with_its_reason(listed: Decant) -> None:
    """No cheaper one is without a reason, none that is told is dearer than the chosen."""
    aws, azure = listed("show", "web-1", "--why-size", "--format", "json").json()
    for told in (aws, azure):
        assert told["need"] == "4 vCPUs, 16 GiB, 2 disks, 1 network adapter"
        price = Decimal(told["chosen"]["usd_an_hour"])
        assert len(told["cheaper"]) > 50
        assert all(each["why_not"] for each in told["cheaper"])
        assert all(Decimal(each["usd_an_hour"]) <= price for each in told["cheaper"])
        assert Decimal(told["runner_up"]["usd_an_hour"]) >= price
    assert {"size": "t4g.nano", "why_not": "not considered: burstable"}.items() <= (
        aws["cheaper"][0].items()
    )


def test_the_table_ends_with_the_chosen_and_the_runner_up(listed: Decant) -> None:
    """The list goes up in price to the one that was chosen; what was needed is said beside it."""
    said = listed("show", "web-1", "--why-size")
    assert said.code == 0
    last = [line.split()[-1] for line in said.out.splitlines()[-2:]]
    assert last == ["chosen", "runner-up"]
    assert "azure: needs 4 vCPUs, 16 GiB" in said.err


def test_the_options_of_the_estate_count(listed: Decant) -> None:
    """What decant.toml asks for changes the choice, and the reasons."""
    file = Path("decant.toml")
    before = file.read_text(encoding="utf-8")
    file.write_text(before.replace("[sizing]", PREFERRED), encoding="utf-8")
    aws, _ = listed("show", "web-1", "--why-size", "--format", "json").json()
    assert aws["chosen"]["size"] == "m7i.xlarge"
    assert "is not one of the preferred sizes" in {each["why_not"] for each in aws["cheaper"]}


def test_a_server_without_what_decides_has_no_size_and_hears_why(listed: Decant) -> None:
    """What is missing is named, for each cloud."""
    said = listed("show", "odd-1", "--why-size")
    assert said.code == 0
    assert "aws: no size: cpu.threads is unknown" in said.err
    assert said.out == ""


def test_other_ways_of_showing_are_refused_beside_it(listed: Decant) -> None:
    """--history and --all show something else."""
    said = listed("show", "web-1", "--why-size", "--history")
    assert said.code == 2
    assert "goes with neither" in said.err


def test_the_inventory_alone_knows_nothing_of_sizes(listed: Decant) -> None:
    """The option is added where both packages are; the command of the inventory has none."""
    alone = INVENTORY.one("show").value
    assert "why_size" not in {each.name for each in alone.params}
    assert listed("show", "web-1").code == 0
