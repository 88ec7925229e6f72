"""What a server would cost a month, line by line, each with how its price is known."""

from __future__ import annotations

from dataclasses import replace

from inventory.model.fact import Facts
from inventory.model.facts import OS_ID
from migrate.catalogue.market import Market
from migrate.model.verdict import CostLine
from migrate.sizing.money import HOURS_A_MONTH, Rate, pence
from migrate.sizing.need import Disk, Need
from migrate.sizing.shelf import Priced

UNKNOWN = "unknown"
_KEPT = 16_384
"""For how many disks it is kept what they cost, where nothing was measured of them."""
_SUBSCRIPTIONS = {
    "rhel": "the subscription for Red Hat Enterprise Linux",
    "sles": "the subscription for SUSE Linux Enterprise Server",
    "sles_sap": "the subscription for SUSE Linux Enterprise Server for SAP",
}


def compute_line(priced: Priced, rate: Rate) -> CostLine:
    """Return the cost of the size, running all month on demand."""
    return CostLine(
        what=f"compute {priced.offer.name}",
        monthly_cost_pence=pence(priced.price.usd * HOURS_A_MONTH, rate),
        basis=priced.price.basis,
    )


def disk_lines(
    need: Need,
    market: Market,
    rate: Rate,
    known: dict[tuple[str, int], CostLine] | None = None,
) -> tuple[CostLine, ...]:
    """Return the cost of a volume for each disk, of its whole size whatever is used of it.

    ``known`` keeps the lines of one market, by name and GiB, for the next server with such disks.
    """
    if known is None or need.operations is not None or need.disk_mb is not None:
        return tuple([_disk_line(disk, market, rate) for disk in need.disks or ()])
    if len(known) >= _KEPT:
        known.clear()
    lines = []
    for disk in need.disks or ():
        line = known.get((disk.name, disk.gib))
        if line is None:
            line = known[disk.name, disk.gib] = _disk_line(disk, market, rate)
        lines.append(line)
    return tuple(lines)


def total(lines: tuple[CostLine, ...]) -> int | None:
    """Return the sum of what has a price, in pence; None when the first line, compute, has none."""
    if lines[0].monthly_cost_pence is None:
        return None
    return sum(line.monthly_cost_pence or 0 for line in lines)


def left_out(facts: Facts, need: Need, lines: tuple[CostLine, ...]) -> tuple[str, ...]:
    """Name what the sum of the lines does not hold."""
    missing = [f"{line.what}: no price" for line in lines if line.monthly_cost_pence is None]
    if need.disks is None:
        missing.append("disks: they are not known")
    elif not need.disks:
        missing.append("disks: none were seen")
    subscription = _SUBSCRIPTIONS.get(facts.value(OS_ID) or "")
    return (*missing, subscription) if subscription else tuple(missing)


def _disk_line(disk: Disk, market: Market, rate: Rate) -> CostLine:
    volume = market.volume(disk.wanted)
    if volume is None:
        return CostLine(
            what=f"disk {disk.name} {disk.gib} GiB, {_too_much(disk, market)} for one volume",
            monthly_cost_pence=None,
            basis=UNKNOWN,
        )
    return CostLine(
        what=f"disk {disk.name} {disk.gib} GiB {volume.name}",
        monthly_cost_pence=pence(volume.month.usd, rate) if volume.month else None,
        basis=volume.month.basis if volume.month else UNKNOWN,
    )


def _too_much(disk: Disk, market: Market) -> str:
    """Say why no single volume can hold a disk: were it slower, one might."""
    slower = replace(disk.wanted, operations=None, mb=None)
    fits = slower != disk.wanted and market.volume(slower) is not None
    return "too fast" if fits else "too large"
