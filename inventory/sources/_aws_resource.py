"""What AWS's services say of their resources, as the inventory has them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from inventory.model.placement import Tag
from inventory.model.resource import Resource, ResourceKind
from inventory.sources._read import tag

_GIB: Final = 1 << 30
_PARTITIONS: Final = {"cn": "aws-cn", "us-gov": "aws-us-gov"}
_GROWS: Final = "aurora"
"""Engines that take room as they need it, and always say 1 GiB."""
Said = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Around:
    """Where resources are, and what is told of their tags beside them."""

    account: str
    region: str
    tags: Mapping[str, tuple[Tag, ...]] | None = None
    """By ARN, for services that do not tell them; None where they were not told either."""

    @property
    def source(self) -> str:
        """The source's name, as of the servers there."""
        return f"aws:{self.account}:{self.region}"

    @property
    def partition(self) -> str:
        """Return how ARNs begin there."""
        return next(
            (name for start, name in _PARTITIONS.items() if self.region.startswith(start)), "aws"
        )

    def tags_of(self, arn: str) -> tuple[Tag, ...] | None:
        """Return the tags that are told beside a resource; None where they are not."""
        return None if self.tags is None else self.tags.get(arn, ())


def database_instance(said: Said, around: Around) -> Resource:
    """Read one of DescribeDBInstances."""
    engine, cluster = said.get("Engine"), said.get("DBClusterIdentifier")
    grows = (engine or "").startswith(_GROWS)
    arn = said["DBInstanceArn"]
    return Resource(
        id=arn,
        kind=ResourceKind.DATABASE_SERVER,
        type="AWS::RDS::DBInstance",
        name=said["DBInstanceIdentifier"],
        source=around.source,
        region=around.region,
        engine=engine,
        version=said.get("EngineVersion"),
        endpoints=_lower((said.get("Endpoint") or {}).get("Address")),
        holds=_some(said.get("DBName")),
        part_of=f"{arn.rsplit(':', 2)[0]}:cluster:{cluster}" if cluster else None,
        size_bytes=None if grows else _gib(said.get("AllocatedStorage")),
        state=said.get("DBInstanceStatus"),
        tags=_tags(said.get("TagList")),
    )


def database_cluster(said: Said, around: Around) -> Resource:
    """Read one of DescribeDBClusters."""
    engine = said.get("Engine")
    grows = (engine or "").startswith(_GROWS)
    return Resource(
        id=said["DBClusterArn"],
        kind=ResourceKind.DATABASE_SERVER,
        type="AWS::RDS::DBCluster",
        name=said["DBClusterIdentifier"],
        source=around.source,
        region=around.region,
        engine=engine,
        version=said.get("EngineVersion"),
        endpoints=_lower(
            said.get("Endpoint"), said.get("ReaderEndpoint"), *(said.get("CustomEndpoints") or ())
        ),
        holds=_some(said.get("DatabaseName")),
        size_bytes=None if grows else _gib(said.get("AllocatedStorage")),
        state=said.get("Status"),
        tags=_tags(said.get("TagList")),
    )


def elastic_file_system(said: Said, around: Around) -> Resource:
    """Read one of EFS's DescribeFileSystems.

    Its name in DNS is made as the EFS User Guide says ("Mounting on Amazon EC2 with a DNS name").
    """
    number = said["FileSystemId"]
    suffix = "amazonaws.com.cn" if around.partition == "aws-cn" else "amazonaws.com"
    return Resource(
        id=said["FileSystemArn"],
        kind=ResourceKind.FILE_SYSTEM,
        type="AWS::EFS::FileSystem",
        name=said.get("Name") or number,
        source=around.source,
        region=around.region,
        engine="efs",
        endpoints=(f"{number}.efs.{around.region}.{suffix}",),
        size_bytes=(said.get("SizeInBytes") or {}).get("Value"),
        state=said.get("LifeCycleState"),
        tags=_tags(said.get("Tags")),
    )


