"""What readers tell of many Azure machines at once, asked of a loopback Resource Manager."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from azure.core.exceptions import DecodeError, HttpResponseError
from clouds import azure_settings
from sights import move

from inventory.clouds.azure_reach import AzureReach
from inventory.errors import RefusedError
from inventory.model.cloud_calls import azure_call
from inventory.model.cloud_settings import AwsSettings
from inventory.model.fact import Reason, Unknown
from migrate.clouds.look import CloudLook, open_clouds
from migrate.demo.arm import LoopbackArm, loopback_arm
from migrate.demo.arm_message import forbidden
from migrate.model.check import CloudResource
from migrate.model.plan import Destination, Move
from migrate.model.target import Machine

_LOCKS = azure_call("GET Microsoft.Authorization/locks")


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


@pytest.fixture
def reach(arm: LoopbackArm) -> Iterator[AzureReach]:
    """Return a way to Azure."""
    with AzureReach(settings=azure_settings(arm)) as opened:
        yield opened


def _move(resource: str) -> Move:
    return replace(move(to=Destination.AZURE, resource=resource), server=resource)


def test_a_wave_is_asked_by_the_page(arm: LoopbackArm, clouds: CloudLook) -> None:
    """However many machines are expected, each listing is read once."""
    arm.resources.page = 4
    moves = [_move(arm.vm_id(f"web-{number}")) for number in range(6)]
    for each in moves:
        arm.put_vm(each.resource or "")
    clouds.expect(moves)
    told = [clouds.told(each, Machine) for each in moves]
    assert [each.id for each in told if isinstance(each, Machine)] == [
        each.resource for each in moves
    ]
    assert {each.state for each in told if isinstance(each, Machine)} == {"running"}
    assert {name: count for _, name, count in clouds.tally.rows()} == {
        "GET Microsoft.Compute/virtualMachines": 4,
        "GET Microsoft.Network/networkInterfaces": 1,
        "GET Microsoft.Network/publicIPAddresses": 1,
    }


def test_what_evidence_is_bound_to_is_asked_by_the_page(
    arm: LoopbackArm, clouds: CloudLook
) -> None:
    """Machines are described together as each would be by itself, and called as they are named."""
    moves = [_move(arm.vm_id(f"WEB-{number}")) for number in range(5)]
    for each in moves:
        arm.put_vm((each.resource or "").lower())
    alone = [clouds.resource(each) for each in moves]
    clouds.forget()
    clouds.expect(moves)
    before = len(arm.log)
    assert [clouds.resource(each) for each in moves] == alone
    assert len(arm.log) - before == 2
    assert [each.id for each in alone if isinstance(each, CloudResource)] == [
        each.resource for each in moves
    ]


def test_a_subscription_that_is_denied_is_unknown(arm: LoopbackArm, clouds: CloudLook) -> None:
    """The reason names what would have to be allowed."""
    arm.misbehave(forbidden())
    told = clouds.told(_move(arm.vm_id("web-1")), Machine)
    assert isinstance(told, Unknown)
    assert told.reason is Reason.NEEDS_PRIVILEGE
    assert "Microsoft.Compute/virtualMachines/read" in told.detail


def test_children_are_listed_under_their_parent(arm: LoopbackArm, reach: AzureReach) -> None:
    """Those of another parent are not."""
    vault = arm.vm_id("v").replace("Microsoft.Compute/virtualMachines", "Microsoft.X/vaults")
    for each in (f"{vault}/items/a", f"{vault}/items/b", f"{vault}2/items/c"):
        arm.resources.put(each, location="uksouth", properties={})
    reader = reach.arm([azure_call("GET Microsoft.X/vaults/items")])
    found = reader.pages(f"{vault}/items", "2024-01-01")
    assert [each["name"] for each in found] == ["a", "b"]


def test_calls_are_counted_by_their_declared_names(arm: LoopbackArm, reach: AzureReach) -> None:
    """However a resource's id is written, which is how its path is."""
    arm.put_vm(arm.vm_id("web-1"))
    reader = reach.arm([azure_call("GET Microsoft.Compute/virtualMachines")])
    for path in (arm.vm_id("web-1"), arm.vm_id("web-1").lower(), arm.vm_id("web-1").upper()):
        assert reader.get(path, "2024-07-01")
    assert {(name, count) for _, name, count in reach.tally.rows()} == {
        ("GET Microsoft.Compute/virtualMachines", 3)
    }


def test_a_next_page_elsewhere_is_not_asked(arm: LoopbackArm, reach: AzureReach) -> None:
    """No token goes to an address that an answer makes up."""
    path = f"/subscriptions/{arm.subscription}/providers/Microsoft.Authorization/locks"
    page = {"value": [{"id": "a"}], "nextLink": "https://127.0.0.2:1/next"}
    arm.answers.add("GET", path, page)
    with pytest.raises(DecodeError, match=r"127\.0\.0\.2"):
        list(reach.arm([_LOCKS]).pages(path, "2020-05-01"))


def test_a_next_page_that_comes_again_ends(arm: LoopbackArm, reach: AzureReach) -> None:
    """No listing goes round for ever."""
    path = f"/subscriptions/{arm.subscription}/providers/Microsoft.Authorization/locks"
    arm.answers.add("GET", path, {"value": [], "nextLink": f"{arm.url}{path}?api-version=1"})
    with pytest.raises(DecodeError, match="next page"):
        list(reach.arm([_LOCKS]).pages(path, "2020-05-01"))
    assert len(arm.log) < 10


def test_a_client_registers_no_provider_by_itself(arm: LoopbackArm, reach: AzureReach) -> None:
    """A conflict that the SDK answers by registering a provider is left as it is."""
    from azure.mgmt.resource.resources import ResourceManagementClient

    from migrate.demo.arm_message import refusal

    group = f"/subscriptions/{arm.subscription}/resourceGroups/new"
    words = "The subscription is not registered to use namespace 'Microsoft.Compute'."
    arm.answers.add("PUT", group, refusal(409, "MissingSubscriptionRegistration", words))
    calls = [azure_call("PUT Microsoft.Resources/subscriptions/resourceGroups", changes=True)]
    client = reach.client(ResourceManagementClient, arm.subscription, calls)
    with pytest.raises((RefusedError, HttpResponseError)):
        client.resource_groups.create_or_update("new", {"location": "uksouth"})
    assert not [path for method, path in arm.log if path.endswith("/register")]


def test_an_operation_that_takes_long_is_polled(arm: LoopbackArm, reach: AzureReach) -> None:
    """It is in progress, then done."""
    base = f"/subscriptions/{arm.subscription}/providers/Microsoft.X/locations/uksouth"
    begun = arm.answers.begin(base, lambda: {"state": "made"})
    where = begun.headers["Location"].removeprefix(arm.url).partition("?")[0]
    reader = reach.arm([azure_call("GET Microsoft.X/locations/operations")])
    told = [reader.get(where, "2024-01-01") for _ in range(3)]
    assert [each["status"] for each in told] == ["InProgress", "Succeeded", "Succeeded"]
    assert told[-1]["properties"] == {"state": "made"}
