"""Azure's load balancers and application gateways: the pools of machines, and their health there.

Health is read from the probes' metrics by the balancer: asking a gateway for its backends' health
is a POST that takes long. A gateway's metrics tell how many of a pool are healthy, not which.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AzureAsked
from migrate.clouds.azure_readers._listed import NETWORK, listed
from migrate.clouds.singly import singly
from migrate.model.reader import Reader
from migrate.model.target_balancing import Balancing, Health, Registration

_METRICS: Final = "2023-10-01"
_ASKED_METRICS: Final = azure_call("GET Microsoft.Insights/metrics")
_PROBED: Final = "DipAvailability"
_HEALTHY: Final = "HealthyHostCount"
_UNHEALTHY: Final = "UnhealthyHostCount"
_WHOLE_PERCENT: Final = 100
_LATELY: Final = timedelta(minutes=10)
Series = Mapping[str, float]
"""The newest value of a metric by what it is split by, in lower case."""


@dataclass(frozen=True, kw_only=True)
class Balancer:
    """A load balancer or an application gateway with what its metrics say, as Azure writes it."""

    said: Mapping[str, Any]
    metrics: Mapping[str, Any] | Unknown = field(default_factory=dict)
    """The answer of Azure Monitor on its probes."""

    @property
    def is_gateway(self) -> bool:
        """Whether it is an application gateway."""
        return "/applicationgateways/" in self.said["id"].lower()


def _read(asked: AzureAsked) -> Mapping[str, Balancing]:
    arm = asked.arm
    now = datetime.now(UTC)
    cards = listed(arm, asked, "Microsoft.Network/networkInterfaces", NETWORK).values()
    fronts = listed(arm, asked, "Microsoft.Network/loadBalancers", NETWORK).values()
    gateways = listed(arm, asked, "Microsoft.Network/applicationGateways", NETWORK).values()
    found = [
        *((each, _PROBED, "BackendIPAddress") for each in fronts),
        *((each, f"{_HEALTHY},{_UNHEALTHY}", "BackendSettingsPool") for each in gateways),
    ]
    wanted = {said["id"]: (names, by) for said, names, by in found if _members(said)}

    def ask(balancer: str) -> Mapping[str, Any]:
        names, by = wanted[balancer]
        return arm.get(
            f"{balancer}/providers/Microsoft.Insights/metrics",
            _METRICS,
            metricnames=names,
            aggregation="Average",
            interval="PT1M",
            timespan=f"{now - _LATELY:%Y-%m-%dT%H:%M:%SZ}/{now:%Y-%m-%dT%H:%M:%SZ}",
            filter_=f"{by} eq '*'",
        )

    told = singly(asked, tuple(wanted), ask, (_ASKED_METRICS,))
    balancers = [
        Balancer(said=said, metrics=told[said["id"]]) for said, _, _ in found if said["id"] in told
    ]
    return balancing(asked.ids, cards, balancers)


def balancing(
    ids: Iterable[str], cards: Iterable[Mapping[str, Any]], balancers: Iterable[Balancer]
) -> Mapping[str, Balancing]:
    """Make the balancing of each machine of what Azure lists. Pure; ids are in lower case.

    ``cards`` are all network interfaces of the subscription.
    """
    pools: dict[str, dict[str, str]] = defaultdict(dict)
    owners: dict[str, set[str]] = defaultdict(set)
    for owner, properties in _configurations(cards):
        address = properties.get("privateIPAddress") or ""
        owners[address].add(owner)
        for each in _pools_of(properties):
            pools[each][owner] = address
    found = defaultdict(list)
    for balancer in balancers:
        for pool in balancer.said["properties"].get("backendAddressPools") or ():
            by_card = pools[pool["id"].lower()]
            for owner, address in by_card.items():
                found[owner].append(_registration(balancer, pool, address))
            for address in _addresses(pool):
                for owner in owners[address] - by_card.keys():
                    shared = len(owners[address]) > 1
                    found[owner].append(_registration(balancer, pool, address, shared=shared))
    return {each: Balancing(registrations=tuple(found[each])) for each in ids}


def _registration(
    balancer: Balancer, pool: Mapping[str, Any], address: str, *, shared: bool = False
) -> Registration:
    name = str(pool["id"]).rpartition("/")[2]
    health: Health | Unknown
    if shared:
        health, words = _untold(f"several machines have the address {address}"), ""
    elif isinstance(balancer.metrics, Unknown):
        health, words = balancer.metrics, ""
    elif balancer.is_gateway:
        health, words = _by_count(balancer.metrics, name)
    else:
        health, words = _by_probes(balancer.said, balancer.metrics, address)
    return Registration(balancer=balancer.said["name"], group=name, health=health, detail=words)


def _by_probes(
    said: Mapping[str, Any], metrics: Mapping[str, Any], address: str
) -> tuple[Health | Unknown, str]:
    percent = _newest(metrics, _PROBED).get(address.lower())
    if percent is None:
        kind = (said.get("sku") or {}).get("name", "")
        return _untold(f"no probe of {address} is measured ({kind} load balancer)"), ""
    words = f"{percent:g} % of its probes succeed"
    return (Health.HEALTHY if percent >= _WHOLE_PERCENT else Health.UNHEALTHY), words


def _by_count(metrics: Mapping[str, Any], pool: str) -> tuple[Health | Unknown, str]:
    good, bad = (
        sum(
            value
            for key, value in _newest(metrics, name).items()
            if key.partition("~")[0] == pool.lower()
        )
        for name in (_HEALTHY, _UNHEALTHY)
    )
    words = f"{good:g} of {good + bad:g} in the pool are healthy"
    if good and not bad:
        return Health.HEALTHY, words
    if bad and not good:
        return Health.UNHEALTHY, words
    return _untold(words if bad else "nothing of the pool is measured"), ""


def _newest(metrics: Mapping[str, Any], name: str) -> Series:
    return {
        series["metadatavalues"][0]["value"].lower(): values[-1]
        for metric in metrics["value"]
        if metric["name"]["value"] == name
        for series in metric.get("timeseries", ())
        if series.get("metadatavalues")
        and (values := [each["average"] for each in series["data"] if _is_measured(each)])
    }


def _is_measured(minute: Mapping[str, Any]) -> bool:
    return minute.get("average") is not None


def _configurations(
    cards: Iterable[Mapping[str, Any]],
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each address configuration of a machine's interfaces with the machine's id."""
    for card in cards:
        owner = ((card["properties"].get("virtualMachine") or {}).get("id") or "").lower()
        for each in card["properties"].get("ipConfigurations") or () if owner else ():
            yield owner, each["properties"]


