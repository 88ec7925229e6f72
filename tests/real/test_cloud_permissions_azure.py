"""The printed role is enough, and all of it is needed: on an Azure that checks permissions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clouds import azure_settings
from permitted_azure import action_of, allows, check_by

from inventory.clouds.azure_reach import AzureReach
from inventory.model.cloud_calls import Provider, Purpose, azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds import identity_azure
from migrate.clouds.asking import AzureAsked
from migrate.clouds.azure import look_at_resource
from migrate.clouds.declared import declared_for
from migrate.clouds.permissions_azure import role
from migrate.clouds.readers import read, readers
from migrate.demo.arm import LoopbackArm, loopback_arm
from migrate.model.check import CloudResource
from migrate.model.reader import Reader
from migrate.model.target import Machine


@pytest.fixture
def arm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LoopbackArm]:
    """Return a running Azure with a machine, which the environment leads to."""
    with loopback_arm(tmp_path) as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        running.put_vm(running.vm_id("web-1"))
        yield running


@pytest.fixture
def reach(arm: LoopbackArm) -> Iterator[AzureReach]:
    """Return a way to it."""
    with AzureReach(settings=azure_settings(arm)) as opened:
        yield opened


def _told(reach: AzureReach, arm: LoopbackArm, reader: Reader[Any]) -> tuple[object, ...]:
    """Return what a reader tells of a machine, and of other kinds of resources that it may know."""
    vm = arm.vm_id("web-1").lower()
    ids = (
        vm,
        vm.replace("microsoft.compute/virtualmachines", "microsoft.storage/storageaccounts"),
        vm.replace(
            "microsoft.compute/virtualmachines", "microsoft.dbforpostgresql/flexibleservers"
        ),
    )
    asked = AzureAsked(reach=reach, place=arm.subscription, ids=ids, calls=reader.calls)
    told = read(reader, asked)
    return tuple(told[each] for each in ids)


@pytest.mark.parametrize(
    "reader", readers(Provider.AZURE).values(), ids=lambda it: it.tells.__name__
)
def test_every_reader_is_allowed_what_it_asks(
    arm: LoopbackArm, reach: AzureReach, reader: Reader[Any]
) -> None:
    """With a role of its own calls alone nothing that it sends is refused."""
    refused = check_by(arm, role(reader.calls, Purpose.LOOK, []))
    _told(reach, arm, reader)
    assert refused == []


@pytest.mark.parametrize(
    "reader", readers(Provider.AZURE).values(), ids=lambda it: it.tells.__name__
)
def test_without_its_actions_a_reader_tells_nothing(
    arm: LoopbackArm, reach: AzureReach, reader: Reader[Any]
) -> None:
    """What is refused is unknown wholly or in part, never known: the role is really looked at."""
    refused = check_by(arm, role([], Purpose.LOOK, []))
    told = _told(reach, arm, reader)
    assert refused
    for each in told:
        parts = [each] if isinstance(each, Unknown) else list(vars(each).values())
        assert any(isinstance(part, Unknown) for part in parts)


def test_what_is_not_allowed_is_unknown_and_named(arm: LoopbackArm, reach: AzureReach) -> None:
    """Without one action of the role a machine is unknown: needs privilege, and which one."""
    whole = role(declared_for(Provider.AZURE, Purpose.LOOK), Purpose.LOOK, [])
    missing = "Microsoft.Network/publicIPAddresses/read"
    less = {**whole, "Actions": [each for each in whole["Actions"] if each != missing]}
    assert len(less["Actions"]) == len(whole["Actions"]) - 1
    assert check_by(arm, less) == []
    told = _told(reach, arm, readers(Provider.AZURE)[Machine])[0]
    assert isinstance(told, Unknown)
    assert told.reason is Reason.NEEDS_PRIVILEGE
    assert f"perform action '{missing}'" in told.detail
    assert "decant cloud permissions azure" in told.detail


def test_whoami_and_a_look_at_a_machine_are_allowed_too(
    arm: LoopbackArm, reach: AzureReach
) -> None:
    """By the whole printed role."""
    refused = check_by(arm, role(declared_for(Provider.AZURE, Purpose.LOOK), Purpose.LOOK, []))
    identity_azure.identities(reach)
    assert isinstance(look_at_resource(reach, arm.vm_id("web-1")), CloudResource)
    assert refused == []


def test_a_resource_of_another_type_needs_that_type_s_reading(
    arm: LoopbackArm, reach: AzureReach
) -> None:
    """Which is printed where the estate's moves name such a resource, and named otherwise."""
    share = arm.vm_id("files").replace(
        "Microsoft.Compute/virtualMachines", "Microsoft.Storage/storageAccounts"
    )
    arm.resources.put(share, location="uksouth", properties={"provisioningState": "Succeeded"})
    general = [azure_call("GET Microsoft.Resources/subscriptions/providers")]
    check_by(arm, role(general, Purpose.LOOK, []))
    told = look_at_resource(reach, share)
    assert isinstance(told, Unknown)
    assert "allow it Microsoft.Storage/storageAccounts/read" in told.detail
    own = azure_call("GET Microsoft.Storage/storageAccounts")
    refused = check_by(arm, role([*general, own], Purpose.LOOK, []))
    assert isinstance(look_at_resource(reach, share), CloudResource)
    assert refused == []


def test_the_checking_azure_reads_roles_as_azure_does() -> None:
    """Stars, what is taken away again, and case."""
    made = {"Actions": ["Microsoft.Compute/*/read"], "NotActions": ["*/disks/read"]}
    assert allows(made, "microsoft.compute/virtualMachines/instanceView/READ")
    assert not allows(made, "Microsoft.Compute/disks/read")
    assert not allows(made, "Microsoft.Compute/virtualMachines/write")
    vm = "/subscriptions/1/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/v"
    assert action_of("DELETE", vm) == "Microsoft.Compute/virtualMachines/delete"
    assert (
        action_of("POST", f"{vm}/deallocate")
        == "Microsoft.Compute/virtualMachines/deallocate/action"
    )
    assert action_of("GET", "/subscriptions") == "Microsoft.Resources/subscriptions/read"
