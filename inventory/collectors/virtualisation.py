"""What the server runs on: a hypervisor, a container, or the bare machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.collectors._sysfs import DMI, value
from inventory.collectors._text import parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import VIRTUALISATION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.fact import Observation

# systemd writes down which container it runs in. Other inits do not, but have been told it: in an
# environment of which nothing else is sent. Read by the shell it has no NULs, so that the next
# variable's name would follow at once: only what is known can be told from it. It is read a byte at
# a time, and not where the second process is the kernel's own: no container sees that one.
_SCRIPT = """
if [ -e /proc/sys/kernel/osrelease ]; then
  if [ ! -d /run/systemd/system ]; then
    echo '@@ first'
    virt_second=
    read -r virt_second </proc/2/comm
    if [ "$virt_second" = kthreadd ]; then
      :
    elif [ -r /proc/1/environ ]; then
      virt_told=
      read -r virt_told </proc/1/environ
      for virt_name in lxc-libvirt lxc systemd-nspawn docker podman oci rkt pouch proot wsl; do
        case $virt_told in
          *container="$virt_name"*) printf 'container=%s\\n' "$virt_name"; break ;;
        esac
      done
    elif [ "$SUDO" ]; then
      privileged grep -aosE 'container=[a-z-]+' /proc/1/environ
    fi
  fi
else
  case $(uname) in
    FreeBSD) echo '@@ freebsd'; sysctl -n kern.vm_guest; sysctl -n security.jail.jailed ;;
    SunOS) echo '@@ zone'; zonename ;;
    AIX) echo '@@ partition'; uname -L; uname -W ;;
  esac
fi
:
"""

_OSRELEASE: Final = "/proc/sys/kernel/osrelease"
_CLOCKS: Final = "/sys/devices/system/clocksource/clocksource0/available_clocksource"
_MAINFRAME: Final = "/proc/sysinfo"
_XEN: Final = "/proc/xen/capabilities"
_POWER: Final = "/sys/firmware/devicetree/base/hypervisor/compatible"
_CONTAINERS: Final = ("/run/systemd/container", "/run/host/container-manager")
"""Where the container's manager writes its name, for whom it may concern."""
_MARKS: Final = {
    "/.dockerenv": "docker",
    "/run/.containerenv": "podman",
    "/dev/.lxc-boot-id": "lxc",
}
_SECOND: Final = "/proc/2/comm"
"""The name of the second process: the kernel's own, wherever one sees the whole server."""
_WORDS: Final = {
    "lxc-libvirt": "lxc",
    "hv": "hyperv",
    "oracle": "virtualbox",
    "vbox": "virtualbox",
    "microsoft": "hyperv",
}
"""systemd's and FreeBSD's words, where ours differ. The others are taken as they are."""
_FIRMWARE: Final = (
    ("vmware", "vmware"),
    ("virtualbox", "virtualbox"),
    ("innotek", "virtualbox"),
    ("microsoft corporation virtual machine", "hyperv"),
    ("hvm domu", "xen"),
    ("xen", "xen"),
    ("google", "google"),
    ("amazon ec2", "amazon"),
    ("parallels", "parallels"),
    ("bhyve", "bhyve"),
    ("bochs", "bochs"),
    ("apple virtualization", "apple"),
    ("nutanix ahv", "kvm"),
    ("alibaba cloud", "kvm"),
    ("kubevirt", "kvm"),
    ("ovirt", "kvm"),
    ("rhev", "kvm"),
    ("openstack", "kvm"),
    ("kvm", "kvm"),
    ("qemu", "qemu"),
)
"""What vendor and product of a virtual machine's firmware hold, in the order to look."""
_CLOCK_OF: Final = (("kvm-clock", "kvm"), ("hyperv_clocksource", "hyperv"), ("xen", "xen"))
"""Clocks that only a hypervisor offers."""
_PROGRAMS: Final = (("z/vm", "zvm"), ("kvm", "kvm"))
"""What runs the logical partition of an IBM Z, as ``Control Program`` names it."""


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    found = _elsewhere(said) or _container(said, answer.files) or _hypervisor(answer.files)
    return (VIRTUALISATION.known(found) if found else _bare(answer.files),)


def _elsewhere(said: Mapping[str, str]) -> str | None:
    """Return what FreeBSD, Solaris and AIX say of it."""
    guest, *jailed = said.get("freebsd", "").split() or [""]
    if jailed == ["1"]:
        return "jail"
    if guest and guest != "generic":
        return _WORDS.get(guest, guest)
    if said.get("zone", "").strip() not in {"", "global"}:
        return "zone"
    return _partition(said.get("partition", "").splitlines())


def _partition(lines: list[str]) -> str | None:
    """Read AIX's number and name of its partition, then its number as a workload partition.

    ``-1 NULL`` and ``1 NULL`` are what a whole server says, which no hypervisor need govern.
    """
    number, _, name = lines[0].partition(" ") if lines else ("", "", "")
    if len(lines) > 1 and lines[1].strip() not in {"", "0"}:
        return "wpar"
    in_one = number.isascii() and number.isdecimal() and name.strip() not in {"", "NULL"}
    return "powervm" if in_one else None


