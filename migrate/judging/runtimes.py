"""Language runtimes that lie in folders of their own, as releases of the lifecycle catalogue."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.model.fact import Facts, Known
from inventory.model.software import RUNTIMES, Runtime
from migrate.judging.releases import java_product, release_of
from migrate.judging.software import Release
from migrate.model.rule import CannotTell

_PRODUCTS = {"node": "nodejs", "php": "php", "ruby": "ruby", "dotnet": "dotnet"}
_CONFIGURATION = "/etc/"
"""A folder of settings stays behind when its program is removed."""


def runtime_releases(facts: Facts) -> tuple[Release, ...] | CannotTell:
    """Return the runtimes whose end of support is known to the catalogue.

    Compilers, and the interpreters that a distribution itself is written in (Perl), are left out:
    nobody chose them for an application.
    """
    runtimes = facts.of(RUNTIMES)
    if not isinstance(runtimes, Known):
        return CannotTell(missing=(RUNTIMES,))
    return tuple(sorted(set(_releases(runtimes.value))))


def _releases(runtimes: tuple[Runtime, ...]) -> Iterator[Release]:
    for each in runtimes:
        if each.name == "java":
            product = java_product(each.version, each.vendor)
            yield product, release_of(product, each.version)
        elif each.name in _PRODUCTS and not each.path.startswith(_CONFIGURATION):
            yield _PRODUCTS[each.name], each.version
