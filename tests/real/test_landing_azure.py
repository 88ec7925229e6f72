"""What landing zones of Azure tell: asked of a loopback Resource Manager by the real pipeline."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clouds import azure_settings
from landings import NOW, landing, server

from inventory.model.cloud_settings import AwsSettings
from inventory.model.fact import Reason, Unknown
from migrate.clouds.zones import ZoneLook
from migrate.demo.arm import LoopbackArm, loopback_arm
from migrate.demo.arm_message import forbidden, refusal
from migrate.model.evidence import Outcome
from migrate.model.landing import Landing
from migrate.model.landing_quotas import Quotas
from migrate.model.landing_subnets import Subnets
from migrate.zones import CONDITIONS, judged

_SIZE = "Standard_D2s_v5"
_DAY = 86_400


@pytest.fixture
def arm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackArm]:
    """Return a running Azure."""
    with loopback_arm(tmp_path) as running:
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def look(arm: LoopbackArm) -> Iterator[ZoneLook]:
    """Return the clouds of one run."""
    made = ZoneLook(aws=AwsSettings(), azure=azure_settings(arm))
    yield made
    made.close()


def _zone(arm: LoopbackArm, *servers: Any, **zone: Any) -> Landing:
    return landing(*servers, cloud="azure", account=arm.subscription, **zone)


def _d2(**more: Any) -> Any:
    return server(size=_SIZE, disks=(("P10", 128),), **more)


def _outcome(look: ZoneLook, name: str, asked: Landing) -> tuple[Outcome, str]:
    look.forget()
    result = judged(look, asked, CONDITIONS.one(name).value)
    json.dumps(dict(result.observed))
    return result.outcome, result.detail


def _id(arm: LoopbackArm, kind: str, name: str) -> str:
    return f"/subscriptions/{arm.subscription}/resourceGroups/net/providers/{kind}/{name}"


def _list(arm: LoopbackArm, kind: str, *rows: dict[str, Any], page: int = 50) -> None:
    arm.answers.list(f"/subscriptions/[^/]+/providers/{kind}", rows, page=page)


def _sku(name: str = _SIZE, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "virtualMachines",
        "name": name,
        "family": "standardDSv5Family",
        "locations": ["uksouth"],
        "locationInfo": [{"location": "uksouth", "zones": ["2", "1", "3"]}],
        "capabilities": [{"name": "vCPUs", "value": "2"}],
        "restrictions": [],
        **more,
    }


def _usage(name: str, limit: int, used: int) -> dict[str, Any]:
    return {
        "unit": "Count",
        "limit": limit,
        "currentValue": used,
        "name": {"value": name, "localizedValue": f"{name} in words"},
    }


def _usages(arm: LoopbackArm, family: int = 10, cores: int = 100, disks: int = 50_000) -> None:
    rows = (
        _usage("cores", cores, 6),
        _usage("virtualMachines", 25_000, 3),
        _usage("Standard DSv5 Family", family, 6),
        _usage("PremiumDiskCount", disks, 3),
    )
    _list(arm, "Microsoft.Compute/locations/uksouth/usages", *rows, page=2)


def test_quotas_are_of_the_family_and_of_the_region(arm: LoopbackArm, look: ZoneLook) -> None:
    """A family's name is written differently by the two lists; each page is read."""
    _list(arm, "Microsoft.Compute/skus", _sku())
    _usages(arm)
    told = look.told(_zone(arm, _d2()), Quotas)
    assert isinstance(told, Quotas)
    assert told.of_size == {_SIZE: ("standarddsv5family", "cores")}
    outcome, detail = _outcome(look, "quotas", _zone(arm, _d2(), _d2(server="web-2")))
    assert outcome is Outcome.PASSED
    assert "10 vCPUs, less 6 in use and 4 needed, leaves 0" in detail
    three = _zone(arm, _d2(), _d2(), _d2())
    outcome, detail = _outcome(look, "quotas", three)
    assert outcome is Outcome.FAILED
    assert detail.endswith("10 vCPUs, less 6 in use and 6 needed, is 2 too few")
    _usages(arm, family=100, cores=7)
    assert "cores" in _outcome(look, "quotas", _zone(arm, _d2()))[1]
    _usages(arm, disks=3)
    assert "1 too few" in _outcome(look, "quotas", _zone(arm, _d2()))[1]


