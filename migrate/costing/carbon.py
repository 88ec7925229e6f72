"""What carbon a server causes a month, where it stands and in a cloud.

Cloud Carbon Footprint's method (cloudcarbonfootprint.org/docs/methodology): watts between idle and
full by how busy it is, times hours, times the data centre's overhead (PUE), times what the grid
emits; in a cloud its memory and disks, and its part of making the physical server, are added.
Uncertain in it: the grid factor is of 2021; PUE, the disks' watts and the use that is assumed
where none was measured are from general knowledge; the processor behind a size is not known; and
CCF itself counts only the memory beyond that of SPEC's servers, and disks as often as they are
kept. So every figure is an estimate. Making what stands on premise already is not counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property

from inventory.estate_costs import CostSettings
from inventory.model.fact import Facts
from inventory.model.facts import CPU_MODEL, CPU_THREADS, DISKS, VIRTUALISATION
from migrate.catalogue.offer import GIBIBYTE
from migrate.catalogue.overlay import SHIPPED, Catalogue
from migrate.costing.carbon_figures import Figures, Watts, figures
from migrate.costing.measured import Measured
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
_GENERAL = "general knowledge"


@dataclass(frozen=True, kw_only=True)
class _Around:
    """What a watt comes to at one place."""

    grid: Decimal
    """Grams of CO2e for a kilowatt-hour."""
    pue: Decimal
    words: str
    """Where the two are from."""

    def emission(self, what: str, watts: Decimal, words: str) -> Emission:
        grams = watts * HOURS_A_MONTH / _KILO * self.pue * self.grid
        return _estimate(what, grams, f"{words}; {self.words}" if words else self.words)


@dataclass(frozen=True, kw_only=True)
class _OfSize:
    """What all servers on one size have in common."""

    around: _Around
    drawn: Watts
    """For each vCPU."""
    processor: str
    memory: Emission
    making: Emission


@dataclass(frozen=True, kw_only=True)
class Carbon:
    """Reckons carbon with one estate's figures, and the catalogue's where it gives none."""

    settings: CostSettings
    catalogue: Catalogue = SHIPPED
    _of_sizes: dict[tuple[str, str, str], _OfSize | None] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    """What was reckoned of sizes already, by cloud, region and name."""

    def on_premise(self, facts: Facts, use: Measured) -> tuple[Emission, ...]:
        """Return what a server causes where it stands; unknown without its processor's watts."""
        model, threads = facts.value(CPU_MODEL), facts.value(CPU_THREADS)
        drawn = draw(model, self.catalogue) if model else None
        if drawn is None or threads is None:
            why = f"SPECpower has no result for {model}" if model else "its processor is not known"
            return (_unknown("processors and memory", why),)
        busy, said = self._busy(use, threads, threads)
        watts = (drawn.idle_watts + busy * (drawn.full_watts - drawn.idle_watts)) * threads
        virtual = facts.value(VIRTUALISATION) not in {None, "none"}
        part = "its part of a server with" if virtual else "a server with"
        results = f"{drawn.results} result{'' if drawn.results == 1 else 's'}"
        words = f"{part} {model} by {results} of SPECpower; {said}"
        disks = self._disks(facts, self._figures.hard_disk_watts_per_terabyte, "HDD", self._home)
        return self._home.emission("processors and memory", watts, words), disks

    def in_cloud(
        self, facts: Facts, use: Measured, size: Size, prices: Prices
    ) -> tuple[Emission, ...]:
        """Return what a server causes on a size in a cloud."""
        key = prices.cloud.value, prices.region, size.name
        if key not in self._of_sizes:
            self._of_sizes[key] = self._of_size(size, prices)
        known = self._of_sizes[key]
        if known is None:
            return (_unknown("electricity", f"the grid factor of {prices.region} is not known"),)
        busy, said = self._busy(use, facts.value(CPU_THREADS), size.vcpus)
        watts = (known.drawn.idle + busy * (known.drawn.full - known.drawn.idle)) * size.vcpus
        return (
            known.around.emission("processors", watts, f"{known.processor}; {said}"),
            known.memory,
            self._disks(facts, self._figures.flash_watts_per_terabyte, "SSD", known.around),
            known.making,
        )

    def _of_size(self, size: Size, prices: Prices) -> _OfSize | None:
        """Return what servers on a size have in common; None when their grid is not known."""
        around = self._there(prices)
        if around is None:
            return None
        drawn, processor = self._watts(prices, size)
        gib = Decimal(size.memory_bytes) / GIBIBYTE
        return _OfSize(
            around=around,
            drawn=drawn,
            processor=processor,
            memory=around.emission("memory", gib * self._figures.memory_watts_per_gib, ""),
            making=self._making(size, prices),
        )

    def _watts(self, prices: Prices, size: Size) -> tuple[Watts, str]:
        """Return what a vCPU draws, and of which processor."""
        offer = prices.size(size.name)
        arm = offer is not None and "aarch64" in offer.architectures
        if arm and prices.cloud is Cloud.AWS:
            return self._figures.graviton, "Graviton"
        return self._figures.watts[prices.cloud], "median of the provider's x86 processors"

    def _busy(self, use: Measured, threads: int | None, vcpus: int) -> tuple[Decimal, str]:
        """Return how busy it would be, nought to one, and how that is known."""
        if use.cpu_percent is None or threads is None:
            assumed = self._figures.use
            return assumed, f"{assumed:.0%} busy is assumed: nobody measured it"
        busy = min(Decimal(1), use.cpu_percent.value * threads / vcpus / _HUNDRED)
        return busy, f"{busy:.0%} busy by {use.cpu_percent.source}"

    def _disks(self, facts: Facts, watts: Decimal, kind: str, around: _Around) -> Emission:
        disks = facts.value(DISKS)
        if not disks:
            return _unknown("disks", "they are not known")
        terabytes = Decimal(sum(disk.size_bytes for disk in disks)) / _TERABYTE
        return around.emission("disks", terabytes * watts, f"{kind}, each kept once")

    def _making(self, size: Size, prices: Prices) -> Emission:
        what = "making of the server"
        vcpus, memory = _largest(prices, _family(size.name))
        if not vcpus:
            return _unknown(what, "the server behind the size is not known")
        made = self._figures.memory_kilograms_per_gib * memory / GIBIBYTE
        whole = (self._figures.server_kilograms + made) * _KILO
        years = self._figures.life_years
        grams = whole * size.vcpus / vcpus / (years * MONTHS_A_YEAR)
        return _estimate(what, grams, f"{size.vcpus} of {vcpus} vCPUs, over {years} years")

    @cached_property
    def _home(self) -> _Around:
        own = self.settings.pue
        pue = self._figures.own_pue if own is None else own
        return self._around(pue, _GENERAL if own is None else "the estate's", _HOME_GRID)

    def _there(self, prices: Prices) -> _Around | None:
        place = f"{prices.cloud.value}_{prices.region}"
        known = place in self._figures.grid_grams_per_kwh
        if not known and self.settings.grid_grams_per_kwh is None:
            return None
        return self._around(self._figures.pue[prices.cloud], _GENERAL, place)

    def _around(self, pue: Decimal, whose_pue: str, place: str) -> _Around:
        own = self.settings.grid_grams_per_kwh
        grid = self._figures.grid_grams_per_kwh[place] if own is None else own
        whose = "of 2021" if own is None else "the estate's"
        words = f"PUE {_short(pue)}, {whose_pue}; grid {_short(grid)} g/kWh, {whose}"
        return _Around(grid=grid, pue=pue, words=words)

    @cached_property
    def _figures(self) -> Figures:
        return figures(self.catalogue)


@cache
def _largest(prices: Prices, family: str) -> tuple[int, int]:
    """Return vCPUs and memory of the largest size of a family: it is taken to fill its server."""
    sizes = [each for each in prices.sizes() if _family(each.name) == family]
    largest = max(sizes, key=lambda each: (each.vcpus, each.memory_bytes), default=None)
    return (largest.vcpus, largest.memory_bytes) if largest else (0, 0)


@cache
def _family(name: str) -> str:
    """Return a size's family: ``m6i`` of m6i.large, ``Standard_Ds_v5`` of Standard_D2s_v5."""
    return re.sub(r"\d+(-\d+)?", "", name, count=1) if "_" in name else name.partition(".")[0]


def _estimate(what: str, grams: Decimal, why: str) -> Emission:
    whole = int(grams.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return Emission(what=what, monthly_grams=whole, basis=Basis.ESTIMATE, why=why)


def _unknown(what: str, why: str) -> Emission:
    return Emission(what=what, monthly_grams=None, basis=Basis.UNKNOWN, why=why)


def _short(number: Decimal) -> str:
    return f"{number.normalize():f}"
