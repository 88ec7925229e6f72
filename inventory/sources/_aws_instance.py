"""What EC2 says of an instance, as statements of the inventory. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from inventory.model.fact import Reason
from inventory.model.facts import ARCHITECTURE, BOOT_TYPE, INTERFACES, OS_FAMILY
from inventory.model.hardware import CLOUD, CLOUD_INSTANCE, CLOUD_TYPE
from inventory.model.imported import Item, LeftOut, ServerRecord, Where
from inventory.model.parts import BootType, Interface
from inventory.model.placement import (
    CONFIGURED_CPUS,
    CONFIGURED_MEMORY,
    DATACENTRE,
    EXTERNAL_IDS,
    MANAGED_ID,
    MANAGER,
    POWER,
    POWERED_ON_AT,
    TAGS,
    VIRTUAL_DISKS,
    VM_NAME,
    Power,
    Tag,
    VirtualDisk,
)
from inventory.sources._read import Statements, tag

_GIB: Final = 1 << 30
_MIB: Final = 1 << 20
_POWER: Final = {
    "pending": Power.ON,
    "running": Power.ON,
    "stopping": Power.OFF,
    "stopped": Power.OFF,
}
_GONE: Final = frozenset({"shutting-down", "terminated"})
_BOOT: Final = {"legacy-bios": BootType.BIOS, "uefi": BootType.UEFI}
_ARCHITECTURES: Final = {"x86_64": "x86_64", "i386": "i686", "arm64": "aarch64"}


@dataclass(frozen=True, kw_only=True)
class Around:
    """What else AWS says that bears on an instance."""

    account: str
    region: str
    volumes: Mapping[str, Mapping[str, Any]]
    """By id, as DescribeVolumes tells them."""
    types: Mapping[str, Mapping[str, Any]]
    """By name, as DescribeInstanceTypes tells them."""

    @property
    def source(self) -> str:
        """The source's name, under which an instance is known again."""
        return f"aws:{self.account}:{self.region}"


def item(said: Mapping[str, Any], around: Around) -> Item:
    """Return the server that an instance is; one that is being terminated is left out."""
    number = said["InstanceId"]
    tags = {each["Key"]: each["Value"] for each in said.get("Tags", ())}
    name = tags.get("Name") or number
    where = Where(file=f"{around.source}:{number}")
    state = said["State"]["Name"]
    if state in _GONE:
        return LeftOut(what="terminated instance", name=name, where=where)
    told = Statements()
    _say_what_it_is(told, said, around)
    _say_state(told, state, said.get("LaunchTime"))
    told.say("Tags: Name", VM_NAME, tags.get("Name"))
    told.say("Tags", TAGS, tuple(tag(key, text) for key, text in tags.items()) or None)
    told.say(
        "NetworkInterfaces", INTERFACES, tuple(_cards(said.get("NetworkInterfaces", ()))) or None
    )
    told.say("BlockDeviceMappings", VIRTUAL_DISKS, _disks(said, around.volumes))
    return ServerRecord(
        source=around.source, key=number, name=name, stated=tuple(told.made), where=where
    )


def _say_what_it_is(told: Statements, said: Mapping[str, Any], around: Around) -> None:
    number, size = said["InstanceId"], said.get("InstanceType")
    kind = around.types.get(size or "", {})
    cpu = said.get("CpuOptions") or {}
    threads = cpu.get("CoreCount", 0) * cpu.get("ThreadsPerCore", 0)
    memory = kind.get("MemoryInfo", {}).get("SizeInMiB")
    zone = said.get("Placement", {}).get("AvailabilityZone")
    told.say("InstanceId", CLOUD, "aws")
    told.say("InstanceId", CLOUD_INSTANCE, number)
    told.say("InstanceId", MANAGED_ID, f"{around.account}:{around.region}:{number}")
    told.say("InstanceId", MANAGER, f"AWS account {around.account}")
    told.say("InstanceId", EXTERNAL_IDS, (Tag(name="EC2 instance", value=number),))
    told.say("Placement", DATACENTRE, zone or around.region)
    told.say("InstanceType", CLOUD_TYPE, size)
    told.say("CpuOptions", CONFIGURED_CPUS, threads or kind.get("VCpuInfo", {}).get("DefaultVCpus"))
    told.say("InstanceType: memory", CONFIGURED_MEMORY, memory * _MIB if memory else None)
    told.say("Architecture", ARCHITECTURE, _ARCHITECTURES.get(said.get("Architecture", "")))
    told.say(
        "CurrentInstanceBootMode", BOOT_TYPE, _BOOT.get(said.get("CurrentInstanceBootMode", ""))
    )
    details = said.get("PlatformDetails") or said.get("Platform") or ""
    if details:
        told.say("PlatformDetails", OS_FAMILY, "windows" if "win" in details.lower() else "linux")


def _say_state(told: Statements, state: str, launched: datetime | None) -> None:
    power = _POWER.get(state)
    if power is None:
        why = f"AWS says {state!r}, a word of which nothing is known here"
        told.add("State", POWER.unknown(Reason.UNREADABLE, why))
    told.say("State", POWER, power)
    told.say("LaunchTime", POWERED_ON_AT, launched if power is Power.ON else None)


def _cards(said: Iterable[Mapping[str, Any]]) -> Iterable[Interface]:
    for number, each in enumerate(said):
        private = [one.get("PrivateIpAddress") for one in each.get("PrivateIpAddresses", ())]
        sixth = [one.get("Ipv6Address") for one in each.get("Ipv6Addresses", ())]
        yield Interface(
            name=each.get("NetworkInterfaceId") or f"interface {number}",
            mac=(each.get("MacAddress") or "").lower() or None,
            addresses=tuple(address for address in (*private, *sixth) if address),
        )


def _disks(
    said: Mapping[str, Any], volumes: Mapping[str, Mapping[str, Any]]
) -> tuple[VirtualDisk, ...] | None:
    found = []
    for each in said.get("BlockDeviceMappings", ()):
        number = each.get("Ebs", {}).get("VolumeId")
        size = volumes.get(number, {}).get("Size")
        found.append(
            VirtualDisk(
                name=each["DeviceName"], path=number, size_bytes=size * _GIB if size else None
            )
        )
    return tuple(found) or None
