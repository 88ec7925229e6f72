"""A new server in a loopback Azure, with its disks, network, filters, locks and views, as a whole.

The shapes follow the examples in Azure's REST API specifications and public recordings of Cloud
Custodian's tests; the values are made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from migrate.demo.arm import LoopbackArm

Told = dict[str, Any]


def rule(
    name: str,
    priority: int,
    access: str,
    source: str,
    ports: str | list[str] = "*",
    *,
    protocol: str = "*",
    to: str = "*",
) -> Told:
    """Return a rule for incoming traffic; several ports are a list."""
    ported = {"destinationPortRange": ports, "destinationPortRanges": []}
    if isinstance(ports, list):
        ported = {"destinationPortRanges": ports}
    return {
        "name": name,
        "properties": {
            "protocol": protocol,
            "sourcePortRange": "*",
            "sourceAddressPrefix": source,
            "sourceAddressPrefixes": [],
            "destinationAddressPrefix": to,
            "destinationAddressPrefixes": [],
            "access": access,
            "priority": priority,
            "direction": "Inbound",
            **ported,
        },
    }


DEFAULT_RULES = [
    rule("AllowVnetInBound", 65000, "Allow", "VirtualNetwork", to="VirtualNetwork"),
    rule("AllowAzureLoadBalancerInBound", 65001, "Allow", "AzureLoadBalancer"),
    rule("DenyAllInBound", 65500, "Deny", "*"),
]
"""What Azure adds to every group."""


def group(name: str, *rules: Told) -> Told:
    """Return a network security group with Azure's default rules."""
    return {
        "name": name,
        "properties": {"securityRules": list(rules), "defaultSecurityRules": DEFAULT_RULES},
    }


@dataclass(kw_only=True)
class Server:
    """One new server, ``web-1``, which a test spoils in one way or another before it is put."""

    arm: LoopbackArm
    tags: Told = field(default_factory=lambda: {"Owner": "Housing"})
    encryption: Told = field(default_factory=lambda: {"type": "EncryptionAtRestWithPlatformKey"})
    at_host: bool = False
    subnet_rules: tuple[Told, ...] | None = ()
    """None when the subnet has no group."""
    card_rules: tuple[Told, ...] | None = None
    public: str | None = None
    """The SKU of its public address; None when it has none."""
    public_given: bool = True
    """Whether the public address is given now: a dynamic one is only while the server runs."""
    agent: Told | None = field(
        default_factory=lambda: {
            "vmAgentVersion": "2.14.0.1",
            "statuses": [
                {
                    "code": "ProvisioningState/succeeded",
                    "level": "Info",
                    "displayStatus": "Ready",
                    "message": "Guest Agent is running",
                    "time": "2026-11-23T11:58:00+00:00",
                }
            ],
        }
    )
    extensions: dict[str, str] = field(default_factory=lambda: {"AzureMonitor": "succeeded"})

    def id(self, kind: str, name: str) -> str:
        """Return the id of a resource of its group."""
        return f"/subscriptions/{self.arm.subscription}/resourceGroups/demo/providers/{kind}/{name}"

    @property
    def vm(self) -> str:
        """Its resource id."""
        return self.arm.vm_id("web-1")

    def put(self) -> str:
        """Hold it and all that belongs to it, and return its id."""
        self.arm.put_vm(self.vm)
        put = self.arm.resources.put
        disk = self.id("Microsoft.Compute/disks", "web-1_os")
        card = self.id("Microsoft.Network/networkInterfaces", "web-1-nic")
        put(
            disk,
            location="uksouth",
            properties={
                "diskSizeGB": 64,
                "diskSizeBytes": 64 * 2**30,
                "encryption": self.encryption,
                "diskState": "Attached",
            },
        )
        put(
            self.vm,
            location="uksouth",
            tags=self.tags,
            zones=["1"],
            properties={
                "hardwareProfile": {"vmSize": "Standard_D2s_v5"},
                "provisioningState": "Succeeded",
                "storageProfile": {
                    "osDisk": {"name": "web-1_os", "managedDisk": {"id": disk}},
                    "dataDisks": [],
                },
                "networkProfile": {"networkInterfaces": [{"id": card}]},
                "securityProfile": {"encryptionAtHost": self.at_host},
            },
        )
        self._put_network(card)
        self._put_view()
        return self.vm

    def _put_network(self, card: str) -> None:
        put = self.arm.resources.put
        network = self.id("Microsoft.Network/virtualNetworks", "hub")
        address = self.id("Microsoft.Network/publicIPAddresses", "web-1-ip")
        subnet: Told = {"addressPrefix": "10.1.0.0/24"}
        told: Told = {
            "privateIPAddress": "10.1.0.4",
            "subnet": {"id": f"{network}/subnets/servers"},
        }
        of_card: Told = {"ipConfigurations": [{"name": "first", "properties": told}]}
        for where, rules in ((subnet, self.subnet_rules), (of_card, self.card_rules)):
            if rules is not None:
                name = "subnet" if where is subnet else "card"
                made = self.id("Microsoft.Network/networkSecurityGroups", name)
                put(made, location="uksouth", properties=group(name, *rules)["properties"])
                where["networkSecurityGroup"] = {"id": made}
        if self.public:
            told["publicIPAddress"] = {"id": address}
            put(
                address,
                location="uksouth",
                properties={"ipAddress": "20.90.0.9"} if self.public_given else {},
                sku={"name": self.public},
            )
        put(card, location="uksouth", properties=of_card)
        put(
            network,
            location="uksouth",
            properties={
                "subnets": [
                    {"id": f"{network}/subnets/servers", "name": "servers", "properties": subnet}
                ]
            },
        )

    def _put_view(self) -> None:
        """Answer for its run-time view, which the listing holds without the agent."""
        view: Told = {
            "statuses": [{"code": "PowerState/running", "level": "Info"}],
            "extensions": [
                {
                    "name": name,
                    "statuses": [{"code": f"ProvisioningState/{end}", "level": "Info"}],
                }
                for name, end in self.extensions.items()
            ],
        }
        if self.agent is not None:
            view["vmAgent"] = self.agent
        self.arm.answers.add("GET", f"{self.vm}/instanceView", view)
