"""Whatever goes wrong at whichever request to Azure, it is unknown and the reason is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from clouds import azure_settings
from unknowns import reasons_in

from inventory.clouds.azure_reach import AzureReach
from inventory.model.cloud_calls import Provider
from inventory.model.cloud_settings import Patience
from inventory.model.fact import Reason
from migrate.clouds.asking import AzureAsked
from migrate.clouds.readers import REGISTRIES, read
from migrate.demo.arm import LoopbackArm, loopback_arm
from migrate.demo.arm_message import Answer, Fault, busy, forbidden, refusal, throttled

READERS = REGISTRIES[Provider.AZURE].all()
ONCE = Patience(connect_seconds=10, answer_seconds=10, attempts=1, longest_pause_seconds=0.1)
TYPES = {"database": "Sql/servers/made/databases", "storage": "Storage/storageAccounts"}
"""What readers are asked of that do not look at virtual machines."""
IMPATIENT = replace(ONCE, answer_seconds=1)
NO_RESOURCE_MANAGER = Answer(status=200, body={"hello": "world"})
FAULTS: dict[str, tuple[Fault, set[Reason]]] = {
    "throttled": (throttled(60), {Reason.NOT_TOLD}),
    "denied": (forbidden(), {Reason.NEEDS_PRIVILEGE}),
    "busy": (busy(), {Reason.UNREACHABLE}),
    "a new code": (Fault(answer=refusal(400, "WordOfNextYear", "made")), {Reason.NOT_TOLD}),
    "cut": (Fault(cut=True), {Reason.UNREACHABLE}),
    "malformed": (Fault(garbage=b"<html>"), {Reason.UNREADABLE}),
    "something else": (Fault(answer=NO_RESOURCE_MANAGER), {Reason.UNREADABLE, Reason.NOT_TOLD}),
}


@pytest.fixture(scope="module")
def arm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoopbackArm]:
    """Return a running Azure with one machine, which the environment leads to."""
    with (
        pytest.MonkeyPatch.context() as patch,
        loopback_arm(tmp_path_factory.mktemp("azure")) as running,
    ):
        for name, value in running.environment().items():
            patch.setenv(name, value)
        _furnish(running)
        yield running


def _furnish(arm: LoopbackArm) -> None:
    """Hold a machine with an interface; whatever is asked by POST has nothing to tell."""
    arm.answers.add("POST", "/(?:subscriptions|providers)/.*", {"value": []})
    machine = arm.vm_id("web-1")
    arm.put_vm(machine)
    card = machine.replace("Compute/virtualMachines", "Network/networkInterfaces")
    arm.resources.attach(machine, card)
    arm.resources.put(card, location="uksouth", properties={"ipConfigurations": []})


def _ask(arm: LoopbackArm, name: str, patience: Patience = ONCE) -> tuple[object, int]:
    """Let a reader ask about the machine; return what it told, and how often it asked."""
    reader = READERS[name].value
    of_type = TYPES.get(name, "Compute/virtualMachines")
    wanted = arm.vm_id("web-1").replace("Compute/virtualMachines", of_type).lower()
    before = len(arm.log)
    settings = azure_settings(arm, patience)
    with AzureReach(settings=settings) as reach:
        asked = AzureAsked(reach=reach, place=arm.subscription, ids=(wanted,), calls=reader.calls)
        told = read(reader, asked)[wanted]
    asked_for = [path for _, path in arm.log[before:]]
    return told, sum(path.startswith(("/subscriptions", "/providers")) for path in asked_for)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", READERS)
def test_a_fault_at_any_request_is_told_with_its_reason(
    arm: LoopbackArm, name: str, fault: str
) -> None:
    """At the first, the last and each between: what hangs on the request is unknown."""
    arm.behave()
    _, requests = _ask(arm, name)
    assert requests
    how, reasons = FAULTS[fault]
    for number in range(requests):
        arm.behave()
        arm.misbehave(Fault(), times=number)
        arm.misbehave(how)
        told, _ = _ask(arm, name)
        assert reasons_in(told) & reasons, (number + 1, told)
    arm.behave()


@pytest.mark.parametrize("name", READERS)
def test_azure_is_not_waited_for_for_ever(arm: LoopbackArm, name: str) -> None:
    """A last request that takes too long is given up, and what hangs on it is unknown."""
    arm.behave()
    _, requests = _ask(arm, name)
    arm.misbehave(Fault(), times=requests - 1)
    arm.misbehave(Fault(delay_seconds=2))
    told, _ = _ask(arm, name, IMPATIENT)
    assert Reason.TIMED_OUT in reasons_in(told), told
    arm.behave()
