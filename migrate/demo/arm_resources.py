"""The loopback Resource Manager: what it holds, and how it answers a look at it.

The shapes are our reading of Azure's documents and of public recordings; no real Azure was asked.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from inventory.model.azure_id import AzureId
from migrate.demo.arm_message import Answer, Request, refusal

_LIST = re.compile(r"/subscriptions/[^/]+(?:/resourcegroups/[^/]+)?/resources", re.IGNORECASE)
_PROVIDER = re.compile(r"/subscriptions/[^/]+/providers/([^/]+)", re.IGNORECASE)
_VIEW = "/instanceview"
_OF_TYPE = re.compile(
    r"(?P<base>/subscriptions/[^/]+(?:/resourcegroups/[^/]+)?)/providers/(?P<type>[^/]+/[^/]+)"
    r"|(?P<parent>/subscriptions/[^/]+/resourcegroups/[^/]+/providers/[^/]+(?:/[^/]+/[^/]+)+)"
    r"/(?P<child>[^/]+)",
    re.IGNORECASE,
)


@dataclass(kw_only=True)
class Resources:
    """The resources of every subscription, by id without regard to case."""

    page: int = 50
    """How many a page of a listing has."""
    _held: dict[str, dict[str, Any]] = field(default_factory=dict)
    _views: dict[str, dict[str, Any]] = field(default_factory=dict)

    def put(
        self, resource_id: str, *, location: str, properties: dict[str, Any], **more: Any
    ) -> None:
        """Hold a resource; ``more`` stands beside its properties, such as ``tags`` or ``zones``.

        Raises:
            ValueError: the id is not an Azure resource id.

        """
        parsed = AzureId.parse(resource_id)
        if parsed is None:
            raise ValueError(f"not an Azure resource id: {resource_id!r}")
        self._held[resource_id.lower()] = {
            "id": resource_id,
            "name": parsed.name,
            "type": f"{parsed.namespace}/{parsed.type}",
            "location": location,
            "properties": properties,
            **more,
        }

    def put_machine(
        self, resource_id: str, *, location: str, size: str, power: str, provisioning: str
    ) -> None:
        """Hold a virtual machine, as if it had just been made."""
        made = {
            "vmId": str(uuid.uuid4()),
            "hardwareProfile": {"vmSize": size},
            "storageProfile": {
                "imageReference": {
                    "publisher": "Debian",
                    "offer": "debian-12",
                    "sku": "12-gen2",
                    "version": "latest",
                },
                "osDisk": {"osType": "Linux", "diskSizeGB": 30},
            },
            "provisioningState": provisioning,
            "timeCreated": datetime.now(UTC).isoformat(),
        }
        self.put(resource_id, location=location, properties=made)
        self.set_power(resource_id, power)

    def set_power(self, resource_id: str, power: str) -> None:
        """Set a machine's power state: ``running``, ``stopped``, ``deallocated`` or a new word."""
        made = self._held[resource_id.lower()]["properties"]
        self._views[resource_id.lower()] = _view(made["provisioningState"], power)

    def attach(self, machine_id: str, card_id: str) -> None:
        """Give a machine a network interface."""
        properties = self._held[machine_id.lower()]["properties"]
        cards = properties.setdefault("networkProfile", {}).setdefault("networkInterfaces", [])
        cards.append({"id": card_id})

    def remove(self, resource_id: str) -> None:
        """Hold it no more."""
        self._held.pop(resource_id.lower(), None)
        self._views.pop(resource_id.lower(), None)

    def answer(self, request: Request, url: str) -> Answer:
        """Answer a look; refuse whatever would change something."""
        if request.method not in {"GET", "HEAD"}:
            return refusal(405, "MethodNotAllowed", f"{request.method} is not for looking.")
        if "api-version" not in request.query:
            return refusal(400, "MissingApiVersionParameter", "The api-version is required.")
        if _LIST.fullmatch(request.path):
            return self._page(request, url)
        if match := _PROVIDER.fullmatch(request.path):
            return Answer(status=200, body=self._provider(match[1]))
        match = _OF_TYPE.fullmatch(request.path)
        if match and request.method == "GET" and request.path.lower() not in self._held:
            base, of_type = match["base"] or match["parent"], match["type"] or match["child"]
            if f"/{of_type}".lower() != _VIEW:
                return self._of_type(request, url, base, of_type)
        return self._one(request)

    def _of_type(self, request: Request, url: str, base: str, of_type: str) -> Answer:
        """List a type under a subscription, a group, or a parent resource."""
        parent = AzureId.parse(base)
        wanted = f"{parent.namespace}/{parent.type}/{of_type}" if parent else of_type
        rows = [
            self._told(key, each, statuses=request.query.get("statusonly") == "true")
            for key, each in sorted(self._held.items())
            if key.startswith(f"{base.lower()}/") and each["type"].lower() == wanted.lower()
        ]
        return listing(rows, request, url, self.page)

    def _told(self, key: str, held: dict[str, Any], *, statuses: bool) -> dict[str, Any]:
        if not statuses or key not in self._views:
            return held
        return held | {"properties": {"instanceView": self._views[key]}}

    def _one(self, request: Request) -> Answer:
        path = request.path.lower()
        wants_view = path.endswith(_VIEW)
        found = self._held.get(path.removesuffix(_VIEW))
        if request.method == "HEAD":
            return Answer(status=204 if found else 404)
        if found is None:
            return _absent(request.path)
        view = self._views.get(path.removesuffix(_VIEW))
        if wants_view:
            return Answer(status=200, body=view)
        if view and request.query.get("$expand", "").lower() == "instanceview":
            found = found | {"properties": found["properties"] | {"instanceView": view}}
        return Answer(status=200, body=found)

    def _page(self, request: Request, url: str) -> Answer:
        base = request.path.lower().removesuffix("resources")
        rows = [each for key, each in sorted(self._held.items()) if key.startswith(base)]
        return listing(rows, request, url, self.page)

    def _provider(self, namespace: str) -> dict[str, Any]:
        types = {each["type"] for each in self._held.values()}
        mine = [each.split("/", 1)[1] for each in sorted(types) if _in(namespace, each)]
        versions = ["2024-11-01-preview", "2024-07-01", "2023-03-01"]
        return {
            "namespace": namespace,
            "registrationState": "Registered",
            "resourceTypes": [{"resourceType": each, "apiVersions": versions} for each in mine],
        }


