"""What is to land where, what it needs, and what a landing zone's settings may hold."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sights import facts, move

from inventory.errors import BadInputError
from inventory.estate import Estate
from inventory.estate_file import read_estate
from inventory.estate_zones import LandingZone
from inventory.model.facts import (
    ARCHITECTURE,
    CPU_THREADS,
    DISKS,
    INTERFACES,
    MEMORY_TOTAL,
    OS_FAMILY,
)
from inventory.model.parts import Disk, Interface
from migrate.catalogue.market import market
from migrate.landing import disks_of, lands, need_of
from migrate.model.landing import Need, ServerNeed
from migrate.model.plan import Destination, Move
from migrate.model.verdict import Cloud, CostLine, Readiness, Size, Verdict
from migrate.sizing.money import Rate
from migrate.sizing.sizer import Sizer
from migrate.zones import CONDITIONS

_AT = datetime(2026, 11, 23, tzinfo=UTC)
_GIB = 1 << 30


def _zone(**settings: Any) -> LandingZone:
    return LandingZone(**{"name": "uk", "cloud": "aws", **settings})


def _move(server: str = "web-1", *, wave: int = 1, to: Destination = Destination.AWS) -> Move:
    return replace(move(to=to), server=server, server_id=f"id-{server}", wave=wave)


def _verdict(server: str = "web-1", **more: Any) -> Verdict:
    size = Size(
        name="m5.large",
        region="eu-west-2",
        vcpus=2,
        memory_bytes=8 * _GIB,
        why="",
        lines=(
            CostLine(what="compute m5.large", monthly_cost_pence=1, basis="observed"),
            CostLine(what="disk sda 64 GiB gp3", monthly_cost_pence=1, basis="observed"),
        ),
        monthly_cost_pence=2,
        incomplete=(),
        catalogue_date=date(2026, 11, 1),
        assumptions=(),
    )
    return Verdict(
        **{
            "server_id": f"id-{server}",
            "server": server,
            "cloud": Cloud.AWS,
            "fit": Readiness.READY,
            "move": Readiness.READY,
            "support": Readiness.READY,
            "findings": (),
            "missing": (),
            "judged": 1,
            "coverage": "A",
            "size": size,
            "no_size": "",
            "rules_version": "1",
            "catalogue_date": date(2026, 11, 1),
            "at": _AT,
            **more,
        }
    )


@pytest.mark.parametrize(
    ("zone", "asked", "expected"),
    [
        (_zone(), None, True),
        (_zone(cloud="azure"), None, False),
        (_zone(waves=(1, 2)), None, True),
        (_zone(waves=(2,)), None, False),
        (_zone(servers=("web-*",)), None, True),
        (_zone(servers=("db-*",)), None, False),
        (_zone(), 1, True),
        (_zone(), 2, False),
    ],
)
def test_a_move_lands_where_cloud_wave_and_name_fit(
    zone: LandingZone, asked: int | None, *, expected: bool
) -> None:
    """With a wave asked for, only that wave's moves do."""
    assert lands(zone, _move(), asked) is expected


def test_what_a_move_needs_is_the_size_that_was_found_for_it() -> None:
    """With its disks, an address for each network adapter, and whether it runs Windows."""
    known = facts(
        OS_FAMILY.known("windows"),
        INTERFACES.known((Interface(name="a"), Interface(name="b"), Interface(name="lo"))),
    )
    need = need_of([_move()], [_verdict()], {"id-web-1": known})
    assert need == Need(
        servers=(
            ServerNeed(
                server="web-1",
                size="m5.large",
                vcpus=2,
                disks=(("gp3", 64),),
                addresses=2,
                windows=True,
            ),
        )
    )
    assert (need.sizes, need.addresses) == ({"m5.large": 1}, 2)


def test_what_is_not_known_of_a_server_is_not_taken_for_nothing() -> None:
    """A server without a size takes an address; unknown disks and systems stay unknown."""
    bare = _verdict("db-1", size=None, no_size="cpu.threads is unknown")
    old = _verdict()
    assert old.size is not None
    lost = replace(old, size=replace(old.size, incomplete=("disks: they are not known",)))
    moves = [_move(), _move("db-1"), _move("new-1"), _move("az-1", to=Destination.AZURE)]
    need = need_of(moves, [lost, bare], {})
    assert need.unsized == (
        "db-1 (cpu.threads is unknown)",
        "new-1 (never classified for aws)",
        "az-1 (never classified for azure)",
    )
    (server,) = need.servers
    assert (server.disks, server.windows, need.addresses) == (None, None, 4)