def test_a_size_that_has_no_family_is_unknown(arm: LoopbackArm, look: ZoneLook) -> None:
    """It is not taken to fit."""
    _list(arm, "Microsoft.Compute/skus")
    _usages(arm)
    outcome, detail = _outcome(look, "quotas", _zone(arm, _d2()))
    assert outcome is Outcome.UNKNOWN
    assert f"no family of {_SIZE}" in detail


def test_a_restriction_takes_a_size_away(arm: LoopbackArm, look: ZoneLook) -> None:
    """From the subscription, or from one availability zone of it."""
    asked = _zone(arm, _d2(), availability_zones=("1",))
    _list(arm, "Microsoft.Compute/skus", _sku())
    assert _outcome(look, "sizes", asked)[0] is Outcome.PASSED
    everywhere = {
        "type": "Location",
        "values": ["uksouth"],
        "restrictionInfo": {"locations": ["uksouth"]},
        "reasonCode": "NotAvailableForSubscription",
    }
    _list(arm, "Microsoft.Compute/skus", _sku(restrictions=[everywhere]))
    outcome, detail = _outcome(look, "sizes", asked)
    assert outcome is Outcome.FAILED
    assert "NotAvailableForSubscription" in detail
    first = everywhere | {
        "type": "Zone",
        "restrictionInfo": {"locations": ["uksouth"], "zones": ["1"]},
    }
    _list(arm, "Microsoft.Compute/skus", _sku(restrictions=[first]))
    outcome, detail = _outcome(look, "sizes", asked)
    assert (outcome, detail) == (
        Outcome.FAILED,
        f"{_SIZE} (for 1) is not offered in 1, but in 2, 3",
    )
    _list(arm, "Microsoft.Compute/skus")
    assert _outcome(look, "sizes", asked)[1] == f"{_SIZE} (for 1) is not offered in uksouth"


def _network(arm: LoopbackArm, **more: Any) -> tuple[str, str]:
    """Let there be a network with one subnet; return the ids of both."""
    network = _id(arm, "Microsoft.Network/virtualNetworks", "spoke")
    subnet = f"{network}/subnets/servers"
    properties: dict[str, Any] = {
        "addressPrefix": "10.9.1.0/28",
        "ipConfigurations": [{"id": f"{network}/x/{n}"} for n in range(3)],
        **more.pop("subnet", {}),
    }
    gateway = more.pop("gateway", ())
    said = {
        "id": network,
        "name": "spoke",
        "location": "uksouth",
        "properties": {
            "addressSpace": {"addressPrefixes": ["10.9.0.0/16"]},
            "subnets": [{"id": subnet, "name": "servers", "properties": properties}, *gateway],
            **more,
        },
    }
    _list(arm, "Microsoft.Network/virtualNetworks", said)
    return network, subnet


def test_free_addresses_are_reckoned(arm: LoopbackArm, look: ZoneLook) -> None:
    """Of sixteen Azure keeps five; what is in use is the larger of what Azure tells of it."""
    network, subnet = _network(arm)
    arm.answers.list(f"{network}/usages", [{"id": subnet, "currentValue": 4.0, "limit": 11.0}])
    asked = _zone(arm, _d2(addresses=7), subnets=(subnet.upper().replace("/SUBSCR", "/subscr"),))
    outcome, detail = _outcome(look, "addresses", asked)
    assert outcome is Outcome.PASSED
    assert detail.endswith("(10.9.1.0/28) 7 = 16 - 5 kept by Azure - 4 in use")
    more = _zone(arm, _d2(addresses=8), subnets=(subnet,))
    assert _outcome(look, "addresses", more)[0] is Outcome.FAILED
    arm.answers.add("GET", f"{network}/usages", refusal(403, "AuthorizationFailed", "No."))
    look.forget()
    told = look.told(_zone(arm, subnets=(subnet,)), Subnets)
    assert isinstance(told, Subnets)
    assert isinstance(told.subnets[subnet].free, Unknown)


