"""Whatever goes wrong while a landing zone is asked about, no condition is ready for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from aws_made_up import FAULTS, NEXT_YEAR, MadeUp, empty
from clouds import BRIEF, azure_settings
from landings import landing, server
from unknowns import reasons_in

from inventory.clouds.aws_reach import AwsPlace, AwsReach
from inventory.clouds.azure_reach import AzureReach
from inventory.model.cloud_calls import Provider
from inventory.model.cloud_settings import AwsSettings, Patience
from inventory.model.fact import Reason, Unknown
from migrate.clouds.readers import read
from migrate.clouds.zones import AwsZoneAsked, AzureZoneAsked, readers
from migrate.demo import arm_message
from migrate.demo.arm import LoopbackArm, loopback_arm
from migrate.demo.arm_message import Answer
from migrate.model.evidence import Outcome
from migrate.model.landing import Landing
from migrate.zones import CONDITIONS

ALL = CONDITIONS.all()
_NAMED: dict[str, Any] = {
    "subnets": ("1",),
    "on_premise": ("10.1.0.0/16",),
    "domains": ("council.internal",),
    "security_groups": ("1",),
    "vaults": ("1",),
    "logs": ("1",),
    "alerts": ("1",),
    "keys": ("1",),
    "connections": ("1", "dxvif-1"),
    "windows_licences": "1",
    "windows_cores": 8,
}
ONCE = Patience(connect_seconds=10, answer_seconds=10, attempts=1, longest_pause_seconds=0.1)
AZURE: dict[str, tuple[arm_message.Fault, Reason]] = {
    "throttled": (arm_message.throttled(60), Reason.NOT_TOLD),
    "denied": (arm_message.forbidden(), Reason.NEEDS_PRIVILEGE),
    "busy": (arm_message.busy(), Reason.UNREACHABLE),
    "cut": (arm_message.Fault(cut=True), Reason.UNREACHABLE),
    "malformed": (arm_message.Fault(garbage=b"<html>"), Reason.UNREADABLE),
    "something else": (
        arm_message.Fault(answer=Answer(status=200, body={"hello": "world"})),
        Reason.UNREADABLE,
    ),
}


@dataclass(frozen=True, kw_only=True)
class _Asked(AwsZoneAsked):
    aws: MadeUp

    def client(self, service: str) -> Any:
        return self.aws.answering(super().client(service))


@pytest.fixture(scope="module")
def aws() -> Iterator[MadeUp]:
    """Return an AWS that is never asked over a network."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "made-up")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        reach = AwsReach(settings=AwsSettings(region="eu-west-2", patience=BRIEF))
        yield MadeUp(reach)
        reach.close()


def _judged(name: str, told: object, asked: Landing) -> Outcome:
    if isinstance(told, Unknown):
        return Outcome.UNKNOWN
    result = ALL[name].value.judge(told, asked)
    json.dumps(dict(result.observed))
    return result.outcome


def _ask(aws: MadeUp, name: str, **how: Any) -> tuple[object, Outcome]:
    """Let a reader of AWS ask; return what it told, and how the condition stands by that."""
    aws.words, aws.fault, aws.failing, aws.calls = None, None, 0, []
    for key, value in how.items():
        setattr(aws, key, value)
    asked = landing(server(size="m5.large", windows=True), brings_windows=True, **_NAMED)
    reader = readers(Provider.AWS)[ALL[name].value.aspect]
    aws.ids = ("1",)  # as all else is called that is made up, so that one leads to the other
    question = _Asked(
        aws=aws,
        reach=aws.reach,
        place=AwsPlace(region="eu-west-2"),
        ids=(asked.zone.name,),
        calls=reader.calls,
        zone=asked.zone,
        sizes=("m5.large",),
    )
    told = read(reader, question)[asked.zone.name]
    return told, _judged(name, told, asked)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ALL)
def test_no_fault_of_aws_leaves_a_condition_ready(aws: MadeUp, name: str, fault: str) -> None:
    """At each of its calls: what hangs on it is unknown with the reason, and nothing passes."""
    _ask(aws, name)
    how, reason = FAULTS[fault]
    calls = tuple(aws.calls)
    assert calls
    for number, call in enumerate(calls, start=1):
        told, outcome = _ask(aws, name, fault=how, failing=number)
        assert reason in reasons_in(told), (call, told)
        assert outcome is not Outcome.PASSED, call


@pytest.mark.parametrize("name", ALL)
def test_empty_answers_and_new_words_of_aws_break_nothing(aws: MadeUp, name: str) -> None:
    """Something that is not AWS answers an empty object; enumerations grow."""
    _ask(aws, name)
    for number in range(1, len(aws.calls) + 1):
        _ask(aws, name, fault=empty, failing=number)
    _ask(aws, name, words=NEXT_YEAR)


@pytest.fixture(scope="module")
def arm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoopbackArm]:
    """Return a running Azure with some of everything."""
    with (
        pytest.MonkeyPatch.context() as patch,
        loopback_arm(tmp_path_factory.mktemp("azure")) as running,
    ):
        for name, value in running.environment().items():
            patch.setenv(name, value)
        _furnish(running)
        yield running


