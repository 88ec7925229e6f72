"""Azure resources, looked at by the real management and identity clients on a loopback Azure."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from clouds import BRIEF, azure_settings
from sights import move

from inventory.clouds.azure_reach import AzureReach
from inventory.model.cloud_settings import AwsSettings, AzureCredential, AzureSettings
from inventory.model.fact import Reason, Unknown
from migrate.clouds.azure import look_at_resource as look_through
from migrate.clouds.look import open_clouds
from migrate.demo.arm import LoopbackArm, loopback_arm
from migrate.demo.arm_message import Answer, Fault, busy, forbidden, refusal, throttled
from migrate.model.check import CloudResource
from migrate.model.plan import Destination


def look_at_resource(settings: AzureSettings, resource: str) -> CloudResource | Unknown:
    """Look at a resource, with clients of this look's own."""
    with AzureReach(settings=settings) as reach:
        return look_through(reach, resource)


@pytest.fixture
def arm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LoopbackArm]:
    """Return a running Azure, which the environment leads to."""
    with loopback_arm(tmp_path) as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def vm(arm: LoopbackArm) -> str:
    """Return the id of a running machine."""
    resource_id = arm.vm_id("web-1-new")
    arm.put_vm(resource_id, size="Standard_B2s")
    return resource_id


def test_a_running_machine_is_described(arm: LoopbackArm, vm: str) -> None:
    """A running machine exists, is well, and tells its size, image and when it was made."""
    seen = look_at_resource(azure_settings(arm), vm)
    assert isinstance(seen, CloudResource)
    assert (seen.exists, seen.power_state, seen.healthy) == (True, "running", True)
    assert (seen.provisioning, seen.size) == ("Succeeded", "Standard_B2s")
    assert seen.launched


@pytest.mark.parametrize("power", ["stopped", "deallocated", "a-word-of-next-year"])
def test_its_power_is_told_in_azure_s_own_word(arm: LoopbackArm, vm: str, power: str) -> None:
    """The power state comes as Azure says it, new words too."""
    arm.set_power(vm, power)
    seen = look_at_resource(azure_settings(arm), vm)
    assert isinstance(seen, CloudResource)
    assert seen.power_state == power


def test_a_machine_that_failed_to_provision_is_not_well(arm: LoopbackArm) -> None:
    """Failed provisioning is not healthy, even while the power is on."""
    broken = arm.vm_id("broken")
    arm.put_vm(broken, provisioning="Failed")
    seen = look_at_resource(azure_settings(arm), broken)
    assert isinstance(seen, CloudResource)
    assert (seen.power_state, seen.provisioning, seen.healthy) == ("running", "Failed", False)


def test_ids_are_compared_without_case(arm: LoopbackArm, vm: str) -> None:
    """An id in another case names the same machine, as it does in Azure."""
    seen = look_at_resource(azure_settings(arm), vm.replace("resourceGroups", "RESOURCEGROUPS"))
    assert isinstance(seen, CloudResource)
    assert seen.exists


def test_any_other_resource_is_found_by_its_id(arm: LoopbackArm) -> None:
    """A resource of another type exists and tells its provisioning; power it has none."""
    share = arm.vm_id("files").replace(
        "Microsoft.Compute/virtualMachines", "Microsoft.Storage/storageAccounts"
    )
    arm.resources.put(share, location="uksouth", properties={"provisioningState": "Succeeded"})
    seen = look_at_resource(azure_settings(arm), share)
    assert isinstance(seen, CloudResource)
    assert (seen.exists, seen.provisioning, seen.power_state) == (True, "Succeeded", None)


def test_an_absent_machine_is_known_to_be_absent(arm: LoopbackArm) -> None:
    """When Resource Manager says that there is none, there is none."""
    seen = look_at_resource(azure_settings(arm), arm.vm_id("nobody"))
    assert isinstance(seen, CloudResource)
    assert not seen.exists


@pytest.mark.parametrize(
    ("fault", "reason", "words"),
    [
        (throttled(1), Reason.NOT_TOLD, "throttling"),
        (forbidden(), Reason.NEEDS_PRIVILEGE, "Microsoft.Compute/virtualMachines/read"),
        (busy(), Reason.UNREACHABLE, "busy"),
        (Fault(cut=True), Reason.UNREACHABLE, "network"),
        (Fault(garbage=b"<html>"), Reason.UNREADABLE, "JSON"),
        (Fault(garbage=b"{}"), Reason.UNREADABLE, "could not be read"),
        (Fault(garbage=b"[]"), Reason.UNREADABLE, "could not be read"),
        (Fault(garbage=b'{"id": "/another"}'), Reason.UNREADABLE, "does not speak of"),
        (Fault(answer=Answer(status=404)), Reason.NOT_TOLD, "resource id"),
        (
            Fault(answer=refusal(404, "SubscriptionNotFound", "no such subscription")),
            Reason.NOT_TOLD,
            "sees its subscription",
        ),
        (Fault(answer=refusal(418, "NewTrouble", "something new")), Reason.NOT_TOLD, "NewTrouble"),
    ],
)
def test_every_fault_is_unknown_with_its_reason(
    arm: LoopbackArm, vm: str, fault: Fault, reason: Reason, words: str
) -> None:
    """Whatever goes wrong is unknown with its reason: never a machine, never its absence."""
    arm.misbehave(fault)
    seen = look_at_resource(azure_settings(arm), vm)
    assert isinstance(seen, Unknown)
    assert seen.reason is reason
    assert words in seen.detail


