"""What readers of landing zones make of what AWS and Azure say, replayed in full and in part.

The answers are in the shape of the providers' references, with made values (format as documented).
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from landings import NOT_TOLD

from inventory.model.fact import Reason, Unknown
from migrate.clouds.aws_zones._transit import route, table_of
from migrate.clouds.aws_zones.backups import backups
from migrate.clouds.aws_zones.connections import interfaces, vpns
from migrate.clouds.aws_zones.firewalls import firewalls
from migrate.clouds.aws_zones.keys import key
from migrate.clouds.aws_zones.names import resolution
from migrate.clouds.aws_zones.policies import policies
from migrate.clouds.aws_zones.quotas import STANDARD, quota_of, quotas
from migrate.clouds.aws_zones.routes import Around, routes
from migrate.clouds.aws_zones.tags import tag_rules
from migrate.clouds.azure_zones._policy import Planned, holds
from migrate.clouds.azure_zones.firewalls import open_to_world
from migrate.clouds.azure_zones.subnets import subnet
from migrate.model.landing_policies import Policies, Restriction
from migrate.model.landing_routes import Route, Via
from migrate.model.landing_tags import Demand


@pytest.mark.parametrize(
    ("size", "code"),
    [
        ("m5.large", STANDARD),
        ("im4gn.xlarge", STANDARD),
        ("is4gen.large", STANDARD),
        ("t3.micro", STANDARD),
        ("x2iedn.xlarge", "L-7295265B"),
        ("u7i-12tb.224xlarge", "L-43DA4232"),
        ("u-6tb1.metal", "L-43DA4232"),
        ("g5.xlarge", "L-DB2E81BA"),
        ("gr6.4xlarge", "L-DB2E81BA"),
        ("hpc7g.4xlarge", "L-F7808C92"),
        ("inf2.xlarge", "L-1945791B"),
        ("trn1.2xlarge", "L-2C3B7624"),
        ("p5.48xlarge", "L-417A185B"),
        ("dl1.24xlarge", "L-6E869C2A"),
        ("mac2.metal", None),
        ("q9.large", None),
        ("", None),
    ],
)
def test_a_size_counts_against_its_familys_quota(size: str, code: str | None) -> None:
    """Families that begin alike have quotas of their own; one that is new to us has none."""
    assert quota_of(size) == code


def _limit(code: str, value: float) -> dict[str, Any]:
    return {"QuotaCode": code, "QuotaName": code, "Value": value}


def test_spot_instances_have_quotas_of_their_own() -> None:
    """They are left out; of a default and an applied quota the applied one counts."""
    running = [
        {"InstanceType": "m5.large"},
        {"InstanceType": "m5.large", "InstanceLifecycle": "spot"},
    ]
    described = [{"InstanceType": "m5.large", "VCpuInfo": {"DefaultVCpus": 2}}]
    volumes = [{"VolumeType": "gp3", "Size": 512}, {"VolumeType": "gp9", "Size": 1}]
    said = quotas(
        [_limit(STANDARD, 5), _limit(STANDARD, 64)], running, described, volumes, ["q9.large"]
    )
    by_id = {each.id: each for each in said.quotas}
    assert (by_id[STANDARD].limit, by_id[STANDARD].used) == (64, 2)
    assert by_id["L-7A658B76"].used == 0.5
    assert isinstance(by_id["L-7A658B76"].limit, Unknown)
    assert isinstance(said.of_size["q9.large"], Unknown)


def test_a_type_that_is_not_described_leaves_what_runs_unknown() -> None:
    """It is not counted as nothing."""
    said = quotas([_limit(STANDARD, 64)], [{"InstanceType": "m9.large"}], [], [], [])
    used = next(each.used for each in said.quotas if each.id == STANDARD)
    assert isinstance(used, Unknown)
    assert "m9.large" in used.detail


AROUND = Around(beyond={("tgw-1", "vpc-1"): ()})


@pytest.mark.parametrize(
    ("said", "via"),
    [
        ({"GatewayId": "local", "State": "active"}, Via.INSIDE),
        ({"GatewayId": "igw-1", "State": "active"}, Via.INTERNET),
        ({"GatewayId": "vgw-1", "State": "active"}, Via.ON_PREMISE),
        ({"NatGatewayId": "nat-1", "State": "active"}, Via.INTERNET),
        ({"TransitGatewayId": "tgw-1", "State": "active"}, Via.ON_PREMISE),
        ({"TransitGatewayId": "tgw-1", "State": "blackhole"}, Via.BLACKHOLE),
        ({"VpcPeeringConnectionId": "pcx-1", "State": "active"}, Via.INSIDE),
        ({"NetworkInterfaceId": "eni-1", "State": "active"}, Via.APPLIANCE),
        ({"CarrierGatewayId": "cagw-1", "State": "active"}, Via.OTHER),
        ({"CarrierGatewayId": "cagw-1", "State": "blackhole"}, Via.BLACKHOLE),
    ],
)
def test_what_a_route_leads_to_is_read_of_its_target(said: Any, via: Via) -> None:
    """A target that is gone is a blackhole, and one that is new to us leads nowhere we know."""
    table = {
        "VpcId": "vpc-1",
        "Associations": [{"Main": True}],
        "Routes": [{"DestinationCidrBlock": "10.0.0.0/8", **said}],
    }
    told = routes([{"SubnetId": "subnet-1", "VpcId": "vpc-1"}], [table], AROUND)
    (way,) = told.routes["subnet-1"]  # type: ignore[misc]
    assert (way.prefix, way.via) == ("10.0.0.0/8", via)


def _by_list(around: Around, **said: str) -> tuple[Route, ...] | Unknown:
    table = {
        "VpcId": "vpc-1",
        "Associations": [{"Main": True}],
        "Routes": [
            {"DestinationCidrBlock": "10.0.0.0/8", "GatewayId": "vgw-1"},
            {"DestinationPrefixListId": "pl-1", "State": "active", **said},
        ],
    }
    return routes([{"SubnetId": "subnet-1", "VpcId": "vpc-1"}], [table], around).routes["subnet-1"]


def test_a_route_by_a_list_is_one_for_each_of_its_prefixes() -> None:
    """They take packets from shorter ones, as any other route does."""
    told = _by_list(Around(lists={"pl-1": ("10.1.0.0/16", "10.2.0.0/16")}), NatGatewayId="nat-1")
    assert not isinstance(told, Unknown)
    assert [(each.prefix, each.via) for each in told] == [
        ("10.0.0.0/8", Via.ON_PREMISE),
        ("10.1.0.0/16", Via.INTERNET),
        ("10.2.0.0/16", Via.INTERNET),
    ]


def test_a_list_that_cannot_be_read_leaves_the_way_unknown() -> None:
    """It may hold anything; but a gateway endpoint's holds its service's addresses alone."""
    denied = Unknown(reason=Reason.NEEDS_PRIVILEGE, detail="no")
    assert _by_list(Around(lists={"pl-1": denied}), NatGatewayId="nat-1") == denied
    told = _by_list(Around(), GatewayId="vpce-1")
    assert not isinstance(told, Unknown)
    assert [each.via for each in told] == [Via.ON_PREMISE, Via.OTHER]


def test_a_core_network_is_not_taken_for_the_data_centre() -> None:
    """Where it leads is not read, and said to be unknown."""
    told = _by_list(Around(lists={"pl-1": ("10.1.0.0/16",)}), CoreNetworkArn="arn:aws:1")
    assert not isinstance(told, Unknown)
    assert isinstance(told[1].beyond, Unknown)


def _attached(**said: Any) -> dict[str, Any]:
    """Return an attachment. Format as documented: DescribeTransitGatewayAttachments."""
    return {
        "TransitGatewayId": "tgw-1",
        "TransitGatewayOwnerId": "210987654321",
        "ResourceId": "vpc-1",
        "ResourceType": "vpc",
        **said,
    }


def test_a_gateways_table_is_that_of_the_networks_attachment() -> None:
    """Whose gateway it is, is named where the table is not told: only the owner is told."""
    mine = _attached(Association={"TransitGatewayRouteTableId": "tgw-rtb-1", "State": "associated"})
    other = _attached(ResourceId="vpc-2", Association={"TransitGatewayRouteTableId": "tgw-rtb-2"})
    assert table_of([other, mine], "tgw-1", "vpc-1") == "tgw-rtb-1"
    untold = table_of([other, _attached()], "tgw-1", "vpc-1")
    assert isinstance(untold, Unknown)
    assert "which is account 210987654321's" in untold.detail
    assert isinstance(table_of([other], "tgw-1", "vpc-1"), Unknown)


@pytest.mark.parametrize(
    ("kinds", "state", "via"),
    [
        (["vpn"], "active", Via.ON_PREMISE),
        (["vpn", "direct-connect-gateway"], "active", Via.ON_PREMISE),
        (["vpn", "vpc"], "active", Via.APPLIANCE),
        (["vpc"], "active", Via.NETWORK),
        (["peering"], "active", Via.APPLIANCE),
        (["word-of-next-year"], "active", Via.APPLIANCE),
        ([], "blackhole", Via.BLACKHOLE),
        (["vpn"], "blackhole", Via.BLACKHOLE),
    ],
)
def test_where_a_gateway_sends_packets_on(kinds: list[str], state: str, via: Via) -> None:
    """Through all of its attachments, which may be several of equal cost."""
    attached = [{"ResourceType": each, "ResourceId": "there"} for each in kinds]
    said = {"DestinationCidrBlock": "10.0.0.0/8", "State": state, "Type": "propagated"}
    assert route({**said, "TransitGatewayAttachments": attached}).via is via


def test_a_subnet_without_a_table_is_unknown() -> None:
    """Neither its own nor its network's main table was told."""
    told = routes([{"SubnetId": "subnet-1", "VpcId": "vpc-1"}], [], AROUND)
    assert isinstance(told.routes["subnet-1"], Unknown)