def _pools_of(configuration: Mapping[str, Any]) -> list[str]:
    kinds = ("loadBalancerBackendAddressPools", "applicationGatewayBackendAddressPools")
    return [each["id"].lower() for kind in kinds for each in configuration.get(kind) or ()]


def _members(balancer: Mapping[str, Any]) -> Sequence[Any]:
    found: Sequence[Any] = balancer["properties"].get("backendAddressPools") or ()
    return found


def _addresses(pool: Mapping[str, Any]) -> list[str]:
    """Return the addresses that a pool names itself, rather than by an interface."""
    properties = pool.get("properties") or {}
    named = [
        *(each["properties"] for each in properties.get("loadBalancerBackendAddresses") or ()),
        *(properties.get("backendAddresses") or ()),
    ]
    return [each["ipAddress"] for each in named if each.get("ipAddress")]


def _untold(detail: str) -> Unknown:
    return Unknown(reason=Reason.NOT_TOLD, detail=detail)


READER = Reader(
    tells=Balancing,
    calls=(
        azure_call("GET Microsoft.Network/networkInterfaces"),
        azure_call("GET Microsoft.Network/loadBalancers"),
        azure_call("GET Microsoft.Network/applicationGateways"),
        _ASKED_METRICS,
    ),
    read=_read,
)
