"""What Azure's Resource Health says of virtual machines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Unknown
from migrate.clouds.asking import AzureAsked
from migrate.clouds.azure_readers._listed import listed, properties
from migrate.clouds.readers import each_read
from migrate.model.reader import Reader
from migrate.model.target_health import Condition, Health, Status

_KIND: Final = "Microsoft.ResourceHealth/availabilityStatuses"
_VERSION: Final = "2025-05-01"
_OF: Final = "/providers/microsoft.resourcehealth/"
_CONDITIONS: Final = {
    "Available": Condition.WELL,
    "Unavailable": Condition.ILL,
    "Degraded": Condition.ILL,
}
"""``Unknown`` is what it says when it has not heard for ten minutes."""


def _read(asked: AzureAsked) -> Mapping[str, Health | Unknown]:
    found = listed(asked.arm, asked, _KIND, _VERSION)
    of_machine = {key.rpartition(_OF)[0]: said for key, said in found.items()}
    return each_read({key: of_machine[key] for key in asked.ids if key in of_machine}, health)


def health(said: Mapping[str, Any]) -> Health:
    """Make it of an availability status. Pure."""
    told = properties(said)
    state = told["availabilityState"]
    words = ": ".join(filter(None, (state, told.get("summary"))))
    condition = _CONDITIONS.get(state, Condition.UNTOLD)
    return Health(checks=(Status(name="availability", condition=condition, said=words),))


READER = Reader(tells=Health, calls=(azure_call(f"GET {_KIND}"),), read=_read)
