"""The cheapest size that fits, and why nothing cheaper does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from migrate.catalogue.offer import GIBIBYTE, Offer
from migrate.sizing.need import Need
from migrate.sizing.options import Options
from migrate.sizing.shelf import Priced, Shelf


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What was chosen, and what nearly was."""

    chosen: Priced
    runner_up: Priced | None
    """The next cheapest that fits as well."""
    failed: Priced | None
    """The dearest of the cheaper ones of an architecture that it runs on."""
    why_failed: str
    doubts: str
    """Limits of the chosen that are not known though the need is; mostly nothing."""


def choose(need: Need, shelf: Shelf, options: Options) -> Choice | None:
    """Return the cheapest size that fits, or None when none does.

    Preferred sizes come before others. Sizes of which a limit that matters is not known come after
    all whose limits are, preferred or not: they are chosen only where nothing else fits.
    """
    for sure in (True, False):
        for preferred in (True, False) if shelf.has_preferred else (False,):
            fitting = _fitting(need, shelf, options, sure=sure, preferred=preferred)
            found = list(islice(fitting, 2))
            if found:
                failed = shelf.before(found[0], need.runs)
                return Choice(
                    chosen=found[0],
                    runner_up=found[1] if len(found) > 1 else None,
                    failed=failed,
                    why_failed=failing(failed, need, options) if failed else "",
                    doubts="" if sure else doubts(found[0].offer, need, options),
                )
    return None


def failing(each: Priced, need: Need, options: Options) -> str:
    """Say why a cheaper size was not chosen."""
    return (
        options.refuses(each.offer)
        or misfit(each.offer, need, options)
        or doubts(each.offer, need, options)
        or "is not one of the preferred sizes"
    )


def misfit(offer: Offer, need: Need, options: Options) -> str:
    """Say why a size does not fit; nothing when it does, as far as its limits are known.

    Looked at in the order storage, network, compute.
    """
    return (
        _too_slow_disks(offer, need)
        or _too_slow_network(offer, need)
        or _too_small(offer, need)
        or _incompatible(offer, need)
        or _too_few_zones(offer, options)
    )


def doubts(offer: Offer, need: Need, options: Options) -> str:
    """Say which limits of a size matter and are not known; nothing when all are."""
    limits = (
        ("IOPS", need.operations, offer.max_operations),
        ("disk throughput", need.disk_mb, offer.max_disk_mb),
        ("network throughput", need.network_mbit, offer.max_network_mbit),
        ("zones", options.zones or None, offer.zones),
    )
    unknown = [name for name, needed, limit in limits if needed is not None and limit is None]
    return f"the catalogue does not know its limit of {', '.join(unknown)}" if unknown else ""


def _fitting(
    need: Need, shelf: Shelf, options: Options, *, sure: bool, preferred: bool
) -> Iterator[Priced]:
    return (
        each
        for each in shelf.able(need)
        if (each.preferred or not preferred)
        and not misfit(each.offer, need, options)
        and not (sure and doubts(each.offer, need, options))
    )


def _too_slow_disks(offer: Offer, need: Need) -> str:
    slots = offer.max_volumes - (need.interfaces - 1 if offer.shares_slots else 0)
    if need.volumes > slots:
        return f"takes {slots} of {need.volumes} disks"
    if need.fast_volumes and not offer.fast_volumes:
        return "takes no volumes of the fast kind that its disks need"
    if _beyond(need.operations, offer.max_operations):
        return f"does {offer.max_operations:,} of {need.operations:,} IOPS"
    if _beyond(need.disk_mb, offer.max_disk_mb):
        return f"does {offer.max_disk_mb:,} of {need.disk_mb:,} MB/s of disks"
    return ""


def _too_slow_network(offer: Offer, need: Need) -> str:
    if need.interfaces > offer.max_interfaces:
        return f"takes {offer.max_interfaces} of {need.interfaces} network adapters"
    if _beyond(need.network_mbit, offer.max_network_mbit):
        return f"does {offer.max_network_mbit:,} of {need.network_mbit:,} Mbit/s of network"
    return ""


def _too_small(offer: Offer, need: Need) -> str:
    if need.vcpus > offer.vcpus:
        return f"has {offer.vcpus} of {need.vcpus} vCPUs"
    if need.memory_bytes > offer.memory_bytes:
        return f"has {_gib(offer.memory_bytes)} of {_gib(need.memory_bytes)} GiB memory"
    return ""


def _incompatible(offer: Offer, need: Need) -> str:
    if need.architecture not in offer.architectures:
        rebuilt = need.arm_too and "aarch64" in offer.architectures
        return "" if rebuilt else f"does not run {need.architecture}"
    lacking = sorted(boot.value.upper() for boot in need.boots - offer.boots)
    return f"does not boot by {' or '.join(lacking)}" if lacking else ""


def _too_few_zones(offer: Offer, options: Options) -> str:
    if _beyond(options.zones, offer.zones):
        return f"is in {offer.zones} of {options.zones} zones"
    return ""


def _beyond(needed: int | None, limit: int | None) -> bool:
    return needed is not None and limit is not None and needed > limit


def _gib(size_bytes: int) -> str:
    return f"{size_bytes / GIBIBYTE:g}"
