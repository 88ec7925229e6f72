"""What AWS and Azure say of a server is read as they write it, and never for more than it says.

The answers have the shape of public recordings (Cloud Custodian's tests, which real accounts
answered) and of the providers' references; their values are made. Each test says why what is
expected follows from what was said.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from inventory.model.fact import Reason, Unknown
from migrate.clouds.aws_readers import agents, capacity, disks, exposure, health, machine
from migrate.clouds.azure_readers import _rules, deletion_protection
from migrate.clouds.azure_readers import agents as azure_agents
from migrate.clouds.azure_readers import disks as azure_disks
from migrate.clouds.openness import is_internet, is_routed
from migrate.clouds.readers import each_read
from migrate.model.target import Machine
from migrate.model.target_disks import KeyOwner
from migrate.model.target_exposure import Exposure, Opening
from migrate.model.target_health import Condition

GROUP = "sg-0123456789abcdef0"
DENIED = Unknown(reason=Reason.NEEDS_PRIVILEGE, detail="kms:DescribeKey")


def instance(**more: object) -> dict[str, Any]:
    """Return an instance as DescribeInstances tells it."""
    return {
        "InstanceId": "i-0123456789abcdef0",
        "InstanceType": "t3.medium",
        "State": {"Code": 16, "Name": "running"},
        "Placement": {"AvailabilityZone": "eu-west-2a", "Tenancy": "default"},
        "VpcId": "vpc-1",
        "SubnetId": "subnet-1",
        "PrivateIpAddress": "10.1.0.4",
        "LaunchTime": datetime(2026, 11, 20, 8, 0, tzinfo=UTC),
        "CpuOptions": {"CoreCount": 1, "ThreadsPerCore": 2},
        "SecurityGroups": [{"GroupId": GROUP, "GroupName": "web"}],
        "NetworkInterfaces": [
            {
                "NetworkInterfaceId": "eni-1",
                "SubnetId": "subnet-1",
                "VpcId": "vpc-1",
                "Groups": [{"GroupId": GROUP, "GroupName": "web"}],
                "Ipv6Addresses": [],
                "PrivateIpAddresses": [{"PrivateIpAddress": "10.1.0.4", "Primary": True}],
            }
        ],
        **more,
    }


def group(*rules: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return security groups by id: one, with these rules for incoming traffic."""
    return {GROUP: {"GroupId": GROUP, "GroupName": "web", "IpPermissions": list(rules)}}


def rule(protocol: str = "tcp", first: int = 22, last: int = 22, **sources: Any) -> dict[str, Any]:
    """Return a rule as DescribeSecurityGroups tells it: rules for all protocols have no ports."""
    ports = {} if protocol == "-1" else {"FromPort": first, "ToPort": last}
    nothing: dict[str, Any] = {"IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": []}
    return {"IpProtocol": protocol, "UserIdGroupPairs": [], **nothing, **ports, **sources}


ANYBODY = {"IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "made"}]}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (rule(**ANYBODY), ["22/tcp"]),
        (rule("tcp", 0, 65535, **ANYBODY), ["every port of tcp"]),
        (rule("-1", **ANYBODY), ["every port of any"]),
        (rule("udp", 60000, 62000, **ANYBODY), ["60000-62000/udp"]),
        (rule("icmp", -1, -1, **ANYBODY), ["every port of icmp"]),
        (rule("icmp", 8, -1, **ANYBODY), ["every port of icmp"]),
        (rule("50", **ANYBODY), ["every port of 50"]),
        (rule(Ipv6Ranges=[{"CidrIpv6": "::/0"}]), ["22/tcp"]),
        (rule(IpRanges=[{"CidrIp": "10.0.0.0/8"}]), []),
        (rule(IpRanges=[{"CidrIp": "198.51.100.0/24"}]), []),
        (rule(UserIdGroupPairs=[{"GroupId": GROUP}]), []),
    ],
)
def test_rules_of_a_security_group(said: dict[str, Any], expected: list[str]) -> None:
    """Only sources that strangers are in open anything; a protocol is told as AWS numbers it."""
    told = exposure.exposure(instance(), group(said), {})
    assert isinstance(told, Exposure)
    assert [str(each) for each in told.openings] == expected


def test_a_group_or_list_that_is_not_told_leaves_the_exposure_unknown() -> None:
    """A shared network's group may be another account's: not seeing its rules is not "closed"."""
    unseen = exposure.exposure(instance(), {}, {})
    listed = group(rule(PrefixListIds=[{"PrefixListId": "pl-1"}]))
    denied = exposure.exposure(instance(), listed, {"pl-1": DENIED})
    assert isinstance(unseen, Unknown)
    assert GROUP in unseen.detail
    assert denied == DENIED


