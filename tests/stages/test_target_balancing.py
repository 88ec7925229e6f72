"""What replaces a server is healthy at its load balancer: judged, and read of both clouds."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from surroundings import UNTOLD, look

from inventory.model.fact import Unknown
from migrate.checks.target_balanced import CHECK
from migrate.clouds.aws_readers.balancing import balancing as of_aws
from migrate.clouds.azure_readers.balancing import Balancer
from migrate.clouds.azure_readers.balancing import balancing as of_azure
from migrate.model.evidence import Outcome
from migrate.model.target_balancing import Balancing, Health, Registration

WEB = Registration(balancer="front", group="web", health=Health.HEALTHY)
API = replace(WEB, group="api", health=Health.UNHEALTHY, detail="Target.Timeout")


@pytest.mark.parametrize(
    ("found", "parameters", "outcome", "words"),
    [
        ((WEB,), {}, Outcome.PASSED, "healthy in web of front"),
        ((WEB, API), {}, Outcome.FAILED, "unhealthy in api of front (Target.Timeout)"),
        ((WEB, API), {"groups": ["WEB"]}, Outcome.PASSED, "healthy in web"),
        ((WEB,), {"groups": ["api"]}, Outcome.FAILED, "not registered in api"),
        ((), {}, Outcome.FAILED, "no load balancer sends it work"),
        ((replace(WEB, health=Health.NOT_IN_USE),), {}, Outcome.FAILED, "not in use"),
        ((replace(WEB, health=UNTOLD),), {}, Outcome.UNKNOWN, "made by a test"),
        ((replace(WEB, health=UNTOLD), API), {}, Outcome.FAILED, "unhealthy in api"),
    ],
)
def test_it_is_balanced(
    found: tuple[Registration, ...], parameters: dict[str, Any], outcome: Outcome, words: str
) -> None:
    """Healthy wherever it has to be passes; registered nowhere fails; not told is unknown."""
    result = look(CHECK, Balancing(registrations=found), parameters)
    assert result.outcome is outcome
    assert words in result.detail
    json.dumps(dict(result.observed))


def _group(**more: Any) -> dict[str, Any]:
    balancer = "arn:aws:elasticloadbalancing:eu-west-2:1:loadbalancer/app/front/50dc6c49"
    return {
        "TargetGroupName": "web",
        "TargetType": "instance",
        "VpcId": "vpc-1",
        "LoadBalancerArns": [balancer],
        **more,
    }


def _health(target: str, state: str) -> dict[str, Any]:
    health = {"Target": {"Id": target, "Port": 443}, "TargetHealth": {"State": state}}
    return {"TargetHealthDescriptions": [health]}


@pytest.mark.parametrize(
    ("state", "health"),
    [
        ("healthy", Health.HEALTHY),
        ("unhealthy", Health.UNHEALTHY),
        ("initial", Health.NOT_IN_USE),
        ("draining", Health.NOT_IN_USE),
        ("unavailable", Unknown),
        ("word-of-next-year", Unknown),
    ],
)
def test_a_state_in_aws_is_read(state: str, health: object) -> None:
    """Only healthy is healthy; switched-off checks and new words are unknown."""
    told = of_aws(["i-1"], [(_group(), _health("i-1", state))], {})
    found = told["i-1"].registrations[0]
    assert (isinstance(found.health, Unknown) and health is Unknown) or found.health is health
    assert found.balancer == "front"


def test_a_group_of_no_balancer_in_aws_gets_no_work() -> None:
    """Whatever the state says: nobody is sent there."""
    told = of_aws(["i-1"], [(_group(LoadBalancerArns=[]), _health("i-1", "healthy"))], {})
    assert told["i-1"].registrations[0].health is Health.NOT_IN_USE


def test_an_address_in_aws_is_known_by_its_network() -> None:
    """The same address in another network is somebody else's."""
    group, said = _group(TargetType="ip"), _health("10.0.0.4", "healthy")
    mine = of_aws(["i-1"], [(group, said)], {("vpc-1", "10.0.0.4"): "i-1"})
    elsewhere = _group(TargetType="ip", VpcId="vpc-2")
    other = of_aws(["i-1"], [(elsewhere, said)], {("vpc-1", "10.0.0.4"): "i-1"})
    assert len(mine["i-1"].registrations) == 1
    assert not other["i-1"].registrations


def test_a_group_in_aws_that_does_not_tell_may_hold_anybody() -> None:
    """So nobody is known to be registered nowhere; who is healthy elsewhere is still known."""
    told = of_aws(["i-1", "i-2"], [(_group(), UNTOLD), (_group(), _health("i-1", "healthy"))], {})
    assert look(CHECK, told["i-2"]).outcome is Outcome.UNKNOWN
    assert [each.health for each in told["i-1"].registrations] == [UNTOLD, Health.HEALTHY]


SCOPE = "/subscriptions/s/resourcegroups/g/providers"
VM = f"{SCOPE}/microsoft.compute/virtualmachines/web-1"
NETWORK = f"{SCOPE}/microsoft.network"


