"""What the server runs on: a hypervisor, a container, or the bare machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.collectors._text import first_lines, parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import VIRTUALISATION

if TYPE_CHECKING:
    from inventory.model.fact import Observation

_SCRIPT = """
dmi=/sys/class/dmi/id
echo '@@ detected'
systemd-detect-virt
echo '@@ marks'
for mark in /.dockerenv /run/.containerenv /proc/vz /proc/bc; do
  if [ -e "$mark" ]; then printf '%s\\n' "$mark"; fi
done
echo '@@ first'
$SUDO grep -aosE 'container=[a-z-]+' /proc/1/environ
echo '@@ files'
grep -Has '' /run/systemd/container /proc/sys/kernel/osrelease /sys/hypervisor/type \\
  "$dmi/sys_vendor" "$dmi/product_name" "$dmi/bios_vendor"
echo '@@ processor'
grep -m 1 -oE '^(flags|Features)|[[:blank:]]hypervisor([[:blank:]]|$)' /proc/cpuinfo
:
"""

_DMI: Final = "/sys/class/dmi/id"
_WORDS: Final = {
    "microsoft": "hyperv",
    "oracle": "virtualbox",
    "lxc-libvirt": "lxc",
}
"""systemd's words, where ours differ. The others are taken as they are."""
_FIRMWARE: Final = (
    ("vmware", "vmware"),
    ("virtualbox", "virtualbox"),
    ("innotek", "virtualbox"),
    ("microsoft corporation virtual machine", "hyperv"),
    ("hvm domu", "xen"),
    ("xen", "xen"),
    ("google compute engine", "google"),
    ("amazon ec2", "amazon"),
    ("parallels", "parallels"),
    ("bhyve", "bhyve"),
    ("nutanix ahv", "kvm"),
    ("ovirt", "kvm"),
    ("rhev", "kvm"),
    ("openstack", "kvm"),
    ("kvm", "kvm"),
    ("qemu", "qemu"),
)
"""What vendor and product of a virtual machine's firmware hold, in the order to look."""


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    detected = said.get("detected", "").strip()
    if detected and " " not in detected:
        return (VIRTUALISATION.known(_WORDS.get(detected, detected)),)
    files = first_lines(said.get("files", ""))
    found = _container(said, files) or _hypervisor(files)
    if found:
        return (VIRTUALISATION.known(found),)
    return (_bare(said.get("processor", ""), files),)


def _container(said: dict[str, str], files: dict[str, str]) -> str | None:
    first = said.get("first", "").strip().removeprefix("container=")
    named = files.get("/run/systemd/container") or first
    marks = said.get("marks", "").split()
    if named:
        return _WORDS.get(named, named)
    if "/.dockerenv" in marks:
        return "docker"
    if "/run/.containerenv" in marks:
        return "podman"
    if "/proc/vz" in marks and "/proc/bc" not in marks:
        return "openvz"
    return None


def _hypervisor(files: dict[str, str]) -> str | None:
    if files.get("/proc/sys/kernel/osrelease", "").lower().endswith("microsoft-standard-wsl2"):
        return "wsl"
    firmware = f"{files.get(f'{_DMI}/sys_vendor', '')} {files.get(f'{_DMI}/product_name', '')}"
    firmware = firmware.lower()
    if firmware.endswith(".metal"):
        return None
    for mark, name in _FIRMWARE:
        if mark in firmware:
            return name
    return files.get("/sys/hypervisor/type") or None


def _bare(processor: str, files: dict[str, str]) -> Observation:
    if "hypervisor" in processor:
        return VIRTUALISATION.unknown(
            Reason.NOT_TOLD, "there is a hypervisor, which does not say its name"
        )
    if f"{_DMI}/sys_vendor" in files and "flags" in processor:
        return VIRTUALISATION.known("none")
    return VIRTUALISATION.unknown(
        Reason.NOT_TOLD, "neither systemd nor the firmware says what it runs on"
    )


COLLECTOR = Collector(
    script=_SCRIPT,
    tells=(VIRTUALISATION,),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            text="@@ detected\nkvm\n@@ marks\n@@ files\n@@ processor\nflags\n",
            expected=(VIRTUALISATION.known("kvm"),),
        ),
        Example(
            system="windows hyper-v guest, ubuntu 22.04 (format as documented)",
            text="@@ detected\nmicrosoft\n@@ marks\n@@ files\n@@ processor\n",
            expected=(VIRTUALISATION.known("hyperv"),),
        ),
        Example(
            system="rhel 9 on bare metal (format as documented)",
            text="@@ detected\nnone\n@@ marks\n@@ files\n@@ processor\nflags\n",
            expected=(VIRTUALISATION.known("none"),),
        ),
        Example(
            system="centos 6 on vmware (format as documented)",
            text="""\
@@ detected
@@ marks
@@ files
/sys/class/dmi/id/sys_vendor:VMware, Inc.
/sys/class/dmi/id/product_name:VMware Virtual Platform
@@ processor
flags
 hypervisor
""",
            expected=(VIRTUALISATION.known("vmware"),),
        ),
        Example(
            system="alpine 3.19 on bare metal (busybox; format as documented)",
            text="""\
@@ detected
@@ marks
@@ files
/sys/class/dmi/id/sys_vendor:HPE
/sys/class/dmi/id/product_name:ProLiant DL360 Gen10
@@ processor
flags
""",
            expected=(VIRTUALISATION.known("none"),),
        ),
        Example(
            system="alpine 3.19 in docker (busybox; format as documented)",
            text="@@ detected\n@@ marks\n/.dockerenv\n@@ files\n@@ processor\n hypervisor\n",
            expected=(VIRTUALISATION.known("docker"),),
        ),
        Example(
            system="alpine 3.19 in lxc, as root (busybox; format as documented)",
            text="@@ detected\n@@ marks\n@@ first\ncontainer=lxc\n@@ files\n@@ processor\nflags\n",
            expected=(VIRTUALISATION.known("lxc"),),
        ),
        Example(
            system="alpine 3.19 in a microvm without SMBIOS (busybox)",
            text="@@ detected\n@@ marks\n@@ files\n@@ processor\nflags\n hypervisor\n",
            expected=(
                VIRTUALISATION.unknown(
                    Reason.NOT_TOLD, "there is a hypervisor, which does not say its name"
                ),
            ),
        ),
        Example(
            system="a server that says nothing of it",
            text="@@ detected\n@@ marks\n@@ files\n@@ processor\n",
            expected=(
                VIRTUALISATION.unknown(
                    Reason.NOT_TOLD, "neither systemd nor the firmware says what it runs on"
                ),
            ),
        ),
    ),
)
