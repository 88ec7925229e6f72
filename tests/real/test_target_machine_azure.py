"""Checks of a new server in Azure, asked of a loopback Resource Manager by the real pipeline."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from azure_server import Server, rule
from clouds import azure_settings
from log_store import LogStore, log_store
from sights import move, sight

from inventory.model.cloud_settings import AwsSettings
from inventory.model.fact import Unknown
from inventory.registry import Registry
from migrate.clouds.look import CloudLook, open_clouds
from migrate.demo.arm import LoopbackArm, loopback_arm
from migrate.demo.arm_message import Answer, Fault, Request, busy, forbidden, refusal, throttled
from migrate.model.check import Check
from migrate.model.evidence import CheckResult, Outcome
from migrate.model.plan import Destination, Move
from migrate.model.target import Machine
from migrate.model.target_agents import Agent
from migrate.model.target_boot import Boot
from migrate.model.target_disks import Disks
from migrate.model.target_exposure import Exposure
from migrate.model.target_health import Health
from migrate.model.target_patches import Patches
from migrate.model.target_protection import DeletionProtection
from migrate.model.target_size import Capacity

CHECKS = Registry(package="migrate.checks", attribute="CHECK", kind=Check)
PASSED, FAILED, UNKNOWN = Outcome.PASSED, Outcome.FAILED, Outcome.UNKNOWN
SECRET = "sig=the-signature"  # noqa: S105 -- made
LOGIN = "Debian GNU/Linux 12 web-1 ttyS0\n\nweb-1 login: "
PANIC = "[    1.9] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\n"


@pytest.fixture
def arm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LoopbackArm]:
    """Return a running Azure, which the environment leads to."""
    with loopback_arm(tmp_path) as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def clouds(arm: LoopbackArm) -> Iterator[CloudLook]:
    """Return the clouds of one run."""
    look = open_clouds(AwsSettings(), azure_settings(arm))
    yield look
    look.close()


def _move(resource: str) -> Move:
    return replace(move(to=Destination.AZURE, resource=resource), server=resource)


def _run(clouds: CloudLook, check: str, vm: str, **parameters: Any) -> CheckResult:
    seen = replace(sight(to=Destination.AZURE), move=_move(vm), clouds=clouds)
    return CHECKS.one(check).value.run(seen, parameters)


def _expect(result: CheckResult, outcome: Outcome, words: str = "") -> None:
    assert result.outcome is outcome, result.detail
    assert words in result.detail


def _health(arm: LoopbackArm, vm: str, state: str) -> None:
    row = {
        "id": f"{vm}/providers/Microsoft.ResourceHealth/availabilityStatuses/current",
        "name": "current",
        "properties": {"availabilityState": state, "summary": "made by this test"},
    }
    where = f"/subscriptions/{arm.subscription}/providers/Microsoft.ResourceHealth/availabilityStat"
    arm.answers.list(f"{where}uses", [row])


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ("Available", PASSED),
        ("Unavailable", FAILED),
        ("Degraded", FAILED),
        ("Unknown", UNKNOWN),
        ("A word of next year", UNKNOWN),
    ],
)
def test_running(arm: LoopbackArm, clouds: CloudLook, state: str, outcome: Outcome) -> None:
    """A running server passes where Resource Health finds it available."""
    vm = Server(arm=arm).put()
    _health(arm, vm, state)
    _expect(_run(clouds, "target-running", vm), outcome, state)


def test_not_running(arm: LoopbackArm, clouds: CloudLook) -> None:
    """A deallocated server fails; one that Resource Health does not speak of is unknown."""
    vm = Server(arm=arm).put()
    _expect(_run(clouds, "target-running", vm), UNKNOWN, "not speak of it")
    arm.set_power(vm, "deallocated")
    clouds.forget()
    _expect(_run(clouds, "target-running", vm), FAILED, "it is deallocated")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LogStore]:
    """Return where the logs lie: not at Resource Manager."""
    with log_store(tmp_path) as running:
        yield running


@pytest.fixture
def booted(arm: LoopbackArm, store: LogStore, tmp_path: Path) -> Iterator[tuple[CloudLook, str]]:
    """Return the clouds, which trust both, and a server whose log lies in the store."""
    both = tmp_path / "both.pem"
    both.write_bytes(arm.ca_file.read_bytes() + store.ca_file.read_bytes())
    vm = Server(arm=arm).put()
    said = {
        "consoleScreenshotBlobUri": f"{store.url}/screenshot.bmp?{SECRET}",
        "serialConsoleLogBlobUri": f"{store.url}/web-1.log?{SECRET}",
    }
    arm.answers.add("POST", f"{vm}/retrieveBootDiagnosticsData", said)
    look = open_clouds(AwsSettings(), replace(azure_settings(arm), ca_file=both))
    yield look, vm
    look.close()


@pytest.mark.parametrize(
    ("log", "outcome", "words"),
    [
        (LOGIN, PASSED, "a login prompt"),
        (PANIC, FAILED, "no root filesystem"),
        (PANIC + LOGIN, PASSED, "a login prompt"),
        (LOGIN + "a line of no meaning\n" * 100_000 + PANIC, FAILED, "no root filesystem"),
        ("[    0.0] Linux version 6.1", UNKNOWN, "none of the signs"),
    ],
    ids=["login", "panic", "panic, then login", "a long log", "cut"],
)
def test_boots(
    booted: tuple[CloudLook, str], store: LogStore, log: str, outcome: Outcome, words: str
) -> None:
    """The serial log's end decides. It is read without our token, and nothing of it is kept."""
    clouds, vm = booted
    store.said["/web-1.log"] = (200, log.encode())
    result = _run(clouds, "target-boots", vm)
    _expect(result, outcome, words)
    assert store.log == [("/web-1.log", None)]
    kept = f"{result.detail}{result.observed}{clouds.tally.rows()}"
    assert SECRET not in kept
    assert "Linux version" not in kept


