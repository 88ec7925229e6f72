"""The sizes of a market that may be chosen, cheapest first, found fast by what they must have."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from migrate.catalogue.offer import Offer, Price
from migrate.sizing.need import Need
from migrate.sizing.options import Options


@dataclass(frozen=True, kw_only=True)
class Priced:
    """A size with the price that applies to the server's system."""

    offer: Offer
    price: Price
    preferred: bool = False

    @property
    def order(self) -> tuple[Decimal, int, int, str]:
        """Cheapest first; of equal prices the smaller, then by name."""
        offer = self.offer
        return self.price.usd, offer.vcpus, offer.memory_bytes, offer.name


def priced(offers: Iterable[Offer], options: Options, *, windows: bool) -> tuple[Priced, ...]:
    """Return every size that has a price, cheapest first, whether it may be chosen or not."""
    found = (
        Priced(offer=offer, price=price, preferred=options.prefers(offer))
        for offer in offers
        if (price := offer.windows if windows else offer.linux)
    )
    return tuple(sorted(found, key=lambda each: each.order))


class Shelf:
    """Sizes that may be chosen, cheapest first.

    Those with enough processors and memory are looked for once for each step of processors and
    memory in which sizes come, so that a hundred thousand servers cost little more than one.
    """

    def __init__(self, every: Iterable[Priced], options: Options) -> None:
        """Keep those of ``every``, cheapest first, that the options do not refuse."""
        self.sizes = tuple(each for each in every if not options.refuses(each.offer))
        self.has_preferred = any(each.preferred for each in self.sizes)
        self._vcpus = sorted({each.offer.vcpus for each in self.sizes})
        self._memory = sorted({each.offer.memory_bytes for each in self.sizes})
        self._places = {each.offer.name: place for place, each in enumerate(self.sizes)}
        self._able: dict[tuple[int, int, frozenset[str]], tuple[Priced, ...]] = {}

    def able(self, need: Need) -> tuple[Priced, ...]:
        """Return the sizes with enough processors and memory that run it, cheapest first."""
        runs = need.runs
        step = (
            bisect_left(self._vcpus, need.vcpus),
            bisect_left(self._memory, need.memory_bytes),
            runs,
        )
        found = self._able.get(step)
        if found is None:
            found = self._able[step] = tuple(
                each
                for each in self.sizes
                if each.offer.vcpus >= need.vcpus
                and each.offer.memory_bytes >= need.memory_bytes
                and each.offer.architectures & runs
            )
        return found

    def before(self, chosen: Priced, runs: frozenset[str]) -> Priced | None:
        """Return the dearest of the cheaper sizes that run one of these architectures."""
        place = self._places[chosen.offer.name]
        cheaper = (self.sizes[each] for each in range(place - 1, -1, -1))
        return next((each for each in cheaper if each.offer.architectures & runs), None)
