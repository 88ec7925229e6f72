"""The figures that carbon is reckoned with, as the catalogue has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from statistics import median
from typing import Any

from migrate.catalogue.datasets import datasets, read_json
from migrate.catalogue.overlay import SHIPPED, Catalogue
from migrate.model.verdict import Cloud

_KILO = 1000
_ARM = "Graviton"


@dataclass(frozen=True, kw_only=True)
class Watts:
    """What a processor draws for each vCPU."""

    idle: Decimal
    full: Decimal


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Cloud Carbon Footprint's coefficients, and what stands in where it has none."""

    grid_grams_per_kwh: Mapping[str, Decimal]
    """``aws_eu-west-2`` → grams of CO2e for a kilowatt-hour."""
    watts: Mapping[Cloud, Watts]
    """The median of the provider's x86 processors: which is behind a size is not known."""
    graviton: Watts
    memory_watts_per_gib: Decimal
    hard_disk_watts_per_terabyte: Decimal
    flash_watts_per_terabyte: Decimal
    pue: Mapping[Cloud, Decimal]
    own_pue: Decimal
    """A data centre's as they are on average, where the estate does not say."""
    use: Decimal
    """How busy processors are taken to be where nobody measured it, nought to one."""
    server_kilograms: Decimal
    """What making a server of two processors causes, without its memory."""
    memory_kilograms_per_gib: Decimal
    life_years: int


@cache
def figures(catalogue: Catalogue = SHIPPED) -> Figures:
    """Return the figures of a catalogue.

    Raises:
        BadInputError: they cannot be read.

    """
    content = read_json(datasets(catalogue)["carbon"].file, catalogue)
    watts = content["cpu_watts_per_vcpu_by_architecture"]
    constants, made = content["ccf_methodology_constants"], content["embodied_kgco2e"]
    grid = content["grid_kgco2e_per_kwh"]
    return Figures(
        grid_grams_per_kwh={place: _exact(each["value"]) * _KILO for place, each in grid.items()},
        watts={cloud: _median(watts[cloud.value], arm=False) for cloud in Cloud},
        graviton=_median(watts["aws"], arm=True),
        memory_watts_per_gib=_exact(content["memory_kwh_per_gb_hour"]) * _KILO,
        hard_disk_watts_per_terabyte=_exact(constants["hdd_wh_per_tb_hour"]),
        flash_watts_per_terabyte=_exact(constants["ssd_wh_per_tb_hour"]),
        pue={cloud: _exact(constants["pue"][cloud.value]) for cloud in Cloud},
        own_pue=_exact(content["onprem_assumptions"]["pue_typical"]),
        use=_exact(constants["avg_vcpu_utilisation"]),
        server_kilograms=_exact(made["base_rack_server"]) + _exact(made["per_extra_cpu"]),
        memory_kilograms_per_gib=_exact(made["dram_per_gb"]),
        life_years=made["lifetime_years"],
    )


def _median(processors: Mapping[str, Mapping[str, Any]], *, arm: bool) -> Watts:
    rows = [row for name, row in processors.items() if name.startswith(_ARM) is arm]
    return Watts(
        idle=median(_exact(row["min_w_per_vcpu_or_thread"]) for row in rows),
        full=median(_exact(row["max_w"]) for row in rows),
    )


def _exact(value: float) -> Decimal:
    return Decimal(str(value))