@pytest.mark.parametrize(
    ("said", "words"), [((403, b"<Code>AuthenticationFailed"), "403"), ((302, b"/away"), "302")]
)
def test_a_log_that_cannot_be_read_is_unknown_and_its_address_stays_secret(
    booted: tuple[CloudLook, str], store: LogStore, said: tuple[int, bytes], words: str
) -> None:
    """Expired, or moved elsewhere: unknown. Nobody is followed, and no address is told."""
    clouds, vm = booted
    store.said["/web-1.log"] = said
    result = _run(clouds, "target-boots", vm)
    _expect(result, UNKNOWN, words)
    assert SECRET not in result.detail
    assert len(store.log) == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({}, "enable boot diagnostics"),
        ({"serialConsoleLogBlobUri": f"http://127.0.0.1:1/log?{SECRET}"}, "https"),
        ({"serialConsoleLogBlobUri": f"https://127.0.0.1:1/log?{SECRET}"}, "cannot be read"),
        (refusal(409, "OperationNotAllowed", "boot diagnostics are not enabled"), "not enabled"),
    ],
)
def test_no_log_is_unknown(
    arm: LoopbackArm, clouds: CloudLook, answer: Answer | dict[str, Any], words: str
) -> None:
    """Boot diagnostics that are off, or lead nowhere, say nothing of the start."""
    vm = Server(arm=arm).put()
    arm.answers.add("POST", f"{vm}/retrieveBootDiagnosticsData", answer)
    result = _run(clouds, "target-boots", vm)
    _expect(result, UNKNOWN, words)
    assert SECRET not in result.detail


def _sizes(arm: LoopbackArm) -> None:
    """Answer for the sizes of a region, one of them constrained."""

    def sku(name: str, kind: str = "virtualMachines", **capabilities: str) -> dict[str, Any]:
        told = [{"name": key, "value": value} for key, value in capabilities.items()]
        return {"name": name, "resourceType": kind, "capabilities": told}

    skus = [
        sku("Standard_D2s_v5", vCPUs="2", MemoryGB="8"),
        sku("Standard_E8-4s_v5", vCPUs="8", vCPUsAvailable="4", MemoryGB="64"),
        sku("Premium_LRS", "disks", MaxSizeGiB="4"),
    ]
    arm.answers.list(f"/subscriptions/{arm.subscription}/providers/Microsoft.Compute/skus", skus)


def test_size(arm: LoopbackArm, clouds: CloudLook) -> None:
    """Processors are those that are there to use; a size that is not described is unknown."""
    _sizes(arm)
    vm, constrained, new = Server(arm=arm).put(), arm.vm_id("four"), arm.vm_id("new")
    arm.put_vm(constrained, size="Standard_E8-4s_v5")
    arm.put_vm(new, size="Standard_D2s_v99")
    moves = [_move(each) for each in (vm, constrained, new)]
    clouds.expect(moves)
    plain, four, unknown = (clouds.told(each, Capacity) for each in moves)
    assert plain == Capacity(size="Standard_D2s_v5", vcpus=2, memory_bytes=8 * 2**30)
    assert four == Capacity(size="Standard_E8-4s_v5", vcpus=4, memory_bytes=64 * 2**30)
    assert isinstance(unknown, Capacity)
    assert isinstance(unknown.vcpus, Unknown)


