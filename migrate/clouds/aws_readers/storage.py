"""Storage that AWS keeps: S3 buckets, EFS and FSx file systems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from inventory.model.fact import Unknown
from migrate.clouds.asking import AwsAsked
from migrate.clouds.aws_names import service_of
from migrate.clouds.aws_readers import _buckets, _file_systems
from migrate.clouds.aws_readers._keys import DESCRIBE_KEY
from migrate.model.reader import Reader
from migrate.model.target_storage import Storage

_BY_SERVICE: Final[
    Mapping[str, Callable[[AwsAsked, list[str]], Mapping[str, Storage | Unknown]]]
] = {
    "s3": _buckets.buckets,
    "elasticfilesystem": _file_systems.of_efs,
    "fsx": _file_systems.of_fsx,
}


def _read(asked: AwsAsked) -> Mapping[str, Storage | Unknown]:
    told: dict[str, Storage | Unknown] = {}
    for service, ask in _BY_SERVICE.items():
        ids = [each for each in asked.ids if service_of(each) == service]
        if ids:
            told |= ask(asked, ids)
    return told


READER = Reader(
    tells=Storage, calls=(*_buckets.CALLS, *_file_systems.CALLS, DESCRIBE_KEY), read=_read
)
