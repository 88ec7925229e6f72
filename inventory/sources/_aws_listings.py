"""What AWS runs and keeps beside servers, asked of each service by its own listing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from inventory.model.cloud_calls import Call, aws_call
from inventory.model.fact import Unknown
from inventory.model.placement import Tag
from inventory.model.resource import Listing, Resource
from inventory.sources import _aws_resource as read
from inventory.sources._listing import unless_failed
from inventory.sources._read import told_by

if TYPE_CHECKING:
    from inventory.clouds.aws_reach import AwsPlace, AwsReach

T = TypeVar("T")
_WHO: Final = aws_call("sts:GetCallerIdentity")
_TAGS: Final = aws_call("resourcegroupstaggingapi:GetResources", "tag:GetResources")
_TAGGED: Final = ("elasticloadbalancing:loadbalancer", "s3")
"""Kinds whose own listings do not tell their tags."""


@dataclass(frozen=True, kw_only=True)
class _Question:
    """One listing of one service."""

    call: Call
    method: str
    key: str
    """Under which a page has its resources."""
    read: Callable[[Mapping[str, Any], read.Around], Resource]

    @property
    def service(self) -> str:
        """The client's name of the service."""
        return self.call.name.partition(":")[0]


_QUESTIONS: Final = (
    _Question(
        call=aws_call("rds:DescribeDBInstances"),
        method="describe_db_instances",
        key="DBInstances",
        read=read.database_instance,
    ),
    _Question(
        call=aws_call("rds:DescribeDBClusters"),
        method="describe_db_clusters",
        key="DBClusters",
        read=read.database_cluster,
    ),
    _Question(
        call=aws_call("efs:DescribeFileSystems", "elasticfilesystem:DescribeFileSystems"),
        method="describe_file_systems",
        key="FileSystems",
        read=read.elastic_file_system,
    ),
    _Question(
        call=aws_call("fsx:DescribeFileSystems"),
        method="describe_file_systems",
        key="FileSystems",
        read=read.fsx_file_system,
    ),
    _Question(
        call=aws_call("s3:ListBuckets", "s3:ListAllMyBuckets"),
        method="list_buckets",
        key="Buckets",
        read=read.bucket,
    ),
    _Question(
        call=aws_call("elbv2:DescribeLoadBalancers", "elasticloadbalancing:DescribeLoadBalancers"),
        method="describe_load_balancers",
        key="LoadBalancers",
        read=read.load_balancer,
    ),
    _Question(
        call=aws_call("elb:DescribeLoadBalancers", "elasticloadbalancing:DescribeLoadBalancers"),
        method="describe_load_balancers",
        key="LoadBalancerDescriptions",
        read=read.classic_load_balancer,
    ),
    _Question(
        call=aws_call("autoscaling:DescribeAutoScalingGroups"),
        method="describe_auto_scaling_groups",
        key="AutoScalingGroups",
        read=read.scaling_group,
    ),
)
CALLS: Final = (_WHO, _TAGS, *(each.call for each in _QUESTIONS))


def aws_resources(reach: AwsReach, place: AwsPlace) -> Iterator[Listing]:
    """Yield what each service tells of a region of an account; one that fails costs only itself.

    Raises:
        PartlyUnknownError: not even the account could be told.

    """
    from inventory.clouds import aws_failures

    with told_by(f"aws {place}", aws_failures.FAILURES, aws_failures.unknown_of):
        who = reach.client("sts", place, CALLS)
        around = read.Around(
            account=who.get_caller_identity()["Account"],
            region=place.region or who.meta.region_name,
        )
    tags = _tags(reach, place)
    told = tags if isinstance(tags, Unknown) else ()
    yield Listing(source=around.source, question=_TAGS.name, told=told)
    if not isinstance(tags, Unknown):
        around = replace(around, tags=tags)
    for each in _QUESTIONS:
        brought = _told(reach, place, each, around)
        yield Listing(source=around.source, question=each.call.name, told=brought)


def _told(
    reach: AwsReach, place: AwsPlace, question: _Question, around: read.Around
) -> tuple[Resource, ...] | Unknown:
    from inventory.clouds.aws_reach import pages

    # A bucket is its account's, not a region's: S3 is asked for those of one region.
    narrowed = {"BucketRegion": around.region} if question.service == "s3" else {}

    def ask() -> tuple[Resource, ...]:
        client = reach.client(question.service, place, CALLS)
        return tuple(
            question.read(said, around)
            for said in pages(client, question.method, question.key, **narrowed)
            if said.get("BucketRegion", around.region) == around.region
        )

    return _unless_failed(question.call, ask)


def _tags(reach: AwsReach, place: AwsPlace) -> Mapping[str, tuple[Tag, ...]] | Unknown:
    """Return the tags of what has any, by ARN."""
    from inventory.clouds.aws_reach import pages

    def ask() -> Mapping[str, tuple[Tag, ...]]:
        client = reach.client("resourcegroupstaggingapi", place, CALLS)
        said = pages(
            client, "get_resources", "ResourceTagMappingList", ResourceTypeFilters=list(_TAGGED)
        )
        return read.tagged(said)

    return _unless_failed(_TAGS, ask)


def _unless_failed(call: Call, ask: Callable[[], T]) -> T | Unknown:
    from inventory.clouds.aws_failures import FAILURES, unknown_of

    allow = ", ".join(call.permissions)
    return unless_failed(ask, FAILURES, lambda error: unknown_of(error, allow=allow))
