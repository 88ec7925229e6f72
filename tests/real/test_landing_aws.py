"""What landing zones of AWS tell: asked of a moto server, and of AWS's own service models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from aws_model import AwsFaultError, AwsModel, aws_model
from clouds import BRIEF
from landings import landing, server

from inventory.model.cloud_settings import AwsSettings, AzureSettings
from inventory.model.fact import Reason, Unknown
from migrate.clouds.zones import ZoneLook
from migrate.demo.moto import LoopbackAws, loopback_aws
from migrate.model.evidence import Outcome
from migrate.model.landing import Landing
from migrate.model.landing_backups import Backups
from migrate.model.landing_connections import Connections
from migrate.model.landing_firewalls import Firewalls
from migrate.model.landing_keys import Key, Keys
from migrate.model.landing_licences import Licences
from migrate.model.landing_monitoring import Alert, Monitoring
from migrate.model.landing_names import Names
from migrate.model.landing_policies import Policies
from migrate.model.landing_quotas import Quotas
from migrate.model.landing_routes import Routes, Via
from migrate.model.landing_sizes import Sizes
from migrate.model.landing_subnets import Subnets
from migrate.model.landing_tags import Demand, TagRules
from migrate.zones import CONDITIONS, judged

pytestmark = pytest.mark.moto

_PATIENT = replace(BRIEF, answer_seconds=40)
"""The first list of instance types takes moto many seconds."""
_MODELLED = ("service-quotas", "license-manager", "backup", "organizations")


@pytest.fixture(scope="module")
def aws() -> Iterator[LoopbackAws]:
    """Return a running AWS."""
    with loopback_aws() as running:
        yield running


@pytest.fixture
def model() -> Iterator[AwsModel]:
    """Return the services that moto lacks, or has in part."""
    with aws_model(*_MODELLED) as running:
        yield running


@pytest.fixture
def look(aws: LoopbackAws, model: AwsModel, monkeypatch: pytest.MonkeyPatch) -> Iterator[ZoneLook]:
    """Return the clouds of one run."""
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    settings = AwsSettings(region=aws.region, endpoints=model.endpoints, patience=_PATIENT)
    made = ZoneLook(aws=settings, azure=AzureSettings())
    yield made
    made.close()


def _client(aws: LoopbackAws, service: str) -> Any:
    return boto3.client(
        service,
        region_name=aws.region,
        endpoint_url=aws.url,
        aws_access_key_id="loopback",
        aws_secret_access_key="loopback",  # noqa: S106 - moto takes any
    )


@pytest.fixture
def network(aws: LoopbackAws) -> dict[str, str]:
    """Return a network with a subnet of 251 free addresses, and its table."""
    ec2 = _client(aws, "ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24")["Subnet"]["SubnetId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(SubnetId=subnet, RouteTableId=table)
    return {"vpc": vpc, "subnet": subnet, "table": table}


def _outcome(look: ZoneLook, name: str, asked: Landing) -> tuple[Outcome, str]:
    look.forget()
    result = judged(look, asked, CONDITIONS.one(name).value)
    json.dumps(dict(result.observed))
    return result.outcome, result.detail


def _limits(model: AwsModel, standard: float, gp3: float = 50) -> None:
    def quota(service: str, code: str, value: float) -> dict[str, Any]:
        return {"ServiceCode": service, "QuotaCode": code, "QuotaName": code, "Value": value}

    applied = {"ec2": [quota("ec2", "L-1216C47A", standard)], "ebs": []}
    default = {
        "ec2": [quota("ec2", "L-1216C47A", 5)],
        "ebs": [quota("ebs", "L-7A658B76", gp3)],
    }
    model.answers("service-quotas", "ListServiceQuotas")(
        lambda ServiceCode, **_: {"Quotas": applied[ServiceCode]}  # noqa: N803 - AWS's word
    )
    model.answers("service-quotas", "ListAWSDefaultServiceQuotas")(
        lambda ServiceCode, **_: {"Quotas": default[ServiceCode]}  # noqa: N803
    )


def test_quotas_are_the_applied_ones_less_what_runs(
    aws: LoopbackAws, model: AwsModel, look: ZoneLook
) -> None:
    """An instance that runs counts with its type's vCPUs, and the sum is shown."""
    _limits(model, 1000)
    before = look.told(landing(server()), Quotas)
    instance = aws.run_instance(size="m5.xlarge")
    try:
        told = look.told(landing(server()), Quotas)
        assert isinstance(told, Quotas)
        assert isinstance(before, Quotas)
        (quota,) = (each for each in told.quotas if each.id == "L-1216C47A")
        (earlier,) = (each for each in before.quotas if each.id == "L-1216C47A")
        assert (quota.limit, quota.used - earlier.used) == (1000, 4)  # type: ignore[operator]
        outcome, detail = _outcome(look, "quotas", landing(server()))
        assert outcome is Outcome.PASSED
        assert f"1,000 vCPUs, less {quota.used} in use and 2 needed" in detail
        _limits(model, float(quota.used) + 1)  # type: ignore[arg-type]
        assert _outcome(look, "quotas", landing(server()))[0] is Outcome.FAILED
    finally:
        aws.terminate(instance)