@pytest.mark.parametrize("fault", [throttled(1), busy(), Fault(cut=True)])
def test_a_passing_fault_is_outlived(arm: LoopbackArm, vm: str, fault: Fault) -> None:
    """What goes wrong once is asked again, and then known."""
    arm.misbehave(fault, times=1)
    assert isinstance(look_at_resource(azure_settings(arm), vm), CloudResource)


def test_it_never_waits_as_long_as_it_is_told_to(arm: LoopbackArm, vm: str) -> None:
    """A cloud that asks for ten minutes' pause is not waited for."""
    arm.misbehave(throttled(600))
    begun = time.monotonic()
    assert isinstance(look_at_resource(azure_settings(arm), vm), Unknown)
    assert time.monotonic() - begun < 10


def test_a_slow_answer_is_not_waited_for_for_ever(arm: LoopbackArm, vm: str) -> None:
    """An answer that takes longer than its limit is unknown: timed out."""
    arm.misbehave(Fault(delay_seconds=1.5))
    patience = replace(BRIEF, answer_seconds=0.4, attempts=1)
    seen = look_at_resource(azure_settings(arm, patience), vm)
    assert isinstance(seen, Unknown)
    assert seen.reason is Reason.TIMED_OUT


def test_a_revoked_token_is_unknown(arm: LoopbackArm, vm: str) -> None:
    """A token that Azure no longer takes is unknown: needs privilege."""
    arm.misbehave(Fault(answer=refusal(401, "ExpiredAuthenticationToken", "expired")))
    seen = look_at_resource(azure_settings(arm), vm)
    assert isinstance(seen, Unknown)
    assert seen.reason is Reason.NEEDS_PRIVILEGE


def test_a_wrong_secret_is_unknown_and_stays_secret(
    arm: LoopbackArm,
    vm: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A refused credential is unknown; neither words nor output hold the secret, or anything."""
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "the-secret-itself")
    seen = look_at_resource(azure_settings(arm), vm)
    assert isinstance(seen, Unknown)
    assert seen.reason is Reason.NEEDS_PRIVILEGE
    assert "AADSTS7000215" in seen.detail
    assert "the-secret-itself" not in seen.detail
    assert capfd.readouterr() == ("", "")


def test_no_credential_is_unknown(
    arm: LoopbackArm, vm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No credential at all is unknown: needs privilege."""
    for name in ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"):
        monkeypatch.delenv(name)
    seen = look_at_resource(azure_settings(arm), vm)
    assert isinstance(seen, Unknown)
    assert seen.reason is Reason.NEEDS_PRIVILEGE


def test_the_default_chain_begins_with_the_environment(arm: LoopbackArm, vm: str) -> None:
    """The default credential finds what the environment gives."""
    settings = replace(azure_settings(arm), credential=AzureCredential.DEFAULT)
    assert isinstance(look_at_resource(settings, vm), CloudResource)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"base_url": "https://127.0.0.1:1"}, Reason.UNREACHABLE),
        ({"authority": "http://127.0.0.1:1"}, Reason.NOT_ASKED),
        ({"ca_file": Path("/nowhere/ca.pem")}, Reason.NOT_ASKED),
    ],
)
def test_settings_that_lead_nowhere_are_unknown(
    arm: LoopbackArm, vm: str, change: dict[str, object], reason: Reason
) -> None:
    """A dead endpoint, an unusable authority, a missing file: unknown, never a traceback."""
    settings = replace(azure_settings(arm), **change)  # type: ignore[arg-type]
    seen = look_at_resource(settings, vm)
    assert isinstance(seen, Unknown)
    assert seen.reason is reason


def test_a_certificate_that_is_not_trusted_is_unknown(arm: LoopbackArm, vm: str) -> None:
    """Without its authority's certificate Azure is not believed, and the remedy is named."""
    seen = look_at_resource(replace(azure_settings(arm), ca_file=None), vm)
    assert isinstance(seen, Unknown)
    assert seen.reason is Reason.UNREACHABLE
    assert "ca_file" in seen.detail


@pytest.mark.parametrize("text", ["web-1", "/subscriptions/s", "i-0123456789abcdef0"])
def test_what_is_no_resource_id_is_not_asked(arm: LoopbackArm, text: str) -> None:
    """A malformed id is never sent."""
    seen = look_at_resource(azure_settings(arm), text)
    assert isinstance(seen, Unknown)
    assert seen.reason is Reason.NOT_ASKED
    assert arm.log == []


def test_looking_changes_nothing_and_a_run_looks_once(arm: LoopbackArm, vm: str) -> None:
    """Only looks, and the request for a token, ever go out; a run asks each resource once."""
    clouds = open_clouds(AwsSettings(), azure_settings(arm))
    leaving = move(to=Destination.AZURE, resource=vm)
    assert clouds.resource(leaving) is clouds.resource(leaving)
    looks = [path for method, path in arm.log if method == "GET" and path == vm]
    writes = [path for method, path in arm.log if method not in {"GET", "HEAD"}]
    assert len(looks) == 1
    assert writes == [f"/{arm.tokens.tenant}/oauth2/v2.0/token"]
