"""Databases that a cloud offers as a service: which releases, and how large.

Only what stands against it is told, as a note: a database that cannot be a managed one as it stands
still moves with its server.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from inventory.model.application import Application
from inventory.model.fact import Facts, Known
from inventory.model.instances import InstanceKind
from migrate.catalogue.versions import parts, within
from migrate.judging.derived import APPLICATIONS
from migrate.judging.reading import Judge
from migrate.judging.releases import release_of
from migrate.judging.software import ended
from migrate.judging.units import GIB, gib
from migrate.model.rule import (
    CannotTell,
    Flagged,
    Judgement,
    NotApplicable,
    Passed,
    Surroundings,
)

_NEWEST_PATCH = 99
"""Where the catalogue has a service's releases by patch, they are looked for from here down."""


@dataclass(frozen=True, kw_only=True)
class Service:
    """What a cloud offers for one database."""

    name: str
    """As the provider calls it."""
    lifecycle: str | None = None
    """The product of the lifecycle catalogue that tells which releases are offered."""
    releases: tuple[str, ...] | None = None
    """Those offered, where the catalogue does not tell; None when any is taken."""
    most_gib: int | None = None
    """How large its data may be."""


def fits_a_service(services: Mapping[str, Service | str]) -> Judge:
    """Flag databases that no service of the cloud takes as they stand.

    ``services`` has the service for a fingerprint, or the words why there is none.
    """

    def judge(facts: Facts, around: Surroundings) -> Judgement:
        told = facts.of(APPLICATIONS)
        if not isinstance(told, Known):
            return CannotTell(missing=(APPLICATIONS,))
        found = [each for each in told.value if each.id in services]
        if not found:
            return NotApplicable()
        against = [said for each in found for said in _against(each, services[each.id], around)]
        if against:
            return Flagged(observed="; ".join(against))
        untold = "; ".join(_untold(found, services))
        return CannotTell(missing=(APPLICATIONS,), because=untold) if untold else Passed()

    return judge


def _untold(found: Sequence[Application], services: Mapping[str, Service | str]) -> Iterator[str]:
    """Say what of the databases would have to be told for them to pass."""
    bare = [each.name for each in found if not each.version and _asks(services[each.id])]
    if bare:
        yield f"which release of {', '.join(bare)} it is was not told"
    unsized = [
        each.name for each in found if _is_limited(services[each.id]) and not _data(each).is_all
    ]
    if unsized:
        yield f"how much data {', '.join(unsized)} holds was not told"


def _asks(service: Service | str) -> bool:
    return isinstance(service, Service) and bool(service.lifecycle or service.releases)


def _is_limited(service: Service | str) -> bool:
    return isinstance(service, Service) and service.most_gib is not None


def _against(found: Application, service: Service | str, around: Surroundings) -> Iterator[str]:
    if isinstance(service, str):
        yield f"{found.name}: {service}"
        return
    version = _version(found)
    said = _release(version, service, around) if version else ""
    if said:
        yield f"{found.name} {version}: {said}"
    data = _data(found)
    if service.most_gib is not None and data.size_bytes > service.most_gib * GIB:
        told = gib(data.size_bytes)
        yield f"{found.name}: {told} of data, {service.name} takes {service.most_gib:,} GiB"


def _version(found: Application) -> str | None:
    if not found.version or not found.lifecycle_product:
        return found.version
    return release_of(found.lifecycle_product, found.version)


def _release(version: str, service: Service, around: Surroundings) -> str:
    if service.releases is not None:
        offered = any(within(version, each) for each in service.releases)
        return "" if offered else f"{service.name} does not offer it"
    if service.lifecycle is None:
        return ""
    offered_as = _offered_as(service.lifecycle, version, around)
    if offered_as is None:
        return f"{service.name} does not offer it"
    over = ended(around.lifecycle(service.lifecycle, offered_as), around)
    extended = around.extended(service.lifecycle, offered_as)
    goes_on = isinstance(extended, date) and extended >= around.today
    paid = f", paid extended support until {extended}" if goes_on else ""
    return f"standard support of {service.name} {over}{paid}" if over else ""


def _offered_as(product: str, version: str, around: Surroundings) -> str | None:
    line = ".".join(parts(version)[:2])
    patches = (f"{line}.{number}" for number in range(_NEWEST_PATCH, -1, -1))
    tried = (version, *patches)
    return next((each for each in tried if around.lifecycle(product, each) is not None), None)


@dataclass(frozen=True, kw_only=True)
class _Data:
    """How much data a database holds."""

    size_bytes: int
    """As far as that was told."""
    is_all: bool
    """Whether all of it was."""


def _data(found: Application) -> _Data:
    """Return how large its servers' data is; where that was not told, its databases'."""
    servers = _sizes(found, InstanceKind.SERVER)
    databases = _sizes(found, InstanceKind.DATABASE)
    of_servers = bool(servers) and None not in servers
    # Of two servers, one may have told none of its databases.
    of_databases = bool(databases) and None not in databases and len(servers) <= 1
    told = (sum(each or 0 for each in sizes) for sizes in (servers, databases))
    return _Data(size_bytes=max(told), is_all=of_servers or of_databases)


def _sizes(found: Application, kind: InstanceKind) -> list[int | None]:
    return [each.size_bytes for each in found.instances if each.kind is kind]
