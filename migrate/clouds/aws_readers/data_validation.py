"""Tasks of the Database Migration Service: what was found comparing both sides of each table."""

from __future__ import annotations

from collections.abc import Mapping

from inventory.model.fact import Unknown
from migrate.clouds.asking import AwsAsked
from migrate.clouds.dms import LOOKS, task
from migrate.model.reader import Reader
from migrate.model.replication import DataValidation


def _read(asked: AwsAsked) -> Mapping[str, DataValidation | Unknown]:
    return {each: task(asked, each) for each in asked.ids}


READER = Reader(tells=DataValidation, calls=LOOKS, read=_read)
