"""Every server's bill: where it stands, and in each cloud that it was classified for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from inventory.estate import Estate
from inventory.estate_costs import CostSettings
from inventory.model.server import Server
from migrate.catalogue.datasets import datasets
from migrate.catalogue.overlay import SHIPPED, Catalogue
from migrate.costing.carbon import Carbon
from migrate.costing.cloud import CloudCosts
from migrate.costing.line import Lines
from migrate.costing.measured import Measured, measured
from migrate.costing.on_premise import OnPremise
from migrate.costing.prices import Prices
from migrate.costing.support import with_support
from migrate.model.cost import Bill, Charge, Costs, Part, Purchase, Where
from migrate.model.verdict import Cloud, Verdict
from migrate.sizing.money import Rate

_DATED = ("commitments", "azure-commitments", "azure-storage", "carbon", "server-power")
_ASSUMED = (
    "without VAT; prices stay as they are for the whole period",
    "a commitment is renewed at its present price",
    "a month is the average over the period",
    "cloud charges are revenue: nothing there is capital",
)


@dataclass(frozen=True, kw_only=True)
class Costing:
    """Everything that costs rest on. Pure: no store, no clock."""

    settings: CostSettings
    on_premise: OnPremise
    rate: Rate
    parts: tuple[Part, ...]
    since: date
    years: int
    purchase: Purchase = Purchase.ON_DEMAND
    catalogue: Catalogue = SHIPPED
    _markets: dict[tuple[Cloud, str], CloudCosts] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def costs(
        self,
        servers: Sequence[Server],
        verdicts: Sequence[Verdict],
        applications: Mapping[str, frozenset[str]],
    ) -> Costs:
        """Return the bills of all servers; what they share is shared among all of them.

        ``applications`` maps server ids to identifiers of what was recognised there; one that is
        not in it is not known.
        """
        known = {server.id: (server, measured(server.facts)) for server in servers}
        own, unallocated = self.on_premise.shared(servers, applications)
        bills = [self._at_home(server, use, own[server.id]) for server, use in known.values()]
        bills += self._in_clouds(known, verdicts, applications)
        order = {where: place for place, where in enumerate(Where)}
        names = {server.id: place for place, server in enumerate(servers)}
        bills.sort(key=lambda each: (names[each.server_id], order[each.where]))
        return Costs(
            since=self.since,
            years=self.years,
            purchase=self.purchase,
            rate=str(self.rate),
            catalogue_date=min((each.catalogue_date for each in verdicts), default=None),
            bills=tuple(bills),
            unallocated=unallocated,
            assumptions=self._assumptions(),
        )

    def alternatives(self, verdict: Verdict) -> Iterator[tuple[Purchase, Charge]]:
        """Return what the compute of a verdict's size costs, bought in each of the ways."""
        if verdict.size is not None:
            market = self._market(verdict)
            for purchase in Purchase:
                yield purchase, market.compute(verdict.size, purchase)

    def _at_home(self, server: Server, use: Measured, charges: tuple[Charge, ...]) -> Bill:
        return Bill(
            server_id=server.id,
            server=server.name,
            where=Where.ON_PREMISE,
            size="",
            charges=charges,
            emissions=self._carbon.on_premise(server.facts, use),
        )

    def _in_clouds(
        self,
        known: Mapping[str, tuple[Server, Measured]],
        verdicts: Sequence[Verdict],
        applications: Mapping[str, frozenset[str]],
    ) -> Iterator[Bill]:
        for cloud in Cloud:
            bills = [
                self._in_cloud(*known[verdict.server_id], verdict, applications)
                for verdict in verdicts
                if verdict.cloud is cloud and verdict.server_id in known
            ]
            yield from with_support(bills, cloud, self._lines, self.settings)

    def _in_cloud(
        self,
        server: Server,
        use: Measured,
        verdict: Verdict,
        applications: Mapping[str, frozenset[str]],
    ) -> Bill:
        market, size = self._market(verdict), verdict.size
        emissions = self._carbon.in_cloud(server.facts, use, size, market.prices) if size else ()
        runs = applications.get(server.id)
        return Bill(
            server_id=server.id,
            server=server.name,
            where=Where(verdict.cloud.value),
            size=size.name if size else "",
            charges=market.charges(server.facts, use, verdict, runs),
            emissions=emissions,
        )

    def _market(self, verdict: Verdict) -> CloudCosts:
        region = verdict.size.region if verdict.size else ""
        key = verdict.cloud, region
        if key not in self._markets:
            self._markets[key] = CloudCosts(
                prices=Prices(cloud=verdict.cloud, region=region, catalogue=self.catalogue),
                lines=self._lines,
                settings=self.settings,
                purchase=self.purchase,
            )
        return self._markets[key]

    @cached_property
    def _lines(self) -> Lines:
        return Lines(rate=self.rate, years=self.years, parts=self.parts)

    @cached_property
    def _carbon(self) -> Carbon:
        return Carbon(settings=self.settings, catalogue=self.catalogue)

    def _assumptions(self) -> tuple[str, ...]:
        dated = datasets(self.catalogue)
        ages = ", ".join(f"{name} of {dated[name].date}" for name in _DATED)
        return (*_ASSUMED, str(self.rate), f"carbon by Cloud Carbon Footprint's method; {ages}")


def costing(
    estate: Estate,
    *,
    since: date,
    years: int,
    purchase: Purchase,
    catalogue: Catalogue = SHIPPED,
) -> Costing:
    """Return what an estate's servers are costed with, for ``years`` from a day on."""
    parts = tuple(Part(partner=each.name, percent=each.share) for each in estate.partners)
    own = OnPremise(
        lines=estate.on_premise, sites=estate.sites, since=since, years=years, parts=parts
    )
    return Costing(
        settings=estate.costs or CostSettings(),
        on_premise=own,
        rate=Rate(usd_to_gbp=estate.usd_to_gbp, as_of=estate.usd_to_gbp_date),
        parts=parts,
        since=since,
        years=years,
        purchase=purchase,
        catalogue=catalogue,
    )


def only(costs: Costs, server_ids: frozenset[str]) -> Costs:
    """Return the costs of some of the servers, each as it is among all of them."""
    bills = tuple(each for each in costs.bills if each.server_id in server_ids)
    return replace(costs, bills=bills)
