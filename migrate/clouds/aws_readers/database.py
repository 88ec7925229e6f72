"""RDS: database instances and clusters, their backups, encryption, reach and parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from inventory.model.cloud_calls import Call, aws_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AwsAsked
from migrate.clouds.aws_readers._keys import DESCRIBE_KEY, Owners, owner_in, owners_of
from migrate.clouds.readers import each_read
from migrate.clouds.singly import singly
from migrate.model.reader import Reader
from migrate.model.target_database import Database
from migrate.model.target_disks import KeyOwner

_PARAMETERS: Final = (
    aws_call("rds:DescribeDBParameters"),
    aws_call("rds:DescribeDBClusterParameters"),
)
_SERVES: Final = frozenset(
    {
        "available",
        "backing-up",
        "configuring-enhanced-monitoring",
        "configuring-iam-database-auth",
        "configuring-log-exports",
        "storage-config-upgrade",
        "storage-initialization",
        "storage-optimization",
    }
)
"""States in which a database serves: RDS User Guide, "Viewing DB instance status"."""
_DOES_NOT_SERVE: Final = frozenset(
    {
        "creating",
        "deleting",
        "failed",
        "inaccessible-encryption-credentials",
        "inaccessible-encryption-credentials-recoverable",
        "incompatible-network",
        "incompatible-option-group",
        "incompatible-parameters",
        "incompatible-restore",
        "insufficient-capacity",
        "maintenance",
        "migrating",
        "rebooting",
        "restore-error",
        "starting",
        "stopped",
        "stopping",
        "storage-full",
        "upgrading",
    }
)
Parameters = Mapping[str, str] | Unknown


@dataclass(frozen=True, kw_only=True)
class Around:
    """What is told beside databases themselves."""

    region: str
    groups: Mapping[str, Parameters] = field(default_factory=dict)
    """The parameters of each parameter group, by its name."""
    cluster_groups: Mapping[str, Parameters] = field(default_factory=dict)
    owners: Owners = field(default_factory=dict)
    """Whose each key is."""


def _read(asked: AwsAsked) -> Mapping[str, Database | Unknown]:
    instances = _listed(asked, "describe_db_instances", "DBInstances", "DBInstanceArn")
    clusters = _listed(asked, "describe_db_clusters", "DBClusters", "DBClusterArn")
    groups = {name for each in instances.values() for name in _groups(each)}
    cluster_groups = {each["DBClusterParameterGroup"] for each in clusters.values()}
    around = Around(
        region=asked.place.region,
        groups=_parameters(
            asked, "describe_db_parameters", "DBParameterGroupName", groups, _PARAMETERS[0]
        ),
        cluster_groups=_parameters(
            asked,
            "describe_db_cluster_parameters",
            "DBClusterParameterGroupName",
            cluster_groups,
            _PARAMETERS[1],
        ),
        owners=owners_of(
            asked, (each.get("KmsKeyId") for each in (*instances.values(), *clusters.values()))
        ),
    )
    return {
        **each_read(instances, lambda said: instance(said, around)),
        **each_read(clusters, lambda said: cluster(said, around)),
    }


def _listed(asked: AwsAsked, method: str, key: str, arn: str) -> dict[str, Mapping[str, Any]]:
    """Return what a listing tells of what is asked about, by ARN."""
    from inventory.clouds.aws_reach import pages

    ids = set(asked.ids)
    found = pages(asked.client("rds"), method, key)
    return {each[arn]: each for each in found if each[arn] in ids}


def _parameters(
    asked: AwsAsked, method: str, by: str, groups: Iterable[str], call: Call
) -> Mapping[str, Parameters]:
    """Return the parameters that have a value in each group, by the group's name."""
    from inventory.clouds.aws_reach import pages

    client = asked.client("rds")

    def ask(name: str) -> Mapping[str, str]:
        listed = pages(client, method, "Parameters", **{by: name})
        return {
            each["ParameterName"]: each["ParameterValue"]
            for each in listed
            if "ParameterValue" in each
        }

    return singly(asked, sorted(groups), ask, (call,))


def instance(said: Mapping[str, Any], around: Around) -> Database:
    """Make a database of what DescribeDBInstances says of one. Pure."""
    waiting = [
        f"the parameter group {each['DBParameterGroupName']}"
        for each in said["DBParameterGroups"]
        if each.get("ParameterApplyStatus") == "pending-reboot"
    ]
    own = _Own(
        id=said["DBInstanceArn"],
        size=said.get("DBInstanceClass"),
        state=said.get("DBInstanceStatus"),
        parameters=_merged(around.groups[name] for name in _groups(said)),
        waiting=tuple(waiting),
        created=said.get("InstanceCreateTime"),
    )
    return _database(said, own, around)


def cluster(said: Mapping[str, Any], around: Around) -> Database:
    """Make a database of what DescribeDBClusters says of one. Pure."""
    own = _Own(
        id=said["DBClusterArn"],
        size=said.get("DBClusterInstanceClass") or said.get("EngineMode"),
        state=said.get("Status"),
        parameters=around.cluster_groups[said["DBClusterParameterGroup"]],
        created=said.get("ClusterCreateTime"),
    )
    return _database(said, own, around)


@dataclass(frozen=True, kw_only=True)
class _Own:
    """What RDS calls otherwise of an instance than of a cluster."""

    id: str
    size: str | None
    state: str | None
    parameters: Parameters
    waiting: tuple[str, ...] = ()
    """Parameter groups that wait for a restart."""
    created: datetime | None


def _database(said: Mapping[str, Any], own: _Own, around: Around) -> Database:
    return Database(
        id=own.id,
        engine=said.get("Engine"),
        version=said.get("EngineVersion"),
        size=own.size,
        region=around.region,
        state=own.state,
        up=_up(own.state),
        public=_told(said, "PubliclyAccessible"),
        encrypted=_told(said, "StorageEncrypted"),
        key_owner=_owner(said, around),
        key=said.get("KmsKeyId"),
        retention_days=_told(said, "BackupRetentionPeriod"),
        restorable_until=_told(said, "LatestRestorableTime"),
        standby=_told(said, "MultiAZ"),
        protected=_told(said, "DeletionProtection"),
        parameters=own.parameters,
        pending=(*own.waiting, *sorted(said.get("PendingModifiedValues") or {})),
        created=own.created.isoformat() if own.created else None,
    )


def _owner(said: Mapping[str, Any], around: Around) -> KeyOwner | Unknown | None:
    return owner_in(around.owners, said.get("KmsKeyId")) if said.get("StorageEncrypted") else None


def _groups(said: Mapping[str, Any]) -> Iterator[str]:
    for each in said["DBParameterGroups"]:
        yield each["DBParameterGroupName"]


def _merged(groups: Iterable[Parameters]) -> Parameters:
    merged: dict[str, str] = {}
    for each in groups:
        if isinstance(each, Unknown):
            return each
        merged |= each
    return merged


def _up(state: str | None) -> bool | None:
    if state in _SERVES:
        return True
    return False if state in _DOES_NOT_SERVE else None


def _told(said: Mapping[str, Any], key: str) -> Any:
    untold = Unknown(reason=Reason.NOT_TOLD, detail=f"RDS does not say {key}")
    return untold if said.get(key) is None else said[key]


READER = Reader(
    tells=Database,
    calls=(
        aws_call("rds:DescribeDBInstances"),
        aws_call("rds:DescribeDBClusters"),
        *_PARAMETERS,
        DESCRIBE_KEY,
    ),
    read=_read,
)
