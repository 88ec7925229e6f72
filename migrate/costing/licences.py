"""Licences that come with a size in a cloud, or that the estate owns and brings.

Windows Server cannot be brought to servers that AWS shares among customers, only to Dedicated
Hosts (AWS Prescriptive Guidance, "Bring licenses for Windows and SQL Server workloads"); Azure
Hybrid Benefit lets it be brought to Azure. SQL Server, RHEL and SLES may be brought to both, where
the contract has the right (Software Assurance, the vendor's cloud access).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from inventory.model.fact import Facts, Unknown
from inventory.model.facts import OS_FAMILY, OS_ID
from migrate.catalogue.offer import Offer
from migrate.costing.line import Lines
from migrate.costing.prices import Prices
from migrate.model.cost import Basis, Charge, Kind
from migrate.model.verdict import Cloud
from migrate.sizing.money import HOURS_A_MONTH

_SYSTEMS = {
    "rhel": ("rhel", "subscription for Red Hat Enterprise Linux"),
    "sles": ("sles", "subscription for SUSE Linux Enterprise Server"),
    "sles_sap": ("sles", "subscription for SUSE Linux Enterprise Server for SAP"),
}
_SQL = "mssql"
"""Identifier of SQL Server's database engine, as it is recognised."""


@dataclass(frozen=True, kw_only=True)
class Licences:
    """Reckons licences of one market."""

    prices: Prices
    lines: Lines
    owned: frozenset[str]

    def charges(
        self, facts: Facts, offer: Offer | None, name: str, applications: frozenset[str] | None
    ) -> Iterator[Charge]:
        """Return the licences of a server on a size; ``applications`` None are not known."""
        if facts.value(OS_FAMILY) == "windows":
            yield self._windows(offer)
        else:
            yield from self._of_system(facts, name)
        if applications is None:
            why = "what runs on it is not known: SQL Server's may be due"
            yield self.lines.unknown("licences of what runs on it", Kind.LICENCE, why)
        elif _SQL in applications:
            yield self._sql(offer)

    def _of_system(self, facts: Facts, name: str) -> Iterator[Charge]:
        system = facts.of(OS_ID)
        if isinstance(system, Unknown):
            why = f"which system it is, is {system}"
            yield self.lines.unknown("subscription for the system", Kind.LICENCE, why)
        elif system.value in _SYSTEMS:
            yield self._subscription(name, *_SYSTEMS[system.value])

    def _windows(self, offer: Offer | None) -> Charge:
        what = "licence for Windows Server"
        if "windows" in self.owned and self.prices.cloud is Cloud.AZURE:
            return self._own(what, "Azure Hybrid Benefit")
        if offer is None or offer.linux is None or offer.windows is None:
            return self.lines.unknown(what, Kind.LICENCE, "no price")
        charge = self.lines.priced(
            what,
            Kind.LICENCE,
            (offer.windows.usd - offer.linux.usd) * HOURS_A_MONTH,
            offer.windows.basis,
        )
        if "windows" not in self.owned:
            return charge
        return self.lines.because(charge, "an owned one cannot be brought to shared tenancy")

    def _subscription(self, name: str, system: str, what: str) -> Charge:
        if system in self.owned:
            return self._own(what, "brought")
        price = self.prices.subscription(name, system)
        if price is None:
            return self.lines.unknown(what, Kind.LICENCE, "no price")
        return self.lines.priced(what, Kind.LICENCE, price.usd * HOURS_A_MONTH, price.basis)

    def _sql(self, offer: Offer | None) -> Charge:
        what = "licence for SQL Server"
        if "sql" in self.owned:
            return self._own(what, "brought")
        editions = self.prices.sql(offer.vcpus) if offer else {}
        if not editions:
            return self.lines.unknown(what, Kind.LICENCE, "no price")
        said = ", ".join(
            f"{edition} {self.lines.pounds(usd * HOURS_A_MONTH)}"
            for edition, usd in editions.items()
        )
        why = f"the edition is not known; a month: {said}; Express and Developer are free"
        return self.lines.unknown(what, Kind.LICENCE, why)

    def _own(self, what: str, how: str) -> Charge:
        why = f"left out: the estate owns it ({how}); [costs] licences"
        return self.lines.charge(what, Kind.LICENCE, 0, Basis.DERIVED, why)