def listing(rows: Sequence[dict[str, Any]], request: Request, url: str, most: int) -> Answer:
    """Return the page of a listing that is asked for, with the address of the next one."""
    start = int(request.query.get("$skiptoken", "0"))
    body: dict[str, Any] = {"value": list(rows[start : start + most])}
    if start + most < len(rows):
        kept = {key: text for key, text in request.query.items() if key != "$skiptoken"}
        query = urlencode(kept | {"$skiptoken": str(start + most)})
        body["nextLink"] = f"{url}{request.path}?{query}"
    return Answer(status=200, body=body)


def _in(namespace: str, resource_type: str) -> bool:
    return resource_type.lower().startswith(f"{namespace.lower()}/")


def _absent(path: str) -> Answer:
    what = path.rsplit("/providers/", maxsplit=1)[-1]
    return refusal(404, "ResourceNotFound", f"The Resource '{what}' was not found.")


def _view(provisioning: str, power: str) -> dict[str, Any]:
    succeeded = provisioning == "Succeeded"
    return {
        "statuses": [
            {
                "code": f"ProvisioningState/{provisioning.lower()}",
                "level": "Info" if succeeded else "Error",
                "displayStatus": f"Provisioning {provisioning.lower()}",
            },
            {"code": f"PowerState/{power}", "level": "Info", "displayStatus": f"VM {power}"},
        ]
    }