def test_a_route_by_the_estates_own_table(arm: LoopbackArm, look: ZoneLook) -> None:
    """To a gateway it passes, to an appliance it is not known, to nothing it fails."""
    table = _id(arm, "Microsoft.Network/routeTables", "spoke")
    _, subnet = _network(arm, subnet={"routeTable": {"id": table}})

    def by(hop: str, **more: str) -> None:
        own = {"addressPrefix": "10.0.0.0/8", "nextHopType": hop, **more}
        properties = {"disableBgpRoutePropagation": True, "routes": [{"properties": own}]}
        said = {"id": table, "name": "spoke", "properties": properties}
        _list(arm, "Microsoft.Network/routeTables", said)

    asked = _zone(arm, subnets=(subnet,), on_premise=("10.1.0.0/16",))
    by("VirtualNetworkGateway")
    assert _outcome(look, "routes", asked)[0] is Outcome.PASSED
    by("VirtualAppliance", nextHopIpAddress="10.9.0.4")
    outcome, detail = _outcome(look, "routes", asked)
    assert outcome is Outcome.UNKNOWN
    assert "to 10.9.0.4, which decides by itself" in detail
    by("None")
    assert _outcome(look, "routes", asked)[0] is Outcome.FAILED
    by("Wormhole")
    assert _outcome(look, "routes", asked)[0] is Outcome.FAILED
    _list(arm, "Microsoft.Network/routeTables")
    assert _outcome(look, "routes", asked)[0] is Outcome.UNKNOWN


def test_what_a_gateway_has_learnt_is_not_seen(arm: LoopbackArm, look: ZoneLook) -> None:
    """So it is unknown whether a network is reached; without a gateway it goes to the internet."""
    _list(arm, "Microsoft.Network/routeTables")
    _, subnet = _network(arm)
    asked = _zone(arm, subnets=(subnet,), on_premise=("10.1.0.0/16",))
    outcome, detail = _outcome(look, "routes", asked)
    assert (outcome, detail.endswith("which is the internet and not the data centre")) == (
        Outcome.FAILED,
        True,
    )
    peering = {
        "name": "hub",
        "properties": {
            "peeringState": "Connected",
            "useRemoteGateways": True,
            "remoteVirtualNetworkAddressSpace": {"addressPrefixes": ["10.8.0.0/16"]},
        },
    }
    _network(arm, virtualNetworkPeerings=[peering])
    outcome, detail = _outcome(look, "routes", asked)
    assert outcome is Outcome.UNKNOWN
    assert "the gateway behind peering hub" in detail
    peering["properties"] |= {"peeringState": "Disconnected"}  # type: ignore[operator]
    _network(arm, virtualNetworkPeerings=[peering])
    assert "10.8.0.0/16 goes to peering hub, which is gone" in _outcome(look, "routes", asked)[1]


def test_names_go_by_private_zones_and_rulesets(arm: LoopbackArm, look: ZoneLook) -> None:
    """They count where they are linked to the network."""
    network, subnet = _network(arm)
    asked = _zone(arm, subnets=(subnet,), domains=("council.internal",))
    _list(arm, "Microsoft.Network/privateDnsZones")
    _list(arm, "Microsoft.Network/dnsForwardingRulesets")
    assert _outcome(look, "names", asked)[0] is Outcome.FAILED
    zone = _id(arm, "Microsoft.Network/privateDnsZones", "council.internal")
    _list(arm, "Microsoft.Network/privateDnsZones", {"id": zone, "name": "council.internal"})
    links: list[dict[str, Any]] = []
    arm.answers.list(f"{zone}/virtualNetworkLinks", links)
    assert _outcome(look, "names", asked)[0] is Outcome.FAILED
    links.append({"properties": {"virtualNetwork": {"id": network}}})
    assert _outcome(look, "names", asked)[0] is Outcome.PASSED
    _list(arm, "Microsoft.Network/privateDnsZones")
    ruleset = _id(arm, "Microsoft.Network/dnsForwardingRulesets", "hub")
    _list(arm, "Microsoft.Network/dnsForwardingRulesets", {"id": ruleset, "name": "hub"})
    arm.answers.list(f"{ruleset}/virtualNetworkLinks", links)
    rule = {"properties": {"domainName": "internal.", "forwardingRuleState": "Enabled"}}
    arm.answers.list(f"{ruleset}/forwardingRules", [rule])
    assert _outcome(look, "names", asked)[0] is Outcome.PASSED
    rule["properties"]["forwardingRuleState"] = "Disabled"
    assert _outcome(look, "names", asked)[0] is Outcome.FAILED
    _network(arm, dhcpOptions={"dnsServers": ["10.1.0.53"]})
    assert _outcome(look, "names", asked)[0] is Outcome.UNKNOWN


