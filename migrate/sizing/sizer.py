"""Sizes servers for one market: as they are, on demand, at its prices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from inventory.model.fact import Facts
from inventory.model.facts import BOOT_TYPE, INTERFACES
from migrate.catalogue.market import Market
from migrate.catalogue.offer import Trait
from migrate.model.verdict import Cloud, Size
from migrate.sizing.choice import LEFT_OUT, Choice, Priced, choose, shelf
from migrate.sizing.cost import compute_line, disk_lines, left_out, total
from migrate.sizing.money import HOURS_A_MONTH, Rate
from migrate.sizing.need import Need, need_of

_VOLUMES = {
    Cloud.AWS: "disks are gp3 volumes with the performance that is included",
    Cloud.AZURE: "disks are Standard SSDs, locally redundant",
}
_GENERAL = (
    "as it is today: a vCPU for each logical processor and all of its memory, no use was measured",
    f"on demand, {HOURS_A_MONTH} hours a month, without VAT",
    "backup, data transfer and support plans are not in the sum",
)


@dataclass(frozen=True, kw_only=True)
class Sizer:
    """Finds the size and the cost of servers in one market."""

    market: Market
    rate: Rate
    left_out: frozenset[Trait] = LEFT_OUT
    """Traits of sizes that are not chosen."""

    def size(self, facts: Facts) -> Size | str:
        """Return the cheapest size that fits the server, or say why there is none."""
        need = need_of(facts)
        if isinstance(need, str):
            return need
        priced = self._windows if need.windows else self._linux
        choice = choose(need, priced)
        if choice is None:
            where = f"{self.market.cloud.value} {self.market.region}"
            return f"none of {len(priced)} sizes with a price in {where} fits {need}"
        return self._size(facts, need, choice)

    @cached_property
    def _linux(self) -> tuple[Priced, ...]:
        return shelf(self.market.offers, windows=False, left_out=self.left_out)

    @cached_property
    def _windows(self) -> tuple[Priced, ...]:
        return shelf(self.market.offers, windows=True, left_out=self.left_out)

    def _size(self, facts: Facts, need: Need, choice: Choice) -> Size:
        offer = choice.chosen.offer
        compute = compute_line(choice.chosen, self.rate)
        lines = (compute, *disk_lines(need, self.market, self.rate))
        return Size(
            name=offer.name,
            region=self.market.region,
            vcpus=offer.vcpus,
            memory_bytes=offer.memory_bytes,
            why=_why(need, choice),
            lines=lines,
            monthly_cost_pence=total(lines),
            incomplete=left_out(facts, need, lines),
            catalogue_date=self.market.date,
            assumptions=self._assumptions(facts),
        )

    def _assumptions(self, facts: Facts) -> tuple[str, ...]:
        spared = ", ".join(sorted(trait.value for trait in self.left_out))
        said = [*_GENERAL, f"not considered: {spared}", _VOLUMES[self.market.cloud], str(self.rate)]
        if facts.value(BOOT_TYPE) is None:
            said.append("boot type is unknown: the size boots either way")
        if facts.value(INTERFACES) is None:
            said.append("network adapters are unknown: one is assumed")
        return tuple(said)


def _why(need: Need, choice: Choice) -> str:
    said = [f"the cheapest for {need}"]
    if choice.failed:
        said.append(f"{choice.failed.offer.name} is cheaper but {choice.why_failed}")
    if choice.runner_up:
        said.append(f"{choice.runner_up.offer.name} is the next one that fits")
    return "; ".join(said)
