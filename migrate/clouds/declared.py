"""Every call that is declared anywhere: what can be asked of a cloud, and nothing else can.

Modules that ask declare their calls at their top level, as a call, a tuple of calls, or a value
with ``calls`` such as a reader; so nobody keeps a list of them.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from inventory.model.cloud_calls import Call, Provider, Purpose

_PACKAGES: Final = ("inventory.clouds", "inventory.sources", "migrate.clouds", "migrate.actions")
"""Where clouds are asked; what is not there yet declares nothing."""
_WITH: Final[Mapping[Purpose, frozenset[Purpose]]] = {
    Purpose.LOOK: frozenset({Purpose.LOOK}),
    Purpose.MIGRATE: frozenset({Purpose.LOOK, Purpose.MIGRATE}),
    Purpose.LEDGER: frozenset({Purpose.LEDGER}),
}
"""Who acts must look, too."""


@cache
def declared(provider: Provider) -> tuple[Call, ...]:
    """Return every call of a provider that any module declares, in the order of their names.

    One name may be declared with several permissions; each stands for itself.
    """
    found = {each for each in _all() if each.provider is provider}
    return tuple(sorted(found, key=lambda each: (each.name, each.permissions)))


def declared_for(provider: Provider, purpose: Purpose) -> tuple[Call, ...]:
    """Return the calls that a purpose needs; for migrating, those for looking as well."""
    return tuple(each for each in declared(provider) if each.purpose in _WITH[purpose])


def _all() -> Iterator[Call]:
    for package in _PACKAGES:
        for name in _modules(package):
            for value in vars(importlib.import_module(name)).values():
                yield from _calls_of(value)


def _modules(package: str) -> Iterator[str]:
    spec = importlib.util.find_spec(package)
    if spec is None:
        return
    places = spec.submodule_search_locations or ()
    for found in pkgutil.walk_packages(places, f"{package}."):
        yield found.name


def _calls_of(value: object) -> Iterator[Call]:
    given = value if isinstance(value, tuple | Call) else getattr(value, "calls", ())
    if isinstance(given, Call):
        yield given
    elif isinstance(given, tuple):
        yield from (each for each in given if isinstance(each, Call))