def _rule(priority: int, access: str, port: str, source: str = "*") -> dict[str, Any]:
    return {
        "properties": {
            "priority": priority,
            "access": access,
            "direction": "Inbound",
            "protocol": "Tcp",
            "sourceAddressPrefix": source,
            "destinationPortRange": port,
        }
    }


def test_a_group_that_is_open_to_the_world_is_named(arm: LoopbackArm, look: ZoneLook) -> None:
    """A denial of the same ports that goes before it closes it."""
    group = _id(arm, "Microsoft.Network/networkSecurityGroups", "web")

    def rules(*own: dict[str, Any]) -> None:
        default = _rule(65_500, "Deny", "*")
        said = {"securityRules": list(own), "defaultSecurityRules": [default]}
        row = {"id": group, "name": "web", "properties": said}
        _list(arm, "Microsoft.Network/networkSecurityGroups", row)

    asked = _zone(arm, security_groups=(group,))
    rules(_rule(100, "Allow", "443", "10.0.0.0/8"))
    assert _outcome(look, "security-groups", asked)[0] is Outcome.PASSED
    rules(_rule(100, "Allow", "22", "Internet"))
    assert _outcome(look, "security-groups", asked) == (
        Outcome.FAILED,
        "web lets anybody reach tcp 22",
    )
    rules(_rule(100, "Allow", "22", "Internet"), _rule(90, "Deny", "20-30"))
    assert _outcome(look, "security-groups", asked)[0] is Outcome.PASSED
    gone = _zone(arm, security_groups=(f"{group}-2",))
    assert _outcome(look, "security-groups", gone)[0] is Outcome.FAILED


_BUILT_IN = "/providers/Microsoft.Authorization/policyDefinitions"
_REGIONS = {
    "id": f"{_BUILT_IN}/regions",
    "properties": {
        "displayName": "Allowed locations",
        "parameters": {"allowed": {"type": "Array"}},
        "policyRule": {
            "if": {
                "allOf": [
                    {"field": "location", "notIn": "[parameters('allowed')]"},
                    {"field": "location", "notEquals": "global"},
                ]
            },
            "then": {"effect": "deny"},
        },
    },
}
_TAG = {
    "id": f"{_BUILT_IN}/tag",
    "properties": {
        "displayName": "Require a tag",
        "parameters": {"tagName": {"type": "String"}, "effect": {"defaultValue": "Deny"}},
        "policyRule": {
            "if": {"field": "[concat('tags[', parameters('tagName'), ']')]", "exists": "false"},
            "then": {"effect": "[parameters('effect')]"},
        },
    },
}
_IMAGES = {
    "id": f"{_BUILT_IN}/images",
    "properties": {
        "displayName": "Only our images",
        "policyRule": {
            "if": {
                "allOf": [
                    {"field": "type", "equals": "Microsoft.Compute/virtualMachines"},
                    {"field": "Microsoft.Compute/imagePublisher", "notEquals": "Council"},
                ]
            },
            "then": {"effect": "deny"},
        },
    },
}


def _assigned(arm: LoopbackArm, definition: str, **parameters: Any) -> None:
    where = "/subscriptions/[^/]+/providers/Microsoft.Authorization"
    properties = {
        "displayName": "UK landing zones",
        "policyDefinitionId": definition,
        "enforcementMode": "Default",
        "parameters": {name: {"value": value} for name, value in parameters.items()},
    }
    rows = [{"id": "a", "name": "a", "properties": properties}]
    arm.answers.list(f"{where}/policyAssignments", rows)
    initiative = {
        "id": "/providers/Microsoft.Authorization/policySetDefinitions/both",
        "properties": {
            "parameters": {"places": {"type": "Array"}},
            "policyDefinitions": [
                {
                    "policyDefinitionId": f"{_BUILT_IN}/regions",
                    "parameters": {"allowed": {"value": "[parameters('places')]"}},
                }
            ],
        },
    }
    arm.answers.list(f"{where}/policySetDefinitions", [initiative])
    arm.answers.list(f"{where}/policyDefinitions", [_REGIONS, _TAG, _IMAGES], page=1)


