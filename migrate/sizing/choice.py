"""The cheapest size that fits, and why nothing cheaper does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from migrate.catalogue.offer import GIBIBYTE, Offer, Price, Trait
from migrate.sizing.need import Need

LEFT_OUT = frozenset(Trait)
"""Traits that a size is not chosen with: nothing that was measured would justify them."""


@dataclass(frozen=True, kw_only=True)
class Priced:
    """A size with the price that applies to the server's system."""

    offer: Offer
    price: Price

    @property
    def order(self) -> tuple[Decimal, int, int, str]:
        """Cheapest first; of equal prices the smaller, then by name."""
        offer = self.offer
        return self.price.usd, offer.vcpus, offer.memory_bytes, offer.name


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What was chosen, and what nearly was."""

    chosen: Priced
    runner_up: Priced | None
    """The next cheapest that fits."""
    failed: Priced | None
    """The dearest of the cheaper ones of the same architecture."""
    why_failed: str


def shelf(
    offers: Iterable[Offer], *, windows: bool, left_out: frozenset[Trait] = LEFT_OUT
) -> tuple[Priced, ...]:
    """Return the sizes that may be chosen and have a price, cheapest first."""
    found = (
        Priced(offer=offer, price=price)
        for offer in offers
        if not offer.traits & left_out and (price := offer.windows if windows else offer.linux)
    )
    return tuple(sorted(found, key=lambda each: each.order))


def choose(need: Need, priced: tuple[Priced, ...]) -> Choice | None:
    """Return the first of the sizes that fits, or None when none does."""
    failed, why_failed, chosen = None, "", None
    for each in priced:
        if need.architecture not in each.offer.architectures:
            continue
        why = misfit(each.offer, need)
        if not why and chosen:
            return Choice(chosen=chosen, runner_up=each, failed=failed, why_failed=why_failed)
        if not why:
            chosen = each
        elif not chosen:
            failed, why_failed = each, why
    if chosen is None:
        return None
    return Choice(chosen=chosen, runner_up=None, failed=failed, why_failed=why_failed)


def misfit(offer: Offer, need: Need) -> str:
    """Say why a size does not fit; nothing when it does.

    Looked at in the order storage, network, compute.
    """
    volumes = len(need.disks or ())
    slots = offer.max_volumes - (need.interfaces - 1 if offer.shares_slots else 0)
    if volumes > slots:
        return f"takes {slots} of {volumes} disks"
    if need.interfaces > offer.max_interfaces:
        return f"takes {offer.max_interfaces} of {need.interfaces} network adapters"
    if need.vcpus > offer.vcpus:
        return f"has {offer.vcpus} of {need.vcpus} vCPUs"
    if need.memory_bytes > offer.memory_bytes:
        return f"has {_gib(offer.memory_bytes)} of {_gib(need.memory_bytes)} GiB memory"
    return _incompatible(offer, need)


def _incompatible(offer: Offer, need: Need) -> str:
    if need.architecture not in offer.architectures:
        return f"does not run {need.architecture}"
    lacking = sorted(boot.value.upper() for boot in need.boots - offer.boots)
    return f"does not boot by {' or '.join(lacking)}" if lacking else ""


def _gib(size_bytes: int) -> str:
    return f"{size_bytes / GIBIBYTE:g}"
