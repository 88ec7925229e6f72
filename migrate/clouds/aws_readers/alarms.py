"""CloudWatch's alarms on a resource, and how many confirmed subscriptions their topics have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from inventory.model.cloud_calls import aws_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AwsAsked
from migrate.clouds.aws_names import name_of, service_of
from migrate.model.reader import Reader
from migrate.model.target_alarms import Alarm, Alarms

_DIMENSIONS: Final = {
    "ec2": ("InstanceId",),
    "elasticfilesystem": ("FileSystemId",),
    "fsx": ("FileSystemId",),
    "rds": ("DBInstanceIdentifier", "DBClusterIdentifier"),
    "s3": ("BucketName",),
}
"""Dimensions by which metrics of a service name a resource."""
_NO_DATA: Final = "INSUFFICIENT_DATA"
_LONGEST_PAGE: Final = {"PageSize": 100}
_NOT_CONFIRMED: Final = frozenset({"PendingConfirmation", "Deleted"})
_NAMED: Final = re.compile(
    r"""\b(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*(?:"([^"]+)"|'([^']+)'|([^)"'\s]+))"""
)
_TELLS_NOBODY: Final = (":automate:", ":swf:", ":autoscaling:", ":ssm:")
"""What acts on the resource itself, or opens a work item: nobody is told by it."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What CloudWatch and SNS list in one place, as AWS writes it."""

    metric: Sequence[Mapping[str, Any]]
    composite: Sequence[Mapping[str, Any]] = ()
    subscriptions: Sequence[Mapping[str, Any]] = ()


def _read(asked: AwsAsked) -> Mapping[str, Alarms]:
    from inventory.clouds.aws_reach import pages, whole_pages

    metric: list[Any] = []
    composite: list[Any] = []
    for page in whole_pages(
        asked.client("cloudwatch"),
        "describe_alarms",
        "MetricAlarms",
        "CompositeAlarms",
        AlarmTypes=["MetricAlarm", "CompositeAlarm"],
        PaginationConfig=_LONGEST_PAGE,
    ):
        metric += page["MetricAlarms"]
        composite += page["CompositeAlarms"]
    subscriptions = list(pages(asked.client("sns"), "list_subscriptions", "Subscriptions"))
    said = Said(metric=metric, composite=composite, subscriptions=subscriptions)
    return {each: alarms(each, said) for each in asked.ids}


def alarms(resource: str, said: Said) -> Alarms:
    """Make the alarms of one resource of what its place lists. Pure.

    A composite alarm counts for whatever the alarms that its rule names watch.
    """
    confirmed = Counter(
        each["TopicArn"]
        for each in said.subscriptions
        if each["SubscriptionArn"] not in _NOT_CONFIRMED
    )
    own = [each for each in said.metric if _is_on(each, resource)]
    watches = {each["AlarmName"]: _metrics(each) for each in own}
    above = [each for each in said.composite if any(one in watches for one in _names_in(each))]
    return Alarms(
        alarms=(
            *(_alarm(each, _metrics(each), confirmed) for each in own),
            *(
                _alarm(
                    each,
                    _once(m for one in _names_in(each) for m in watches.get(one, ())),
                    confirmed,
                )
                for each in above
            ),
        )
    )


def _alarm(said: Mapping[str, Any], watches: tuple[str, ...], confirmed: Counter[str]) -> Alarm:
    receivers, why = _receivers(said, confirmed)
    return Alarm(
        name=said["AlarmName"],
        watches=watches,
        enabled=bool(said["ActionsEnabled"]),
        state=said.get("StateValue"),
        has_data=said.get("StateValue") != _NO_DATA,
        receivers=receivers,
        why=why,
    )


def _receivers(said: Mapping[str, Any], confirmed: Counter[str]) -> tuple[int | Unknown, str]:
    actions, account = said.get("AlarmActions") or (), said["AlarmArn"].split(":")[4]
    topics = [each for each in actions if ":sns:" in each]
    found = sum(confirmed[each] for each in topics)
    if found:
        return found, ""
    foreign = [each for each in topics if each.split(":")[4] != account]
    new = [each for each in actions if each not in topics and not _tells_nobody(each)]
    if foreign or new:
        detail = f"who is behind {', '.join((*foreign, *new))} is not seen from here"
        return Unknown(reason=Reason.NOT_TOLD, detail=detail), ""
    if topics:
        return 0, "no subscription of its topic is confirmed"
    return 0, "its actions tell nobody" if actions else "it has no action"


def _tells_nobody(action: str) -> bool:
    return any(word in action for word in _TELLS_NOBODY)


def _is_on(said: Mapping[str, Any], resource: str) -> bool:
    dimensions, name = _DIMENSIONS.get(service_of(resource), ()), name_of(resource)
    return any(
        each["Name"] in dimensions and each["Value"] == name
        for metric in _parts(said)
        for each in metric.get("Dimensions", ())
    )


def _metrics(said: Mapping[str, Any]) -> tuple[str, ...]:
    return _once(each.get("MetricName") for each in _parts(said))


def _parts(said: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the metrics of an alarm: its own, and those of its expression."""
    inner = [
        each["MetricStat"]["Metric"] for each in said.get("Metrics", ()) if "MetricStat" in each
    ]
    return [said, *inner]


def _names_in(said: Mapping[str, Any]) -> list[str]:
    found = _NAMED.findall(said.get("AlarmRule", ""))
    return [next(filter(None, each)).rpartition(":alarm:")[2] for each in found]


def _once(found: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in found if each))


READER = Reader(
    tells=Alarms,
    calls=(aws_call("cloudwatch:DescribeAlarms"), aws_call("sns:ListSubscriptions")),
    read=_read,
)
