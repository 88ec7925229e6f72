"""Site Recovery on the loopback Azure, with its protected items' lives.

Which operation is allowed when, and what it changes, is our reading of the service's interface and
of Microsoft's published examples of it (2023-08-01): while a copy stands only its clean-up is
allowed, and after a failover it is the commit.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from migrate.demo.arm import LoopbackArm
from migrate.demo.arm_message import Answer, Request

AT = "2026-11-23T09:00:00.1234567Z"
NEVER = {
    "scenarioName": "None",
    "jobId": "/x/replicationJobs/None",
    "startTime": "1753-01-01T01:01:01Z",
}
_IDLE = ["UnplannedFailover", "DisableProtection", "TestFailover"]
_NAMES = {
    "testfailover": "TestFailover",
    "testfailovercleanup": "TestFailoverCleanup",
    "unplannedfailover": "UnplannedFailover",
    "failovercommit": "Commit",
    "failovercancel": "CancelFailover",
}


@dataclass
class AsrWorld:
    """A vault and its items."""

    arm: LoopbackArm
    launch: Callable[[str], None] = lambda _name: None
    """Makes a machine of that name."""
    end: Callable[[str], None] = lambda _name: None
    """Ends a machine of that name."""
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """Operations that were asked for, with their properties."""
    running: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Operations under way: their item and name."""
    ended: dict[str, dict[str, Any]] = field(default_factory=dict)
    loses: list[str] = field(default_factory=list)
    """Operations that do their work once more, and then have their answer lost."""

    @property
    def vault(self) -> str:
        """The vault's id."""
        group = f"/subscriptions/{self.arm.subscription}/resourceGroups/recovery"
        return f"{group}/providers/Microsoft.RecoveryServices/vaults/vault-1"

    def __post_init__(self) -> None:
        """Let the vault answer."""
        here = f"/subscriptions/{self.arm.subscription}/providers/Microsoft.RecoveryServices/vaults"
        one = f"{self.vault}/replicationFabrics/.*/replicationProtectedItems/[^/]+"
        listing = f"{self.vault}/replicationProtectedItems"
        answers = self.arm.answers
        answers.add("GET", here, {"value": [{"id": self.vault, "name": "vault-1"}]})
        answers.add("GET", f"{self.vault}/replicationMigrationItems", {"value": []})
        answers.add("GET", listing, lambda _: _ok({"value": list(self.items.values())}))
        answers.add("GET", one, self._tells)
        answers.add("POST", f"{one}/[A-Za-z]+", self._does)
        answers.add("GET", f"{self.vault}/replicationOperationStatus/.*", self._follows)

    def add(self, name: str, *addresses: str, **details: Any) -> str:
        """Replicate a server, and return the item's id."""
        container = f"{self.vault}/replicationFabrics/f1/replicationProtectionContainers/c1"
        item = f"{container}/replicationProtectedItems/{name}"
        self.items[item.lower()] = {
            "id": item.replace("/subscriptions/", "/Subscriptions/"),
            "name": name,
            "properties": {
                "friendlyName": name,
                "protectionState": "Protected",
                "activeLocation": "Primary",
                "testFailoverState": "None",
                "allowedOperations": _IDLE,
                "replicationHealth": "Normal",
                "healthErrors": [],
                "currentScenario": NEVER,
                "providerSpecificDetails": {
                    "instanceType": "InMageRcm",
                    "lastRpoInSeconds": 3,
                    "lastRpoCalculatedTime": AT,
                    "lastRecoveryPointReceived": AT,
                    "targetVmName": name,
                    "targetResourceGroupId": self.arm.vm_id("x").split("/providers")[0],
                    "targetNetworkId": "/subscriptions/s/production",
                    "testNetworkId": "/subscriptions/s/bubble",
                    "discoveredVmDetails": {"ipAddresses": list(addresses), "vmFqdn": name},
                    **details,
                },
            },
        }
        return item

    def properties(self, item: str) -> dict[str, Any]:
        """Return what an item is like."""
        found: dict[str, Any] = self.items[item.lower()]["properties"]
        return found

    def finish(self, *, failure: str = "") -> None:
        """Let every operation under way come to its end."""
        for number, (item, name) in list(self.running.items()):
            del self.running[number]
            it = self.properties(item)
            it["currentScenario"] = NEVER
            if failure:
                it["allowedOperations"] = _IDLE
                error = {"code": failure, "message": "made by a test"}
                self.ended[number] = {"status": "Failed", "error": error}
                continue
            self.ended[number] = {"status": "Succeeded"}
            self._finished(it, name, self.items[item.lower()]["name"])

    def _finished(self, it: dict[str, Any], name: str, machine: str) -> None:
        if name == "TestFailover":
            self.launch(f"{machine}-test")
            it |= {"testFailoverState": "WaitingForCompletion"}
            it |= {"allowedOperations": ["TestFailoverCleanup"], "currentScenario": _job(name)}
        elif name == "TestFailoverCleanup":
            self.end(f"{machine}-test")
            it |= {"testFailoverState": "MarkedForDeletion", "allowedOperations": _IDLE}
            it |= {"lastSuccessfulTestFailoverTime": AT}
        elif name == "UnplannedFailover":
            self.launch(machine)
            it |= {"activeLocation": "Recovery", "lastSuccessfulFailoverTime": AT}
            it |= {"protectionState": "UnplannedFailoverCommitPendingStatesBegin"}
            it |= {"allowedOperations": ["CompleteMigration", "Commit", "DisableProtection"]}
        elif name == "Commit":
            it |= {"allowedOperations": ["CompleteMigration", "DisableProtection", "ReProtect"]}

    def _tells(self, request: Request) -> Answer:
        found = self.items.get(request.path.lower())
        return _ok(found) if found else _error(404, "ResourceNotFound", "no such item")

    def _does(self, request: Request) -> Answer:
        item, _, operation = request.path.rpartition("/")
        name, it = _NAMES[operation.lower()], self.properties(item)
        body = request.body if isinstance(request.body, dict) else json.loads(request.body or "{}")
        self.sent.append((operation, body.get("properties", {})))
        if name not in it["allowedOperations"]:
            return _error(400, "OperationNotAllowed", f"{name} is not allowed")
        number = f"op-{len(self.sent)}"
        self.running[number] = (item, name)
        it |= {"currentScenario": _job(name), "allowedOperations": []}
        if operation in self.loses:
            self.loses.remove(operation)
            return _error(500, "InternalError", "the answer was lost")
        where = f"{self.arm.url}{self.vault}/replicationOperationStatus/{number}?api-version=1"
        return Answer(status=202, headers={"Azure-AsyncOperation": where, "Retry-After": "30"})

    def _follows(self, request: Request) -> Answer:
        number = request.path.rpartition("/")[2]
        return _ok(self.ended.get(number, {"status": "InProgress"}))


def _job(name: str) -> dict[str, str]:
    return {"scenarioName": name, "jobId": f"/x/replicationJobs/job-{name}", "startTime": AT}


def _ok(body: dict[str, Any]) -> Answer:
    return Answer(status=200, body=body)


def _error(status: int, code: str, words: str) -> Answer:
    return Answer(status=status, body={"error": {"code": code, "message": words}})
