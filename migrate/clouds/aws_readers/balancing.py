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
from migrate.clouds.singly import singly
from migrate.model.reader import Reader
from migrate.model.target_balancing import Balancing, Health, Registration

_HEALTH: Final = aws_call("elbv2:DescribeTargetHealth", "elasticloadbalancing:DescribeTargetHealth")
_LONGEST_PAGE: Final = {"PageSize": 400}
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
        for each in pages(
            elb, "describe_target_groups", "TargetGroups", PaginationConfig=_LONGEST_PAGE
        )
        if each.get("TargetType", "instance") in {"instance", _BY_ADDRESS}
    ]
    by_arn = {each["TargetGroupArn"]: each for each in groups}

    def ask(arn: str) -> Mapping[str, Any]:
        said: Mapping[str, Any] = elb.describe_target_health(TargetGroupArn=arn)
        return said

    told = singly(asked, tuple(by_arn), ask, (_HEALTH,))
    by_address = any(each.get("TargetType") == _BY_ADDRESS for each in groups)
    addresses = _addresses(asked) if by_address else {}
    return balancing(asked.ids, [(by_arn[arn], said) for arn, said in told.items()], addresses)


def balancing(
    ids: Iterable[str],
    told: Iterable[tuple[Mapping[str, Any], Mapping[str, Any] | Unknown]],
    addresses: Mapping[tuple[str, str], str],
) -> Mapping[str, Balancing]:
    """Make the balancing of each resource of what target groups tell. Pure.

    ``told`` is each group of DescribeTargetGroups with the answer of DescribeTargetHealth to it;
    ``addresses`` leads from a network's id and a private address in it to whose it is. In a group
    that does not tell, any of them may be.
    """
    ids, found = tuple(ids), defaultdict(list)
    for group, health in told:
        if isinstance(health, Unknown):
            for each in ids:
                found[each].append(_registration(group, health))
            continue
        for each in health["TargetHealthDescriptions"]:
            target = each["Target"]["Id"]
            whose = addresses.get((group.get("VpcId", ""), target), target)
            found[whose].append(_registration(group, each))
    return {each: Balancing(registrations=tuple(found[each])) for each in ids}


def _registration(group: Mapping[str, Any], said: Mapping[str, Any] | Unknown) -> Registration:
    balancers = [each.split("/")[-2] for each in group.get("LoadBalancerArns", ())]
    health, words = _told(said)
    return Registration(
        balancer=", ".join(balancers),
        group=group["TargetGroupName"],
        health=health if balancers or isinstance(said, Unknown) else Health.NOT_IN_USE,
        detail=words,
    )


def _told(said: Mapping[str, Any] | Unknown) -> tuple[Health | Unknown, str]:
    if isinstance(said, Unknown):
        return said, ""
    health = said["TargetHealth"]
    words = (health["State"], health.get("Reason"), health.get("Description"))
    return _health(health["State"]), ", ".join(each for each in words if each)


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
        _HEALTH,
        DESCRIBE_INSTANCES,
    ),
    read=_read,
)