def test_every_address_that_the_internet_routes_is_public() -> None:
    """Elastic addresses of second interfaces count, and so do IPv6 ones, which have no other."""
    second = {
        "NetworkInterfaceId": "eni-2",
        "Groups": [{"GroupId": GROUP}],
        "Ipv6Addresses": [{"Ipv6Address": "2a05:d01c::5"}, {"Ipv6Address": "fd00::5"}],
        "PrivateIpAddresses": [
            {"PrivateIpAddress": "10.1.0.5", "Association": {"PublicIp": "203.0.113.7"}}
        ],
    }
    said = instance(NetworkInterfaces=[*instance()["NetworkInterfaces"], second])
    told = exposure.exposure(said, group(), {})
    assert isinstance(told, Exposure)
    assert told.public_addresses == ("203.0.113.7", "2a05:d01c::5")


def test_an_interface_without_a_group_leaves_the_exposure_unknown() -> None:
    """Each has one at the least: where EC2 names none, its rules are not seen."""
    bare = {"NetworkInterfaceId": "eni-2"}
    said = instance(NetworkInterfaces=[*instance()["NetworkInterfaces"], bare])
    told = exposure.exposure(said, group(), {})
    assert isinstance(told, Unknown)
    assert "eni-2" in told.detail


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("0.0.0.0/0", True),
        ("0.0.0.0/1", True),
        ("11.0.0.0/8", True),
        ("81.2.0.0/15", True),
        ("81.2.0.0/16", False),
        ("10.0.0.0/8", False),
        ("172.16.0.0/12", False),
        ("172.0.0.0/8", True),
        ("::/0", True),
        ("2a00::/12", True),
        ("2a00:23c0::/32", False),
        ("fd00::/8", False),
    ],
)
def test_what_the_internet_is(prefix: str, expected: bool) -> None:  # noqa: FBT001
    """Every range that strangers are in, halves of everything too; no private one."""
    assert is_internet(prefix) is expected


def test_which_addresses_of_ipv6_are_routed() -> None:
    """Global unicast alone: neither unique local nor link-local ones."""
    routed = [is_routed(each) for each in ("2a05:d01c::5", "fd00::5", "fe80::1", "10.0.0.1")]
    assert routed == [True, False, False, False]


def test_one_instance_that_cannot_be_read_costs_only_itself() -> None:
    """A recording of an account holds one cut short, without its state: the other is told."""
    cut = {"InstanceId": "i-2"}
    told = each_read(
        {"i-1": instance(), "i-2": cut}, lambda said: machine.machine(said, "eu-west-2")
    )
    assert isinstance(told["i-1"], Machine)
    assert isinstance(told["i-2"], Unknown)
    assert told["i-2"].reason is Reason.UNREADABLE


def test_old_answers_without_metadata_options_tell_none() -> None:
    """Two in three recorded instances have no MetadataOptions: that is not "optional"."""
    assert machine.machine(instance(), "eu-west-2").metadata is None
    options = {"State": "pending", "HttpTokens": "optional", "HttpEndpoint": "enabled"}
    told = machine.machine(instance(MetadataOptions=options), "eu-west-2").metadata
    assert told
    assert (told.tokens, told.state, told.hop_limit) == ("optional", "pending", None)


def test_processors_that_are_switched_off_do_not_count() -> None:
    """CPU options of the instance go before what its type has; a new type tells no memory."""
    type_ = {"VCpuInfo": {"DefaultVCpus": 8}, "MemoryInfo": {"SizeInMiB": 32_768}}
    halved = instance(CpuOptions={"CoreCount": 4, "ThreadsPerCore": 1})
    assert capacity.capacity(halved, type_).vcpus == 4
    assert capacity.capacity(instance(CpuOptions={}), type_).vcpus == 8
    assert isinstance(capacity.capacity(instance(), {}).memory_bytes, Unknown)


def _volume(**more: object) -> dict[str, Any]:
    return {"VolumeId": "vol-1", "Size": 8, "Encrypted": True, "KmsKeyId": "arn", **more}