def test_a_quota_that_may_not_be_seen_is_unknown(model: AwsModel, look: ZoneLook) -> None:
    """It says which permission is missing."""
    model.fail("service-quotas", "*", AwsFaultError("AccessDeniedException", status=400))
    outcome, detail = _outcome(look, "quotas", landing(server()))
    assert outcome is Outcome.UNKNOWN
    assert "servicequotas:ListServiceQuotas" in detail


def test_sizes_are_offered_by_availability_zone(look: ZoneLook) -> None:
    """A size that does not exist is not offered."""
    asked = landing(server(), server(size="m99.huge"))
    told = look.told(asked, Sizes)
    assert isinstance(told, Sizes)
    assert "eu-west-2a" in told.offered["m5.large"].zones
    assert "m99.huge" not in told.offered
    assert _outcome(look, "sizes", asked)[0] is Outcome.FAILED
    fine = landing(server(), availability_zones=("eu-west-2a",))
    assert _outcome(look, "sizes", fine)[0] is Outcome.PASSED


def test_free_addresses_are_counted(look: ZoneLook, network: dict[str, str]) -> None:
    """AWS keeps five of 256; a subnet that is not there is named."""
    asked = landing(server(), subnets=(network["subnet"], "subnet-00000000"))
    told = look.told(asked, Subnets)
    assert isinstance(told, Subnets)
    assert told.subnets[network["subnet"]].free == 251
    outcome, detail = _outcome(look, "addresses", asked)
    assert (outcome, detail) == (Outcome.FAILED, "there is no subnet subnet-00000000")


def test_routes_are_those_of_the_subnets_own_table(
    aws: LoopbackAws, look: ZoneLook, network: dict[str, str]
) -> None:
    """A route to a transit gateway is followed into the gateway's own table.

    Moto names no attachment of a route there, so that one which is active is not known to arrive.
    """
    ec2 = _client(aws, "ec2")
    asked = landing(server(), subnets=(network["subnet"],), on_premise=("10.1.0.0/16",))
    assert _outcome(look, "routes", asked) == (
        Outcome.FAILED,
        f"{network['subnet']} has no route to 10.1.0.0/16",
    )
    gateway = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    ec2.create_route(
        RouteTableId=network["table"],
        DestinationCidrBlock="10.0.0.0/8",
        TransitGatewayId=gateway,
    )
    outcome, detail = _outcome(look, "routes", asked)
    assert outcome is Outcome.UNKNOWN
    assert f"by which table {gateway} routes what comes from {network['vpc']}" in detail
    ec2.create_transit_gateway_vpc_attachment(
        TransitGatewayId=gateway, VpcId=network["vpc"], SubnetIds=[network["subnet"]]
    )
    assert _outcome(look, "routes", asked) == (
        Outcome.FAILED,
        f"{network['subnet']} by {gateway} has no route to 10.1.0.0/16",
    )
    (said,) = ec2.describe_transit_gateways(TransitGatewayIds=[gateway])["TransitGateways"]
    table = said["Options"]["AssociationDefaultRouteTableId"]
    ec2.create_transit_gateway_route(
        TransitGatewayRouteTableId=table, DestinationCidrBlock="10.1.2.0/24", Blackhole=True
    )
    outcome, detail = _outcome(look, "routes", asked)
    assert outcome is Outcome.FAILED
    (attached,) = ec2.describe_transit_gateway_attachments()["TransitGatewayAttachments"]
    ec2.create_transit_gateway_route(
        TransitGatewayRouteTableId=table,
        DestinationCidrBlock="10.1.0.0/16",
        TransitGatewayAttachmentId=attached["TransitGatewayAttachmentId"],
    )
    told = look.told(asked, Routes)
    assert isinstance(told, Routes)
    ways = told.routes[network["subnet"]]
    assert not isinstance(ways, Unknown)
    (way,) = (each for each in ways if each.via is Via.ON_PREMISE)
    assert isinstance(way.beyond, tuple)
    assert {(each.prefix, each.via) for each in way.beyond} == {
        ("10.1.2.0/24", Via.BLACKHOLE),
        ("10.1.0.0/16", Via.APPLIANCE),
    }
    assert _outcome(look, "routes", asked)[0] is Outcome.UNKNOWN