def test_name_servers_of_dhcp_options_are_told() -> None:
    """The provider's own is none of them; a rule that failed is broken, and forwards nothing."""
    options = [
        {
            "DhcpConfigurations": [
                {"Key": "domain-name", "Values": [{"Value": "council.internal"}]},
                {
                    "Key": "domain-name-servers",
                    "Values": [{"Value": "AmazonProvidedDNS"}, {"Value": "10.1.0.53"}],
                },
            ]
        }
    ]
    good = {"DomainName": "Council.Internal.", "RuleType": "FORWARD", "Status": "COMPLETE"}
    bad = {"DomainName": "hr.internal.", "RuleType": "FORWARD", "Status": "FAILED"}
    system = {"DomainName": "aws.internal.", "RuleType": "SYSTEM", "Status": "COMPLETE"}
    told = resolution(
        support=True,
        hostnames=False,
        options=options,
        rules=((good, "COMPLETE"), (bad, "COMPLETE"), (system, "COMPLETE"), (good, "CREATING")),
        zones=("shop.internal.",),
    )
    assert told.servers == ("10.1.0.53",)
    assert told.forwarded == ("council.internal", "shop.internal")
    assert told.broken == (
        "hr.internal.: rule FAILED, here COMPLETE",
        "Council.Internal.: rule COMPLETE, here CREATING",
    )
    dark = resolution(support=True, hostnames=True, options=(), rules=NOT_TOLD, zones=())
    assert dark.forwarded is NOT_TOLD


