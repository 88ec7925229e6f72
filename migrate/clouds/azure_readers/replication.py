"""Items of Site Recovery and Azure Migrate: state, lag, faults and launches."""

from __future__ import annotations

from collections.abc import Mapping

from migrate.clouds.asking import AzureAsked
from migrate.clouds.site_recovery import LOOKS, listed
from migrate.model.reader import Reader
from migrate.model.replication import Replications


def _read(asked: AzureAsked) -> Mapping[str, Replications]:
    found = Replications(servers=tuple(listed(asked.arm, asked.place)))
    return dict.fromkeys(asked.ids, found)


READER = Reader(tells=Replications, calls=LOOKS, read=_read)
