"""Promises of what rules share about addresses, and about where data lies."""

from __future__ import annotations

import pytest

from inventory.model.parts import Interface
from inventory.model.storage import Partition, Volume, VolumeKind
from migrate.judging.network import addresses
from migrate.judging.system_disk import disks_below


def _interface(name: str, address: str) -> Interface:
    return Interface(name=name, addresses=(address,), kind="bridge")


@pytest.mark.parametrize(
    "name",
    ["docker0", "br-0a1b2c3d4e5f", "virbr0", "cni0", "lxcbr0", "lxdbr0", "podman1", "flannel.1"],
)
def test_networks_within_a_server_are_not_reached_from_outside(name: str) -> None:
    """What every server with Docker or libvirt has is no address of the server's own."""
    assert addresses((_interface(name, "172.17.0.1/16"),)) == ()


@pytest.mark.parametrize("name", ["br0", "br-lan", "bond0", "vmbr0"])
def test_a_bridge_to_the_outside_is_an_address_of_the_server(name: str) -> None:
    """A bridge that an administrator made carries the server's own address."""
    assert [str(each) for each in addresses((_interface(name, "192.0.2.4/24"),))] == [
        "192.0.2.4/24"
    ]


def _partition(name: str, disk: str) -> Partition:
    return Partition(name=name, disk=disk, size_bytes=1)


def _volume(name: str, device: str, *on: str) -> Volume:
    kind = VolumeKind.LOGICAL_VOLUME
    return Volume(name=name, device=device, kind=kind, size_bytes=1, on=on)


PARTITIONS = (_partition("sda1", "sda"), _partition("sda2", "sda"), _partition("sdb1", "sdb"))


def test_a_device_is_followed_to_its_disks() -> None:
    """A logical volume on RAID over two partitions lies on both disks."""
    volumes = (_volume("vg-root", "dm-0", "md0"), _volume("md0", "md0", "sda2", "sdb1"))
    assert disks_below("/dev/mapper/vg-root", PARTITIONS, volumes) == {"sda", "sdb"}
    assert disks_below("/dev/dm-0", PARTITIONS, volumes) == {"sda", "sdb"}


def test_a_partition_lies_on_its_disk() -> None:
    """Without volumes a partition's disk is it; a disk without partitions is itself."""
    assert disks_below("/dev/sda1", PARTITIONS, ()) == {"sda"}
    assert disks_below("/dev/vdc", PARTITIONS, ()) == {"vdc"}


def test_a_way_that_is_not_told_to_the_end_is_unknown() -> None:
    """A volume that does not say what it lies on gives no disks, and never a guess."""
    assert disks_below("/dev/mapper/vg-root", PARTITIONS, (_volume("vg-root", "dm-0"),)) is None