def test_a_route_by_a_list_of_prefixes_is_read(
    aws: LoopbackAws, look: ZoneLook, network: dict[str, str]
) -> None:
    """The list takes the network away from a gateway that would lead to the data centre."""
    ec2 = _client(aws, "ec2")
    asked = landing(server(), subnets=(network["subnet"],), on_premise=("10.1.0.0/16",))
    home = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    ec2.attach_vpn_gateway(VpcId=network["vpc"], VpnGatewayId=home)
    ec2.create_route(
        RouteTableId=network["table"], DestinationCidrBlock="10.0.0.0/8", GatewayId=home
    )
    assert _outcome(look, "routes", asked)[0] is Outcome.PASSED
    entries = [{"Cidr": "10.1.0.0/16", "Description": "elsewhere"}]
    listed = ec2.create_managed_prefix_list(
        PrefixListName="elsewhere", Entries=entries, MaxEntries=5, AddressFamily="IPv4"
    )
    internet = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(VpcId=network["vpc"], InternetGatewayId=internet)
    ec2.create_route(
        RouteTableId=network["table"],
        DestinationPrefixListId=listed["PrefixList"]["PrefixListId"],
        GatewayId=internet,
    )
    outcome, detail = _outcome(look, "routes", asked)
    assert outcome is Outcome.FAILED
    assert "10.1.0.0/16 goes by 10.1.0.0/16" in detail


def test_names_are_resolved_by_rules_of_the_network(
    aws: LoopbackAws, look: ZoneLook, network: dict[str, str]
) -> None:
    """Without a rule for the domain nothing resolves it; a private zone does."""
    ec2 = _client(aws, "ec2")
    ec2.modify_vpc_attribute(VpcId=network["vpc"], EnableDnsHostnames={"Value": True})
    asked = landing(server(), subnets=(network["subnet"],), domains=("council.internal",))
    outcome, detail = _outcome(look, "names", asked)
    assert outcome is Outcome.FAILED
    assert "nothing resolves council.internal" in detail
    _client(aws, "route53").create_hosted_zone(
        Name="council.internal",
        CallerReference=network["vpc"],
        VPC={"VPCRegion": aws.region, "VPCId": network["vpc"]},
        HostedZoneConfig={"PrivateZone": True},
    )
    outcome, detail = _outcome(look, "names", asked)
    assert outcome is Outcome.PASSED, detail
    ec2.modify_vpc_attribute(VpcId=network["vpc"], EnableDnsSupport={"Value": False})
    told = look.told(asked, Names)
    assert isinstance(told, Names)
    assert told.networks[network["vpc"]].provider is False


def test_a_resolver_rule_forwards_a_domain(
    aws: LoopbackAws, look: ZoneLook, network: dict[str, str]
) -> None:
    """It has to be associated with the network."""
    ec2, resolver = _client(aws, "ec2"), _client(aws, "route53resolver")
    other = ec2.create_subnet(VpcId=network["vpc"], CidrBlock="10.9.2.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="dns", Description="dns", VpcId=network["vpc"])[
        "GroupId"
    ]
    endpoint = resolver.create_resolver_endpoint(
        CreatorRequestId=network["vpc"],
        Name="out",
        SecurityGroupIds=[group],
        Direction="OUTBOUND",
        IpAddresses=[{"SubnetId": network["subnet"]}, {"SubnetId": other}],
    )["ResolverEndpoint"]["Id"]
    rule = resolver.create_resolver_rule(
        CreatorRequestId=network["vpc"],
        Name="council",
        RuleType="FORWARD",
        DomainName="council.internal",
        TargetIps=[{"Ip": "10.1.0.53", "Port": 53}],
        ResolverEndpointId=endpoint,
    )["ResolverRule"]["Id"]
    asked = landing(server(), subnets=(network["subnet"],))
    before = look.told(asked, Names)
    resolver.associate_resolver_rule(ResolverRuleId=rule, Name="here", VPCId=network["vpc"])
    after = look.told(asked, Names)
    assert isinstance(before, Names)
    assert isinstance(after, Names)
    assert before.networks[network["vpc"]].forwarded == ()
    assert after.networks[network["vpc"]].forwarded == ("council.internal",)