def _container(said: Mapping[str, str], files: Mapping[str, str]) -> str | None:
    named = next((name for path in _CONTAINERS if (name := value(files, path))), None)
    named = named or said.get("first", "").strip().removeprefix("container=")
    if named:
        return _WORDS.get(named, named)
    # A server whose disk was made from a container's image has the mark too.
    if value(files, _SECOND) == "kthreadd":
        return None
    for path, name in _MARKS.items():
        if path in files:
            return name
    if "/proc/vz/veinfo" in files and "/proc/vz/version" not in files:
        return "openvz"
    return None


def _hypervisor(files: Mapping[str, str]) -> str | None:
    # The domain that governs Xen has the machine to itself.
    if "control_d" in files.get(_XEN, ""):
        return "none"
    if "microsoft-standard-wsl" in (value(files, _OSRELEASE) or "").lower():
        return "wsl"
    firmware = " ".join(
        value(files, f"{DMI}/{name}") or "" for name in ("sys_vendor", "product_name")
    ).lower()
    if firmware.endswith(".metal"):
        return None
    clocks = value(files, _CLOCKS) or ""
    found = _named(firmware, _FIRMWARE)
    if found and found != "qemu":
        return found
    # Only the kernel knows whether QEMU computes or lets KVM do it.
    return _named(clocks, _CLOCK_OF) or found or _other(files)


def _other(files: Mapping[str, str]) -> str | None:
    program = [
        line.lower()
        for line in files.get(_MAINFRAME, "").splitlines()
        if "Control Program:" in line
    ]
    if program:
        return _named(program[0], _PROGRAMS)
    if _MAINFRAME in files:
        return "lpar"
    power = files.get(_POWER, "")
    if power:
        return "kvm" if "kvm" in power else "powervm"
    return value(files, "/sys/hypervisor/type") or None


def _named(text: str, names: tuple[tuple[str, str], ...]) -> str | None:
    return next((name for mark, name in names if mark in text), None)


def _bare(files: Mapping[str, str]) -> Observation:
    flags = next(
        (
            line
            for line in files.get("/proc/cpuinfo", "").splitlines()
            if line.startswith(("flags", "Features"))
        ),
        "",
    )
    if " hypervisor" in flags:
        return VIRTUALISATION.unknown(
            Reason.NOT_TOLD, "there is a hypervisor, which does not say its name"
        )
    if value(files, f"{DMI}/sys_vendor") and flags.startswith("flags"):
        return VIRTUALISATION.known("none")
    return VIRTUALISATION.unknown(
        Reason.NOT_TOLD, "neither kernel nor firmware says what it runs on"
    )