@pytest.mark.parametrize(
    ("kind", "parameters", "outcome", "words"),
    [
        ("EncryptionAtRestWithPlatformKey", {}, PASSED, "provider"),
        ("EncryptionAtRestWithPlatformKey", {"key": "customer"}, FAILED, "the provider's"),
        ("EncryptionAtRestWithCustomerKey", {"key": "customer"}, PASSED, "customer"),
        ("EncryptionAtRestWithPlatformAndCustomerKeys", {"key": "customer"}, PASSED, "customer"),
        ("EncryptionOfNextYear", {}, UNKNOWN, "EncryptionOfNextYear"),
        ("EncryptionAtRestWithPlatformKey", {"at_host": True}, FAILED, "at host"),
    ],
)
def test_encryption(
    arm: LoopbackArm,
    clouds: CloudLook,
    kind: str,
    parameters: dict[str, Any],
    outcome: Outcome,
    words: str,
) -> None:
    """Azure's kinds of encryption come to whose key it is; a new kind is unknown."""
    vm = Server(arm=arm, encryption={"type": kind}).put()
    _expect(_run(clouds, "target-encrypted", vm, **parameters), outcome, words)


def test_an_unmanaged_disk_is_unknown(arm: LoopbackArm, clouds: CloudLook) -> None:
    """A disk in a storage account is not among the managed ones: its encryption is not told."""
    vm = arm.vm_id("old-style")
    arm.put_vm(vm)
    _expect(_run(clouds, "target-encrypted", vm), UNKNOWN, "no managed disk")
    at_host = Server(arm=arm, at_host=True).put()
    clouds.forget()
    _expect(_run(clouds, "target-encrypted", at_host, at_host=True), PASSED)


HTTPS = rule("https", 200, "Allow", "Internet", "443", protocol="Tcp")
SSH = rule("ssh", 210, "Allow", "0.0.0.0/0", "22", protocol="Tcp")


@pytest.mark.parametrize(
    ("subnet", "card", "public", "outcome", "words"),
    [
        ((), None, None, PASSED, "nothing of it"),
        ((HTTPS,), None, None, PASSED, "443/tcp"),
        ((HTTPS, SSH), None, None, FAILED, "22/tcp from 0.0.0.0/0 by subnet/ssh"),
        ((HTTPS, SSH), (HTTPS,), None, PASSED, "443/tcp"),
        ((SSH,), (SSH,), None, FAILED, "subnet/ssh and card/ssh"),
        ((), (SSH,), None, PASSED, "nothing of it"),
        (None, (SSH,), None, FAILED, "card/ssh"),
        ((), None, "Standard", FAILED, "public address 20.90.0.9"),
        (None, None, None, PASSED, "no filter of its own"),
        (None, None, "Basic", FAILED, "no network security group"),
    ],
)
def test_exposure(
    arm: LoopbackArm,
    clouds: CloudLook,
    subnet: tuple[dict[str, Any], ...] | None,
    card: tuple[dict[str, Any], ...] | None,
    public: str | None,
    outcome: Outcome,
    words: str,
) -> None:
    """Both groups must let the internet in for it to come in; default rules close the rest."""
    vm = Server(arm=arm, subnet_rules=subnet, card_rules=card, public=public).put()
    result = _run(clouds, "target-not-exposed", vm, allowed_ports=["443/tcp"])
    _expect(result, outcome, words)


def test_a_public_address_that_is_not_given_now_is_one_all_the_same(
    arm: LoopbackArm, clouds: CloudLook
) -> None:
    """A dynamic address comes back at the next start, so that its absence is no protection."""
    vm = Server(arm=arm, public="Standard", public_given=False).put()
    _expect(_run(clouds, "target-not-exposed", vm), FAILED, "web-1-ip (not given now)")


def test_a_group_that_is_not_seen_is_no_open_door_and_no_closed_one(
    arm: LoopbackArm, clouds: CloudLook
) -> None:
    """What the credential may not see of the filters leaves the exposure unknown."""
    server = Server(arm=arm)
    vm = server.put()
    arm.resources.remove(server.id("Microsoft.Network/networkSecurityGroups", "subnet"))
    _expect(_run(clouds, "target-not-exposed", vm), UNKNOWN, "does not list")