def _furnish(arm: LoopbackArm) -> None:
    """Let each kind have one; names of all of them are ``one``."""
    group = f"/subscriptions/{arm.subscription}/resourceGroups/net/providers"

    def one(kind: str, **properties: Any) -> str:
        identifier = f"{group}/{kind}/one"
        row = {"id": identifier, "name": "one", "properties": properties}
        arm.answers.list(f"/subscriptions/[^/]+/providers/{kind}", [row])
        arm.answers.add("GET", identifier, row)
        return identifier

    network = f"{group}/Microsoft.Network/virtualNetworks/one"
    subnet = {"id": f"{network}/subnets/one", "properties": {"addressPrefix": "10.9.0.0/24"}}
    space = {"addressPrefixes": ["10.9.0.0/16"]}
    one("Microsoft.Network/virtualNetworks", addressSpace=space, subnets=[subnet])
    arm.answers.list(f"{network}/usages", [{"id": subnet["id"], "currentValue": 1.0}])
    for kind in ("routeTables", "networkSecurityGroups", "expressRouteCircuits"):
        one(f"Microsoft.Network/{kind}")
    one("Microsoft.Network/connections", connectionStatus="Connected")
    ruleset = one("Microsoft.Network/dnsForwardingRulesets")
    link = {"properties": {"virtualNetwork": {"id": network}}}
    arm.answers.list(f"{ruleset}/virtualNetworkLinks", [link])
    arm.answers.list(f"{ruleset}/forwardingRules", [{"properties": {"domainName": "internal."}}])
    one("Microsoft.Network/privateDnsZones")
    vault = one("Microsoft.RecoveryServices/vaults", provisioningState="Succeeded")
    policy = {"name": "daily", "properties": {"backupManagementType": "AzureIaasVM"}}
    arm.answers.list(f"{vault}/backupPolicies", [policy])
    one("Microsoft.OperationalInsights/workspaces", provisioningState="Succeeded")
    mail = [{"name": "a", "status": "Enabled"}]
    one("Microsoft.Insights/actionGroups", enabled=True, emailReceivers=mail)
    key = f"{group}/Microsoft.KeyVault/vaults/one/keys/one"
    arm.answers.add("GET", key, {"id": key, "properties": {"attributes": {"enabled": True}}})
    named = {"policyDefinitionId": "/policySetDefinitions/one"}
    assignment = {"id": "a", "name": "a", "properties": named}
    where = "/subscriptions/[^/]+/providers/Microsoft.Authorization"
    arm.answers.list(f"{where}/policyAssignments", [assignment])
    for kind in ("policySetDefinitions", "policyDefinitions"):
        arm.answers.list(f"{where}/{kind}", [])
    sku = {
        "resourceType": "virtualMachines",
        "name": "Standard_D2s_v5",
        "family": "standardDSv5Family",
        "locationInfo": [{"location": "uksouth", "zones": ["1"]}],
        "capabilities": [{"name": "vCPUs", "value": "2"}],
    }
    arm.answers.list("/subscriptions/[^/]+/providers/Microsoft.Compute/skus", [sku])
    arm.answers.list("/subscriptions/[^/]+/providers/Microsoft.Compute/locations/.*/usages", [])


def _ask_azure(arm: LoopbackArm, name: str) -> tuple[object, Outcome, int]:
    """Let a reader of Azure ask; return as above, and how often it asked."""
    group = f"/subscriptions/{arm.subscription}/resourceGroups/net/providers"
    network = f"{group}/Microsoft.Network"
    named = _NAMED | {
        "subnets": (f"{network}/virtualNetworks/one/subnets/one",),
        "security_groups": (f"{network}/networkSecurityGroups/one",),
        "vaults": (f"{group}/Microsoft.RecoveryServices/vaults/one",),
        "logs": (f"{group}/Microsoft.OperationalInsights/workspaces/one",),
        "alerts": (f"{group}/Microsoft.Insights/actionGroups/one",),
        "keys": (f"{group}/Microsoft.KeyVault/vaults/one/keys/one",),
        "connections": (f"{network}/expressRouteCircuits/one", f"{network}/connections/one"),
    }
    needed = server(size="Standard_D2s_v5", windows=True)
    asked = landing(needed, cloud="azure", account=arm.subscription, brings_windows=True, **named)
    reader = readers(Provider.AZURE)[ALL[name].value.aspect]
    before = len(arm.log)
    with AzureReach(settings=azure_settings(arm, ONCE)) as reach:
        question = AzureZoneAsked(
            reach=reach,
            place=arm.subscription,
            ids=(asked.zone.name,),
            calls=reader.calls,
            zone=asked.zone,
            sizes=("Standard_D2s_v5",),
        )
        told = read(reader, question)[asked.zone.name]
    requests = sum(path.startswith("/subscriptions") for _, path in arm.log[before:])
    return told, _judged(name, told, asked), requests


@pytest.mark.parametrize("fault", AZURE)
@pytest.mark.parametrize("name", ALL)
def test_no_fault_of_azure_leaves_a_condition_ready(
    arm: LoopbackArm, name: str, fault: str
) -> None:
    """At each of its requests: what hangs on it is unknown with the reason, and nothing passes."""
    arm.behave()
    _, _, requests = _ask_azure(arm, name)
    how, reason = AZURE[fault]
    assert requests
    for number in range(requests):
        arm.behave()
        arm.misbehave(arm_message.Fault(), times=number)
        arm.misbehave(how)
        told, outcome, _ = _ask_azure(arm, name)
        assert reason in reasons_in(told), (number + 1, told)
        assert outcome is not Outcome.PASSED, number + 1
    arm.behave()
