"""What a server's own tools saw of its firmware → facts, by the readers of our own questions.

Ansible, Facter and Ohai look where we look. So what they saw is given to the reader that takes it
from the server itself, and the same server is the same whoever asked it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from inventory.collectors import firmware, identity, virtualisation
from inventory.importers._told import Told
from inventory.model.collector import Answer
from inventory.model.fact import Known
from inventory.model.facts import MANUFACTURER, PRODUCT, SERIAL, SMBIOS_UUID, VIRTUALISATION
from inventory.model.hardware import (
    ASSET_TAG,
    BOARD,
    BOARD_SERIAL,
    CHASSIS_SERIAL,
    FIRMWARE_DATE,
    FIRMWARE_VENDOR,
    FIRMWARE_VERSION,
    PRODUCT_FAMILY,
    PRODUCT_VERSION,
    SKU,
)

_FOLDER: Final = "/sys/class/dmi/id"
_SEEN_AT: Final = {
    SMBIOS_UUID.name: "product_uuid",
    SERIAL.name: "product_serial",
    MANUFACTURER.name: "sys_vendor",
    PRODUCT.name: "product_name",
    FIRMWARE_VENDOR.name: "bios_vendor",
    FIRMWARE_VERSION.name: "bios_version",
    FIRMWARE_DATE.name: "bios_date",
    CHASSIS_SERIAL.name: "chassis_serial",
    BOARD.name: "board_name",
    BOARD_SERIAL.name: "board_serial",
    ASSET_TAG.name: "chassis_asset_tag",
    PRODUCT_VERSION.name: "product_version",
    PRODUCT_FAMILY.name: "product_family",
    SKU.name: "product_sku",
}
"""By which of the kernel's files, if nothing else, our own readers know a fact."""
_CONTAINERS: Final = frozenset({
    "docker", "podman", "lxc", "lxd", "openvz", "openvzve", "systemd-nspawn", "systemd_nspawn",
    "container", "containerd", "rkt", "zone", "jail", "wpar", "container_other", "illumos-lx",
    "linux_vserver", "vserver",
})  # fmt: skip
_WORDS: Final = {
    "containerd": "container-other",
    "container": "container-other",
    "container_other": "container-other",
    "lxd": "lxc",
    "openvzve": "openvz",
    "systemd_nspawn": "systemd-nspawn",
    "virtualpc": "hyperv",
    "hyper-v": "hyperv",
    "vbox": "virtualbox",
    "xenu": "xen",
    "xenhvm": "xen",
    "rhev": "kvm",
    "rhv": "kvm",
    "ovirt": "kvm",
    "openstack": "kvm",
    "kubevirt": "kvm",
    "nutanix_ahv": "kvm",
    "gce": "google",
    "amazonec2": "amazon",
    "ldom": "ldoms",
    "powervm_lx86": "powervm",
    "zlinux": "zvm",
    "physical": "none",
    "xen0": "none",
    "openvzhn": "none",
}
"""The tools' words, where ours differ."""
_PROVE_NONE: Final = frozenset({"physical", "xen0", "openvzhn"})
_NOTHING: Final = frozenset({"", "na", "n/a"})


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a tool saw of one of the firmware's values."""

    column: str
    value: str | None


def state_firmware(told: Told, seen: Mapping[str, Seen]) -> None:
    """State what the firmware says; ``seen`` is by the names of the kernel's files for it."""
    answer = Answer(files=_files(seen))
    for collector in (identity.COLLECTOR, firmware.COLLECTOR):
        for each in collector.read(answer):
            name = _SEEN_AT.get(each.key.name)
            if name and name in seen and isinstance(each.fact, Known):
                told.observe(seen[name].column, each)


def virtualisation_of(
    word: str | None,
    *,
    is_guest: bool,
    seen: Mapping[str, Seen],
    flags: Sequence[str] = (),
) -> str | None:
    """Return what a server runs on: its container's manager, its hypervisor, or ``none``.

    ``word`` is what the tool calls it; ``flags`` are the processor's. None when it cannot be told.
    """
    plain = (word or "").lower().replace(" ", "")
    if is_guest and plain in _CONTAINERS:
        return _WORDS.get(plain, plain)
    named = {name: seen[name] for name in ("sys_vendor", "product_name") if name in seen}
    files = {**_files(named), "/proc/cpuinfo": f"flags : {' '.join(flags)}\n" if flags else ""}
    for each in virtualisation.COLLECTOR.read(Answer(files=files)):
        if each.key.name == VIRTUALISATION.name and isinstance(each.fact, Known):
            return str(each.fact.value)
    # That it runs guests of its own, or that the tool found nothing, proves no physical server.
    known = plain in _PROVE_NONE or (is_guest and plain not in _NOTHING)
    return _WORDS.get(plain, plain) if known else None


def _files(seen: Mapping[str, Seen]) -> dict[str, str]:
    return dict(_filled(seen))


def _filled(seen: Mapping[str, Seen]) -> Iterator[tuple[str, str]]:
    for name, each in seen.items():
        if each.value:
            yield f"{_FOLDER}/{name}", f"{each.value}\n"
