"""What is said of one whole disk: what it is, how it is attached, whether it is encrypted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._text import number
from inventory.model.parts import Disk, Transport
from inventory.model.placeholders import is_unfilled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.collectors._block import Block, Blocks

_NO_DISK: Final = re.compile(
    r"(loop|ram|zram|sr|fd|md|dm-|nbd|zd|bcache|drbd|mtdblock)\d|mmcblk\d+(boot|rpmb)|nvme\d+c\d+n"
)
_NAMED: Final = (
    (re.compile(r"vd[a-z]"), Transport.VIRTIO),
    (re.compile(r"xvd[a-z]"), Transport.XEN),
    (re.compile(r"hd[a-z]"), Transport.IDE),
    (re.compile(r"mmcblk\d"), Transport.MMC),
    (re.compile(r"(cciss|ida)[!/]"), Transport.RAID),
)
"""Disks whose names say how they are attached."""
_DRIVEN: Final = (
    (Transport.SATA, ("ahci", "sata_")),
    (Transport.IDE, ("ata_", "pata_")),
    (Transport.USB, ("usb-storage", "uas", "ums-")),
    (
        Transport.FIBRE_CHANNEL,
        ("qla2", "lpfc", "bfa", "fnic", "zfcp", "ibmvfc", "csiostor", "qedf", "bnx2fc", "fcoe"),
    ),
    (
        Transport.ISCSI,
        ("iscsi", "ib_iser", "be2iscsi", "bnx2i", "qla4", "cxgb", "qedi", "libcxgbi"),
    ),
    (
        Transport.RAID,
        (
            *("megaraid", "hpsa", "smartpqi", "aacraid", "arcmsr", "3w-", "cciss", "ips", "mpi3mr"),
            *("pmcraid", "ipr", "hptiop"),
        ),
    ),
    (Transport.SAS, ("mpt2sas", "mpt3sas", "mptsas", "mvsas", "isci", "pm80", "hisi_sas", "aic94")),
    (Transport.VIRTIO, ("virtio",)),
    (Transport.HYPERV, ("storvsc", "hv_")),
    (Transport.XEN, ("xen",)),
    (Transport.SCSI, ("vmw_pvscsi", "mptspi", "sym53", "buslogic", "ibmvscsi", "aic7", "scsi_")),
)
"""How the names of SCSI hosts' drivers begin (``proc_name``)."""
_ADDRESSED: Final = re.compile(r"device/scsi_disk/(?P<host>\d+):[\d:]+/cache_type")
_NVME: Final = re.compile(r"(?P<controller>nvme\d+)n\d+")
_INQUIRED: Final = frozenset({"ATA", "VMware", "QEMU", "VBOX"})
"""Vendors that SCSI's inquiry gives and that made no disk; VMware's and the like are told by the
model or by the hypervisor."""


def disks(blocks: Blocks) -> Iterator[Disk]:
    """Return every whole disk; one that is reached over several paths once."""
    for block in blocks.by_name.values():
        if block.disk is None and block.size_bytes and _is_whole(block, blocks):
            yield _disk(block, blocks)


def _is_whole(block: Block, blocks: Blocks) -> bool:
    if block.is_multipath:
        return True
    uppers = (blocks.by_name.get(name) for name in blocks.above.get(block.name, ()))
    return not _NO_DISK.match(block.name) and not any(
        upper.is_multipath for upper in uppers if upper
    )


def _disk(block: Block, blocks: Blocks) -> Disk:
    # What a multipath device is, its paths say.
    path = blocks.by_name.get(block.below[0], block) if block.below else block
    rotational = block.get("queue/rotational")
    removable = path.get("removable")
    vendor = path.get("device/vendor")
    return Disk(
        name=block.get("dm/name") or block.name.replace("!", "/"),
        size_bytes=block.size_bytes or 0,
        model=path.get("device/model") or path.notes.get("ID_MODEL") or None,
        serial=_serial(path),
        rotational=None if rotational is None else rotational == "1",
        encrypted=_encrypted(block, blocks),
        # virtio and NVMe give a number, of PCI's list of vendors.
        vendor=None if not vendor or vendor.startswith("0x") or vendor in _INQUIRED else vendor,
        firmware=path.get("device/rev", "device/firmware_rev"),
        wwn=_wwn(block, path),
        transport=_transport(path, blocks),
        removable=None if removable is None else removable == "1",
        sector_bytes=number(block.get("queue/logical_block_size")),
        physical_sector_bytes=number(block.get("queue/physical_block_size")),
        partition_table=block.notes.get("ID_PART_TABLE_TYPE"),
        paths=len(block.below) if block.is_multipath else None,
    )


def _serial(block: Block) -> str | None:
    for said in (
        block.get("serial", "device/serial"),
        block.notes.get("ID_SERIAL_SHORT"),
        block.get("device/vpd_pg80"),
    ):
        if said and not is_unfilled(said):
            return said.strip()
    return None


def _wwn(block: Block, path: Block) -> str | None:
    if block.is_multipath:
        return block.mapped_as.removeprefix("mpath-") or None
    noted = path.notes.get("ID_WWN_WITH_EXTENSION") or path.notes.get("ID_WWN")
    return path.get("wwid", "device/wwid") or noted


def _transport(block: Block, blocks: Blocks) -> Transport | None:
    nvme = _NVME.fullmatch(block.name)
    if nvme:
        fabric = blocks.fabrics.get(nvme["controller"], "pcie")
        return Transport.NVME if fabric == "pcie" else Transport.NVME_OVER_FABRICS
    for pattern, transport in _NAMED:
        if pattern.match(block.name):
            return transport
    host = next((m["host"] for m in map(_ADDRESSED.fullmatch, block.attributes) if m), "")
    driver = blocks.hosts.get(host, "").lower()
    return next((kind for kind, starts in _DRIVEN if driver.startswith(starts)), None)


def _encrypted(disk: Block, blocks: Blocks) -> bool | None:
    """Tell whether LUKS lies on a disk: opened, as sysfs shows it, or closed, as udev noted it.

    That there is none is only known where udev looked at what is on the disk.
    """
    pieces = [disk, *blocks.partitions.get(disk.name, ())]
    if any(_is_under_crypt(piece.name, blocks) for piece in pieces):
        return True
    kinds = [piece.notes.get("ID_FS_TYPE") for piece in pieces]
    if "crypto_LUKS" in kinds:
        return True
    return False if any(kinds) else None


def _is_under_crypt(lower: str, blocks: Blocks) -> bool:
    waiting, seen = [lower], {lower}
    while waiting:
        for name in blocks.above.get(waiting.pop(), frozenset()) - seen:
            if blocks.by_name[name].mapped_as.startswith("CRYPT-"):
                return True
            seen.add(name)
            waiting.append(name)
    return False
