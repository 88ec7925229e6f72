"""Elastic Load Balancing: the target groups that resources are in, and their health there.

Health is asked by target group; AWS has no listing of it. Classic load balancers are not asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AwsAsked
from migrate.clouds.aws_readers._instances import DESCRIBE_INSTANCES, instances
from migrate.model.reader import Reader
from migrate.model.target_balancing import Balancing, Health, Registration

_BY_ADDRESS: Final = "ip"
_STATES: Final = {
    "healthy": Health.HEALTHY,
    "unhealthy": Health.UNHEALTHY,
    "unhealthy.draining": Health.UNHEALTHY,
    "initial": Health.NOT_IN_USE,
    "unused": Health.NOT_IN_USE,
    "draining": Health.NOT_IN_USE,
}
_NOT_CHECKED: Final = "unavailable"


def _read(asked: AwsAsked) -> Mapping[str, Balancing]:
    from inventory.clouds.aws_reach import pages

    elb = asked.client("elbv2")
    groups = [
        each
        for each in pages(elb, "describe_target_groups", "TargetGroups")
        if each.get("TargetType", "instance") in {"instance", _BY_ADDRESS}
    ]
    told = [
        (group, elb.describe_target_health(TargetGroupArn=group["TargetGroupArn"]))
        for group in groups
    ]
    by_address = any(each.get("TargetType") == _BY_ADDRESS for each in groups)
    addresses = _addresses(asked) if by_address else {}
    return balancing(asked.ids, told, addresses)


def balancing(
    ids: Iterable[str],
    told: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]],
    addresses: Mapping[tuple[str, str], str],
) -> Mapping[str, Balancing]:
    """Make the balancing of each resource of what target groups tell. Pure.

    ``told`` is each group of DescribeTargetGroups with the answer of DescribeTargetHealth to it;
    ``addresses`` leads from a network's id and a private address in it to whose it is.
    """
    found = defaultdict(list)
    for group, health in told:
        for each in health.get("TargetHealthDescriptions", ()):
            target = each["Target"]["Id"]
            whose = addresses.get((group.get("VpcId", ""), target), target)
            found[whose].append(_registration(group, each))
    return {each: Balancing(registrations=tuple(found[each])) for each in ids}


def _registration(group: Mapping[str, Any], said: Mapping[str, Any]) -> Registration:
    health = said["TargetHealth"]
    balancers = [each.split("/")[-2] for each in group.get("LoadBalancerArns", ())]
    words = (health["State"], health.get("Reason"), health.get("Description"))
    return Registration(
        balancer=", ".join(balancers),
        group=group["TargetGroupName"],
        health=_health(health["State"]) if balancers else Health.NOT_IN_USE,
        detail=", ".join(each for each in words if each),
    )


def _health(state: str) -> Health | Unknown:
    if state == _NOT_CHECKED:
        return Unknown(reason=Reason.NOT_TOLD, detail="its health checks are switched off")
    new = Unknown(reason=Reason.UNREADABLE, detail=f"the new state {state}")
    return _STATES.get(state, new)


def _addresses(asked: AwsAsked) -> dict[tuple[str, str], str]:
    """Return the networks and private addresses of the instances, and whose they are."""
    return {
        (instance["VpcId"], address["PrivateIpAddress"]): key
        for key, instance in instances(asked).items()
        for card in instance.get("NetworkInterfaces", ())
        for address in card.get("PrivateIpAddresses", ())
    }


READER = Reader(
    tells=Balancing,
    calls=(
        aws_call("elbv2:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetGroups"),
        aws_call("elbv2:DescribeTargetHealth", "elasticloadbalancing:DescribeTargetHealth"),
        DESCRIBE_INSTANCES,
    ),
    read=_read,
)
