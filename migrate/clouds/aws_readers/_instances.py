"""What DescribeInstances says of the instances that are asked about, by the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from inventory.model.cloud_calls import aws_call
from migrate.clouds.asking import AwsAsked

DESCRIBE_INSTANCES: Final = aws_call("ec2:DescribeInstances")
DESCRIBE_STATUS: Final = aws_call("ec2:DescribeInstanceStatus")
_INSTANCE: Final = "i-"
MOST_FILTER_VALUES: Final = 200
"""Most values of one filter: EC2 API reference, DescribeInstances."""
_PAGE: Final = 1_000
"""The longest page: EC2 API reference, DescribeInstanceStatus. It has no filter by instance, and
refuses a list of ids when one of them is gone."""


def servers(asked: AwsAsked) -> tuple[str, ...]:
    """Return the ids that are instances': a wave's databases and stores go by their ARNs."""
    return tuple(each for each in asked.ids if each.startswith(_INSTANCE))


def instances(asked: AwsAsked) -> Mapping[str, Mapping[str, Any]]:
    """Return each instance by its id; one that is not there is left out.

    Readers that ask for the same instances within a minute share one answer.
    """
    ids = servers(asked)

    def ask() -> Mapping[str, Mapping[str, Any]]:
        found = filtered(asked, "describe_instances", "Reservations", "instance-id", ids)
        return {
            instance["InstanceId"]: instance
            for reservation in found
            for instance in reservation["Instances"]
        }

    return asked.shared.once(("instances", asked.place, ids), ask)


def statuses(asked: AwsAsked) -> Mapping[str, Mapping[str, Any]]:
    """Return what EC2's own checks of each instance say, by its id.

    Readers that ask for it within a minute share one answer.
    """
    from inventory.clouds.aws_reach import pages

    def ask() -> Mapping[str, Mapping[str, Any]]:
        found = pages(
            asked.client("ec2"),
            "describe_instance_status",
            "InstanceStatuses",
            IncludeAllInstances=True,
            PaginationConfig={"PageSize": _PAGE},
        )
        wanted = frozenset(asked.ids)
        return {each["InstanceId"]: each for each in found if each["InstanceId"] in wanted}

    return asked.shared.once(("statuses", asked.place, servers(asked)), ask)


def filtered(
    asked: AwsAsked, method: str, key: str, name: str, values: Sequence[str]
) -> list[Mapping[str, Any]]:
    """Return what a listing of EC2 tells under a key where a filter has one of the values.

    Some values at a time, as many times at once as the settings allow; in order all the same.
    """
    from inventory.clouds.aws_reach import in_chunks, pages

    ec2 = asked.client("ec2")

    def ask(some: Sequence[str]) -> list[Mapping[str, Any]]:
        return list(pages(ec2, method, key, Filters=[{"Name": name, "Values": list(some)}]))

    with ThreadPoolExecutor(max_workers=asked.at_once) as threads:
        found = threads.map(ask, in_chunks(values, MOST_FILTER_VALUES))
        return [each for some in found for each in some]