def fsx_file_system(said: Said, around: Around) -> Resource:
    """Read one of FSx's DescribeFileSystems."""
    tags = _tags(said.get("Tags"))
    windows = said.get("WindowsConfiguration") or {}
    zfs = said.get("OpenZFSConfiguration") or {}
    aliases = (each.get("Name") for each in windows.get("Aliases") or ())
    return Resource(
        id=said["ResourceARN"],
        kind=ResourceKind.FILE_SYSTEM,
        type="AWS::FSx::FileSystem",
        name=_called(tags) or said["FileSystemId"],
        source=around.source,
        region=around.region,
        engine=said.get("FileSystemType"),
        version=said.get("FileSystemTypeVersion"),
        endpoints=_lower(
            said.get("DNSName"),
            *aliases,
            windows.get("PreferredFileServerIp"),
            zfs.get("EndpointIpAddress"),
        ),
        size_bytes=_gib(said.get("StorageCapacity")),
        state=said.get("Lifecycle"),
        tags=tags,
    )


def bucket(said: Said, around: Around) -> Resource:
    """Read one of S3's ListBuckets."""
    arn = f"arn:{around.partition}:s3:::{said['Name']}"
    return Resource(
        id=arn,
        kind=ResourceKind.OBJECT_STORE,
        type="AWS::S3::Bucket",
        name=said["Name"],
        source=around.source,
        region=said.get("BucketRegion") or around.region,
        tags=around.tags_of(arn),
    )


def load_balancer(said: Said, around: Around) -> Resource:
    """Read one of Elastic Load Balancing's DescribeLoadBalancers, version 2015-12-01."""
    addresses = (
        each.get(key)
        for zone in said.get("AvailabilityZones") or ()
        for each in zone.get("LoadBalancerAddresses") or ()
        for key in ("IpAddress", "PrivateIPv4Address")
    )
    return Resource(
        id=said["LoadBalancerArn"],
        kind=ResourceKind.LOAD_BALANCER,
        type="AWS::ElasticLoadBalancingV2::LoadBalancer",
        name=said["LoadBalancerName"],
        source=around.source,
        region=around.region,
        engine=said.get("Type"),
        endpoints=_lower(said.get("DNSName"), *addresses),
        state=(said.get("State") or {}).get("Code"),
        tags=around.tags_of(said["LoadBalancerArn"]),
    )


def classic_load_balancer(said: Said, around: Around) -> Resource:
    """Read one of Elastic Load Balancing's DescribeLoadBalancers, version 2012-06-01.

    It tells no ARN; how that is made is in the Service Authorization Reference.
    """
    name = said["LoadBalancerName"]
    where = f"arn:{around.partition}:elasticloadbalancing:{around.region}:{around.account}"
    arn = f"{where}:loadbalancer/{name}"
    return Resource(
        id=arn,
        kind=ResourceKind.LOAD_BALANCER,
        type="AWS::ElasticLoadBalancing::LoadBalancer",
        name=name,
        source=around.source,
        region=around.region,
        engine="classic",
        endpoints=_lower(said.get("DNSName")),
        tags=around.tags_of(arn),
    )


def scaling_group(said: Said, around: Around) -> Resource:
    """Read one of DescribeAutoScalingGroups."""
    return Resource(
        id=said["AutoScalingGroupARN"],
        kind=ResourceKind.SCALING_GROUP,
        type="AWS::AutoScaling::AutoScalingGroup",
        name=said["AutoScalingGroupName"],
        source=around.source,
        region=around.region,
        state=said.get("Status"),
        tags=_tags(said.get("Tags")),
    )


def tagged(listed: Iterable[Said]) -> Mapping[str, tuple[Tag, ...]]:
    """Read what GetResources tells, by ARN."""
    return {each["ResourceARN"]: _tags(each["Tags"]) or () for each in listed}


def _tags(said: Iterable[Said] | None) -> tuple[Tag, ...] | None:
    """Return tags in order; None where a service says nothing of them."""
    if said is None:
        return None
    return tuple(sorted(tag(each["Key"], each.get("Value")) for each in said))


def _called(tags: tuple[Tag, ...] | None) -> str | None:
    return next((each.value for each in tags or () if each.name == "Name" and each.value), None)


def _lower(*said: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_each_lower(said)))


def _each_lower(said: Iterable[str | None]) -> Iterator[str]:
    return (each.lower() for each in said if each)


def _some(said: str | None) -> tuple[str, ...]:
    return (said,) if said else ()


def _gib(said: int | None) -> int | None:
    return None if said is None else said * _GIB
