"""Cost Explorer: what instances with their volumes, databases and stores cost, day by day.

AWS charges 0.01 US dollars for each request, so all resources of a place are asked about together.
It tells of the last 14 days only, and only where resource-level data was switched on in the
settings of Cost Explorer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Final

from inventory.model.cloud_calls import aws_call
from migrate.clouds.asking import AwsAsked
from migrate.clouds.aws_names import name_of, service_of
from migrate.clouds.aws_readers._instances import filtered
from migrate.model.reader import Reader
from migrate.model.target_cost import Cost, DayCost

_LOOK_BACK_DAYS: Final = 14
"""As far back as GetCostAndUsageWithResources goes."""
_NOT_WHOLE_DAYS: Final = 1
"""Today, and this many days before it, are not billed whole yet."""
_NAMES_AT_ONCE: Final = 200
_METRIC: Final = "UnblendedCost"
_SERVICES: Final = {
    "ec2": ("Amazon Elastic Compute Cloud - Compute", "EC2 - Other"),
    "elasticfilesystem": ("Amazon Elastic File System",),
    "fsx": ("Amazon FSx",),
    "rds": ("Amazon Relational Database Service",),
    "s3": ("Amazon Simple Storage Service",),
}
"""Cost Explorer's names of services, by the service that an ARN names."""


def _read(asked: AwsAsked) -> Mapping[str, Cost]:
    from inventory.clouds.aws_reach import in_chunks

    parts = _parts(asked)
    today = datetime.now(UTC).date()
    since, until = today - timedelta(days=_LOOK_BACK_DAYS), today - timedelta(days=_NOT_WHOLE_DAYS)
    services = sorted({name for each in asked.ids for name in _SERVICES.get(service_of(each), ())})
    names = [name for of_one in parts.values() for name in of_one]
    told = [
        day
        for some in in_chunks(names, _NAMES_AT_ONCE)
        for day in _days(asked.client("ce"), since, until, services, some)
    ]
    return {
        each: cost(of_one, told, since, until - timedelta(days=1)) for each, of_one in parts.items()
    }


def _days(
    client: Any, since: date, until: date, services: Sequence[str], names: Sequence[str]
) -> Iterator[Mapping[str, Any]]:
    """Yield what each day cost by resource; ``until`` itself is not asked about."""
    from inventory.clouds.aws_reach import follow

    ask = partial(
        client.get_cost_and_usage_with_resources,
        TimePeriod={"Start": since.isoformat(), "End": until.isoformat()},
        Granularity="DAILY",
        Metrics=[_METRIC],
        GroupBy=[{"Type": "DIMENSION", "Key": "RESOURCE_ID"}],
        Filter={
            "And": [
                {"Dimensions": {"Key": "SERVICE", "Values": list(services)}},
                {"Dimensions": {"Key": "RESOURCE_ID", "Values": list(names)}},
            ]
        },
    )
    yield from follow(ask, "ResultsByTime", "NextPageToken")


def cost(parts: Iterable[str], told: Iterable[Mapping[str, Any]], since: date, until: date) -> Cost:
    """Make the cost of one resource of what Cost Explorer tells of its parts. Pure.

    Raises:
        ValueError: the bill is in several currencies.

    """
    parts = tuple(parts)
    days: dict[date, Decimal] = defaultdict(Decimal)
    billed: dict[str, str] = {}
    for each in told:
        day = date.fromisoformat(each["TimePeriod"]["Start"])
        for group in each["Groups"]:
            name, said = group["Keys"][0], group["Metrics"][_METRIC]
            if name in parts:
                days[day] += Decimal(said["Amount"])
                billed[name] = said["Unit"]
    currencies = set(billed.values())
    if len(currencies) > 1:
        raise ValueError(f"several currencies: {sorted(currencies)}")
    known = {name_of(each) for each in billed}
    return Cost(
        currency=next(iter(currencies), ""),
        since=since,
        until=until,
        days=tuple(DayCost(day=day, amount=days[day]) for day in sorted(days)),
        parts=tuple(sorted(billed)),
        missing=tuple(each for each in parts if name_of(each) not in known),
    )


def _parts(asked: AwsAsked) -> Mapping[str, list[str]]:
    """Return the names under which each resource and its volumes are billed.

    What is no instance may be billed by its ARN or its name.
    """
    parts = {
        each: [each] if service_of(each) == "ec2" else [each, name_of(each)] for each in asked.ids
    }
    instances = [each for each in asked.ids if service_of(each) == "ec2"]
    for volume in filtered(
        asked, "describe_volumes", "Volumes", "attachment.instance-id", instances
    ):
        for each in volume["Attachments"]:
            parts[each["InstanceId"]].append(volume["VolumeId"])
    return parts


READER = Reader(
    tells=Cost,
    calls=(aws_call("ce:GetCostAndUsageWithResources"), aws_call("ec2:DescribeVolumes")),
    read=_read,
)