def test_every_kind_of_opening_is_read() -> None:
    """All protocols, ranges of ports, and protocols without ports."""

    def rule(protocol: str, **more: Any) -> dict[str, Any]:
        return {"IpProtocol": protocol, "IpRanges": [{"CidrIp": "0.0.0.0/0"}], **more}

    said = [
        rule("-1"),
        rule("tcp", FromPort=80, ToPort=81),
        rule("icmp", FromPort=-1, ToPort=-1),
        {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
        {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-2"}]},
    ]
    told = firewalls([{"GroupId": "sg-1", "IpPermissions": said}]).open_to_world["sg-1"]
    assert [str(each) for each in told] == ["everything", "tcp 80-81", "every port of icmp"]


@pytest.mark.parametrize(
    ("rule", "demand"),
    [
        (
            {"tag_key": "Cost", "tag_value": ["IT"], "enforced_for": ["ec2:instance"]},
            Demand(policy="the tag policy, which is enforced", values=("IT",)),
        ),
        (
            {"tag_key": {"@@assign": "Cost"}, "tag_value": {"@@assign": ["IT"]}},
            Demand(policy="the tag policy", values=("IT",)),
        ),
        ({"tag_key": "Cost"}, Demand(policy="the tag policy")),
        (
            {"tag_key": "Cost", "report_required_tag_for": ["ec2:instance"]},
            Demand(policy="the tag policy", required=True),
        ),
    ],
)
def test_tag_policies_are_read(rule: Any, demand: Demand) -> None:
    """As effective policies write them, and with the operators of those they are made from."""
    assert tag_rules(json.dumps({"tags": {"cost": rule}})).demands == {"Cost": (demand,)}


def _policy(*statements: dict[str, Any]) -> Policies:
    full = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [full, *statements]})
    return policies([("r-ab12", [("ours", text)])])


