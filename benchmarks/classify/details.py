"""What discovery tells of a server besides its size and software: devices, settings, placement.

Servers that one team installs are alike in most of this, and it is made so. Each has certificates,
interfaces, and, where it is physical, disks of its own. Windows servers tell nothing of what only
Unix has.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from benchmarks.classify import samples
from inventory.model.accounts import ACCOUNTS, PASSWORD_POLICY, SSH_SERVER
from inventory.model.certificates import CERTIFICATES
from inventory.model.fact import Observation, Reason
from inventory.model.facts import CPU_CORES, CPU_MODEL, KERNEL, MANUFACTURER, PRODUCT, SUDO
from inventory.model.hardware import (
    CLOUD,
    CPU_FLAGS,
    CPU_LEVEL,
    FIRMWARE_DATE,
    HYPERVISOR,
    PCI_DEVICES,
    SERIAL_PORTS,
    TPM,
    USB_DEVICES,
)
from inventory.model.network import FIREWALL_POLICIES, FORWARDS_IPV4, RTC_LOCAL, TIME_SERVERS
from inventory.model.parts import Disk
from inventory.model.placement import (
    CHANGE_TRACKING,
    FAULT_TOLERANCE,
    GUEST_VOLUMES,
    HARDWARE_VERSION,
    PASSED_USB,
    POWER,
    SNAPSHOTS,
    VIRTUAL_NICS,
    VM_NAME,
    GuestVolume,
    Power,
    Snapshot,
    VirtualNic,
)
from inventory.model.software import (
    CONTAINERS,
    KUBERNETES_ROLES,
    REBOOT_REQUIRED,
    RUNTIMES,
    UPDATES_PENDING,
)
from inventory.model.storage import (
    EXPORTS,
    FIBRE_CHANNEL,
    ISCSI_SESSIONS,
    PARTITIONS,
    SHARES,
    SWAP,
    TAPES,
    VOLUMES,
    FibreChannelPort,
    Partition,
)
from inventory.model.utilisation import HISTORY

PRIVILEGED: Final = 0.85
"""The share of Unix servers whose account may see everything."""
WATCHED: Final = 0.25
"""The share that keeps a history of how busy it is."""
CERTIFIED: Final = 0.3
"""The share that holds certificates of its own."""
FLAGS: Final = tuple(f"flag{number}" for number in range(90))
MODELS: Final = (
    ("Intel(R) Xeon(R) CPU E5-2640 v3 @ 2.60GHz", "v3"),
    ("Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz", "v4"),
    ("Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz", "v4"),
    ("AMD EPYC 7313 16-Core Processor", "v3"),
)
KERNELS: Final = {
    "22.04": "5.15.0-119-generic",
    "20.04": "5.4.0-192-generic",
    "16.04": "4.4.0-210-generic",
    "8.10": "4.18.0-553.el8_10.x86_64",
    "9.4": "5.14.0-427.el9_4.x86_64",
    "7.9": "3.10.0-1160.el7.x86_64",
    "7": "3.10.0-1160.el7.x86_64",
    "12": "6.1.0-25-amd64",
    "12.5": "4.12.14-122.225-default",
}


def of_disks(disks: tuple[Disk, ...], draw: random.Random, *, physical: bool) -> tuple[Disk, ...]:
    """Return the disks as their system tells them: only physical ones have a name of their own."""
    table = draw.choice(("gpt", "dos"))
    if not physical:
        alike = {"model": "Virtual disk", "vendor": "VMware", "sector_bytes": 512}
        return tuple(replace(each, partition_table=table, **alike) for each in disks)
    return tuple(
        replace(
            each,
            model="PERC H730P Mini",
            serial=f"{draw.getrandbits(64):016x}",
            wwn=f"0x6{draw.getrandbits(60):015x}",
            sector_bytes=512,
            partition_table=table,
        )
        for each in disks
    )


def of_unix(
    name: str, version: str, disks: tuple[Disk, ...], draw: random.Random
) -> Iterator[Observation]:
    """Tell what Unix servers tell of how they are set up."""
    privileged = draw.random() < PRIVILEGED
    yield SUDO.known(privileged)
    yield KERNEL.known(KERNELS[version])
    yield ACCOUNTS.known(samples.accounts(draw.randrange(12), privileged=privileged))
    yield PASSWORD_POLICY.known(samples.password_policy(draw.randrange(3)))
    if privileged:
        yield SSH_SERVER.known(samples.ssh_server(draw.randrange(6)))
        yield FIREWALL_POLICIES.known(samples.firewall(draw.randrange(3)))
    else:
        yield SSH_SERVER.unknown(Reason.NEEDS_PRIVILEGE)
        yield FIREWALL_POLICIES.unknown(Reason.NEEDS_PRIVILEGE)
    yield CERTIFICATES.known(samples.certificates(draw, name) if draw.random() < CERTIFIED else ())
    yield TIME_SERVERS.known(samples.time_servers())
    yield RTC_LOCAL.known(_one_in(50, draw))
    yield FORWARDS_IPV4.known(_one_in(20, draw))
    yield REBOOT_REQUIRED.known(_one_in(5, draw))
    yield UPDATES_PENDING.known(int(draw.expovariate(1 / 30)))
    yield RUNTIMES.known(samples.runtimes(draw.randrange(5)))
    partitions = tuple(
        Partition(name=f"{each.name}1", disk=each.name, size_bytes=each.size_bytes)
        for each in disks
    )
    yield PARTITIONS.known(partitions)
    yield SWAP.known(samples.swap(draw.randrange(3)))
    for key in (CONTAINERS, KUBERNETES_ROLES, EXPORTS, SHARES, ISCSI_SESSIONS, VOLUMES, HYPERVISOR):
        yield key.known(())
    if draw.random() < WATCHED:
        yield HISTORY.known((samples.watched(draw),))


def of_hardware(draw: random.Random, *, physical: bool) -> Iterator[Observation]:
    """Tell the hardware, real or virtual, and what is plugged into it."""
    model, level = draw.choice(MODELS)
    yield CPU_MODEL.known(model)
    yield CPU_LEVEL.known(level)
    yield CPU_FLAGS.known(FLAGS)
    yield CLOUD.known("none")
    yield TAPES.known(())
    yield SERIAL_PORTS.known(())
    if not physical:
        yield MANUFACTURER.known("VMware, Inc.")
        yield PRODUCT.known("VMware Virtual Platform")
        yield FIRMWARE_DATE.known(date(2020, 11, 12))
        yield TPM.known("none")
        yield PCI_DEVICES.known(samples.virtual_cards())
        yield USB_DEVICES.known(())
        yield FIBRE_CHANNEL.known(())
        return
    yield MANUFACTURER.known("Dell Inc.")
    yield PRODUCT.known("PowerEdge R730")
    yield CPU_CORES.known(16)
    yield FIRMWARE_DATE.known(date(draw.randrange(2012, 2025), draw.randrange(1, 13), 1))
    yield TPM.known(draw.choice(("none", "1.2", "2.0")))
    on_san = _one_in(3, draw)
    yield PCI_DEVICES.known(samples.cards(on_san=on_san))
    yield USB_DEVICES.known(samples.licence_key() if _one_in(20, draw) else ())
    wwpn = f"0x2100{draw.getrandbits(48):012x}"
    yield FIBRE_CHANNEL.known((FibreChannelPort(name="host1", wwpn=wwpn),) if on_san else ())


def of_guest(
    name: str, mac: str, disks: tuple[Disk, ...], draw: random.Random, *, unix: bool
) -> Iterator[Observation]:
    """Tell what a hypervisor's export says of its guest."""
    yield POWER.known(Power.OFF if _one_in(15, draw) else Power.ON)
    yield VM_NAME.known(name)
    yield HARDWARE_VERSION.known(draw.choice(("vmx-10", "vmx-13", "vmx-15", "vmx-19")))
    network = f"VLAN{draw.randrange(40)}"
    yield VIRTUAL_NICS.known(
        (VirtualNic(name="Network adapter 1", network=network, adapter="vmxnet3", mac=mac),)
    )
    taken = Snapshot(name="before patching", taken_at=samples.UNTIL)
    yield SNAPSHOTS.known((taken,) if _one_in(12, draw) else ())
    yield CHANGE_TRACKING.known(not _one_in(3, draw))
    yield FAULT_TOLERANCE.known(value=False)
    yield PASSED_USB.known(())
    volumes = tuple(
        GuestVolume(
            mount_point=("/" if unix else "C:\\") if at == 0 else f"/data{at}",
            size_bytes=each.size_bytes,
            free_bytes=int(each.size_bytes * draw.uniform(0.02, 0.9)),
        )
        for at, each in enumerate(disks)
    )
    yield GUEST_VOLUMES.known(volumes)


def _one_in(count: int, draw: random.Random) -> bool:
    return draw.randrange(count) == 0
