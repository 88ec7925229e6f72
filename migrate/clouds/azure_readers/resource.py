"""Azure virtual machines as what moves are bound to: fingerprints of evidence are made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inventory.model.fact import Unknown
from migrate.clouds.asking import AzureAsked
from migrate.clouds.azure_readers._listed import MACHINES, machines
from migrate.clouds.azure_readers._views import VIEW, views
from migrate.clouds.azure_reading import read_machine
from migrate.clouds.readers import each_read
from migrate.model.check import CloudResource
from migrate.model.reader import Reader


def _read(asked: AzureAsked) -> Mapping[str, CloudResource | Unknown]:
    arm = asked.arm
    seen = views(arm, asked, lambda view: bool(view.get("statuses")))

    def made(said: Mapping[str, Any]) -> CloudResource | Unknown:
        view = seen.get(said["id"].lower(), {})
        if isinstance(view, Unknown):
            return view
        whole = {**said, "properties": {**said["properties"], "instanceView": view}}
        return read_machine(said["id"], whole)

    return each_read(machines(arm, asked), made)


READER = Reader(tells=CloudResource, calls=(MACHINES, VIEW), read=_read)
