"""Databases that the provider runs: classes of RDS and vCores of Azure SQL, with their prices.

RDS: what a class has is what the EC2 type of the same name has. Azure SQL: General Purpose on
fifth-generation hardware, of which a vCore has 5.1 GB (learn.microsoft.com/azure/azure-sql,
resource limits of the vCore model; general knowledge, not read again).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Final

from migrate.catalogue import aws
from migrate.catalogue.datasets import datasets, read_json, read_rows
from migrate.catalogue.offer import GIBIBYTE, Price, Trait
from migrate.catalogue.overlay import SHIPPED, Catalogue
from migrate.model.verdict import Cloud

RDS_ENGINES: Final = {"postgresql": "PostgreSQL", "mysql": "MySQL", "mariadb": "MariaDB"}
"""Our identifier of the application → what the price list calls the engine."""
_VCORES: Final = (2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 32, 40, 80)
_INSTANCE_VCORES: Final = (4, 8, 16, 24, 32, 40, 64, 80)
_BYTES_A_VCORE: Final = 5_100_000_000
_ABBREVIATED = re.compile(r"(\.\d*)xl$")


@dataclass(frozen=True, kw_only=True, slots=True)
class ManagedClass:
    """A size of a database that the provider runs."""

    service: str
    """``RDS for PostgreSQL``, ``Azure SQL Managed Instance``."""
    name: str
    vcpus: int
    memory_bytes: int
    traits: frozenset[Trait]
    hour: Price
    """In one zone, with the licence where it needs one."""
    gib_month: Price | None
    """For each GiB of storage; None when it is not known."""
    included_gib: int = 0


@cache
def classes(
    cloud: Cloud, region: str, application: str, catalogue: Catalogue = SHIPPED
) -> tuple[ManagedClass, ...]:
    """Return the classes for a recognised database, the cheapest first.

    Empty where the catalogue has none: the provider may offer it all the same.
    """
    if cloud is Cloud.AWS and application in RDS_ENGINES:
        found = _rds(region, RDS_ENGINES[application], catalogue)
    elif cloud is Cloud.AZURE and application == "mssql":
        found = _azure_sql(catalogue)
    else:
        return ()
    return tuple(sorted(found, key=lambda each: (each.hour.usd, each.vcpus, each.name)))


def _rds(region: str, engine: str, catalogue: Catalogue) -> Iterator[ManagedClass]:
    prices = datasets(catalogue)["aws-rds-prices"]
    types = {each.name: each for each in aws.offers(region, catalogue)}
    storage = _rds_storage(region, catalogue)
    for row in read_rows(prices.file, catalogue):
        # The price list shortens xlarge to xl in most names.
        name = _ABBREVIATED.sub(r"\1xlarge", row["instance_class"])
        machine = types.get(name.removeprefix("db."))
        wanted = row["region"] == region and row["engine"] == engine and row["single_az_hour"]
        if machine is None or not wanted:
            continue
        yield ManagedClass(
            service=f"RDS for {engine}",
            name=name,
            vcpus=machine.vcpus,
            memory_bytes=machine.memory_bytes,
            traits=machine.traits,
            hour=Price(
                usd=Decimal(row["single_az_hour"]), basis=f"observed {prices.as_of(region)}"
            ),
            gib_month=storage,
        )


def _rds_storage(region: str, catalogue: Catalogue) -> Price | None:
    volumes = datasets(catalogue)["aws-volumes"]
    services: Mapping[str, Any] = read_json(volumes.file, catalogue)
    usd = services.get(region, {}).get("rds_storage_gb_month", {}).get("gp3")
    as_of = volumes.as_of(region)
    return None if usd is None else Price(usd=Decimal(str(usd)), basis=f"observed {as_of}")


def _azure_sql(catalogue: Catalogue) -> Iterator[ManagedClass]:
    dataset = datasets(catalogue)["azure-sql-prices"]
    content: Mapping[str, Any] = read_json(dataset.file, catalogue)
    single = content["azure_sql_database"]["eastus"]
    instance = content["azure_sql_managed_instance"]["westeurope"]
    vcore = single["vcore_hour_compute_only"]["GP_Gen5"]
    licence = single["sql_licence_vcore_hour"]["GP"]
    said = f"estimate {dataset.date} (East US, no UK price found)"
    for count in _VCORES:
        yield _vcores(
            "Azure SQL Database",
            f"GP_Gen5_{count}",
            count,
            (vcore, licence, single["storage_gb_month"]["GP"]),
            said,
        )
    vcore = instance["vcore_hour_compute_only"]["GP_Gen5"]
    licence = instance["sql_licence_vcore_hour_gp"]
    said = f"estimate {dataset.date} (West Europe, no UK price found)"
    for count in _INSTANCE_VCORES:
        yield _vcores(
            "Azure SQL Managed Instance",
            f"MI_GP_Gen5_{count}",
            count,
            (vcore, licence, instance["storage_gb_month"]),
            said,
            included_gib=instance["storage_included_gb"],
        )


def _vcores(
    service: str,
    name: str,
    count: int,
    rates: tuple[float, float, float],
    basis: str,
    *,
    included_gib: int = 0,
) -> ManagedClass:
    vcore, licence, gib = (Decimal(str(each)) for each in rates)
    return ManagedClass(
        service=service,
        name=name,
        vcpus=count,
        memory_bytes=count * _BYTES_A_VCORE // GIBIBYTE * GIBIBYTE,
        traits=frozenset(),
        hour=Price(usd=(vcore + licence) * count, basis=basis),
        gib_month=Price(usd=gib, basis=basis),
        included_gib=included_gib,
    )
