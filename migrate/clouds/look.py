"""One look at the clouds a run: each move's resource, asked once and remembered for the run."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inventory.model.fact import Reason, Unknown
from migrate.clouds.aws import look_at_instance
from migrate.clouds.azure import look_at_resource
from migrate.clouds.objects_s3 import S3Objects
from migrate.model.cloud_settings import AwsSettings, AzureSettings
from migrate.model.plan import Destination, Move

if TYPE_CHECKING:
    from migrate.model.check import CloudResource, Clouds
    from migrate.model.objects import ObjectStore


def open_clouds(aws: AwsSettings, azure: AzureSettings) -> Clouds:
    """Return the clouds, to be looked at during one run. Nothing is asked before it is needed."""
    return _Look(aws=aws, azure=azure)


@dataclass(frozen=True, kw_only=True)
class _Look:
    aws: AwsSettings
    azure: AzureSettings
    _seen: dict[tuple[Destination, str], CloudResource | Unknown] = field(default_factory=dict)
    _locks: dict[tuple[Destination, str], threading.Lock] = field(default_factory=dict)

    def resource(self, move: Move) -> CloudResource | Unknown:
        """Describe the move's cloud resource, or say why that cannot be known."""
        if move.to not in {Destination.AWS, Destination.AZURE}:
            detail = f"{move.server} goes to {move.to.value}, which has no resource to look at"
            return Unknown(reason=Reason.NOT_ASKED, detail=detail)
        if not move.resource:
            return Unknown(reason=Reason.NOT_ASKED, detail=_nothing_named(move))
        key = (move.to, move.resource)
        with self._locks.setdefault(key, threading.Lock()):
            if key not in self._seen:
                self._seen[key] = self._ask(move.to, move.resource)
            return self._seen[key]

    def objects(self, where: str) -> ObjectStore | Unknown:
        """Return what holds the objects under an address; nothing is asked yet."""
        scheme, _, rest = where.partition("://")
        bucket, _, prefix = rest.partition("/")
        if scheme != "s3" or not bucket:
            detail = "only S3 can be read: write s3://bucket/prefix"
            return Unknown(reason=Reason.NOT_ASKED, detail=detail)
        prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        return S3Objects(settings=self.aws, bucket=bucket, prefix=prefix)

    def _ask(self, to: Destination, resource: str) -> CloudResource | Unknown:
        if to is Destination.AWS:
            return look_at_instance(self.aws, resource)
        return look_at_resource(self.azure, resource)


def _nothing_named(move: Move) -> str:
    field_name = "instance" if move.to is Destination.AWS else "vm"
    return f"no resource is named for {move.server}; give its move {field_name} = … in decant.toml"
