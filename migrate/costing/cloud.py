"""What one server costs a month in one cloud, on the size that classification chose for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from inventory.estate_costs import CostSettings
from inventory.model.fact import Facts, Unknown
from inventory.model.facts import DISKS
from migrate.catalogue.offer import GIBIBYTE, Price
from migrate.costing.commitments import commitment
from migrate.costing.licences import Licences
from migrate.costing.line import Lines, basis_of
from migrate.costing.measured import Mean, Measured
from migrate.costing.prices import Prices
from migrate.model.cost import Basis, Charge, Kind, Purchase
from migrate.model.verdict import CostLine, Size, Verdict
from migrate.sizing.money import HOURS_A_MONTH

_GIGABYTE = 10**9
_HUNDRED = 100
_SECONDS_AN_HOUR = 3600


@dataclass(frozen=True, kw_only=True)
class CloudCosts:
    """Reckons what servers cost in one market, for one way of buying compute."""

    prices: Prices
    lines: Lines
    settings: CostSettings
    purchase: Purchase

    _computed: dict[tuple[str, Purchase], Charge] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    """What sizes cost, as far as that was reckoned already."""

    def charges(
        self,
        facts: Facts,
        use: Measured,
        verdict: Verdict,
        applications: frozenset[str] | None,
    ) -> tuple[Charge, ...]:
        """Return every charge but the support plan's, compute first."""
        size = verdict.size
        if size is None:
            return (self.lines.unknown("compute", Kind.COMPUTE, f"no size: {verdict.no_size}"),)
        offer = self.prices.size(size.name)
        return (
            self.compute(size, self.purchase),
            *self._licences.charges(facts, offer, size.name, applications),
            *self._disks(facts, size),
            self._backup(facts),
            self._egress(use),
        )

    def compute(self, size: Size, purchase: Purchase) -> Charge:
        """Return what the size costs without any licence, bought in that way."""
        key = size.name, purchase
        if key not in self._computed:
            self._computed[key] = self._compute(size, purchase)
        return self._computed[key]

    def _compute(self, size: Size, purchase: Purchase) -> Charge:
        what = f"compute {size.name}, {purchase.value}"
        offer = self.prices.size(size.name)
        if offer is None or offer.linux is None:
            return self.lines.unknown(what, Kind.COMPUTE, "no price")
        ratio = commitment(
            self.prices.cloud,
            self.prices.region,
            size.name,
            purchase,
            self.prices.catalogue,
        )
        if ratio is None:
            why = f"nothing tells what {purchase.value} costs in {self.prices.cloud.value}"
            return self.lines.unknown(what, Kind.COMPUTE, why)
        return self.lines.priced(
            what,
            Kind.COMPUTE,
            offer.linux.usd * ratio.value * HOURS_A_MONTH,
            _weaker(offer.linux, ratio.basis, ratio.why),
        )

    @cached_property
    def _licences(self) -> Licences:
        return Licences(prices=self.prices, lines=self.lines, owned=self.settings.licences)

    def _disks(self, facts: Facts, size: Size) -> Iterator[Charge]:
        disks = facts.of(DISKS)
        if isinstance(disks, Unknown):
            yield self.lines.unknown("disks", Kind.DISKS, str(disks))
        elif not disks.value:
            yield self.lines.unknown("disks", Kind.DISKS, "none were seen")
        elif str(self.lines.rate) not in size.assumptions:
            why = "they were priced at another exchange rate: run decant classify again"
            yield self.lines.unknown("disks", Kind.DISKS, why)
        else:
            for line in size.lines[1:]:
                yield self._disk(line)

    def _disk(self, line: CostLine) -> Charge:
        basis, why = basis_of(line.basis)
        if line.monthly_cost_pence is None:
            return self.lines.unknown(line.what, Kind.DISKS, why or "no price")
        return self.lines.charge(line.what, Kind.DISKS, line.monthly_cost_pence, basis, why)

    def _backup(self, facts: Facts) -> Charge:
        percent, disks, price = (
            self.settings.backup_percent,
            facts.of(DISKS),
            self.prices.snapshot(),
        )
        if percent is None:
            why = "how much is kept is not known: backup_percent in [costs]"
        elif isinstance(disks, Unknown) or not disks.value:
            why = "the disks are not known"
        elif price is None:
            why = "no price"
        else:
            gib = Decimal(sum(disk.size_bytes for disk in disks.value)) / GIBIBYTE
            kept = gib * percent / _HUNDRED
            what = f"backup {kept:.0f} GiB of snapshots"
            return self.lines.priced(what, Kind.BACKUP, price.usd * kept, price.basis)
        return self.lines.unknown("backup", Kind.BACKUP, why)

    def _egress(self, use: Measured) -> Charge:
        sent, price = use.sent_bytes_per_second, self.prices.egress()
        if sent is None:
            return self.lines.unknown("data sent out", Kind.EGRESS, "nobody measured what it sends")
        if price is None:
            return self.lines.unknown("data sent out", Kind.EGRESS, "no price")
        return self._sent(sent, price)

    def _sent(self, sent: Mean, price: Price) -> Charge:
        percent = self.settings.egress_percent
        told = Decimal(_HUNDRED) if percent is None else percent
        month = sent.value * HOURS_A_MONTH * _SECONDS_AN_HOUR / _GIGABYTE * told / _HUNDRED
        said = (
            "at most, as if all that it sends left the cloud: egress_percent in [costs]"
            if percent is None
            else f"{percent} % of what it sends"
        )
        return self.lines.priced(
            f"data sent out {month:.0f} GB",
            Kind.EGRESS,
            month * price.usd,
            f"{price.basis} ({said}; {sent.source})",
        )


def _weaker(price: Price, basis: Basis, why: str) -> str:
    """Say the weaker of two bases, with what is to be said of both."""
    if basis is Basis.OBSERVED and why == "on demand":
        return price.basis
    word, _, when = price.basis.partition(" ")
    if basis is Basis.OBSERVED:
        return f"{'derived' if word == 'observed' else word} {when} (ratio {why})"
    return f"estimate {when} (ratio: {why})"
