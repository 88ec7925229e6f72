"""Servers, verdicts and settings that tests of costs are made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from inventory.estate_costs import CostSettings, OnPremiseLine
from inventory.model.fact import Facts, Observation
from inventory.model.facts import CPU_THREADS, DISKS, OS_FAMILY, OS_ID
from inventory.model.parts import Disk
from inventory.model.server import Server
from migrate.catalogue.offer import GIBIBYTE
from migrate.costing.bills import Costing
from migrate.costing.on_premise import OnPremise
from migrate.model.cost import Part, Purchase
from migrate.model.verdict import Cloud, CostLine, Readiness, Size, Verdict
from migrate.sizing.money import Rate

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
RATE = Rate(usd_to_gbp=Decimal("0.75"), as_of=date(2026, 11, 1))
HALVES = (
    Part(partner="SBC", percent=Decimal(50)),
    Part(partner="EHDC", percent=Decimal(50)),
)
REGIONS = {Cloud.AWS: "eu-west-2", Cloud.AZURE: "uksouth"}
SIZES = {Cloud.AWS: "m6a.xlarge", Cloud.AZURE: "Standard_D4as_v5"}


def server(name: str, *more: Observation, family: str = "linux") -> Server:
    """Make a server of four threads and a disk of 40 GiB; what is given last counts."""
    disk = Disk(name="sda", size_bytes=40 * GIBIBYTE, encrypted=False)
    facts = (
        OS_FAMILY.known(family),
        OS_ID.known("windows" if family == "windows" else "debian"),
        CPU_THREADS.known(4),
        DISKS.known((disk,)),
        *more,
    )
    return Server(
        id=f"id-{name}",
        name=name,
        target="",
        facts=Facts.from_observations(facts),
        first_seen=NOW,
        last_asked=NOW,
    )


def verdict(of: Server, cloud: Cloud = Cloud.AWS, *, sized: bool = True) -> Verdict:
    """Make the verdict on a server, on a size of four vCPUs with a disk of three pounds."""
    size = Size(
        name=SIZES[cloud],
        region=REGIONS[cloud],
        vcpus=4,
        memory_bytes=16 * GIBIBYTE,
        why="it fits",
        lines=(
            CostLine(what="compute", monthly_cost_pence=1, basis="observed 2026-10-15"),
            CostLine(what="disk sda 40 GiB", monthly_cost_pence=300, basis="observed 2026-10-15"),
        ),
        monthly_cost_pence=301,
        incomplete=(),
        catalogue_date=date(2026, 8, 1),
        assumptions=(str(RATE),),
    )
    return Verdict(
        server_id=of.id,
        server=of.name,
        cloud=cloud,
        fit=Readiness.READY,
        move=Readiness.READY,
        support=Readiness.READY,
        findings=(),
        missing=(),
        judged=1,
        coverage="A",
        size=size if sized else None,
        no_size="" if sized else "memory is unknown",
        rules_version="0",
        catalogue_date=date(2026, 8, 1),
        at=NOW,
    )


def line(
    what: str = "VMware", kind: str = "licence", pounds: str = "1200", **more: object
) -> OnPremiseLine:
    """Make a line of a bill, of so many pounds a year."""
    known: dict[str, object] = {"what": what, "kind": kind, "yearly_pounds": Decimal(pounds)}
    return OnPremiseLine(**{**known, **more})  # type: ignore[arg-type]


def costing(
    settings: CostSettings | None = None,
    lines: Sequence[OnPremiseLine] = (),
    *,
    rate: Rate = RATE,
    purchase: Purchase = Purchase.ON_DEMAND,
) -> Costing:
    """Make what servers are costed with, for five years from today on, shared by halves."""
    own = OnPremise(lines=tuple(lines), sites=(), since=TODAY, years=5, parts=HALVES)
    return Costing(
        settings=settings or CostSettings(),
        on_premise=own,
        rate=rate,
        parts=HALVES,
        since=TODAY,
        years=5,
        purchase=purchase,
    )