@pytest.mark.parametrize(
    ("key", "owner", "state"),
    [
        ({"KeyManager": "AWS", "KeyState": "Enabled"}, KeyOwner.PROVIDER, "Enabled"),
        ({"KeyManager": "CUSTOMER", "KeyState": "Enabled"}, KeyOwner.CUSTOMER, "Enabled"),
        ({"KeyManager": "CUSTOMER", "KeyState": "PendingImport"}, KeyOwner.CUSTOMER, "PendingImp"),
        ({"KeyManager": "PARTNER", "KeyState": "Enabled"}, None, "Enabled"),
        (DENIED, None, None),
    ],
)
def test_whose_key_a_volume_has(
    key: dict[str, str] | Unknown, owner: KeyOwner | None, state: str | None
) -> None:
    """KMS says who manages a key; a new manager, or a key that may not be described, is unknown."""
    (told,) = disks.disks([_volume()], {"arn": key}).disks
    assert told.encrypted is True
    assert told.key_owner == owner if owner else isinstance(told.key_owner, Unknown)
    assert str(told.key_state).startswith(state or "unknown")


def test_a_volume_in_the_clear_has_no_key() -> None:
    """Neither an owner nor a state is made up; encryption by a key that is not named is unknown."""
    (clear,) = disks.disks([_volume(Encrypted=False, KmsKeyId=None)], {}).disks
    (unnamed,) = disks.disks([_volume(KmsKeyId=None)], {}).disks
    assert (clear.encrypted, clear.key_owner, clear.key_state) == (False, None, None)
    assert isinstance(unnamed.key_owner, Unknown)


def test_status_checks_and_events() -> None:
    """Words that are new say nothing; events that are over are left out, retirement ends it."""
    begins = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    said = {
        "InstanceId": "i-1",
        "SystemStatus": {"Status": "ok"},
        "InstanceStatus": {"Status": "impaired"},
        "AttachedEbsStatus": {"Status": "initializing"},
        "Events": [
            {"Code": "system-reboot", "Description": "[Completed] The instance was rebooted"},
            {"Code": "system-maintenance", "Description": "scheduled", "NotBefore": begins},
            {"Code": "instance-retirement", "Description": "degraded hardware"},
        ],
    }
    told = health.health(said)
    assert [(each.name, each.condition) for each in told.checks] == [
        ("system", Condition.WELL),
        ("instance", Condition.ILL),
        ("attached disks", Condition.UNTOLD),
    ]
    assert told.announced == ("system-maintenance from 2026-12-01 02:00 UTC",)
    assert told.ending == ("instance-retirement",)


def test_the_ssm_agent_as_it_was_recorded() -> None:
    """Online and Success are well; an agent without associations carries nothing."""
    heard = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    said: dict[str, Any] = {
        "InstanceId": "i-1",
        "PingStatus": "Online",
        "LastPingDateTime": heard,
        "AgentVersion": "2.3.274.0",
        "AssociationStatus": "Success",
    }
    told = agents.agent(said)
    assert told.agent
    assert (told.agent.condition, told.version, told.heard) == (
        Condition.WELL,
        "2.3.274.0",
        heard,
    )
    assert [each.condition for each in told.carried] == [Condition.WELL]
    del said["AssociationStatus"]
    assert agents.agent(said).carried == ()
    assert agents.agent(said | {"PingStatus": "Dozing"}).agent != told.agent


def nsg_rule(
    name: str,
    priority: int,
    access: str,
    source: str | list[str],
    ports: str | list[str],
    protocol: str = "*",
    **more: object,
) -> dict[str, Any]:
    """Return a rule as Azure writes it: one value or several, never both."""
    told: dict[str, Any] = {
        "protocol": protocol,
        "access": access,
        "priority": priority,
        "direction": "Inbound",
        "sourcePortRange": "*",
        "destinationAddressPrefix": "*",
    }
    told |= {"sourceAddressPrefixes" if isinstance(source, list) else "sourceAddressPrefix": source}
    told |= {"destinationPortRanges" if isinstance(ports, list) else "destinationPortRange": ports}
    return {"name": name, "properties": told | more}


DEFAULTS = [
    nsg_rule("AllowVnetInBound", 65000, "Allow", "VirtualNetwork", "*"),
    nsg_rule("AllowAzureLoadBalancerInBound", 65001, "Allow", "AzureLoadBalancer", "*"),
    nsg_rule("DenyAllInBound", 65500, "Deny", "*", "*"),
]


def group_of(*rules: dict[str, Any]) -> dict[str, Any]:
    """Return a group with these rules and Azure's own."""
    told = {"securityRules": list(rules), "defaultSecurityRules": DEFAULTS}
    return {"name": "web", "properties": told}


