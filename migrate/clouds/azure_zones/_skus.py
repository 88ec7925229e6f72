"""The sizes of virtual machines that Azure lists for a region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inventory.model.cloud_calls import azure_call
from migrate.clouds.zones import AzureZoneAsked

SKUS = azure_call("GET Microsoft.Compute/skus")
_VERSION = "2021-07-01"


def listed_sizes(asked: AzureZoneAsked) -> dict[str, dict[str, Any]]:
    """Return the sizes of the zone's region, by name in lower case."""
    region = asked.zone.region

    def ask() -> dict[str, dict[str, Any]]:
        path = f"{asked.here}/providers/Microsoft.Compute/skus"
        listed = asked.arm.pages(path, _VERSION, filter_=f"location eq '{region}'")
        machines = (each for each in listed if each["resourceType"] == "virtualMachines")
        return {each["name"].lower(): each for each in machines}

    return asked.shared.once((asked.place, "skus", region), ask)


def vcpus_of(said: Mapping[str, Any]) -> int | None:
    """Return how many vCPUs a size has; None when Azure does not say."""
    told = {each["name"]: each["value"] for each in said.get("capabilities") or ()}
    return int(told["vCPUs"]) if "vCPUs" in told else None