def test_a_group_that_is_open_to_the_world_is_named(
    aws: LoopbackAws, look: ZoneLook, network: dict[str, str]
) -> None:
    """Ports that the zone may open pass."""
    ec2 = _client(aws, "ec2")
    group = ec2.create_security_group(GroupName="web", Description="web", VpcId=network["vpc"])[
        "GroupId"
    ]
    assert _outcome(look, "security-groups", landing(security_groups=(group,)))[0] is Outcome.PASSED
    ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 443,
                "ToPort": 443,
                "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
            }
        ],
    )
    asked = landing(security_groups=(group,))
    assert isinstance(look.told(asked, Firewalls), Firewalls)
    assert _outcome(look, "security-groups", asked) == (
        Outcome.FAILED,
        f"{group} lets anybody reach tcp 443",
    )
    meant = landing(security_groups=(group,), open_ports=(443,))
    assert _outcome(look, "security-groups", meant)[0] is Outcome.PASSED


def test_an_account_of_no_organisation_has_no_tag_policy(model: AwsModel, look: ZoneLook) -> None:
    """Then nothing is demanded; where the policy may not be read, it is unknown."""
    model.fail(
        "organizations",
        "DescribeEffectivePolicy",
        AwsFaultError("AWSOrganizationsNotInUseException"),
        times=1,
    )
    assert look.told(landing(), TagRules) == TagRules(demands={})
    model.fail("organizations", "*", AwsFaultError("AccessDeniedException"))
    told = look.told(landing(), TagRules)
    assert isinstance(told, Unknown)
    assert told.reason is Reason.NEEDS_PRIVILEGE


def test_a_tag_policy_demands_values(model: AwsModel, look: ZoneLook) -> None:
    """As the effective policy of Organizations writes it."""
    content = {
        "tags": {
            "costcentre": {
                "tag_key": "CostCentre",
                "tag_value": ["IT", "HR*"],
                "enforced_for": ["ec2:instance"],
            }
        }
    }
    model.says(
        "organizations",
        "DescribeEffectivePolicy",
        EffectivePolicy={"PolicyContent": json.dumps(content), "PolicyType": "TAG_POLICY"},
    )
    told = look.told(landing(), TagRules)
    demand = Demand(policy="the tag policy, which is enforced", values=("IT", "HR*"))
    assert told == TagRules(demands={"CostCentre": (demand,)})
    assert _outcome(look, "tags", landing(tags={"CostCentre": "HR-2"}))[0] is Outcome.PASSED
    assert _outcome(look, "tags", landing(tags={"CostCentre": "Parks"}))[0] is Outcome.FAILED
    assert _outcome(look, "tags", landing(tags={"costcentre": "IT"}))[0] is Outcome.FAILED


