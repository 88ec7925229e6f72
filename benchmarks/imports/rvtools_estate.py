"""An estate of any size as RVTools would tell it, tab by tab. The same each time.

The titles are those of RVTools 4.7; what stands below them is made up in the proportions of real
exports: three disks and volumes a server, most machines on, some templates, few snapshots.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

Value = str | int | float | datetime
Rows = Iterator[Sequence[Value]]
_VCENTER: Final = ("vcenter-{}.example.org", "1f0c4d5e-0000-4000-8000-00000000c0{:02d}")
_VMS_A_VCENTER: Final = 10_000
_VMS_A_HYPERVISOR: Final = 40
_BEGINNING: Final = datetime(2021, 1, 4, 8, 0, 0)  # noqa: DTZ001  # as RVTools writes: no zone
_SYSTEMS: Final = (
    "Debian GNU/Linux 12 (64-bit)",
    "Red Hat Enterprise Linux 8 (64-bit)",
    "Microsoft Windows Server 2019 (64-bit)",
    "Ubuntu Linux (64-bit)",
)
_HEAD: Final = ("VM", "Powerstate", "Template", "SRM Placeholder")
_PLACE: Final = (
    "Annotation", "Cost centre", "Datacenter", "Cluster", "Host", "Folder",
    "OS according to the configuration file", "OS according to the VMware Tools", "VM ID",
    "VM UUID", "VI SDK Server", "VI SDK UUID",
)  # fmt: skip
_INFO: Final = (
    *_HEAD, "Config status", "DNS Name", "Connection state", "Guest state", "Heartbeat",
    "Consolidation Needed", "PowerOn", "Suspended To Memory", "Suspend time", "Suspend Interval",
    "Creation date", "Change Version", "CPUs", "Overall Cpu Readiness", "Memory", "Active Memory",
    "NICs", "Disks", "Total disk capacity MiB", "Fixed Passthru HotPlug",
    "min Required EVC Mode Key", "Latency Sensitivity", "Op Notification Timeout", "EnableUUID",
    "CBT", "Primary IP Address", "Network #1", "Network #2", "Network #3", "Network #4",
    "Network #5", "Network #6", "Network #7", "Network #8", "Num Monitors", "Video Ram KiB",
    "Resource pool", "Folder ID", "vApp", "DAS protection", "FT State", "FT Role", "FT Latency",
    "FT Bandwidth", "FT Sec. Latency", "Vm Failover In Progress", "Provisioned MiB", "In Use MiB",
    "Unshared MiB", "HA Restart Priority", "HA Isolation Response", "HA VM Monitoring",
    "Cluster rule(s)", "Cluster rule name(s)", "Boot Required", "Boot delay", "Boot retry delay",
    "Boot retry enabled", "Boot BIOS setup", "Reboot PowerOff", "EFI Secure boot", "Firmware",
    "HW version", "HW upgrade status", "HW upgrade policy", "HW target", "Path", "Log directory",
    "Snapshot directory", "Suspend directory", "Customization Info", "Guest Detailed Data",
    "SMBIOS UUID", "VI SDK Server type", "VI SDK API Version", *_PLACE,
)  # fmt: skip
_CPU: Final = (
    *_HEAD, "CPUs", "Sockets", "Cores p/s", "Max", "Overall", "Level", "Shares", "Reservation",
    "Entitlement", "DRS Entitlement", "Limit", "Hot Add", "Hot Remove", "Numa Hotadd Exposed",
    *_PLACE,
)  # fmt: skip
_MEMORY: Final = (
    *_HEAD, "Size MiB", "Memory Reservation Locked To Max", "Overhead", "Max", "Consumed",
    "Consumed Overhead", "Private", "Shared", "Swapped", "Ballooned", "Active", "Entitlement",
    "DRS Entitlement", "Level", "Shares", "Reservation", "Limit", "Hot Add", *_PLACE,
)  # fmt: skip
_DISK: Final = (
    *_HEAD, "Disk", "Disk Key", "Disk UUID", "Disk Path", "Capacity MiB", "Raw", "Disk Mode",
    "Sharing mode", "Thin", "Eagerly Scrub", "Split", "Write Through", "Level", "Shares",
    "Reservation", "Limit", "Controller", "Label", "SCSI Unit #", "Unit #", "Shared Bus", "Path",
    "Raw LUN ID", "Raw Comp. Mode", "Internal Sort Column", *_PLACE,
)  # fmt: skip
_PARTITION: Final = (
    *_HEAD, "Disk Key", "Disk", "Capacity MiB", "Consumed MiB", "Free MiB", "Free %",
    "Internal Sort Column", *_PLACE,
)  # fmt: skip
_NETWORK: Final = (
    *_HEAD, "NIC label", "Adapter", "Network", "Switch", "Connected", "Starts Connected",
    "Mac Address", "Type", "IPv4 Address", "IPv6 Address", "Direct Path IO",
    "Internal Sort Column", *_PLACE,
)  # fmt: skip
_CD: Final = (*_HEAD, "Device Node", "Connected", "Starts Connected", "Device Type", *_PLACE)
_USB: Final = (*_HEAD, "Device Node", "Device Type", "Connected", "Family", "Speed", *_PLACE)
_SNAPSHOT: Final = (
    "VM", "Powerstate", "Name", "Description", "Date / time", "Filename", "Size MiB (vmsn)",
    "Size MiB (total)", "Quiesced", "State", *_PLACE,
)  # fmt: skip
_TOOLS: Final = (
    *_HEAD, "VM Version", "Tools", "Tools Version", "Required Version", "Upgradeable",
    "Upgrade Policy", "Sync time", "App status", "Heartbeat status", "Kernel Crash state",
    "Operation Ready", "State change support", "Interactive Guest", *_PLACE,
)  # fmt: skip
_HOST: Final = (
    "Host", "Datacenter", "Cluster", "Config status", "CPU Model", "Speed", "HT Active", "# CPU",
    "Cores per CPU", "# Cores", "CPU usage %", "# Memory", "Memory usage %", "# NICs", "# HBAs",
    "# VMs total", "# VMs", "# vCPUs", "vRAM", "ESX Version", "Vendor", "Model", "Serial number",
    "VI SDK Server", "VI SDK UUID",
)  # fmt: skip
_HBA: Final = (
    "Host", "Datacenter", "Cluster", "Device", "Type", "Status", "Bus", "Pci", "Driver", "Model",
    "WWN", "VI SDK Server", "VI SDK UUID",
)  # fmt: skip
_DV_PORT: Final = ("Port", "Switch", "Type", "# Ports", "VLAN", "VI SDK Server", "VI SDK UUID")
_DATASTORE: Final = (
    "Name", "Config status", "Address", "Accessible", "Type", "# VMs", "Capacity MiB",
    "Provisioned MiB", "In Use MiB", "Free MiB", "Free %", "# Hosts", "Hosts", "URL", "Object ID",
    "VI SDK Server", "VI SDK UUID",
)  # fmt: skip
_HEALTH: Final = ("Name", "Message", "Message type", "VI SDK Server", "VI SDK UUID")


def tabs(servers: int) -> Iterator[tuple[str, Sequence[str], Rows]]:
    """Yield each tab of an estate of so many servers: its name, titles and rows."""
    numbers = range(1, servers + 1)
    machines = range(1, servers + servers // 50 + 1)
    hypervisors = range(1, servers // _VMS_A_HYPERVISOR + 2)
    yield "vInfo", _INFO, (_row(_INFO, number, _info(number, servers)) for number in machines)
    yield "vCPU", _CPU, _each(_CPU, numbers, _cpu)
    yield "vMemory", _MEMORY, _each(_MEMORY, numbers, _memory)
    yield "vDisk", _DISK, _each(_DISK, numbers, _disk, 3)
    yield "vPartition", _PARTITION, _each(_PARTITION, numbers, _partition, 3)
    yield "vNetwork", _NETWORK, _each(_NETWORK, numbers, _nic, 2)
    yield "vCD", _CD, _each(_CD, numbers, _cd)
    yield "vUSB", _USB, iter(())
    yield "vSnapshot", _SNAPSHOT, _each(_SNAPSHOT, numbers[::10], _snapshot)
    yield "vTools", _TOOLS, _each(_TOOLS, numbers, _tools)
    yield "vHost", _HOST, (_of_hypervisor(_HOST, number) for number in hypervisors)
    yield "vHBA", _HBA, (_of_hypervisor(_HBA, number) for number in hypervisors for _ in range(4))
    yield "dvPort", _DV_PORT, (_port(number) for number in range(1, 65))
    yield "vDatastore", _DATASTORE, (_of_hypervisor(_DATASTORE, number) for number in hypervisors)
    yield "vHealth", _HEALTH, (_of_hypervisor(_HEALTH, number) for number in numbers[::4])
    yield "vMetaData", ("RVTools version", "xlsx creation datetime"), iter([("4.7.1.4", _at(0))])


def _each(
    titles: Sequence[str],
    numbers: Sequence[int],
    of: Callable[[int, int], dict[str, Value]],
    several: int = 1,
) -> Rows:
    for number in numbers:
        for part in range(several):
            yield _row(titles, number, of(number, part))


def _row(titles: Sequence[str], number: int, own: dict[str, Value]) -> Sequence[Value]:
    values = {**_of_all(number), **own}
    return [values.get(title, "") for title in titles]


def _of_all(number: int) -> dict[str, Value]:
    vcenter = (number - 1) // _VMS_A_VCENTER + 1
    host = (number - 1) // _VMS_A_HYPERVISOR + 1
    return {
        "VM": f"srv-{number:05d}",
        "Powerstate": "poweredOff" if number % 9 == 0 else "poweredOn",
        "Template": "False",
        "SRM Placeholder": "False",
        "Annotation": f"ticket CHG{number:07d}" if number % 3 == 0 else "",
        "Cost centre": str(4000 + number % 40),
        "Datacenter": f"DC{vcenter}",
        "Cluster": f"C{host % 20}",
        "Host": f"esx-{host:04d}.example.org",
        "Folder": f"/DC{vcenter}/Team {number % 50}",
        "OS according to the configuration file": _SYSTEMS[number % 4],
        "OS according to the VMware Tools": _SYSTEMS[number % 4],
        "VM ID": f"vm-{1000 + number}",
        "VM UUID": f"501f0000-1111-4222-8333-{number:012x}",
        "VI SDK Server": _VCENTER[0].format(vcenter),
        "VI SDK UUID": _VCENTER[1].format(vcenter),
        "HW version": 19,
        "VM Version": 19,
    }


def _info(number: int, servers: int) -> dict[str, Value]:
    return {
        "Template": "True" if number > servers else "False",
        "Config status": "green",
        "DNS Name": f"srv-{number:05d}.example.org",
        "Connection state": "connected",
        "Guest state": "running",
        "Consolidation Needed": "False",
        "PowerOn": _at(number),
        "Creation date": _at(number // 2),
        "Change Version": _at(number),
        "CPUs": 2 + number % 4 * 2,
        "Memory": 4096 * (1 + number % 8),
        "Active Memory": 512,
        "NICs": 2,
        "Disks": 3,
        "Total disk capacity MiB": 184_320,
        "Latency Sensitivity": "normal",
        "CBT": "TRUE",
        "Primary IP Address": _address(number, 0),
        "Network #1": f"net-{number % 64 + 1}",
        "Num Monitors": 1,
        "Video Ram KiB": 8192,
        "Resource pool": f"/DC/C{number % 20}/Resources",
        "FT State": "notConfigured",
        "FT Bandwidth": -1,
        "FT Sec. Latency": -1,
        "Provisioned MiB": 190_000 + number % 1000,
        "In Use MiB": 90_000 + number % 5000,
        "Unshared MiB": 90_000,
        "EFI Secure boot": "True",
        "Firmware": "efi",
        "Path": f"[ds{number % 200}] srv-{number:05d}/srv-{number:05d}.vmx",
        "Log directory": f"[ds{number % 200}] srv-{number:05d}/",
        "Guest Detailed Data": "architecture='X86' bitness='64' distroName='Debian GNU/Linux' "
        "distroVersion='12' familyName='Linux' kernelVersion='6.1.0-42-amd64' "
        "prettyName='Debian GNU/Linux 12 (bookworm)'"
        if number % 4 == 0
        else "",
        "SMBIOS UUID": f"421f0000-1111-4222-8333-{number:012x}",
        "VI SDK Server type": "VMware vCenter Server 8.0.3 build-24262322",
        "VI SDK API Version": "8.0.3.0",
    }


def _cpu(number: int, part: int) -> dict[str, Value]:
    return {
        "CPUs": 2 + number % 4 * 2,
        "Sockets": 1,
        "Cores p/s": 2 + number % 4 * 2,
        "Max": 9576,
        "Overall": 100 + number % 900,
        "Level": "normal",
        "Shares": 4000,
        "Reservation": part,
        "Limit": -1,
        "Hot Add": "True",
        "Hot Remove": "False",
    }


def _memory(number: int, part: int) -> dict[str, Value]:
    return {
        "Size MiB": 4096 * (1 + number % 8),
        "Overhead": 60,
        "Consumed": 4000,
        "Level": "normal",
        "Shares": 40_960,
        "Reservation": part,
        "Limit": -1,
        "Hot Add": "True",
    }


def _disk(number: int, part: int) -> dict[str, Value]:
    file = f"[ds{number % 200}] srv-{number:05d}/srv-{number:05d}_{part}.vmdk"
    return {
        "Disk": f"Hard disk {part + 1}",
        "Disk Key": str(2000 + part),
        "Disk UUID": f"6000c29a-0dec-4a17-8000-{number * 10 + part:012x}",
        "Capacity MiB": 61_440,
        "Raw": "False",
        "Disk Mode": "persistent",
        "Sharing mode": "sharingNone",
        "Thin": "True",
        "Controller": "VMware paravirtual SCSI",
        "Label": "SCSI controller 0",
        "SCSI Unit #": 7,
        "Unit #": part,
        "Shared Bus": "noSharing",
        "Path": file,
        "Internal Sort Column": f"srv-{number:05d} {2000 + part}",
    }


def _partition(number: int, part: int) -> dict[str, Value]:
    return {
        "Disk Key": str(2000 + part),
        "Disk": ("/", "/var", "/srv")[part],
        "Capacity MiB": 61_000,
        "Consumed MiB": 20_000 + number % 100,
        "Free MiB": 41_000 - number % 100,
        "Free %": 67,
        "Internal Sort Column": f"srv-{number:05d} {2000 + part}",
    }


def _nic(number: int, part: int) -> dict[str, Value]:
    return {
        "NIC label": f"Network adapter {part + 1}",
        "Adapter": "Vmxnet3",
        "Network": f"net-{(number + part) % 64 + 1}",
        "Switch": "dvs-1",
        "Connected": "True",
        "Starts Connected": "True",
        "Mac Address": f"00:50:56:{number >> 8 & 127:02x}:{number & 255:02x}:{part:02x}",
        "Type": "assigned",
        "IPv4 Address": _address(number, part),
        "Direct Path IO": "True",
    }


def _cd(number: int, part: int) -> dict[str, Value]:
    return {
        "Device Node": f"CD/DVD drive {part + 1}",
        "Connected": "True" if number % 100 == 0 else "False",
        "Starts Connected": "False",
        "Device Type": "Remote ATAPI",
    }


def _snapshot(number: int, part: int) -> dict[str, Value]:
    return {
        "Name": f"before update {part + 1}",
        "Date / time": _at(number),
        "Size MiB (vmsn)": 0,
        "Size MiB (total)": 512,
        "State": "poweredOn",
    }


def _tools(number: int, part: int) -> dict[str, Value]:
    return {
        "Tools": "toolsOld" if number % 30 == part else "toolsOk",
        "Tools Version": 12448,
        "Required Version": 12448,
        "Upgradeable": "Yes",
        "Upgrade Policy": "manual",
        "Sync time": "False",
    }


def _of_hypervisor(titles: Sequence[str], number: int) -> Sequence[Value]:
    own: dict[str, Value] = {
        "Host": f"esx-{number:04d}.example.org",
        "Name": f"ds{number}",
        "Device": "vmhba0",
        "Message": "Possibly a Zombie vmdk file! Please check.",
        "Message type": "Zombie",
        "# Cores": 48,
        "ESX Version": "VMware ESXi 8.0.3 build-24784735",
        "Vendor": "Lenovo",
        "VI SDK Server": _VCENTER[0].format(1),
        "VI SDK UUID": _VCENTER[1].format(1),
    }
    return [own.get(title, "") for title in titles]


def _port(number: int) -> Sequence[Value]:
    return (
        f"net-{number}", "dvs-1", "earlyBinding", 128, 2000 + number, _VCENTER[0].format(1),
        _VCENTER[1].format(1),
    )  # fmt: skip


def _at(number: int) -> datetime:
    return _BEGINNING + timedelta(minutes=number * 7)


def _address(number: int, part: int) -> str:
    return f"10.{100 + part}.{number >> 8 & 255}.{number & 255}"