OF_GATEWAYS = "applicationGatewayBackendAddressPools"


def _card(
    vm: str = VM,
    address: str = "10.0.0.4",
    *pools: str,
    kind: str = "loadBalancerBackendAddressPools",
) -> dict[str, Any]:
    return {
        "properties": {
            "virtualMachine": {"id": vm.upper()},
            "ipConfigurations": [
                {
                    "properties": {
                        "privateIPAddress": address,
                        kind: [{"id": each.upper()} for each in pools],
                    }
                }
            ],
        }
    }


def _balancer(kind: str, metrics: dict[str, Any] | Unknown, **pool: Any) -> Balancer:
    where = f"{NETWORK}/{kind}/front"
    pools = [{"id": f"{where}/backendaddresspools/web", "properties": pool}]
    said = {
        "id": where,
        "name": "front",
        "sku": {"name": "Standard"},
        "properties": {"backendAddressPools": pools},
    }
    return Balancer(said=said, metrics=metrics)


def _metrics(**named: tuple[str, list[float]]) -> dict[str, Any]:
    """Return what Azure Monitor answers (format as documented: Metrics - List)."""
    return {
        "value": [
            {
                "name": {"value": name},
                "timeseries": [
                    {
                        "metadatavalues": [{"name": {"value": "x"}, "value": by}],
                        "data": [
                            *(
                                {"timeStamp": "2026-11-23T11:58:00Z", "average": each}
                                for each in values
                            ),
                            {"timeStamp": "2026-11-23T11:59:00Z"},
                            {"timeStamp": "2026-11-23T12:00:00Z", "average": None},
                        ],
                    }
                ],
            }
            for name, (by, values) in named.items()
        ]
    }


LOAD_POOL = f"{NETWORK}/loadbalancers/front/backendaddresspools/web"
GATEWAY_POOL = f"{NETWORK}/applicationgateways/front/backendaddresspools/web"


@pytest.mark.parametrize(
    ("values", "health"),
    [
        ([0, 100], Health.HEALTHY),
        ([100, 0], Health.UNHEALTHY),
        ([100, 50], Health.UNHEALTHY),
        ([], Unknown),
    ],
)
def test_an_azure_balancer_tells_by_its_probes(values: list[float], health: object) -> None:
    """The newest minute that was measured counts, and no measure is unknown."""
    metrics = _metrics(DipAvailability=("10.0.0.4", values))
    told = of_azure([VM], [_card(VM, "10.0.0.4", LOAD_POOL)], [_balancer("loadbalancers", metrics)])
    found = told[VM].registrations[0]
    assert (found.balancer, found.group) == ("front", "web")
    assert (isinstance(found.health, Unknown) and health is Unknown) or found.health is health


@pytest.mark.parametrize(
    ("good", "bad", "health"),
    [(2, 0, Health.HEALTHY), (0, 2, Health.UNHEALTHY), (1, 1, Unknown)],
)
def test_an_azure_gateway_tells_how_many(good: float, bad: float, health: object) -> None:
    """All or none of a pool tells of each; some of them does not tell which."""
    metrics = _metrics(
        HealthyHostCount=("web~https", [good]), UnhealthyHostCount=("web~https", [bad])
    )
    card = _card(VM, "10.0.0.4", GATEWAY_POOL, kind=OF_GATEWAYS)
    told = of_azure([VM], [card], [_balancer("applicationgateways", metrics)])
    found = told[VM].registrations[0].health
    assert (isinstance(found, Unknown) and health is Unknown) or found is health


def test_an_azure_pool_of_addresses_is_matched_by_address() -> None:
    """One machine of that address is meant; of two, which one is unknown."""
    metrics = _metrics(DipAvailability=("10.0.0.4", [100]))
    pool = {"loadBalancerBackendAddresses": [{"properties": {"ipAddress": "10.0.0.4"}}]}
    front = _balancer("loadbalancers", metrics, **pool)
    alone = of_azure([VM], [_card()], [front])
    assert alone[VM].registrations[0].health is Health.HEALTHY
    twin = of_azure([VM], [_card(), _card(VM.replace("/g/", "/h/"))], [front])
    assert isinstance(twin[VM].registrations[0].health, Unknown)


def test_metrics_that_are_denied_cost_only_their_balancer() -> None:
    """What another one tells is known."""
    card = _card(VM, "10.0.0.4", LOAD_POOL)
    metrics = _metrics(DipAvailability=("10.0.0.4", [100]))
    both = [_balancer("loadbalancers", UNTOLD), _balancer("loadbalancers", metrics)]
    found = of_azure([VM], [card], both)[VM].registrations
    assert [each.health for each in found] == [UNTOLD, Health.HEALTHY]


def test_an_azure_machine_in_no_pool_is_registered_nowhere() -> None:
    """That is known: every interface was listed."""
    told = of_azure([VM], [_card()], [_balancer("loadbalancers", {})])
    assert told[VM].registrations == ()
