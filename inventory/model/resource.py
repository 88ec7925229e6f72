"""Resources: what clouds run or keep that is no server, such as databases, shares and buckets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from inventory.model.fact import Unknown
from inventory.model.placement import Tag


class ResourceKind(Enum):
    """What a resource is, in any cloud."""

    DATABASE_SERVER = "database server"
    """Holds databases: an RDS instance or cluster, a server of Azure SQL."""
    DATABASE = "database"
    FILE_SYSTEM = "file system"
    FILE_SHARE = "file share"
    OBJECT_STORE = "object store"
    """A bucket."""
    STORAGE_ACCOUNT = "storage account"
    """Azure's, which holds containers and shares."""
    LOAD_BALANCER = "load balancer"
    SCALING_GROUP = "scaling group"
    """Servers that the cloud starts and ends by itself."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource, as its cloud tells of it. A field that is None was not told."""

    id: str
    """ARN or Azure resource id, as a move's ``resource`` names it."""
    kind: ResourceKind
    type: str
    """The cloud's own word for its kind: ``AWS::RDS::DBInstance``, ``Microsoft.Sql/servers``."""
    name: str
    source: str
    """Who tells of it: ``aws:123456789012:eu-west-2``, ``azure:SUBSCRIPTION``."""
    region: str | None = None
    engine: str | None = None
    """In the cloud's own word: ``aurora-postgresql``."""
    version: str | None = None
    endpoints: tuple[str, ...] = ()
    """Names and addresses by which it is used, in lower case."""
    holds: tuple[str, ...] = ()
    """Names of databases that are told with it and are no resources of their own."""
    part_of: str | None = None
    """The id of the resource that it is within."""
    size_bytes: int | None = None
    """What it may hold, or for what grows by itself, what it holds."""
    state: str | None = None
    """In the cloud's own word, also one that is new."""
    tags: tuple[Tag, ...] | None = None
    """None where they were not told; empty where it has none."""

    @property
    def cloud(self) -> str:
        """Return ``aws`` or ``azure``."""
        return self.source.partition(":")[0]

    @property
    def called(self) -> str:
        """Name it for people: ``database shop in azure``."""
        return f"{self.kind.value} {self.name} in {self.cloud}"

    @property
    def key(self) -> str:
        """Return what it is known again by: Azure's ids are the same in any case."""
        return self.id.lower() if self.cloud == "azure" else self.id


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What one question to a place tells of: all the resources that it is about, or why not."""

    source: str
    """As :attr:`Resource.source` has it."""
    question: str
    """The call that asks: ``rds:DescribeDBInstances``."""
    of: str = ""
    """The key of the resource whose parts were asked for; empty for what stands by itself."""
    told: tuple[Resource, ...] | Unknown
    beside: frozenset[str] = frozenset()
    """Keys of what it tells of as well, where the estate allows nothing."""

    @property
    def name(self) -> str:
        """Name the question for people."""
        part = f" of {self.of.rpartition('/')[2]}" if self.of else ""
        return f"{self.source} {self.question}{part}"


@dataclass(frozen=True, kw_only=True)
class Looked:
    """A question as it was last put."""

    source: str
    question: str
    of: str = ""
    at: datetime
    """When it was last put; aware, UTC."""
    run: str
    """Identifier of the run that put it."""
    told_at: datetime | None = None
    """When it was last answered; None when it never was."""
    why: Unknown | None = None
    """Why it was not answered the last time; None when it was."""
    beside: tuple[str, ...] = ()
    """As :attr:`Listing.beside`, when it was last answered."""


@dataclass(frozen=True, kw_only=True)
class KnownResource:
    """A resource, and when and by which question it was seen."""

    resource: Resource
    question: str
    first_seen: datetime
    last_seen: datetime
    """When its question was last answered with it."""
    gone_since: datetime | None = None
    """When its question was answered without it for the first time; None while it is there."""
    doubt: Unknown | None = None
    """Why the question was not answered when it was last put; None when it was."""
