"""Which disks the server has, how they are attached, and what lies on them.

Read from sysfs and from what udev noted, so that neither privilege nor a tool is needed. A disk
that is reached over several paths counts once, as its multipath device.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.collectors._block import FILES, read_blocks
from inventory.collectors._disk import disks
from inventory.collectors._layers import partitions, volume_groups, volumes
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import DISKS
from inventory.model.parts import Disk, Transport
from inventory.model.storage import (
    PARTITIONS,
    VOLUME_GROUPS,
    VOLUMES,
    Partition,
    Volume,
    VolumeGroup,
    VolumeKind,
)

if TYPE_CHECKING:
    from inventory.model.fact import Observation

_KEYS = (DISKS, PARTITIONS, VOLUMES, VOLUME_GROUPS)


def _read(answer: Answer) -> tuple[Observation, ...]:
    blocks = read_blocks(answer.files)
    if not blocks.by_name:
        return tuple(key.unknown(Reason.NOT_TOLD, "there is no /sys/block") for key in _KEYS)
    return (
        DISKS.known(tuple(sorted(disks(blocks), key=lambda each: each.name))),
        PARTITIONS.known(tuple(sorted(partitions(blocks), key=lambda each: each.name))),
        VOLUMES.known(tuple(sorted(volumes(blocks), key=lambda each: (each.name, each.device)))),
        VOLUME_GROUPS.known(tuple(sorted(volume_groups(blocks), key=lambda each: each.name))),
    )


def _device(name: str, sectors: int, number: str, **more: str) -> dict[str, str]:
    """Write the files of an example's device; ``device__model`` stands for ``device/model``."""
    named = {"size": str(sectors), "dev": number, **more}
    return {
        f"/sys/block/{name}/{path.replace('__', '/')}": f"{said}\n" for path, said in named.items()
    }


_LVM = "LVM-1gYv7sTqUq2mG3c7PzXv0Wc3jEo4o2eX"
_VOLUME = "Zk3W8yXbQn2fT0aR6sJ1mVdC5hLpGuEi"