def opened(*rules: dict[str, Any], address: str = "10.1.0.4") -> list[str]:
    """Return what a group with these rules and Azure's own lets the internet reach."""
    return [str(each) for each in _rules.open_to_internet(group_of(*rules), [address])]


def test_a_recorded_group_whose_denial_comes_first() -> None:
    """As in the recording: 8086 is denied at 290, before a rule at 310 allows it among others.

    8080 to 8084 stay open by that rule, 80 by another; 22 is denied, and nothing else is allowed
    before Azure's last rule denies all. Rules for any protocol open TCP and UDP alike.
    """
    ports = opened(
        nsg_rule("a", 300, "Allow", "*", "80"),
        nsg_rule("b", 310, "Allow", "*", ["8080-8084", "8086"]),
        nsg_rule("c", 290, "Deny", "*", "8086"),
        nsg_rule("d", 320, "Deny", "*", "22", "TCP"),
    )
    assert ports == ["80/tcp", "8080-8084/tcp", "80/udp", "8080-8084/udp"]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([], []),
        ([nsg_rule("a", 100, "Allow", "Internet", "443", "Tcp")], ["443/tcp"]),
        ([nsg_rule("a", 100, "Allow", "10.0.0.0/8", "*", "Tcp")], []),
        ([nsg_rule("a", 100, "Allow", "VirtualNetwork", "*")], []),
        ([nsg_rule("a", 100, "Allow", "AzureCloud.uksouth", "22", "Tcp")], ["22/tcp"]),
        ([nsg_rule("a", 100, "Allow", ["10.0.0.0/8", "0.0.0.0/1"], "22", "Tcp")], ["22/tcp"]),
        ([nsg_rule("a", 100, "Allow", "*", "*", "Icmp")], ["every port of icmp"]),
        (
            [
                nsg_rule("a", 100, "Deny", "*", "0-1023", "*"),
                nsg_rule("b", 200, "Allow", "*", "*", "Tcp"),
            ],
            ["1024-65535/tcp"],
        ),
        (
            [
                nsg_rule("a", 100, "Deny", "81.2.0.0/15", "*", "*"),
                nsg_rule("b", 200, "Allow", "*", "22", "Tcp"),
            ],
            ["22/tcp"],
        ),
        (
            [
                nsg_rule("a", 100, "Deny", "*", "*", "*", sourcePortRange="1024"),
                nsg_rule("b", 200, "Allow", "*", "22", "Tcp"),
            ],
            ["22/tcp"],
        ),
        ([nsg_rule("a", 100, "Allow", "*", "22", "Tcp", direction="Outbound")], []),
        ([nsg_rule("a", 100, "Allow", "*", "22", destinationAddressPrefix="10.9.0.0/16")], []),
        (
            [nsg_rule("a", 100, "Allow", "*", "22", "Tcp", destinationAddressPrefix="10.1.0.4")],
            ["22/tcp"],
        ),
        (
            [
                nsg_rule("a", 100, "Deny", "*", "*", destinationAddressPrefix="10.9.0.0/16"),
                nsg_rule("b", 200, "Allow", "*", "22", "Tcp"),
            ],
            ["22/tcp"],
        ),
    ],
)
def test_rules_of_a_network_security_group(
    rules: list[dict[str, Any]], expected: list[str]
) -> None:
    """Priority decides; a denial counts only where it denies everybody, here, from every port."""
    assert opened(*rules) == expected


def test_a_rule_that_does_something_new_is_not_taken_for_a_denial() -> None:
    """Whoever reads it is told that it cannot be read, and so that the exposure is unknown."""
    rules = {"web": nsg_rule("a", 100, "AllowWithCare", "*", "22")}
    told = each_read(rules, lambda said: _rules.open_to_internet(group_of(said), [])[0])
    assert isinstance(told["web"], Unknown)


def test_two_filters_let_through_what_both_do() -> None:
    """Ports are cut to those that both open, and both rules are named."""

    def opening(protocol: str, first: int, last: int, name: str) -> Opening:
        return Opening(protocol=protocol, first=first, last=last, source="*", rule=name)

    through = _rules.both(
        [opening("tcp", 80, 443, "subnet/a"), opening("udp", 53, 53, "subnet/b")],
        [opening("tcp", 443, 500, "card/c"), opening("tcp", 22, 22, "card/d")],
    )
    assert [str(each) for each in through] == ["443/tcp"]
    assert through[0].rule == "subnet/a and card/c"


VM = "/subscriptions/1/resourceGroups/Prod/providers/Microsoft.Compute/virtualMachines/web-1"