@pytest.mark.parametrize("cloud", list(Cloud))
def test_the_lines_that_sizing_writes_are_read(cloud: Cloud) -> None:
    """Every disk of a real verdict is found again, with its kind and its size."""
    region = "eu-west-2" if cloud is Cloud.AWS else "uksouth"
    rate = Rate(usd_to_gbp=Decimal("0.8"), as_of=None)
    sized = Sizer(market=market(cloud, region), rate=rate).size(
        facts(
            CPU_THREADS.known(2),
            MEMORY_TOTAL.known(8 * _GIB),
            ARCHITECTURE.known("x86_64"),
            OS_FAMILY.known("linux"),
            DISKS.known(
                (
                    Disk(name="sda", size_bytes=60 * _GIB),
                    Disk(name="my data disk", size_bytes=1500 * _GIB),
                )
            ),
        )
    )
    assert isinstance(sized, Size)
    disks = disks_of(sized.lines)
    assert disks is not None
    assert sorted(gib for _, gib in disks) == [60, 1500]
    kinds = {kind for kind, _ in disks}
    assert kinds == ({"gp3"} if cloud is Cloud.AWS else {"E6", "E40"})


def test_a_disk_that_no_volume_holds_leaves_disks_unknown() -> None:
    """It would take up an unknown quota."""
    line = CostLine(
        what="disk sda 99999 GiB, too large for one volume", monthly_cost_pence=None, basis=""
    )
    assert disks_of([line]) is None


_ESTATE = """\
[estate]
name = "Civic hub"

[[landing_zones]]
name = "uk-prod"
cloud = "aws"
account = "123456789012"
waves = [1, 2]
subnets = ["subnet-1"]
on_premise = ["10.1.0.0/16"]
open_ports = [443]
tags = {CostCentre = "IT"}
windows_cores = 64
without = {licences = "none are brought", security-groups = "the firewall does it"}

[[landing_zones]]
name = "uk-test"
cloud = "azure"
"""


def _estate(folder: Path, text: str) -> Estate:
    (folder / "decant.toml").write_text(text, encoding="utf-8")
    return read_estate(folder, {})


def test_landing_zones_are_read(tmp_path: Path) -> None:
    """Each field arrives with its type; a name and a cloud are all that one needs."""
    prod, test = _estate(tmp_path, _ESTATE).landing_zones
    assert prod == LandingZone(
        name="uk-prod",
        cloud="aws",
        account="123456789012",
        waves=(1, 2),
        subnets=("subnet-1",),
        on_premise=("10.1.0.0/16",),
        open_ports=(443,),
        tags={"CostCentre": "IT"},
        windows_cores=64,
        without={"licences": "none are brought", "security-groups": "the firewall does it"},
    )
    assert test == LandingZone(name="uk-test", cloud="azure")


def test_the_zone_that_the_page_shows_can_be_read(tmp_path: Path) -> None:
    """As it stands there, and every condition has its row in the page's table."""
    page = (Path(__file__).parents[2] / "docs" / "landing.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (zone,) = _estate(tmp_path, f'[estate]\nname = "made"\n{example}').landing_zones
    assert zone.without
    rows = re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE)
    assert sorted(rows) == sorted(CONDITIONS.names())


@pytest.mark.parametrize(
    ("old", "new", "words", "line"),
    [
        ('"uk-test"', '"uk-prod"', "a second landing zone 'uk-prod'", 17),
        ("10.1.0.0/16", "10.1.0.1/16", "'10.1.0.1/16' is no network", 10),
        ("licences =", "licenses =", "there is no field 'licenses'", 14),
        ('"azure"', '"gcp"', "'gcp' is not one of", 18),
    ],
)
def test_a_faulty_zone_is_named_by_its_place(
    tmp_path: Path, old: str, new: str, words: str, line: int
) -> None:
    """With the line, and what is wrong."""
    with pytest.raises(BadInputError, match=words) as raised:
        _estate(tmp_path, _ESTATE.replace(old, new))
    assert raised.value.place is not None
    assert raised.value.place.line == line
