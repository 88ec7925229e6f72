"""Keys of Azure's key vaults: whether they can be used, and are rotated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.zones import AzureZoneAsked, partly
from migrate.model.landing_keys import Key, Keys
from migrate.model.reader import Reader

_KEY = azure_call("GET Microsoft.KeyVault/vaults/keys")
_VERSION = "2023-07-01"
_ROTATE = "rotate"


def _read(asked: AzureZoneAsked) -> Mapping[str, Keys]:
    found = {each: _key(asked, each) for each in asked.zone.keys}
    return {asked.id: Keys(keys={each: key for each, key in found.items() if key is not None})}


def _key(asked: AzureZoneAsked, wanted: str) -> Key | Unknown | None:
    """Return a key, or None when there is none. Each is asked for by its id."""
    from inventory.clouds.azure_failures import FAILURES, says_absent

    def ask() -> Key | None:
        try:
            return key(asked.arm.get(wanted, _VERSION))
        except FAILURES as error:
            if says_absent(error):
                return None
            raise

    return partly(asked, ask, _KEY)


def key(said: Mapping[str, Any]) -> Key:
    """Make a key of its JSON. Pure. Times are seconds since 1970."""
    properties = said["properties"]
    attributes = properties.get("attributes") or {}
    silent = Unknown(reason=Reason.NOT_TOLD, detail="Key Vault does not say whether it is enabled")
    policy = properties.get("rotationPolicy") or {}
    actions = [
        (each.get("action") or {}).get("type") for each in policy.get("lifetimeActions") or ()
    ]
    enabled = attributes.get("enabled", silent)
    return Key(
        enabled=enabled,
        state="" if enabled is True else "disabled",
        rotated=any(str(each).lower() == _ROTATE for each in actions),
        expires=_time(attributes.get("exp")),
        begins=_time(attributes.get("nbf")),
    )


def _time(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


READER = Reader(tells=Keys, calls=(_KEY,), read=_read)
