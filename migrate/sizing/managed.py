"""What a recognised database would run on where the provider runs it: RDS, Azure SQL.

It stands beside the size of the server, not in its place: whether a database can be moved there is
for the rules. The server's whole need is taken for the database's, which is too much where more
runs on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inventory.model.application import Application
from inventory.model.fact import Facts
from migrate.catalogue.managed import ManagedClass, classes
from migrate.catalogue.market import Market
from migrate.catalogue.offer import GIBIBYTE
from migrate.judging.derived import APPLICATIONS
from migrate.model.verdict import Cloud, CostLine, ManagedSize
from migrate.sizing.money import HOURS_A_MONTH, Rate, pence
from migrate.sizing.need import Need
from migrate.sizing.options import Options

DATABASES: Final = {
    "postgresql": "PostgreSQL",
    "mysql": "MySQL",
    "percona": "MySQL",
    "mariadb": "MariaDB",
    "mssql": "SQL Server",
    "oracle-db": "Oracle Database",
    "oracle-xe": "Oracle Database",
}
"""Identifier of the fingerprint → the engine, for those that either provider runs."""
_AS: Final = {"percona": "mysql"}
_SERVICE: Final = {Cloud.AWS: "RDS", Cloud.AZURE: "Azure's managed databases"}


def managed_sizes(
    facts: Facts, need: Need, market: Market, rate: Rate, options: Options
) -> tuple[ManagedSize, ...]:
    """Return a size for each database engine that was recognised and is not known to stand still.

    None of them where no database was recognised, or nothing could be.
    """
    found = {
        each.id: each
        for each in facts.value(APPLICATIONS) or ()
        if each.id in DATABASES and each.runs is not False
    }
    return tuple(
        size
        for _, application in sorted(found.items())
        for size in _sizes(application, need, market, rate, options)
    )


def _sizes(
    application: Application, need: Need, market: Market, rate: Rate, options: Options
) -> Iterator[ManagedSize]:
    known = classes(market.cloud, market.region, _AS.get(application.id, application.id))
    allowed = [each for each in known if not each.traits & options.left_out]
    if not known:
        engine = DATABASES[application.id]
        why = f"the catalogue has no prices of {engine} on {_SERVICE[market.cloud]}"
        yield ManagedSize(database=application.name, service=_SERVICE[market.cloud], why=why)
        return
    for service in dict.fromkeys(each.service for each in allowed):
        fitting = (
            each
            for each in allowed
            if each.service == service
            and each.vcpus >= need.vcpus
            and each.memory_bytes >= need.memory_bytes
        )
        chosen = next(fitting, None)
        if chosen is None:
            why = f"none of its classes has {need.vcpus} vCPUs and {_gib(need.memory_bytes)} GiB"
            yield ManagedSize(database=application.name, service=service, why=why)
        else:
            yield _size(application, need, chosen, rate)


def _size(application: Application, need: Need, chosen: ManagedClass, rate: Rate) -> ManagedSize:
    lines = (
        CostLine(
            what=f"{chosen.service} {chosen.name}",
            monthly_cost_pence=pence(chosen.hour.usd * HOURS_A_MONTH, rate),
            basis=chosen.hour.basis,
        ),
        _storage(application, need, chosen, rate),
    )
    return ManagedSize(
        database=application.name,
        service=chosen.service,
        name=chosen.name,
        vcpus=chosen.vcpus,
        memory_bytes=chosen.memory_bytes,
        why=f"the cheapest with {need.vcpus} vCPUs and {_gib(need.memory_bytes)} GiB, "
        "what the whole server needs, in one zone",
        lines=lines,
    )


def _storage(application: Application, need: Need, chosen: ManagedClass, rate: Rate) -> CostLine:
    """Return the cost of its data, or of all disks while its size is not known."""
    sizes = [each.size_bytes for each in application.instances if each.of is None]
    told = [each for each in sizes if each is not None]
    if told and len(told) == len(sizes):
        gib, what = max(1, -(-sum(told) // GIBIBYTE)), "its data"
    elif need.disks:
        gib, what = sum(disk.gib for disk in need.disks), "all disks, its own data is not known"
    else:
        return CostLine(what="storage: not known", monthly_cost_pence=None, basis="unknown")
    price = chosen.gib_month
    paid = max(0, gib - chosen.included_gib)
    return CostLine(
        what=f"storage {gib} GiB, {what}",
        monthly_cost_pence=pence(price.usd * paid, rate) if price else None,
        basis=price.basis if price else "unknown",
    )


def _gib(size_bytes: int) -> str:
    return f"{size_bytes / GIBIBYTE:g}"