COLLECTOR = Collector(
    files=(
        *(*_CONTAINERS, *_MARKS, _SECOND, "/proc/vz/veinfo", "/proc/vz/version", _OSRELEASE),
        *(_CLOCKS, _MAINFRAME, _POWER, _XEN, "/sys/hypervisor/type", "/proc/cpuinfo"),
        *(f"{DMI}/sys_vendor", f"{DMI}/product_name"),
    ),
    script=_SCRIPT,
    tidy=True,
    tells=(VIRTUALISATION,),
    read=_read,
    examples=(
        Example(
            system="debian 12 in a microvm without SMBIOS",
            files={
                _OSRELEASE: "6.1.0-28-amd64\n",
                _CLOCKS: "kvm-clock tsc \n",
                "/proc/cpuinfo": "processor\t: 0\nflags\t\t: fpu sse2 hypervisor lahf_lm\n",
            },
            expected=(VIRTUALISATION.known("kvm"),),
        ),
        Example(
            system="ubuntu 22.04 on hyper-v (format as documented)",
            files={
                f"{DMI}/sys_vendor": "Microsoft Corporation\n",
                f"{DMI}/product_name": "Virtual Machine\n",
                _CLOCKS: "hyperv_clocksource_tsc_page acpi_pm \n",
            },
            expected=(VIRTUALISATION.known("hyperv"),),
        ),
        Example(
            system="rhel 9 on bare metal (format as documented)",
            files={
                f"{DMI}/sys_vendor": "Dell Inc.\n",
                f"{DMI}/product_name": "PowerEdge R650\n",
                _CLOCKS: "tsc hpet acpi_pm \n",
                "/proc/cpuinfo": "processor\t: 0\nflags\t\t: fpu sse2 vmx lahf_lm\n",
            },
            expected=(VIRTUALISATION.known("none"),),
        ),
        Example(
            system="centos 6 on vmware (format as documented)",
            text="@@ first\n",
            files={
                f"{DMI}/sys_vendor": "VMware, Inc.\n",
                f"{DMI}/product_name": "VMware Virtual Platform\n",
                "/proc/cpuinfo": "flags\t\t: fpu hypervisor\n",
            },
            expected=(VIRTUALISATION.known("vmware"),),
        ),
        Example(
            system="debian 12 on libvirt (format as documented)",
            files={
                f"{DMI}/sys_vendor": "QEMU\n",
                f"{DMI}/product_name": "Standard PC (Q35 + ICH9, 2009)\n",
                _CLOCKS: "kvm-clock tsc acpi_pm \n",
            },
            expected=(VIRTUALISATION.known("kvm"),),
        ),
        Example(
            system="debian 12 in qemu without kvm (format as documented)",
            files={f"{DMI}/sys_vendor": "QEMU\n", _CLOCKS: "tsc hpet acpi_pm \n"},
            expected=(VIRTUALISATION.known("qemu"),),
        ),
        Example(
            system="debian 12 that governs xen (format as documented)",
            files={
                f"{DMI}/sys_vendor": "Dell Inc.\n",
                _XEN: "control_d\n",
                _CLOCKS: "xen tsc \n",
                "/sys/hypervisor/type": "xen\n",
            },
            expected=(VIRTUALISATION.known("none"),),
        ),
        Example(
            system="amazon linux 2023 on a bare-metal instance (format as documented)",
            files={
                f"{DMI}/sys_vendor": "Amazon EC2\n",
                f"{DMI}/product_name": "m5.metal\n",
                "/proc/cpuinfo": "flags\t\t: fpu vmx\n",
            },
            expected=(VIRTUALISATION.known("none"),),
        ),
        Example(
            system="alpine 3.19 in docker (busybox; format as documented)",
            text="@@ first\n",
            files={"/.dockerenv": "", f"{DMI}/sys_vendor": "HPE\n"},
            expected=(VIRTUALISATION.known("docker"),),
        ),
        Example(
            system="debian 12 in a microvm whose disk was made from docker's image",
            files={"/.dockerenv": "", "/proc/2/comm": "kthreadd\n", _CLOCKS: "tsc kvm-clock \n"},
            expected=(VIRTUALISATION.known("kvm"),),
        ),
        Example(
            system="alpine 3.19 in lxc, as root (busybox; format as documented)",
            text="@@ first\ncontainer=lxc\n",
            expected=(VIRTUALISATION.known("lxc"),),
        ),
        Example(
            system="ubuntu 24.04 in systemd-nspawn (format as documented)",
            files={"/run/systemd/container": "systemd-nspawn\n"},
            expected=(VIRTUALISATION.known("systemd-nspawn"),),
        ),
        Example(
            system="sles 15 on an ibm z under z/vm (format as systemd and ghw read it)",
            files={_MAINFRAME: "Manufacturer:   IBM\nVM00 Control Program: z/VM    6.4.0\n"},
            expected=(VIRTUALISATION.known("zvm"),),
        ),
        Example(
            system="rhel 8 on a power logical partition (format as documented)",
            files={_POWER: "IBM,phyp\0"},
            expected=(VIRTUALISATION.known("powervm"),),
        ),
        Example(
            system="alpine 3.19 under a hypervisor that hides itself (busybox)",
            text="@@ first\n",
            files={_CLOCKS: "tsc \n", "/proc/cpuinfo": "flags\t\t: fpu hypervisor lahf_lm\n"},
            expected=(
                VIRTUALISATION.unknown(
                    Reason.NOT_TOLD, "there is a hypervisor, which does not say its name"
                ),
            ),
        ),
        Example(
            system="freebsd 13 on vmware (words as in FreeBSD's subr_param.c)",
            text="@@ freebsd\nvmware\n0\n",
            expected=(VIRTUALISATION.known("vmware"),),
        ),
        Example(
            system="freebsd 14 on virtualbox (words as in FreeBSD's subr_param.c)",
            text="@@ freebsd\nvbox\n0\n",
            expected=(VIRTUALISATION.known("virtualbox"),),
        ),
        Example(
            system="freebsd 13 in a jail (words as in FreeBSD's subr_param.c)",
            text="@@ freebsd\nnone\n1\n",
            expected=(VIRTUALISATION.known("jail"),),
        ),
        Example(
            system="solaris 11 in a zone (format as in zonename(1))",
            text="@@ zone\nweb-zone\n",
            expected=(VIRTUALISATION.known("zone"),),
        ),
        Example(
            system="aix 7.2 (format as Ohai and Facter read it)",
            text="@@ partition\n14 erp-prod\n0\n",
            expected=(VIRTUALISATION.known("powervm"),),
        ),
        Example(
            system="aix 7.2 in a workload partition (format as Ohai reads it)",
            text="@@ partition\n14 erp-prod\n3\n",
            expected=(VIRTUALISATION.known("wpar"),),
        ),
        Example(
            system="aix 6.1 on a server that is not divided (format as Ohai reads it)",
            text="@@ partition\n1 NULL\n0\n",
            expected=(
                VIRTUALISATION.unknown(
                    Reason.NOT_TOLD, "neither kernel nor firmware says what it runs on"
                ),
            ),
        ),
        Example(
            system="a server that says nothing of it",
            expected=(
                VIRTUALISATION.unknown(
                    Reason.NOT_TOLD, "neither kernel nor firmware says what it runs on"
                ),
            ),
        ),
    ),
)
