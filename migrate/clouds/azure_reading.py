"""Reading Azure's answers: from the JSON of a resource to what Decant says of it. Pure."""

from __future__ import annotations

from typing import Any

from inventory.model.fact import Reason, Unknown
from migrate.model.check import CloudResource

_STATES = "statuses"


def read_machine(resource_id: str, machine: dict[str, Any]) -> CloudResource | Unknown:
    """Make a resource of a virtual machine's JSON, with its instance view."""
    if not _is(resource_id, machine):
        return _speaks_of_another(resource_id)
    properties = machine["properties"]
    statuses = (properties.get("instanceView") or {}).get(_STATES) or []
    provisioning = properties.get("provisioningState")
    return CloudResource(
        id=resource_id,
        exists=True,
        power_state=_state(statuses, "PowerState/"),
        healthy=_healthy(provisioning, statuses),
        detail=_words(provisioning, statuses),
        size=(properties.get("hardwareProfile") or {}).get("vmSize"),
        image=_image((properties.get("storageProfile") or {}).get("imageReference") or {}),
        launched=properties.get("timeCreated"),
        provisioning=provisioning,
    )


def read_generic(resource_id: str, resource: dict[str, Any]) -> CloudResource | Unknown:
    """Make a resource of any Azure resource's JSON: it exists, and how its provisioning ended."""
    if not _is(resource_id, resource):
        return _speaks_of_another(resource_id)
    properties = resource.get("properties")
    state = properties.get("provisioningState") if isinstance(properties, dict) else None
    return CloudResource(
        id=resource_id,
        exists=True,
        detail=f"provisioning: {state}" if state else "Azure gives it no provisioning state",
        provisioning=state,
    )


def newest_version(provider: dict[str, Any], resource_type: str) -> str | None:
    """Return the newest API version of a type, a stable one before a preview; None without any."""
    for each in provider.get("resourceTypes") or []:
        if each["resourceType"].lower() == resource_type.lower():
            versions = sorted(each["apiVersions"])
            stable = [version for version in versions if "preview" not in version]
            return next(iter((stable or versions)[-1:]), None)
    return None


def _is(resource_id: str, answer: dict[str, Any]) -> bool:
    return str(answer["id"]).rstrip("/").lower() == resource_id.rstrip("/").lower()


def _speaks_of_another(resource_id: str) -> Unknown:
    return Unknown(
        reason=Reason.UNREADABLE, detail=f"Azure's answer does not speak of {resource_id}"
    )


def _state(statuses: list[dict[str, Any]], kind: str) -> str | None:
    codes = [str(each.get("code", "")) for each in statuses]
    return next((code.removeprefix(kind) for code in codes if code.startswith(kind)), None)


def _healthy(provisioning: str | None, statuses: list[dict[str, Any]]) -> bool | None:
    if provisioning == "Failed" or any(each.get("level") == "Error" for each in statuses):
        return False
    return True if provisioning == "Succeeded" and statuses else None


def _words(provisioning: str | None, statuses: list[dict[str, Any]]) -> str:
    said = [str(each.get("displayStatus") or each.get("code")) for each in statuses]
    return ", ".join([f"provisioning state {provisioning or 'not given'}", *said])


def _image(reference: dict[str, Any]) -> str | None:
    parts = [reference.get(name) for name in ("publisher", "offer", "sku", "version")]
    return ":".join(str(part) for part in parts) if all(parts) else reference.get("id")
