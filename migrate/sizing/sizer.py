"""Sizes servers for one market: as they are or by use, on demand, at its prices."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from inventory.model.fact import Facts
from inventory.model.facts import BOOT_TYPE, INTERFACES
from migrate.catalogue.market import Market
from migrate.model.verdict import Cloud, CostLine, Size
from migrate.sizing.choice import Choice, choose, failing
from migrate.sizing.cost import compute_line, disk_lines, left_out, total
from migrate.sizing.managed import managed_sizes
from migrate.sizing.money import HOURS_A_MONTH, Rate
from migrate.sizing.need import Need, need_of
from migrate.sizing.options import Options
from migrate.sizing.shelf import Priced, Shelf, priced

_VOLUMES = {
    Cloud.AWS: "disks are gp3 volumes with the performance that is included",
    Cloud.AZURE: "disks are Standard SSDs, locally redundant",
}
_BY_USE = "disks are the cheapest volumes that can do what was measured, locally redundant"
_GENERAL = (
    f"on demand, {HOURS_A_MONTH} hours a month, without VAT",
    "backup, data transfer and support plans are not in the sum",
)


@dataclass(frozen=True, kw_only=True)
class Sized:
    """How a size came about."""

    need: Need
    choice: Choice | None
    """None when no size fits."""
    rejected: tuple[tuple[Priced, str], ...]
    """Each size that is cheaper than the chosen, or every one when none fits, the cheapest first,
    with why it was not chosen."""


@dataclass(frozen=True, kw_only=True)
class Sizer:
    """Finds the size and the cost of servers in one market."""

    market: Market
    rate: Rate
    options: Options = field(default_factory=Options)
    _choices: dict[Need, Choice | None] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    """What was chosen already: many servers need the same."""
    _disk_lines: dict[tuple[str, int], CostLine] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    """What disks cost of which nothing was measured, by name and GiB."""

    _compute_lines: dict[tuple[str, bool], CostLine] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    """What sizes cost, by name and whether it is the price with Windows."""

    def size(self, facts: Facts, need: Need | str | None = None) -> Size | str:
        """Return the cheapest size that fits the server, or say why there is none.

        ``need`` is what :func:`need_of` tells of it, where somebody has asked already.
        """
        need = self._in_market(need_of(facts, self.options) if need is None else need)
        if isinstance(need, str):
            return need
        choice = self._choose(need)
        if choice is None:
            where = f"{self.market.cloud.value} {self.market.region}"
            sizes = len(self._shelves[need.windows].sizes)
            return f"none of {sizes} sizes with a price in {where} fits {need}"
        return self._size(facts, need, choice)

    def explain(self, facts: Facts) -> Sized | str:
        """Return how the size came about, with every cheaper one; or why there is no need."""
        need = self._in_market(need_of(facts, self.options))
        if isinstance(need, str):
            return need
        choice = self._choose(need)
        rejected = tuple(
            (each, failing(each, need, self.options))
            for each in self._priced[need.windows]
            if choice is None or each.order < choice.chosen.order
        )
        return Sized(need=need, choice=choice, rejected=rejected)

    def _in_market(self, need: Need | str) -> Need | str:
        if isinstance(need, str) or need.operations is None:
            return need
        volumes = (self.market.volume(disk.wanted) for disk in need.disks or ())
        return replace(need, fast_volumes=any(each.fast for each in volumes if each))

    def _choose(self, need: Need) -> Choice | None:
        shelf = self._shelves[need.windows]
        if need.operations is not None:
            # Measured needs are each of their own: keeping them would only take memory.
            return choose(need, shelf, self.options)
        if need not in self._choices:
            self._choices[need] = choose(need, shelf, self.options)
        return self._choices[need]

    @cached_property
    def _priced(self) -> dict[bool, tuple[Priced, ...]]:
        """Every size with a price, for Windows and for others."""
        return {
            windows: priced(self.market.offers, self.options, windows=windows)
            for windows in (False, True)
        }

    @cached_property
    def _shelves(self) -> dict[bool, Shelf]:
        return {windows: Shelf(each, self.options) for windows, each in self._priced.items()}

    def _size(self, facts: Facts, need: Need, choice: Choice) -> Size:
        offer = choice.chosen.offer
        lines = (
            self._compute(choice.chosen),
            *disk_lines(need, self.market, self.rate, self._disk_lines),
        )
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
            assumptions=self._assumptions(facts, need, choice),
            managed=managed_sizes(facts, need, self.market, self.rate, self.options),
        )

    def _compute(self, chosen: Priced) -> CostLine:
        named = (chosen.offer.name, chosen.price is chosen.offer.windows)
        line = self._compute_lines.get(named)
        if line is None:
            line = self._compute_lines[named] = compute_line(chosen, self.rate)
        return line

    def _assumptions(self, facts: Facts, need: Need, choice: Choice) -> tuple[str, ...]:
        said = [*need.because, *_GENERAL, *self._of_all]
        said.append(_VOLUMES[self.market.cloud] if need.operations is None else _BY_USE)
        if choice.doubts:
            said.append(choice.doubts)
        if need.arm_too and "aarch64" in choice.chosen.offer.architectures:
            said.append("everything on it is rebuilt for Arm")
        if facts.value(BOOT_TYPE) is None:
            said.append("boot type is unknown: the size boots either way")
        if facts.value(INTERFACES) is None:
            said.append("network adapters are unknown: one is assumed")
        return tuple(said)

    @cached_property
    def _of_all(self) -> tuple[str, ...]:
        """What is assumed of every server."""
        spared = ", ".join(sorted(trait.value for trait in self.options.left_out))
        named = (
            ("not considered", (spared,) if spared else ()),
            ("preferred", self.options.prefer),
            ("never", self.options.never),
        )
        said = (f"{word}: {', '.join(what)}" for word, what in named if what)
        return (*said, str(self.rate))


def _why(need: Need, choice: Choice) -> str:
    said = [f"the cheapest for {need}"]
    if choice.failed:
        said.append(f"{choice.failed.offer.name} is cheaper but {choice.why_failed}")
    if choice.runner_up:
        said.append(f"{choice.runner_up.offer.name} is the next one that fits")
    return "; ".join(said)