def test_an_assigned_policy_that_denies_the_region_is_named(
    arm: LoopbackArm, look: ZoneLook
) -> None:
    """By itself, or as part of an initiative, whose parameters are handed on."""
    asked = _zone(arm, _d2())
    _assigned(arm, f"{_BUILT_IN}/regions", allowed=["ukSouth", "ukwest"])
    assert _outcome(look, "policies", asked)[0] is Outcome.PASSED
    _assigned(arm, f"{_BUILT_IN}/regions", allowed=["northeurope"])
    outcome, detail = _outcome(look, "policies", asked)
    assert (outcome, detail) == (
        Outcome.FAILED,
        f"Allowed locations (UK landing zones): {_SIZE} in uksouth is forbidden",
    )
    both = "/providers/Microsoft.Authorization/policySetDefinitions/both"
    _assigned(arm, both, places=["northeurope"])
    assert _outcome(look, "policies", asked)[0] is Outcome.FAILED
    _assigned(arm, both, places=["uksouth"])
    assert _outcome(look, "policies", asked)[0] is Outcome.PASSED


def test_the_region_is_judged_before_anything_has_a_size(arm: LoopbackArm, look: ZoneLook) -> None:
    """What is said of sizes is unknown then."""
    _assigned(arm, f"{_BUILT_IN}/regions", allowed=["northeurope"])
    outcome, detail = _outcome(look, "policies", _zone(arm))
    assert outcome is Outcome.FAILED
    assert detail.endswith("any server in uksouth is forbidden")
    _assigned(arm, f"{_BUILT_IN}/regions", allowed=["uksouth"])
    assert _outcome(look, "policies", _zone(arm))[0] is Outcome.PASSED
    sizes = {"field": "Microsoft.Compute/virtualMachines/sku.name", "notIn": [_SIZE]}
    rule = {"if": sizes, "then": {"effect": "deny"}}
    row = {"id": f"{_BUILT_IN}/sizes", "properties": {"displayName": "Sizes", "policyRule": rule}}
    _assigned(arm, f"{_BUILT_IN}/sizes")
    where = "/subscriptions/[^/]+/providers/Microsoft.Authorization/policyDefinitions"
    arm.answers.list(where, [row])
    assert _outcome(look, "policies", _zone(arm))[0] is Outcome.UNKNOWN
    assert _outcome(look, "policies", _zone(arm, _d2()))[0] is Outcome.PASSED
    short = _zone(arm, _d2(), unsized=("db-1 (never classified for azure)",))
    assert _outcome(look, "policies", short)[0] is Outcome.UNKNOWN


def test_a_policy_that_is_not_understood_is_unknown(arm: LoopbackArm, look: ZoneLook) -> None:
    """So is one that speaks of what is not known of a server yet, and one that is not told of."""
    _assigned(arm, f"{_BUILT_IN}/images")
    outcome, detail = _outcome(look, "policies", _zone(arm, _d2()))
    assert outcome is Outcome.UNKNOWN
    assert "Only our images" in detail
    _assigned(arm, f"{_BUILT_IN}/elsewhere")
    assert _outcome(look, "policies", _zone(arm, _d2()))[0] is Outcome.UNKNOWN


def test_a_required_tag_must_be_given(arm: LoopbackArm, look: ZoneLook) -> None:
    """Its name is written without regard to case; a policy that only audits refuses nothing."""
    _assigned(arm, f"{_BUILT_IN}/tag", tagName="CostCentre")
    assert _outcome(look, "tags", _zone(arm, _d2()))[0] is Outcome.FAILED
    assert _outcome(look, "tags", _zone(arm, _d2(), tags={"costcentre": "IT"}))[0] is Outcome.PASSED
    _assigned(arm, f"{_BUILT_IN}/tag", tagName="CostCentre", effect="Audit")
    assert _outcome(look, "tags", _zone(arm, _d2()))[0] is Outcome.PASSED


