"""Names are resolved in the network, those of the data centre too."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.model.fact import Unknown
from migrate.checks._say import failed, listed, passed, unknown
from migrate.conditions._together import names, together
from migrate.model.evidence import CheckResult
from migrate.model.landing import Condition, Landing
from migrate.model.landing_names import Names, Resolution


def _judge(told: Names, landing: Landing) -> CheckResult:
    zone = landing.zone
    parts = [
        part
        for network, found in told.networks.items()
        for part in _network(network.rpartition("/")[2], found, zone.domains)
    ]
    return together(parts, none="none of its subnets is in a network that is told of")


def _network(name: str, found: Resolution, domains: tuple[str, ...]) -> Iterator[CheckResult]:
    for each in found.broken:
        yield failed(f"{name}: {each}")
    if not found.provider and not found.servers:
        yield failed(f"{name}: the provider's resolver is off, and servers are told no other")
    else:
        yield passed(f"{name} resolves names by {_who(found)}")
    if not found.hostnames:
        yield failed(f"{name}: servers get no names of their own (enableDnsHostnames is off)")
    for domain in domains:
        yield _domain(name, found, domain.strip(".").lower())


def _who(found: Resolution) -> str:
    return listed(list(found.servers)) if found.servers else "the provider's own resolver"


def _domain(name: str, found: Resolution, domain: str) -> CheckResult:
    if found.servers:
        return unknown(f"{name}: whether {_who(found)} resolve {domain} is not seen from here")
    if isinstance(found.forwarded, Unknown):
        return unknown(f"{name}: {domain}: {found.forwarded}")
    by = next((each for each in found.forwarded if _is_within(domain, each)), None)
    if by is None:
        return failed(f"{name}: nothing resolves {domain}")
    return passed(f"{name}: {domain} is resolved by the rule or zone for {by or 'every name'}")


def _is_within(domain: str, of: str) -> bool:
    return of in {"", domain} or domain.endswith(f".{of}")


CONDITION = Condition(
    aspect=Names,
    judge=_judge,
    passes="A resolver answers in every network, and a rule or private zone there holds each of "
    "the zone's domains.",
    fails="No resolver answers, nothing resolves a domain, or a rule is broken.",
    unknown="The zone names no subnet; servers are told name servers of the estate's own.",
    beforehand=names("subnet", "subnets"),
)
