"""Source servers of the Application Migration Service: state, lag, faults and launches."""

from __future__ import annotations

from collections.abc import Mapping

from migrate.clouds.asking import AwsAsked
from migrate.clouds.mgn import LOOKS, listed
from migrate.model.reader import Reader
from migrate.model.replication import Replications


def _read(asked: AwsAsked) -> Mapping[str, Replications]:
    return dict.fromkeys(asked.ids, listed(asked))


READER = Reader(tells=Replications, calls=LOOKS, read=_read)