def _deny(action: Any = "ec2:*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": "*", **more}


_WHERE = "ours on r-ab12"


@pytest.mark.parametrize(
    ("statement", "restriction"),
    [
        (
            _deny(Condition={"StringNotEquals": {"aws:RequestedRegion": "eu-west-2"}}),
            Restriction(policy=_WHERE, regions=("eu-west-2",)),
        ),
        (
            _deny(
                "ec2:RunInstances",
                Condition={"StringNotLike": {"ec2:InstanceType": ["t3.*", "m5.*"]}},
            ),
            Restriction(policy=_WHERE, sizes=("t3.*", "m5.*")),
        ),
        (
            _deny(Condition={"StringLike": {"ec2:InstanceType": "*.metal"}}),
            Restriction(policy=_WHERE, never_sizes=("*.metal",)),
        ),
        (
            _deny(
                Condition={
                    "StringNotEquals": {"aws:RequestedRegion": "eu-west-2"},
                    "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/Admin"},
                }
            ),
            Restriction(
                policy=_WHERE, regions=("eu-west-2",), unless="ArnNotLike aws:PrincipalArn"
            ),
        ),
        (
            _deny(
                "ec2:RunInstances",
                Resource="arn:aws:ec2:*:*:instance/*",
                Condition={"Null": {"aws:RequestTag/Cost": "true", "aws:RequestTag/Owner": True}},
            ),
            Restriction(policy=_WHERE, without_tags=("Cost", "Owner")),
        ),
        (
            _deny("EC2:RunInstances"),
            Restriction(policy=_WHERE, forbids="ec2:RunInstances"),
        ),
    ],
)
def test_denials_are_read(statement: Any, restriction: Restriction) -> None:
    """By region and size, and whole ones; further conditions are told."""
    assert _policy(statement) == Policies(restrictions=(restriction,))


@pytest.mark.parametrize(
    "statement",
    [
        _deny("s3:*"),
        _deny("iam:CreateUser"),
        {"Effect": "Deny", "NotAction": ["ec2:*"], "Resource": "*"},
    ],
)
def test_denials_of_other_things_do_not_count(statement: Any) -> None:
    """Nothing of them bears on making a server."""
    assert _policy(statement) == Policies(restrictions=())


def test_a_denial_by_other_conditions_is_not_understood() -> None:
    """It is named."""
    statement = _deny(Sid="NoPublic", Condition={"Bool": {"ec2:AssociatePublicIpAddress": "true"}})
    told = _policy(statement)
    assert told.restrictions == ()
    assert told.not_read == (f"{_WHERE}: NoPublic has conditions",)


