"""EC2 instances as what moves are bound to: fingerprints of evidence are made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inventory.model.fact import Unknown
from migrate.clouds.asking import AwsAsked
from migrate.clouds.aws import read_instance
from migrate.clouds.aws_readers._instances import (
    DESCRIBE_INSTANCES,
    DESCRIBE_STATUS,
    instances,
    statuses,
)
from migrate.clouds.readers import each_read
from migrate.model.check import CloudResource
from migrate.model.reader import Reader


def _read(asked: AwsAsked) -> Mapping[str, CloudResource | Unknown]:
    found = statuses(asked)

    def made(said: Mapping[str, Any]) -> CloudResource | Unknown:
        own = said["InstanceId"]
        status = [found[own]] if own in found else []
        described = {"Reservations": [{"Instances": [said]}]}
        return read_instance(own, described, {"InstanceStatuses": status})

    return each_read(instances(asked), made)


READER = Reader(tells=CloudResource, calls=(DESCRIBE_INSTANCES, DESCRIBE_STATUS), read=_read)