_FULL = json.dumps({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
_UK_ONLY = json.dumps(
    {
        "Statement": {
            "Effect": "Deny",
            "NotAction": ["iam:*", "organizations:*"],
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-2"]}},
        }
    }
)


def _organisation(model: AwsModel, **attached: dict[str, str]) -> None:
    """Let an account in one unit under the root have policies, by target."""
    targets = {"account": "123456789012", "unit": "ou-ab12-cdefghij", "root": "r-ab12"}
    texts = {
        f"p-{name}{place}": text for place in attached for name, text in attached[place].items()
    }
    by_target = {targets[place]: sorted(attached[place]) for place in attached}
    places = {identifier: place for place, identifier in targets.items()}

    def listed(TargetId: str, **_: object) -> dict[str, Any]:  # noqa: N803 - AWS's word
        return {
            "Policies": [
                {"Id": f"p-{name}{places[TargetId]}", "Name": name}
                for name in by_target.get(TargetId, [])
            ]
        }

    def told(PolicyId: str, **_: object) -> dict[str, Any]:  # noqa: N803
        return {"Policy": {"Content": texts[PolicyId]}}

    above = {
        "123456789012": {"Id": "ou-ab12-cdefghij", "Type": "ORGANIZATIONAL_UNIT"},
        "ou-ab12-cdefghij": {"Id": "r-ab12", "Type": "ROOT"},
    }
    model.answers("organizations", "ListPoliciesForTarget")(listed)
    model.answers("organizations", "DescribePolicy")(told)
    model.answers("organizations", "ListParents")(
        lambda ChildId, **_: {"Parents": [above[ChildId]]}  # noqa: N803
    )


def test_service_control_policies_of_every_level_count(model: AwsModel, look: ZoneLook) -> None:
    """A region that the root does not allow is refused; one that it allows is not."""
    full = {"fullaccess": _FULL}
    _organisation(model, account=full, unit=full, root=full | {"ukonly": _UK_ONLY})
    told = look.told(landing(), Policies)
    assert isinstance(told, Policies)
    assert [(each.policy, each.regions) for each in told.restrictions] == [
        ("ukonly on r-ab12", ("eu-west-2",))
    ]
    assert _outcome(look, "policies", landing(server()))[0] is Outcome.PASSED
    elsewhere = json.loads(_UK_ONLY)
    elsewhere["Statement"]["Condition"]["StringNotEquals"]["aws:RequestedRegion"] = ["eu-west-1"]
    _organisation(model, account=full, unit=full, root=full | {"dublin": json.dumps(elsewhere)})
    outcome, detail = _outcome(look, "policies", landing(server()))
    assert (outcome, detail) == (
        Outcome.FAILED,
        "dublin on r-ab12: eu-west-2 is not among eu-west-1",
    )


def test_a_member_account_does_not_see_what_is_above_it(model: AwsModel, look: ZoneLook) -> None:
    """Then it is unknown, and names what would have to be allowed."""
    model.fail("organizations", "*", AwsFaultError("AccessDeniedException"))
    outcome, detail = _outcome(look, "policies", landing(server()))
    assert outcome is Outcome.UNKNOWN
    assert "organizations:ListPoliciesForTarget" in detail


def test_a_vault_has_plans_that_lead_there(model: AwsModel, look: ZoneLook) -> None:
    """Its lock is told; without a plan it is not ready."""
    vault = {
        "BackupVaultName": "council",
        "VaultState": "AVAILABLE",
        "EncryptionKeyArn": "arn:aws:kms:eu-west-2:123456789012:key/1",
        "Locked": True,
    }
    plan = {
        "BackupPlanName": "daily",
        "Rules": [{"RuleName": "1", "TargetBackupVaultName": "council"}],
    }
    model.says("backup", "ListBackupVaults", BackupVaultList=[vault])
    model.says("backup", "ListBackupPlans", BackupPlansList=[])
    asked = landing(vaults=("council",))
    assert _outcome(look, "backups", asked)[0] is Outcome.FAILED
    model.says("backup", "ListBackupPlans", BackupPlansList=[{"BackupPlanId": "p1"}])
    model.says("backup", "GetBackupPlan", BackupPlan=plan)
    told = look.told(asked, Backups)
    assert isinstance(told, Backups)
    assert (told.vaults["council"].locked, told.vaults["council"].plans) == (True, ("daily",))
    assert _outcome(look, "backups", asked)[0] is Outcome.PASSED
    model.fail("backup", "GetBackupPlan", AwsFaultError("AccessDeniedException"))
    outcome, detail = _outcome(look, "backups", asked)
    assert outcome is Outcome.UNKNOWN
    assert "backup:GetBackupPlan" in detail


def test_alarms_reach_whoever_confirmed(aws: LoopbackAws, look: ZoneLook) -> None:
    """Addresses are not kept, only of what kind they are."""
    logs, sns = _client(aws, "logs"), _client(aws, "sns")
    logs.create_log_group(logGroupName="/council/servers")
    logs.create_log_group(logGroupName="/council/servers-not-these")
    topic = sns.create_topic(Name="on-call")["TopicArn"]
    asked = landing(logs=("/council/servers",), alerts=(topic, f"{topic}-gone"))
    told = look.told(asked, Monitoring)
    assert isinstance(told, Monitoring)
    assert set(told.logs) == {"/council/servers"}  # type: ignore[arg-type]
    assert told.alerts == {topic: Alert(receivers=())}
    only = landing(logs=("/council/servers",), alerts=(topic,))
    assert _outcome(look, "monitoring", only) == (Outcome.FAILED, "on-call reaches nobody")
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="duty@council.example")
    outcome, detail = _outcome(look, "monitoring", only)
    assert outcome is Outcome.PASSED
    assert "1 email" in detail
    assert "duty" not in detail


def test_keys_are_enabled_and_rotated(aws: LoopbackAws, look: ZoneLook) -> None:
    """One that is disabled is not ready; one that is not there is named."""
    kms = _client(aws, "kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    asked = landing(keys=(key,))
    assert _outcome(look, "keys", asked)[0] is Outcome.FAILED
    kms.enable_key_rotation(KeyId=key)
    told = look.told(asked, Keys)
    assert told == Keys(keys={key: Key(enabled=True, state="Enabled", rotated=True)})
    assert _outcome(look, "keys", asked)[0] is Outcome.PASSED
    kms.disable_key(KeyId=key.rpartition("/")[2])
    assert _outcome(look, "keys", asked)[0] is Outcome.FAILED
    gone = f"{key[:-4]}0000"
    assert _outcome(look, "keys", landing(keys=(gone,)))[1] == f"there is no key {gone}"


def test_licences_are_those_of_the_configuration(model: AwsModel, look: ZoneLook) -> None:
    """Cores in use and needed are taken off."""
    arn = "arn:aws:license-manager:eu-west-2:123456789012:license-configuration:lic-1"
    said = {
        "LicenseConfigurationArn": arn,
        "Name": "windows",
        "LicenseCountingType": "vCPU",
        "LicenseCount": 16,
        "ConsumedLicenses": 12,
        "LicenseCountHardLimit": True,
    }
    model.says("license-manager", "ListLicenseConfigurations", LicenseConfigurations=[said])
    wanted = landing(server(windows=True), brings_windows=True, windows_licences=arn)
    told = look.told(wanted, Licences)
    assert isinstance(told, Licences)
    assert (told.owned, told.used, told.refuses) == (16, 12, True)
    assert _outcome(look, "licences", wanted)[0] is Outcome.PASSED
    more = landing(server(vcpus=8, windows=True), brings_windows=True, windows_licences=arn)
    outcome, detail = _outcome(look, "licences", more)
    assert outcome is Outcome.FAILED
    assert "refuses servers beyond that" in detail
    assert _outcome(look, "licences", landing(server(windows=True)))[0] is Outcome.PASSED


def test_a_vpn_that_is_there_but_tells_of_no_tunnel_is_unknown(
    aws: LoopbackAws, look: ZoneLook
) -> None:
    """One that is not there is not ready."""
    ec2 = _client(aws, "ec2")
    customer = ec2.create_customer_gateway(Type="ipsec.1", PublicIp="192.0.2.1", BgpAsn=65000)
    gateway = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    made = ec2.create_vpn_connection(
        Type="ipsec.1",
        VpnGatewayId=gateway,
        CustomerGatewayId=customer["CustomerGateway"]["CustomerGatewayId"],
    )["VpnConnection"]["VpnConnectionId"]
    asked = landing(connections=(made, "vpn-00000000"))
    told = look.told(asked, Connections)
    assert isinstance(told, Connections)
    assert set(told.connections) == {made}
    assert _outcome(look, "connections", landing(connections=(made,)))[0] is Outcome.UNKNOWN
    assert _outcome(look, "connections", asked)[0] is Outcome.FAILED


def test_credentials_of_another_account_are_not_asked(aws: LoopbackAws, look: ZoneLook) -> None:
    """What they see is not the zone's; their own account may be named."""
    before = look.tally.total
    told = look.told(landing(account="210987654321"), Sizes)
    assert isinstance(told, Unknown)
    assert "of the account 123456789012 and not 210987654321" in told.detail
    look.told(landing(account="210987654321"), Subnets)
    assert look.tally.total == before + 1
    assert isinstance(look.told(landing(server(), account="123456789012"), Sizes), Sizes)
    assert aws.region == "eu-west-2"