COLLECTOR = Collector(
    files=FILES,
    tells=_KEYS,
    read=_read,
    examples=(
        Example(
            system="debian 12 in a microvm",
            files=_device(
                *("vda", 536870912, "254:0"),
                removable="0",
                serial="",
                queue__rotational="1",
                queue__logical_block_size="512",
                queue__physical_block_size="512",
            ),
            expected=(
                DISKS.known(
                    (
                        Disk(
                            name="vda",
                            size_bytes=274_877_906_944,
                            rotational=True,
                            transport=Transport.VIRTIO,
                            removable=False,
                            sector_bytes=512,
                            physical_sector_bytes=512,
                        ),
                    )
                ),
                PARTITIONS.known(()),
                VOLUMES.known(()),
                VOLUME_GROUPS.known(()),
            ),
        ),
        Example(
            system="ubuntu 22.04 with LVM on LUKS (format as documented)",
            files={
                **_device(
                    *("nvme0n1", 1000215216, "259:0"),
                    queue__rotational="0",
                    wwid="eui.002538b911b3a7c1",
                    device__model="SAMSUNG MZVL2512HCJQ-00B00              ",
                    device__serial="S675NX0R400000      ",
                    device__firmware_rev="GXA7401Q",
                ),
                **_device("dm-0", 1000179712, "253:0", dm__name="nvme0n1p3_crypt")
                | {
                    "/sys/block/dm-0/dm/uuid": "CRYPT-LUKS2-0c9d1e6f8d8a4b7f9f0a6d2c1b3e4f50-x\n",
                    "/sys/block/dm-0/slaves/nvme0n1p3/size": "1000212480\n",
                },
                **_device("dm-1", 209715200, "253:1", dm__name="ubuntu--vg-root")
                | {
                    "/sys/block/dm-1/dm/uuid": f"{_LVM}{_VOLUME}\n",
                    "/sys/block/dm-1/slaves/dm-0/size": "1000179712\n",
                },
                "/sys/block/nvme0n1/nvme0n1p1/size": "2201600\n",
                "/sys/block/nvme0n1/nvme0n1p1/dev": "259:1\n",
                "/sys/block/nvme0n1/nvme0n1p3/size": "1000212480\n",
                "/sys/block/nvme0n1/nvme0n1p3/dev": "259:3\n",
                "/sys/class/nvme/nvme0/transport": "pcie\n",
                "/run/udev/data/b259:0": "S:disk/by-id/nvme-x\nE:ID_PART_TABLE_TYPE=gpt\n",
                "/run/udev/data/b259:1": "E:ID_FS_TYPE=vfat\nE:ID_FS_UUID=0A1B-2C3D\n"
                "E:ID_PART_ENTRY_TYPE=c12a7328-f81f-11d2-ba4b-00a0c93ec93b\n",
                "/run/udev/data/b259:3": "E:ID_FS_TYPE=crypto_LUKS\n",
                "/run/udev/data/b253:1": "E:ID_FS_TYPE=ext4\nE:ID_FS_LABEL=root\n",
            },
            expected=(
                DISKS.known(
                    (
                        Disk(
                            name="nvme0n1",
                            size_bytes=512_110_190_592,
                            model="SAMSUNG MZVL2512HCJQ-00B00",
                            serial="S675NX0R400000",
                            rotational=False,
                            encrypted=True,
                            firmware="GXA7401Q",
                            wwn="eui.002538b911b3a7c1",
                            transport=Transport.NVME,
                            partition_table="gpt",
                        ),
                    )
                ),
                PARTITIONS.known(
                    (
                        Partition(
                            name="nvme0n1p1",
                            disk="nvme0n1",
                            size_bytes=1_127_219_200,
                            type="c12a7328-f81f-11d2-ba4b-00a0c93ec93b",
                            filesystem="vfat",
                            filesystem_uuid="0A1B-2C3D",
                        ),
                        Partition(
                            name="nvme0n1p3",
                            disk="nvme0n1",
                            size_bytes=512_108_789_760,
                            filesystem="crypto_LUKS",
                        ),
                    )
                ),
                VOLUMES.known(
                    (
                        Volume(
                            name="nvme0n1p3_crypt",
                            device="dm-0",
                            kind=VolumeKind.ENCRYPTED,
                            size_bytes=512_092_012_544,
                            on=("nvme0n1p3",),
                        ),
                        Volume(
                            name="ubuntu--vg-root",
                            device="dm-1",
                            kind=VolumeKind.LOGICAL_VOLUME,
                            size_bytes=107_374_182_400,
                            on=("dm-0",),
                            group="ubuntu-vg",
                            filesystem="ext4",
                            filesystem_label="root",
                        ),
                    )
                ),
                VOLUME_GROUPS.known(
                    (
                        VolumeGroup(
                            name="ubuntu-vg",
                            physical_volumes=("dm-0",),
                            size_bytes=512_092_012_544,
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 7 with a disk of a SAN reached over two paths (format as documented)",
            files={
                **_device(
                    *("sda", 585937500, "8:0"),
                    queue__rotational="1",
                    device__model="LOGICAL VOLUME  ",
                    device__vendor="HP      ",
                    device__rev="6.60",
                ),
                "/sys/block/sda/device/scsi_disk/0:1:0:0/cache_type": "write through\n",
                **_device(
                    *("sdb", 209715200, "8:16"),
                    device__vendor="3PARdata",
                    device__model="VV              ",
                    device__vpd_pg80="\0\ufffd\0\x071643437",
                ),
                "/sys/block/sdb/device/scsi_disk/3:0:0:1/cache_type": "write through\n",
                **_device("sdc", 209715200, "8:32"),
                **_device("sr0", 2097151, "11:0"),
                **_device(
                    *("dm-2", 209715200, "253:2"),
                    dm__name="mpatha",
                    dm__uuid="mpath-360002ac0000000000000001200020b0e",
                    queue__rotational="0",
                ),
                **_device(
                    *("dm-3", 209713152, "253:3"),
                    dm__name="mpatha1",
                    dm__uuid="part1-mpath-360002ac0000000000000001200020b0e",
                ),
                "/sys/block/dm-2/slaves/sdb/size": "209715200\n",
                "/sys/block/dm-2/slaves/sdc/size": "209715200\n",
                "/sys/block/dm-3/slaves/dm-2/size": "209715200\n",
                "/sys/block/sda/sda1/size": "585935452\n",
                "/sys/block/sda/sda1/dev": "8:1\n",
                "/sys/class/scsi_host/host0/proc_name": "hpsa\n",
                "/sys/class/scsi_host/host3/proc_name": "qla2xxx\n",
                "/run/udev/data/b8:0": "E:ID_SERIAL_SHORT=600508b1001c1d2e\n",
                "/run/udev/data/b8:1": "E:ID_FS_TYPE=xfs\nE:ID_PART_ENTRY_TYPE=0x83\n",
            },
            expected=(
                DISKS.known(
                    (
                        Disk(
                            name="mpatha",
                            size_bytes=107_374_182_400,
                            model="VV",
                            serial="1643437",
                            rotational=False,
                            vendor="3PARdata",
                            wwn="360002ac0000000000000001200020b0e",
                            transport=Transport.FIBRE_CHANNEL,
                            paths=2,
                        ),
                        Disk(
                            name="sda",
                            size_bytes=300_000_000_000,
                            model="LOGICAL VOLUME",
                            serial="600508b1001c1d2e",
                            rotational=True,
                            encrypted=False,
                            vendor="HP",
                            firmware="6.60",
                            transport=Transport.RAID,
                        ),
                    )
                ),
                PARTITIONS.known(
                    (
                        Partition(name="mpatha1", disk="mpatha", size_bytes=107_373_133_824),
                        Partition(
                            name="sda1",
                            disk="sda",
                            size_bytes=299_998_951_424,
                            type="0x83",
                            filesystem="xfs",
                        ),
                    )
                ),
                VOLUMES.known(
                    (
                        Volume(
                            name="mpatha",
                            device="dm-2",
                            kind=VolumeKind.MULTIPATH,
                            size_bytes=107_374_182_400,
                            on=("sdb", "sdc"),
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="debian 11 with a degraded mirror (format as documented)",
            files={
                **_device("sda", 7814037168, "8:0", device__wwid="naa.5000c500a1b2c3d4"),
                "/sys/block/sda/sda1/size": "7814035120\n",
                "/sys/block/sda/sda1/dev": "8:1\n",
                **_device(
                    *("md0", 7813772288, "9:0"),
                    md__level="raid1",
                    md__raid_disks="2",
                    md__degraded="1",
                    md__array_state="clean",
                    md__sync_action="idle",
                ),
                "/sys/block/md0/slaves/sda1/size": "7814035120\n",
            },
            expected=(
                DISKS.known(
                    (Disk(name="sda", size_bytes=4_000_787_030_016, wwn="naa.5000c500a1b2c3d4"),)
                ),
                VOLUMES.known(
                    (
                        Volume(
                            name="md0",
                            device="md0",
                            kind=VolumeKind.RAID,
                            size_bytes=4_000_651_411_456,
                            on=("sda1",),
                            level="raid1",
                            members=2,
                            working=1,
                            state="clean",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="centos 6, whose udev keeps its notes by name (paths as people list them)",
            files={
                **_device("sda", 41943040, "8:0", device__vendor="VMware  "),
                "/sys/block/sda/sda1/size": "1024000\n",
                "/sys/block/sda/sda1/dev": "8:1\n",
                "/dev/.udev/db/block:sda1": "N:sda1\nE:ID_FS_TYPE=ext4\nE:ID_FS_LABEL=boot\n",
            },
            expected=(
                PARTITIONS.known(
                    (
                        Partition(
                            name="sda1",
                            disk="sda",
                            size_bytes=524_288_000,
                            filesystem="ext4",
                            filesystem_label="boot",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="freebsd 13, which has no sysfs",
            expected=(DISKS.unknown(Reason.NOT_TOLD, "there is no /sys/block"),),
        ),
    ),
)