def test_what_no_policy_of_a_level_allows_is_forbidden() -> None:
    """Where an organisation lists what is allowed, the rest is denied."""
    text = json.dumps({"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})
    told = policies([("r-ab12", [("files", text)])])
    (restriction,) = told.restrictions
    assert restriction.forbids.startswith("ec2:RunInstances")


def test_a_vault_of_a_new_state_is_unknown() -> None:
    """So is its lock where it is not told."""
    told = backups([{"BackupVaultName": "v", "VaultState": "ASLEEP"}], NOT_TOLD).vaults["v"]
    assert isinstance(told.usable, Unknown)
    assert isinstance(told.locked, Unknown)
    assert isinstance(told.encrypted, Unknown)
    assert told.plans is NOT_TOLD


@pytest.mark.parametrize(
    ("state", "enabled"), [("Enabled", True), ("Disabled", False), ("PendingDeletion", False)]
)
def test_a_keys_state_says_whether_it_can_be_used(state: str, *, enabled: bool) -> None:
    """A state that is new to us says nothing."""
    assert key({"KeyState": state}, rotated=True).enabled is enabled
    assert isinstance(key({"KeyState": "Hibernating"}, rotated=True).enabled, Unknown)


def _vpn(state: str, *tunnels: str) -> Any:
    said = {
        "VpnConnectionId": "vpn-1",
        "State": state,
        "VgwTelemetry": [{"Status": each, "OutsideIpAddress": "192.0.2.1"} for each in tunnels],
        "CustomerGatewayConfiguration": "<pre_shared_key>not-to-be-told</pre_shared_key>",
    }
    return vpns([said])["vpn-1"]


@pytest.mark.parametrize(
    ("state", "tunnels", "up"),
    [
        ("available", ("UP", "UP"), True),
        ("available", ("UP", "DOWN"), True),
        ("available", ("DOWN", "DOWN"), False),
        ("pending", ("DOWN", "DOWN"), False),
        ("deleted", (), False),
        ("available", (), None),
        ("available", ("DOWN", "FLAPPING"), None),
        ("napping", ("DOWN",), None),
    ],
)
def test_a_vpn_is_up_when_a_tunnel_is(state: str, tunnels: Any, up: bool | None) -> None:  # noqa: FBT001
    """States that are new to us, and tunnels that are not told, are unknown."""
    told = _vpn(state, *tunnels)
    assert "not-to-be-told" not in str(told)
    assert (None if isinstance(told.up, Unknown) else told.up) is up


@pytest.mark.parametrize(
    ("state", "peers", "up"),
    [
        ("available", ("up",), True),
        ("available", ("up", "down"), True),
        ("available", ("down",), False),
        ("available", (), False),
        ("down", ("down",), False),
        ("verifying", (), False),
        ("unknown", (), None),
        ("available", ("unknown",), None),
    ],
)
def test_a_virtual_interface_is_up_when_bgp_is(state: str, peers: Any, up: bool | None) -> None:  # noqa: FBT001
    """Its key is not read: Direct Connect tells it to whoever may describe the interface."""
    said = {
        "virtualInterfaceId": "dxvif-1",
        "virtualInterfaceState": state,
        "authKey": "not-to-be-told",
        "bgpPeers": [{"bgpStatus": each, "authKey": "not-to-be-told"} for each in peers],
    }
    told = interfaces([said])["dxvif-1"]
    assert (None if isinstance(told.up, Unknown) else told.up) is up
    assert "not-to-be-told" not in str(told)


def _planned(**tags: str) -> Planned:
    return Planned(region="uksouth", size="Standard_D2s_v5", tags=tags)


_SIZE = "Microsoft.Compute/virtualMachines/sku.name"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"field": "type", "equals": "microsoft.compute/virtualmachines"}, True),
        ({"field": "type", "equals": "Microsoft.Storage/storageAccounts"}, False),
        ({"field": "location", "notIn": ["uksouth", "ukwest"]}, False),
        ({"field": "location", "in": "[parameters('places')]"}, True),
        ({"field": "location", "in": "[parameters('nowhere')]"}, None),
        ({"field": _SIZE, "notIn": ["Standard_B2s"]}, True),
        ({"field": _SIZE, "like": "Standard_D*"}, True),
        ({"field": _SIZE, "notContains": "_v5"}, False),
        ({"field": "tags['Cost']", "exists": "false"}, False),
        ({"field": "tags[Owner]", "exists": False}, True),
        ({"field": "tags.cost", "notEquals": "it"}, False),
        ({"field": "[concat('tags[', parameters('tag'), ']')]", "exists": "true"}, True),
        ({"field": "[concat('tags[', parameters('gone'), ']')]", "exists": "true"}, None),
        ({"field": "Microsoft.Compute/imagePublisher", "equals": "x"}, None),
        ({"field": "location", "matchInsensitively": "uk#"}, None),
        ({"value": "[resourceGroup().location]", "equals": "x"}, None),
        ({"count": {"field": "x"}, "greater": 1}, None),
        ({"not": {"field": "type", "equals": "x"}}, True),
        ({"not": {"field": "unheard of", "equals": "x"}}, None),
        (
            {"allOf": [{"field": "unheard of", "equals": "x"}, {"field": "type", "equals": "x"}]},
            False,
        ),
        (
            {
                "allOf": [
                    {"field": "unheard of", "equals": "x"},
                    {"field": "tags.cost", "equals": "IT"},
                ]
            },
            None,
        ),
        (
            {
                "anyOf": [
                    {"field": "unheard of", "equals": "x"},
                    {"field": "tags.cost", "equals": "IT"},
                ]
            },
            True,
        ),
        (
            {"anyOf": [{"field": "unheard of", "equals": "x"}, {"field": "type", "equals": "x"}]},
            None,
        ),
        (None, None),
    ],
)
def test_a_policys_rule_is_judged_as_far_as_it_can_be(rule: Any, expected: bool | None) -> None:  # noqa: FBT001
    """What is not known of the server leaves it open, unless the rest decides."""
    given = {"places": ["uksouth"], "tag": "Cost"}
    assert holds(rule, given, _planned(Cost="IT")) is expected


