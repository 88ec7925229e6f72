"""What carbon a server causes a month, where it stands and in a cloud.

Cloud Carbon Footprint's method (cloudcarbonfootprint.org/docs/methodology): watts between idle and
full by how busy it is, times hours, times the data centre's overhead (PUE), times what the grid
emits; in a cloud its memory and disks, and its part of making the physical server, are added.
Uncertain in it: the grid factor is of 2021, PUE, the disks' watts and the use that is assumed
where none was measured are from general knowledge, the processor behind a size is not known, and
CCF itself counts only the memory beyond that of SPEC's servers, and disks by how often they are
kept. So every figure is an estimate. Making what stands on premise already is not counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property
from statistics import median
from typing import Any

from inventory.estate_costs import CostSettings
from inventory.model.fact import Facts
from inventory.model.facts import CPU_MODEL, CPU_THREADS, DISKS, VIRTUALISATION
from migrate.catalogue.datasets import datasets, read_json
from migrate.catalogue.offer import GIBIBYTE
from migrate.catalogue.overlay import SHIPPED, Catalogue
from migrate.costing.measured import measured
from migrate.costing.power import draw
from migrate.costing.prices import Prices
from migrate.model.cost import MONTHS_A_YEAR, Basis, Emission
from migrate.model.verdict import Cloud, Size
from migrate.sizing.money import HOURS_A_MONTH

_TERABYTE = 10**12
_KILO = 1000
_HUNDRED = 100
_HOME_GRID = "aws_eu-west-2"
"""Whose grid factor is the United Kingdom's."""


@dataclass(frozen=True, kw_only=True)
class Carbon:
    """Reckons carbon with one estate's figures, and the catalogue's where it gives none."""

    settings: CostSettings
    catalogue: Catalogue = SHIPPED

    def on_premise(self, facts: Facts) -> tuple[Emission, ...]:
        """Return what a server causes where it stands; unknown without its processor's watts."""
        model, threads = facts.value(CPU_MODEL), facts.value(CPU_THREADS)
        drawn = draw(model, self.catalogue) if model else None
        if drawn is None or threads is None:
            why = f"SPECpower has no result for {model}" if model else "its processor is not known"
            return (_unknown("processors and memory", why),)
        busy, said = self._busy(facts, threads, threads)
        watts = (drawn.idle_watts + busy * (drawn.full_watts - drawn.idle_watts)) * threads
        virtual = facts.value(VIRTUALISATION) not in {None, "none"}
        part = "its part of a server with" if virtual else "a server with"
        pue, whose = self._own_pue
        words = f"{part} {model} by {_count(drawn.results)} of SPECpower; {said}; {whose}"
        return (
            self._emission("processors and memory", watts, pue, _HOME_GRID, words),
            self._disks(facts, "hdd_wh_per_tb_hour", pue, _HOME_GRID, whose),
        )

    def in_cloud(self, facts: Facts, size: Size, prices: Prices) -> tuple[Emission, ...]:
        """Return what a server causes on a size in a cloud."""
        return tuple(self._in_cloud(facts, size, prices))

    def _in_cloud(self, facts: Facts, size: Size, prices: Prices) -> Iterator[Emission]:
        place = f"{prices.cloud.value}_{prices.region}"
        if self.settings.grid_grams_per_kwh is None and place not in self._figures["grid"]:
            yield _unknown("electricity", f"the grid factor of {prices.region} is not known")
            return
        pue = self._figures["pue"][prices.cloud.value]
        whose = f"PUE {pue} from general knowledge"
        idle, full, processor = self._watts(prices, size)
        busy, said = self._busy(facts, facts.value(CPU_THREADS), size.vcpus)
        watts = (idle + busy * (full - idle)) * size.vcpus
        yield self._emission("processors", watts, pue, place, f"{processor}; {said}; {whose}")
        gib = Decimal(size.memory_bytes) / GIBIBYTE
        kept = gib * self._figures["memory"] * _KILO
        yield self._emission("memory", kept, pue, place, whose)
        yield self._disks(facts, "ssd_wh_per_tb_hour", pue, place, whose)
        yield self._making(size, prices)

    def _watts(self, prices: Prices, size: Size) -> tuple[Decimal, Decimal, str]:
        """Return watts a vCPU, idle and full, and of which processor."""
        offer = prices.size(size.name)
        arm = offer is not None and "aarch64" in offer.architectures
        if arm and prices.cloud is Cloud.AWS:
            return *self._figures["graviton"], "Graviton"
        return *self._figures["watts"][prices.cloud.value], "median of the provider's processors"

    def _busy(self, facts: Facts, threads: int | None, vcpus: int) -> tuple[Decimal, str]:
        """Return how busy it would be, nought to one, and how that is known."""
        use = measured(facts).cpu_percent
        if use is None or threads is None:
            assumed: Decimal = self._figures["use"]
            return assumed, f"{assumed:.0%} busy is assumed: nobody measured it"
        busy = min(Decimal(1), use.value * threads / vcpus / _HUNDRED)
        return busy, f"{busy:.0%} busy by {use.source}"

    def _disks(self, facts: Facts, kind: str, pue: Decimal, place: str, whose: str) -> Emission:
        disks = facts.value(DISKS)
        if not disks:
            return _unknown("disks", "they are not known")
        terabytes = Decimal(sum(disk.size_bytes for disk in disks)) / _TERABYTE
        words = f"{kind[:3].upper()}, each kept once; {whose}"
        return self._emission("disks", terabytes * self._figures[kind], pue, place, words)

    def _making(self, size: Size, prices: Prices) -> Emission:
        vcpus, memory = _largest(prices, size.name)
        if not vcpus:
            return _unknown("making of the server", "the server behind the size is not known")
        figures = self._figures
        whole = figures["made"] + figures["made_gb"] * memory / GIBIBYTE
        months = figures["life_years"] * MONTHS_A_YEAR
        grams = whole * _KILO * size.vcpus / vcpus / months
        why = f"{size.vcpus} of {vcpus} vCPUs, over {figures['life_years']} years"
        return Emission(
            what="making of the server",
            monthly_grams=_whole(grams),
            basis=Basis.ESTIMATE,
            why=why,
        )

    def _emission(
        self, what: str, watts: Decimal, pue: Decimal, place: str, words: str
    ) -> Emission:
        own = self.settings.grid_grams_per_kwh
        grid = own if own is not None else self._figures["grid"][place]
        whose = "the estate's" if own is not None else "of 2021"
        return Emission(
            what=what,
            monthly_grams=_whole(watts * HOURS_A_MONTH / _KILO * pue * grid),
            basis=Basis.ESTIMATE,
            why=f"{words}; grid {_short(grid)} g/kWh, {whose}",
        )

    @property
    def _own_pue(self) -> tuple[Decimal, str]:
        if self.settings.pue is not None:
            return self.settings.pue, f"PUE {self.settings.pue} as the estate says"
        usual: Decimal = self._figures["own_pue"]
        return usual, f"PUE {usual} from general knowledge"

    @cached_property
    def _figures(self) -> Mapping[str, Any]:
        return _figures(self.catalogue)


