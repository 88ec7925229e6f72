"""Which virtual machines and system containers the server itself runs or holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._sysfs import value
from inventory.collectors._text import number, parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.hardware import GUESTS, HYPERVISOR, Guest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inventory.model.fact import Observation

# Definitions hold passwords (of consoles): only the names of their files are asked for.
_SCRIPT = """
names() {
for each in "$@"; do if [ -e "$each" ]; then printf '%s\\n' "$each"; fi; done
}
if [ -x /usr/sbin/libvirtd ] || [ -x /usr/sbin/virtqemud ]; then
  echo '@@ libvirt'
  names /run/libvirt/qemu/*.xml /run/libvirt/lxc/*.xml /var/run/libvirt/qemu/*.xml
  privileged ls /etc/libvirt/qemu
  echo "status $?"
fi
if [ -r /proc/xen/capabilities ]; then
  read -r line </proc/xen/capabilities
  case $line in
    *control_d*)
      echo '@@ xen'
      names /etc/xen/*.cfg
      privileged xl list
      echo "status $?" ;;
  esac
fi
if [ -d /var/lib/lxc ]; then
  echo '@@ lxc'
  privileged ls /var/lib/lxc
  echo "status $?"
fi
if [ -d /var/snap/lxd/common/lxd ]; then
  echo '@@ lxd'
  privileged ls /var/snap/lxd/common/lxd/containers /var/snap/lxd/common/lxd/virtual-machines
  echo "status $?"
fi
if [ -d /var/lib/incus ]; then
  echo '@@ incus'
  privileged ls /var/lib/incus/containers /var/lib/incus/virtual-machines
  echo "status $?"
fi
if [ -x /usr/bin/systemd-nspawn ] && [ -d /var/lib/machines ]; then
  echo '@@ nspawn'
  privileged ls /var/lib/machines
  echo "status $?"
fi
if [ -d /etc/vz/conf ]; then echo '@@ virtuozzo'; names /etc/vz/conf/[1-9]*.conf; fi
if [ -c /dev/vboxdrv ]; then echo '@@ virtualbox'; echo 'status 1'; fi
if [ ! -e /proc/sys/kernel/osrelease ]; then
  if command -v zoneadm >/dev/null; then
    echo '@@ zones'
    zoneadm list -cp
  else
    echo '@@ elsewhere'
  fi
fi
:
"""

_HOSTNAME: Final = "/proc/sys/kernel/hostname"
_PROXMOX: Final = "/etc/pve/.vmlist"
"""Proxmox's list of the whole cluster's guests, by number."""
_STATUS: Final = "/etc/pve/.rrd"
"""What Proxmox last knew of each: ``pve2.3-vm/100:4711:web-1:running:…``."""
_LISTED: Final = re.compile(
    r'"(?P<id>\d+)":\s*\{\s*"node":\s*"(?P<node>[^"]*)",\s*"type":\s*"(?P<type>\w+)"'
)
_KNOWN: Final = re.compile(
    r"pve[\w.]*-vm(?:-[\d.]+)?/(?P<id>\d+):[^:]*:(?P<name>[^:]*):(?P<state>\w+)"
)
_MACHINE: Final = re.compile(
    r"(?P<name>\S+)\s+(?P<number>\d+)\s+\d+\s+\d+\s+(?P<state>[rbpscd-]{5,6})\s"
)
"""A line of ``xl list``."""
_MANAGERS: Final = frozenset({
    "incus", "libvirt", "lxc", "lxd", "nspawn", "virtualbox", "virtuozzo", "xen",
})  # fmt: skip
"""Parts of the answer, each there where its manager is installed."""
_ZONE: Final = 3
"""``number:name:state:…``"""


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    found: list[Guest] = []
    managers = said.keys() & _MANAGERS
    unseen = {name for name in managers if _failed(said[name])}
    for name in managers - unseen:
        found.extend(_LISTS.get(name, _plain)(name, said[name].splitlines()))
    zones = list(_zones(said.get("zones", "")))
    if zones:
        managers.add("zones")
    if _PROXMOX in answer.files or _PROXMOX in answer.denied:
        managers.add("proxmox")
        found.extend(_proxmox(answer.files))
        if _PROXMOX in answer.denied:
            unseen.add("proxmox")
    if not unseen & {"nspawn"} and not any(each.manager == "nspawn" for each in found):
        managers -= {"nspawn"}
    unique = {(each.manager, each.name): each for each in [*found, *zones]}
    guests = GUESTS.known(tuple(unique[key] for key in sorted(unique)))
    if unseen:
        detail = f"only root may see the guests of {', '.join(sorted(unseen))}"
        guests = GUESTS.unknown(Reason.NEEDS_PRIVILEGE, detail)
    if "elsewhere" in said and not managers:
        detail = "jails, bhyve, vmm and workload partitions are not looked for"
        return (
            HYPERVISOR.unknown(Reason.NOT_TOLD, detail),
            GUESTS.unknown(Reason.NOT_TOLD, detail),
        )
    return (HYPERVISOR.known(tuple(sorted(managers))), guests)


def _failed(text: str) -> bool:
    lines = text.splitlines()
    return bool(lines) and lines[-1].startswith("status ") and lines[-1] != "status 0"


def _plain(manager: str, lines: list[str]) -> Iterator[Guest]:
    """Read a list of names, of system containers."""
    for line in lines:
        name = line.rpartition("/")[2].removesuffix(".conf").strip()
        if name and not line.startswith("status "):
            yield Guest(name=name, manager=manager, container=True)


def _libvirt(manager: str, lines: list[str]) -> Iterator[Guest]:
    """Read names of definitions; those in /run are of what runs now."""
    running = {_definition(line) for line in lines if line.startswith("/") and "/lxc/" not in line}
    boxes = {_definition(line) for line in lines if "/lxc/" in line}
    defined = {_definition(line) for line in lines if line.endswith(".xml") and "/" not in line}
    for name in sorted(defined | running | boxes):
        yield Guest(
            name=name,
            manager=manager,
            container=name in boxes,
            running=name in running or name in boxes,
        )


def _definition(line: str) -> str:
    return line.rpartition("/")[2].removesuffix(".xml")


def _xen(manager: str, lines: list[str]) -> Iterator[Guest]:
    running = {
        match["name"] for match in map(_MACHINE.match, lines) if match and number(match["number"])
    }
    defined = {
        line.rpartition("/")[2].removesuffix(".cfg")
        for line in lines
        if line.endswith(".cfg") and not line.rpartition("/")[2].startswith("xlexample")
    }
    for name in sorted(running | defined):
        yield Guest(name=name, manager=manager, container=False, running=name in running)


def _lxd(manager: str, lines: list[str]) -> Iterator[Guest]:
    """Read what ``ls`` writes of two folders, each under its name."""
    container = True
    for line in lines:
        if line.endswith(":"):
            container = not line.endswith("/virtual-machines:")
        elif line and not line.startswith("status "):
            # Outside the default project a name is PROJECT_NAME.
            yield Guest(name=line.strip(), manager=manager, container=container)


def _proxmox(files: Mapping[str, str]) -> Iterator[Guest]:
    here = (value(files, _HOSTNAME) or "").partition(".")[0]
    lines = files.get(_STATUS, "").splitlines()
    known = {match["id"]: match for match in map(_KNOWN.match, lines) if match}
    for match in _LISTED.finditer(files.get(_PROXMOX, "")):
        if match["node"] == here:
            told = known.get(match["id"])
            yield Guest(
                name=(told["name"] if told else "") or match["id"],
                manager="proxmox",
                container=match["type"] == "lxc",
                running=told["state"] == "running" if told else None,
            )


def _zones(text: str) -> Iterator[Guest]:
    for line in text.splitlines():
        words = line.split(":")
        if len(words) > _ZONE and words[1] not in {"", "global"}:
            yield Guest(
                name=words[1], manager="zones", container=True, running=words[2] == "running"
            )


_LISTS: Final = {"libvirt": _libvirt, "xen": _xen, "lxd": _lxd, "incus": _lxd}
"""How each manager's guests are listed; those of others are mere names."""

COLLECTOR = Collector(
    files=(_HOSTNAME,),
    guarded=(_PROXMOX, _STATUS),
    script=_SCRIPT,
    tidy=True,
    tells=(HYPERVISOR, GUESTS),
    read=_read,
    examples=(
        Example(
            system="rhel 8 with libvirt, as root (format as documented)",
            text="""\
@@ libvirt
/run/libvirt/qemu/web-1.xml
autostart
db-1.xml
networks
web-1.xml
status 0
""",
            expected=(
                HYPERVISOR.known(("libvirt",)),
                GUESTS.known(
                    (
                        Guest(name="db-1", manager="libvirt", container=False, running=False),
                        Guest(name="web-1", manager="libvirt", container=False, running=True),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 8 with libvirt, as a user without privilege (format as documented)",
            text="@@ libvirt\n/run/libvirt/qemu/web-1.xml\nstatus 2\n",
            expected=(
                HYPERVISOR.known(("libvirt",)),
                GUESTS.unknown(Reason.NEEDS_PRIVILEGE, "only root may see the guests of libvirt"),
            ),
        ),
        Example(
            system="proxmox 8 (format as documented)",
            files={
                _HOSTNAME: "pve1\n",
                _PROXMOX: """\
{
"version": 12,
"ids": {
"100": { "node": "pve1", "type": "qemu", "version": 3 },
"101": { "node": "pve2", "type": "qemu", "version": 5 },
"200": { "node": "pve1", "type": "lxc", "version": 9 }}

}
""",
                _STATUS: "pve2.3-vm/100:86400:web-1:running:0:1763800000:2:0.01:4294967296:1\n"
                "pve2-node/pve1:1:2\n",
            },
            expected=(
                HYPERVISOR.known(("proxmox",)),
                GUESTS.known(
                    (
                        Guest(name="200", manager="proxmox", container=True),
                        Guest(name="web-1", manager="proxmox", container=False, running=True),
                    )
                ),
            ),
        ),
        Example(
            system="debian 12 with xen, lxc and incus, as root (format as documented)",
            text="""\
@@ xen
/etc/xen/mail.cfg
/etc/xen/xlexample.hvm.cfg
Name                                        ID   Mem VCPUs	State	Time(s)
Domain-0                                     0  2048     4     r-----    1234.5
files                                        3  4096     2     -b----     99.1
status 0
@@ lxc
build
status 0
@@ incus
/var/lib/incus/containers:
dns

/var/lib/incus/virtual-machines:
win
status 0
""",
            expected=(
                HYPERVISOR.known(("incus", "lxc", "xen")),
                GUESTS.known(
                    (
                        Guest(name="dns", manager="incus", container=True),
                        Guest(name="win", manager="incus", container=False),
                        Guest(name="build", manager="lxc", container=True),
                        Guest(name="files", manager="xen", container=False, running=True),
                        Guest(name="mail", manager="xen", container=False, running=False),
                    )
                ),
            ),
        ),
        Example(
            system="opensuse 15 with an empty folder for machines, as root "
            "(as the question words it)",
            text="@@ nspawn\nstatus 0\n",
            expected=(HYPERVISOR.known(()), GUESTS.known(())),
        ),
        Example(
            system="freebsd 14, whose jails are not looked for (as the question words it)",
            text="@@ elsewhere\n",
            expected=(
                GUESTS.unknown(
                    Reason.NOT_TOLD, "jails, bhyve, vmm and workload partitions are not looked for"
                ),
            ),
        ),
        Example(
            system="solaris 11 with a zone (format as in Facter's fixtures)",
            text="@@ zones\n0:global:running:/::solaris:shared:-:none:\n"
            "1:web-zone:running:/zones/web-zone:ab12:solaris:excl:-::\n",
            expected=(
                HYPERVISOR.known(("zones",)),
                GUESTS.known(
                    (Guest(name="web-zone", manager="zones", container=True, running=True),)
                ),
            ),
        ),
        Example(
            system="debian 12 that hosts nothing",
            expected=(HYPERVISOR.known(()), GUESTS.known(())),
        ),
    ),
)