def test_rules_of_a_group_count_by_priority() -> None:
    """A denial after an allowance, or of a part of it alone, closes nothing."""

    def rule(priority: int, access: str, ports: str, protocol: str = "Tcp") -> dict[str, Any]:
        return {
            "properties": {
                "priority": priority,
                "access": access,
                "direction": "Inbound",
                "protocol": protocol,
                "sourceAddressPrefixes": ["10.0.0.0/8", "Internet"],
                "destinationPortRanges": ports.split(","),
            }
        }

    def told(*rules: dict[str, Any]) -> list[str]:
        return [str(each) for each in open_to_world({"properties": {"securityRules": rules}})]

    assert told(rule(100, "Allow", "22,8000-8010")) == ["tcp 22", "tcp 8000-8010"]
    assert told(rule(100, "Allow", "22"), rule(200, "Deny", "22")) == ["tcp 22"]
    assert told(rule(100, "Deny", "22"), rule(200, "Allow", "22-23")) == ["tcp 22-23"]
    assert told(rule(100, "Deny", "*", "*"), rule(200, "Allow", "*", "*")) == []
    assert told(rule(100, "Deny", "*", "Udp"), rule(200, "Allow", "22")) == ["tcp 22"]


def test_a_subnet_of_several_prefixes_keeps_five_of_each() -> None:
    """One of IPv6 alone has no number that would mean anything."""
    two = {
        "id": "/A",
        "properties": {"addressPrefixes": ["10.0.0.0/29", "10.0.1.0/29", "fd00::/64"]},
    }
    assert subnet(two, {}).free == 6
    assert subnet(two, {"/a": 6.0}).free == 0
    assert subnet(two, {"/a": 9.0}).free == 0
    assert subnet(two, NOT_TOLD).free is NOT_TOLD
    six = {"id": "/B", "properties": {"addressPrefix": "fd00::/64"}}
    assert isinstance(subnet(six, {}).free, Unknown)