@cache
def _figures(catalogue: Catalogue) -> Mapping[str, Any]:
    content = read_json(datasets(catalogue)["carbon"].file, catalogue)
    grid = content["grid_kgco2e_per_kwh"]
    watts = content["cpu_watts_per_vcpu_by_architecture"]
    constants, made = content["ccf_methodology_constants"], content["embodied_kgco2e"]
    return {
        "grid": {place: _exact(each["value"]) * _KILO for place, each in grid.items()},
        "watts": {cloud: _median(each.values()) for cloud, each in watts.items()},
        "graviton": _median([watts["aws"]["Graviton3"]]),
        "memory": _exact(content["memory_kwh_per_gb_hour"]),
        "pue": {cloud: _exact(value) for cloud, value in constants["pue"].items()},
        "own_pue": _exact(content["onprem_assumptions"]["pue_typical"]),
        "use": _exact(constants["avg_vcpu_utilisation"]),
        "hdd_wh_per_tb_hour": _exact(constants["hdd_wh_per_tb_hour"]),
        "ssd_wh_per_tb_hour": _exact(constants["ssd_wh_per_tb_hour"]),
        "made": _exact(made["base_rack_server"]) + _exact(made["per_extra_cpu"]),
        "made_gb": _exact(made["dram_per_gb"]),
        "life_years": made["lifetime_years"],
    }


def _median(rows: Any) -> tuple[Decimal, Decimal]:
    rows = tuple(rows)
    idle, full = (
        median(_exact(row[name]) for row in rows) for name in ("min_w_per_vcpu_or_thread", "max_w")
    )
    return idle, full


@cache
def _largest(prices: Prices, name: str) -> tuple[int, int]:
    """Return vCPUs and memory of the largest size of a family: taken to fill its server."""
    family = _family(name)
    sizes = [each for each in prices.sizes() if _family(each.name) == family]
    largest = max(sizes, key=lambda each: (each.vcpus, each.memory_bytes), default=None)
    return (largest.vcpus, largest.memory_bytes) if largest else (0, 0)


def _family(name: str) -> str:
    """Return a size's family: ``m6i`` of m6i.large, ``Standard_Ds_v5`` of Standard_D2s_v5."""
    return re.sub(r"\d+(-\d+)?", "", name, count=1) if "_" in name else name.partition(".")[0]


def _exact(value: float) -> Decimal:
    return Decimal(str(value))


def _whole(grams: Decimal) -> int:
    return int(grams.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _short(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _unknown(what: str, why: str) -> Emission:
    return Emission(what=what, monthly_grams=None, basis=Basis.UNKNOWN, why=why)


def _count(results: int) -> str:
    return f"{results} result{'' if results == 1 else 's'}"