def test_a_vault_has_policies_for_machines(arm: LoopbackArm, look: ZoneLook) -> None:
    """Whether it is locked is told."""
    vault = _id(arm, "Microsoft.RecoveryServices/vaults", "council")
    properties: dict[str, Any] = {
        "provisioningState": "Succeeded",
        "securitySettings": {"immutabilitySettings": {"state": "Unlocked"}},
    }
    row = {"id": vault, "name": "council", "properties": properties}
    _list(arm, "Microsoft.RecoveryServices/vaults", row)
    shares = {"name": "shares", "properties": {"backupManagementType": "AzureStorage"}}
    daily = {"name": "daily", "properties": {"backupManagementType": "AzureIaasVM"}}
    asked = _zone(arm, vaults=(vault,))
    arm.answers.list(f"{vault}/backupPolicies", [shares])
    assert _outcome(look, "backups", asked)[0] is Outcome.FAILED
    arm.answers.list(f"{vault}/backupPolicies", [shares, daily], page=1)
    outcome, detail = _outcome(look, "backups", asked)
    assert outcome is Outcome.PASSED
    assert "not locked" in detail
    properties["provisioningState"] = "Dreaming"
    assert _outcome(look, "backups", asked)[0] is Outcome.UNKNOWN


def test_an_action_group_has_a_receiver_that_is_enabled(arm: LoopbackArm, look: ZoneLook) -> None:
    """Addresses are not kept."""
    logs = _id(arm, "Microsoft.OperationalInsights/workspaces", "logs")
    group = _id(arm, "Microsoft.Insights/actionGroups", "on-call")
    workspace = {"provisioningState": "Succeeded", "retentionInDays": 90}
    _list(arm, "Microsoft.OperationalInsights/workspaces", {"id": logs, "properties": workspace})
    mail = {"name": "duty", "emailAddress": "duty@council.example", "status": "Enabled"}
    properties: dict[str, Any] = {"enabled": True, "emailReceivers": [mail], "smsReceivers": []}
    _list(arm, "Microsoft.Insights/actionGroups", {"id": group, "properties": properties})
    asked = _zone(arm, logs=(logs,), alerts=(group,))
    outcome, detail = _outcome(look, "monitoring", asked)
    assert outcome is Outcome.PASSED
    assert "on-call reaches 1 email" in detail
    assert "duty@" not in detail
    mail["status"] = "Disabled"
    assert _outcome(look, "monitoring", asked)[0] is Outcome.FAILED
    mail["status"] = "Enabled"
    properties["enabled"] = False
    assert _outcome(look, "monitoring", asked)[0] is Outcome.FAILED
    _list(arm, "Microsoft.Insights/actionGroups")
    assert _outcome(look, "monitoring", asked)[0] is Outcome.FAILED


def test_keys_are_enabled_rotated_and_do_not_end(arm: LoopbackArm, look: ZoneLook) -> None:
    """One that ends within 90 days would end while servers move."""
    key = _id(arm, "Microsoft.KeyVault/vaults", "kv") + "/keys/disks"
    seconds = int(NOW.timestamp())
    attributes: dict[str, Any] = {"enabled": True, "exp": seconds + 100 * _DAY}
    properties: dict[str, Any] = {
        "attributes": attributes,
        "rotationPolicy": {"lifetimeActions": [{"action": {"type": "rotate"}}]},
    }
    arm.answers.add("GET", key, {"id": key, "name": "disks", "properties": properties})
    asked = _zone(arm, keys=(key,))
    assert _outcome(look, "keys", asked)[0] is Outcome.PASSED
    attributes["exp"] = seconds + 80 * _DAY
    assert _outcome(look, "keys", asked)[0] is Outcome.FAILED
    del attributes["exp"]
    attributes["enabled"] = False
    assert _outcome(look, "keys", asked)[0] is Outcome.FAILED
    del attributes["enabled"]
    assert _outcome(look, "keys", asked)[0] is Outcome.UNKNOWN
    assert _outcome(look, "keys", _zone(arm, keys=(f"{key}-2",)))[0] is Outcome.FAILED