def _locks(arm: LoopbackArm, *scopes: str, level: str = "CanNotDelete") -> None:
    rows = [
        {
            "id": f"{scope}/providers/Microsoft.Authorization/locks/keep",
            "name": "keep",
            "properties": {"level": level},
        }
        for scope in scopes
    ]
    where = f"/subscriptions/{arm.subscription}/providers/Microsoft.Authorization/locks"
    arm.answers.list(where, rows)


def test_protection(arm: LoopbackArm, clouds: CloudLook) -> None:
    """A lock on the server, its group or its subscription covers it; others' locks do not."""
    vm = Server(arm=arm).put()
    here = f"/subscriptions/{arm.subscription}"
    group, namesake = f"{here}/resourceGroups/DEMO", f"{here}/resourceGroups/demo-2"
    for scopes, outcome in (
        ((), FAILED),
        ((vm,), PASSED),
        ((group,), PASSED),
        ((here,), PASSED),
        ((namesake, f"{vm}0", f"{vm}/extensions/one"), FAILED),
    ):
        _locks(arm, *scopes)
        clouds.forget()
        _expect(_run(clouds, "target-protected", vm), outcome)
    _locks(arm, vm, level="NotSpecified")
    clouds.forget()
    _expect(_run(clouds, "target-protected", vm), FAILED)


def test_tags_and_place(arm: LoopbackArm, clouds: CloudLook) -> None:
    """Tags, region, zone, network and subnet are told as they are, ids without regard to case."""
    server = Server(arm=arm)
    vm = server.put()
    network = server.id("Microsoft.Network/virtualNetworks", "HUB").upper()
    given: dict[str, Any] = {"regions": ["uksouth"], "zones": ["1"], "networks": [network]}
    _expect(_run(clouds, "target-tagged", vm, tags={"owner": "Housing"}), PASSED)
    _expect(_run(clouds, "target-in-place", vm, **given), PASSED, "network")
    _expect(_run(clouds, "target-in-place", vm, **given | {"zones": ["2"]}), FAILED, "zone is 1")
    _expect(_run(clouds, "target-metadata", vm), UNKNOWN, "does not apply")


def _agent(status: str) -> dict[str, Any]:
    told = {"displayStatus": status, "code": "x", "time": "2026-11-23T11:58:00+00:00"}
    return {"vmAgentVersion": "2.14.0.1", "statuses": [told]}


@pytest.mark.parametrize(
    ("agent", "extension", "outcome", "words"),
    [
        (_agent("Ready"), "succeeded", PASSED, "VM agent Ready"),
        (_agent("Not Ready"), "succeeded", FAILED, "Not Ready"),
        (_agent("Ready"), "failed/1", FAILED, "failed/1"),
        (_agent("Ready"), "transitioning", UNKNOWN, "transitioning"),
        (_agent("Readying"), "succeeded", UNKNOWN, "Readying"),
        (None, "succeeded", FAILED, "no agent"),
    ],
)
def test_managed(
    arm: LoopbackArm,
    clouds: CloudLook,
    agent: dict[str, Any] | None,
    extension: str,
    outcome: Outcome,
    words: str,
) -> None:
    """The agent must be ready, and every extension have succeeded."""
    vm = Server(arm=arm, agent=agent, extensions={"monitor": extension}).put()
    _expect(_run(clouds, "target-managed", vm), outcome, words)


def _assessed(arm: LoopbackArm, rows: list[dict[str, Any]], page: int = 1_000) -> None:
    """Answer for Resource Graph, page by page."""

    def answer(request: Request) -> Answer:
        asked = json.loads(request.body)
        assert asked["subscriptions"] == [arm.subscription]
        begin = int(asked["options"].get("$skipToken", "0"))
        body: dict[str, Any] = {"data": rows[begin : begin + page], "totalRecords": len(rows)}
        if begin + page < len(rows):
            body["$skipToken"] = str(begin + page)
        return Answer(status=200, body=body)

    arm.answers.add("POST", "/providers/Microsoft.ResourceGraph/resources", answer)


def _assessment(vm: str, **more: object) -> dict[str, Any]:
    told = {
        "status": "Succeeded",
        "lastModifiedDateTime": "2026-11-22T21:02:04.2556154Z",
        "availablePatchCountByClassification": {"critical": 0, "security": 0, "other": 4},
        "rebootPending": False,
    }
    return {"id": f"{vm}/patchAssessmentResults/latest", "properties": told | more}