def test_a_recorded_machine_whose_agent_is_ready_and_one_extension_failed() -> None:
    """As in the recording of a session host: the agent answers, but the domain was not joined.

    Azure calls the agent ``Ready`` and that extension ``failed/1``: what the agent carries failed,
    though the machine runs and every other extension succeeded. Messages, which name accounts and
    domains, are not told.
    """

    def extension(name: str, code: str, message: str) -> dict[str, Any]:
        status = {"code": f"ProvisioningState/{code}", "level": "Info", "message": message}
        return {"name": name, "typeHandlerVersion": "1.3.11", "statuses": [status]}

    ready = {
        "code": "ProvisioningState/succeeded",
        "level": "Info",
        "displayStatus": "Ready",
        "message": "GuestAgent is running and processing the extensions.",
        "time": "2026-11-23T11:59:33.885+00:00",
    }
    view = {
        "vmAgent": {"vmAgentVersion": "2.7.41491.1095", "statuses": [ready]},
        "extensions": [
            extension("joindomain", "failed/1", "Failed to join domain, user='somebody'"),
            extension("MDE.Windows", "succeeded", "onboarded"),
        ],
    }
    told = azure_agents.agent(view)
    assert told.agent
    assert told.agent.condition is Condition.WELL
    assert told.heard == datetime(2026, 11, 23, 11, 59, 33, 885_000, tzinfo=UTC)
    assert [(each.name, each.condition, each.said) for each in told.carried] == [
        ("extension joindomain", Condition.ILL, "failed/1"),
        ("extension MDE.Windows", Condition.WELL, "succeeded"),
    ]
    assert "somebody" not in repr(told)


def test_a_machine_without_an_agent_or_with_one_that_says_nothing() -> None:
    """No agent is told as none; one without any status, or an extension without, says nothing."""
    silent = azure_agents.agent({"vmAgent": {"statuses": []}, "extensions": [{"name": "one"}]})
    assert azure_agents.agent({}).agent is None
    assert silent.agent
    assert (silent.agent.condition, silent.heard) == (Condition.UNTOLD, None)
    assert [each.condition for each in silent.carried] == [Condition.UNTOLD]


@pytest.mark.parametrize(
    ("encryption", "owner"),
    [
        ({"type": "EncryptionAtRestWithPlatformKey"}, KeyOwner.PROVIDER),
        (None, None),
        ({}, None),
    ],
)
def test_recorded_disks_of_old_interfaces_do_not_tell_their_encryption(
    encryption: dict[str, str] | None, owner: KeyOwner | None
) -> None:
    """Twelve of forty recorded disks have no ``encryption``: that is neither yes nor no."""
    disk = VM.replace("virtualMachines/web-1", "disks/os")
    told: dict[str, Any] = {"diskSizeGB": 30, "diskState": "Attached"}
    if encryption is not None:
        told["encryption"] = encryption
    vm = {"properties": {"storageProfile": {"osDisk": {"managedDisk": {"id": disk.upper()}}}}}
    (found,) = azure_disks.disks(vm, {disk.lower(): {"id": disk, "properties": told}}).disks
    assert found.size_bytes == 30 * 2**30
    assert found.key_owner is owner if owner else isinstance(found.key_owner, Unknown)
    assert found.encrypted is True if owner else isinstance(found.encrypted, Unknown)


@pytest.mark.parametrize(
    ("scope", "level", "expected"),
    [
        ("/subscriptions/1", "CanNotDelete", True),
        ("/subscriptions/1/resourceGroups/prod", "ReadOnly", True),
        (VM, "CanNotDelete", True),
        (VM, "NotSpecified", False),
        ("/subscriptions/1/resourceGroups/prod-2", "CanNotDelete", False),
        (f"{VM}/extensions/one", "CanNotDelete", False),
        (
            "/subscriptions/1/resourceGroups/prod/providers/Microsoft.Sql/servers/a",
            "ReadOnly",
            False,
        ),
    ],
)
def test_which_recorded_locks_cover_a_machine(scope: str, level: str, expected: bool) -> None:  # noqa: FBT001
    """A lock covers what its scope holds: ids without regard to case, whole names alone."""
    lock = {
        "id": f"{scope}/providers/Microsoft.Authorization/locks/keep",
        "name": "keep",
        "properties": {"level": level},
    }
    found = deletion_protection.protection({"id": VM}, [lock])
    assert found.on is expected
    assert found.by == ((f"keep ({level})",) if expected else ())