def test_brought_licences_are_counted_by_cores(arm: LoopbackArm, look: ZoneLook) -> None:
    """Eight for a machine at the least; how many there are the estate must say."""
    _list(arm, "Microsoft.Compute/skus", _sku())
    for number, licence in enumerate(("Windows_Server", "Windows_Server", None)):
        identifier = arm.vm_id(f"win-{number}")
        properties: dict[str, Any] = {"hardwareProfile": {"vmSize": _SIZE}}
        if licence:
            properties["licenseType"] = licence
        arm.resources.put(identifier, location="uksouth", properties=properties)
    windows = _d2(windows=True)
    asked = _zone(arm, windows, brings_windows=True, windows_cores=24)
    outcome, detail = _outcome(look, "licences", asked)
    assert outcome is Outcome.PASSED
    assert "24 by Core, less 16 in use and 8 needed, leaves 0" in detail
    fewer = _zone(arm, windows, brings_windows=True, windows_cores=23)
    assert _outcome(look, "licences", fewer)[0] is Outcome.FAILED
    nobody = _zone(arm, windows, brings_windows=True)
    assert _outcome(look, "licences", nobody)[0] is Outcome.UNKNOWN


def test_a_circuit_is_provisioned_and_peers(arm: LoopbackArm, look: ZoneLook) -> None:
    """A connection of a gateway is connected."""
    circuit = _id(arm, "Microsoft.Network/expressRouteCircuits", "dc")
    properties: dict[str, Any] = {
        "serviceProviderProvisioningState": "Provisioned",
        "circuitProvisioningState": "Enabled",
        "serviceKey": "not-to-be-told",
        "peerings": [{"properties": {"peeringType": "AzurePrivatePeering", "state": "Enabled"}}],
    }
    _list(arm, "Microsoft.Network/expressRouteCircuits", {"id": circuit, "properties": properties})
    asked = _zone(arm, connections=(circuit,))
    outcome, detail = _outcome(look, "connections", asked)
    assert outcome is Outcome.PASSED
    assert "not-to-be-told" not in detail
    for name, word, expected in (
        ("serviceProviderProvisioningState", "NotProvisioned", Outcome.FAILED),
        ("circuitProvisioningState", "Disabled", Outcome.FAILED),
        ("circuitProvisioningState", "Sleeping", Outcome.UNKNOWN),
        ("peerings", [], Outcome.FAILED),
    ):
        kept, properties[name] = properties[name], word
        assert _outcome(look, "connections", asked)[0] is expected
        properties[name] = kept
    line = _id(arm, "Microsoft.Network/connections", "dc-vpn")
    said = {"connectionType": "IPsec", "connectionStatus": "Connected"}
    arm.answers.add("GET", line, {"id": line, "name": "dc-vpn", "properties": said})
    assert _outcome(look, "connections", _zone(arm, connections=(line,)))[0] is Outcome.PASSED
    said["connectionStatus"] = "NotConnected"
    assert _outcome(look, "connections", _zone(arm, connections=(line,)))[0] is Outcome.FAILED
    said["connectionStatus"] = "Unknown"
    assert _outcome(look, "connections", _zone(arm, connections=(line,)))[0] is Outcome.UNKNOWN
    gone = _zone(arm, connections=(f"{line}-2",))
    assert _outcome(look, "connections", gone)[0] is Outcome.FAILED


def test_whatever_may_not_be_seen_is_unknown(arm: LoopbackArm, look: ZoneLook) -> None:
    """Every condition that asks Azure says which permission is missing, and none passes."""
    arm.misbehave(forbidden())
    here = _id(arm, "Microsoft.Network/virtualNetworks", "spoke")
    asked = _zone(
        arm,
        _d2(windows=True),
        brings_windows=True,
        subnets=(f"{here}/subnets/a",),
        security_groups=("g",),
        vaults=("v",),
        logs=("l",),
        alerts=("a",),
        keys=(_id(arm, "Microsoft.KeyVault/vaults", "kv") + "/keys/k",),
        connections=(_id(arm, "Microsoft.Network/connections", "c"),),
    )
    for name in CONDITIONS.names():
        outcome, detail = _outcome(look, name, asked)
        assert outcome is Outcome.UNKNOWN, name
        assert "needs privilege" in detail
        assert "Microsoft." in detail


def test_a_region_that_the_estate_does_not_allow_is_not_asked(
    arm: LoopbackArm, look: ZoneLook
) -> None:
    """Nothing goes out."""
    told = look.told(landing(cloud="azure", account=arm.subscription, region="westus"), Quotas)
    assert isinstance(told, Unknown)
    assert told.reason is Reason.NOT_ASKED
    assert not arm.log