@pytest.mark.parametrize(
    ("more", "outcome", "words"),
    [
        ({}, PASSED, "4 others"),
        (
            {"availablePatchCountByClassification": {"Critical": 1, "security": 0}},
            FAILED,
            "1 critical",
        ),
        ({"rebootPending": True}, FAILED, "reboot"),
        ({"status": "Failed"}, UNKNOWN, "Failed"),
        ({"availablePatchCountByClassification": {}}, UNKNOWN, "not told"),
        ({"lastModifiedDateTime": "2026-11-01T00:00:00Z"}, UNKNOWN, "2026-11-01"),
    ],
)
def test_patched(
    arm: LoopbackArm, clouds: CloudLook, more: dict[str, object], outcome: Outcome, words: str
) -> None:
    """An assessment that succeeded counts; one that failed counts nothing, whatever it holds."""
    vm = Server(arm=arm).put()
    _assessed(arm, [_assessment(vm, **more)])
    _expect(_run(clouds, "target-patched", vm), outcome, words)


def test_no_assessment_is_unknown(arm: LoopbackArm, clouds: CloudLook) -> None:
    """A server that Resource Graph has no row of was not assessed."""
    vm = Server(arm=arm).put()
    _assessed(arm, [_assessment(arm.vm_id("another"))])
    _expect(_run(clouds, "target-patched", vm), UNKNOWN, "Update Manager")


def test_a_wave_costs_calls_by_the_page(arm: LoopbackArm, clouds: CloudLook) -> None:
    """12 servers cost as many calls as one, for all aspects; views are asked singly."""
    _sizes(arm)
    vms = [arm.vm_id(f"web-{number}") for number in range(12)]
    for each in vms:
        arm.put_vm(each)
    _health(arm, vms[0], "Available")
    _locks(arm)
    _assessed(arm, [_assessment(each) for each in vms], page=5)
    moves = [_move(each) for each in vms]
    clouds.expect(moves)
    aspects = (Machine, Health, Capacity, Disks, Exposure, DeletionProtection, Patches)
    for each in moves:
        for aspect in aspects:
            clouds.told(each, aspect)
    assert {name: count for _, name, count in clouds.tally.rows()} == {
        "GET Microsoft.Authorization/locks": 1,
        "GET Microsoft.Compute/disks": 1,
        "GET Microsoft.Compute/skus": 1,
        "GET Microsoft.Compute/virtualMachines": 2,
        "GET Microsoft.Network/networkInterfaces": 1,
        "GET Microsoft.Network/networkSecurityGroups": 1,
        "GET Microsoft.Network/publicIPAddresses": 1,
        "GET Microsoft.Network/virtualNetworks": 1,
        "GET Microsoft.ResourceHealth/availabilityStatuses": 1,
        "POST Microsoft.ResourceGraph/resources": 3,
    }
    clouds.told(moves[0], Agent)
    counted = {name.lower(): count for _, name, count in clouds.tally.rows()}
    assert counted["get microsoft.compute/virtualmachines/instanceview"] == len(vms)


def test_what_is_no_machine_is_not_asked_of(arm: LoopbackArm, clouds: CloudLook) -> None:
    """A wave's database has no console: nothing is asked of it, and nothing is known."""
    server = Server(arm=arm)
    vm, database = server.put(), server.id("Microsoft.Sql/servers", "sql/databases/shop")
    moves = [_move(each) for each in (vm, database)]
    clouds.expect(moves)
    for aspect in (Boot, Patches, Agent, DeletionProtection):
        assert isinstance(clouds.told(moves[1], aspect), Unknown)
    assert not [path for _, path in arm.log if "databases" in path.lower()]


@pytest.mark.parametrize(
    "fault",
    [
        throttled(1),
        throttled(600),
        forbidden(),
        busy(),
        Fault(cut=True),
        Fault(garbage=b"<html>"),
        Fault(garbage=b"{}"),
        Fault(garbage=b'{"value": [{}]}'),
        Fault(answer=refusal(401, "ExpiredAuthenticationToken", "expired")),
        Fault(answer=refusal(418, "NewTrouble", "something new")),
    ],
)
@pytest.mark.parametrize(
    "aspect",
    [Machine, Health, Capacity, Disks, Exposure, DeletionProtection, Agent, Patches, Boot],
)
def test_every_fault_is_unknown(
    arm: LoopbackArm, clouds: CloudLook, fault: Fault, aspect: type[object]
) -> None:
    """Whatever goes wrong with any call leaves the aspect unknown, with a reason."""
    vm = Server(arm=arm).put()
    arm.misbehave(fault)
    told = clouds.told(_move(vm), aspect)
    assert isinstance(told, Unknown)
    assert told.detail
