"""Which product of the lifecycle catalogue an operating system is, and which release."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inventory.model.fact import Facts, Known
from inventory.model.facts import OS_ID, OS_NAME, OS_VERSION
from migrate.judging.reading import Judge, lacking
from migrate.model.rule import CannotTell, Judgement, Surroundings

# As os-release names it → as endoflife.date names it, where they differ.
_PRODUCTS = {
    "alpine": "alpine-linux",
    "amzn": "amazon-linux",
    "ol": "oracle-linux",
    "opensuse-leap": "opensuse",
    "photon": "vmware-photon",
    "rocky": "rocky-linux",
    "sled": "sles",
    "sles_sap": "sles",
    "solaris": "oracle-solaris",
}


@dataclass(frozen=True, kw_only=True)
class System:
    """An operating system's release."""

    product: str
    """As endoflife.date names it: ``debian``, ``windows-server``, ``rocky-linux`` …"""
    version: str
    """``12``, ``9.4``, ``2012-r2`` …"""

    def __str__(self) -> str:
        """Say product and release."""
        return f"{self.product} {self.version}"


def about_system(judge: Callable[[System, Surroundings], Judgement]) -> Judge:
    """Judge by the operating system's release; it cannot be told while that is unknown."""

    def judged(facts: Facts, around: Surroundings) -> Judgement:
        found = system(facts)
        return found if isinstance(found, CannotTell) else judge(found, around)

    return judged


def system(facts: Facts) -> System | CannotTell:
    """Name the operating system's release by ``os.id`` and ``os.version``.

    CentOS and CentOS Stream share an id, and are told apart by ``os.name``.
    """
    name, version = facts.of(OS_ID), facts.of(OS_VERSION)
    if not isinstance(name, Known) or not isinstance(version, Known):
        return lacking(facts, OS_ID, OS_VERSION)
    release = version.value.strip().lower().replace(" ", "-")
    if name.value == "centos":
        called = facts.of(OS_NAME)
        if not isinstance(called, Known):
            return lacking(facts, OS_NAME)
        product = "centos-stream" if "stream" in called.value.lower() else "centos"
        return System(product=product, version=release)
    return System(product=_PRODUCTS.get(name.value, name.value), version=release)
